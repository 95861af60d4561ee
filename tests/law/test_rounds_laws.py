"""Rounds of pricing find the optimum of the whole programme written out, with every kind of line on and off."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulp import LpProblem
from random_worlds import LAW, World, listed_worlds, on_disk, slack, worlds, worlds_with_covers
from test_certificate_laws import frame_of, noisy

from avert.errors import NoFeasiblePlan
from avert.packages import County, county_of
from avert.programme import Optimum, Sets, optimum_of
from avert.programme.bound import answer_at, bound_at, upper_bound
from avert.programme.frame import FrameArrays
from avert.programme.menu import Menu, menu_of
from avert.programme.offers import offers_of
from avert.programme.prices import prices_of
from avert.programme.written import written_out
from worlds import effect, event, intervention, open_world, write_world

LINES = ("carry_over", "may_pay", "split", "limits", "staff", "ramp_up", "today", "keep_services", "target")
RULES = ("each_place_at_least", "offers", "minimum", "equity_weights", "equal_access")
PRICE_VECTORS = 200


@dataclass
class Seen:
    """What the plans of a law were like, so that it cannot hold for want of plans."""

    plans: int = 0
    refused: int = 0
    more_rounds: int = 0
    on: Counter[str] = field(default_factory=Counter)

    def add(self, world: World, optimum: Optimum) -> None:
        """One more plan with an optimum."""
        self.plans += 1
        self.more_rounds += optimum.rounds > 1
        plan = world.plan
        self.on.update(line for line in LINES if line in plan)
        self.on.update(rule for rule in RULES if rule in plan.get("fairness", {}))
        self.on["least_cost"] += plan["objective"] == "least_cost"
        self.on["everything"] += plan.get("money_is") == "everything"
        self.on["place"] += any(one.get("level") == "place" for one in world.interventions)


def few_offers(menu: Menu, seed: int) -> np.ndarray:
    """A poor choice to begin with: nothing at all, or a handful of offers."""
    chance = np.random.default_rng(seed)
    everything = menu.everything()
    return chance.choice(everything, min(len(everything), int(chance.integers(0, 5))), replace=False)


def or_refused(county: County, **how: object) -> Optimum | None:
    """The optimum, or None if the plan's minima cannot be met."""
    try:
        return optimum_of(county, **how)  # type: ignore[arg-type]
    except NoFeasiblePlan:
        return None


def both_ways(world: World, seed: int, seen: Seen) -> None:
    """The whole programme and rounds from a few offers find the same, or refuse the plan both."""
    with on_disk(world) as opened:
        county = opened.county()
    whole = or_refused(county, at_once=True)
    opening = few_offers(whole.sets.menu, seed) if whole else np.zeros(0, dtype=np.int64)
    rounds = or_refused(county, at_once=False, opening=opening)
    assert (whole is None) == (rounds is None)
    if whole is None or rounds is None:
        seen.refused += 1
        return
    assert rounds.objective == pytest.approx(whole.objective, rel=1e-6, abs=slack(whole))
    assert max(whole.gap, rounds.gap) <= 1e-6
    seen.add(world, rounds)


def test_rounds_from_a_few_offers_find_what_the_whole_programme_finds() -> None:
    seen = Seen()

    @settings(LAW, max_examples=220)
    @given(worlds(), st.integers(0, 1000))
    def law(world: World, seed: int) -> None:
        both_ways(world, seed, seen)

    law()
    assert seen.plans >= 120
    assert seen.more_rounds >= 0.25 * seen.plans
    names = (*LINES, *RULES, "least_cost", "everything", "place")
    assert [name for name in names if not 3 <= seen.on[name] <= seen.plans - 3] == []


def test_rounds_find_the_best_covers_of_whole_places_too() -> None:
    seen = Seen()

    @settings(LAW, max_examples=50)
    @given(worlds_with_covers(), st.integers(0, 1000))
    def law(world: World, seed: int) -> None:
        both_ways(world, seed, seen)

    law()
    assert seen.plans >= 20
    assert seen.more_rounds >= 0.25 * seen.plans


def test_rounds_find_what_the_whole_programme_finds_for_a_list_of_objectives() -> None:
    seen = Seen()

    @settings(LAW, max_examples=30)
    @given(listed_worlds(), st.integers(0, 1000))
    def law(world: World, seed: int) -> None:
        both_ways(world, seed, seen)

    law()
    assert seen.plans >= 8


def test_a_second_solver_finds_what_rounds_find() -> None:
    seen = Seen()

    @settings(LAW, max_examples=34)
    @given(worlds(), st.integers(0, 1000))
    def law(world: World, seed: int) -> None:
        with on_disk(world) as opened:
            county = opened.county()
        rounds = or_refused(county, at_once=False, opening=few_offers(menu_of(county), seed))
        if rounds is not None:
            second = optimum_of(county, at_once=True, solver="cbc")
            assert second.objective == pytest.approx(rounds.objective, rel=1e-6, abs=slack(rounds))
            seen.add(world, rounds)

    law()
    assert seen.plans >= 15


@settings(LAW, max_examples=8)
@given(worlds_with_covers(), st.integers(0, 1000))
def test_at_no_prices_is_the_bound_below_the_best_covers(world: World, seed: int) -> None:
    bound_is_never_below(world, seed)


@settings(LAW, max_examples=8)
@given(worlds(), st.integers(0, 1000))
def test_at_two_hundred_prices_is_the_bound_never_below_the_optimum(world: World, seed: int) -> None:
    bound_is_never_below(world, seed)


def bound_is_never_below(world: World, seed: int) -> None:
    """At random prices of every line, of right signs, the bound is never below the optimum."""
    with on_disk(world) as opened:
        optimum = or_refused(opened.county(), at_once=True)
    if optimum is None:
        return
    sets, chance = optimum.sets, np.random.default_rng(seed)
    whole, bare = frame_of(sets), written_out(sets, offers_of(sets.menu, np.zeros(0, dtype=np.int64)))[0]
    arrays = FrameArrays(bare)
    for number in range(PRICE_VECTORS):
        prices = noisy(optimum, whole, chance)
        bound = bound_of(sets, bare, arrays, prices)
        assert bound >= optimum.objective - slack(optimum)
        if not number:
            assert bound == pytest.approx(upper_bound(sets, prices), rel=1e-12)


def bound_of(sets: Sets, bare: LpProblem, arrays: FrameArrays, price: dict[str, float]) -> float:
    """`upper_bound`, with the programme without offers written out beforehand."""
    prices = prices_of(sets.menu, price)
    of_lines = np.array([price.get(line.name, 0.0) for line in bare.constraints()])
    return bound_at(sets, arrays, prices, of_lines, answer_at(sets, prices).total)


@pytest.mark.parametrize("opening", [None, np.zeros(0, dtype=np.int64)])
def test_rounds_keep_what_a_minimum_needs_where_nothing_is_worth_anything(
    tmp_path: Path, opening: np.ndarray | None
) -> None:
    """By net cost, without cash to save, a plan is worth minus what its minimum of spend takes: £900."""
    path = write_world(
        tmp_path,
        nodes=[event("fall_admission", 1000)],
        interventions=[intervention("classes", effect("fall_admission", 0.5), cost=10)],
        people={"here": {"65-74": 1000, "75-84": 0, "85+": 0}},
        deaths=0.02,
        growth=0.02,
        plan={
            "years": "2026/27 to 2027/28",
            "money": {"council": 40_000},
            "objective": "net_cost",
            "fairness": {"minimum": [{"places": ["here"], "spend": 900}]},
        },
    )
    optimum = optimum_of(county_of(open_world(path)), at_once=False, opening=opening)
    assert optimum.objective == pytest.approx(-1800)
