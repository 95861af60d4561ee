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
from avert.programme.offers import Offers
from avert.programme.uses import Ints

MONEY_UNIT = 100_000.0
"""Pounds to one unit of money in the programme, so that its numbers are of the size of the others."""


@dataclass(frozen=True)
class Sets:
    """Index sets in the order in which everything is written, and limits that follow from the plan."""

    county: County
    offers: Offers

    @property
    def services(self) -> tuple[str, ...]:
        return self.county.family.ids

    @property
    def places(self) -> tuple[str, ...]:
        return self.county.strata.places

    @property
    def ages(self) -> range:
        return range(len(self.county.groups.ages))

    @property
    def years(self) -> range:
        return range(len(self.county.years))

    @property
    def partners(self) -> tuple[str, ...]:
        return self.county.plan.partners

    @property
    def covered_places(self) -> tuple[str, ...]:
        """Places that place-level services may cover in part: each by itself, or all alike."""
        together = self.county.plan.record.fairness.offers == "same_everywhere"
        return ("everywhere",) if together else self.places

    def contribution(self, partner: str, year: int) -> float:
        """What a partner puts in, in money units."""
        return self.county.plan.contribution(partner, self.county.years[year]) / MONEY_UNIT

    @cached_property
    def money(self) -> float:
        """All contributions of all years, in money units: the upper bound of anything paid."""
        return sum(self.contribution(m, y) for m in self.partners for y in self.years)

    @cached_property
    def most_people(self) -> dict[tuple[str, int, int], float]:
        """(place, age, year) → people alive there then, the upper bound of participants."""
        county, alive = self.county, 1 - self.county.strata.death_chance
        most: dict[tuple[str, int, int], float] = {}
        for year in self.years:
            stock = sum(county.joined[:, e] * alive ** (year - e) for e in range(year + 1))
            table = np.asarray(stock).reshape(len(self.places), len(self.ages), -1).sum(axis=2)
            for (g, place), a in product(enumerate(self.places), self.ages):
                most[place, a, year] = float(table[g, a])
        return most

    @cached_property
    def block_stock(self) -> Floats:
        """(blocks, years): people of each block alive then, all cohorts together."""
        offers, chance = self.offers, self.county.strata.death_chance[: len(self.county.groups)]
        alive = 1 - chance[offers.block_group]
        total = np.zeros(offers.block_people.shape)
        for entry, year in product(self.years, repeat=2):
            if entry <= year:
                total[:, year] += offers.block_people[:, entry] * alive ** (year - entry)
        return total


@dataclass
class Variables:
    """PuLP variables by index."""

    chosen: Ints
    """Columns of the offers that stand in this programme."""
    people: Sequence[LpVariable]
    """People of a cohort offered a package from a start year, one for each chosen column."""
    participants: dict[tuple[str, str, int, int], LpVariable] = field(default_factory=dict)
    """(service, place, age, year) → people who start."""
    spend: dict[tuple[str, str, int], LpVariable] = field(default_factory=dict)
    """(service, place, year) → money units."""
    paid: dict[tuple[str, str, int], LpVariable] = field(default_factory=dict)
    """(partner, service, year) → money units."""
    carried: dict[tuple[str, int], LpVariable] = field(default_factory=dict)
    """(partner, year) → money units kept for the year after."""
    covered: dict[tuple[str, int, int], LpVariable] = field(default_factory=dict)
    """(place, set of place-level services, start year) → share of the place under just that set."""
    shortfall: dict[str, LpVariable] = field(default_factory=dict)
    """Name of a minimum → what it lacks, in the unit of its line; only while feasibility is in doubt."""


ROOM = 1.0
"""Upper bounds lie this far above anything a line allows.  Were they equal, a solver could put the price of a
line on the bound instead, and the line would seem to be worth nothing."""


def declare(problem: LpProblem, sets: Sets, chosen: Ints) -> Variables:
    """Variables of the programme over the chosen columns, added to `problem`."""

    def variable(most: float, *name: str | int) -> LpVariable:
        return problem.add_variable("__".join(map(str, name)), 0, most + ROOM)

    offers, money, services = sets.offers, sets.money, sets.services
    limits = offers.limit[chosen].tolist()
    v = Variables(chosen, [variable(limit, "people", j) for j, limit in zip(chosen.tolist(), limits, strict=True)])
    for i, g, a, y in product(services, sets.places, sets.ages, sets.years):
        v.participants[i, g, a, y] = variable(sets.most_people[g, a, y], "participants", i, g, a, y)
    for i, g, y in product(services, sets.places, sets.years):
        v.spend[i, g, y] = variable(money, "spend", i, g, y)
    for g, part, y in product(sets.covered_places, sets.county.family.place_parts, sets.years):
        v.covered[g, part, y] = variable(1, "covered", g, part, y)
    for m, i, y in product(sets.partners, services, sets.years):
        v.paid[m, i, y] = variable(money, "paid", m, i, y)
    for m, y in product(sets.county.plan.record.carry_over, sets.years):
        v.carried[m, y] = variable(money, "carried", m, y)
    return v
