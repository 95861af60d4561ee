"""Lines that can do nothing are named by `avert validate`, with the reason, and refused by nobody."""

from __future__ import annotations

from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from test_bad_input import good_world

from avert.cli import main
from avert.library import load_library
from avert.plan import idle_lines, load_plan

EVIDENCE = "evidence: published"


@pytest.mark.parametrize(
    ("old", "new", "moved", "says"),
    [
        (EVIDENCE, "leave_out: review\nlumpy: {review: {start_up: £2k}}", 1, "'review' can't be bought: the plan"),
        (EVIDENCE, "buy_anyway: {pills: we like them}", 0, "'pills' may be bought without it"),
        (EVIDENCE, "interventions: [pills]\nleave_out: review", 1, "'review' need not be left out; it can't be bought"),
        ("    - classes\n    - review", "    []", -1, "the money of 'council' may go to nothing"),
        ("    - review\n", "    - all\n", -2, "'council' may pay for all, so the names beside 'all' say nothing"),
        ("    - review\n  icb: all", "  icb: [classes]", -3, "no partner may pay for 'review', so it can't be bought"),
        ("{2026/27: £50k, 2027/28: £60k}", "£0", 0, "'icb' puts in nothing in any year"),
        (EVIDENCE, "realism: 0%", 0, "nothing is worth buying"),
        (EVIDENCE, "leave_out: [classes, review, pills]", 0, "no service is left to choose from"),
        (EVIDENCE, "leave_out: [classes]", -2, "no service to choose from needs hours of 'instructor'"),
    ],
)
def test_a_line_that_does_nothing_is_named(tmp_path: Path, old: str, new: str, moved: int, says: str) -> None:
    world = good_world(tmp_path)
    line = world.change("plan.yaml", old, new)
    plan = load_plan(world.folder / "plan.yaml", load_library(world.folder / "evidence"))
    found = [one for one in idle_lines(plan) if says in one.message]
    assert [one.line for one in found] == [line + moved], idle_lines(plan)


def test_a_plan_of_one_year_has_nothing_to_carry_over(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    world.change("plan.yaml", "2026/27 to 2027/28", "2026/27")
    world.change("plan.yaml", ", 2027/28: £60k", "")
    world.change("plan.yaml", EVIDENCE, "carry_over: [icb]")
    plan = load_plan(world.folder / "plan.yaml", load_library(world.folder / "evidence"))
    assert [one.message for one in idle_lines(plan)] == [
        "this line does nothing: the plan has one year, and no next one."
    ]


def test_validate_prints_them_and_a_good_plan_has_none(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    said = StringIO()
    with redirect_stdout(said), pytest.raises(SystemExit) as end:
        main(["validate", *world.options()])
    assert not end.value.code
    assert "worth a look" not in said.getvalue()
    line = world.change("plan.yaml", EVIDENCE, "leave_out: classes")
    with redirect_stdout(said), pytest.raises(SystemExit) as end:
        main(["validate", *world.options()])
    assert not end.value.code
    assert "lines are worth a look:" in said.getvalue()
    assert f"plan.yaml:{line - 3}: this line does nothing, since 'classes' can't be bought" in said.getvalue()
