"""Files that can't be read as meant: refused with file and line, in plain words, and nothing is written.

The world and the helpers that every `test_bad_*` module breaks and runs stand here too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from worlds import continuous, edge, effect, event, intervention, open_world, state, write_world

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

    The fault must name the line just written, or the one `moved` lines further down, or that of the text `at`.
    """

    file: str
    old: str
    new: str
    says: tuple[str, ...]
    moved: int = 0
    at: str = ""


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
        same = len(os.path.commonprefix([old, new]))
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
    """Run a command to its end."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return Ended(done.returncode, done.stderr)


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
        people={"north": {"65-74": 900, "75-84": 500, "85+": 200}, "south": {"65-74": 700, "75-84": 400, "85+": 150}},
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


YAML_CASES = {
    "a key twice": Case("plan.yaml", "area: area\n", "area: area\nlabel: Again\n", ("'label'", "second time", "line 1")),
    "a key twice between braces": Case(
        "plan.yaml", "2027/28: £60k}", "2026/27: £60k}", ("'2026/27'", "second time", "line 6")
    ),
    "indented with a tab": Case("plan.yaml", "  - main", "\t- main", ("tab", "spaces")),
    "tab after spaces": Case("plan.yaml", "    - classes", "  \t- classes", ("tab", "spaces")),
    "an alias of a list": Case("plan.yaml", "  icb: all", "  icb: &one [pills]\n  adult_care: *one", ("aliases", "Write")),
    "an alias of one value": Case(
        "plan.yaml", "  council: £120k a year\n", "  council: &sum £120k a year\n  adult_care: *sum\n", ("aliases",)
    ),
    "a merged mapping": Case("plan.yaml", "year\nstaff: {", "year\nramp_up: &up {}\nstaff: {<<: *up, ", ("aliases",)),
    "a bracket left open": Case("plan.yaml", "today: {classes: 100 people a year}", "today: {classes: 100", ("YAML",), 1),
    "a list for a file": Case("plan.yaml", PLAN, "- area\n- money\n", ("key: value",)),
    "one word for a file": Case("plan.yaml", PLAN, "somerset\n", ("key: value",)),
    "an empty file": Case("plan.yaml", PLAN, "", ("empty",)),
    "comments only": Case("plan.yaml", PLAN, "# nothing yet\n", ("empty",)),
    "two documents": Case("plan.yaml", "evidence: published\n", "---\nlabel: Another\n", ("YAML",)),
    "nested without end": Case("plan.yaml", "  - main", "  - " + "[" * 100_000, ("YAML",)),
    "an empty evidence file": Case("evidence/joint.yaml", "id: joint\nodds_ratios: []\n", "", ("empty",)),
    **{
        f"{word} for true": Case(
            "evidence/pathways/main.yaml", "stratifies: true", f"stratifies: {word}", (f"'{word}'", "true or false", "quotes")
        )
        for word in ("Y", "Yes", "yes", "on", "ON", "no", "off", "n", "True", "FALSE")
    },
    "quoted word for true": Case(
        "evidence/pathways/main.yaml", "stratifies: true", "stratifies: 'ja'", ("'stratifies'", "true or false")
    ),
    "no in a list of names": Case("plan.yaml", "    - classes", "    - no", ("'no'", "quotes")),
}


@pytest.mark.parametrize("case", YAML_CASES.values(), ids=YAML_CASES)
def test_what_is_no_plain_yaml_is_refused_at_its_line(tmp_path: Path, case: Case) -> None:
    assert_case_is_refused(tmp_path, case)


@pytest.mark.parametrize("file", ["plan.yaml", "area-area.yaml", "population.csv", "evidence/joint.yaml", "evidence/sources.bib"])
def test_a_huge_file_is_refused_by_name(tmp_path: Path, file: str) -> None:
    world = good_world(tmp_path)
    path = world.folder / file
    path.write_bytes(path.read_bytes() + b"\n# " + b"a" * 2_100_000 + b"\n")
    done = world.run()
    assert_refused(world, done)
    assert f"{Path(file).name}: the file is larger than 2 MB" in done.said


@pytest.mark.parametrize("file", ["plan.yaml", "area-area.yaml", "population.csv", "evidence/joint.yaml", "evidence/sources.bib"])
def test_a_file_not_in_utf8_is_refused_by_name(tmp_path: Path, file: str) -> None:
    world = good_world(tmp_path)
    path = world.folder / file
    path.write_bytes(path.read_bytes() + "\n# £5 für Mühe\n".encode("latin-1"))
    done = world.run()
    assert_refused(world, done)
    assert f"{Path(file).name}:" in done.said
    assert "UTF-8" in done.said


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""], ids=["BOM", "no BOM"])
@pytest.mark.parametrize("end", [b"\r\n", b"\n"], ids=["CRLF", "LF"])
def test_files_saved_on_windows_are_read(tmp_path: Path, mark: bytes, end: bytes) -> None:
    world = good_world(tmp_path)
    for path in (*world.folder.rglob("*.yaml"), *world.folder.rglob("*.csv"), *world.folder.rglob("*.bib")):
        path.write_bytes(mark + path.read_bytes().replace(b"\n", end))
    done = world.run()
    assert done.code == 0, done.said


def test_lines_are_counted_right_in_files_saved_on_windows(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    line = world.change("plan.yaml", "evidence: published", "evidense: published")
    path = world.folder / "plan.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    done = world.run()
    assert_refused(world, done)
    assert "Did you mean 'evidence'?" in done.faults("plan.yaml", line)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("limits: {classes: 4,000 places a year}", 4000),
        ("limits: {pills: 7, classes: 1,234,567 places a year}", 1_234_567),
        ("limits: {classes: 4,000}", 4000),
        ("limits:\n  classes: 4,000 places a year", 4000),
        ("limits:\n  classes: 4000", 4000),
    ],
)
def test_thousands_between_braces_are_one_number(tmp_path: Path, written: str, meant: float) -> None:
    world = good_world(tmp_path)
    world.change("plan.yaml", "limits:\n  classes: 800 places a year", written)
    assert open_world(world.folder / "plan.yaml").record.limits["classes"] == meant


@pytest.mark.parametrize("written", ["{classes: 4, 000}", "{classes: 4,00 places a year}", "{classes: 4, 000 places a year}"])
def test_a_comma_with_a_space_is_not_taken_for_thousands(tmp_path: Path, written: str) -> None:
    world = good_world(tmp_path)
    line = world.change("plan.yaml", "limits:\n  classes: 800 places a year", f"limits: {written}")
    done = world.run()
    assert_refused(world, done)
    assert "'00" in done.faults("plan.yaml", line)
