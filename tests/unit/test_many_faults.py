"""Several things wrong at once: all of them are told, each at its line, whatever else is wrong beside it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import test_bad_area
import test_bad_plan
from test_bad_input import PLAN, Case, Ended, World, assert_refused, good_world

ALONE = {
    name
    for name, case in test_bad_plan.CASES.items()
    if case.moved or case.old.strip("\n").count("\n") or case.new.strip("\n").count("\n")
} | {"more today than people", "another word for a key"}
"""Kinds that take several lines, that only show once people are counted, or that hide what
stands below them: tried on their own in test_bad_plan."""
RESTS_ON = {"area:": ("[nort]", "most_deprived: 9"), "years:": ("2028/29: £60k",), "2026/27 to": ("2028/29: £60k",)}
"""What is wrong → what can't be seen beside it: places where there is no area, years where there are none."""
LINES = [f"{line}\n" for line in PLAN.splitlines()]


def drawn(random_: random.Random) -> dict[int, Case]:
    """Two to eight kinds of bad plans for different lines of the good one; kinds that add a line have a new one."""
    kinds = [case for name, case in test_bad_plan.CASES.items() if name not in ALONE]
    random_.shuffle(kinds)
    found: dict[int, Case] = {}
    keys: set[str] = set()
    for case in kinds[: random_.randint(20, 60)]:
        added = case.old == test_bad_plan.EVIDENCE
        line = len(LINES) + 1 + len(keys) if added else PLAN[: PLAN.index(case.old)].count("\n") + 1
        key = case.new.split(":")[0]
        if line not in found and (not added or key not in keys | {"money_is"}):
            found[line] = case
            keys |= {key} if added else set()
    some = dict(list(found.items())[: random_.randint(3, 9)])
    for begins, hidden in RESTS_ON.items():
        if any(case.old.startswith(begins) for case in some.values()):
            some = {n: one for n, one in some.items() if one.new and not any(words in one.new for words in hidden)}
    return some


def broken(world: World, cases: dict[int, Case]) -> dict[int, Case]:
    """The plan with all of these wrong; gives the line on which each stands."""
    lines, told = list(LINES), {}
    for line, case in cases.items():
        if line <= len(LINES):
            assert case.old in lines[line - 1]
            lines[line - 1] = lines[line - 1].replace(case.old, case.new)
            told[line] = case
        else:
            lines.append(f"{case.new}\n")
            told[len(lines)] = case
    (world.folder / "plan.yaml").write_text("".join(lines), encoding="utf-8")
    return told


def untold(done: Ended, cases: dict[int, Case]) -> list[str]:
    return [
        f"line {line}: {case.new}: {words}"
        for line, case in cases.items()
        for words in case.says[:1]
        if words not in done.faults("plan.yaml", line)
    ]


@pytest.mark.parametrize("seed", range(60))
def test_every_fault_of_a_plan_is_told_at_once(tmp_path: Path, seed: int) -> None:
    world = good_world(tmp_path)
    told = broken(world, drawn(random.Random(seed)))
    done = world.validate()
    assert_refused(world, done)
    assert len(told) >= 2
    assert not untold(done, told), (world.folder / "plan.yaml").read_text(encoding="utf-8") + done.said


def test_most_kinds_are_among_those_drawn() -> None:
    met = {case.new for seed in range(60) for case in drawn(random.Random(seed)).values()}
    kinds = {case.new for name, case in test_bad_plan.CASES.items() if name not in ALONE}
    assert len(kinds) >= 40
    assert len(met) >= 0.9 * len(kinds), sorted(kinds - met)


@pytest.mark.parametrize("seed", range(12))
def test_faults_of_plan_area_and_tables_are_told_together(tmp_path: Path, seed: int) -> None:
    world, random_ = good_world(tmp_path), random.Random(seed)
    told = broken(world, {n: case for n, case in drawn(random_).items() if not case.old.startswith("area:")})
    rows = {
        name: case
        for name, case in test_bad_area.CASES.items()
        if case.file.endswith(".csv") and "heading" not in name and not case.at and not case.new.count("\n")
    }
    name = random_.choice(sorted(rows))
    case = rows[name]
    line = world.change(case.file, case.old, case.new)
    growth = world.change("area-area.yaml", "- 1\n  source: made", "- 1\n  source: maid")
    done = world.validate()
    assert_refused(world, done)
    assert not untold(done, told), done.said
    assert case.says[0] in done.faults(case.file, line), done.said
    assert "'maid_up'" in done.faults("area-area.yaml", growth), done.said


def test_faults_of_evidence_plan_and_area_are_told_together(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    lines = [
        ("plan.yaml", world.change("plan.yaml", "evidence: published", "evidense: published")),
        ("plan.yaml", world.change("plan.yaml", "£120k a year", "plenty")),
        ("area-area.yaml", world.change("area-area.yaml", "population: ", "popultion: ")),
        ("classes.yaml", world.change("evidence/interventions/classes.yaml", "status: recommended", "statsu: works")),
    ]
    done = world.validate()
    assert_refused(world, done)
    assert [place for place in lines if not done.faults(*place)] == [], done.said
