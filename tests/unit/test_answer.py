"""What `avert run` prints: what is left of the money, what the answer hangs on, and lines that say one thing once."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from avert.book import wording
from avert.cli import main
from worlds import effect, event, intervention, write_world

FALLS, BLEEDS = "fall_admission", "bleed_admission"


def said(folder: Path, *more: dict[str, Any], people: float = 1000, **plan: Any) -> str:
    """The answer printed: classes at £100, which halve falls, for people at 10 falls and 10 bleeds in 1,000 a year."""
    path = write_world(
        folder,
        nodes=[event(FALLS, 1000), event(BLEEDS, 1000)],
        interventions=[intervention("classes", effect(FALLS, 0.5)), *more],
        people={"here": {"65-74": people, "75-84": 0, "85+": 0}},
        plan=plan,
    )
    out, faults = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(faults), pytest.raises(SystemExit) as end:
        main(["run", str(path), "--evidence", str(folder / "evidence"), "--out", str(folder / "run")])
    assert not end.value.code, faults.getvalue()
    return out.getvalue()


def test_money_that_is_left_is_said_under_the_answer(tmp_path: Path) -> None:
    """1,000 people at £100 take £100,000 of £250,000."""
    answer = said(tmp_path, money={"council": 250_000})
    assert (
        "£150,000 of the £250,000 that council puts in is not spent (2026/27): more of it would add nothing to the "
        "objective while the plan's other lines stand."
    ) in answer.partition("What it buys")[0]


def test_change_is_not_said_to_be_left(tmp_path: Path) -> None:
    assert "not spent" not in said(tmp_path, money={"council": 100_500})


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (
            {"money": {"council": 250_000}, "may_pay": {"council": ["classes"]}},
            "£150,000 of the £250,000 that council puts in is not spent (2026/27): more of it would add nothing to the "
            "objective while the plan's other lines stand (it may pay for classes).",
        ),
        (
            {"money": {"council": 90_000}, "spend_at_most": "£30k"},
            "£60,000 of the £90,000 that council puts in is not spent (2026/27): the plan says how much all partners "
            "together may spend (spend_at_most).",
        ),
        (
            {"money": {"council": 90_000}, "objective": {FALLS: 1000, "spend": 1}},
            "£90,000 of the £90,000 that council puts in is not spent (2026/27): the objective counts money spent "
            "against.",
        ),
        (
            {"money": {"council": 250_000}, "lumpy": {"classes": {"start_up": "£1k", "smallest": "10 people a year"}}},
            "that council puts in is not spent (2026/27).",
        ),
        (
            {"years": "2026/27 to 2027/28", "money": {"council": 250_000}},
            "£300,000 of the £500,000 that council puts in is not spent (2026/27 to 2027/28)",
        ),
        (
            {"years": "2026/27 to 2027/28", "money": {"council": 250_000}, "carry_over": ["council"]},
            "£300,000 of the £500,000 that council puts in is not spent (2027/28)",
        ),
    ],
    ids=["fenced", "spend_at_most", "not worth it", "lumps", "every year", "carried over"],
)
def test_why_it_is_left_where_that_is_sure(tmp_path: Path, plan: dict[str, Any], says: str) -> None:
    assert says in said(tmp_path, **plan)


def test_the_answer_says_what_it_hangs_on(tmp_path: Path) -> None:
    """Classes avert 5 of 10 falls, recalled and of low certainty; by another trial a tenth of them, 1."""
    small = {key: value for key, value in effect(FALLS, 0.9).items() if key != "acts_on"}
    read = effect(FALLS, 0.5) | {"certainty": "low", "choice": "large_trial", "why": "it is large"}
    read["alternatives"] = [small | {"choice": "small_trial", "why_not": "it is small"}]
    read["estimate"] = {"value": 0.5, "verification": "recalled", "interval": [0.2, 1.2], "assumption": "nobody saw it"}
    answer = said(tmp_path, intervention("courses", read, cost=50), interventions=["courses"])
    top = answer.partition("What it buys")[0]
    assert "without 'courses' the plan would avert 5.0 fewer." in top
    assert "Its effects are of low certainty and not all of them were seen in their source." in top
    assert "('small_trial') the same plan averts 1.0 admissions, not 5.0." in top
    assert "100% of the admissions averted rest on effects of low or very low certainty" in top


def test_nothing_hangs_on_a_plan_that_averts_nothing(tmp_path: Path) -> None:
    assert "It hangs" not in said(tmp_path, leave_out=["classes"])


def test_harm_is_said_as_more(tmp_path: Path) -> None:
    """Pills avert 8 of 10 falls and bring 2 bleeds more than 10."""
    pills = intervention("pills", effect(FALLS, 0.2), effect(BLEEDS, 1.2), cost=10)
    answer = said(tmp_path, pills, interventions=["pills"])
    assert "bleed admission: 2.0 more, beside 10.0 (20.0%)" in answer
    assert "fall admission: 8.0 of 10.0 (80.0%)" in answer


def test_services_for_a_handful_are_named_in_one_line(tmp_path: Path) -> None:
    """Ten people, in each of two years."""
    answer = said(tmp_path, people=10, years="2026/27 to 2027/28")
    assert answer.count("A handful") == 1
    assert "A handful: in some year fewer than 20 people take part in classes." in answer


def test_a_fence_is_a_partner_and_a_service_whatever_the_year(tmp_path: Path) -> None:
    """The council may not pay for pills in either year: two lines of the programme, one rule of the plan."""
    pills = intervention("pills", effect(BLEEDS, 0.2), cost=10)
    answer = said(
        tmp_path,
        pills,
        years="2026/27 to 2027/28",
        money={"council": 50_000, "icb": 5_000},
        may_pay={"council": ["classes"], "icb": ["pills"]},
    )
    assert "May not pay: 1 pair of a partner and a service costs something" in answer, answer


def test_the_book_says_harm_as_more_too() -> None:
    assert [wording.averted(number) for number in (12, 0, -0.01, -4.3)] == ["12", "0", "a little below 0", "4.3 more"]
    assert wording.averted_of(4.3, 340) == "4.3 of 340"
    assert wording.averted_of(-4.3, 340) == "4.3 more, beside 340"
    assert [wording.averted_share(number, 430) for number in (4.3, -4.3)] == ["1.0%", "1.0% more"]
    assert wording.averted_share(0, 0) == "–"
