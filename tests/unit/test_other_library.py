"""A library is only a folder: somebody else's, with a fifth pathway, works through the whole command line."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pandas as pd
import pytest
from test_bad_input import AVERT, ended
from test_command_line import said

ROOT = Path(__file__).parents[2]
FIFTH = ROOT / "tests" / "fifth_pathway"
PLAN, EVIDENCE = str(FIFTH / "plan.yaml"), str(FIFTH / "evidence")
NURSE, BOXES, LEAFLET = "heart_failure_nurse_visits", "medicine_boxes", "weighing_leaflet"
SOMERSET_PLAN = f"""\
area: somerset
years: 2026/27
money: {{icb: £500k a year}}
pathways: [heart_failure]
interventions: [{NURSE}]
"""


def on_theirs(*command: str) -> str:
    """What a command prints that is run on the other library."""
    return said(*command, "--evidence", EVIDENCE)


def test_a_plan_on_it_is_in_order() -> None:
    assert "2 years, 2 places, 2 services" in on_theirs("validate", PLAN)
    listed = on_theirs("validate", PLAN, "--assumptions", "--all")
    assert "Made up." in listed
    assert f"{NURSE} / cost" in listed


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A run folder of the other library's plan and the answer printed."""
    out = tmp_path_factory.mktemp("fifth") / "run"
    return out, on_theirs("run", PLAN, "--out", str(out))


def test_a_run_buys_its_services_and_names_its_events(run: tuple[Path, str]) -> None:
    out, answer = run
    assert "Emergency admission for heart failure" in answer
    assert "Visits by a heart failure nurse" in answer
    assert not [word for word in ("stroke", "dementia", "urinary", "fall") if word in answer.casefold()]
    for name in ("workbook.xlsx", "answer.svg", "manifest.json"):
        assert (out / name).stat().st_size > 0
    assert "with heart failure" in "".join(path.read_text(encoding="utf-8") for path in out.rglob("*.csv"))


def test_a_run_checked_by_another_solver_agrees(tmp_path: Path) -> None:
    assert "cbc" in on_theirs("run", PLAN, "--out", str(tmp_path / "run"), "--check", "cbc")


@pytest.mark.parametrize("service", [NURSE, BOXES, LEAFLET])
def test_each_service_is_explained(service: str) -> None:
    words = on_theirs("explain", PLAN, service)
    assert "heart" in words.casefold()
    if service == LEAFLET:
        assert "no figure was found" in words


def test_its_graph_is_drawn(tmp_path: Path) -> None:
    for what in ("heart_failure", PLAN):
        picture = on_theirs("graph", what)
        ElementTree.fromstring(picture)
        assert "Emergency admission" in picture


def test_its_evidence_is_checked_listed_and_shown() -> None:
    assert "1 pathways, 4 nodes, 3 edges, 3 interventions" in on_theirs("evidence", "check")
    listed = [line for line in on_theirs("evidence", "list").splitlines() if line.startswith("  ")]
    assert [line.split()[0] for line in listed if ": " not in line] == [NURSE, BOXES, LEAFLET]
    for name in (NURSE, BOXES, LEAFLET, "heart_failure"):
        assert "Made up" in on_theirs("evidence", "show", name) or name == LEAFLET


def test_its_figures_are_exported_with_unit_and_assumption(tmp_path: Path) -> None:
    out = tmp_path / "figures.csv"
    on_theirs("evidence", "export", "--out", str(out))
    table = pd.read_csv(out, keep_default_na=False)
    assert set(table.record) == {"heart_failure", NURSE, BOXES, "other_emergency_admission"}
    assert (table["mark"] == "recalled").all()
    assert (table.assumption == "Made up.").all()
    assert (table.unit != "").all()
    assert (table.low != "").all()


def test_two_files_added_to_the_library_are_a_fifth_pathway_of_it(tmp_path: Path) -> None:
    """One pathway and one service, copied into a copy of the library: nothing else is touched, and a plan buys it."""
    evidence, plans = tmp_path / "evidence", tmp_path / "plans"
    shutil.copytree(ROOT / "evidence", evidence)
    shutil.copytree(ROOT / "plans", plans)
    before = said("evidence", "list", "--evidence", str(evidence)).splitlines()
    shutil.copy(FIFTH / "evidence/pathways/heart-failure.yaml", evidence / "pathways")
    shutil.copy(FIFTH / "evidence/interventions/heart-failure-nurse-visits.yaml", evidence / "interventions")
    after = said("evidence", "list", "--evidence", str(evidence)).splitlines()
    new = [line.split()[0] for line in after if line not in before]
    assert new == ["heart_failure", NURSE]
    done = ended([*AVERT, "evidence", "check", "--evidence", str(evidence)])
    assert done.code == 0, done.said
    plan = plans / "heart.yaml"
    plan.write_text(SOMERSET_PLAN, encoding="utf-8")
    options = (str(plan), "--evidence", str(evidence))
    assert "1 services" in said("validate", *options)
    answer = said("run", *options, "--out", str(tmp_path / "run"))
    assert "Emergency admission for heart failure" in answer
    assert "Visits by a heart failure nurse" in answer
    assert "Heart failure" in said("graph", "heart_failure", "--evidence", str(evidence))
