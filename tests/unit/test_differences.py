"""`avert diff` by hand: on small plans, in the words a working group reads, with file and line in both."""

from __future__ import annotations

import shutil
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from test_bad_input import World, good_world

import avert
from avert.cli import main
from avert.library import load_library
from avert.plan import PlanInFull, load_plan, taken_over
from avert.results import BETWEEN_PLANS
from worlds import effect, event, intervention, write_world

PLANS = Path(__file__).parents[2] / "plans"
OTHER = "other.yaml"


def beside(world: World, *changes: tuple[str, str]) -> tuple[PlanInFull, PlanInFull]:
    """The world's plan, and one beside it with other lines."""
    shutil.copy(world.folder / "plan.yaml", world.folder / OTHER)
    for old, new in changes:
        world.change(OTHER, old, new)
    library = load_library(world.folder / "evidence")
    return load_plan(world.folder / "plan.yaml", library), load_plan(world.folder / OTHER, library)


def said(*arguments: str, code: int = 0) -> str:
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(StringIO()), pytest.raises(SystemExit) as end:
        main(list(arguments))
    assert int(end.value.code or 0) == code
    return out.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("£120k a year", "£150k a year", "council puts in £150k a year instead of £120k (+£30k)"),
        (
            "2027/28: £60k}",
            "2027/28: £70k}",
            "icb puts in £50k in 2026/27 and £70k in 2027/28 instead of £50k in 2026/27 and £60k in 2027/28",
        ),
        ("{2026/27: £50k, 2027/28: £60k}", "£50k", "icb puts in £50k a year instead of £50k in 2026/27 and £60k in "),
        ("  classes: 800 places a year", "  classes: 900", "classes: 900 places a year instead of 800 (+100)"),
        ("  classes: 800 places a year", "  pills: 9", "classes: no limit instead of 800 places a year"),
        ("evidence: published", "leave_out: pills\nevidence: published", "pills is left out, so it may be bought only"),
        ("evidence: published", "evidence: shrunk", "evidence: shrunk instead of published"),
        ("evidence: published", "interventions: [pills]\nevidence: published", "may be bought: pills instead of all"),
        ("evidence: published", "realism: 80%\nevidence: published", "realism: 80% instead of 100% (−20 percentage"),
        ("50% of its head share", "45%", "head count's money to be spent in each place: 45% instead of 50% (−5 perc"),
        ("    - review\n", "    - pills\n", "council may pay for pills too, and no longer for review"),
        ("  icb: all", "  icb: [classes]", "icb may pay for classes instead of anything"),
        ("    icb: 60%", "    icb: 60%\n  review: {icb: 100%}", "review is paid 100% by icb instead of by any partner"),
        ("{classes: 100 people a year}", "{}", "classes today: nobody instead of 100 people a year"),
        ("2026/27 to 2027/28\nmoney", "2026/27 to 2027/28\nnotes: [Draft.]\nmoney", "only in B: a note: Draft."),
        ("label: A plan", "label: Ours", "label: Ours instead of A plan"),
        ("fairness: {", "fairness: {minimum: [{places: [north], spend: £5k}], ", "a minimum: places north, spend £5k"),
    ],
)
def test_each_change_is_said_in_words(tmp_path: Path, old: str, new: str, words: str) -> None:
    a, b = beside(good_world(tmp_path), (old, new))
    table = avert.diff(a, b)
    assert [one for one in table["in_words"] if words in one], list(table["in_words"])
    assert len(table) <= 2
    assert list(table.columns) == list(BETWEEN_PLANS["differences"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("£120k a year", "120,000"),
        ("£120k a year", "{2026/27: £120,000, 2027/28: £120k a year}"),
        ("    - classes\n    - review", "    - review\n    - classes"),
        ("evidence: published", "evidence: published\ntake_up: independent\nrealism: 100%\nleave_out: []"),
        ("evidence: published", "evidence: published\nobjective: [{admissions: 1}]"),
        ("  icb: all\nsplit", "split"),
        ("classes: 100 people a year}", "classes: 100, pills: 0}"),
        ("fairness: {", "fairness: {equity_weights: {north: 1}, offers: best_for_each_place, "),
        ("evidence: published", "evidence: published # as agreed\nlumpy: {pills: {start_up: £0}}"),
    ],
)
def test_what_means_the_same_is_no_difference(tmp_path: Path, old: str, new: str) -> None:
    a, b = beside(good_world(tmp_path), (old, new))
    assert avert.diff(a, b).empty


def test_a_minimum_of_another_amount_is_one_difference(tmp_path: Path) -> None:
    least = "fairness: {minimum: [{places: [south], admissions_averted: 2 a year}, {places: [north], spend: £80k}], "
    world = good_world(tmp_path)
    world.change("plan.yaml", "fairness: {", least)
    plans = [str(world.folder / "plan.yaml"), str(world.folder / OTHER)]
    beside(world, ("£80k}", "£160k}"), ("2 a year", "3 a year"))
    words = said("diff", *plans, "--evidence", str(world.folder / "evidence"))
    assert "a minimum: places north, spend £160k a year instead of £80k (+£80k)" in words
    assert "a minimum: places south, admissions averted 3 a year instead of 2 (+1)" in words
    assert "only in" not in words
    beside(world, ("[north], spend: £80k", "[north, south], spend: £80k"))
    words = said("diff", *plans, "--evidence", str(world.folder / "evidence"))
    assert "only in A: a minimum: places north, spend £80k" in words
    assert "only in B: a minimum: places north, south, spend £80k" in words


def test_each_difference_has_its_line_in_both(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    a, b = beside(world, ("label: A plan\n", ""), ("  classes: 800", "  review: 5\n  classes: 900"))
    table = avert.diff(a, b).set_index("path")
    assert table.loc["limits / classes", "where_a"].endswith("plan.yaml:21")
    assert table.loc["limits / classes", "where_b"].endswith("other.yaml:21")
    assert table.loc["limits / review", "where_a"].endswith("plan.yaml:20")
    assert table.loc["label", "where_b"].endswith("other.yaml")
    assert table["bears_on_answer"].to_dict() == {
        "label": False, "limits / classes": True, "limits / review": True,
    }  # fmt: skip


def test_other_people_and_rates_are_told_row_by_row(tmp_path: Path) -> None:
    a = good_world(tmp_path / "one")
    b = good_world(tmp_path / "two")
    b.change("population.csv", "south,85+,150", "south,85+,175")
    b.change("rates.csv", ",1100,", ",1200,")
    b.change("area-area.yaml", "label: north", "label: North")
    plans = [load_plan(one.folder / "plan.yaml", load_library(one.folder / "evidence")) for one in (a, b)]
    table = avert.diff(*plans)
    assert list(table["in_words"]) == [
        "the area: places / north / label: North instead of north",
        "population: south / 85+ / people: 175 instead of 150 (+25)",
        "rates: north / fall_admission / local_standardised_rate: 1,200 instead of 1,100 (+100)",
    ]
    assert list(table["bears_on_answer"]) == [False, True, True]
    assert table["where_b"].iloc[1].endswith("two/population.csv:7")
    changed = taken_over(*plans, [("the area",)])
    assert changed.area.people["south", "85+"] == 175


def test_other_evidence_is_told_figure_by_figure(tmp_path: Path) -> None:
    a = good_world(tmp_path / "one")
    b = good_world(tmp_path / "two")
    b.change("evidence/interventions/pills.yaml", "value: 70\n", "value: 75\n")
    (b.folder / "evidence/interventions/review.yaml").unlink()
    b.change("plan.yaml", "    - review\n", "")
    words = said(
        "diff", str(a.folder / "plan.yaml"), str(b.folder / "plan.yaml"),
        "--evidence", str(a.folder / "evidence"), "--evidence-b", str(b.folder / "evidence"),
    )  # fmt: skip
    assert "interventions/pills: cost: 75 (35 to 105) instead of 70 (35 to 105)" in words
    assert "evidence/interventions/review.yaml is there only in A" in words
    assert "Only in A: review" in words


def test_the_command_says_when_nothing_differs(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    plan, evidence = str(world.folder / "plan.yaml"), ["--evidence", str(world.folder / "evidence")]
    assert "The two plans say the same" in said("diff", plan, plan, *evidence, "--exit-code")


def test_what_the_differences_do_is_certified_and_adds_up(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    a, b = beside(world, ("£120k a year", "£150k a year"), ("classes: 800", "classes: 850"))
    table = tmp_path / "table.csv"
    plans = [str(world.folder / "plan.yaml"), str(world.folder / OTHER)]
    more = ["--evidence", str(world.folder / "evidence"), "--each", "5", "--out", str(table)]
    words = said("diff", *plans, *more)
    averted = [avert.optimise(one).admissions_averted for one in (a, b)]
    assert f"emergency admissions averted: {averted[1]:.1f} instead of {averted[0]:.1f}" in words
    assert "certified optima" in words
    for mark in "AB":
        assert f"Of what the plan of {mark} would avert, " in words
    alone = [avert.optimise(taken_over(a, b, [change])) for change in (("money", "council"), ("limits", "classes"))]
    for one in alone:
        assert f"+{one.admissions_averted - averted[0]:.1f} admissions" in words
    rest = averted[1] + averted[0] - sum(one.admissions_averted for one in alone)
    assert f"what they do to one another: {'+' if rest >= 0 else '−'}{abs(rest):.1f} admissions" in words
    assert list(pd.read_csv(table).columns) == list(BETWEEN_PLANS["differences"])
    assert said("diff", *plans, *more[:2], "--exit-code", code=1)


def test_a_plan_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    beside(world, ("fairness: {", "fairness: {minimum: [{places: [north], spend: £5m}], "))
    plans = [str(world.folder / "plan.yaml"), str(world.folder / OTHER)]
    words = said("diff", *plans, "--evidence", str(world.folder / "evidence"), "--results")
    assert "No plan keeps all lines" in words
    assert "other.yaml" in words


def test_a_change_that_cannot_stand_alone_is_said(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    beside(
        world,
        ("2026/27 to 2027/28", "2026/27"),
        ("{2026/27: £50k, 2027/28: £60k}", "{2026/27: £55k}"),
    )
    plans = [str(world.folder / "plan.yaml"), str(world.folder / OTHER)]
    words = said("diff", *plans, "--evidence", str(world.folder / "evidence"), "--each", "1")
    assert "can't be taken over alone: '2027/28' is not a year of this plan" in words


def test_two_counties_are_set_side_by_side_by_head() -> None:
    words = said("diff", str(PLANS / "somerset.yaml"), str(PLANS / "worcestershire.yaml"))
    assert "people: 137,439 instead of 141,969 (−4,530)" in words
    assert "money a head and year" in words


def test_services_left_out_of_the_print_are_counted_and_can_be_printed(tmp_path: Path) -> None:
    """Fourteen services, each with a limit that binds in both plans."""
    names = [f"service_{letter}" for letter in "abcdefghijklmn"]
    services = [intervention(name, effect("fall", 0.8 + n / 100)) for n, name in enumerate(names)]
    plan = {"limits": dict.fromkeys(names, 10), "largest_package": 1}
    one = write_world(tmp_path, nodes=[event("fall")], interventions=services, plan=plan)
    other = tmp_path / OTHER
    other.write_text(one.read_text(encoding="utf-8").replace(": 10\n", ": 20\n"), encoding="utf-8")
    command = ["diff", str(one), str(other), "--results", "--evidence", str(tmp_path / "evidence")]
    listed = "take part; £2,000 instead of £1,000"
    words = said(*command)
    assert words.count(listed) == 12
    assert "and 2 more; --all prints them" in words
    words = said(*command, "--all")
    assert words.count(listed) == 14
    assert "--all prints them" not in words
