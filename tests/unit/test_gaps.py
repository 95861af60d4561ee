"""How far an answer moves with each assumption: sums by hand, what can't matter, and the words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pytest import approx

import avert
from avert.appraisal import GAP_COLUMNS, Gaps, gaps_of, optimised_again
from avert.appraisal.newcomers import _full_prices
from avert.cli import main
from avert.errors import AvertError
from avert.library.moved import moved, with_figure
from avert.report import gaps_in_words
from worlds import edge, effect, event, intervention, open_world, state, write_world

JUDGED = {"verification": "recalled", "assumption": "made up", "interval_basis": "assumed"}


def judged(value: float, low: float, high: float, **more: Any) -> dict[str, Any]:
    """A figure nobody saw."""
    return {"value": value, "interval": [low, high], **JUDGED, **more}


def tiny(folder: Path, **plan: Any) -> Path:
    """3,000 people at 10 admissions per 1,000; classes for £100 a head avert a fifth, walks a twentieth."""
    classes = intervention("classes", effect("fall", 0.8, certainty="low"))
    classes["effects"][0]["estimate"] = judged(0.8, 0.7, 0.9)
    classes["cost"] = judged(100, 50, 150, unit="GBP/participant", price_year="2024/25")
    classes["uptake"], classes["delivery"] = judged(1, 0.5, 1), judged(1, 0.6, 1)
    walks = intervention("walks", effect("fall", 0.95))
    walks["effects"][0] |= {
        "estimate": judged(0.95, 0.7, 1.0), "choice": "small", "why": "made up", "alternatives": [
            {key: one for key, one in effect("fall", 0.6).items() if key != "acts_on"}
            | {"choice": "large", "why_not": "made up"}
        ],
    }  # fmt: skip
    walks["delivery"] = judged(0.8, 0.2, 0.9)
    return write_world(
        folder, nodes=[event("fall", 1000)], interventions=[classes, walks],
        plan={"money": {"council": 150_000}, "largest_package": 1} | plan,
    )  # fmt: skip


@pytest.fixture(scope="module")
def gaps(tmp_path_factory: pytest.TempPathFactory) -> Gaps:
    return gaps_of(open_world(tiny(tmp_path_factory.mktemp("tiny"))), jobs=1)


def row(gaps: Gaps, record: str, what: str) -> pd.Series:
    table = gaps.table
    return table[(table["record"] == record) & (table["what"] == what)].iloc[0]


@pytest.mark.parametrize(
    ("what", "low", "high"),
    [
        # £150,000 reach 1,500 people, who avert 1,500 · 0.01 · 0.2 = 3
        ("effect on fall", 4.5, 1.5),  # 15 · 0.3 and 15 · 0.1
        ("delivery", 1.8, 3.0),  # 15 · 0.2 · 0.6
        # £1 more averts 3 / 150,000; at £50 they use £75,000 less, worth 1.5, at £150 as much more
        ("cost", 4.5, 1.5),
        # half as many avert 1.5 less, and the £75,000 not spent are worth the 1.5
        ("uptake", 3.0, 3.0),
    ],
)
def test_each_figure_moves_the_answer_as_on_paper(gaps: Gaps, what: str, low: float, high: float) -> None:
    found = row(gaps, "classes", what)
    assert gaps.answer == approx(3.0, rel=1e-6)
    assert (found["answer_at_low"], found["answer_at_high"]) == (approx(low, rel=1e-5), approx(high, rel=1e-5))
    assert found["swing"] == approx(max(low, high, 3.0) - min(low, high, 3.0), abs=1e-4)
    assert found["in_plan"] == "bought"
    assert found["certainty"] == "low"


def test_a_service_not_bought_moves_nothing_and_says_what_would_bring_it_in(gaps: Gaps) -> None:
    found = row(gaps, "walks", "effect on fall")
    assert found["swing"] == 0
    assert found["in_plan"] == "not bought"
    # a person averts 0.01 · 0.8 · 0.05 and takes £100, worth 100 · 3 / 150,000 = 0.002
    assert found["benefit_per_charge"] == approx(0.2, rel=1e-5)
    # at a ratio of 0.7 they avert 0.01 · 0.8 · 0.3
    assert found["best_benefit_per_charge"] == approx(1.2, rel=1e-5)
    assert found["better_end"] == 0.7


def test_optimised_afresh_the_plan_may_do_better_than_the_held_one(gaps: Gaps) -> None:
    again, readings = optimised_again(gaps, 4, jobs=1)
    cost = row(again, "classes", "cost")
    # at £50 everybody is reached: 30 · 0.2; at £150 £150,000 reach 1,000
    assert (cost["optimum_at_low"], cost["optimum_at_high"]) == (approx(6.0, rel=1e-6), approx(2.0, rel=1e-6))
    walks = row(again, "walks", "effect on fall")
    # at 0.7 of everything 1,500 people on walks avert 15 · 0.8 · 0.3
    assert walks["optimum_at_low"] == approx(3.6, rel=1e-6)
    assert walks["optimum_at_high"] == approx(3.0, rel=1e-6)
    (large,) = readings
    assert (large.name, large.held) == ("large", approx(3.0, rel=1e-6))
    assert large.optimum == approx(15 * 0.8 * 0.4, rel=1e-6)
    said = [line for _, lines in gaps_in_words(again, top=3, by_certainty=False, readings=readings) for line in lines]
    assert any(
        "cost of classes: 100 (50 to 150) → 4.5 to 1.5 admissions; optimised afresh 6 to 2" in one for one in said
    )
    assert any("by 'large' instead of 'small'" in one and "afresh 4.8" in one for one in said)


def test_the_charge_of_a_bought_service_is_the_price_the_programme_gave_it(gaps: Gaps) -> None:
    prices = _full_prices(gaps.held, gaps.held.county, "classes")
    assert prices is not None
    assert prices.starting[0] == approx(gaps.held.prices.starting[0], rel=1e-6)


def test_the_list_in_words(gaps: Gaps) -> None:
    sections = dict(gaps_in_words(gaps, top=2, by_certainty=False))
    listed = sections["Assumptions by how far the answer moves: the first 2 of 3"]
    assert listed[0].startswith("effect on fall of classes: 0.8 (0.7 to 0.9) → 4.5 to 1.5 admissions, evidence/")
    assert listed[0].endswith(", low certainty")
    assert len(listed) == 2
    outside = sections["Services the plan does not buy"]
    assert "takes --again" in outside[0]
    assert "walks could come in with effect on fall at 0.7 instead of 0.95" in outside[1]
    assert "1.20 times what it takes (0.20 now)" in outside[1]


def test_blocks_by_certainty(gaps: Gaps) -> None:
    (block,) = [heading for heading, _ in gaps_in_words(gaps, top=25, by_certainty=True) if "certainty" in heading]
    assert block == "Low certainty: total swing 7.2 admissions, all 3"  # 3 + 3 + 1.2


def test_from_python_with_every_column_explained(gaps: Gaps) -> None:
    table = avert.gaps(gaps.plan)
    assert list(table.columns) == list(GAP_COLUMNS)
    assert table["swing"].is_monotonic_decreasing
    assert table.equals(gaps.table.reset_index(drop=True))


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, out = tiny(tmp_path), tmp_path / "gaps.csv"
    arguments = ["evidence", "gaps", str(plan), "--evidence", str(tmp_path / "evidence"), "--by", "certainty"]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--top", "1", "--out", str(out)])
    assert ended.value.code == 0
    assert "Low certainty: total swing 7.2 admissions, the first 1 of 3" in capsys.readouterr().out
    assert len(pd.read_csv(out)) == 6


@pytest.mark.parametrize(
    ("more", "said"), [(["--by", "size"], "use swing or certainty"), (["--out", "x.txt"], "should end in .csv")]
)
def test_what_the_command_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evidence", "gaps", str(tiny(tmp_path)), *more])
    assert ended.value.code == 1
    assert said in capsys.readouterr().err


def test_an_end_the_model_refuses_says_so(tmp_path: Path) -> None:
    weak = state("weak", 0.4, stratifies=True)
    weak["prevalence"] = judged(0.4, 0.1, 0.9)
    thin = state("thin", 0.4)
    thin["prevalence"] = judged(0.4, 0.1, 0.9)
    path = write_world(
        tmp_path, nodes=[weak, thin, event("fall", 1000)],
        edges=[edge("weak", "thin", 3.0), edge("thin", "fall", 2.0), edge("weak", "fall", 1.5, scope="direct")],
        interventions=[intervention("meals", effect("thin", 0.5))], plan={"money": {"council": 150_000}},
    )  # fmt: skip
    found = gaps_of(open_world(path), jobs=1)
    thin_row = found.table[found.table["of"] == "thin"].iloc[0]
    assert thin_row["answer_at_high"] != thin_row["answer_at_high"]
    assert "at 0.9" in thin_row["why_not"]
    assert thin_row["swing"] > 0


def test_a_library_with_one_figure_moved_differs_in_nothing_else(tmp_path: Path) -> None:
    library = open_world(tiny(tmp_path)).library
    other = with_figure(library, "classes", ("effects", 0, "estimate"), 0.75)
    assert other.interventions["classes"].effects[0].estimate.value == 0.75
    assert with_figure(other, "classes", ("effects", 0, "estimate"), 0.8) == library
    node = with_figure(library, "main", ("nodes", 0, "england_rate"), 1200.0).pathways["main"].nodes[0]
    assert node.england_rate is not None
    assert node.england_rate["all ages"].value == 1200


@pytest.mark.parametrize(
    ("record", "path", "value", "said"),
    [
        ("nobody", ("uptake",), 0.5, "no record 'nobody'"),
        ("classes", ("nothing",), 0.5, "no figure stands at nothing"),
        ("classes", ("label",), 0.5, "no figure stands at label"),
        ("classes", ("effects", 3, "estimate"), 0.5, "no figure stands at effects / 3 / estimate"),
        ("classes", ("uptake", "value"), 0.5, "no figure stands at uptake / value"),
        ("classes", ("uptake",), 1.5, "1.5: "),
    ],
)
def test_a_figure_that_cannot_be_moved(
    tmp_path: Path, record: str, path: tuple[str | int, ...], value: float, said: str
) -> None:
    library = open_world(tiny(tmp_path)).library
    with pytest.raises(AvertError, match=said):
        with_figure(library, record, path, value)
    with pytest.raises(AvertError):
        moved(library.interventions["classes"], (), 0.5)
