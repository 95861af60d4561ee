"""The command line on the Somerset plan: what it prints, what it writes, byte for byte the same twice."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import avert
from avert.cli import main
from avert.library import figures_in
from avert.report import explain
from avert.results import ALSO

SOMERSET = str(Path(__file__).parents[2] / "plans" / "somerset.yaml")


def said(*arguments: str) -> str:
    """What a command that ends well prints on standard output."""
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(StringIO()), pytest.raises(SystemExit) as end:
        main(list(arguments))
    assert not end.value.code
    return out.getvalue()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A run folder of the Somerset plan and the answer printed."""
    out = tmp_path_factory.mktemp("somerset") / "run"
    return out, said("run", SOMERSET, "--out", str(out))


def test_the_answer_says_everything_a_board_asks(run: tuple[Path, str]) -> None:
    _, answer = run
    for words in (
        "averts",
        "emergency admissions",
        "days in hospital",
        "entries into long-term care",
        "Emergency admission for a fall:",
        "£1,000 more in the money of icb",
        "puts in £6,000,000",
        "If another outcome came first",
        "at reference cost",
        "cash",
        "Overlap takes back",
        "Where studies disagree",
        "low or very low certainty",
        "experts",
        "A handful:",
    ):
        assert words in answer, words


def test_the_same_inputs_give_the_same_bytes(run: tuple[Path, str], tmp_path: Path) -> None:
    first, _ = run
    second = tmp_path / "again"
    said("run", SOMERSET, "--out", str(second))
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(path.name for path in second.iterdir())
    for name in names:
        if name != "timings.json":
            assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_the_manifest_holds_the_certificate_and_every_input(run: tuple[Path, str]) -> None:
    folder, _ = run
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["status"] == "optimal"
    assert manifest["gap"] <= 1e-6
    assert manifest["max_violation"] <= 1e-6
    assert manifest["objective"] <= manifest["upper_bound"] * (1 + 1e-6)
    assert manifest["strata"] >= 900
    assert {"seed", "versions", "packages"} <= manifest.keys()
    assert {"plans/somerset.yaml", "plans/somerset-population.csv", "evidence/sources.bib"} <= manifest["inputs"].keys()
    assert all(len(sha) == 64 for sha in manifest["inputs"].values())


def test_tables_are_the_same_as_parquet_and_csv_and_have_the_declared_columns(run: tuple[Path, str]) -> None:
    folder, _ = run
    for name, columns in avert.COLUMNS.items():
        if name in ALSO:
            assert not (folder / f"{name}.csv").exists()
            continue
        parquet, csv = (
            pd.read_parquet(folder / f"{name}.parquet"),
            pd.read_csv(folder / f"{name}.csv", keep_default_na=False),
        )
        assert list(parquet.columns) == list(csv.columns) == list(columns), name
        assert len(parquet) == len(csv)


def test_every_table_adds_up(run: tuple[Path, str]) -> None:
    """Services and overlap make the plan; the plan makes the outcomes; partners pay for the allocation."""
    folder, _ = run
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in set(avert.COLUMNS) - set(ALSO)}
    totals = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["totals"]
    services = tables["interventions"].set_index("intervention")
    for column in ("admissions_averted_alone", "admissions_averted_in_plan", "bed_days_averted_alone"):
        assert services[column].drop("total").sum() == pytest.approx(services.loc["total", column], abs=1e-4)
    assert services.loc["total", "admissions_averted_alone"] == pytest.approx(totals["admissions_averted"], abs=1e-4)
    outcomes = tables["outcomes"]
    assert (outcomes["baseline"] - outcomes["averted"] - outcomes["remaining"]).abs().max() < 1e-5
    assert tables["allocation"]["spend"].sum() == pytest.approx(tables["partners"]["paid"].sum(), abs=0.01)
    assert tables["partners"]["bed_days_averted"].sum() == pytest.approx(totals["bed_days_averted"], abs=1e-3)
    assert tables["rules"].groupby("intervention").size().max() <= 10
    assert tables["rules"].groupby("intervention")["share_of_service"].sum().sub(1).abs().max() < 1e-4


def test_the_workbook_has_frozen_headings_with_units_and_a_sheet_of_notes(run: tuple[Path, str]) -> None:
    folder, _ = run
    book = openpyxl.load_workbook(folder / "workbook.xlsx")
    assert book.sheetnames == ["notes", *book.sheetnames[1:-2], "assumptions", "sources"]
    assert set(avert.COLUMNS) - set(ALSO) <= set(book.sheetnames)
    sheet = book["allocation"]
    assert sheet.freeze_panes == "A2"
    assert "[£]" not in sheet["A1"].value
    assert any("£" in str(cell.value) for cell in sheet[1])
    assert sheet.max_row == len(pd.read_parquet(folder / "allocation.parquet")) + 1
    assert book["sources"].max_row > 100


def test_evaluating_the_optimum_gives_the_optimum() -> None:
    """The offers of a run, read back as an allocation of one's own, avert what the run said."""
    plan = avert.load_plan(SOMERSET)
    best = avert.optimise(plan, years=2)
    again = avert.evaluate(plan, best.offers, years=2)
    assert again.admissions_averted == pytest.approx(best.admissions_averted, rel=1e-6)
    assert again.spend == pytest.approx(best.spend, rel=1e-6)
    fewer = best.offers.assign(people_offered=best.offers["people_offered"] / 2)
    assert avert.evaluate(plan, fewer, years=2).admissions_averted == pytest.approx(
        best.admissions_averted / 2, rel=1e-6
    )
    with pytest.raises(avert.AvertError, match="of "):
        avert.evaluate(plan, best.offers.assign(people_offered=1e6), years=2)
    with pytest.raises(avert.AvertError, match="Did you mean"):
        avert.evaluate(plan, best.offers.assign(place="mendib"), years=2)


@pytest.mark.parametrize("name", ["strength_and_balance", "anticoagulation_untreated_af", "high_dose_vitamin_d"])
def test_explain_gives_route_numbers_margin_and_status(name: str) -> None:
    text = said("explain", SOMERSET, name, "--years", "1")
    for heading in ("Route through the graph", "Every number", "At the margin", "In or out"):
        assert heading in text
    assert f"{name} → " in text


def test_a_service_called_by_its_label_is_found() -> None:
    with redirect_stderr(StringIO()) as faults, pytest.raises(SystemExit) as end:
        main(["explain", SOMERSET, "Tai Chi classes"])
    assert (end.value.code, faults.getvalue()) == (
        1,
        "there is no intervention 'Tai Chi classes'. Did you mean 'tai_chi'?\n",
    )


def test_every_service_of_the_library_can_be_explained() -> None:
    """Each number, with the source or the reason it is assumed; each effect with its route or why it has none."""
    plan = avert.load_plan(SOMERSET)
    result = avert.optimise(plan, years=1)
    for name, one in plan.library.interventions.items():
        sections = {heading: "\n".join(lines) for heading, lines in explain(result, name)}
        numbers = sections["Every number"]
        for placed in figures_in(one):
            figure = placed.figure
            assert f"{figure.value:g}" in numbers
            papers = figure.assumption or [str(plan.library.sources[key]) for key in figure.source]
            assert all(paper in numbers for paper in ([papers] if isinstance(papers, str) else papers))
        route = sections["Route through the graph"]
        assert all(effect.acts_on in route or "all_emergency" in effect.acts_on for effect in one.effects)
        assert sections["In or out"].startswith(("In:", "Out:"))


def test_evidence_list_show_and_check() -> None:
    listed = said("evidence", "list")
    assert listed.index("falls (Falls)") < listed.index("strength_and_balance") < listed.index("stroke (Stroke)")
    assert "do_not_fund: a plan does not buy it" in listed
    mine = said("evidence", "list", "--pathway", "falls", "--candidates").splitlines()
    assert any(line.split()[:3] == ["tai_chi", "recommended", "candidate"] for line in mine)
    assert not [line for line in mine if "do_not_fund" in line or "stroke" in line]
    assert "[seen in the abstract]" in said("evidence", "show", "strength_and_balance")
    assert "previous_fall → fall" in said("evidence", "show", "falls")
    assert "in order" in said("evidence", "check")


@pytest.mark.parametrize("what", [SOMERSET, "falls", "urinary_infection"])
def test_the_graph_is_an_image_with_a_title(what: str) -> None:
    root = ElementTree.fromstring(said("graph", what))
    assert root.tag.endswith("svg")
    assert root.find("{http://www.w3.org/2000/svg}title") is not None


def test_validate_lists_assumptions_with_their_place() -> None:
    text = said("validate", SOMERSET, "--assumptions", "--all")
    assert "money = illustrative" in text
    assert "take_up = independent" in text
    assert "evidence/interventions/strength-and-balance.yaml:" in text


def test_validate_sums_assumptions_up_choices_first() -> None:
    text, whole = (said("validate", SOMERSET, "--assumptions", *more) for more in ([], ["--all"]))
    assert "of which 4 act on all causes." in text
    choices, figures = text.split("Figures nobody saw, by record")
    assert "take_up = independent" in choices
    assert "strength_and_balance: " in figures
    counted = sum(int(line.split(": ")[1].split(";")[0]) for line in figures.splitlines()[1:-1])
    assert f"and {counted} figures that nobody saw" in choices
    assert len(text.splitlines()) < 80 < counted < len(whole.splitlines())


def test_json_is_the_manifest(tmp_path: Path) -> None:
    manifest = json.loads(said("run", SOMERSET, "--years", "1", "--out", str(tmp_path / "run"), "--json"))
    assert manifest["totals"]["spend"] > 0


def test_the_schema_is_json_with_words_for_every_field() -> None:
    schema = json.loads(said("schema"))
    assert {"money", "pathways", "fairness", "limits"} <= schema["properties"].keys()
    assert "description" in schema["properties"]["money"]
