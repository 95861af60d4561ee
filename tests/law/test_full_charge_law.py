"""Services charged in full at a master's prices: the bound is never worse for it, and nothing is left uncharged."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import LAW, World, on_disk, worlds, worlds_with_covers
from test_rounds_laws import few_offers

from avert.packages import County
from avert.pathway.groups import Floats
from avert.programme import Sets
from avert.programme.bound import answer_at, bound_at
from avert.programme.branching import penalty_of
from avert.programme.full_charge import FOLLOWS, FullCharge
from avert.programme.master import Master
from avert.programme.menu import menu_of


def bound(master: Master, price: Floats) -> float:
    """What no plan is worth more than, at prices of a master's lines."""
    prices = master.index.read(price)
    answers = answer_at(master.sets, prices).total
    return bound_at(master.sets, master.arrays, prices, price[: len(master.line)], answers)


def uncharged(master: Master, price: Floats) -> float:
    """The most that any line of `FOLLOWS` could still be raised by."""
    arrays = master.arrays
    used = np.bincount(arrays.column, weights=arrays.amount * price[arrays.row], minlength=len(arrays.cost))
    names, left = list(master._column), []
    for line, variable in FOLLOWS.items():
        for row, name in enumerate(master.line):
            on = arrays.column[arrays.row == row] if name.startswith(f"{line}__") else []
            follow = [n for n in on if names[n].startswith(f"{variable}__")]
            left += [min(arrays.cost[n] - used[n] for n in follow)] if follow else []
    return max(left, default=0.0)


def charged(county: County, seed: int) -> tuple[float, float, float, float]:
    """Bounds at a solver's own prices and charged in full, what is left uncharged, and the worth of it all."""
    sets = Sets(menu_of(county))
    master = Master(sets, penalty=penalty_of(sets))
    master.add(few_offers(sets.menu, seed))
    master.run()
    own = master.arrays.signed(np.array(master.model.getSolution().row_dual))
    largest = max(1.0, float(np.abs(master.price).max()))
    return bound(master, own), bound(master, master.price), uncharged(master, master.price) / largest, largest


def test_the_bound_is_never_worse_and_no_service_is_left_uncharged() -> None:
    better = 0

    @settings(LAW, max_examples=80)
    @given(st.one_of(worlds(), worlds_with_covers()), st.integers(0, 1000))
    def law(world: World, seed: int) -> None:
        nonlocal better
        with on_disk(world) as opened:
            own, full, left, largest = charged(opened.county(), seed)
        slack = 1e-9 * max(largest, abs(own))
        assert full <= own + slack
        assert left <= 1e-9
        better += full < own - slack

    law()
    assert better >= 10


def test_a_service_nobody_takes_yet_costs_all_that_its_money_would_bring_elsewhere() -> None:
    # paid − spend = 0, spend − 2 · participants = 0, participants − offers = 0; money brings 3 a pound elsewhere.
    lines = ["payments_meet_spend__a__0", "spend_follows_participants__a__0", "participants_follow_offers__a__0"]
    variables = ["paid__icb__a__0", "spend__a__0", "participants__a__0"]
    row, column, amount = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 2, 2]), np.array([1.0, -1.0, 1.0, -2.0, 1.0])
    charge = FullCharge(lines, variables, row, column, amount)
    assert charge.of(np.zeros(3), np.array([3.0, 0.0, 0.0])).tolist() == [3.0, 3.0, 6.0]
