"""Sums that went wrong once, each with the arithmetic that shows it."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from pytest import approx

import avert
from avert.cli import main
from avert.packages import county_of
from avert.programme import optimum_of
from worlds import effect, event, intervention, open_world, state, write_world

YOUNG = {"65-74": 2000, "75-84": 0, "85+": 0}


def world(folder: Path, *services: dict[str, Any], people: Any = None, **plan: Any) -> Path:
    """One event at 10 per 1,000."""
    return write_world(
        folder, nodes=[event("fall_admission", 1000)], interventions=list(services), people=people, plan=plan
    )


@pytest.mark.parametrize("at_once", [True, False])
def test_a_minimum_of_admissions_over_two_places(tmp_path: Path, at_once: bool) -> None:
    """£100,000 for 1,000 people averts 5 wherever they live; the places must avert 4 together and do."""
    plan = world(
        tmp_path,
        intervention("classes", effect("fall_admission", 0.5)),
        intervention("visits", effect("fall_admission", 0.8), cost=90),
        people={"north": YOUNG, "south": YOUNG, "west": YOUNG},
        money={"council": 100_000},
        fairness={"minimum": [{"places": ["north", "south"], "admissions_averted": 4}]},
    )
    optimum = optimum_of(county_of(open_world(plan)), at_once=at_once)
    assert optimum.objective == approx(5.0)
    assert optimum.max_violation <= 1e-6


@pytest.mark.parametrize(("money", "averted"), [(0, 0.0), (100_000, 5.0)])
def test_services_the_plan_cannot_buy_go_on(tmp_path: Path, money: int, averted: float) -> None:
    """Half of 2,000 people have 'theirs' (0.5) and keep it: 20 observed; £100,000 for 1,000 people averts 5."""
    plan = world(
        tmp_path,
        intervention("ours", effect("fall_admission", 0.5)),
        intervention("theirs", effect("fall_admission", 0.5, spread=0.2)),
        people={"here": YOUNG},
        money={"council": money},
        money_is="everything",
        today={"theirs": 1000},
        leave_out=["theirs"],
    )
    result = avert.optimise(open_world(plan))
    assert result.admissions_averted == approx(averted, abs=1e-5)


def test_stopping_todays_services_is_a_row_of_its_own(tmp_path: Path) -> None:
    """Everyone may have 'classes' (0.5); 1,000 of 2,000 do: without, 20 / 0.75 = 26.67 falls, so 6.67 are lost.

    £50,000 reaches 500 people: 500 · 0.013333 · 0.5 = 3.33.  Net −3.33.
    """
    plan = world(
        tmp_path,
        intervention("classes", effect("fall_admission", 0.5)),
        people={"here": YOUNG},
        money={"council": 50_000},
        money_is="everything",
        today={"classes": 1000},
    )
    result = avert.optimise(open_world(plan))
    alone = result.interventions.set_index("intervention")["admissions_averted_alone"]
    assert alone["classes"] == approx(10 / 3, abs=1e-5)
    assert alone["stopped"] == approx(-20 / 3, abs=1e-5)
    assert alone["total"] == approx(-10 / 3, abs=1e-5) == approx(result.admissions_averted, abs=1e-5)


def test_a_yearly_campaign_can_be_bought_every_year(tmp_path: Path) -> None:
    """2,000 people, 20 falls a year halved in each of three years: 30."""
    campaign = intervention("campaign", effect("fall_admission", 0.5), level="place", cost=1)
    plan = world(tmp_path, campaign, people={"here": YOUNG}, years="2026/27 to 2028/29")
    assert optimum_of(county_of(open_world(plan))).objective == approx(30.0)


def test_campaigns_for_different_people_do_not_exclude_each_other(tmp_path: Path) -> None:
    """One for 65–74, one for 85 and over, 1,000 people and 10 falls each: 5 + 5."""
    plan = world(
        tmp_path,
        intervention("young", effect("fall_admission", 0.5), level="place", cost=1, eligible={"ages": ["65-74"]}),
        intervention(
            "old", effect("fall_admission", 0.5, spread=0.2), level="place", cost=1, eligible={"ages": ["85+"]}
        ),
        people={"here": {"65-74": 1000, "75-84": 0, "85+": 1000}},
    )
    assert optimum_of(county_of(open_world(plan))).objective == approx(10.0)


def test_offers_of_several_years_read_back_although_people_die(tmp_path: Path) -> None:
    plan = write_world(
        tmp_path,
        nodes=[state("frail", 0.0001, stratifies=True), event("fall_admission", 1000)],
        edges=[_frail()],
        interventions=[
            intervention("classes", effect("fall_admission", 0.5)),
            intervention("visits", effect("fall_admission", 0.7)),
        ],
        plan={"years": "2026/27 to 2028/29", "money": {"council": 150_000}},
        deaths=0.1,
    )
    opened = open_world(plan)
    best = avert.optimise(opened, years=3)
    assert avert.evaluate(opened, best.offers, years=3).admissions_averted == approx(best.admissions_averted, rel=1e-5)


def _frail() -> dict[str, Any]:
    from worlds import edge

    return edge("frail", "fall_admission", 3)


@pytest.mark.parametrize(
    "standing", [{"status": "no_benefit", "funding": "do_not_fund"}, {"status": "recommended"}], ids=["none", "good"]
)
def test_a_plan_with_nothing_to_buy_says_so(tmp_path: Path, standing: dict[str, str]) -> None:
    """Nothing that works, or nobody who may have it."""
    nobody = {"requires": ["frail"], "excludes": ["frail"]}
    plan = write_world(
        tmp_path,
        nodes=[state("frail", 0.1, stratifies=True), event("fall_admission", 1000)],
        edges=[_frail()],
        interventions=[intervention("classes", effect("fall_admission", 0.8), eligible=nobody, **standing)],
    )
    evidence, out = str(tmp_path / "evidence"), StringIO()
    for command in (["run", str(plan), "--out", str(tmp_path / "run")], ["explain", str(plan), "classes"]):
        with redirect_stdout(out), redirect_stderr(StringIO()), pytest.raises(SystemExit) as end:
            main([*command, "--evidence", evidence])
        assert not end.value.code
    assert "Nothing: no offer averts anything" in out.getvalue()
    assert "Out: " in out.getvalue()
