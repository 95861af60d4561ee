"""Runs that can't be made say why, and leave what was there before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_bad_input import AVERT, assert_refused, ended, good_world


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_an_unknown_solver_is_refused_with_the_nearest(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    done = world.run("--solver", "hihgs")
    assert_refused(world, done)
    assert "there is no solver 'hihgs'. Did you mean 'highs'?" in done.said


@pytest.mark.parametrize(
    ("fairness", "says"),
    [
        ("minimum: [{places: [north], spend: £300k}]", "this minimum lacks £"),
        ("minimum: [{places: [north], admissions_averted: 500}]", "admissions averted in 2026/27"),
        ("minimum: [{most_deprived: 1, spend: £300k}]", "this minimum lacks £"),
    ],
)
def test_a_minimum_larger_than_the_money_says_where_and_what_lacks(tmp_path: Path, fairness: str, says: str) -> None:
    world = good_world(tmp_path)
    line = world.change("plan.yaml", "fairness: {", f"fairness: {{{fairness}, ")
    done = world.run()
    assert_refused(world, done)
    assert says in done.faults("plan.yaml", line), done.said


def test_two_minima_that_clash_are_each_named(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    minima = "fairness:\n  minimum:\n    - {places: [north], spend: £300k}\n    - {places: [south], spend: £300k}"
    line = world.change("plan.yaml", "fairness: {each_place_at_least: 50% of its head share}", minima)
    done = world.run()
    assert_refused(world, done)
    assert done.faults("plan.yaml", line + 2), done.said
    assert done.faults("plan.yaml", line + 3), done.said


def test_services_to_keep_beyond_their_limit_are_named(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    world.change("plan.yaml", "today: {classes: 100", "today: {classes: 2,000")
    line = world.change("plan.yaml", "money_is: additional", "money_is: everything\nkeep_services: {classes: 90%}") + 1
    done = world.run()
    assert_refused(world, done)
    assert "keeping 'classes' lacks 1,000 participants in 2026/27" in done.faults("plan.yaml", line), done.said


@pytest.mark.parametrize("out", ["plan.yaml", "plan.yaml/run", "plan.yaml/deep/run", "evidence"])
def test_a_place_where_no_run_can_stand_is_refused_and_left_alone(tmp_path: Path, out: str) -> None:
    world = good_world(tmp_path)
    before = contents(tmp_path)
    done = world.run(out=tmp_path / out)
    assert_refused(world, done)
    assert str(tmp_path / out.split("/")[0]) in done.said
    assert "--out" in done.said
    assert contents(tmp_path) == before


@pytest.mark.parametrize("missing", ["plan.yaml", "evidence"])
def test_what_is_not_there_is_named(tmp_path: Path, missing: str) -> None:
    world = good_world(tmp_path)
    (tmp_path / missing).rename(tmp_path / "elsewhere")
    done = world.run()
    assert_refused(world, done)
    assert f"{tmp_path / missing}: there is no such" in done.said


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda path: path.mkdir(), "folder.yaml"),
        (lambda path: path.symlink_to("nowhere"), "dangling.yaml"),
        (lambda path: path.with_name("classes.yaml").rename(path), "classes.yml"),
    ],
    ids=["a folder", "a broken link", "another ending"],
)
def test_what_is_no_evidence_file_is_named(tmp_path: Path, make: Callable[[Path], object], name: str) -> None:
    world = good_world(tmp_path)
    make(tmp_path / "evidence" / "interventions" / name)
    done = world.run()
    assert_refused(world, done)
    assert f"evidence/interventions/{name}:" in done.said


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("plan.yaml", "evidence: published", "evidence: publisht"),
        ("plan.yaml", "100 people a year", "100,000 people a year"),
        ("population.csv", "north,75-84,500", "nort,75-84,500"),
        (
            "evidence/pathways/main.yaml",
            "- from: weakness\n  to: fall_admission",
            "- from: weakness\n  to: frailty",
        ),
        ("evidence/interventions/classes.yaml", "pathway: main", "pathway: mian"),
    ],
)
def test_validate_finds_what_a_run_would_stumble_over(tmp_path: Path, file: str, old: str, new: str) -> None:
    world = good_world(tmp_path)
    assert world.validate().code == 0
    world.change(file, old, new)
    assert world.validate() == world.run()
    assert world.validate().code == 1


def test_a_refused_run_leaves_the_former_one_as_it_was(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    assert world.run().code == 0
    before = contents(tmp_path / "results")
    world.change("plan.yaml", "evidence: published", "evidense: published")
    done = world.run()
    assert done.code == 1
    assert contents(world.out) == before


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    assert ended([*AVERT, "rnu", str(tmp_path)]).code == 2
