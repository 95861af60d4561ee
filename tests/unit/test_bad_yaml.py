"""What is not plain YAML, or could mean several things, is refused at its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_bad_input import PLAN, Case, assert_case_is_refused, assert_refused, breaking, good_world

from worlds import open_world

plan, pathway, joint = (
    breaking("plan.yaml"),
    breaking("evidence/pathways/main.yaml"),
    breaking("evidence/joint.yaml"),
)
ONE_OF_EACH = ["plan.yaml", "area-area.yaml", "population.csv", "evidence/joint.yaml", "evidence/sources.bib"]
COUNCIL, TODAY = "  council: £120k a year\n", "today: {classes: 100 people a year}"

CASES: dict[str, Case] = {
    "a key twice": plan("area: area\n", "area: area\nlabel: Again\n", "'label'", "second time", "line 1"),
    "a key twice between braces": plan("2027/28: £60k}", "2026/27: £60k}", "'2026/27'", "second", "line 6"),
    "indented with a tab": plan("  - main", "\t- main", "tab", "spaces"),
    "a tab after spaces": plan("    - classes", "  \t- classes", "tab", "spaces"),
    "an alias of a list": plan("  icb: all", "  icb: &one [pills]\n  adult_care: *one", "aliases", "Write"),
    "an alias of one value": plan(COUNCIL, "  council: &sum £120k a year\n  adult_care: *sum\n", "aliases"),
    "a merged mapping": plan("year\nstaff: {", "year\nramp_up: &up {}\nstaff: {<<: *up, ", "aliases"),
    "a bracket left open": plan(TODAY, "today: {classes: 100", "YAML", "never closed"),
    "a list for a file": plan(PLAN, "- area\n- money\n", "key: value"),
    "one word for a file": plan(PLAN, "somerset\n", "key: value"),
    "an empty file": plan(PLAN, "", "empty"),
    "comments only": plan(PLAN, "# nothing yet\n", "empty"),
    "an empty evidence file": joint("id: joint\nodds_ratios: []\n", "", "empty"),
    "two documents": plan("evidence: published\n", "---\nlabel: Another\n", "YAML"),
    "brackets without end": plan("  - main", "  - " + "[" * 100_000, "YAML"),
    "a quoted word for true": pathway("stratifies: true", "stratifies: 'ja'", "'stratifies'", "true or false"),
    "a number for true": pathway("stratifies: true", "stratifies: 1", "'stratifies'", "true or false"),
    "a tag": plan("area: area\n", "area: !area area\n", "tags", "quotes"),
    "a colon missing": plan("area: area\n", "area area\n", "a colon is missing", moved=0, at="area area"),
    "an equals sign": plan("area: area\n", "area = area\n", "a colon is missing", at="area = area"),
    "no space after a colon": plan("area: area\n", "area:area\n", "put a space after the colon", at="area:area"),
    "no space between braces": plan("{instructor: 3", "{instructor:3", "put a space after the colon in 'instructor:3'"),
    "indented too little": plan("  icb: all", " icb: all", "indented unlike its neighbours", "two spaces"),
    "a quote within quotes": plan("label: A plan", "label: 'The county's plan'", "hold a quote like those", 'put "'),
    "a percent sign first": plan("label: A plan", "label: %plan", "begins with a percent sign", "quotes"),
    "an at sign first": plan("label: A plan", "label: @plan", "begins with '@'", "quotes"),
    "an asterisk first": plan("    - review", "    - *review", "begins with '*'", "quotes"),
    "a question mark alone": plan("council: £120k a year", "council: ?", "begins with '?'", "quotes"),
    "a bracket too many": plan("hours a year}", "hours a year}}", "a bracket is closed here that was never opened"),
    "a merge half done": plan("area: area\n", "<<<<<<< ours\narea: area\n", "put together", "delete this mark"),
    "a space that is none": plan("area: area\n", "area:\u00a0area\n", "a non-breaking space", "Type it again"),
    "an indent that is none": plan("  icb: all", "\u00a0 icb: all", "a non-breaking space", "Type it again"),
    "a letter that can't be seen": plan("area: area\n", "area: ar\u200bea\n", "can't be seen", "again"),
    "a name without end": plan("  classes: 800", f"  {'c' * 1500}: 800", "more than 1,000 letters"),
    "more after the end": plan(
        "evidence: published\n", "evidence: published\n...\nlabel: More\n", "make it one", moved=1
    ),
    "no in a list of names": plan("    - classes", "    - no", "'no'", "quotes"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_no_plain_yaml_is_refused_at_its_line(tmp_path: Path, case: Case) -> None:
    assert_case_is_refused(tmp_path, case)


@pytest.mark.parametrize("word", ["Y", "y", "Yes", "yes", "on", "ON", "No", "off", "n", "True", "TRUE", "False"])
def test_a_word_that_could_mean_several_things_is_refused(tmp_path: Path, word: str) -> None:
    says = (f"'{word}'", "true or false", "quotes")
    assert_case_is_refused(tmp_path, pathway("stratifies: true", f"stratifies: {word}", *says))


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


@pytest.mark.parametrize("written", ["{classes: 4, 000}", "{classes: 4, 000 a year}"])
def test_a_comma_with_a_space_is_not_taken_for_thousands(tmp_path: Path, written: str) -> None:
    world = good_world(tmp_path)
    line = world.change("plan.yaml", "limits:\n  classes: 800 places a year", f"limits: {written}")
    done = world.run()
    assert_refused(world, done)
    assert "'00" in done.faults("plan.yaml", line)


def test_a_comma_out_of_place_between_braces_is_told_with_the_whole_amount(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    line = world.change("plan.yaml", "limits:\n  classes: 800 places a year", "limits: {classes: 4,00 a year}")
    done = world.run()
    assert_refused(world, done)
    assert "'4,00 a year' is not a number a year" in done.faults("plan.yaml", line)


@pytest.mark.parametrize("file", ONE_OF_EACH)
def test_a_huge_file_is_refused_by_name(tmp_path: Path, file: str) -> None:
    world = good_world(tmp_path)
    path = world.folder / file
    path.write_bytes(path.read_bytes() + b"\n# " + b"a" * 2_100_000 + b"\n")
    done = world.run()
    assert_refused(world, done)
    assert f"{Path(file).name}: the file is larger than 2 MB" in done.said


@pytest.mark.parametrize("file", ONE_OF_EACH)
def test_a_file_not_in_utf8_is_refused_by_name(tmp_path: Path, file: str) -> None:
    world = good_world(tmp_path)
    path = world.folder / file
    path.write_bytes(path.read_bytes() + "\n# £5 für Mühe\n".encode("latin-1"))
    done = world.run()
    assert_refused(world, done)
    assert f"{Path(file).name}:" in done.said
    assert "UTF-8" in done.said
