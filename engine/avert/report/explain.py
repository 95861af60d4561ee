"""One service under one plan: its route through the graph, its numbers, and why it is in or out."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
import numpy as np

from avert.errors import AvertError
from avert.library import figures_in, nearest_called
from avert.library.records import Intervention
from avert.packages import County, eligible_groups, events_averted
from avert.pathway import own_effects
from avert.pathway.groups import Floats
from avert.programme import MONEY_UNIT, Weights, objective_weights, outcome_by_place
from avert.report.answer import Section
from avert.report.disagreements import disagreements_of
from avert.report.evidence import figure_in_words
from avert.results import Result
from avert.results.words import group_in_words


def explain(result: Result, name: str) -> Iterator[Section]:
    """Sections of (heading, lines) about the intervention called `name`.

    Raises AvertError for a name the library does not have.
    """
    library = result.appraisal.county.plan.library
    if name not in library.interventions:
        labels = {one.id: one.label for one in library.interventions.values()}
        raise AvertError(f"there is no intervention '{name}'.{nearest_called(name, labels)}")
    one = library.interventions[name]
    yield (
        one.label,
        [
            one.summary,
            f"Evidence is about: {one.population}",
            f"Status in the library: {one.status.replace('_', ' ')}. {one.reason}",
        ],
    )
    yield "Route through the graph", _routes(result, one)
    yield "Links it works through", _links(result, one)
    yield "Every number", [figure_in_words(placed, library) for placed in figures_in(one)]
    yield "Where studies disagree", disagreements_of(result, name)
    yield "At the margin", _margin(result, one)
    yield "In or out", in_or_out(result, one)


def _routes(result: Result, one: Intervention) -> list[str]:
    county = result.appraisal.county
    plan, pathway = county.plan, county.pathway
    used, aside = own_effects(plan.library, pathway, [one], rule=plan.record.evidence_rule, use=plan.record.evidence)
    lines = []
    for effect in used:
        said = (
            f"{effect.value:+.3g} {pathway.node(effect.node).unit}"
            if pathway.node(effect.node).form == "continuous"
            else f"ratio {effect.value:.3f}"
        )
        proof = f"{effect.record.design}, {effect.record.certainty.replace('_', ' ')} certainty"
        lines.append(f"{one.id} → {effect.node}: {said} ({plan.record.evidence}; {proof})")
        for event in pathway.events:
            for path in nx.all_simple_paths(pathway.graph, effect.node, event):
                masked = [n for n in path[1:] if any(o.node == n and o.masks_chain for o in used)]
                note = f" (left out at {masked[0]}, which has an estimate of its own)" if masked else ""
                lines.append("   " + " → ".join([one.id, *path]) + note)
    lines += [f"set aside: {effect.node}: {effect.reason}" for effect in aside]
    return lines or ["It has no effect on anything this plan counts."]


def _links(result: Result, one: Intervention) -> list[str]:
    """Every edge behind what it acts on, with its figures, how causal it is and how certain."""
    county = result.appraisal.county
    library, pathway = county.plan.library, county.pathway
    acted = [effect.acts_on for effect in one.effects if effect.acts_on in pathway.graph]
    lines = []
    for edge in library.edges:
        drawn = pathway.graph.has_edge(edge.from_, edge.to)
        if drawn and any(node == edge.from_ or pathway.leads_to(node, edge.from_) for node in acted):
            proof = f"{edge.measure.replace('_', ' ')}, {edge.causal}, {edge.certainty.replace('_', ' ')} certainty"
            lines.append(f"{edge.from_} → {edge.to}: {proof}")
            central = (placed for placed in figures_in(edge) if "alternatives" not in placed.names)
            lines += [f"   {figure_in_words(placed, library)}" for placed in central]
    return lines


def _margin(result: Result, one: Intervention) -> list[str]:
    """What the first participant would avert and cost, in the group where it does most for its cost."""
    county = result.appraisal.county
    if one.id not in county.family.ids:
        return [f"It can't be bought under this plan: {county.plan.why_not(one).rstrip('.')}."]
    bit = county.family.ids.index(one.id)
    eligible = np.tile(eligible_groups(one, county.groups), len(county.strata.places)) & (county.strata.people > 0)
    if not eligible.any():
        return ["Nobody in this area is eligible."]
    row = np.array([int(np.flatnonzero(county.family.masks == 1 << bit)[0])])
    each = averted_each(county, outcome_by_place(county, "admissions"), row) / county.uptake[bit]
    cost = float(county.cost[bit])
    best = int(np.argmax(np.where(eligible, each, -np.inf)))
    people = county.strata.people[eligible].sum()
    mean = float((each * county.strata.people)[eligible].sum() / people)
    averts = f"On average 1,000 participants avert {1000 * mean:.2f} admissions"
    group = group_in_words(county.groups, int(county.strata.group[best]))
    place = county.strata.places[county.strata.place[best]]
    return [
        f"£{cost:,.2f} a participant ({county.plan.record.prices} prices); {people:,.0f} people are eligible.",
        f"{averts} in {_span(county.years)}: £{cost / mean:,.0f} an admission." if mean > 0 else f"{averts}: none.",
        f"Most in '{group}', {place}: {1000 * each[best]:.2f} per 1,000 participants.",
    ]


def _span(years: tuple[str, ...]) -> str:
    return years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"


def in_or_out(result: Result, one: Intervention) -> list[str]:
    """Why a plan buys a service, or does not, in sentences that begin with 'In:' or 'Out:'."""
    county = result.appraisal.county
    why_not = county.plan.why_not(one)
    if why_not:
        return [f"Out: {why_not.rstrip('.')}."]
    used = result.allocation[result.allocation["intervention"] == one.id]
    optimum = result.appraisal.optimum
    if len(used):
        row = result.interventions.set_index("intervention").loc[one.id]
        return [
            f"In: {row['participants']:,.0f} participants, £{row['spend']:,.0f}; without it the plan would avert "
            f"{row['admissions_averted_in_plan']:,.2f} fewer admissions."
        ]
    if optimum is None:
        return ["Out: the allocation does not use it."]
    bit = county.family.ids.index(one.id)
    if not (np.tile(county.family.eligible[bit], len(county.strata.places)) & (county.strata.people > 0)).any():
        return ["Out: nobody in this area is eligible."]
    if not any(county.plan.may_pay(partner, one.id) for partner in county.plan.partners):
        return ["Out: no partner may pay for it."]
    each, price = _worth_per_participant(result, one), _price_per_participant(result, one)
    lines = [
        f"Out: 1,000 participants would use money and staff hours that are worth {1000 * price:.2f} elsewhere, and be "
        f"worth {1000 * each:.2f} in the group that gains most (in the objective's units)."
    ]
    if each > price:
        lines.append(
            "What keeps it out is then a place's floor, its limit, or people already offered something better."
        )
    return lines


def _worth_per_participant(result: Result, one: Intervention) -> float:
    """The most one participant adds to the objective, offered this service alone in the first year."""
    county = result.appraisal.county
    bit = county.family.ids.index(one.id)
    row = np.array([int(np.flatnonzero(county.family.masks == 1 << bit)[0])])
    each = averted_each(county, objective_weights(county), row)
    eligible = np.tile(county.family.eligible[bit], len(county.strata.places)) & (county.strata.people > 0)
    return float(each[eligible].max(initial=0.0) / county.uptake[bit])


def averted_each(county: County, weights: Weights, package: np.ndarray) -> Floats:
    """(strata,): worth per person offered one package in the first year."""
    each = np.zeros(len(county.strata))
    for event, weight in weights.items():
        everywhere = np.repeat(weight, len(county.groups))
        each = each + everywhere * events_averted(county, event, package, entry=0, start=0)[0]
    return each


def _price_per_participant(result: Result, one: Intervention) -> float:
    """What one participant's cost and staff hours are worth at the prices of the plan's first year.

    cost · (the least marginal value of money among partners who may pay)  +  Σ hours · value of an hour
    """
    county, optimum = result.appraisal.county, result.appraisal.optimum
    assert optimum is not None  # only an optimum has prices
    plan, bit = county.plan, county.family.ids.index(one.id)
    money = [-optimum.price[f"within_contribution__{m}__0"] for m in plan.partners if plan.may_pay(m, one.id)]
    hours = sum(
        need.value * -optimum.price.get(f"within_workforce__{role}__0", 0.0) for role, need in one.staff_hours.items()
    )
    return float(county.cost[bit] / MONEY_UNIT * min(money, default=float("inf")) + hours)
