"""Where to begin: a sketch of the county, small enough to be solved at once, whose prices open the real one.

In the sketch all places are one and its people stay: nobody joins later, nobody dies, no minimum is
asked for.  Its prices are near those of the county; its best offers are near the best in every place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from avert.packages import County
from avert.plan.fairness import Fairness
from avert.plan.records import LEAST_COST
from avert.programme.master import Master
from avert.programme.menu import Menu, menu_of
from avert.programme.offers import offers_of
from avert.programme.prices import MONEY_UNIT, money_price, prices_of
from avert.programme.pricing import best_answer, gain_of, gains, reduced_gain
from avert.programme.rounds import solve_in_rounds, union
from avert.programme.uses import Ints
from avert.programme.variables import Sets

WORTH_A_SKETCH = 50_000
"""Offers from which a sketch saves more time than it takes."""
EVERYWHERE = "everywhere"
CLOSE_ENOUGH = 1e-3
MOST_TAKEN, LEAST_TAKEN = 2_000, 150
"""Offers of the sketch that open the real programme in all places together, and at the least in each."""
MONEY_PRICES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02)
"""Prices of money to try first, as shares of what the best offers bring for it."""


@dataclass(frozen=True)
class Opening:
    """Where to begin."""

    numbers: Ints
    price: Mapping[str, float]
    """Prices near those of the county, by line; none where it is too small for a sketch."""


@dataclass(frozen=True)
class Sketch:
    """A sketch of a county, solved."""

    menu: Menu
    master: Master

    @property
    def price(self) -> Mapping[str, float]:
        """Line of the sketch → its price."""
        return self.master.price_by_name


def opening_of(menu: Menu, near: Mapping[str, float] | None = None) -> Opening:
    """Offers and prices with which to begin: those of the sketch, and the best answers at its prices.

    `near` are prices of a sketch like it, by line.
    """
    if len(menu) < WORTH_A_SKETCH:
        return Opening(_at_money_prices(menu), {})
    sketch = sketch_of(menu, near)
    answer = best_answer(menu, gains(menu, sketch.master.prices.spread_over(menu)))
    taken = _best_held(sketch.master, max(LEAST_TAKEN, MOST_TAKEN // menu.regions))
    numbers = union(answer.numbers, _everywhere(menu, sketch.menu, taken))
    return Opening(numbers, _for_every_place(sketch.price, menu))


def sketch_of(menu: Menu, near: Mapping[str, float] | None = None) -> Sketch:
    """The sketch of a menu's county, begun at prices near its own where there are any."""
    sketch = menu_of(_as_one_place(menu.county))
    master = Master(Sets(sketch))
    opening = best_answer(sketch, gains(sketch, prices_of(sketch, near))).numbers if near else _at_money_prices(sketch)
    solve_in_rounds(master, opening, near=near, close_enough=CLOSE_ENOUGH)
    return Sketch(sketch, master)


def _for_every_place(price: Mapping[str, float], menu: Menu) -> dict[str, float]:
    """Prices of the sketch's lines for the lines of every place."""
    found = {}
    for name, one in price.items():
        parts = name.split("__")
        if EVERYWHERE in parts:
            for place in menu.county.strata.places:
                found["__".join(place if part == EVERYWHERE else part for part in parts)] = one
        elif parts[0] not in ("one_package_each", "within_reach"):
            found[name] = one
    return found


def _as_one_place(county: County) -> County:
    """The county as one place with today's people."""
    strata, groups = county.strata, len(county.groups)
    people = strata.people.reshape(-1, groups)
    whole = people.sum(axis=0)
    share = np.where(whole > 0, people / np.where(whole > 0, whole, 1.0), 1 / len(people))
    rates = {
        event: np.einsum("pg,pgt->gt", share, rate.reshape(len(people), groups, -1))
        for event, rate in strata.rates.items()
    }
    today = {event: left[:groups] for event, left in strata.today.items()}
    stays = np.zeros(groups)
    one = replace(strata, places=(EVERYWHERE,), people=whole, death_chance=stays, growth=0.0, rates=rates, today=today)
    joined = np.zeros((groups, len(county.years)))
    joined[:, 0] = whole
    plain = {"fairness": Fairness(), "keep_services": {}, "target": {}, "lumpy": {}}
    if LEAST_COST in county.plan.record.weights:
        plain["objective"] = (dict.fromkeys(county.plan.record.target, 1.0),)
    record = county.plan.record.model_copy(update=plain)
    return replace(county, plan=replace(county.plan, record=record), strata=one, joined=joined)


def _at_money_prices(menu: Menu) -> Ints:
    """Best answers where money has one price, for several such prices."""
    county = menu.county
    cost = (county.family.members * (county.cost * county.uptake)[None]).sum(axis=1)[menu.package] / MONEY_UNIT
    worth = (menu.value + sum(menu.goal_values.values())).max(axis=(0, 2, 3), initial=0.0)
    paid = (cost > 0) & (worth > 0)
    most = float(np.quantile(worth[paid] / cost[paid], 0.99)) if paid.any() else 0.0
    goals = dict.fromkeys(menu.goal_values, 1.0)
    tried = [replace(money_price(menu, most * part), goals=goals) for part in MONEY_PRICES]
    found = [best_answer(menu, gains(menu, prices)).numbers for prices in tried]
    return union(*found)


def _best_held(master: Master, most: int) -> Ints:
    """The offers a solved master holds that are in use, and then those nearest to it."""
    offers, prices = offers_of(master.sets.menu, master.held), master.prices
    lost = -reduced_gain(offers, prices, gain_of(offers, prices)) * offers.limit
    unused = master.allocation[0] <= 0
    return master.held[np.lexsort((lost, unused))[: max(most, int((~unused).sum()))]]


def _everywhere(menu: Menu, sketch: Menu, numbers: Ints) -> Ints:
    """The sketch's offers as offers of the real menu, in every place to every cohort that is there by then."""
    offers = offers_of(sketch, numbers)
    found = []
    for region, entry in product(range(menu.regions), menu.entries):
        then = offers.start >= entry
        pair, slot = offers.pair[then], menu.slot_of[entry, offers.start[then]]
        found.append(menu.numbers(pair, np.full(len(pair), region), slot, offers.cover[then]))
    everywhere = np.concatenate(found)
    there = offers_of(menu, everywhere).limit > 0
    return everywhere[there]
