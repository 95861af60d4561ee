"""Prices of lines as arrays, read by the names of the lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from avert.packages import survival
from avert.pathway.groups import Floats
from avert.programme.menu import Menu

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


def flat_label(menu: Menu, constraint: str, label: Sequence[str | int]) -> int:
    """Where the line with this label stands in its array of prices, laid out flat."""
    shape = getattr(no_prices(menu), Prices.FIELDS[constraint]).shape
    return _flat(menu, shape, label)


def _flat(menu: Menu, shape: tuple[int, ...], label: Sequence[str | int]) -> int:
    names = menu.service_number, menu.place_number
    number = 0
    for n, (extent, one) in enumerate(zip(shape, label, strict=True)):
        index = names[n].get(str(one)) if n < len(names) else None
        number = number * extent + (int(one) if index is None else index)
    return number


class PriceReader:
    """Reads prices into arrays from the order in which a programme holds its lines."""

    def __init__(self, menu: Menu) -> None:
        self.menu = menu
        blank = no_prices(menu)
        self.shapes = {constraint: getattr(blank, name).shape for constraint, name in Prices.FIELDS.items()}
        self.where: dict[str, tuple[list[int], list[int]]] = {constraint: ([], []) for constraint in self.shapes}
        self.goals: dict[str, int] = {}
        self.lines = 0
        self._goal_names = {goal.name for goal in menu.goals}

    def add(self, names: Iterable[str]) -> None:
        """Lines that follow those added before."""
        for name in names:
            constraint, *label = name.split("__")
            if name in self._goal_names:
                self.goals[name] = self.lines
            elif constraint in self.shapes:
                indices, positions = self.where[constraint]
                indices.append(_flat(self.menu, self.shapes[constraint], label))
                positions.append(self.lines)
            self.lines += 1

    def read(self, values: Floats) -> Prices:
        """Prices from the values of all lines, in their order."""
        blank = no_prices(self.menu)
        for constraint, (indices, positions) in self.where.items():
            getattr(blank, Prices.FIELDS[constraint]).reshape(-1)[indices] = values[positions]
        return replace(blank, goals={name: float(values[n]) for name, n in self.goals.items()})


def prices_of(menu: Menu, price: Mapping[str, float]) -> Prices:
    """Prices from a mapping of lines by name."""
    reader = PriceReader(menu)
    reader.add(price)
    return reader.read(np.fromiter(price.values(), dtype=float, count=len(price)))


def charges(menu: Menu, prices: Prices) -> Floats:
    """(services + 1, blocks, slots): what the lines charge per person of the cohort offered a service.

    charge  =  Σ over lines of − price · amount

    that is uptake · survival · price of starting, and in later years in force uptake · survival · follow-on
    cost · price of spending, less survival · price of reach.  The last row is for no service.
    """
    county = menu.county
    years, span, services = len(county.years), county.groups.years, len(county.family.ids)
    alive = survival(county, span)[: len(county.groups)]
    shape = (services + 1, menu.regions, len(county.groups), len(menu.slots))
    total = np.zeros(shape)
    reach = prices.reach.reshape(services, menu.regions, len(county.groups), years)
    follow_on = county.follow_on_cost * county.uptake / MONEY_UNIT
    later_on = np.flatnonzero((follow_on > 0) & (county.in_force > 1))
    limited = np.flatnonzero(county.limited_by_reach)
    for number, (entry, start) in enumerate(menu.slots):
        share = menu.place_share[:, :, :, entry]
        first = np.einsum("ip,rpg->irg", prices.starting[:, :, start], share)
        total[:-1, :, :, number] = first * county.uptake[:, None, None] * alive[None, None, :, start - entry]
        for i in later_on.tolist():
            for year in range(start + 1, min(start + int(county.in_force[i]), span)):
                each = np.einsum("p,rpg->rg", prices.spending[i, :, min(year, years - 1)], share)
                total[i, :, :, number] += follow_on[i] * each * alive[:, year - entry]
        for i in limited.tolist():
            for year in range(start, min(start + int(county.in_force[i]), years)):
                total[i, :, :, number] -= reach[i, :, :, year] * alive[:, year - entry]
    return total
