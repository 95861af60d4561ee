"""Leaving services out of packages loses nothing, however badly it was guessed which to leave out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from random_worlds import LAW, World, on_disk, slack, worlds

from avert.appraisal import optimal_appraisal, optimise
from avert.errors import NoFeasiblePlan
from avert.programme import optimum_of, screening

LINES = ("limits", "staff", "ramp_up", "split", "may_pay", "fairness", "carry_over", "target")


@pytest.mark.parametrize("margin", [-1e9, 0.3])
def test_screened_plans_are_worth_as_much(margin: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where nothing is combined to begin with, the prices say what has to be, until nothing is missing."""
    monkeypatch.setattr(optimise, "WORTH_SCREENING", 1)
    monkeypatch.setattr(screening, "MARGIN", margin)
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
