"""What an allocation comes to, counted again from the people offered: who starts, who is in force, what it costs.

Works from the plain data of a world and the columns' own labels; no line of the programme is used.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from random_worlds import World
from slow_effects import eligible
from slow_propagation import OneGroup
from slow_rates import Rates, profile_of

from avert.programme import Optimum

Floats = NDArray[np.float64]


class Recount:
    """People, participants and money of an allocation, one column and one person-year at a time."""

    def __init__(self, world: World, optimum: Optimum, people: Floats) -> None:
        self.world, self.optimum, self.people = world, optimum, people
        self.county = optimum.sets.county
        self.rates = Rates.of(world, self.county)
        self.strata, self.groups = self.county.strata, self.county.groups
        self.places, self.years = self.strata.places, len(self.county.years)
        self.started: Counter[tuple[str, str, str, int]] = Counter()
        self.in_force: Counter[tuple[str, str, int, int]] = Counter()
        self.spend: Counter[tuple[str, str, int]] = Counter()
        self.occupied: Counter[tuple[int, int, int]] = Counter()
        for j in np.flatnonzero(people).tolist():
            self._occupy(j)
            for place, group, count in self.where(j):
                for service in self.package(j):
                    self._serve(j, service, place, group, count)

    def package(self, j: int) -> frozenset[str]:
        """Services of a column."""
        return frozenset(self.county.family.named(int(self.optimum.offers.package[j])))

    def clock(self, j: int) -> tuple[int, int]:
        """Year of entry and year of the offer."""
        return int(self.optimum.offers.entry[j]), int(self.optimum.offers.start[j])

    def where(self, j: int) -> list[tuple[int, int, float]]:
        """(place, group, people) of a column; one rule for all places spreads it as the cohort is spread."""
        block, (entry, _) = int(self.optimum.offers.block[j]), self.clock(j)
        if self.world.plan.get("fairness", {}).get("offers") != "same_everywhere":
            return [(block // len(self.groups), block % len(self.groups), float(self.people[j]))]
        joined = self.joined[:, block, entry]
        return [(n, block, float(self.people[j] * part)) for n, part in enumerate(joined / joined.sum())]

    def in_years(self, service: str) -> int:
        """Years in which a service is in force, the last one begun included."""
        return ceil(self.world.record(service)["duration_years"]["value"])

    def pounds(self, service: str, which: str) -> float:
        """A cost in the plan's prices."""
        money = self.world.record(service).get(which)
        if money is None:
            return 0.0
        index = self.world.area["price_index"]
        return float(money["value"] * index["2024/25"] / index[money["price_year"]])

    @cached_property
    def joined(self) -> Floats:
        """(places, groups, years): stock of the year less those still alive of the year before."""
        growth, alive = 1 + self.world.area["growth"], 1 - self.strata.death_chance
        later = [self.strata.people * growth ** (y - 1) * (growth - alive) for y in range(1, self.years)]
        return np.stack([self.strata.people, *later], axis=1).reshape(len(self.places), len(self.groups), self.years)

    def alive(self, group: int, years: int) -> float:
        """Share of a cohort alive so many years after joining."""
        return float(1 - self.strata.death_chance[group]) ** years

    def age(self, group: int) -> str:
        """Age band of a group."""
        return profile_of(self.county, group)[0]

    def group(self, group: int, wait: int = 0) -> OneGroup:
        """A group for the slow recursion."""
        return OneGroup(self.rates, *profile_of(self.county, group), wait)

    def meant_for(self, service: str, group: int) -> bool:
        """Whether a service is meant for a group."""
        return eligible(self.world.record(service), *profile_of(self.county, group))

    def eligible_people(self, service: str, place: str | None = None, age: str | None = None) -> float:
        """People at the start for whom a service is meant."""
        stock = self.strata.people.reshape(len(self.places), len(self.groups))
        return sum(
            float(stock[n, g])
            for n, here in enumerate(self.places)
            for g in range(len(self.groups))
            if place in (None, here) and age in (None, self.age(g)) and self.meant_for(service, g)
        )

    def participants(self, service: str, year: int, place: str | None = None) -> float:
        """People who start a service in a year."""
        return sum(n for (i, g, _, y), n in self.started.items() if i == service and y == year and place in (None, g))

    def spent(self, year: int, places: list[str]) -> float:
        """Pounds spent in some places in a year."""
        return sum(pounds for (_, place, y), pounds in self.spend.items() if y == year and place in places)

    def averted(self, year: int, places: list[str], left_by_others: Any) -> float:
        """Admissions averted in some places in a year, θ by the slow recursion."""
        total = 0.0
        for j in np.flatnonzero(self.people).tolist():
            entry, start = self.clock(j)
            for place, group, count in self.where(j):
                if start > year or self.places[place] not in places or not count:
                    continue
                living = count * self.alive(group, year - entry)
                slow = self.group(group, start - entry)
                for event in self.county.pathway.admissions:
                    rate = self.strata.rates[event][place * len(self.groups) + group, year - entry]
                    left = slow.offered(event, self.package(j), year - start)
                    total += living * rate * left_by_others(event, group, self.package(j)) * (1 - left)
        return float(total)

    def _occupy(self, j: int) -> None:
        entry, start = self.clock(j)
        package = self.package(j)
        last = start + max(self.in_years(service) for service in package)
        if any(self.world.record(service).get("once_only") for service in package):
            last = self.years
        for year in range(start, min(last, self.years)):
            self.occupied[int(self.optimum.offers.block[j]), entry, year] += self.people[j]

    def _serve(self, j: int, service: str, place: int, group: int, count: float) -> None:
        """One service of one column by year; what falls due past the plan, where benefits count, in its last year."""
        entry, start = self.clock(j)
        uptake, here = self.world.record(service)["uptake"]["value"], self.places[place]
        end = self.years + self.world.plan.get("years_counted_beyond", 0)
        for year in range(start, min(start + self.in_years(service), end)):
            living = count * self.alive(group, year - entry)
            which = "cost" if year == start else "follow_on_cost"
            self.spend[service, here, min(year, self.years - 1)] += living * uptake * self.pounds(service, which)
            if year < self.years:
                self.in_force[service, here, group, year] += living
            if year == start:
                self.started[service, here, self.age(group), year] += living * uptake
