"""Runs that can't be made, or are broken off, leave what was there before."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from test_bad_input import AVERT, World, assert_refused, ended, good_world

from avert.appraisal import optimal_appraisal
from avert.library import load_library
from avert.plan import load_plan
from avert.results import Result, result_of, save, saving


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def beside(world: World) -> list[str]:
    """What stands where the run folder stands."""
    return sorted(path.name for path in world.folder.iterdir())


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
        ("evidence/pathways/main.yaml", "- from: weakness\n  to: fall_admission", "- from: weakness\n  to: frailty"),
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


def test_a_run_broken_off_leaves_the_former_one_and_nothing_else(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    assert world.run().code == 0
    names = beside(world)
    world.change("plan.yaml", "800 places a year", "700 places a year")
    landed = 0
    for delay in (0.0, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3):
        before = contents(world.out)
        running = subprocess.Popen(world.command(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert running.stderr is not None
        said = running.stderr.readline()  # the first word of progress: the run is under way
        time.sleep(delay)
        running.send_signal(signal.SIGINT)
        said += running.communicate(timeout=120)[1]
        assert beside(world) == names, f"{delay} s: {said}"
        assert "Traceback" not in said
        if running.returncode == 0:
            continue
        landed += 1
        assert running.returncode in (1, 130), said
        assert contents(world.out) == before
        assert "interrupted" in said
    assert landed


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Result]:
    """Two runs that differ."""
    world = good_world(tmp_path_factory.mktemp("runs"))
    library = load_library(world.folder / "evidence")
    first = result_of(optimal_appraisal(load_plan(world.folder / "plan.yaml", library)))
    world.change("plan.yaml", "800 places a year", "700 places a year")
    return first, result_of(optimal_appraisal(load_plan(world.folder / "plan.yaml", library)))


@pytest.mark.parametrize(("step", "call"), [("_json", 1), ("_json", 2), ("rename", 1), ("rename", 2), ("rmtree", 1)])
def test_at_whatever_step_saving_is_broken_off_a_whole_run_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, results: tuple[Result, Result], step: str, call: int
) -> None:
    out = save(results[0], tmp_path / "run")
    former = contents(out)
    owner: object = {"_json": saving, "rename": Path, "rmtree": saving.shutil}[step]
    real, calls = getattr(owner, step), []

    def broken_off(*given: object, **named: object) -> object:
        calls.append(given)
        done = real(*given, **named) if step != "rmtree" or len(calls) != call else None
        if len(calls) == call:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(owner, step, broken_off)
    with pytest.raises(KeyboardInterrupt):
        save(results[1], out)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    after = contents(out)
    assert after == former or (after.keys() == former.keys() and b"700" in after["rules.csv"])


def test_an_unknown_command_is_refused(tmp_path: Path) -> None:
    assert ended([*AVERT, "rnu", str(tmp_path)]).code == 2
