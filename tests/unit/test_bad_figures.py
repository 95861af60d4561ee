"""Figures without papers, impossible numbers, measures that don't convert, graphs that don't hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_bad_input import Case, assert_case_is_refused, breaking

classes, main = breaking("evidence/interventions/classes.yaml"), breaking("evidence/pathways/main.yaml")
pills, review = breaking("evidence/interventions/pills.yaml"), breaking("evidence/interventions/review.yaml")
experts = breaking("evidence/plausibility.yaml")
SEEN = "    source: made_up\n    verification: seen\n    seen_in: table 1\n    seen_as: table\n"
LOW, HIGH = "    - 0.7200000000000001\n", "    - 0.8800000000000001\n"
RATIO = f"    value: 0.8\n    interval:\n{LOW}{HIGH}{SEEN}"
UPTAKE = f"uptake:\n  value: 1\n  interval:\n  - 0\n  - 1\n{SEEN}".replace("    ", "  ")
GUESS = "  assumption: judged\n  verification: recalled\n"
RATE, FALL, WALK = (
    "      value: 2500",
    "- acts_on: fall_admission\n  measure: ",
    "- from: weakness\n  to: fall_a",
)


def ratio(old: str, new: str, *says: str) -> Case:
    """A case in the estimate of the classes, to be found at its key."""
    return classes(RATIO, RATIO.replace(old, new), *says, at="  estimate:\n")


def uptake(new: str, *says: str) -> Case:
    """A case of another uptake of the classes, to be found at its key."""
    return classes(UPTAKE, f"uptake:\n{new}", *says, at="uptake:")


FIGURES: dict[str, Case] = {
    "a percentage for a share": classes("uptake:\n  value: 1", "uptake:\n  value: 45", "45 is not a share", "0.45"),
    "prevalence above 1": main("    value: 0.3\n", "    value: 30\n", "30 is not a share", "0.3"),
    "prevalence just above 1": main("    value: 0.3\n", "    value: 1.2\n", "1.2 is not a share"),
    "an interval in percent": classes(UPTAKE, f"uptake:\n  value: 0.5\n  interval: [0.4, 60]\n{GUESS}", "0.6", moved=1),
    "more digits than a number has": main(RATE, "      value: " + "9" * 5000, "number"),
    "outside its interval": ratio("0.8\n", "0.9\n", "0.9 lies outside", "0.72 to 0.88"),
    "an interval back to front": ratio("0.72", "0.95", "0.95", "0.88"),
    "an interval of one number": classes(HIGH, "", "'interval'", "two numbers", at="    interval:\n    - 0.72"),
    "a number with a comma": main(RATE, "      value: 2,500", "'2,500'", "without commas"),
    "a number in words": main(RATE, "      value: many", "'many'", "number"),
    "a number as true": main(RATE, "      value: true", "number"),
    "infinity": main(RATE, "      value: .inf", "number"),
    "past all numbers": main(RATE, "      value: 1e999", "number"),
    "no source": ratio("    source: made_up\n", "", "'source'", "'assumption'"),
    "source and assumption": ratio(SEEN, f"{SEEN}    assumption: both\n", "either"),
    "a misspelt source": classes(RATIO, RATIO.replace("made", "maid"), "'maid_up'", "Did you mean 'made_up'?"),
    "one source of two": classes(RATIO, RATIO.replace("made_up", "[made_up, maid_up]"), "'maid_up'", "'made_up'?"),
    "derived without note": ratio("verification: seen", "verification: derived", "derived", "'note'", "arithmetic"),
    "seen nowhere": ratio("    seen_in: table 1\n", "", "seen", "'seen_in'"),
    "seen in anything": ratio("    seen_as: table\n", "", "seen", "'seen_as'", "abstract"),
    "neither interval nor reason": uptake(
        "  value: 0.5\n  source: made_up\n  verification: recalled\n", "'no_interval'"
    ),
    "an interval and none": ratio("    source", "    no_interval: lost\n    source", "'no_interval'", "there is one"),
    "an assumption seen": ratio("source: made_up", "assumption: judged", "verification: recalled"),
    "no interval of an assumption": uptake(f"  value: 0.5\n{GUESS}", "'interval'", "wide"),
    "too sure of itself": uptake(f"  value: 0.5\n  interval: [0.49, 0.51]\n{GUESS}", "0.49 to 0.51", "too narrow"),
    "too sure of one side": uptake(f"  value: 0.5\n  interval: [0.5, 0.6]\n{GUESS}", "too narrow"),
    "p10 above p90": experts(
        "p10: 0.05\n    p90: 0.2", "p10: 0.2\n    p90: 0.05", "p10", "p90", "swapped", at="  falls:"
    ),
    "experts in percent": experts("mean: 0.1", "mean: 10", "10 is not a share", "0.1"),
}
MEASURES: dict[str, Case] = {
    **{
        f"{measure} without baseline": classes(f"{FALL}rate_ratio", f"{FALL}{measure}", measure, needs, moved=-1)
        for measure, needs in {
            "risk_difference": "baseline_risk",
            "number_needed_to_treat": "baseline_risk",
            "odds_ratio": "baseline_risk",
            "risk_ratio": "baseline_risk",
            "events_averted_per_participant_year": "baseline_rate",
        }.items()
    },
    "a ratio that reaches nought": classes(LOW, "    - 0\n", "above 0", at="- acts_on"),
    "no interval of an effect": classes(f"    interval:\n{LOW}{HIGH}", "", "'interval'", "assumed", at="- acts_on"),
    "a difference on a state": review("rate_ratio", "mean_difference", "continuous", at="- acts_on"),
    "a ratio on millimetres": pills("mean_difference", "rate_ratio", "mmHg", "mean_difference", at="- acts_on"),
    "'per' left out": main("  per:\n    value: 10\n    unit: mmHg\n", "", "'per'", at="- from: blood_pressure"),
}
GRAPH: dict[str, Case] = {
    "a node that leads nowhere": main(
        WALK, "- from: frailty\n  to: stroke_a", "'weakness'", "leads to no event", at="- id: weakness"
    ),
    "the same edge twice": main(WALK, "- from: frailty\n  to: fall_a", "frailty → fall_admission", "twice"),
    "a node twice": main("- id: weakness", "- id: frailty", "'frailty'", "already declared"),
    "a circle": main(f"{WALK}dmission", "- from: weakness\n  to: frailty", "frailty → weakness → frailty", moved=-1),
    "a circle of one": main(f"{WALK}dmission", "- from: weakness\n  to: weakness", "weakness → weakness", moved=-1),
    "backwards from an event": main("- from: weakness", "- from: stroke_admission", "an event"),
    "a total effect beside its path": main(
        "  scope: direct\n",
        "",
        "frailty → weakness → fall_admission",
        "twice",
        at="- from: frailty\n  to: fall",
    ),
}


@pytest.mark.parametrize("case", FIGURES.values(), ids=FIGURES)
def test_a_figure_that_cannot_be_relied_on_is_refused_at_its_line(tmp_path: Path, case: Case) -> None:
    assert_case_is_refused(tmp_path, case)


@pytest.mark.parametrize("case", MEASURES.values(), ids=MEASURES)
def test_a_measure_that_does_not_convert_is_refused_at_its_effect(tmp_path: Path, case: Case) -> None:
    assert_case_is_refused(tmp_path, case)


@pytest.mark.parametrize("case", GRAPH.values(), ids=GRAPH)
def test_a_graph_that_does_not_hold_is_refused_at_its_line(tmp_path: Path, case: Case) -> None:
    assert_case_is_refused(tmp_path, case)
