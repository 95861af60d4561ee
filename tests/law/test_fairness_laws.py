"""Rules of fairness: none makes a plan better, nobody at all is equal access, and prices are the true ones."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_worlds import LAW, World, lumpy_worlds, on_disk, optimum_or_refusal, slack, unshared, worlds

from avert.appraisal import optimal_appraisal, rule_prices_of
from avert.errors import NoFeasiblePlan
from avert.plan.fairness import Fairness
from avert.results import fairness_report, result_of

AMOUNTS = ["people", "expected_admissions", "eligible_people", "spend", "participants", "admissions_averted"]
SHARES = st.sampled_from([0.3, 0.8, 1.0])


def fair(world: World, **rules: Any) -> dict[str, Any]:
    """The world's rules of fairness with others; None takes one away."""
    found = world.plan.get("fairness", {}) | rules
    return unshared({key: one for key, one in found.items() if one is not None})


@settings(LAW, max_examples=30)
@given(worlds())
def test_no_rule_of_fairness_makes_a_plan_worth_more(world: World) -> None:
    with on_disk(world) as opened:
        assume(optimum_or_refusal(opened) is not None)
        appraisal = optimal_appraisal(opened.plan())
        found = rule_prices_of(appraisal)
    assert appraisal.optimum is not None
    for one in found:
        if not one.why_not:
            assert one.objective_with <= one.objective_without + 10 * slack(appraisal.optimum), one


@settings(LAW, max_examples=15)
@given(worlds())
def test_a_price_found_from_the_plan_is_the_one_found_afresh(world: World) -> None:
    with on_disk(world) as opened:
        assume(optimum_or_refusal(opened) is not None)
        plan = opened.plan()
        found = rule_prices_of(optimal_appraisal(plan))
        for one in found:
            afresh = optimum_or_refusal(opened, fairness=_written(one.rule.other) or None)
            assert (afresh is None) == bool(one.why_not)
            if afresh is not None and one.rule.name not in ("equity_weights", "all of them"):
                worth = one.objective_without if one.rule.stated else one.objective_with
                assert worth == pytest.approx(afresh.objective, rel=1e-6, abs=10 * slack(afresh))


def _written(rules: Fairness) -> dict[str, Any]:
    """Rules as a plan writes them."""
    found: dict[str, Any] = rules.model_dump(mode="json", exclude_defaults=True)
    for wanted in found.get("minimum", []):
        if isinstance(wanted.get("most_deprived"), float):
            wanted["most_deprived"] = f"{100 * wanted['most_deprived']:g}% of people"
    return found


@settings(LAW, max_examples=30)
@given(worlds("limits", "carry_over", "may_pay", "staff"), SHARES)
def test_equal_access_can_always_be_kept_where_nothing_else_is_asked_for(world: World, share: float) -> None:
    """Nobody at all is as equal as everybody, so a plan without minima has an optimum under it."""
    with on_disk(world.without("fairness", "target", "keep_services", "objective")) as opened:
        whole = opened.optimum()
        equal = opened.optimum(fairness={"equal_access": share})
        less = opened.optimum(fairness={"equal_access": share / 2})
    assert equal.objective <= less.objective + slack(whole)
    assert less.objective <= whole.objective + slack(whole)


@settings(LAW, max_examples=15)
@given(lumpy_worlds(), SHARES)
def test_lumpy_services_keep_equal_access_too(world: World, share: float) -> None:
    with on_disk(world) as opened:
        optimum = optimum_or_refusal(opened, fairness=fair(world, equal_access=share))
    if optimum is not None:
        assert optimum.max_violation <= 1e-6


@settings(LAW, max_examples=20)
@given(worlds(), SHARES)
def test_one_share_for_every_service_is_that_share_for_each(world: World, share: float) -> None:
    names = [one["id"] for one in world.interventions]
    with on_disk(world) as opened:
        together = optimum_or_refusal(opened, fairness=fair(world, equal_access=share))
        apart = optimum_or_refusal(opened, fairness=fair(world, equal_access=dict.fromkeys(names, share)))
    assert (together is None) == (apart is None)
    if together is not None and apart is not None:
        assert together.objective == apart.objective


@settings(LAW, max_examples=20)
@given(worlds())
def test_naming_places_or_their_fifths_is_the_same(world: World) -> None:
    """Every place of these worlds is of one of two fifths, so weights by fifth can be written place by place."""
    weights = {"second_most_deprived_fifth": 1.5, "middle_fifth": 0.5}
    fifth = {
        place: "middle_fifth" if decile > 4 else "second_most_deprived_fifth" for place, decile in world.deciles.items()
    }
    there = {name: weight for name, weight in weights.items() if name in fifth.values()}
    with on_disk(world) as opened:
        try:
            by_fifth = opened.optimum(fairness=fair(world, equity_weights=there))
        except NoFeasiblePlan:
            return
        by_place = opened.optimum(fairness=fair(world, equity_weights={p: weights[f] for p, f in fifth.items()}))
    assert by_fifth.objective == by_place.objective


@settings(LAW, max_examples=20)
@given(worlds())
def test_places_and_fifths_add_up_to_all_there_is(world: World) -> None:
    """Every place has a decile in these worlds, so fifths miss nobody; no index is beyond 1."""
    with on_disk(world) as opened:
        assume(optimum_or_refusal(opened) is not None)
        result = result_of(optimal_appraisal(opened.plan()))
        table = fairness_report(result).set_index("kind")
    whole = table.loc["all"]
    for kind in ("place", "deprivation fifth"):
        assert table.loc[[kind], AMOUNTS].sum().to_numpy() == pytest.approx(whole[AMOUNTS].to_numpy(float), abs=1e-4)
    assert whole["spend"] == pytest.approx(result.spend, abs=1e-4)
    assert whole["admissions_averted"] == pytest.approx(result.admissions_averted, abs=1e-4)
    index = whole["spend_concentration_index"]
    assert index != index or -1 <= index <= 1
