"""Refused plans say which of their lines clash and the smallest repair of each: sums that can be done by hand."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from avert.cli import main
from avert.errors import NoFeasiblePlan, Repair
from avert.packages import county_of
from avert.programme import optimum_of
from avert.programme.repairs.wording import Outward, amount_in_words
from worlds import AGES, effect, event, intervention, open_world, write_world

BOTH_YEARS = "2026/27 to 2027/28"
TWO_PLACES = {"north": dict.fromkeys(AGES, 1000), "south": dict.fromkeys(AGES, 1000)}


def refused(
    folder: Path, plan: dict[str, Any], people: dict[str, dict[str, float]] | None = None, *, at_once: bool = True
) -> NoFeasiblePlan:
    """Why a plan with two services, at £100 and two hours or £50 a head, cannot be kept."""
    services = [
        intervention("classes", effect("fall_admission", 0.8), staff_hours={"nurse": 2}),
        intervention("pills", effect("fall_admission", 0.9), cost=50),
    ]
    nodes = [event("fall_admission", 2000)]
    path = write_world(folder, nodes=nodes, interventions=services, plan=plan, people=people)
    with pytest.raises(NoFeasiblePlan) as refusal:
        optimum_of(county_of(open_world(path)), at_once=at_once)
    return refusal.value


def keeping(**more: Any) -> dict[str, Any]:
    """A plan that keeps 12 of today's 20 participants of classes, which takes £1,200 and 24 hours."""
    return {"money_is": "everything", "today": {"classes": 20}, "keep_services": {"classes": 0.6}, **more}


def said(refusal: NoFeasiblePlan) -> dict[tuple[str | int, ...], str]:
    """Entry → the words on its repair."""
    return {repair.path: repair.words for repair in refusal.repairs}


@pytest.mark.parametrize("at_once", [True, False])
def test_money_for_ten_where_twelve_are_to_be_kept(tmp_path: Path, at_once: bool) -> None:
    refusal = refused(tmp_path, keeping(money={"council": 1000}), at_once=at_once)
    assert said(refusal) == {
        ("money", "council"): "raise money 'council' in every year from £1,000 to £1,200",
        ("keep_services", "classes"): "lower keep_services 'classes' from 60% to 50%",
    }
    assert refusal.shortfall_at_least == pytest.approx(2)
    assert [repair.at_least for repair in refusal.repairs] == pytest.approx([200, 0.1])


def test_every_repair_stands_at_the_line_of_its_entry(tmp_path: Path) -> None:
    refusal = refused(tmp_path, keeping(money={"council": 1000}))
    lines = (tmp_path / "plan.yaml").read_text(encoding="utf-8").splitlines()
    for repair in refusal.repairs:
        file, _, line = repair.where.rpartition(":")
        assert Path(file).name == "plan.yaml"
        assert lines[int(line) - 1].strip().startswith(f"{repair.path[-1]}: {repair.old:g}")
        assert f"{repair.where}: {repair.words}." in str(refusal).splitlines()


def test_limits_and_staff_for_ten_where_twelve_are_to_be_kept(tmp_path: Path) -> None:
    money = {"council": 100_000}
    refusal = refused(tmp_path, keeping(money=money, limits={"classes": 10}, staff={"nurse": 30}))
    assert said(refusal)["limits", "classes"] == "raise limits 'classes' from 10 to 12 places a year"
    refusal = refused(tmp_path, keeping(money=money, limits={"classes": 15}, staff={"nurse": 20}))
    assert said(refusal)["staff", "nurse"] == "raise staff 'nurse' from 20 to 24 hours a year"


def test_one_line_is_not_enough_where_the_next_is_in_the_way(tmp_path: Path) -> None:
    """£1,000 is enough for 10 and 22 hours are for 11: money alone helps one person on."""
    refusal = refused(tmp_path, keeping(money={"council": 1000}, staff={"nurse": 22}))
    money, keep = refusal.repairs
    assert (money.path, money.enough, money.new) == (("money", "council"), False, None)
    assert money.words == "no change of money 'council' in every year alone is enough"
    assert (keep.enough, keep.new) == (True, 0.5)


def test_money_by_year_is_an_entry_for_each_year(tmp_path: Path) -> None:
    money = {"council": {"2026/27": 1000, "2027/28": 5000}}
    refusal = refused(tmp_path, keeping(money=money, years=BOTH_YEARS))
    assert said(refusal)["money", "council", "2026/27"] == "raise money 'council' in 2026/27 from £1,000 to £1,200"
    assert ("money", "council", "2027/28") not in said(refusal)


def test_a_minimum_of_spend_is_lowered_to_what_there_is(tmp_path: Path) -> None:
    plan = {"money": {"council": 1000}, "fairness": {"minimum": [{"places": "north", "spend": 1500}]}}
    assert said(refused(tmp_path, plan, TWO_PLACES)) == {
        ("money", "council"): "raise money 'council' in every year from £1,000 to £1,500",
        ("fairness", "minimum", 0, "spend"): "lower this minimum from £1,500 to £1,000",
    }


@pytest.mark.parametrize(
    ("minimum", "carry_over", "says"),
    [
        ([("north", 700), ("south", 600)], [], "this minimum and those of line 18 ask for £1.3k a year, and no more"),
        ([("north", 400), ("north", 300)], [], ""),
        ([("north", 1500)], [], "this minimum asks for £1.5k a year, and no more than £1k can be spent in 2026/27"),
        ([("north", 900)], [], "£900 a year, and no more than £500 can be spent in 2027/28"),
        ([("north", 900)], ["council"], "£900 a year, and no more than £600 can be spent in 2027/28"),
        ([("north", 750)], ["council"], ""),
    ],
)
def test_minima_beyond_all_the_money_are_told_by_validate(
    tmp_path: Path, minimum: list[tuple[str, float]], carry_over: list[str], says: str
) -> None:
    plan = {
        "money": {"council": {"2026/27": 1000, "2027/28": 500}},
        "years": BOTH_YEARS,
        "carry_over": carry_over,
        "fairness": {"minimum": [{"places": [place], "spend": spend} for place, spend in minimum]},
    }
    services = [intervention("classes", effect("fall_admission", 0.8))]
    nodes = [event("fall_admission", 2000)]
    path = write_world(tmp_path, nodes=nodes, interventions=services, plan=plan, people=TWO_PLACES)
    lines = path.read_text(encoding="utf-8").splitlines()
    told = StringIO()
    with redirect_stdout(told), redirect_stderr(told), pytest.raises(SystemExit) as end:
        main(["validate", str(path), "--evidence", str(tmp_path / "evidence")])
    assert bool(end.value.code) == bool(says)
    assert says in told.getvalue()
    if says:
        line = int(told.getvalue().split("plan.yaml:")[1].split(":")[0])
        assert lines[line - 1].strip() == f"spend: {minimum[0][1]}"


def test_a_partner_is_let_pay_for_one_service_more(tmp_path: Path) -> None:
    money = {"council": 1000, "icb": 1000}
    refusal = refused(tmp_path, keeping(money=money, may_pay={"icb": ["pills"]}))
    (fence,) = [repair for repair in refusal.repairs if repair.path == ("may_pay", "icb")]
    assert (fence.words, fence.enough) == ("let 'icb' pay for 'classes' too", True)
    assert (fence.old, fence.new) == (("pills",), ("pills", "classes"))


def test_an_agreed_split_is_taken_away(tmp_path: Path) -> None:
    """Half of £1,000 is all the icb can match, which is enough for 10 people at £100."""
    money, split = {"council": 5000, "icb": 500}, {"classes": {"council": 0.5, "icb": 0.5}}
    words = said(refused(tmp_path, keeping(money=money, split=split)))
    assert words["split", "classes"] == "take away the split of 'classes'"
    assert words["money", "icb"] == "raise money 'icb' in every year from £500 to £600"
    assert ("money", "council") not in words


def test_growth_is_raised_to_what_the_second_year_asks_for(tmp_path: Path) -> None:
    """Each participant averts 0.2 · 0.02 admissions: of the 25 needed, 10 may start at first and 15 after that."""
    plan = {
        "money": {"council": 5000},
        "years": BOTH_YEARS,
        "leave_out": "pills",
        "ramp_up": {"classes": {"first_year": 10, "growth": 0.1}},
        "target": {"admissions": 0.1},
    }
    found = {repair.path: repair for repair in refused(tmp_path, plan).repairs}
    assert found["ramp_up", "classes", "growth"].new == pytest.approx(0.5, rel=1e-4)
    assert found["ramp_up", "classes", "first_year"].new == pytest.approx(25 / 2.1, rel=1e-4)
    assert found["target", "admissions"].new == pytest.approx(0.084, rel=1e-4)


def test_a_floor_for_each_place_is_lowered_until_the_minimum_of_one_is_met(tmp_path: Path) -> None:
    """Of £1,000, £900 for the north leave £100 for the south: a fifth of its head share of £500."""
    plan = {
        "money": {"council": 1000},
        "fairness": {"each_place_at_least": 0.5, "minimum": [{"places": "north", "spend": 900}]},
    }
    found = {repair.path: repair for repair in refused(tmp_path, plan, TWO_PLACES).repairs}
    assert found["fairness", "each_place_at_least"].new == pytest.approx(0.2, rel=1e-4)
    assert found["fairness", "minimum", 0, "spend"].new == pytest.approx(750)
    assert found["money", "council"].new == pytest.approx(1200)


def test_what_is_the_same_everywhere_may_differ(tmp_path: Path) -> None:
    plan = {
        "money": {"council": 1000},
        "fairness": {"offers": "same_everywhere", "minimum": [{"places": "north", "spend": 900}]},
    }
    words = said(refused(tmp_path, plan, TWO_PLACES))
    assert words["fairness", "offers"] == "let offers be best_for_each_place"
    assert words["money", "council"] == "raise money 'council' in every year from £1,000 to £1,800"


def test_a_fact_is_named_but_not_repaired(tmp_path: Path) -> None:
    """2,990 of 3,000 people have classes already, and pills are left out: 10 people avert 0.04 admissions."""
    plan = {
        "money": {"council": 50_000},
        "leave_out": "pills",
        "today": {"classes": 2990},
        "target": {"admissions": 1},
    }
    found: dict[Any, Repair] = {repair.path: repair for repair in refused(tmp_path, plan).repairs}
    assert not found["today", "classes"].enough
    assert "a fact, so no change is proposed" in found["today", "classes"].words


def test_a_fact_of_the_library_is_not_told_as_one_of_the_plan(tmp_path: Path) -> None:
    services = [intervention("classes", effect("fall_admission", 0.8), already_reached=0.999)]
    plan = {"target": {"admissions": 1}}
    path = write_world(tmp_path, nodes=[event("fall_admission", 2000)], interventions=services, plan=plan)
    with pytest.raises(NoFeasiblePlan) as refusal:
        optimum_of(county_of(open_world(path)))
    (fact,) = [repair for repair in refusal.value.repairs if repair.path == ("already_reached",)]
    assert "'classes' today by the library's figure (already_reached; the plan gives no number of its own" in fact.words


def test_entries_of_which_no_change_is_enough_stand_in_one_line(tmp_path: Path) -> None:
    refusal = refused(tmp_path, keeping(money={"council": 1000}, staff={"nurse": 22}, limits={"classes": 11}))
    listed = [line for line in str(refusal).splitlines() if line.startswith("money 'council' in every year (")]
    assert len(listed) == 1, refusal
    assert "no change of" not in str(refusal)


@pytest.mark.parametrize(
    ("old", "sign", "unit", "change", "written"),
    [
        (1000, 1, "£", 200, 1200),
        (1000, 1, "£", 234.5678, 1234.57),
        (1_200_000, 1, "£", 54_310.2, 1_254_311),
        (0.8, -1, "%", 0.0869, 0.7131),
        (0.8, -1, "%", 0.0869123456, 0.713087),
        (3e6, 1, "£", 12_345_678, 15_346_000),
    ],
)
def test_amounts_are_rounded_away_from_what_the_entry_says(
    old: float, sign: int, unit: str, change: float, written: float
) -> None:
    new, moved = Outward(old, sign, unit).beyond(change * (1 - 1e-12), 0.0, 1)
    assert new == pytest.approx(written, rel=1e-12)
    assert moved >= change * (1 - 1e-9)


def test_amounts_read_as_an_author_writes_them() -> None:
    assert amount_in_words(1_254_310, "£") == "£1,254,310"
    assert amount_in_words(305_460.0000000003, "£") == "£305,460"
    assert amount_in_words(0.29, "%") == "29%"
    assert amount_in_words(431, "places a year", last=True) == "431 places a year"
