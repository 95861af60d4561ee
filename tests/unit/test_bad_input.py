"""The good world that every `test_bad_*` module breaks, and what must hold of each refusal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from avert.cli import main
from worlds import continuous, edge, effect, event, intervention, state, write_world

AVERT = [sys.executable, "-m", "avert"]
PLAN = """\
label: A plan
area: area
years: 2026/27 to 2027/28
money:
  council: £120k a year
  icb: {2026/27: £50k, 2027/28: £60k}
money_is: additional
pathways:
  - main
may_pay:
  council:
    - classes
    - review
  icb: all
split:
  pills:
    council: 40%
    icb: 60%
today: {classes: 100 people a year}
limits:
  classes: 800 places a year
staff: {instructor: 3,000 hours a year}
fairness: {each_place_at_least: 50% of its head share}
evidence: published
"""


@dataclass(frozen=True)
class Case:
    """One thing that is wrong: what is replaced in which file, and what must be said about it where.

    The fault must name the line just written, the one `moved` lines further down, or that of the text `at`.
    """

    file: str
    old: str
    new: str
    says: tuple[str, ...]
    moved: int = 0
    at: str = ""


def breaking(file: str) -> Callable[..., Case]:
    """Makes cases of one file: what is replaced, by what, and everything that must be said."""

    def case(old: str, new: str, *says: str, moved: int = 0, at: str = "") -> Case:
        return Case(file, old, new, says, moved, at)

    return case


@dataclass(frozen=True)
class Ended:
    """How a run of the command line ended."""

    code: int
    said: str

    def faults(self, file: str, line: int) -> str:
        """Everything said of one line of one file."""
        marks = (f"{file}:{line}: ", f"/{file}:{line}: ")
        return "\n".join(one for one in self.said.splitlines() if one.startswith(marks[0]) or marks[1] in one)


@dataclass(frozen=True)
class World:
    """A good world on disk, to be broken."""

    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "results"

    def change(self, file: str, old: str, new: str) -> int:
        """Replace the only `old` in a file; gives the line on which the first difference stands."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{text.count(old)} times {old!r} in {file}:\n{text}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        return text[: text.index(old) + same].count("\n") + 1

    def line_of(self, file: str, text: str) -> int:
        """The line on which the only `text` of a file begins."""
        whole = (self.folder / file).read_text(encoding="utf-8")
        assert whole.count(text) == 1, f"{whole.count(text)} times {text!r} in {file}"
        return whole[: whole.index(text)].count("\n") + 1

    def command(self, *more: str, out: Path | None = None) -> list[str]:
        """The command line that runs the plan of this world."""
        return [*AVERT, "run", *self.options(), "--out", str(out or self.out), *more]

    def options(self) -> list[str]:
        """The plan and the evidence, as options of the command line."""
        return [str(self.folder / "plan.yaml"), "--evidence", str(self.folder / "evidence")]

    def run(self, *more: str, out: Path | None = None) -> Ended:
        """Run the plan to its end."""
        return ended(self.command(*more, out=out))

    def validate(self) -> Ended:
        """Check the plan and all that belongs to it."""
        return ended([*AVERT, "validate", *self.options()])


def ended(command: list[str]) -> Ended:
    """Run a command to its end, within this process: starting a new one for each would take minutes in all."""
    assert command[: len(AVERT)] == AVERT
    said = StringIO()
    with redirect_stdout(StringIO()), redirect_stderr(said):
        try:
            main(command[len(AVERT) :])
        except SystemExit as end:
            return Ended(int(end.code or 0), said.getvalue())
    return Ended(0, said.getvalue())


def good_world(folder: Path) -> World:
    """Two places, two events, three services, two partners; nothing is wrong with it."""
    frail_falls = edge("frailty", "fall_admission", 2.0)
    write_world(
        folder,
        nodes=[
            event("fall_admission", {"65-74": 900, "75-84": 2500, "85+": 6000}),
            event("stroke_admission", 700),
            state("frailty", 0.2, stratifies=True),
            state("weakness", 0.3),
            continuous("blood_pressure"),
        ],
        edges=[
            frail_falls | {"scope": "direct"},
            edge("frailty", "weakness", 1.5),
            edge("weakness", "fall_admission", 1.4),
            edge("blood_pressure", "stroke_admission", 1.4, per={"value": 10, "unit": "mmHg"}),
        ],
        interventions=[
            intervention("classes", effect("fall_admission", 0.8), cost=90, staff_hours={"instructor": 3}),
            intervention("review", effect("weakness", 0.9), cost=40, eligible={"requires": ["frailty"]}),
            intervention("pills", effect("blood_pressure", -5, "mean_difference"), cost=70),
        ],
        people={
            "north": {"65-74": 900, "75-84": 500, "85+": 200},
            "south": {"65-74": 700, "75-84": 400, "85+": 150},
        },
        local_rates=[("north", "fall_admission", 1100, 1000)],
        odds_ratios=[],
    )
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    return World(folder)


def assert_refused(world: World, done: Ended) -> None:
    """Exit code 1, words instead of a traceback, nothing written."""
    assert done.code == 1, done.said
    assert "Traceback" not in done.said
    assert not world.out.exists()


def assert_case_is_refused(folder: Path, case: Case) -> None:
    """Break the world as the case says, run it, and look for the right words at the right place."""
    world = good_world(folder)
    line = world.change(case.file, case.old, case.new) + case.moved
    line = world.line_of(case.file, case.at) if case.at else line
    done = world.run()
    assert_refused(world, done)
    said = done.faults(Path(case.file).name, line)
    assert said, f"nothing said of {case.file}:{line}, only:\n{done.said}"
    missing = [words for words in case.says if words not in said]
    assert not missing, f"{missing} not said in:\n{done.said}"


def test_the_good_world_runs(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    done = world.run()
    assert done.code == 0, done.said
    assert world.out.is_dir()
