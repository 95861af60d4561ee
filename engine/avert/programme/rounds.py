"""Column generation: offers are brought in by price until the bound proves that none is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from avert.errors import SolverStopped
from avert.programme.bound import answer_at, bound_at, gap_between
from avert.programme.master import Master
from avert.programme.offers import offers_of
from avert.programme.pricing import BestAnswer, reduced_gain
from avert.programme.uses import Ints

MOST_ROUNDS = 200
CLOSE_ENOUGH = 1e-8
"""Gap at which no more offers are looked for."""
PAYS = 1e-9
"""An offer pays if it adds more than this per person, relative to the most one can be worth."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Proof:
    """How a master was solved."""

    rounds: int
    upper_bound: float
    """No plan is worth more, by the prices of the last round."""


def solve_in_rounds(
    master: Master, opening: Ints, *, close_enough: float = CLOSE_ENOUGH, progress: Progress = lambda _: None
) -> Proof:
    """Bring offers into the master until its gap is small enough.

    Each round solves the master, reads the prices of its lines, asks every block for its best answer
    at those prices, and brings in the offers of those answers that would pay.  Each offer enters by
    itself, so that the master can put together schedules nobody has answered with.

    Raises SolverStopped where the bound is not met.
    """
    master.add(opening)
    master.run(fresh=True)
    for number in range(1, MOST_ROUNDS + 1):
        prices = master.prices
        answer = answer_at(master.sets, prices, counts=master.counts)
        first = len(master.arrays.limit)
        bound = bound_at(master.sets, master.arrays, prices, master.price[:first], answer.total)
        gap = gap_between(master.sets, bound, -master.objective)
        progress(f"round {number}: {len(master.held):,} offers considered, gap {gap:.1e}")
        if gap <= close_enough or not master.add(paying(master, answer)):
            return Proof(number, bound)
        master.run()
    raise SolverStopped(f"no certificate after {MOST_ROUNDS} rounds, so there is no answer to show")


def paying(master: Master, answer: BestAnswer) -> Ints:
    """Offers of the best answers that would pay at the master's prices: under the best covers, else under any."""
    if not len(answer.numbers):
        return answer.numbers
    offers = offers_of(master.sets.menu, answer.numbers)
    pays = reduced_gain(offers, master.prices, answer.gain) > next_to_nothing(master)
    pays &= ~np.isin(answer.numbers, master.held)
    best = pays & answer.under_best
    return answer.numbers[best if best.any() else pays]


def next_to_nothing(master: Master) -> float:
    """A gain per person that is rounding beside the most anybody's offer is worth."""
    menu = master.sets.menu
    of_goals = [abs(price) * menu.most_of_goal[name] for name, price in master.prices.goals.items()]
    return PAYS * (max(menu.most_worth, *of_goals, 0.0) if master.counts else 1.0)


def union(*numbers: Ints) -> Ints:
    """Offers of several choices, each once."""
    return np.unique(np.concatenate(numbers))
