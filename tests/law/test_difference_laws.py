"""Laws of comparing plans: nothing differs from itself, both ways differ alike, and taking all over leaves nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from random_plans import YEARS, plans
from random_worlds import LAW, World, on_disk, worlds

from avert.errors import PlanError
from avert.plan import Difference, differences, taken_over

Written = dict[str, Any]
FEW = settings(LAW, max_examples=25)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[World, Written]:
    """A world, and another plan for it."""
    world = draw(worlds())
    count = len(str(world.plan["years"]).split(" to "))
    years = 1 if count == 1 else YEARS.index(str(world.plan["years"]).split(" to ")[1]) + 1
    people = sum(count for bands in world.area["people"].values() for count in bands.values())
    other = draw(plans(list(world.area["people"]), world.interventions, years, people, frozenset()))
    return world, other


def otherwise(world: World, other: Written) -> dict[str, Any]:
    """Changes that turn the plan of a world into another."""
    return dict.fromkeys(world.plan) | other


def sections(found: tuple[Difference, ...]) -> set[str]:
    return {str(one.path[0]) for one in found}


@FEW
@given(pairs())
def test_nothing_differs_from_itself_and_both_ways_differ_alike(pair: tuple[World, Written]) -> None:
    world, other = pair
    with on_disk(world) as opened:
        a = opened.plan()
        b = opened.plan(**otherwise(world, other))
        assert differences(a, a) == ()
        there, back = differences(a, b), differences(b, a)
        assert [one.path for one in there] == [one.path for one in back]
        assert [(one.in_a, one.in_b, one.where_a) for one in there] == [
            (one.in_b, one.in_a, one.where_b) for one in back
        ]


@FEW
@given(pairs())
def test_once_every_change_is_taken_over_nothing_differs(pair: tuple[World, Written]) -> None:
    world, other = pair
    with on_disk(world) as opened:
        a = opened.plan()
        b = opened.plan(**otherwise(world, other))
        found = differences(a, b)
        whole = taken_over(a, b, sorted({one.change for one in found}, key=str))
        assert differences(whole, b) == ()
        assert whole.candidates == b.candidates


@FEW
@given(pairs(), st.data())
def test_just_the_keys_that_were_changed_are_named(pair: tuple[World, Written], data: st.DataObject) -> None:
    world, other = pair
    keys = sorted({key for key in {**world.plan, **other} if world.plan.get(key) != other.get(key)})
    chosen = data.draw(st.lists(st.sampled_from(keys), unique=True)) if keys else []
    with on_disk(world) as opened:
        a = opened.plan()
        try:
            b = opened.plan(**{key: other.get(key) for key in chosen})
        except PlanError:  # such changes cannot stand without others
            return
        named = sections(differences(a, b))
        assert named <= set(chosen)
        unlike = {key for key in chosen if getattr(a.record, key) != getattr(b.record, key)}
        by_meaning = {key for key in unlike if key not in ("today", "fairness", "may_pay")}
        assert by_meaning <= named


@FEW
@given(worlds())
def test_defaults_written_out_and_lists_in_another_order_are_no_difference(world: World) -> None:
    plan = world.plan
    again: Written = {"take_up": plan.get("take_up", "independent"), "realism": plan.get("realism", 1.0)}
    again["money"] = {
        who: amount if isinstance(amount, dict) else f"£{amount / 1000:g}k a year"
        for who, amount in reversed(plan["money"].items())
    }
    again["may_pay"] = {who: "all" for who in plan["money"] if who not in plan.get("may_pay", {})} | {
        who: list(reversed(of)) if isinstance(of, list) else of for who, of in plan.get("may_pay", {}).items()
    }
    again["fairness"] = {"offers": "best_for_each_place", "equity_weights": {}} | plan.get("fairness", {})
    again["leave_out"] = []
    with on_disk(world) as opened:
        assert differences(opened.plan(), opened.plan(**again)) == ()
