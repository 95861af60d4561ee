"""What an allocation comes to, counted again from the people offered: who starts, who is in force, what it costs.

Works from the plain data of a world and the columns' own labels; no line of the programme is used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import product
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
Cover = tuple[tuple[str, int], ...]
"""(service, start year) of each service that acts on a whole place."""
LeftByOthers = Callable[[str, int, Any], float]


class Recount:
    """People, participants and money of an allocation, one column and one person-year at a time."""

    def __init__(
        self, world: World, optimum: Optimum, people: Floats | None = None, covered: Floats | None = None
    ) -> None:
        self.world, self.optimum = world, optimum
        self.people = optimum.people if people is None else people
        self.covered = self._shares(optimum.covered if covered is None else covered)
        self.county = optimum.sets.county
        self.rates = Rates.of(world, self.county)
        self.strata, self.groups = self.county.strata, self.county.groups
        self.places, self.years = self.strata.places, len(self.county.years)
        self.started: Counter[tuple[str, str, str, int]] = Counter()
        self.in_force: Counter[tuple[str, str, int, int]] = Counter()
        self.spend: Counter[tuple[str, str, int]] = Counter()
        self.occupied: Counter[tuple[int, int, int, Cover]] = Counter()
        for j in np.flatnonzero(self.people).tolist():
            self._occupy(j)
            for place, group, count in self.where(j):
                for service in self.package(j):
                    self._serve(self.clock(j), service, place, group, count)
        for (place, cover), share in self.covered.items():
            self._cover(place, cover, share)
        for service, lump in world.plan.get("lumpy", {}).items():
            self._set_up(service, lump)

    @property
    def together(self) -> bool:
        """Whether one rule holds for all places."""
        return bool(self.world.plan.get("fairness", {}).get("offers") == "same_everywhere")

    def _shares(self, covered: Floats) -> dict[tuple[int, Cover], float]:
        """(place, cover) → share of the place under it."""
        sets, found = self.optimum.sets, {}
        for (region, number), share in zip(sets.covering.columns, covered.tolist(), strict=True):
            ids = sets.county.family.ids
            cover = tuple((ids[bit], start) for bit, start in sets.menu.covers[number])
            for place in range(len(sets.places)) if self._all_alike() else (region,):
                if share:
                    found[place, cover] = share
        return found

    def _all_alike(self) -> bool:
        return len(self.optimum.sets.places) > 1 and self.together

    def cover(self, j: int) -> Cover:
        """What acts on the whole place beside which a column is offered."""
        sets = self.optimum.sets
        return tuple(
            (sets.county.family.ids[bit], start) for bit, start in sets.menu.covers[int(self.optimum.offers.cover[j])]
        )

    def reaching(self, cover: Cover, entry: int, group: int) -> Cover:
        """The services of a cover that start once a cohort is there, and are meant for the group."""
        return tuple((one, start) for one, start in cover if start >= entry and self.meant_for(one, group))

    def package(self, j: int) -> frozenset[str]:
        """Services of a column."""
        return frozenset(self.county.family.named(int(self.optimum.offers.package[j])))

    def clock(self, j: int) -> tuple[int, int]:
        """Year of entry and year of the offer."""
        return int(self.optimum.offers.entry[j]), int(self.optimum.offers.start[j])

    def where(self, j: int) -> list[tuple[int, int, float]]:
        """(place, group, people) of a column; one rule for all places spreads it as the cohort is spread."""
        block, (entry, _) = int(self.optimum.offers.block[j]), self.clock(j)
        if not self.together:
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

    def group(self, group: int, wait: int = 0, begun: dict[str, tuple[int, ...]] | None = None) -> OneGroup:
        """A group for the slow recursion."""
        return OneGroup(self.rates, *profile_of(self.county, group), wait, begun or {})

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

    def averted(self, outcome: str, years: Iterable[int], places: list[str], left_by_others: LeftByOthers) -> float:
        """What an outcome comes to in some places and years, θ by the slow recursion."""
        weights, wanted = self._weights(outcome), list(years)
        total = 0.0
        for place, group, count, (entry, start), cover, package in self._served(places):
            seen = self.reaching(cover, entry, group)
            begun: dict[str, tuple[int, ...]] = {}
            for one, year in seen:
                begun[one] = (*begun.get(one, ()), year - start)
            slow, together = self.group(group, start - entry, begun), package | begun.keys()
            for event, year in product(weights, wanted):
                if year < start:
                    continue
                living = count * self.alive(group, year - entry)
                rate = self.strata.rates[event][place * len(self.groups) + group, year - entry]
                gained = left_by_others(event, group, together) * (1 - slow.offered(event, together, year - start))
                if package and begun:
                    alone = frozenset(begun)
                    gained -= left_by_others(event, group, alone) * (1 - slow.offered(event, alone, year - start))
                total += weights[event] * living * rate * gained
        return float(total)

    def _served(self, places: list[str]) -> Iterator[tuple[int, int, float, tuple[int, int], Cover, frozenset[str]]]:
        """(place, group, people, clock, cover, package) of those offered something, or only under a cover."""
        for j in np.flatnonzero(self.people).tolist():
            for place, group, count in self.where(j):
                if self.places[place] in places and count:
                    yield place, group, count, self.clock(j), self.cover(j), self.package(j)
        for (place, cover), share in self.covered.items():
            for entry, group in product(range(self.years), range(len(self.groups))):
                seen = self.reaching(cover, entry, group)
                if seen and self.places[place] in places:
                    first = min(start for _, start in seen)
                    people = share * float(self.joined[place, group, entry])
                    yield place, group, people, (entry, first), cover, frozenset()

    def _weights(self, outcome: str) -> dict[str, float]:
        """Event → what one counts for in an outcome."""
        nodes = {one["id"]: one for one in self.world.nodes}
        found = {}
        for event in self.county.pathway.events:
            admission = nodes[event]["counts_as"] == "emergency_admission"
            stay = nodes[event]["length_of_stay"]["value"] if admission else 0.0
            one = {"admissions": float(admission), "bed_days": stay}
            found[event] = one[outcome] if outcome in one else float(event == outcome)
        return {event: weight for event, weight in found.items() if weight}

    def _occupy(self, j: int) -> None:
        entry, start = self.clock(j)
        package = self.package(j)
        last = start + max(self.in_years(service) for service in package)
        if any(self.world.record(service).get("once_only") for service in package):
            last = self.years
        for year in range(start, min(last, self.years)):
            self.occupied[int(self.optimum.offers.block[j]), entry, year, self.cover(j)] += self.people[j]

    def _cover(self, place: int, cover: Cover, share: float) -> None:
        """A share of a place under a cover: everyone there for whom its services are meant, high risk or low."""
        for (service, start), group in product(cover, range(len(self.groups))):
            for entry in range(start + 1) if self.meant_for(service, group) else ():
                self._serve((entry, start), service, place, group, share * float(self.joined[place, group, entry]))

    def on_places(self, service: str) -> bool:
        """Whether a service acts on whole places."""
        return bool(self.world.record(service).get("level") == "place")

    def is_open(self, service: str, where: str, year: int) -> bool:
        """Whether a lumpy service is open somewhere in a year."""
        return year >= 0 and self.optimum.values[f"is_open__{service}__{where}__{year}"] > 0.5

    def openings(self, lump: dict[str, Any]) -> list[tuple[str, list[str]]]:
        """(name, places) of whatever a lumpy service opens in."""
        if lump.get("opens") == "everywhere":
            return [("everywhere", list(self.places))]
        return [(place, [place]) for place in self.places]

    def _set_up(self, service: str, lump: dict[str, Any]) -> None:
        """What it costs to open a lumpy service, shared by the places under it by their people."""
        heads = {place: sum(bands.values()) for place, bands in self.world.area["people"].items()}
        for (where, places), year in product(self.openings(lump), range(self.years)):
            if self.is_open(service, where, year) and not self.is_open(service, where, year - 1):
                whole = sum(heads[place] for place in places)
                for place in places:
                    self.spend[service, place, year] += lump.get("start_up", 0.0) * heads[place] / whole

    def _serve(self, clock: tuple[int, int], service: str, place: int, group: int, count: float) -> None:
        """A service for some people by year; what falls due past the plan, where benefits count, in its last year.

        A service on a whole place is paid for every resident it is meant for, whether they notice it or not.
        """
        entry, start = clock
        uptake, here = self.world.record(service)["uptake"]["value"], self.places[place]
        paid_for = 1.0 if self.on_places(service) else uptake
        end = self.years + self.world.plan.get("years_counted_beyond", 0)
        for year in range(start, min(start + self.in_years(service), end)):
            living = count * self.alive(group, year - entry)
            which = "cost" if year == start else "follow_on_cost"
            self.spend[service, here, min(year, self.years - 1)] += living * paid_for * self.pounds(service, which)
            if year < self.years:
                self.in_force[service, here, group, year] += living
            if year == start:
                self.started[service, here, self.age(group), year] += living * uptake
