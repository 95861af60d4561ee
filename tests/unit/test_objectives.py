"""What an objective may speak of: outcomes, single events, and money that counts against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest import approx

from avert import optimise
from avert.appraisal import optimal_appraisal
from avert.errors import EvidenceError, PlanError
from avert.programme import Optimum
from worlds import effect, event, intervention, open_world, write_world

FALLS, STROKES, YEARS = "fall_admission", "stroke_admission", "life_year"


def world(folder: Path, **plan: Any) -> Path:
    """1,000 people at 1,000 falls, 2,000 strokes and 5,000 life years lost per 100,000 a year; £100 a head.

    Classes halve falls (5 averted by all), pills halve strokes (10), checks leave nine tenths of life years
    lost (5); nobody has two of them.
    """
    return write_world(
        folder,
        nodes=[event(FALLS, 1000), event(STROKES, 2000), event(YEARS, 5000, counts_as="other")],
        interventions=[
            intervention("checks", effect(YEARS, 0.9), cost=60),
            intervention("classes", effect(FALLS, 0.5)),
            intervention("pills", effect(STROKES, 0.5)),
        ],
        people={"here": {"65-74": 1000, "75-84": 0, "85+": 0}},
        plan={"largest_package": 1, "money": {"council": 50_000}} | plan,
    )


def optimum(folder: Path, **plan: Any) -> Optimum:
    found = optimal_appraisal(open_world(world(folder, **plan))).optimum
    assert found is not None
    return found


def refused(folder: Path, **plan: Any) -> str:
    with pytest.raises(PlanError) as refusal:
        open_world(world(folder, **plan))
    return str(refusal.value)


def test_an_objective_of_one_event(tmp_path: Path) -> None:
    """500 people in classes avert 2.5 falls; in pills they would avert 5 strokes, which do not count here."""
    assert optimum(tmp_path, objective=FALLS).objective == approx(2.5)


def test_events_with_weights(tmp_path: Path) -> None:
    """A fall counts 3: 500 people in classes are worth 7.5, in pills 5."""
    assert optimum(tmp_path, objective={FALLS: 3, STROKES: 1}).objective == approx(7.5)


def test_money_counts_against(tmp_path: Path) -> None:
    """A life year at £15,000: 0.005 of them, £75, for £60; 833⅓ people for £50,000 gain £12,500 net."""
    found = optimum(tmp_path, objective={YEARS: 15_000, "spend": 1})
    assert found.objective == approx(12_500)
    assert found.upper_bound == approx(12_500)


def test_money_that_does_not_pay_is_not_spent(tmp_path: Path) -> None:
    """At £11,000 a life year £60 would buy £55."""
    result = optimise(open_world(world(tmp_path, objective={YEARS: 11_000, "spend": 1})))
    assert result.spend == 0
    assert result.manifest["objective"] == approx(0)


def test_all_that_pays_is_bought_where_there_is_money(tmp_path: Path) -> None:
    """£60,000 buys checks for all: £15,000 net.  A stroke at £14,000 makes pills worth £140 − £100 for all: £40,000."""
    money = {"council": 900_000}
    assert optimum(tmp_path / "one", money=money, objective={YEARS: 15_000, "spend": 1}).objective == approx(15_000)
    both = {YEARS: 15_000, STROKES: 14_000, "spend": 1}
    assert optimum(tmp_path / "two", money=money, objective=both).objective == approx(40_000)


def test_a_target_for_one_event(tmp_path: Path) -> None:
    """2 falls take 400 people, £40,000; the rest averts 1 stroke."""
    found = optimum(tmp_path, objective=STROKES, target={FALLS: 2})
    assert found.objective == approx(1)
    least = optimum(tmp_path / "least", objective="least_cost", target={YEARS: 2})
    assert -least.objective == approx(400 * 60)


def test_what_counts_as_neither_is_in_no_sum(tmp_path: Path) -> None:
    result = optimise(open_world(world(tmp_path, objective=YEARS)))
    assert result.outcomes.set_index("event")["averted"].to_dict() == approx(
        {FALLS: 0, STROKES: 0, YEARS: 50_000 / 60 * 0.005}, abs=1e-6
    )
    totals = result.manifest["totals"]
    assert [totals[name] for name in totals if name != "spend"] == [0, 0, 0]


def test_what_counts_as_neither_has_no_days_in_hospital(tmp_path: Path) -> None:
    path = world(tmp_path)
    file = tmp_path / "evidence/pathways/main.yaml"
    file.write_text(file.read_text("utf-8").replace("counts_as: emergency_admission", "counts_as: other"), "utf-8")
    with pytest.raises(EvidenceError, match="counts as 'other', so it has no 'length_of_stay' and no 'unit_cost'"):
        open_world(path)


def test_objectives_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    for name, objective, says in (
        ("alone", "spend", "'spend' needs an outcome beside it"),
        ("later", ["admissions", {"spend": 2}], "'spend' needs an outcome beside it"),
        ("unknown", {"fall_admision": 1}, "Did you mean 'fall_admission'?"),
        ("listed", ["admissions", "bed_day"], "Did you mean 'bed_days'?"),
        ("no_id", "Falls", "use small letters"),
    ):
        said = refused(tmp_path / name, objective=objective)
        assert says in said, said
        assert "plan.yaml:" in said
    assert "Did you mean 'admissions'?" in refused(tmp_path / "target", target={"admision": 1})
    assert "there is no outcome 'net_cost'" in refused(tmp_path / "cost", target={"net_cost": 1})


def test_an_event_may_not_be_called_by_a_word_of_plans(tmp_path: Path) -> None:
    path = world(tmp_path, objective={"spend": 1, "admissions": 1})
    for file in (tmp_path / "evidence").rglob("*.yaml"):
        file.write_text(file.read_text("utf-8").replace(FALLS, "spend"), "utf-8")
    with pytest.raises(PlanError, match="'spend' is a word of plans and an event of the library"):
        open_world(path)
