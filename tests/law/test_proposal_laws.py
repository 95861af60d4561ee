"""An allocation read back is worth what it was; a proposal is carried out to the person; moves reach the optimum."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import LAW, Opened, World, lumpy_worlds, on_disk, worlds, worlds_with_covers

from avert.appraisal import Appraisal, Beside, beside_optimum, evaluated, optimal_appraisal, value_of
from avert.appraisal.ledger import ledger_of
from avert.appraisal.proposal import county_of_proposal, spread_evenly
from avert.errors import NoFeasiblePlan, PlanError
from avert.plan import PlanInFull
from avert.results import result_of

SAME = 1e-9
"""How near two values must be that are the same by law: of each other, or of a thousandth of an event."""


def near(value: float, *, at_least: float = 1e-3) -> Any:
    return pytest.approx(value, rel=SAME, abs=SAME * at_least)


def best_of(plan: PlanInFull) -> Appraisal | None:
    """The optimum, or None if the plan cannot be kept."""
    try:
        return optimal_appraisal(plan)
    except NoFeasiblePlan:
        return None


@settings(LAW, max_examples=60)
@given(st.one_of(worlds(), worlds_with_covers(), lumpy_worlds()))
def test_the_offers_of_an_optimum_written_and_read_back_are_worth_its_objective(world: World) -> None:
    with on_disk(world) as opened:
        plan = opened.plan()
        best = best_of(plan)
        if best is None or best.optimum is None:
            return
        written = result_of(best).offers.to_csv(index=False)
        again = evaluated(plan, pd.read_csv(StringIO(written)))
    spend = {y: float(best.ledger.participants.query("year == @y")["spend"].sum()) for y in range(len(plan.years))}
    assert value_of(best.ledger) == near(best.optimum.objective)
    assert value_of(again.ledger) == near(best.optimum.objective)
    assert float(again.ledger.participants["spend"].sum()) == near(sum(spend.values()), at_least=1e3)


@st.composite
def proposals(draw: st.DrawFn) -> tuple[World, dict[str, Any]]:
    """A world and a proposal for its services, now and then more than there are people for."""
    world = draw(st.one_of(worlds(), worlds_with_covers(), lumpy_worlds()))
    people = sum(count for bands in world.area["people"].values() for count in bands.values())
    names = [one["id"] for one in world.interventions if one.get("level") != "place"]
    found: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)) if names else []:
        count = draw(st.integers(1, max(1, people // 40)))
        found[name] = count if draw(st.booleans()) else {"money": draw(st.integers(1, 40)) * 100}
        if draw(st.integers(0, 3)) == 0:
            found[name] = {"people": dict.fromkeys(world.area["people"], count)}
    return world, found


def carried_out(opened: Opened, proposed: dict[str, Any]) -> Beside | None:
    """The proposal beside the optimum; None where it can't be carried out, and the refusal names its line."""
    try:
        return beside_optimum(opened.plan(proposed=proposed))
    except PlanError as refusal:
        if not all(fault.line > 1 and "plan.yaml" in fault.file for fault in refusal.faults):
            raise AssertionError(f"this refusal names no line of the plan: {refusal}") from refusal
        return None


@settings(LAW, max_examples=60)
@given(proposals())
def test_just_the_people_proposed_take_part_and_the_allocation_can_be_evaluated(
    drawn: tuple[World, dict[str, Any]],
) -> None:
    world, proposed = drawn
    if not proposed:
        return
    with on_disk(world) as opened:
        plan = opened.plan(proposed=proposed)
        county = county_of_proposal(plan, None)
        try:
            ledger = ledger_of(county, spread_evenly(county))
        except PlanError:
            return
        again = evaluated(plan, result_of(Appraisal(county, ledger)).offers)
    took = ledger.participants
    took = took[took["first"]]
    for name, said in proposed.items():
        if isinstance(said, dict) and "money" in said:
            continue
        count = sum(said["people"].values()) if isinstance(said, dict) else said
        for year in range(len(county.years)):
            mine = took[(took["intervention"] == name) & (took["year"] == year)]
            assert float(mine["participants"].sum()) == near(count)
    assert value_of(again.ledger) == near(value_of(ledger), at_least=1.0) or "lumpy" in world.plan


@settings(LAW, max_examples=60)
@given(proposals())
def test_money_proposed_is_money_spent(drawn: tuple[World, dict[str, Any]]) -> None:
    world, proposed = drawn
    proposed = {name: said for name, said in proposed.items() if isinstance(said, dict) and "money" in said}
    if not proposed:
        return
    with on_disk(world) as opened:
        beside = carried_out(opened, proposed)
    if beside is None:
        return
    took = beside.proposal.ledger.participants
    spent = took.groupby(["intervention", "year"])["spend"].sum()
    for name, said in proposed.items():
        for year in range(len(beside.proposal.county.years)):
            assert float(spent[name, year]) == near(said["money"], at_least=1e3)


@settings(LAW, max_examples=60)
@given(proposals())
def test_a_proposal_that_keeps_every_line_is_worth_no_more_than_the_optimum_at_the_same_spend(
    drawn: tuple[World, dict[str, Any]],
) -> None:
    world, proposed = drawn
    if not proposed:
        return
    with on_disk(world) as opened:
        beside = carried_out(opened, proposed)
    if beside is None or beside.kept.broken:
        return
    assert beside.optimum is not None, beside.why_none
    scale = max(abs(beside.best_value), beside.optimum.optimum.sets.menu.all_there_is * 1e-3)  # type: ignore[union-attr]
    assert beside.value <= beside.best_value + 2e-6 * scale


@settings(LAW, max_examples=60)
@given(proposals())
def test_moves_made_one_by_one_gain_what_they_say_and_reach_the_optimum(drawn: tuple[World, dict[str, Any]]) -> None:
    world, proposed = drawn
    if not proposed:
        return
    with on_disk(world) as opened:
        beside = carried_out(opened, proposed)
        if beside is None or beside.moves is None or beside.optimum is None:
            return
        assert beside.best_value == near(beside.optimum.optimum.objective)  # type: ignore[union-attr]
        moves, plan = beside.moves, beside.proposal.county.plan
        largest = max(abs(beside.value), abs(beside.best_value), 1e-3)
        setting_up = any(lump.start_up for lump in plan.record.lumpy.values()) and "net_cost" in plan.record.weights
        before = value_of(ledger_of(moves.county, moves.before))
        for number, move in enumerate(moves.moves, 1):
            table = result_of(Appraisal(moves.county, ledger_of(moves.county, moves.offers_after(number)))).offers
            now = value_of(ledger_of(moves.county, moves.offers_after(number)))
            again = value_of(evaluated(plan, table).ledger)
            assert now - before == near(move.gain, at_least=largest)
            if not (setting_up or "lumpy" in world.plan):
                assert again == near(now, at_least=largest)
            before = now
        best = value_of(ledger_of(moves.county, beside.optimum.ledger.offers))
        assert before == near(best, at_least=largest)
