"""A repair is enough as it is written, and a thousandth less of it is not; whatever clashes and however."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import LAW, Opened, World, on_disk, unshared, worlds

from avert.errors import NoFeasiblePlan, Repair
from avert.programme import optimum_of

SHRUNK = 1e-3
"""Share of a change that is taken back."""


@st.composite
def clashing(draw: st.DrawFn) -> World:
    """A random world whose plan asks for more than many can give."""
    world = draw(worlds())
    here = {"most_deprived": 1}
    minima = {
        "spend": [here | {"spend": draw(st.integers(1, 30)) * 1000}],
        "averted": [here | {"admissions_averted": draw(st.integers(1, 60)) / 20}],
        "none": [],
    }
    kinds = draw(st.lists(st.sampled_from(sorted(minima)), min_size=1, max_size=2, unique=True))
    fairness = world.plan.get("fairness", {}) | {"minimum": [one for kind in kinds for one in minima[kind]]}
    changes: dict[str, Any] = {"fairness": fairness}
    if "none" in kinds:
        changes["target"] = {"admissions": draw(st.integers(1, 80)) / 10}
    if world.plan.get("money_is") == "everything" and "today" in world.plan and draw(st.booleans()):
        changes["keep_services"] = dict.fromkeys(world.plan["today"], 0.97)
    return world.planned(**changes)


def repaired(plan: dict[str, Any], repair: Repair, new: Any) -> dict[str, Any]:
    """The plan with another value at the repair's place, or without it."""
    plan = unshared(plan)
    *above, last = repair.path
    inner: Any = plan
    for part in above:
        inner = inner.setdefault(part, {}) if isinstance(inner, dict) else inner[part]
    if new is None:
        del inner[last]
    else:
        inner[last] = list(new) if isinstance(new, tuple) else new
    return plan


def refusal_of(opened: Opened, plan: dict[str, Any]) -> NoFeasiblePlan | None:
    """Why a plan cannot be kept, or None where it has an optimum."""
    try:
        opened.optimum(**(dict.fromkeys(opened.world.plan) | plan))
    except NoFeasiblePlan as refusal:
        return refusal
    return None


@settings(LAW, max_examples=100)
@given(clashing())
def test_every_repair_is_enough_and_a_thousandth_less_is_not(world: World) -> None:
    with on_disk(world) as opened:
        refusal = refusal_of(opened, world.plan)
        if refusal is None:
            return
        assert refusal.shortfall_at_least > 0
        assert refusal.repairs
        for repair in refusal.repairs:
            if not repair.enough:
                assert str(repair) in str(refusal) or f"({repair.where})" in str(refusal)
                continue
            assert str(repair) in str(refusal)
            assert refusal_of(opened, repaired(world.plan, repair, repair.new)) is None, repair
            if isinstance(repair.new, float) and isinstance(repair.old, float):
                change = repair.new - repair.old
                assert abs(change) >= repair.at_least * (1 - 1e-8)
                less = repair.old + (1 - SHRUNK) * change
                assert refusal_of(opened, repaired(world.plan, repair, less)) is not None, repair


@settings(LAW, max_examples=20)
@given(clashing())
def test_bringing_columns_in_by_price_finds_the_same_repairs(world: World) -> None:
    with on_disk(world) as opened:
        county = opened.county()
    found: list[tuple[Repair, ...]] = []
    for at_once in (True, False):
        try:
            optimum_of(county, at_once=at_once)
            found.append(())
        except NoFeasiblePlan as refusal:
            found.append(tuple(one for one in refusal.repairs if one.enough))
    whole, sifted = found
    assert [one.path for one in whole] == [one.path for one in sifted]
    for one, other in zip(whole, sifted, strict=True):
        if isinstance(one.old, float) and isinstance(one.new, float) and isinstance(other.new, float):
            assert one.new - one.old == pytest.approx(other.new - one.old, rel=3e-4)
        else:
            assert one.new == other.new


@settings(LAW, max_examples=25)
@given(clashing())
def test_an_entry_of_which_no_change_is_enough_is_not_enough_a_hundredfold(world: World) -> None:
    with on_disk(world) as opened:
        refusal = refusal_of(opened, world.plan)
        for repair in refusal.repairs if refusal else ():
            if repair.enough or repair.path[0] not in ("money", "limits", "staff"):
                continue
            assert isinstance(repair.old, float)
            assert refusal_of(opened, repaired(world.plan, repair, 100 * repair.old + 1e6)) is not None, repair


def test_a_repair_is_put_where_the_author_wrote_it() -> None:
    repair = Repair(("fairness", "minimum", 0, "spend"), "plan.yaml:3", 5.0, 4.0, "lower", True, 1.0)
    plan = {"fairness": {"minimum": [{"spend": 5.0}]}}
    assert repaired(plan, repair, 4.0) == {"fairness": {"minimum": [{"spend": 4.0}]}}
    with pytest.raises(KeyError):
        repaired({"fairness": {"minimum": [{}]}}, repair, None)
