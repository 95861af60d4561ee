"""Offers as columns of the programme: worth, limit, and what each uses of every line.

A column says: people of one block and cohort are offered a package, from a start year.  People are
counted at the cohort's entry, so deaths thin both sides alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from avert.pathway.groups import Floats
from avert.programme.menu import Menu
from avert.programme.prices import MONEY_UNIT
from avert.programme.uses import SMALLEST_AMOUNT, Ints, Part, Uses, uses_from


@dataclass(frozen=True)
class Offers:
    """Some offers of a menu.  Every array runs over them."""

    menu: Menu = field(repr=False)
    number: Ints
    cover: Ints
    pair: Ints
    region: Ints
    entry: Ints
    start: Ints

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def package(self) -> Ints:
        return self.menu.package[self.pair]

    @cached_property
    def group(self) -> Ints:
        return self.menu.group[self.pair]

    @cached_property
    def block(self) -> Ints:
        result: Ints = self.region * len(self.menu.county.groups) + self.group
        return result

    @cached_property
    def slot(self) -> Ints:
        result: Ints = self.menu.slot_of[self.entry, self.start]
        return result

    @cached_property
    def worth(self) -> Floats:
        """(offers,): contribution to the objective per person, before money."""
        result: Floats = self.menu.value[self.cover, self.pair, self.region, self.slot]
        return result

    @cached_property
    def limit(self) -> Floats:
        """(offers,): people of the block and cohort, the most an offer can hold."""
        return self.menu.block_people[self.block, self.entry]

    @cached_property
    def place_share(self) -> Floats:
        """(offers, places): how those offered are spread over places."""
        result: Floats = self.menu.place_share[self.region, :, self.group, self.entry]
        return result

    @cached_property
    def end(self) -> Ints:
        """(offers,): first year in which those offered may be offered something else."""
        years = len(self.menu.county.years)
        result: Ints = np.minimum(self.start + self.menu.occupied[self.pair], years)
        return result

    @cached_property
    def uses(self) -> Mapping[str, Uses]:
        """Constraint → what the offers use of its lines."""
        return _Builder(self).all()

    @cached_property
    def occupies(self) -> Uses:
        """What they use of one_package_each in every year, whether or not its line is needed."""
        return _Builder(self).people()

    @cached_property
    def begins(self) -> Ints:
        """(offers,): the line of one_package_each, numbered flat, of the year in which they start."""
        extents = (len(self.menu.block_people), *2 * (len(self.menu.county.years),), len(self.menu.covers))
        index = (self.block, self.entry, self.start, self.cover)
        return np.asarray(np.ravel_multi_index(index, extents), dtype=np.int64)


def offers_of(menu: Menu, numbers: Ints) -> Offers:
    """The offers with these numbers."""
    cover, pair, region, slot = np.unravel_index(numbers, menu.shape)
    entry, start = np.array(menu.slots, dtype=np.int64).reshape(-1, 2)[slot].T
    return Offers(menu, numbers, cover, pair, region, entry, start)


class _Builder:
    """Works out what offers use, year by year since their start."""

    def __init__(self, offers: Offers) -> None:
        self.offers, self.county = offers, offers.menu.county
        self.years, self.span = len(self.county.years), self.county.groups.years
        self.alive = offers.menu.alive
        members = self.county.family.members[offers.package]
        self.column, self.bit = np.nonzero(members)
        self.names = self.county.family.ids, self.county.strata.places, range(self.years)

    def all(self) -> dict[str, Uses]:
        found = {
            "one_package_each": self.offers.occupies.only(np.unique(self.offers.begins)),
            "participants_follow_offers": self.participants(),
            "spend_follows_participants": self.follow_on(),
            "within_reach": self.reached(),
        }
        return found | {goal.name: self.goal(goal.name) for goal in self.offers.menu.goals}

    def goal(self, name: str) -> Uses:
        """One line: what each offer adds to a goal."""
        offers = self.offers
        amount = offers.menu.goal_values[name][offers.cover, offers.pair, offers.region, offers.slot]
        used = np.flatnonzero(np.abs(amount) > SMALLEST_AMOUNT)
        return Uses((), np.zeros(1, dtype=np.int64), np.zeros(len(used), dtype=np.int64), used, amount[used])

    def people(self) -> Uses:
        """(block, cohort, year, cover): 1 while an offer occupies people."""
        offers = self.offers
        parts: list[Part] = []
        for year in range(self.years):
            there = np.flatnonzero((offers.start <= year) & (year < offers.end))
            index = (offers.block[there], offers.entry[there], np.full(len(there), year), offers.cover[there])
            parts.append((index, there, np.ones(len(there))))
        blocks, covers = range(len(offers.menu.block_people)), range(len(offers.menu.covers))
        return uses_from((blocks, range(self.years), range(self.years), covers), parts)

    def _living(self, column: Ints, year: Ints) -> Floats:
        living: Floats = self.alive[self.offers.group[column], year - self.offers.entry[column]]
        return living

    def participants(self) -> Uses:
        """(service, place, year): − uptake · survival · share of the place, for those who start."""
        start = self.offers.start[self.column]
        amount = self.county.uptake[self.bit] * self._living(self.column, start)
        return uses_from(self.names, list(self._by_place(self.column, self.bit, start, -amount)))

    def follow_on(self) -> Uses:
        """(service, place, year): − follow-on cost of those who started before and are in force.

        What falls past the plan's end, where benefits there count, stands in the plan's last year.
        """
        cost = self.county.follow_on_cost / MONEY_UNIT
        parts: list[Part] = []
        for later in range(1, self.span):
            year = self.offers.start[self.column] + later
            there = (later < self.county.in_force[self.bit]) & (year < self.span) & (cost[self.bit] > 0)
            column, bit, when = self.column[there], self.bit[there], year[there]
            amount = cost[bit] * self.county.uptake[bit] * self._living(column, when)
            parts += list(self._by_place(column, bit, np.minimum(when, self.years - 1), -amount))
        return uses_from(self.names, parts)

    def _by_place(self, column: Ints, bit: Ints, year: Ints, amount: Floats) -> Iterator[Part]:
        share = self.offers.place_share[column]
        row, place = np.nonzero(share)
        yield (bit[row], place, year[row]), column[row], amount[row] * share[row, place]

    def reached(self) -> Uses:
        """(service, block, year): those alive of people with the service in force, where reach is limited."""
        parts: list[Part] = []
        limited = self.county.limited_by_reach[self.bit]
        for later in range(self.years):
            year = self.offers.start[self.column] + later
            there = limited & (later < self.county.in_force[self.bit]) & (year < self.years)
            column, bit, when = self.column[there], self.bit[there], year[there]
            parts.append(((bit, self.offers.block[column], when), column, self._living(column, when)))
        return uses_from((self.names[0], range(len(self.offers.menu.block_people)), range(self.years)), parts)
