"""The programme's variables, each with a name, a unit and an upper bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np
from pulp import LpProblem, LpVariable

from avert.packages import County
from avert.pathway.groups import Floats
from avert.plan.deprivation import by_fifth
from avert.programme.alone import Alone, alone_of
from avert.programme.covering import Covering
from avert.programme.menu import Menu
from avert.programme.offers import Offers
from avert.programme.prices import MONEY_UNIT

Switch = tuple[str, str, int]


@dataclass(frozen=True)
class Sets:
    """Index sets in the order in which everything is written, and limits that follow from the plan."""

    menu: Menu

    @cached_property
    def covering(self) -> Covering:
        return Covering(self.menu)

    @cached_property
    def alone(self) -> Alone:
        return alone_of(self.menu)

    @property
    def region_names(self) -> tuple[str, ...]:
        """Regions for which offers are decided: the places, or all of them alike."""
        return self.places if self.menu.regions == len(self.places) else ("everywhere",)

    @property
    def county(self) -> County:
        return self.menu.county

    @property
    def services(self) -> tuple[str, ...]:
        return self.county.family.ids

    @property
    def places(self) -> tuple[str, ...]:
        return self.county.strata.places

    @property
    def years(self) -> range:
        return range(len(self.county.years))

    @property
    def partners(self) -> tuple[str, ...]:
        return self.county.plan.partners

    def contribution(self, partner: str, year: int) -> float:
        """What a partner puts in, in money units."""
        return self.county.plan.contribution(partner, self.county.years[year]) / MONEY_UNIT

    @cached_property
    def money(self) -> float:
        """All contributions of all years, in money units: the upper bound of anything paid."""
        return sum(self.contribution(m, y) for m in self.partners for y in self.years)

    @cached_property
    def most_people(self) -> dict[tuple[str, int], float]:
        """(place, year) → people alive there then, the upper bound of participants."""
        alive = 1 - self.county.strata.death_chance
        most: dict[tuple[str, int], float] = {}
        for year in self.years:
            stock = sum(self.county.joined[:, e] * alive ** (year - e) for e in range(year + 1))
            by_place = np.asarray(stock).reshape(len(self.places), -1).sum(axis=1)
            most |= {(place, year): float(by_place[g]) for g, place in enumerate(self.places)}
        return most

    @cached_property
    def block_stock(self) -> Floats:
        """(blocks, years): people of each block alive then, all cohorts together."""
        people, groups = self.menu.block_people, len(self.county.groups)
        alive = 1 - self.county.strata.death_chance[:groups][np.arange(len(people)) % groups]
        total = np.zeros(people.shape)
        for entry, year in product(self.years, repeat=2):
            if entry <= year:
                total[:, year] += people[:, entry] * alive ** (year - entry)
        return total

    @cached_property
    def reach_limit(self) -> Floats:
        """(services, blocks, years): people alive who do not have a service today, where reach is limited."""
        county, blocks = self.county, len(self.menu.block_people)
        limit = np.zeros((len(self.services), blocks, len(self.years)))
        ages = np.array([self.age_of(block) for block in range(blocks)])
        for i in np.flatnonzero(county.limited_by_reach).tolist():
            left = np.array([county.left_to_reach(self.services[i], age) for age in range(len(county.groups.ages))])
            limit[i] = left[ages][:, None] * self.block_stock
        return limit

    def capacity(self, service: str) -> dict[str, float]:
        """Place → participants a year there at most, by the plan's limit spread by eligible people."""
        county = self.county
        eligible = county.eligible_people(county.family.interventions[self.services.index(service)]).sum(axis=1)
        share = eligible / eligible.sum() if eligible.sum() else eligible
        whole = county.plan.record.limits[service]
        return {place: float(whole * share[n]) for n, place in enumerate(self.places)}

    @cached_property
    def least_access(self) -> dict[str, float]:
        """Service → share of the county's participants per eligible person that every place must reach."""
        return least_access_of(self.county)

    def access_parts(self, service: str) -> tuple[tuple[str, tuple[str, ...], float], ...]:
        """(name, places, their part of the people a service is for) of each place, or deprivation fifth, with any."""
        return access_parts_of(self.county, service)

    @cached_property
    def switches(self) -> tuple[Switch, ...]:
        """(service, place or 'everywhere', year) of every decision to open a lumpy service."""
        found: list[Switch] = []
        for service, lump in sorted(self.county.plan.record.lumpy.items()):
            where = self.places if lump.opens == "in_each_place" else ("everywhere",)
            if service in self.services:
                found += list(product((service,), where, self.years))
        return tuple(found)

    def places_under(self, switch: Switch) -> tuple[str, ...]:
        """Places a decision to open is about."""
        return self.places if switch[1] == "everywhere" else (switch[1],)

    def heads(self, places: tuple[str, ...]) -> dict[str, float]:
        """Place → its share of the people of some places at the start."""
        people = self.county.strata.people.reshape(len(self.places), -1).sum(axis=1)
        mine = {place: float(people[self.places.index(place)]) for place in places}
        whole = sum(mine.values())
        return {place: count / whole if whole else 1 / len(mine) for place, count in mine.items()}

    def age_of(self, block: int) -> int:
        """Age band of a block."""
        groups = self.county.groups
        return (block % len(groups)) // len(groups.flags)


def least_access_of(county: County) -> dict[str, float]:
    """Service → share of the county's participants per eligible person that every place must reach."""
    fairness = county.plan.record.fairness
    found = {service: fairness.least_access(service) for service in county.family.ids}
    return {service: share for service, share in found.items() if share}


def access_parts_of(county: County, service: str) -> tuple[tuple[str, tuple[str, ...], float], ...]:
    """(name, places, their part of the people a service is for) of each place, or deprivation fifth, with any."""
    places = county.strata.places
    groups: dict[str, tuple[str, ...]] = {place: (place,) for place in places}
    if county.plan.record.fairness.equal_access_in == "each_deprivation_fifth":
        groups = by_fifth(county.plan.area)
    one = county.family.interventions[county.family.ids.index(service)]
    eligible = dict(zip(places, county.eligible_people(one).sum(axis=1).tolist(), strict=True))
    whole = sum(eligible.values())
    parts = {name: sum(eligible[place] for place in inside) for name, inside in groups.items()}
    return tuple((name, groups[name], part / whole) for name, part in parts.items() if part)


@dataclass
class Variables:
    """PuLP variables by index."""

    offers: Offers
    """The offers that stand in this programme."""
    people: Sequence[LpVariable]
    """People of a cohort offered a package from a start year, one for each of the offers."""
    covered: list[LpVariable] = field(default_factory=list)
    """Share of a region under a cover, for each column of `Sets.covering`."""
    is_open: dict[Switch, LpVariable] = field(default_factory=dict)
    """Whether a lumpy service takes participants somewhere in a year: 0 or 1 once decided, between them before."""
    opened: dict[Switch, LpVariable] = field(default_factory=dict)
    """Whether it opens there that year, so that its start-up cost falls due."""
    participants: dict[tuple[str, str, int], LpVariable] = field(default_factory=dict)
    """(service, place, year) → people who start."""
    spend: dict[tuple[str, str, int], LpVariable] = field(default_factory=dict)
    """(service, place, year) → money units."""
    all_spend: dict[int, LpVariable] = field(default_factory=dict)
    """Year → money units spent on everything everywhere; only where places have floors."""
    all_started: dict[tuple[str, int], LpVariable] = field(default_factory=dict)
    """(service, year) → people who start it anywhere; only for services with equal access."""
    paid: dict[tuple[str, str, int], LpVariable] = field(default_factory=dict)
    """(partner, service, year) → money units."""
    carried: dict[tuple[str, int], LpVariable] = field(default_factory=dict)
    """(partner, year) → money units kept for the year after."""
    shortfall: dict[str, LpVariable] = field(default_factory=dict)
    """Name of a minimum → what it lacks, in the unit of its line; only while feasibility is in doubt."""


ROOM = 1.0
"""Upper bounds lie this far above anything a line allows.  Were they equal, a solver could put the price of a
line on the bound instead, and the line would seem to be worth nothing."""


def declare(problem: LpProblem, sets: Sets, offers: Offers) -> Variables:
    """Variables of the programme over some offers, added to `problem`."""

    def variable(most: float, *name: str | int) -> LpVariable:
        return problem.add_variable("__".join(map(str, name)), 0, most + ROOM)

    money, services = sets.money, sets.services
    limits = offers.limit.tolist()
    v = Variables(offers, [variable(limit, "people", j) for j, limit in enumerate(limits)])
    v.covered = [variable(1, "covered", sets.region_names[r], c) for r, c in sets.covering.columns]
    for i, g, y in product(services, sets.places, sets.years):
        v.participants[i, g, y] = variable(sets.most_people[g, y], "participants", i, g, y)
        v.spend[i, g, y] = variable(money, "spend", i, g, y)
    for y in sets.years if sets.county.plan.record.fairness.each_place_at_least else ():
        v.all_spend[y] = variable(money, "all_spend", y)
    for i, y in product(sets.least_access, sets.years):
        v.all_started[i, y] = variable(sum(sets.most_people[g, y] for g in sets.places), "all_started", i, y)
    for switch in sets.switches:
        v.is_open[switch] = problem.add_variable("__".join(map(str, ("is_open", *switch))), 0, 1)
        v.opened[switch] = problem.add_variable("__".join(map(str, ("opened", *switch))), 0, 1)
    for m, i, y in product(sets.partners, services, sets.years):
        v.paid[m, i, y] = variable(money, "paid", m, i, y)
    for m, y in product(sets.county.plan.record.carry_over, sets.years):
        v.carried[m, y] = variable(money, "carried", m, y)
    return v
