"""Evidence with misspelt keys, names that lead nowhere, trials counted twice: refused at its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_bad_input import Case, assert_case_is_refused, assert_refused, breaking, good_world

MAIN, CLASSES, PILLS = (
    "evidence/pathways/main.yaml",
    "evidence/interventions/classes.yaml",
    "evidence/interventions/pills.yaml",
)
classes, main, review = breaking(CLASSES), breaking(MAIN), breaking("evidence/interventions/review.yaml")
COST = "unit_cost: admission\n- id: stroke"
FRAILTY = "_cost: admission\n- id: frailty\n  kind: risk_factor"

CASES: dict[str, Case] = {
    # keys and words
    "unknown key": classes("status: ", "statsu: ", "unknown key 'statsu'", "Did you mean 'status'?"),
    "unknown key below": classes("price_year: ", "price_yaer: ", "'price_yaer'", "Did you mean 'price_year'?"),
    "unknown key of an edge": main("- from: weakness", "- form: weakness", "'form'", "Did you mean 'from'?"),
    "key in the wrong case": classes("\nfunding:", "\nFunding:", "'Funding'", "Did you mean 'funding'?"),
    "word in the wrong case": classes(
        "status: recommended", "status: Recommended", "'Recommended'", "Did you mean 'recommended'?"
    ),
    "a misspelt kind": main(FRAILTY, FRAILTY.replace("_f", "-f"), "'kind'", "Did you mean 'risk_factor'?"),
    "id in the wrong case": classes("id: classes", "id: Classes", "'Classes'", "as in 'classes'"),
    "a key left out": classes("funding: candidate\n", "", "'funding' is missing", at="id: classes"),
    "an unknown age": main("    75-84:\n", "    75-85:\n", "'75-85'", "75-84"),
    # names that lead nowhere
    "pathway": classes("pathway: main", "pathway: mian", "'mian'", "Did you mean 'main'?"),
    "node of an effect": classes("- acts_on: fall_a", "- acts_on: fal_a", "Did you mean 'fall_admission'?"),
    "node of an edge": main("- from: weakness", "- from: weeknes", "'weeknes'", "Did you mean 'weakness'?"),
    "factor of a group": review("  - frailty", "  - frailness", "'frailness'", "Did you mean 'frailty'?"),
    "unit cost": main(COST, COST.replace("dm", "d"), "'adission'", "'admission'"),
    "class of experts": main(COST, COST.replace("\n", "\n  plausibility: fals\n"), "'fals'", "'falls'"),
    "a part of it": classes("status: recommended", "contains: [pils]\nstatus: recommended", "Did you mean 'pills'?"),
    "a price year": classes("price_year: 2024/25", "price_year: 2025/26", "'2025/26'", "2024/25"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_evidence_with_a_wrong_name_is_refused_at_its_line(tmp_path: Path, case: Case) -> None:
    assert_case_is_refused(tmp_path, case)


OTHER = "@misc{other,\n  author = {Nobody},\n  title = {Other},\n  year = {2025}\n}\n\n@misc"
BESIDE = """\
- acts_on: {node}
  measure: rate_ratio
  estimate: {{value: 0.9, interval: [0.8, 1.0], source: {source}, verification: seen, seen_in: table 1, seen_as: table}}
  design: randomised
  certainty: high
status: recommended"""
TOTAL = "all_emergency_admissions"


@pytest.mark.parametrize(
    ("node", "source", "says"),
    [
        ("fall_admission", "made_up", ("two estimates",)),
        (TOTAL, "made_up", ("counted twice", "'fall_admission'", f"'{TOTAL}'")),
        (TOTAL, "[other, made_up]", ("counted twice", "made_up")),
    ],
)
def test_one_trial_counts_once(tmp_path: Path, node: str, source: str, says: tuple[str, ...]) -> None:
    world = good_world(tmp_path)
    world.change("evidence/sources.bib", "@misc", OTHER)
    line = world.change(CLASSES, "status: recommended", BESIDE.format(node=node, source=source))
    line = line if node != TOTAL else world.line_of(CLASSES, "- acts_on: fall_admission")
    done = world.run()
    assert_refused(world, done)
    said = done.faults("classes.yaml", line)
    assert not [words for words in says if words not in said], done.said


def test_one_trial_beside_another_is_allowed(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    world.change("evidence/sources.bib", "@misc", OTHER)
    world.change(CLASSES, "status: recommended", BESIDE.format(node=TOTAL, source="other"))
    done = world.run()
    assert done.code == 0, done.said


def test_two_candidates_do_not_carry_the_same_result(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    text = (world.folder / CLASSES).read_text(encoding="utf-8")
    twin = "evidence/interventions/tai_chi.yaml"
    (world.folder / twin).write_text(text.replace("id: classes", "id: tai_chi"), encoding="utf-8")
    done = world.run()
    assert_refused(world, done)
    said = done.faults("tai_chi.yaml", world.line_of(twin, "- acts_on"))
    assert "counted twice" in said
    assert "'classes'" in said
    assert "substitutes" in said


def test_an_id_used_by_two_files_names_both(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    line = world.change(PILLS, "id: pills", "id: classes")
    done = world.run()
    assert_refused(world, done)
    assert "classes.yaml" in done.faults("pills.yaml", line)


def test_every_fault_of_the_evidence_is_named_at_once(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    lines = [
        ("classes.yaml", world.change(CLASSES, "status: recommended", "status: recomended")),
        ("pills.yaml", world.change(PILLS, "uptake:\n  value: 1", "uptake:\n  value: 45")),
        ("pills.yaml", world.change(PILLS, "\nsummary:", "\nsumary:")),
        ("main.yaml", world.change(MAIN, "      value: 2500", "      value: many")),
    ]
    done = world.run()
    assert_refused(world, done)
    assert [place for place in lines if not done.faults(*place)] == []
