"""Proposals that can't be carried out, or that nothing can be set beside: what is said, at which line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest import approx
from test_proposal import CHEAP, STRONG, call, offered, written

import avert
from avert.appraisal import proposal_appraisal
from avert.errors import AvertError, PlanError
from worlds import effect, intervention, open_world


def test_those_who_have_a_service_today_are_not_offered_it_again(tmp_path: Path) -> None:
    plan = open_world(written(tmp_path, proposed={"cheap": 601}, today={"cheap": 400}))
    with pytest.raises(PlanError, match=r"plan\.yaml:\d+: 'cheap': 601 people a year can't be met in 2026/27"):
        avert.evaluate(plan)
    assert offered(open_world(written(tmp_path, proposed={"cheap": 600}, today={"cheap": 400}))) == approx(
        {"cheap": 600}
    )


def test_the_most_that_is_said_can_be_met_and_every_fault_is_told(tmp_path: Path) -> None:
    lasting = intervention("lasting", effect("fall", 0.9), duration_years=2)
    asked = {"lasting": "900 people a year", "strong": "£190k a year"}
    path = written(tmp_path, lasting, STRONG, years="2026/27 to 2027/28", largest_package=1, proposed=asked)
    with pytest.raises(PlanError) as refusal:
        avert.evaluate(open_world(path))
    assert [fault.message for fault in refusal.value.faults] == [
        "'lasting': 900 people a year can't be met in 2027/28; the most it can be in every year alike is 500 people "
        "a year, even with nothing else proposed: that takes up everybody it is for who lacks it."
    ]
    both = written(tmp_path, lasting, STRONG, proposed={"lasting": 1001, "strong": "£201k a year"})
    with pytest.raises(PlanError) as refusal:
        avert.evaluate(open_world(both))
    assert len(refusal.value.faults) == 2
    alone = written(tmp_path, lasting, years="2026/27 to 2027/28", proposed={"lasting": 501})
    with pytest.raises(PlanError, match="in every year alike is 500 people a year"):
        avert.evaluate(open_world(alone))
    at_most = written(tmp_path, lasting, years="2026/27 to 2027/28", proposed={"lasting": 500})
    assert avert.evaluate(open_world(at_most)).allocation["participants"].sum() == approx(1000)


def test_the_service_that_takes_the_people_up_is_named(tmp_path: Path) -> None:
    """Of 1,000 people 300 still have the lasting service in the second year and 500 are offered the strong one."""
    lasting = intervention("lasting", effect("fall", 0.9), duration_years=2)
    plan = {"years": "2026/27 to 2027/28", "largest_package": 1}
    path = written(tmp_path, lasting, STRONG, **plan, proposed={"lasting": "300 people a year", "strong": 500})
    told = call("evaluate", str(path), "--evidence", str(tmp_path / "evidence"))
    assert told.code == 1
    assert (
        "'lasting': 300 people a year can't be met in 2027/28, since 'strong' (500 people a year) takes up people it "
        "is for. Beside that, the most it can be in every year alike is 250 people a year"
    ) in told.said


def test_a_number_far_too_large_is_not_told_as_a_fault_of_the_others(tmp_path: Path) -> None:
    asked = {"cheap": 700, "strong": 200_000}
    path = written(tmp_path, largest_package=1, proposed=asked)
    with pytest.raises(PlanError) as refusal:
        avert.evaluate(open_world(path))
    (fault,) = refusal.value.faults
    assert fault.message.startswith("'strong': 200,000 people a year can't be met in 2026/27; the most it can be")
    assert "is 1,000 people a year, even with nothing else proposed" in fault.message


def test_validate_and_run_say_that_a_proposal_cannot_be_carried_out_and_refuse_nothing_else(tmp_path: Path) -> None:
    path = written(tmp_path, proposed={"cheap": 1500})
    options = [str(path), "--evidence", str(tmp_path / "evidence")]
    checked = call("validate", *options)
    assert checked.code == 0
    assert "lines are worth a look" in checked.said
    assert "the proposal can't be carried out, so 'avert evaluate' refuses it; 'avert run' answers" in checked.said
    assert "'cheap': 1,500 people a year can't be met in 2026/27" in checked.said
    run = call("run", *options, "--out", str(tmp_path / "run"))
    assert run.code == 0
    assert "the plan's proposal can't be carried out; 'avert evaluate' says why" in run.said
    assert call("evaluate", *options).code == 1


def test_validate_says_that_more_is_proposed_than_there_are_places(tmp_path: Path) -> None:
    entries = [{"people": 60, "years": "2027/28"}, {"people": 40}]
    path = written(tmp_path, years="2026/27 to 2027/28", limits={"cheap": 50}, proposed={"cheap": entries})
    told = call("validate", str(path), "--evidence", str(tmp_path / "evidence"))
    lines = path.read_text(encoding="utf-8").splitlines()
    stands, limit = lines.index("proposed:") + 2, lines.index("limits:") + 2
    assert told.code == 0
    assert (
        f"plan.yaml:{stands}: 100 people are proposed in 2027/28, and 'limits' has 50 places a year (line {limit})"
    ) in told.said


def test_money_that_setting_up_takes_away_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, lumpy={"cheap": {"start_up": 5000}}, proposed={"cheap": "£5k a year"})
    with pytest.raises(PlanError, match="£5,000 falls due before anybody starts"):
        avert.evaluate(open_world(path))


def test_why_there_is_no_best_plan_is_told_of_the_proposal_and_not_of_lines_nobody_wrote(tmp_path: Path) -> None:
    """A third of a strong service costs £66.67. £80,000 avert 20 admissions, or more than the last plan's limits do."""
    asked = {"cheap": 100, "strong": 1 / 3}
    minimum = {"minimum": [{"places": "here", "spend": 20_000}]}
    for plan, says in (
        (
            {"fairness": minimum},
            "The proposal spends only £10,067 in 2026/27, less than the £20,000 that the minimum of",
        ),
        ({"target": {"admissions": 20}}, "The proposal would have to spend £80,000 in 2026/27."),
        (
            {"target": {"admissions": 20}, "limits": {"strong": 100, "cheap": 100}},
            "  what the proposal spends in 2026/27 (£10,067).",
        ),
    ):
        path = written(tmp_path, proposed=asked, **plan)
        told = call("evaluate", str(path), "--evidence", str(tmp_path / "evidence"))
        assert told.code == 0
        assert says in told.said
        assert "spend_at_most" not in told.said
        assert "and what the best plan" not in told.said


def test_a_plan_that_proposes_nothing_is_told_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(AvertError, match="Write what you propose under 'proposed'"):
        proposal_appraisal(open_world(written(tmp_path)))


BAD: dict[str, tuple[Any, tuple[str, ...]]] = {
    "an unknown service": ({"cheep": 5}, ("there is no service 'cheep'", "Did you mean 'cheap'?")),
    "an unknown place": ({"cheap": {"people": 5, "places": "hare"}}, ("no place 'hare'", "Did you mean 'here'?")),
    "an unknown place with an amount": ({"cheap": {"people": {"hare": 5}}}, ("no place 'hare'",)),
    "an unknown age band": ({"cheap": {"people": 5, "ages": "65-75"}}, ("no age band '65-75'", "'65-74'")),
    "an unknown group": ({"cheap": {"people": 5, "who": ["frial"]}}, ("'frial'", "Did you mean 'frail'?")),
    "another year": ({"cheap": {"people": 5, "years": "2031/32"}}, ("no year of this plan '2031/32'",)),
    "words": ({"cheap": "many"}, ("'many' is not a number a year",)),
    "both": ({"cheap": {"people": 5, "money": "£5k"}}, ("needs either 'people' or 'money'",)),
    "neither": ({"cheap": {"places": "here"}}, ("needs either 'people' or 'money'",)),
    "money for people": ({"cheap": {"people": "£5"}}, ("'£5' is money", "Write it under 'money'")),
    "people for money": ({"cheap": {"money": "300 people a year"}}, ("only amounts 'a year'",)),
    "places twice": ({"cheap": {"people": {"here": 5}, "places": "here"}}, ("either 'places', or an amount",)),
    "nothing": ({"cheap": []}, ("nothing is proposed of it",)),
    "a service for whole places": ({"hub": 5}, ("'hub' can't be proposed: it acts on whole places", "--offers")),
    "a service never bought": ({"cheap": 5, "barred": 5}, ("'barred' can't be proposed: the plan leaves it out",)),
    "below nothing": ({"cheap": -5}, ("-5 is negative",)),
}


@pytest.mark.parametrize("name", BAD)
def test_a_proposal_that_cannot_be_meant_is_refused_at_its_line(tmp_path: Path, name: str) -> None:
    proposed, words = BAD[name]
    hub = intervention("hub", effect("fall", 0.9), level="place")
    barred = intervention("barred", effect("fall", 0.85))
    path = written(tmp_path, CHEAP, hub, barred, leave_out=["barred"], proposed=proposed)
    with pytest.raises(PlanError) as refusal:
        open_world(path)
    first = path.read_text(encoding="utf-8").splitlines().index("proposed:") + 1
    assert any(all(word in fault.message for word in words) for fault in refusal.value.faults), str(refusal.value)
    assert all(fault.line > first for fault in refusal.value.faults), str(refusal.value)
    assert len(refusal.value.faults) == 1
