"""What the simulated people are told: the figures of a plan and its library, read from their records.

Nothing here comes out of the engine's sums.  Published figures are brought to ratios of rates once more, and
which estimates count is decided once more, by what the method page says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, exp, log
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avert.library.records import Effect, Intervention, Node
from avert.plan import PlanInFull

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Arrow:
    """How one thing bears upon another."""

    source: str
    kind: str
    """share | ratio | per unit"""
    size: Floats
    """(ages,)"""
    reversible: float
    lag: float
    power: float
    per: float


@dataclass(frozen=True)
class Service:
    """What a service does to someone who takes part."""

    id: str
    uptake: float
    delivery: float
    onset: float
    ends: float
    decay: float
    on: dict[str, float]
    """Node → ratio, or change of a continuous factor, at full strength."""
    instead_of_chain: frozenset[str]
    """Nodes on which the estimate is of everything the service does to them."""
    record: Intervention
    reached: Floats
    """(ages,): share of those it is meant for who have it today."""


@dataclass(frozen=True)
class Figures:
    """A plan's world in plain numbers."""

    ages: tuple[str, ...]
    nodes: dict[str, Node]
    """Causes before effects."""
    into: dict[str, tuple[Arrow, ...]]
    prevalence: dict[str, Floats]
    services: dict[str, Service]
    observed: dict[tuple[str, str], Floats]
    """(place, event) → (ages,) events per person and year, as observed given today's services."""
    dying: Floats
    """(ages,)"""
    dying_ratio: dict[str, float]
    same_people: bool

    @property
    def events(self) -> list[str]:
        return [name for name, node in self.nodes.items() if node.kind == "event"]

    @property
    def factors(self) -> list[str]:
        """Those that tell groups apart."""
        return sorted(name for name, node in self.nodes.items() if node.stratifies)

    def with_doubled(self, service: str, node: str) -> Figures:
        """The same with one of a service's ratios doubled: a mistake, which a comparison must notice."""
        one = self.services[service]
        wrong = replace(one, on=one.on | {node: 2 * one.on[node]})
        return replace(self, services=self.services | {service: wrong})


def figures_of(plan: PlanInFull) -> Figures:
    """Everything the simulation needs to know about a plan."""
    library, area = plan.library, plan.area
    wanted = {*plan.record.pathways, "all_causes"}
    everything = {node.id: node for pathway in library.pathways.values() for node in pathway.nodes}
    edges = [edge for pathway in library.pathways.values() for edge in pathway.edges]
    kept = {n.id for name, p in library.pathways.items() if name in wanted for n in p.nodes if n.kind == "event"}
    while more := {edge.from_ for edge in edges if edge.to in kept} - kept:
        kept |= more
    order: list[str] = []
    while len(order) < len(kept):
        ready = [n for n in kept if n not in order and all(e.from_ in order for e in edges if e.to == n)]
        order += sorted(ready)
    into: dict[str, tuple[Arrow, ...]] = {
        name: tuple(_arrow(edge, everything, area.ages) for edge in edges if edge.to == name) for name in order
    }
    stated = {name: everything[name].prevalence for name in order} | dict(area.record.prevalence)
    prevalence = {name: _by_age(values, area.ages) for name, values in stated.items() if values and name in kept}
    bought = {one.id for one in plan.candidates}
    reached = {one.id: one for one in library.interventions.values() if one.already_reached and not plan.why_not(one)}
    named = bought | set(reached) | set(plan.record.today)
    nodes = {name: everything[name] for name in order}
    services = {name: _service(plan, library.interventions[name], nodes, into) for name in sorted(named)}
    observed = {}
    for place in area.places:
        for event in (name for name in order if everything[name].kind == "event"):
            local = area.rates.get((place.id, event))
            england = _by_age(everything[event].england_rate, area.ages) / 100_000
            observed[place.id, event] = england * (local.local / local.england if local else 1.0)
    ratios = {name: one.rate_ratio.value for name, one in plan.deaths.groups.items() if name in kept}
    dying, same = _by_age(plan.deaths.by_age, area.ages), plan.record.take_up == "same_people"
    return Figures(area.ages, nodes, into, prevalence, services, observed, dying, ratios, same)


def meant_for(service: Service, ages: tuple[str, ...], age: Any, has: dict[str, NDArray[np.bool_]]) -> Any:
    """(people,): whom a service is for."""
    rule = service.record.eligible
    fits = np.isin(np.array(ages)[age], rule.ages)
    nobody = np.zeros(len(fits), dtype=bool)
    for factor in rule.requires:
        fits &= has.get(factor, nobody)
    if rule.requires_any:
        fits &= np.any([has.get(factor, nobody) for factor in rule.requires_any], axis=0)
    for factor in rule.excludes:
        fits &= ~has.get(factor, nobody)
    return fits


def _by_age(figures: Any, ages: tuple[str, ...]) -> Floats:
    return np.array([(figures.get(age) or figures["all ages"]).value for age in ages])


def _arrow(edge: Any, nodes: dict[str, Node], ages: tuple[str, ...]) -> Arrow:
    risk = edge.baseline_risk.value if edge.baseline_risk else None
    sizes = _by_age(edge.estimate, ages)
    kind = "share" if edge.measure == "share" else "ratio"
    if kind == "ratio":
        sizes = np.array([_ratio(edge.measure, one, risk, bool(edge.taken_as_rate_ratio)) for one in sizes])
    if nodes[edge.from_].form == "continuous":
        kind = "per unit"
    reversible = edge.reversible.value if edge.reversible else 1.0
    power = edge.pass_through.value if edge.pass_through else 1.0
    per = edge.per.value if edge.per else 1.0
    return Arrow(edge.from_, kind, sizes, reversible, edge.lag_years.value, power, per)


def _ratio(measure: str, value: float, risk: float | None, as_it_stands: bool) -> float:
    """A published figure as a ratio of rates."""
    if measure in ("rate_ratio", "hazard_ratio") or (measure == "risk_ratio" and as_it_stands):
        return value
    if measure == "percentage_change":
        return 1 + value / 100
    if measure == "share_leaving_state":
        return 1 - value
    assert risk is not None, measure
    relative = {
        "odds_ratio": lambda: value / (1 - risk + risk * value),
        "risk_ratio": lambda: value,
        "risk_difference": lambda: 1 + value / risk,
        "number_needed_to_treat": lambda: 1 - 1 / (value * risk),
    }[measure]()
    return log(1 - relative * risk) / log(1 - risk)


def _service(
    plan: PlanInFull, one: Intervention, nodes: dict[str, Node], into: dict[str, tuple[Arrow, ...]]
) -> Service:
    stated = {effect.acts_on: effect for effect in one.effects if effect.acts_on in nodes}
    for effect in one.effects:
        if effect.acts_on == "all_emergency_admissions":
            for name, node in nodes.items():
                if node.counts_as == "emergency_admission" and not node.harm:
                    stated.setdefault(name, effect)
    counted = {name: effect for name, effect in stated.items() if _counts(plan, effect, name, nodes, into, stated)}
    on = {name: _size(plan, one, nodes[name], effect) for name, effect in counted.items()}
    instead = frozenset(name for name, effect in counted.items() if effect.scope == "total")
    ends = one.figure("duration_years").value
    reached = np.zeros(len(plan.area.ages))
    if one.already_reached and one.id not in plan.record.today:
        reached = _by_age(one.already_reached, plan.area.ages)
    return Service(
        one.id,
        one.figure("uptake").value,
        one.figure("delivery").value * plan.record.realism,
        one.figure("onset_months").value / 12,
        ends,
        one.figure("decay_per_year").value,
        on,
        instead,
        one,
        reached,
    )


def started_today(figures: Figures, plan: PlanInFull, shares: Any, has: dict[str, NDArray[np.bool_]]) -> Figures:
    """The same, with the share reached of services whose yearly starts the plan states.

    `shares` is (ages, profiles) and `has` says of each profile which factors it has.
    """
    services = dict(figures.services)
    for name, starts in plan.record.today.items():
        one = services[name]
        total = 0.0
        for number, age in enumerate(figures.ages):
            fits = meant_for(one, figures.ages, np.full(shares.shape[1], number), has)
            total += sum(plan.area.people[place.id, age] for place in plan.area.places) * shares[number][fits].sum()
        services[name] = replace(one, reached=np.full(len(figures.ages), starts * ceil(one.ends) / total))
    return replace(figures, services=services)


def _counts(
    plan: PlanInFull,
    effect: Effect,
    name: str,
    nodes: dict[str, Node],
    into: dict[str, tuple[Arrow, ...]],
    stated: dict[str, Effect],
) -> bool:
    """Nearest outcome first, if from a controlled study of at least low certainty; else the chain, if there is one."""
    at_event = nodes[name].kind == "event"
    chain = any(other != name and _leads(other, name, into) for other in stated)
    if plan.record.evidence_rule == "chain" and at_event and chain:
        return False
    controlled = effect.design in ("randomised", "controlled") and effect.certainty != "very_low"
    return controlled or not (chain or at_event)


def _leads(source: str, target: str, into: dict[str, tuple[Arrow, ...]]) -> bool:
    return any(arrow.source == source or _leads(source, arrow.source, into) for arrow in into[target])


def _size(plan: PlanInFull, one: Intervention, node: Node, effect: Effect) -> float:
    """The ratio or difference as published, or shrunk towards the pathway's prior by its precision."""
    continuous, figure = effect.measure == "mean_difference", effect.estimate
    risk = effect.baseline_risk.value if effect.baseline_risk else None
    assert figure.interval is not None
    points = [figure.value, *figure.interval]
    if not continuous:
        points = [log(_ratio(effect.measure, point, risk, bool(effect.taken_as_rate_ratio))) for point in points]
    found = points[0]
    if plan.record.evidence == "shrunk" and effect.measure != "share_leaving_state":
        prior = plan.library.pathways[one.pathway].prior
        mean, spread = (
            (0.0, node.prior_standard_deviation or 0.0)
            if continuous
            else (log(prior.ratio), prior.log_standard_deviation)
        )
        error = abs(points[2] - points[1]) / (2 * NormalDist().inv_cdf(0.5 + figure.level / 2))
        found = mean + spread**2 / (spread**2 + error**2) * (found - mean)
    return found if continuous else exp(found)
