"""Branching on what is open finds the best of all choices, each written out whole."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import LAW, World, lumpy_worlds, on_disk, slack
from test_rounds_laws import Seen, few_offers, or_refused

from avert.errors import NoFeasiblePlan
from avert.packages import County
from avert.programme import Sets, menu_of, offers_of, written_out
from avert.programme.solve import solve


def best_of_all_choices(county: County) -> float | None:
    """The worth of the best plan over everything that may be open or closed; None if there is no plan."""
    sets = Sets(menu_of(county))
    assert len(sets.switches) <= 4
    offers, found = offers_of(sets.menu, sets.menu.everything()), []
    for choice in product((0, 1), repeat=len(sets.switches)):
        decided = dict(zip(sets.switches, choice, strict=True))
        try:
            found.append(-solve(written_out(sets, offers, decided=decided)[0]).objective)
        except NoFeasiblePlan:
            continue
    return max(found, default=None)


@pytest.mark.parametrize("at_once", [True, False])
def test_branching_finds_the_best_of_all_choices_of_what_is_open(at_once: bool) -> None:
    seen, open_or_not = Seen(), set()

    @settings(LAW, max_examples=30)
    @given(lumpy_worlds(), st.integers(0, 1000))
    def law(world: World, seed: int) -> None:
        with on_disk(world) as opened:
            county = opened.county()
        best = best_of_all_choices(county)
        optimum = or_refused(county, at_once=at_once, opening=None if at_once else few_offers(menu_of(county), seed))
        assert (best is None) == (optimum is None)
        if best is not None and optimum is not None:
            assert optimum.objective == pytest.approx(best, rel=1e-6, abs=slack(optimum))
            assert optimum.upper_bound >= best - slack(optimum)
            assert set(np.round(list(optimum.is_open.values()), 9)) <= {0, 1}
            seen.add(world, optimum)
            open_or_not.update(optimum.is_open.values())

    law()
    assert seen.plans >= 15
    assert open_or_not == {0, 1}
