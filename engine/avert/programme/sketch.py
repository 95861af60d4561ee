"""Where to begin: a sketch of the county, small enough to be solved at once, whose prices open the real one.

In the sketch all places are one and its people stay: nobody joins later, nobody dies, no minimum is
asked for.  Its prices are near those of the county; its best offers are near the best in every place.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avert.packages import County
from avert.plan.records import Fairness
from avert.programme.master import Master
from avert.programme.menu import Menu, menu_of
from avert.programme.offers import offers_of
from avert.programme.prices import MONEY_UNIT, Prices, money_price
from avert.programme.pricing import best_answer, gains, reduced_gain
from avert.programme.rounds import solve_in_rounds, union
from avert.programme.uses import Ints
from avert.programme.variables import Sets

WORTH_A_SKETCH = 50_000
"""Offers from which a sketch saves more time than it takes."""
CLOSE_ENOUGH = 1e-3
MOST_TAKEN = 1_500
"""Offers of the sketch that open the real programme, in every place."""
MONEY_PRICES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02)
"""Prices of money to try first, as shares of what the best offers bring for it."""


def opening_offers(menu: Menu) -> Ints:
    """Offers with which to begin: those of the sketch, and the best answers at its prices."""
    if len(menu) < WORTH_A_SKETCH:
        return _at_money_prices(menu)
    sketch = menu_of(sketch_of(menu.county))
    master = Master(Sets(sketch))
    solve_in_rounds(master, _at_money_prices(sketch), close_enough=CLOSE_ENOUGH)
    answer = best_answer(menu, gains(menu, master.prices.spread_over(menu)))
    return union(answer.numbers, _in_every_place(menu, sketch, _best_held(master, master.prices)))


def sketch_of(county: County) -> County:
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
    one = replace(
        strata, places=("everywhere",), people=whole, death_chance=stays, growth=0.0, rates=rates, today=today
    )
    joined = np.zeros((groups, len(county.years)))
    joined[:, 0] = whole
    record = county.plan.record.model_copy(update={"fairness": Fairness(), "keep_services": {}, "target": {}})
    return replace(county, plan=replace(county.plan, record=record), strata=one, joined=joined)


def _at_money_prices(menu: Menu) -> Ints:
    """Best answers where money has one price, for several such prices."""
    county = menu.county
    cost = (county.family.members * (county.cost * county.uptake)[None]).sum(axis=1)[menu.package] / MONEY_UNIT
    worth = menu.value.max(axis=(0, 2, 3), initial=0.0)
    paid = (cost > 0) & (worth > 0)
    most = float(np.quantile(worth[paid] / cost[paid], 0.99)) if paid.any() else 0.0
    found = [best_answer(menu, gains(menu, money_price(menu, most * part))).numbers for part in MONEY_PRICES]
    return union(*found)


def _best_held(master: Master, prices: Prices) -> Ints:
    """The offers a solved master holds that are in use or nearest to it."""
    offers = offers_of(master.sets.menu, master.held)
    gain = gains(master.sets.menu, prices)[offers.cover, offers.pair, offers.region, offers.slot]
    lost = -reduced_gain(offers, prices, gain) * offers.limit
    return master.held[np.argsort(lost, kind="stable")[:MOST_TAKEN]]


def _in_every_place(menu: Menu, sketch: Menu, numbers: Ints) -> Ints:
    """The sketch's offers as offers of the real menu, to those there from the start."""
    offers = offers_of(sketch, numbers)
    slot = menu.slot_of[0, offers.start]
    found = [
        menu.numbers(offers.pair, np.full(len(numbers), region), slot, offers.cover) for region in range(menu.regions)
    ]
    everywhere = np.concatenate(found)
    there = offers_of(menu, everywhere).limit > 0
    return everywhere[there]
