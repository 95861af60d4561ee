"""Evidence that contradicts itself, or breaks the library's rules, is refused at its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_bad_input import Case, assert_case_is_refused, assert_refused, good_world

MAIN, CLASSES, PILLS, REVIEW = (
    "evidence/pathways/main.yaml",
    "evidence/interventions/classes.yaml",
    "evidence/interventions/pills.yaml",
    "evidence/interventions/review.yaml",
)
SEEN = "    source: made_up\n    verification: seen\n"
WEAKNESS = f"  prevalence:\n    value: 0.3\n    interval:\n    - 0\n    - 1\n{SEEN}"
RATIO = f"    value: 0.8\n    interval:\n    - 0.7200000000000001\n    - 0.8800000000000001\n{SEEN}"
UPTAKE = "uptake:\n  value: 1\n  interval:\n  - 0\n  - 1\n  source: made_up\n  verification: seen\n"
GUESS = "  assumption: judged\n  verification: recalled\n"


def in_effect(new: str, *says: str, moved: int = 0) -> Case:
    """A case in the estimate of the classes."""
    return Case(CLASSES, RATIO, new, says, moved)


CASES = {
    # keys and words
    "unknown key": Case(CLASSES, "verdict: works", "verdikt: works", ("unknown key 'verdikt'", "Did you mean 'verdict'?")),
    "unknown key in a figure": in_effect(RATIO.replace("interval", "intervall"), "'intervall'", "Did you mean 'interval'?"),
    "unknown key in an edge": Case(MAIN, "- from: weakness", "- form: weakness", ("'form'", "Did you mean 'from'?")),
    "a key in the wrong case": Case(CLASSES, "\nfunding:", "\nFunding:", ("'Funding'", "Did you mean 'funding'?")),
    "a word in the wrong case": Case(CLASSES, "verdict: works", "verdict: Works", ("'Works'", "Did you mean 'works'?")),
    "a misspelt kind": Case(MAIN, "_cost: admission\n- id: frailty\n  kind: risk_factor", "_cost: admission\n- id: frailty\n  kind: risk-factor",
                            ("'kind'", "Did you mean 'risk_factor'?")),
    "an id in the wrong case": Case(CLASSES, "id: classes", "id: Classes", ("'Classes'", "as in 'classes'")),
    "a key left out": Case(CLASSES, "funding: candidate\n", "", ("'funding' is missing",), at="id: classes"),
    "an unknown age": Case(MAIN, "    75-84:\n", "    75-85:\n", ("'75-85'", "75-84")),
    # names that lead nowhere
    "pathway": Case(CLASSES, "pathway: main", "pathway: mian", ("'mian'", "Did you mean 'main'?")),
    "node of an effect": Case(CLASSES, "- acts_on: fall_admission", "- acts_on: fall_admisson", ("Did you mean 'fall_admission'?",)),
    "node of an edge": Case(MAIN, "- from: weakness", "- from: weeknes", ("'weeknes'", "Did you mean 'weakness'?")),
    "factor of eligibility": Case(REVIEW, "  - frailty", "  - frailness", ("'frailness'", "Did you mean 'frailty'?")),
    "unit cost": Case(MAIN, "unit_cost: admission\n- id: stroke", "unit_cost: admision\n- id: stroke", ("'admision'", "'admission'")),
    "class of the experts": Case(MAIN, "unit_cost: admission\n- id: stroke", "unit_cost: admission\n  plausibility: fals\n- id: stroke",
                                 ("'fals'", "falls"), 0),
    "source": in_effect(RATIO.replace("made_up", "maid_up"), "'maid_up'", "Did you mean 'made_up'?"),
    "one source of two": in_effect(RATIO.replace("made_up", "[made_up, maid_up]"), "'maid_up'", "Did you mean 'made_up'?"),
    "price year": Case(CLASSES, "price_year: 2024/25", "price_year: 2025/26", ("'2025/26'", "2024/25")),
    # figures
    "a percentage for a share": Case(CLASSES, "uptake:\n  value: 1", "uptake:\n  value: 45", ("45 is not a share", "0.45")),
    "prevalence above 1": Case(MAIN, "    value: 0.3\n", "    value: 30\n", ("30 is not a share", "0.3")),
    "prevalence just above 1": Case(MAIN, "    value: 0.3\n", "    value: 1.2\n", ("1.2 is not a share",)),
    "an interval of percentages": Case(CLASSES, UPTAKE, UPTAKE.replace("- 1", "- 90").replace("value: 1", "value: 0.5"),
                                       ("90", "share"), -1),
    "outside its interval": in_effect(RATIO.replace("0.8\n", "0.9\n"), "0.9 lies outside", "0.72 to 0.88", moved=-1),
    "an interval the wrong way round": in_effect(RATIO.replace("0.72", "0.95"), "0.95", "0.88", moved=-3),
    "an interval of one number": in_effect(RATIO.replace("    - 0.8800000000000001\n", ""), "'interval'", "two numbers", moved=-2),
    "a ratio of nought": in_effect(RATIO.replace("- 0.7200000000000001", "- 0"), "above 0", moved=-5),
    "a number with a comma": Case(MAIN, "      value: 2500", "      value: 2,500", ("'2,500'", "without commas")),
    "a number in words": Case(MAIN, "      value: 2500", "      value: many", ("'many'", "number")),
    "a number as true": Case(MAIN, "      value: 2500", "      value: true", ("number",)),
    "infinity": Case(MAIN, "      value: 2500", "      value: .inf", ("number",)),
    "a number past all numbers": Case(MAIN, "      value: 2500", "      value: 1e999", ("number",), -1),
    "no source": in_effect(RATIO.replace("    source: made_up\n", ""), "'source'", "'assumption'", moved=-5),
    "source and assumption": in_effect(RATIO + "    assumption: both\n", "either", moved=-7),
    "derived without note": in_effect(RATIO.replace("seen", "derived"), "derived", "'note'", "arithmetic", moved=-6),
    "an assumption seen": in_effect(RATIO.replace("source: made_up", "assumption: judged"), "verification: recalled", moved=-5),
    "an assumption without interval": Case(CLASSES, UPTAKE, "uptake:\n  value: 0.5\n" + GUESS, ("'interval'", "wide"), -1),
    "an assumption too sure of itself": Case(
        CLASSES, UPTAKE, "uptake:\n  value: 0.5\n  interval: [0.49, 0.51]\n" + GUESS, ("uptake", "0.49 to 0.51", "too narrow"), -1
    ),
    "an assumption sure of one side": Case(
        CLASSES, UPTAKE, "uptake:\n  value: 0.5\n  interval: [0.5, 0.6]\n" + GUESS, ("uptake", "too narrow"), -1
    ),
    "an effect without interval": in_effect(f"    value: 0.8\n{SEEN}", "'interval'", "assumed", moved=-4),
    "p10 above p90": Case("evidence/plausibility.yaml", "p10: 0.05\n    p90: 0.2", "p10: 0.2\n    p90: 0.05", ("p10", "p90", "swapped"), -2),
    "a class in percent": Case("evidence/plausibility.yaml", "mean: 0.1", "mean: 10", ("10 is not a share", "0.1")),
    # measures
    **{
        f"{measure} without baseline": Case(
            CLASSES, "- acts_on: fall_admission\n  measure: rate_ratio", f"- acts_on: fall_admission\n  measure: {measure}", (measure, needs), -1
        )
        for measure, needs in {
            "risk_difference": "baseline_risk", "number_needed_to_treat": "baseline_risk", "odds_ratio": "baseline_risk",
            "risk_ratio": "baseline_risk", "events_averted_per_participant_year": "baseline_rate",
        }.items()
    },
    "a difference on a state": Case(REVIEW, "measure: rate_ratio", "measure: mean_difference", ("mean_difference", "continuous"), -1),
    "a ratio on millimetres": Case(PILLS, "measure: mean_difference", "measure: rate_ratio", ("mmHg", "mean_difference"), -1),
    # the shape of the graph
    "a node that leads nowhere": Case(MAIN, "- from: weakness\n  to: fall_admission", "- from: frailty\n  to: stroke_admission",
                                      ("'weakness'", "leads to no event"), at="- id: weakness"),
    "the same edge twice": Case(MAIN, "- from: weakness\n  to: fall", "- from: frailty\n  to: fall", ("frailty → fall_admission", "twice")),
    "a node twice": Case(MAIN, "- id: weakness", "- id: frailty", ("'frailty'", "already declared")),
    "a circle": Case(MAIN, "- from: weakness\n  to: fall_admission", "- from: weakness\n  to: frailty",
                     ("circle", "frailty → weakness → frailty"), -1),
    "a circle of one": Case(MAIN, "- from: weakness\n  to: fall_admission", "- from: weakness\n  to: weakness", ("circle", "weakness → weakness"), -1),
    "a total effect beside its path": Case(MAIN, "  scope: direct\n", "", ("total effect", "frailty → weakness → fall_admission", "count"), at="- from: frailty\n  to: fall_admission"),
    "'per' left out": Case(MAIN, "  per:\n    value: 10\n    unit: mmHg\n", "", ("'per'", "continuous"), at="- from: blood_pressure"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_evidence_that_breaks_a_rule_is_refused_at_its_line(tmp_path: Path, case: Case) -> None:
    assert_case_is_refused(tmp_path, case)


BESIDE = """\
- acts_on: {node}
  measure: rate_ratio
  estimate: {{value: 0.9, interval: [0.8, 1.0], source: {source}, verification: seen}}
  design: randomised
  certainty: high
"""
TOTAL = "all_emergency_admissions"


@pytest.mark.parametrize(
    ("node", "source", "says"),
    [
        ("fall_admission", "made_up", ("two estimates",)),
        (TOTAL, "made_up", ("counted twice", "'fall_admission'", f"'{TOTAL}'")),
        (TOTAL, "[other, made_up]", ("counted twice", "made_up")),
    ],
)
def test_one_trial_counts_once_within_a_service(tmp_path: Path, node: str, source: str, says: tuple[str, ...]) -> None:
    world = good_world(tmp_path)
    world.change("evidence/sources.bib", "@misc", "@misc{other,\n  author = {Nobody},\n  title = {Other},\n  year = {2025}\n}\n\n@misc")
    line = world.change(CLASSES, "verdict: works", BESIDE.format(node=node, source=source) + "verdict: works")
    line = line if node != TOTAL else world.line_of(CLASSES, "- acts_on: fall_admission")
    done = world.run()
    assert_refused(world, done)
    said = done.faults("classes.yaml", line)
    assert not [words for words in says if words not in said], done.said


def test_one_trial_beside_another_is_allowed(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    world.change("evidence/sources.bib", "@misc", "@misc{other,\n  author = {Nobody},\n  title = {Other},\n  year = {2025}\n}\n\n@misc")
    world.change(CLASSES, "verdict: works", BESIDE.format(node=TOTAL, source="other") + "verdict: works")
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
        ("classes.yaml", world.change(CLASSES, "verdict: works", "verdict: worked")),
        ("pills.yaml", world.change(PILLS, "uptake:\n  value: 1", "uptake:\n  value: 45")),
        ("pills.yaml", world.change(PILLS, "\nsummary:", "\nsumary:")),
        ("main.yaml", world.change(MAIN, "      value: 2500", "      value: many")),
    ]
    done = world.run()
    assert_refused(world, done)
    assert [place for place in lines if not done.faults(*place)] == []
