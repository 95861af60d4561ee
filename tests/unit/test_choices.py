"""Several readings of the evidence, services a plan buys all the same, and services nobody has the figures for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest import approx
from test_bad_input import AVERT, ended

import avert
from avert.appraisal import ledger_under, other_readings
from avert.appraisal.other_evidence import admissions_of
from avert.library import choices_in, load_library, with_choices
from avert.plan import PlanInFull
from worlds import edge, effect, event, intervention, leads_to, onset, open_world, state, write_world


def other(value: float, name: str) -> dict[str, Any]:
    """Another reading of an effect."""
    reading = effect("fall", value)
    del reading["acts_on"]
    return reading | {"choice": name, "why_not": "made up"}


def world(folder: Path, *, evidence: dict[str, Any] | None = None, **plan: Any) -> Path:
    """1,000 fallers of 65 to 74, a quarter more of whom fall when frail; classes avert a fifth, a tenth or none."""
    classes = intervention(
        "classes",
        effect(
            "fall", 0.8, choice="pooled", why="made up", alternatives=[other(0.9, "largest"), other(1.0, "no_effect")]
        ),
        **(evidence or {}),
    )
    readings = edge("frail", "fall", 2) | {"choice": "strong", "why": "made up"}
    weak = {key: value for key, value in edge("frail", "fall", 1.5).items() if key not in ("from", "to")}
    readings["alternatives"] = [weak | {"choice": "weak", "why_not": "made up"}]
    return write_world(
        folder,
        nodes=[state("frail", 0.5, stratifies=True), onset("fall"), event("fall_admission", 10_000)],
        edges=[readings, leads_to("fall", "fall_admission")],
        interventions=[classes, intervention("pills", effect("fall", 0.5), status="no_benefit", funding="do_not_fund")],
        people={"here": {"65-74": 1000, "75-84": 0, "85+": 0}},
        plan={"leave_out": ["pills"], **plan},
    )


def averted(folder: Path, **plan: Any) -> float:
    """Admissions averted by the best plan: of 100 a year."""
    return avert.optimise(open_world(world(folder, **plan))).admissions_averted


def test_a_plan_chooses_among_readings(tmp_path: Path) -> None:
    """100 admissions: 20 averted by the pooled ratio, 10 by the largest trial, none by the third reading."""
    assert averted(tmp_path / "a") == approx(20)
    assert averted(tmp_path / "b", evidence_choices={"classes": "pooled"}) == approx(20)
    assert averted(tmp_path / "c", evidence_choices={"classes": "largest"}) == approx(10)
    assert averted(tmp_path / "d", evidence_choices={"classes": "no_effect"}) == approx(0)


def test_an_edge_is_read_otherwise(tmp_path: Path) -> None:
    """With money for 500 the frail are served: 2/3 of 100 admissions are theirs at a ratio of 2, 60 % at 1.5."""
    purse = {"money": {"council": 50_000}}
    assert averted(tmp_path / "a", **purse) == approx(100 * 2 / 3 * 0.2)
    assert averted(tmp_path / "b", evidence_choices={"frail to fall": "weak"}, **purse) == approx(60 * 0.2)


def test_the_answer_says_what_other_readings_give(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same offers by each other reading: what a plan averts that chooses it, where the offers are the same."""
    path = world(tmp_path)
    command = ["run", str(path), "--evidence", str(tmp_path / "evidence"), "--out", str(tmp_path / "run")]
    assert ended([*AVERT, *command]).code == 0
    from avert.report import answer

    sections = dict(answer(avert.optimise(open_world(path))))
    said = "\n".join(sections["Where studies disagree"])
    assert "classes, fall: read as 'pooled'" in said
    assert "by 'largest' 10.0; by 'no_effect' 0.0 admissions, not 20.0" in said
    assert "frail to fall: read as 'strong' (else weak)" in said


@pytest.mark.parametrize(
    "more",
    [{}, {"today": {"classes": 50}}, {"today": {"classes": 50}, "money_is": "everything"}],
    ids=["nobody_has_it", "some_have_it", "everything"],
)
def test_a_reading_is_worked_out_as_by_the_whole_county_that_goes_by_it(tmp_path: Path, more: dict[str, Any]) -> None:
    """What hangs on it alone is worked out anew: that comes to the same as all of it."""
    path = world(tmp_path, money={"council": 50_000}, years="2026/27 to 2028/29", **more)
    ledger = avert.optimise(open_world(path)).appraisal.ledger
    plan, found = ledger.county.plan, list(other_readings(ledger))
    assert [one.name for one in found] == ["largest", "no_effect", "weak"]
    for one in found:
        library = with_choices(plan.library, {one.choice.of: (one.name,)})
        whole = ledger_under(ledger, replace(plan, library=library))
        assert one.admissions_averted == approx(admissions_of(whole.change, whole.county), rel=1e-12)
        assert one.admissions_averted != approx(admissions_of(ledger.change, ledger.county), rel=1e-4)


def test_choosing_and_choosing_back_is_no_change(tmp_path: Path) -> None:
    library = load_library(world(tmp_path).parent / "evidence")
    there = with_choices(library, {"classes": ("largest",), "frail to fall": ("weak",)})
    assert {(one.of, one.central) for one in choices_in(there)} == {("classes", "largest"), ("frail to fall", "weak")}
    assert {name for one in choices_in(there) for name in one.others} == {"pooled", "no_effect", "strong"}
    back = with_choices(there, {"classes": ("pooled",), "frail to fall": ("strong",)})
    before, after = library.interventions["classes"].effects[0], back.interventions["classes"].effects[0]
    assert (before.estimate, before.choice) == (after.estimate, after.choice)


@pytest.mark.parametrize(
    ("choices", "says"),
    [
        ({"clases": "largest"}, ("'clases'", "Did you mean 'classes'?")),
        ({"classes": "larges"}, ("'classes' has no reading 'larges'", "Did you mean 'largest'?")),
        ({"pills": "largest"}, ("one reading of 'pills'", "nothing to choose")),
        ({"fall to frail": "weak"}, ("'fall to frail'", "Did you mean 'frail to fall'?")),
    ],
)
def test_a_choice_that_is_none_is_refused(tmp_path: Path, choices: dict[str, str], says: tuple[str, ...]) -> None:
    path = world(tmp_path, evidence_choices=choices)
    done = ended([*AVERT, "validate", str(path), "--evidence", str(tmp_path / "evidence")])
    assert done.code == 1
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if f"{next(iter(choices))}:" in text)
    assert not [words for words in says if words not in done.faults("plan.yaml", line)], done.said


def test_what_does_no_good_is_bought_only_out_loud(tmp_path: Path) -> None:
    """The pills would halve falls by their figures, but the library says they do no good."""
    assert averted(tmp_path / "a", leave_out=[]) == approx(20)
    bought = averted(tmp_path / "b", leave_out=[], buy_anyway={"pills": "a trial of our own"})
    assert bought == approx(100 * (1 - 0.8 * 0.5))


def without_decay(path: Path) -> PlanInFull:
    """The world with classes whose decay nobody found."""
    file = path.parent / "evidence/interventions/classes.yaml"
    text = file.read_text()
    begin = text.index("decay_per_year:")
    end = text.index("cost:", begin)
    text = text[:begin] + "not_found:\n  decay_per_year: looked for in vain\n" + text[end:]
    file.write_text(text.replace("funding: candidate", "funding: awaits_figures"))
    return open_world(path)


def test_a_service_without_its_figures_is_not_bought(tmp_path: Path) -> None:
    plan = without_decay(world(tmp_path, leave_out=[], buy_anyway={"classes": "we want it"}))
    classes = plan.library.interventions["classes"]
    assert plan.why_not(classes) == "no figure was found for its decay per year"
    assert "classes" not in {one.id for one in plan.candidates}


def test_nor_can_it_be_a_service_of_today(tmp_path: Path) -> None:
    path = world(tmp_path, today={"classes": 100})
    with pytest.raises(avert.PlanError, match="no decay per year for it"):
        without_decay(path)


def test_a_choice_may_not_count_a_trial_that_another_service_goes_by(tmp_path: Path) -> None:
    """Read by the trial at 0.5, classes would carry the very result the pills carry."""
    path = world(tmp_path, leave_out=[], evidence_choices={"classes": "as_pills"})
    file = tmp_path / "evidence/interventions/classes.yaml"
    pills = tmp_path / "evidence/interventions/pills.yaml"
    data = yaml.safe_load(file.read_text())
    data["effects"][0]["alternatives"].append(other(0.5, "as_pills"))
    file.write_text(yaml.safe_dump(data))
    taken = yaml.safe_load(pills.read_text()) | {"status": "recommended", "funding": "candidate"}
    pills.write_text(yaml.safe_dump(taken))
    with pytest.raises(avert.PlanError, match="one trial counted twice: 'pills' and 'classes'"):
        open_world(path)


FACTOR = {
    "id": "frailty",
    "label": "Frailty",
    "definition": "made up",
    "modifiable": True,
    "not_found": "a share",
    "node": "frail",
}


@pytest.mark.parametrize(
    ("factors", "says"),
    [
        ([FACTOR], ""),
        ([FACTOR, FACTOR | {"label": "Frail"}], "the factor 'frailty' stands here twice"),
        ([FACTOR | {"node": "fral"}], "no pathway declares the node 'fral'. Did you mean 'frail'?"),
    ],
)
def test_risk_factors_are_listed_once_and_name_nodes_there_are(
    tmp_path: Path, factors: list[dict[str, Any]], says: str
) -> None:
    path = world(tmp_path)
    (tmp_path / "evidence/risk_factors").mkdir()
    listed = {"id": "factors", "label": "Factors", "factors": factors}
    (tmp_path / "evidence/risk_factors/factors.yaml").write_text(yaml.safe_dump(listed))
    if not says:
        assert open_world(path).library.risk_factors["factors"].factors[0].id == "frailty"
        return
    with pytest.raises(avert.EvidenceError) as refused:
        open_world(path)
    assert says in str(refused.value)


def test_another_reading_of_an_edge_is_held_to_the_same_rules(tmp_path: Path) -> None:
    path = world(tmp_path)
    file = tmp_path / "evidence/pathways/main.yaml"
    data = yaml.safe_load(file.read_text())
    data["edges"][0]["alternatives"][0]["per"] = {"value": 10, "unit": "mmHg"}
    file.write_text(yaml.safe_dump(data))
    with pytest.raises(avert.EvidenceError, match="'per' belongs to continuous factors"):
        open_world(path)
