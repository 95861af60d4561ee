"""Runs broken off, at whatever moment, leave the former run and nothing else."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import time
from functools import partial
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


def tables(folder: Path) -> dict[str, bytes]:
    """Every file of a run but its timings, which differ each time."""
    return {name: data for name, data in contents(folder).items() if name != "timings.json"}


def test_a_run_broken_off_leaves_the_former_one_and_nothing_else(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    assert world.run().code == 0
    former = contents(world.out)
    world.change("plan.yaml", "800 places a year", "700 places a year")
    assert world.run(out=tmp_path / "new").code == 0
    names, complete, landed = beside(world), tables(tmp_path / "new"), 0
    for delay in (0.0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.09, 0.12, 0.15, 0.2, 0.3):
        pipe = subprocess.PIPE
        running = subprocess.Popen(world.command(), stdout=pipe, stderr=pipe, text=True)
        assert running.stderr is not None
        said = running.stderr.readline()  # the first word of progress: the run is under way
        time.sleep(delay)
        running.send_signal(signal.SIGINT)
        answer, more = running.communicate(timeout=120)
        assert beside(world) == names, f"{delay} s: {said}{more}"
        assert "Traceback" not in more
        if contents(world.out) != former:  # it came too late: the new run is there whole
            assert tables(world.out) == complete
            break
        landed += 1
        if running.returncode == -signal.SIGINT:  # Python itself was not up yet, or already going down
            continue
        assert running.returncode == 130, more
        assert not answer
        assert "interrupted; a run is written whole or not at all" in more
    assert landed


def test_whichever_file_a_full_disk_refuses_it_is_told_in_words_and_the_former_run_stays(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    assert world.run().code == 0
    former, largest = contents(world.out), {}
    for path in world.out.iterdir():
        largest.setdefault(path.suffix, 0)
        largest[path.suffix] = max(largest[path.suffix], path.stat().st_size)
    assert largest[".xlsx"] == max(largest.values())  # so that the workbook alone is refused by the last limit
    for most in (min(largest.values()) // 2, sorted(largest.values())[-2] + 200):
        limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, most))
        ended = subprocess.run(world.command(), capture_output=True, text=True, preexec_fn=limit)
        assert ended.returncode == 1
        assert f"{world.out} can't be written: File too large; the former run is as it was" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert contents(world.out) == former


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
    out, new = save(results[0], tmp_path / "runs" / "run"), save(results[1], tmp_path / "new")
    former = contents(out)
    owner: object = {"_json": saving, "rename": Path, "rmtree": shutil}[step]
    real, calls = getattr(owner, step), []

    def broken_off(*given: object, **named: object) -> object:
        calls.append(given)
        if step == "rmtree" and len(calls) == call:
            signal.raise_signal(signal.SIGINT)
        done = real(*given, **named)
        if step != "rmtree" and len(calls) == call:
            signal.raise_signal(signal.SIGINT)
        return done

    monkeypatch.setattr(owner, step, broken_off)
    with pytest.raises(KeyboardInterrupt):
        save(results[1], out)
    assert [path.name for path in out.parent.iterdir()] == ["run"]
    assert contents(out) == former or tables(out) == tables(new)
