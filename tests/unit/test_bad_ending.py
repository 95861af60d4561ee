"""Runs broken off, at whatever moment, leave the former run and nothing else."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest
from test_bad_input import World, good_world
from test_bad_run import contents

from avert.appraisal import optimal_appraisal
from avert.library import load_library
from avert.plan import load_plan
from avert.results import Result, result_of, save, saving


def beside(world: World) -> list[str]:
    """What stands where the run folder stands."""
    return sorted(path.name for path in world.folder.iterdir())


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
