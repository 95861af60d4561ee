"""The bound: a value no plan can exceed, from prices alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from avert.pathway.groups import Floats
from avert.programme.alone import worth_screening
from avert.programme.frame import FrameArrays
from avert.programme.offers import offers_of
from avert.programme.prices import Prices, charges, prices_of
from avert.programme.pricing import BestAnswer, best_answer, gains
from avert.programme.uses import Ints
from avert.programme.variables import Sets
from avert.programme.written import own_money_weight, written_out

SMALLEST_PART, SMALLEST_PART_OF_MONEY, SMALLEST_VALUE = 1e-6, 1e-3, 1e-4
"""What a value counts as at the least, beside all there is, beside the money, and by itself, for a gap to be told."""
LONG = 10_000
"""Pairs of a menu from which it pays to find out first which are worth pricing."""
NOTHING: Ints = np.zeros(0, dtype=np.int64)


def bound_at(sets: Sets, arrays: FrameArrays, prices: Prices, frame_price: Floats, answers: float) -> float:
    """Upper bound on what any plan is worth, at prices of the right sign.

    Σ over blocks and cohorts of people · F  −  Σ over lines of price · limit
                                             −  Σ over other variables of what their reduced cost could still bring

    `answers` is the first sum, the best answers of all blocks at these prices.  Weak duality: the lines
    with prices are relaxed and priced; one_package_each is kept inside the best answers.
    """
    reach = float((prices.reach * sets.reach_limit).sum())
    return answers - arrays.bound_on_the_rest(frame_price) - reach


def answer_at(sets: Sets, prices: Prices, *, counts: bool = True) -> BestAnswer:
    """The best answers of all blocks and regions at some prices: one pricing pass."""
    menu, of_covers = sets.menu, sets.covering.gain(prices, counts=counts)
    if not is_long(sets):
        return best_answer(menu, gains(menu, prices, counts=counts), of_covers)
    charged = charges(menu, prices)
    pairs = sets.alone.may_pay(prices, counts=counts, charged=charged)
    short = menu.only(pairs)
    answer = best_answer(short, gains(short, prices, counts=counts, charged=charged), of_covers)
    cover, pair, region, slot = np.unravel_index(answer.numbers, short.shape)
    return replace(answer, numbers=menu.numbers(pairs[pair], region, slot, cover))


def is_long(sets: Sets) -> bool:
    """Whether only the pairs of the menu are priced of whose parts each may pay."""
    return len(sets.menu.package) >= LONG and worth_screening(sets.county)


def upper_bound(sets: Sets, price: Mapping[str, float], *, counts: bool = True) -> float:
    """The bound at prices given by name of line; lines not named have no price."""
    frame, _ = written_out(sets, offers_of(sets.menu, NOTHING), feasibility_only=not counts)
    arrays, prices = FrameArrays(frame), prices_of(sets.menu, price)
    frame_price = np.array([price.get(line.name, 0.0) for line in frame.constraints()])
    answers = answer_at(sets, prices, counts=counts).total
    return bound_at(sets, arrays, prices, frame_price, answers)


def gap_between(sets: Sets, bound: float, value: float) -> float:
    """max(0, (bound − value) / |value|), where a value next to nothing counts as a millionth of all there is.

    All there is: the best of every slot for everybody.  Where money counts, a value counts as a thousandth of it
    at the least, since it is the difference of two such sums; and as a ten-thousandth of an event anywhere.  A plan
    in which nothing pays is worth 0, and rounding must not look like a gap beside that.
    """
    money = own_money_weight(sets) * sets.money
    least = max(SMALLEST_PART * sets.menu.all_there_is, SMALLEST_PART_OF_MONEY * money, SMALLEST_VALUE)
    return max(0.0, (bound - value) / max(abs(value), least))
