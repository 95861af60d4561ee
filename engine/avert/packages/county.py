"""A plan made ready for the programme: groups, strata, packages, and what each of them is worth."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from avert.errors import AvertError
from avert.library.records import Intervention, Money
from avert.packages.family import Family, eligible_groups, family_of
from avert.packages.offered import remaining_as_offered, strengths_of
from avert.packages.timing import years_in_force, years_occupied
from avert.packages.today import left_by_all, left_by_today, reached_today
from avert.pathway import (
    Groups,
    OwnEffect,
    Pathway,
    RemainingOffered,
    SetAside,
    own_effects,
    pathway_graph,
    restricted,
)
from avert.pathway.groups import Floats
from avert.plan import PlanInFull
from avert.population import Strata, entrants, plan_groups, strata_of
from avert.units import uprate


@dataclass(frozen=True)
class County:
    """Everything the programme needs to know about a plan over its first `years` years."""

    plan: PlanInFull
    years: tuple[str, ...]
    strata: Strata
    joined: Floats
    """(strata, years): people who join each cohort, by year of entry."""
    family: Family
    effects: tuple[OwnEffect, ...] = field(repr=False)
    strengths: Mapping[str, Floats] = field(repr=False)
    """Intervention → (years,): share of its effect in force in each year since it started."""
    remaining: Mapping[str, RemainingOffered] = field(repr=False)
    """Event → θ of every package as offered to those it is for, take-up included."""
    today: Mapping[str, Mapping[str, Floats]] = field(repr=False)
    """Service of today → event → (groups,) what it leaves of the event's rate."""
    reached_today: Mapping[str, Floats]
    """Service → (ages,): share of eligible people who have it today."""
    set_aside: tuple[SetAside, ...]
    seen_beside: dict[tuple[tuple[int, int], ...], County] = field(default_factory=dict, repr=False, compare=False)
    """Counties as seen beside services that act on whole places, by (service, years since it began)."""

    @property
    def groups(self) -> Groups:
        return self.strata.groups

    @property
    def pathway(self) -> Pathway:
        return self.groups.pathway

    def counting(self, events: Collection[str]) -> County:
        """The county with only some of its events counted."""
        groups = self.groups.counting(events)
        effects = tuple(effect for effect in self.effects if effect.node in groups.pathway.graph)
        return replace(self, strata=replace(self.strata, groups=groups), effects=effects, seen_beside={})

    @cached_property
    def uptake(self) -> Floats:
        """(interventions,): share of those offered who take part."""
        return np.array([one.figure("uptake").value for one in self.family.interventions])

    @cached_property
    def cost(self) -> Floats:
        """(interventions,): pounds per participant in the first year, in the plan's prices.

        A place-level service costs the same for every resident it is for, reached or not.
        """
        return np.array([self._per_participant(one, one.cost) for one in self.family.interventions])

    @cached_property
    def follow_on_cost(self) -> Floats:
        """(interventions,): pounds per participant in each later year in force."""
        return np.array([self._per_participant(one, one.follow_on_cost) for one in self.family.interventions])

    def _per_participant(self, intervention: Intervention, money: Money | None) -> float:
        if money is None:
            return 0.0
        per_resident = intervention.level == "place"
        return self.in_plan_prices(money) / (intervention.figure("uptake").value if per_resident else 1.0)

    @cached_property
    def in_force(self) -> np.ndarray:
        """(interventions,): whole years in force."""
        return np.array([years_in_force(one) for one in self.family.interventions])

    @cached_property
    def occupied(self) -> np.ndarray:
        """(packages,): years in which someone offered the package is offered nothing else."""
        chosen = self.family.interventions
        return np.array(
            [
                years_occupied([one for one, has in zip(chosen, row, strict=True) if has], len(self.years))
                for row in self.family.members
            ]
        )

    @cached_property
    def limited_by_reach(self) -> np.ndarray:
        """(interventions,): whether some people have the service today, so that additional money goes to others."""
        additional = self.plan.record.money_is == "additional"
        return np.array([additional and one.id in self.reached_today for one in self.family.interventions], dtype=bool)

    def goes_on(self, event: str) -> Floats:
        """(groups,): what today's services leave of an event where the plan does nothing.

        All of them for additional money; where the money is for everything, those the plan cannot buy.
        """
        left = np.ones(len(self.groups))
        for service, by_event in self.today.items():
            if self.plan.record.money_is == "additional" or service not in self.family.ids:
                left = left * by_event[event]
        return left

    def left_to_reach(self, service: str, age: int) -> float:
        """Share of a stratum that may still be offered a service: those who do not have it today.

        Everyone a place-level service covers has been offered it, though only some notice.
        """
        one = self.family.interventions[self.family.ids.index(service)]
        covered = self.reached_today[service][age] / (one.figure("uptake").value if one.level == "place" else 1.0)
        return max(0.0, float(1 - covered))

    def in_plan_prices(self, money: Money) -> float:
        """An amount of the library in the prices of the plan."""
        index = self.plan.library.price_index.index
        return uprate(money.value, index, from_year=money.price_year, to_year=self.plan.record.prices)

    def eligible_people(self, intervention: Intervention) -> Floats:
        """(places, ages): people for whom a service is meant, at the start of the plan."""
        chosen = np.tile(eligible_groups(intervention, self.groups), len(self.strata.places))
        shape = (len(self.strata.places), len(self.groups.ages), -1)
        result: Floats = (self.strata.people * chosen).reshape(shape).sum(axis=2)
        return result


def county_of(
    plan: PlanInFull,
    years: int | None = None,
    combined: np.ndarray | None = None,
    family: Family | None = None,
    events: Collection[str] | None = None,
) -> County:
    """The plan over its first `years` years (all of them by default).

    `combined` (candidates, groups) says which services are offered together with others; all by default.
    A `family` of the plan's candidates stands for all the packages there are, where no others are asked for,
    and only the `events` named are counted, where no others are.

    Raises EvidenceError or AvertError where the library or the area contradicts itself.
    """
    if years is not None and not 1 <= years <= len(plan.years):
        raise AvertError(
            f"{plan.line('years')}: the plan has {len(plan.years)} years, so {years} can't be taken together."
        )
    names = plan.years[: years or len(plan.years)]
    span = len(names) + plan.record.years_counted_beyond
    outright = bool(plan.area.strata)
    pathway = restricted(pathway_graph(plan.library), set(plan.record.pathways), plan.library, groups=outright)
    groups = plan_groups(plan, pathway, span)
    if events is not None:
        groups = groups.counting(events)
    reached = reached_today(plan, groups)
    today = left_by_today(plan, groups, reached)
    strata = strata_of(plan, groups, left_by_all(groups, today))
    candidates = plan.candidates
    family = family or family_of(candidates, groups, plan.record.largest_package, combined)
    effects, aside = own_effects(
        plan.library, groups.pathway, candidates, rule=plan.record.evidence_rule, use=plan.record.evidence
    )
    strengths = strengths_of(candidates, groups, plan.record)
    remaining = remaining_as_offered(
        groups, candidates, effects, strengths, family.masks, family.offered_to(), plan.record
    )
    joined = entrants(strata, len(names))
    return County(plan, names, strata, joined, family, effects, strengths, remaining, today, reached, aside)
