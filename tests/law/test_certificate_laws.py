"""The certificate holds: at any prices the bound is above the optimum, and every way of solving finds the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulp import LpConstraintGE, LpConstraintLE, LpProblem
from random_worlds import LAW, World, on_disk, optimum_or_refusal, slack, worlds

from avert.errors import NoFeasiblePlan
from avert.packages import county_of
from avert.programme import Optimum, Sets, offers_of, optimum_of, written_out
from avert.programme.bound import upper_bound
from worlds import effect, event, intervention, open_world, write_world

TRIES = 20


def frame_of(sets: Sets) -> LpProblem:
    """The programme over every offer."""
    return written_out(sets, offers_of(sets.menu, sets.menu.everything()))[0]


def noisy(optimum: Optimum, frame: LpProblem, chance: np.random.Generator) -> dict[str, float]:
    """Prices scaled and shaken, each with the sign its line allows: ≤ never above 0, ≥ never below."""
    size = chance.choice([0.01, 0.3, 3.0])
    found = {}
    for line in frame.constraints():
        price = optimum.price.get(line.name, 0.0)
        price = price * (1 + size * chance.normal()) + size * chance.normal() * chance.choice([0, 1e-3, 1.0])
        if line.sense == LpConstraintLE:
            price = min(price, 0.0)
        elif line.sense == LpConstraintGE:
            price = max(price, 0.0)
        found[line.name] = float(price)
    return found


@LAW
@given(worlds())
def test_every_optimum_comes_with_a_certificate(world: World) -> None:
    with on_disk(world) as opened:
        optimum = optimum_or_refusal(opened)
    if optimum is not None:
        assert optimum.gap <= 1e-6
        assert optimum.upper_bound >= optimum.objective - slack(optimum)


@LAW
@given(worlds(), st.integers(0, 1000))
def test_at_no_prices_is_the_bound_below_the_optimum(world: World, seed: int) -> None:
    with on_disk(world) as opened:
        optimum = optimum_or_refusal(opened)
    if optimum is None:
        return
    sets, chance = optimum.sets, np.random.default_rng(seed)
    frame = frame_of(sets)
    for _ in range(TRIES):
        prices = noisy(optimum, frame, chance)
        bound = upper_bound(sets, prices)
        assert bound >= optimum.objective - slack(optimum)


@LAW
@given(worlds())
def test_bringing_columns_in_by_price_finds_what_writing_all_of_them_out_finds(world: World) -> None:
    with on_disk(world) as opened:
        county = opened.county()
    answers: list[Optimum | None] = []
    for at_once in (True, False):
        try:
            answers.append(optimum_of(county, at_once=at_once))
        except NoFeasiblePlan:
            answers.append(None)
    whole, sifted = answers
    assert (whole is None) == (sifted is None)
    if whole is not None and sifted is not None:
        assert sifted.objective == pytest.approx(whole.objective, rel=1e-6, abs=slack(whole))


@pytest.mark.parametrize("at_once", [True, False])
def test_follow_on_costs_past_the_plan_are_brought_in_by_price_too(tmp_path: Path, at_once: bool) -> None:
    """Two later years of one service fall due in the plan's last year: one column, twice the same line."""
    services = [
        intervention("a", effect("fall_admission", 0.8), cost=70, duration_years=3, follow_on_cost=10),
        intervention("b", effect("fall_admission", 0.81), cost=77, uptake=0.7),
    ]
    rates = {"65-74": 1000, "75-84": 3000, "85+": 9000}
    plan = {"years_counted_beyond": 2, "largest_package": 2, "money": {"council": 300_000}}
    path = write_world(tmp_path, nodes=[event("fall_admission", rates)], interventions=services, plan=plan)
    optimum = optimum_of(county_of(open_world(path)), at_once=at_once)
    assert optimum.objective == pytest.approx(85.982667)
    assert optimum.gap <= 1e-6


def test_a_plan_in_which_nothing_pays_is_certified_too(tmp_path: Path) -> None:
    services = [intervention("classes", effect("fall_admission", 0.8), cost=390, uptake=0.7, delivery=0.5)]
    path = write_world(
        tmp_path,
        nodes=[event("fall_admission", 1000)],
        interventions=services,
        plan={"objective": "net_cost", "money": {"council": 49_000}, "limits": {"classes": 47}},
        people={"here": {"65-74": 562, "75-84": 482, "85+": 569}},
        cashable=0.5,
    )
    optimum = optimum_of(county_of(open_world(path)))
    assert optimum.objective == pytest.approx(0, abs=1e-9)
    assert optimum.gap <= 1e-6


@settings(LAW, max_examples=10)
@given(worlds())
def test_a_second_solver_finds_the_same(world: World) -> None:
    with on_disk(world) as opened:
        county = opened.county()
        optimum = optimum_or_refusal(opened)
    if optimum is not None:
        second = optimum_of(county, solver="cbc")
        assert second.objective == pytest.approx(optimum.objective, rel=1e-6, abs=slack(optimum))
