"""Covers as columns of the programme: what covering a whole region in one way is worth and uses.

Column r · (covers − 1) + c − 1 is cover c of region r; the variable is the share of the region covered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np

from avert.packages import reaching
from avert.pathway.groups import Floats
from avert.programme.menu import Menu
from avert.programme.prices import MONEY_UNIT, Prices
from avert.programme.uses import SMALLEST_AMOUNT, Label, Part, Uses, uses_from


@dataclass(frozen=True)
class Covering:
    """All covers but the empty one, of every region."""

    menu: Menu = field(repr=False)

    def __len__(self) -> int:
        return self.menu.regions * (len(self.menu.covers) - 1)

    @property
    def columns(self) -> list[tuple[int, int]]:
        """(region, cover) of every column."""
        return list(product(range(self.menu.regions), range(1, len(self.menu.covers))))

    @cached_property
    def worth(self) -> Floats:
        """(columns,): contribution to the objective if the whole region were covered, before money."""
        return self.menu.cover_value[1:].T.reshape(-1)

    def room_for_packages(self, label: Label) -> list[tuple[int, float]]:
        """(column, amount) on a line of one_package_each: people under other covers are not there for it.

        people[b,e] · covered[r,c] belongs to the line of c; what all covers take is missing from the empty one.
        """
        if not len(self):
            return []
        block, entry, _, cover = (int(one) for one in label)
        people = float(self.menu.block_people[block, entry])
        first = block // len(self.menu.county.groups) * (len(self.menu.covers) - 1)
        if cover:
            return [(first + cover - 1, -people)]
        return [(first + other, people) for other in range(len(self.menu.covers) - 1)]

    @cached_property
    def uses(self) -> Mapping[str, Uses]:
        """Constraint → what covers use of its lines (one_package_each apart)."""
        county, menu = self.menu.county, self.menu
        names = county.family.ids, county.strata.places, range(len(county.years))
        blocks = county.family.ids, range(len(menu.block_people)), range(len(county.years))
        found = {
            "participants_follow_offers": uses_from(names, list(self._parts(first=True))),
            "spend_follows_participants": uses_from(names, list(self._parts(first=False))),
            "within_reach": uses_from(blocks, list(self._reached())),
        }
        return found | {goal.name: self._goal(goal.name) for goal in menu.goals}

    def _goal(self, name: str) -> Uses:
        amount = self.menu.cover_goals[name][1:].T.reshape(-1)
        used = np.flatnonzero(np.abs(amount) > SMALLEST_AMOUNT)
        return Uses((), np.zeros(1, dtype=np.int64), np.zeros(len(used), dtype=np.int64), used, amount[used])

    def _alive(self, column: int, bit: int, start: int, year: int) -> Floats:
        """(places, groups): people a service of a cover reaches who are alive in a year."""
        county, menu = self.menu.county, self.menu
        region, _ = self.columns[column]
        places, groups = len(county.strata.places), len(county.groups)
        alive = menu.alive
        total = np.zeros((places, groups))
        for entry in range(start + 1):
            people = county.joined[:, entry].reshape(places, groups)
            inside = menu.place_share[region, :, :, entry] > 0
            total += people * inside * county.family.eligible[bit] * alive[:, year - entry]
        return total

    def _services(self) -> Iterator[tuple[int, int, int]]:
        for column, (_, cover) in enumerate(self.columns):
            for bit, start in self.menu.covers[cover]:
                yield column, bit, start

    def _parts(self, *, first: bool) -> Iterator[Part]:
        """(service, place, year): − uptake · survival · people, of those who start, or of those who go on (× cost)."""
        county, last = self.menu.county, len(self.menu.county.years) - 1
        cost = county.follow_on_cost / MONEY_UNIT
        for column, bit, start in self._services():
            end = start + 1 if first else min(start + int(county.in_force[bit]), county.groups.years)
            for year in range(start if first else start + 1, end):
                people = self._alive(column, bit, start, year).sum(axis=1) * county.uptake[bit]
                amount = -people * (1.0 if first else cost[bit])
                place = np.arange(len(people))
                index = (np.full(len(place), bit), place, np.full(len(place), min(year, last)))
                yield index, np.full(len(place), column), amount

    def _reached(self) -> Iterator[Part]:
        """(service, block, year): people alive with the service in force, where reach is limited."""
        county = self.menu.county
        for column, bit, start in self._services():
            if not county.limited_by_reach[bit]:
                continue
            region, _ = self.columns[column]
            for year in range(start, min(start + int(county.in_force[bit]), len(county.years))):
                people = self._alive(column, bit, start, year).sum(axis=0)
                block = region * len(people) + np.arange(len(people))
                index = (np.full(len(people), bit), block, np.full(len(people), year))
                yield index, np.full(len(people), column), people

    def gain(self, prices: Prices, *, counts: bool = True) -> Floats:
        """(regions, covers): worth and priced uses of covers, the people they take left aside; 0 for the empty one."""
        total = self.worth.copy() if counts else np.zeros(len(self))
        for constraint, uses in self.uses.items():
            price = prices.of_lines(constraint, uses.line)
            total += np.bincount(uses.column, weights=uses.amount * price[uses.row], minlength=len(self))
        by_region = total.reshape(self.menu.regions, -1)
        return np.concatenate([np.zeros((self.menu.regions, 1)), by_region], axis=1)

    def people_under(self, covered: Floats) -> Iterator[tuple[int, int, int, int, int, float]]:
        """(stratum, entry, start, 0, cover, people) of everyone under a cover, cohort by cohort.

        `covered` is the share of the region for each column; the 0 is the empty package.
        """
        county, groups = self.menu.county, len(self.menu.county.groups)
        inside = np.asarray((self.menu.place_share > 0).any(axis=(2, 3)))
        for column in np.flatnonzero(covered).tolist():
            region, cover = self.columns[column]
            for entry in range(len(county.years)):
                for part, mask in reaching(county, self.menu.covers[cover], entry):
                    start = min((begins for _, begins in part), default=0)
                    reached = np.flatnonzero(mask).tolist() if part else []
                    for place, group in product(np.flatnonzero(inside[region]).tolist(), reached):
                        people = float(covered[column] * county.joined[place * groups + group, entry])
                        yield place * groups + group, entry, start, 0, cover, people
