"""What each budget buys: sums by hand, steps, minima, Somerset, and the tables a run folder takes along."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pytest import approx

import avert
from avert.appraisal import Frontier, bracket, evaluated, frontier_of, optimal_appraisal
from avert.errors import AvertError
from avert.results import COLUMNS, Result, frontier_tables, result_of, save
from worlds import effect, event, intervention, open_world, write_world

SOMERSET = Path(__file__).parents[2] / "plans" / "somerset.yaml"
YOUNG = {"65-74": 1000, "75-84": 0, "85+": 0}


def frontier(folder: Path, points: int = 5, services: list[dict[str, Any]] | None = None, **plan: Any) -> Frontier:
    """1,000 people at 10 admissions per 1,000; classes at £10 a head avert half, 10 · 0.5 in all for £10,000."""
    path = write_world(
        folder, nodes=[event("fall_admission", 1000)], people={"here": YOUNG},
        interventions=services or [intervention("classes", effect("fall_admission", 0.5), cost=10)],
        plan={"money": {"council": 8000}} | plan,
    )  # fmt: skip
    return frontier_of(optimal_appraisal(open_world(path)), points=points)


def test_money_buys_at_one_price_until_everybody_is_reached(tmp_path: Path) -> None:
    tables = frontier_tables(frontier(tmp_path))
    table = tables["frontier"]
    assert list(table["share_of_budget"]) == [0, 0.5, 1, 1.5, 2]
    assert list(table["budget"]) == approx([0, 4000, 8000, 12000, 16000])
    assert list(table["objective"]) == approx([0, 2, 4, 5, 5], abs=1e-6)
    assert list(table["admissions_averted"]) == approx([0, 2, 4, 5, 5], abs=1e-6)
    assert list(table["spend"]) == approx([0, 4000, 8000, 10000, 10000], abs=1e-3)
    assert list(table["slope"][1:3]) == approx([5 / 10000] * 2)
    assert list(table["slope"][3:]) == approx([0, 0], abs=1e-12)
    assert table["gap"].max() <= 1e-6
    services = tables["frontier_services"].set_index("share_of_budget")
    assert services.loc[0.5, "people_offered"] == approx(400, rel=1e-6)
    assert services.loc[2.0, "participants"] == approx(1000, rel=1e-6)
    places = tables["frontier_places"].set_index("share_of_budget")
    assert places.loc[1.0, "spend"] == approx(8000, rel=1e-6)
    assert places.loc[1.0, "admissions_averted"] == approx(4, rel=1e-6)
    for name, made in tables.items():
        assert list(made.columns) == list(COLUMNS[name])


def test_between_points_chord_and_tangents(tmp_path: Path) -> None:
    """At £9,000 the chord from £8,000 to £12,000 gives 4.25; the line from nothing 4.5, which is the truth."""
    table = avert.frontier(result_of_plan(tmp_path), points=5)["frontier"]
    assert bracket(table, 9000) == approx((4.25, 4.5))
    assert bracket(table, 11000) == approx((4.75, 5.0))
    assert bracket(table, 2000) == approx((1.0, 1.0), abs=1e-6)
    assert bracket(table, 8000) == approx((4.0, 4.0))
    assert avert.bracket(table, 8000) == bracket(table, 8000)
    for outside in (-1, 16001, float("nan")):
        with pytest.raises(AvertError, match="£0 to £16,000"):
            bracket(table, outside)


def result_of_plan(folder: Path) -> Result:
    frontier(folder)
    return result_of(optimal_appraisal(open_world(folder / "plan.yaml")))


def test_minima_bar_the_smallest_budgets_and_it_says_so(tmp_path: Path) -> None:
    """£3,000 have to be spent: not at £0 or £2,000, but at £4,000."""
    found = frontier(tmp_path, 9, fairness={"minimum": [{"places": ["here"], "spend": 3000}]})
    assert found.infeasible == 0.25
    assert [point.share for point in found.points] == [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
    table = frontier_tables(found)["frontier"]
    with pytest.raises(AvertError, match="£4,000 to £16,000"):
        bracket(table, 3500)


def test_lumpy_services_go_in_steps(tmp_path: Path) -> None:
    """£4,800 to set up, £4 a head: nothing at £4,000, 800 people at £8,000, everybody from £8,800."""
    classes = intervention("classes", effect("fall_admission", 0.5), cost=4)
    found = frontier(tmp_path, services=[classes], lumpy={"classes": {"start_up": 4800}})
    table = frontier_tables(found)["frontier"]
    assert found.steps
    assert table["steps"].all()
    assert list(table["objective"]) == approx([0, 0, 4, 5, 5], abs=1e-6)
    assert table["slope"].isna().all()
    assert bracket(table, 6000) == approx((0, 4), abs=1e-6)
    assert bracket(table, 8000) == approx((4, 4))
    assert bracket(table, 8500) == approx((4, 5))


def test_of_a_list_of_objectives_the_first_counts(tmp_path: Path) -> None:
    found = frontier(tmp_path, 3, objective=["admissions", "bed_days"])
    assert [point.objective for point in found.points] == approx([0, 4, 5], abs=1e-6)


def test_what_cannot_be_asked(tmp_path: Path) -> None:
    result = result_of_plan(tmp_path)
    for how in ({"points": 1}, {"most": 0.0}, {"most": float("inf")}):
        with pytest.raises(AvertError, match="2 points or more"):
            frontier_of(result.appraisal, **how)
    plan = result.appraisal.county.plan
    with pytest.raises(AvertError, match="allocation of one's own"):
        frontier_of(evaluated(plan, result.offers))
    with pytest.raises(AvertError, match="without money"):
        frontier(tmp_path / "poor", money={"council": 0})


def test_tables_go_into_the_run_folder_and_its_manifest(tmp_path: Path) -> None:
    result = result_of_plan(tmp_path / "world")
    more = avert.frontier(result, points=5)
    spread, (low, high) = avert.spread(result)
    plain = save(result, tmp_path / "plain")
    full = save(result, tmp_path / "full", more=more | {"spread": spread})
    names = {path.name for path in plain.iterdir()}
    added = {f"{name}.{kind}" for name in (*more, "spread") for kind in ("csv", "parquet")}
    assert {path.name for path in full.iterdir()} == names | added
    for name in names - {"manifest.json"}:
        assert (plain / name).read_bytes() == (full / name).read_bytes(), name
    manifest = json.loads((full / "manifest.json").read_text(encoding="utf-8"))
    also = manifest.pop("also")
    assert manifest == json.loads((plain / "manifest.json").read_text(encoding="utf-8"))
    assert also["frontier"] | {"largest_gap": 0} == {
        "rows": 5, "points": 5, "steps": False, "largest_gap": 0, "from": 0, "to": 16000,
    }  # fmt: skip
    assert (also["spread"]["low"], also["spread"]["high"]) == (approx(low, abs=1e-5), approx(high, abs=1e-5))
    read = pd.read_csv(full / "frontier.csv")
    assert bracket(read, 9000) == bracket(more["frontier"], 9000)
    assert bracket(pd.read_parquet(full / "frontier.parquet"), 9000) == bracket(more["frontier"], 9000)


def test_somerset_at_five_budgets_of_chance() -> None:
    """One year of the real plan: the optimum found afresh lies in the bracket, and today's money buys the run."""
    plan = avert.load_plan(SOMERSET)
    appraisal = optimal_appraisal(plan, years=1)
    assert appraisal.optimum is not None
    found = frontier_of(appraisal)
    table = frontier_tables(found)["frontier"]
    assert len(table) == 25
    assert table["gap"].max() <= 1e-4
    assert found.points[12].share == 1
    assert found.points[12].objective == approx(appraisal.optimum.objective, rel=1e-6)
    assert (np.diff(table["objective"], 2) <= 1e-6 * table["objective"].max()).all()
    assert (np.diff(table["objective"]) >= -1e-6).all()
    whole = float(table["budget"].iloc[-1])
    for share in np.random.default_rng(7).uniform(0, 2, 5):
        money = {m: {year: share * n for year, n in years.items()} for m, years in plan.record.money.items()}
        other = replace(plan, record=plan.record.model_copy(update={"money": money}))
        afresh = optimal_appraisal(other, years=1).optimum
        assert afresh is not None
        low, high = bracket(table, share / 2 * whole)
        assert low * (1 - 1e-9) <= afresh.upper_bound
        assert afresh.objective <= high * (1 + 1e-9)
