"""Column generation: offers are brought in by price until the bound proves that none is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from avert.errors import SolverStopped
from avert.pathway.groups import Floats
from avert.programme.bound import answer_at, bound_at, gap_between
from avert.programme.master import Master
from avert.programme.offers import offers_of
from avert.programme.prices import MONEY_UNIT, Prices
from avert.programme.pricing import BestAnswer, gain_of, reduced_gain
from avert.programme.uses import Ints
from avert.programme.written import own_money_weight

MOST_ROUNDS = 200
CLOSE_ENOUGH = 1e-9
"""Gap at which no more offers are looked for."""
WIDE = 1e-2
"""Gap above which prices are smoothed."""
FEW = 0.01
"""Share of the offers held up to which what smoothed prices bring in says that they are no longer of use."""
PAYS = 1e-9
"""An offer pays if it adds more than this per person, relative to the most one can be worth."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Proof:
    """How a master was solved."""

    rounds: int
    upper_bound: float
    """No plan is worth more."""
    prices: Prices
    """The prices by which that is so."""
    price: Floats
    """The same for the lines of the master, in their order."""


def solve_in_rounds(
    master: Master,
    opening: Ints,
    *,
    near: Mapping[str, float] | None = None,
    close_enough: float = CLOSE_ENOUGH,
    progress: Progress = lambda _: None,
) -> Proof:
    """Bring offers into the master until its gap is small enough.

    Each round solves the master, reads the prices of its lines, asks every block for its best answer
    at those prices, and brings in the offers of those answers that would pay.  Each offer enters by
    itself, so that the master can put together schedules nobody has answered with.  While the gap is
    wide the master's prices swing, so the blocks are asked at prices half-way towards those of the best
    bound so far; `near` are prices to begin with, by line.

    Raises SolverStopped where the bound is not met.
    """
    master.add(opening)
    master.run()
    best = asked_at(master, master.padded(near)) if near else None
    smoothed = True
    for number in range(1, MOST_ROUNDS + 1):
        price = master.price
        wide = best is not None and gap_between(master.sets, best.bound, -master.objective) > WIDE
        if best is not None and wide and smoothed:
            price = (price + master.pad(best.price)) / 2
        asked = asked_at(master, price)
        best = asked if best is None or asked.bound < best.bound else best
        gap = gap_between(master.sets, best.bound, -master.objective)
        progress(f"round {number}: {len(master.held):,} offers considered, gap {gap:.1e}")
        if gap <= close_enough:
            return _proof(master, number, best)
        brought = master.add(paying(master, asked.answer, own_prices=price is master.price))
        if not brought and price is master.price:
            return _proof(master, number, best)
        smoothed = brought > FEW * len(master.held)  # else the master's own prices are asked next
        if brought:
            master.run()
    raise SolverStopped(f"no certificate after {MOST_ROUNDS} rounds, so there is no answer to show")


@dataclass(frozen=True)
class Asked:
    price: Floats
    """Of the lines held when it was asked."""
    answer: BestAnswer
    bound: float


def _proof(master: Master, rounds: int, best: Asked) -> Proof:
    price = master.pad(best.price)
    return Proof(rounds, best.bound, master.index.read(price), price)


def asked_at(master: Master, price: Floats) -> Asked:
    """The best answers at prices of the master's lines, and the bound they give."""
    prices, master.passes = master.index.read(price), master.passes + 1
    answer = answer_at(master.sets, prices, counts=master.counts)
    first = len(master.arrays.limit)
    return Asked(price, answer, bound_at(master.sets, master.arrays, prices, price[:first], answer.total))


def paying(master: Master, answer: BestAnswer, *, own_prices: bool = False) -> Ints:
    """Offers of the best answers that would pay at the master's prices: under the best covers, else under any.

    `own_prices` says that they answer to just those prices, so that their gain is known.
    """
    if not len(answer.numbers):
        return answer.numbers
    offers, prices = offers_of(master.sets.menu, answer.numbers), master.prices
    gain = answer.gain if own_prices else gain_of(offers, prices, counts=master.counts)
    pays = reduced_gain(offers, prices, gain) > next_to_nothing(master)
    pays &= ~np.isin(answer.numbers, master.held)
    best = pays & answer.under_best
    return answer.numbers[best if best.any() else pays]


def next_to_nothing(master: Master) -> float:
    """A gain per person that is rounding beside the most anybody's offer is worth, or costs where cost counts."""
    menu = master.sets.menu
    of_goals = [abs(price) * menu.most_of_goal[name] for name, price in master.prices.goals.items()]
    costs = own_money_weight(master.sets) / MONEY_UNIT * float((menu.county.cost * menu.county.uptake).max(initial=0.0))
    return PAYS * (max(menu.most_worth, costs, *of_goals) if master.counts else 1.0)


def union(*numbers: Ints) -> Ints:
    """Offers of several choices, each once."""
    return np.unique(np.concatenate(numbers))
