"""What each budget buys: whatever is optimised afresh between two points lies in the bracket the points give."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import LAW, Opened, World, lumpy_worlds, on_disk, slack, worlds, worlds_with_covers

from avert.appraisal import Appraisal, Frontier, bracket, frontier_of, optimal_appraisal, optimise
from avert.errors import AvertError, NoFeasiblePlan
from avert.programme import Optimum, optimum_of, screening
from avert.programme.budgets import LARGEST_GAP
from avert.results import frontier_tables

SHARES = st.lists(st.integers(0, 2000).map(lambda thousandths: thousandths / 1000), min_size=3, max_size=3)


def appraised(opened: Opened) -> Appraisal | None:
    try:
        return optimal_appraisal(opened.plan())
    except NoFeasiblePlan:
        return None


def money_at(world: World, share: float) -> object:
    """The plan's money, every amount so many times what it is."""
    return {
        partner: {year: _in_thousands(share * pounds) for year, pounds in amount.items()}
        if isinstance(amount, dict)
        else _in_thousands(share * amount)
        for partner, amount in world.plan["money"].items()
    }


def _in_thousands(pounds: float) -> str:
    """An amount of any size as a plan may state it: bare small numbers could be meant as millions."""
    return f"£{pounds / 1000:.15f}k"


def afresh(opened: Opened, share: float) -> Optimum | None:
    """The optimum of the plan with so much money, found without anything known before."""
    try:
        return optimum_of(opened.county(money=money_at(opened.world, share)))
    except NoFeasiblePlan:
        return None


def begins_where_plans_begin(opened: Opened, frontier: Frontier) -> None:
    if frontier.infeasible is not None:
        assert frontier.points[0].share > frontier.infeasible
        assert afresh(opened, frontier.infeasible) is None


def same_as_the_run(appraisal: Appraisal, frontier: Frontier) -> None:
    optimum = appraisal.optimum
    assert optimum is not None
    (today,) = (point for point in frontier.points if point.share == 1)
    assert today.objective == pytest.approx(optimum.objective, rel=1e-6, abs=10 * slack(optimum))


def bracketed(opened: Opened, frontier: Frontier, table: pd.DataFrame, share: float) -> bool:
    """The optimum at a share lies in the bracket, up to the solver's own rounding; False where none was asked."""
    budget = share * float(table["budget"].iloc[-1]) / frontier.points[-1].share
    if budget < table["budget"].iloc[0]:
        with pytest.raises(AvertError, match="outside the frontier"):
            bracket(table, budget)
        return False
    fresh = afresh(opened, share)
    assert fresh is not None, "between two plans that can be kept lies one that can"
    low, high = bracket(table, budget)
    rounding = 10 * slack(fresh)
    assert low <= high + rounding
    assert low <= fresh.upper_bound + rounding
    assert fresh.objective <= high + rounding
    return True


def concave(frontier: Frontier) -> None:
    """No slope above the one before, neither of chords nor of tangents."""
    points = frontier.points
    rounding = 1e-6 * max(abs(point.objective) for point in points) + 1e-9
    for before, point, after in zip(points, points[1:], points[2:], strict=False):
        assert 2 * point.objective >= before.objective + after.objective - rounding
    for point, after in pairwise(points):
        width = after.budget - point.budget
        assert after.objective >= point.objective - rounding
        assert after.objective <= point.upper_bound + point.slope * width + rounding
        assert point.objective <= after.upper_bound - after.slope * width + rounding


def holds(opened: Opened, shares: list[float], points: int) -> int:
    appraisal = appraised(opened)
    if appraisal is None:
        return 0
    frontier = frontier_of(appraisal, points=points)
    table = frontier_tables(frontier)["frontier"]
    assert len(frontier.points) == points or frontier.infeasible is not None
    begins_where_plans_begin(opened, frontier)
    same_as_the_run(appraisal, frontier)
    assert max(point.gap for point in frontier.points) <= LARGEST_GAP
    if not frontier.steps:
        concave(frontier)
    return sum([bracketed(opened, frontier, table, share) for share in shares])


def test_the_optimum_lies_in_the_bracket_at_every_budget() -> None:
    seen = {"asked": 0, "begins later": 0}

    @given(world=worlds(), shares=SHARES)
    @settings(LAW, max_examples=60)
    def law(world: World, shares: list[float]) -> None:
        with on_disk(world) as opened:
            asked = holds(opened, shares, 7)
            seen["asked"] += asked
            seen["begins later"] += 0 < asked < len(shares)

    law()
    assert seen["asked"] >= 60
    assert seen["begins later"] >= 1


@given(world=worlds_with_covers(), shares=SHARES)
@settings(LAW, max_examples=8)
def test_with_services_on_whole_places(world: World, shares: list[float]) -> None:
    with on_disk(world) as opened:
        holds(opened, shares, 5)


@given(world=lumpy_worlds(), shares=SHARES)
@settings(LAW, max_examples=15)
def test_with_lumpy_services_it_lies_between_steps(world: World, shares: list[float]) -> None:
    with on_disk(world) as opened:
        holds(opened, shares, 5)


@pytest.mark.parametrize("margin", [-1e9, 0.3])
def test_packages_left_out_at_the_plans_own_money_are_proved_not_to_be_missed(
    margin: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However badly it was guessed what to combine, the bound over all packages says what to combine after all."""
    monkeypatch.setattr(optimise, "WORTH_SCREENING", 1)
    monkeypatch.setattr(screening, "MARGIN", margin)

    @given(world=worlds("limits", "staff", "ramp_up", "fairness", "carry_over"), shares=SHARES)
    @settings(LAW, max_examples=20)
    def law(world: World, shares: list[float]) -> None:
        with on_disk(world) as opened:
            appraisal = appraised(opened)
            if appraisal is None:
                return
            frontier = frontier_of(appraisal, points=7)
            same_as_the_run(appraisal, frontier)
            assert max(point.gap for point in frontier.points) <= 1e-4
            table = frontier_tables(frontier)["frontier"]
            for share in shares:
                bracketed(opened, frontier, table, share)

    law()
