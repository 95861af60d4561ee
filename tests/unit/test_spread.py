"""How sure the answer is: every figure at either end of its interval, the plan held, and all of them combined."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pytest import approx

import avert
from avert.appraisal import Appraisal, combined, evaluated, optimal_appraisal, spread_of
from avert.appraisal.in_force import figures_in_force, under
from avert.errors import AvertError
from avert.results import COLUMNS, rests_on, result_of
from worlds import SEEN, edge, effect, event, intervention, open_world, state, write_world

SOMERSET = Path(__file__).parents[2] / "plans" / "somerset.yaml"
YOUNG = {"65-74": 3000, "75-84": 0, "85+": 0}
JUDGED = {"verification": "recalled", "assumption": "made up", "interval_basis": "assumed"}


def seen(value: float, low: float, high: float, **more: Any) -> dict[str, Any]:
    return {"value": value, "interval": [low, high], "source": "made_up", **SEEN, **more}


def tiny(folder: Path, **plan: Any) -> Appraisal:
    """1,500 of 3,000 people at 10 falls per 1,000 are offered classes, which half take up and which avert a fifth."""
    classes = intervention("classes", effect("fall", 0.8, certainty="low"))
    classes["effects"][0]["estimate"] = seen(0.8, 0.7, 0.9)
    classes["cost"] = seen(100, 50, 150, unit="GBP/participant", price_year="2024/25")
    classes["uptake"] = {"value": 0.5, "interval": [0.25, 0.75], **JUDGED}
    classes["delivery"] = seen(1, 0.6, 1)
    falls = event("fall", seen(1000, 900, 1200))
    path = write_world(
        folder, nodes=[falls], interventions=[classes], people={"here": YOUNG},
        plan={"money": {"council": 75_000}, "largest_package": 1} | plan,
    )  # fmt: skip
    return optimal_appraisal(open_world(path))


@pytest.mark.parametrize(
    ("what", "kind", "mark", "low", "high"),
    [
        # 1,500 offered · 0.5 · 0.01 · 0.2 = 1.5
        ("effect on fall", "effect", "seen", 2.25, 0.75),  # 7.5 · 0.3 and 7.5 · 0.1
        ("uptake", "take-up", "recalled", 0.75, 2.25),  # the same 1,500 offered
        ("delivery", "take-up", "seen", 0.9, 1.5),
        ("england rate", "rate", "seen", 1.35, 1.8),
    ],
)
def test_each_figure_as_on_paper(tmp_path: Path, what: str, kind: str, mark: str, low: float, high: float) -> None:
    appraisal = tiny(tmp_path)
    table = spread_of(appraisal, jobs=1)
    row = table[table["what"] == what].iloc[0]
    assert (row["kind"], row["seen"]) == (kind, mark)
    assert row["admissions_averted_at_low"] == approx(low, rel=1e-5)
    assert row["admissions_averted_at_high"] == approx(high, rel=1e-5)


def test_what_moves_no_admission_is_left_out_and_the_rest_goes_by_size(tmp_path: Path) -> None:
    table = spread_of(tiny(tmp_path), jobs=1)
    assert "cost" not in set(table["what"])
    moves = (table[["admissions_averted_at_low", "admissions_averted_at_high"]] - 1.5).abs().max(axis=1)
    assert (moves.diff().dropna() <= 1e-9).all()
    assert (moves > 0).all()


def _ends(low: list[float], high: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"admissions_averted_at_low": low, "admissions_averted_at_high": high}, dtype=float)


def test_figures_that_multiply_add_up_on_the_scale_of_logarithms() -> None:
    """Two figures that halve or double the answer: 10 · 2^(±√2); one that only raises it moves no lower end."""
    assert combined(_ends([5, 20], [20, 5]), 10.0) == approx((10 * 2 ** -sqrt(2), 10 * 2 ** sqrt(2)))
    assert combined(_ends([], []), 10.0) == (10.0, 10.0)
    assert combined(_ends([11], [12]), 10.0) == approx((10.0, 12.0))
    assert combined(_ends([float("nan")], [20]), 10.0) == approx((10.0, 20.0))


def test_figures_that_can_turn_the_answer_into_a_harm_are_summed_as_they_are() -> None:
    assert combined(_ends([-7, 14], [13, 6]), 10.0) == approx((10 - sqrt(17**2 + 4**2), 10 + sqrt(3**2 + 4**2)))
    assert combined(_ends([-12], [-8]), -10.0) == approx((-12.0, -8.0))


def test_links_and_states_count_too(tmp_path: Path) -> None:
    path = write_world(
        tmp_path, nodes=[state("weak", 0.4), event("fall", 1000)], people={"here": YOUNG},
        edges=[edge("weak", "fall", 2.0)], interventions=[intervention("meals", effect("weak", 0.5))],
        plan={"money": {"council": 150_000}},
    )  # fmt: skip
    table = spread_of(optimal_appraisal(open_world(path)), jobs=1)
    assert {"link", "rate", "effect"} <= set(table["kind"])


def test_an_allocation_of_ones_own_is_not_asked(tmp_path: Path) -> None:
    result = result_of(tiny(tmp_path))
    with pytest.raises(AvertError, match="allocation of one's own"):
        spread_of(evaluated(result.appraisal.county.plan, result.offers))


def test_the_share_that_rests_on_low_certainty_and_on_what_nobody_saw(tmp_path: Path) -> None:
    shares = rests_on(result_of(tiny(tmp_path)).interventions)
    assert list(shares["share_of_admissions"]) == [1.0, 0.0]


@pytest.fixture(scope="module")
def somerset() -> tuple[Appraisal, pd.DataFrame, tuple[float, float]]:
    result = result_of(optimal_appraisal(avert.load_plan(SOMERSET), years=1))
    table, ends = avert.spread(result)
    return result.appraisal, table, ends


def test_somerset_lies_within_its_spread(somerset: tuple[Appraisal, pd.DataFrame, tuple[float, float]]) -> None:
    appraisal, table, (low, high) = somerset
    assert appraisal.optimum is not None
    assert list(table.columns) == list(COLUMNS["spread"])
    assert low < appraisal.optimum.objective < high
    assert {"effect", "link", "rate", "take-up"} <= set(table["kind"])
    assert {"seen", "derived", "recalled"} == set(table["seen"])
    assert (table["why_not"] == "").all()


def test_a_figure_moved_by_itself_is_what_an_evaluation_of_the_same_offers_says(
    somerset: tuple[Appraisal, pd.DataFrame, tuple[float, float]],
) -> None:
    """The same offers appraised from scratch under a plan with the figure moved: service by service, link by link."""
    appraisal, table, _ = somerset
    plan, offers = appraisal.county.plan, result_of(appraisal).offers
    figures = {
        (one.record, " / ".join(one.placed.names)): one
        for one in figures_in_force(appraisal.county, assumptions_only=False)
    }
    for kind in ("effect", "link", "take-up"):
        row = table[table["kind"] == kind].iloc[0]
        other = under(plan, figures[row["record"], row["where"]], row["high"])
        afresh = result_of(evaluated(replace(other), offers, years=1))
        assert afresh.admissions_averted == approx(row["admissions_averted_at_high"], rel=1e-4), kind
