"""Laws of targets, of least cost, of lists of objectives and of equity weights."""

from __future__ import annotations

from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from independent import left_by_others
from random_worlds import LAW, World, listed_worlds, on_disk, optimum_or_refusal, slack, worlds
from recount import Recount
from test_money_laws import by_year, scaled

from avert.programme import MONEY_UNIT, Optimum

LOST = 2e-7
"""Part of the first objective that the second may cost."""


def pounds(optimum: Optimum) -> float:
    """All the money a plan spends."""
    return sum(value for name, value in optimum.values.items() if name.startswith("spend__")) * MONEY_UNIT


@settings(LAW, max_examples=40)
@given(worlds(), st.floats(0.05, 0.95))
def test_the_least_cost_of_a_target_is_the_money_that_averts_it(world: World, share: float) -> None:
    """The best plan costs no less than the least for the same; and what the least costs is money, not net of cash."""
    plain = world.planned(objective="admissions", target=None, fairness=_without_weights(world))
    with on_disk(plain) as opened:
        most = optimum_or_refusal(opened)
        if most is None or most.objective <= 1e-3:
            return
        target = {"admissions": share * most.objective}
        least = optimum_or_refusal(opened, objective="least_cost", target=target)
        assert least is not None
        assert -least.objective == pytest.approx(pounds(least), rel=1e-6, abs=0.01)
        assert pounds(least) <= pounds(most) * (1 + 1e-6) + 0.01
        free = _only_one_payer(plain, f"£{ceil(100 * (pounds(least) * (1 + 1e-6) + 0.01)) / 100:.2f}")
        again = optimum_or_refusal(opened, **free)
    assert again is not None
    assert again.objective >= target["admissions"] - slack(again)


def _without_weights(world: World) -> dict[str, Any] | None:
    kept = {key: one for key, one in world.plan.get("fairness", {}).items() if key != "equity_weights"}
    return kept or None


def _only_one_payer(world: World, money: str) -> dict[str, Any]:
    """Changes by which the first partner has so much at the start, may pay for all, and may keep it."""
    partner, years = sorted(world.plan["money"])[0], by_year(world)[sorted(world.plan["money"])[0]]
    first = min(years)
    return {
        "money": {partner: {year: money if year == first else 0 for year in years}},
        "carry_over": [partner],
        "may_pay": None,
        "split": None,
    }


@settings(LAW, max_examples=30)
@given(worlds("limits", "staff", "today", "fairness"), st.floats(0.5, 0.9))
def test_scaled_money_of_all_partners_averts_what_it_would_least_cost(world: World, part: float) -> None:
    """With so much of every contribution as averts something, that something costs no more than they come to."""
    plain = world.planned(objective="admissions", target=None, fairness=_without_weights(world))
    less = scaled(by_year(plain), [part] * 8)
    with on_disk(plain) as opened:
        averted = optimum_or_refusal(opened, money=less)
        if averted is None or averted.objective <= 1e-3:
            return
        target = {"admissions": averted.objective * (1 - 1e-6)}
        least = optimum_or_refusal(opened, objective="least_cost", target=target)
    assert least is not None
    assert pounds(least) <= sum(sum(one.values()) for one in less.values()) * (1 + 1e-6) + 0.01


def averted_of(world: World, optimum: Optimum, outcome: str) -> float:
    """What a plan averts of an outcome, by the second count, over all years in which benefits count."""
    count = Recount(world, optimum)
    years = range(count.years + world.plan.get("years_counted_beyond", 0))
    return count.averted(outcome, years, list(count.places), lambda *key: left_by_others(count, *key))


def worth_of(world: World, optimum: Optimum, objective: str | dict[str, float]) -> float:
    """What a plan is worth by an objective: outcomes averted, by the second count, and pounds that count against."""
    weights = {objective: 1.0} if isinstance(objective, str) else objective
    averted = sum(weight * averted_of(world, optimum, name) for name, weight in weights.items() if name != "spend")
    return averted - weights.get("spend", 0.0) * pounds(optimum)


@settings(LAW, max_examples=25)
@given(worlds(), st.sampled_from([0.00001, 0.0001, 0.001]))
def test_money_that_counts_is_spent_only_where_it_brings_more_than_it_counts_for(world: World, pound: float) -> None:
    """The optimum is worth what is counted again, more than the plan that averts most, and averts no more than that."""
    plain = world.planned(objective="admissions", fairness=_without_weights(world))
    net = {"admissions": 1.0, "spend": pound}
    with on_disk(plain) as opened:
        most = optimum_or_refusal(opened)
        best = optimum_or_refusal(opened, objective=net)
    assert (most is None) == (best is None)
    if most is not None and best is not None:
        assert best.objective == pytest.approx(
            worth_of(plain, best, net), rel=1e-6, abs=10 * slack(best) + 1e-3 * pound
        )
        assert best.objective >= worth_of(plain, most, net) - slack(most) - 1e-3 * pound
        assert averted_of(plain, best, "admissions") <= most.objective + slack(most)
        assert pounds(best) <= pounds(most) + (2 * slack(most) + 1e-3 * pound) / pound


@settings(LAW, max_examples=25)
@given(listed_worlds())
def test_a_later_objective_takes_next_to_nothing_from_the_first(world: World) -> None:
    world = world.planned(fairness=_without_weights(world))
    first = world.plan["objective"][0]
    with on_disk(world) as opened:
        both = optimum_or_refusal(opened)
        alone = optimum_or_refusal(opened, objective=first)
    assert (both is None) == (alone is None)
    if both is not None and alone is not None:
        kept = worth_of(world, both, first)
        assert kept >= alone.objective - LOST * abs(alone.objective) - slack(alone)


@settings(LAW, max_examples=20)
@given(listed_worlds())
def test_a_list_ends_no_lower_in_its_last_objective_than_the_best_plan_of_the_first(world: World) -> None:
    world = world.planned(fairness=_without_weights(world))
    first, last = world.plan["objective"]
    with on_disk(world) as opened:
        both = optimum_or_refusal(opened)
        alone = optimum_or_refusal(opened, objective=first)
    if both is not None and alone is not None:
        worth = worth_of(world, alone, last)
        assert both.objective >= worth - 1e-6 * abs(worth) - slack(both)


@settings(LAW, max_examples=20)
@given(worlds())
def test_equity_weights_of_one_everywhere_change_nothing(world: World) -> None:
    fairness = world.plan.get("fairness", {})
    ones = fairness | {"equity_weights": dict.fromkeys(world.area["people"], 1.0)}
    with on_disk(world) as opened:
        weighted = optimum_or_refusal(opened, fairness=ones)
        plain = optimum_or_refusal(opened, fairness=_without_weights(world))
    assert (weighted is None) == (plain is None)
    if weighted is not None and plain is not None:
        assert weighted.objective == plain.objective
        assert weighted.people == pytest.approx(plain.people, abs=0)


@settings(LAW, max_examples=20)
@given(worlds(), st.sampled_from([0.5, 4.0]))
def test_one_equity_weight_everywhere_scales_the_objective(world: World, weight: float) -> None:
    plain = world.planned(objective="admissions", fairness=_without_weights(world))
    ones = plain.plan.get("fairness", {}) | {"equity_weights": dict.fromkeys(world.area["people"], weight)}
    with on_disk(plain) as opened:
        once = optimum_or_refusal(opened)
        scaled_up = optimum_or_refusal(opened, fairness=ones)
    assert (once is None) == (scaled_up is None)
    if once is not None and scaled_up is not None:
        assert scaled_up.objective == pytest.approx(weight * once.objective, rel=1e-6, abs=slack(scaled_up))
