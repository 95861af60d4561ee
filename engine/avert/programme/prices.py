"""Prices of lines as arrays, read by the names of the lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from avert.pathway.groups import Floats
from avert.programme.menu import Menu
from avert.programme.uses import Ints

MONEY_UNIT = 100_000.0
"""Pounds to one unit of money in the programme, so that its numbers are of the size of the others."""


@dataclass(frozen=True)
class Prices:
    """What one unit more of each line would change the minimum by; none above 0 for a ≤ line.

    Lines that the programme does not hold have no price.
    """

    FIELDS: ClassVar[dict[str, str]] = {
        "participants_follow_offers": "starting",
        "spend_follows_participants": "spending",
        "within_reach": "reach",
        "one_package_each": "package_each",
    }
    """Constraint → the array its prices are in."""

    starting: Floats
    """(services, places, years): participants_follow_offers."""
    spending: Floats
    """(services, places, years): spend_follows_participants, per money unit."""
    reach: Floats
    """(services, blocks, years): within_reach."""
    goals: Mapping[str, float]
    """Goal → its price."""
    package_each: Floats
    """(blocks, cohorts, years, covers): one_package_each."""

    def of_lines(self, constraint: str, line: Ints) -> Floats:
        """Prices of lines of a constraint, numbered flat, or of a goal."""
        if constraint not in self.FIELDS:
            return np.full(len(line), self.goals.get(constraint, 0.0))
        prices: Floats = getattr(self, self.FIELDS[constraint]).reshape(-1)[line]
        return prices

    def spread_over(self, menu: Menu) -> Prices:
        """Prices of a county sketched as one place, for all its places alike; none for goals."""
        places, blocks = len(menu.county.strata.places), len(menu.block_people)
        return replace(
            self,
            starting=np.repeat(self.starting, places, axis=1),
            spending=np.repeat(self.spending, places, axis=1),
            reach=np.tile(self.reach, (1, blocks // self.reach.shape[1], 1)),
            goals={},
            package_each=np.zeros((blocks, *self.package_each.shape[1:])),
        )


def no_prices(menu: Menu) -> Prices:
    """A price of nothing for every line."""
    services, places = len(menu.county.family.ids), len(menu.county.strata.places)
    blocks, years = menu.block_people.shape
    each = np.zeros((services, places, years))
    packages = np.zeros((blocks, years, years, len(menu.covers)))
    return Prices(each, each.copy(), np.zeros((services, blocks, years)), {}, packages)


def money_price(menu: Menu, each: float) -> Prices:
    """Every money unit spent, on anything by anybody, priced at `each`, and nothing else."""
    prices = no_prices(menu)
    cost = menu.county.cost / MONEY_UNIT
    return replace(
        prices,
        starting=prices.starting + each * cost[:, None, None],
        spending=prices.spending + each,
    )


class LineIndex:
    """Where the lines of every priced constraint stand in a programme; −1 for lines it does not hold."""

    def __init__(self, menu: Menu, names: Iterable[str]) -> None:
        self.menu, self.goals = menu, dict.fromkeys((goal.name for goal in menu.goals), -1)
        blank = no_prices(menu)
        self.position = {
            constraint: np.full(getattr(blank, field).shape, -1, dtype=np.int64)
            for constraint, field in Prices.FIELDS.items()
        }
        for position, name in enumerate(names):
            constraint, *label = name.split("__")
            if name in self.goals:
                self.goals[name] = position
            elif constraint in self.position:
                self.position[constraint][self._indices(label)] = position

    def _indices(self, label: list[str]) -> tuple[int, ...]:
        names = self.menu.service_number, self.menu.place_number
        found = [names[n].get(one) if n < len(names) else None for n, one in enumerate(label)]
        return tuple(int(one) if index is None else index for one, index in zip(label, found, strict=True))

    def of_lines(self, constraint: str, line: Ints) -> Ints:
        """Where lines of a constraint, numbered flat, or a goal stand."""
        if constraint in self.goals:
            return np.full(len(line), self.goals[constraint], dtype=np.int64)
        where: Ints = self.position[constraint].reshape(-1)[line]
        return where

    def add(self, constraint: str, line: Ints, first: int) -> None:
        """Lines that now stand from position `first` on."""
        self.position[constraint].reshape(-1)[line] = first + np.arange(len(line))

    def read(self, values: Floats) -> Prices:
        """Prices from the values of all lines, in their order."""
        padded = np.append(values, 0.0)
        fields = {Prices.FIELDS[name]: padded[position] for name, position in self.position.items()}
        return Prices(goals={name: float(padded[n]) for name, n in self.goals.items()}, **fields)


def prices_of(menu: Menu, price: Mapping[str, float]) -> Prices:
    """Prices from a mapping of lines by name."""
    return LineIndex(menu, price).read(np.fromiter(price.values(), dtype=float, count=len(price)))


def charges(menu: Menu, prices: Prices) -> Floats:
    """(services + 1, blocks, slots): what the lines charge per person of the cohort offered a service.

    charge  =  Σ over lines of − price · amount

    that is uptake · survival · price of starting, and in later years in force uptake · survival · follow-on
    cost · price of spending, less survival · price of reach.  The last row is for no service.
    """
    county, groups = menu.county, len(menu.county.groups)
    years, span, services = len(county.years), county.groups.years, len(county.family.ids)
    alive = menu.alive
    total = np.zeros((len(menu.slots), services + 1, menu.regions, groups))
    reach = prices.reach.reshape(services, menu.regions, groups, years)
    follow_on = county.follow_on_cost * county.uptake / MONEY_UNIT
    for charge, (entry, start) in zip(total, menu.slots, strict=True):
        share = menu.place_share[:, :, :, entry]
        first = _in_regions(prices.starting[:, :, start], share)
        charge[:-1] = first * county.uptake[:, None, None] * alive[:, start - entry]
        for year in range(start + 1, span):
            paid = np.flatnonzero((follow_on > 0) & (start + county.in_force > year))
            each = _in_regions(prices.spending[paid, :, min(year, years - 1)], share)
            charge[paid] += follow_on[paid, None, None] * each * alive[:, year - entry]
        for year in range(start, years):
            limited = np.flatnonzero(county.limited_by_reach & (start + county.in_force > year))
            charge[limited] -= reach[limited, :, :, year] * alive[:, year - entry]
    return np.moveaxis(total, 0, -1)


def _in_regions(by_place: Floats, share: Floats) -> Floats:
    """(services, places) → (services, regions, groups or 1), averaged over a region's people."""
    if share.shape[0] == by_place.shape[1]:
        return by_place[:, :, None]
    result: Floats = np.einsum("ip,rpg->irg", by_place, share)
    return result
