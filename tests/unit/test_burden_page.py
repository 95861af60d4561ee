"""The book's page on who carries the burden, written from the tables of small counties."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import avert
from avert.book.county import County
from avert.book.page import Page
from avert.book.pages.burden import burden
from avert.cli import main
from avert.results import burden_tables
from linked import write_records
from worlds import edge, effect, event, intervention, open_world, state, write_world

NASTY = "<b>Hills</b> | **bold** [a](http://b.example)"


def page_of(plan: Path) -> Page | None:
    """The page as it would stand in a book of this plan, without building one."""
    opened = open_world(plan)
    result = avert.optimise(opened)
    tables = {**result.tables, **burden_tables(result.appraisal.county)}
    return burden(County(opened, plan.parent, result.manifest, tables))


def write(folder: Path, *, factors: int = 2, rate: float = 1000, **area: Any) -> Path:
    names = ("frail", "alone")[:factors]
    plan = write_world(
        folder,
        nodes=[*(state(name, 0.2, stratifies=True) for name in names), event("fall", rate)],
        edges=[edge("frail", "fall", 4.0), edge("alone", "fall", 1.0)][:factors],
        interventions=[intervention("classes", effect("fall", 0.8))],
        people={"north": {"65-74": 900, "75-84": 100, "85+": 0}, "south": {"65-74": 500, "75-84": 500, "85+": 0}},
        odds_ratios=[("alone", "frail", 3.0)][: factors - 1],
    )
    path = folder / "area-area.yaml"
    record = yaml.safe_load(path.read_text("utf-8")) | area
    record["places"][0]["label"] = NASTY
    path.write_text(yaml.safe_dump(record, sort_keys=False), "utf-8")
    return plan


def text_of(page: Page | None) -> str:
    assert page is not None
    return "\n".join([page.lead, *page.parts])


def test_the_answer_comes_first_with_its_numbers_behind_the_charts(tmp_path: Path) -> None:
    """Of 2,000 people 400 are frail, at 2.5 times the mean: the top 2 % carry 5 %, the frail half of it all."""
    page = page_of(write(tmp_path))
    assert page is not None
    assert page.lead.startswith("The 2% of older residents most at risk are expected to have 5")
    assert "half of all admissions come from 20%" in page.lead.replace("\\", "")
    assert [chart.name for chart in page.charts] == ["plan-concentration", "plan-conditions"]
    numbers = page.charts[0].numbers  # type: ignore[union-attr]
    assert numbers is not None
    assert numbers["Share of expected admissions"].iloc[1] == pytest.approx(0.05)
    assert "top 2% of people: 5.0% of admissions" in page.charts[0].alt  # type: ignore[union-attr]


def test_it_says_what_is_expected_only_and_what_was_inferred(tmp_path: Path) -> None:
    said = text_of(page_of(write(tmp_path))).replace("\\", "")
    assert "Expected is not what happened" in said
    assert "odds ratios for one of one pairs" in said
    assert "No local rates are known" in said
    assert "What happened in linked records" not in said


def test_names_stand_as_they_are(tmp_path: Path) -> None:
    said = text_of(page_of(write(tmp_path)))
    assert NASTY not in said
    assert "\\<b\\>Hills" in said


def test_linked_records_stand_beside_it(tmp_path: Path) -> None:
    plan = write(tmp_path, profiles="area-profiles.csv", observed="area-burden.csv")
    out = ["--out", str(tmp_path / "area-profiles.csv"), "--evidence", str(tmp_path / "evidence")]
    with pytest.raises(SystemExit) as end:
        main(["profiles", str(write_records(tmp_path / "records.csv")), *out])
    assert end.value.code == 0
    page = page_of(plan)
    said = text_of(page).replace("\\", "")
    assert "What happened in linked records" in said
    assert "| 2% | 9.6% |" in said  # 80 of 830 admissions
    assert "8.7% |" in said  # 320,000 of 3,680,000 pounds
    assert "Who has which conditions together comes from linked records" in said
    assert "Dots are what people in linked records had" in said


def test_a_county_of_one_factor_and_one_place_has_no_pairs(tmp_path: Path) -> None:
    said = text_of(page_of(write(tmp_path, factors=1)))
    assert "What comes together" not in said


def test_where_nothing_happens_there_is_no_page(tmp_path: Path) -> None:
    assert page_of(write(tmp_path, rate=0)) is None
