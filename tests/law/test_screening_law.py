"""Leaving services out of packages loses nothing, however badly it was guessed which to leave out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import LAW, World, on_disk, slack, worlds

from avert.appraisal import optimal_appraisal, optimise
from avert.errors import NoFeasiblePlan
from avert.programme import bound, optimum_of, screening
from avert.programme.alone import worth_screening
from avert.programme.prices import prices_of
from avert.programme.pricing import best_answer, gains

LINES = ("limits", "staff", "ramp_up", "split", "may_pay", "fairness", "carry_over", "target")


@pytest.mark.parametrize("margin", [-1e9, 0.3])
def test_screened_plans_are_worth_as_much(margin: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where nothing is combined to begin with, the prices say what has to be, until nothing is missing."""
    monkeypatch.setattr(optimise, "WORTH_SCREENING", 1)
    monkeypatch.setattr(screening, "MARGIN", margin)
    monkeypatch.setattr(bound, "LONG", 0)
    seen = {"plans": 0, "fewer packages": 0, "refused": 0}

    @settings(LAW, max_examples=100)
    @given(world=worlds(*LINES))
    def law(world: World) -> None:
        with on_disk(world) as opened:
            try:
                whole = optimum_of(opened.county())
            except NoFeasiblePlan:
                with pytest.raises(NoFeasiblePlan):
                    optimal_appraisal(opened.plan())
                seen["refused"] += 1
                return
            found = optimal_appraisal(opened.plan(), alternative=True)
        assert found.optimum is not None
        assert found.alternative is not None
        assert found.optimum.gap <= 1e-6
        assert whole.objective <= found.optimum.upper_bound + slack(whole)
        assert abs(found.optimum.objective - whole.objective) <= slack(whole)
        seen["plans"] += 1
        seen["fewer packages"] += len(found.optimum.sets.menu) < len(whole.sets.menu)

    law()
    assert seen["plans"] >= 40
    assert seen["fewer packages"] >= 2


@pytest.mark.parametrize("counts", [True, False])
def test_pairs_left_unpriced_are_in_nobodys_best_answer(counts: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """At prices up to twice or down to half those of the optimum, the best answers are worth the same without them.

    So they are where only what is lacking counts, and each goal has some price.
    """
    monkeypatch.setattr(bound, "LONG", 0)
    seen = {"plans": 0, "fewer pairs": 0}

    @settings(LAW, max_examples=100)
    @given(world=worlds(*LINES), seed=st.integers(0, 2**32 - 1))
    def law(world: World, seed: int) -> None:
        with on_disk(world) as opened:
            try:
                optimum = optimum_of(opened.county())
            except NoFeasiblePlan:
                return
        sets, chance = optimum.sets, np.random.default_rng(seed)
        if not worth_screening(sets.county) or not len(sets.menu.package):
            return
        prices = prices_of(sets.menu, {line: price * chance.uniform(0.5, 2.0) for line, price in optimum.price.items()})
        if not counts:
            prices = replace(prices, goals={goal: chance.uniform(0.5, 2.0) for goal in prices.goals})
        gain = gains(sets.menu, prices, counts=counts)
        whole = best_answer(sets.menu, gain, sets.covering.gain(prices, counts=counts))
        found = bound.answer_at(sets, prices, counts=counts)
        assert found.total == pytest.approx(whole.total, rel=1e-12, abs=1e-12)
        assert sorted(found.gain) == pytest.approx(sorted(whole.gain), rel=1e-9, abs=1e-12)
        seen["plans"] += 1 if counts else bool(prices.goals)
        seen["fewer pairs"] += len(sets.alone.may_pay(prices, counts=counts)) < len(sets.menu.package)

    law()
    assert seen["plans"] >= (20 if counts else 10)
    assert seen["fewer pairs"] >= 5
