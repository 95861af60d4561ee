"""`avert new`: a fresh reader begins a plan for an area nobody has heard of, from people or from names."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from test_bad_input import AVERT, Ended, ended
from test_command_line import said

from avert.cli.authoring import SCHEMA
from avert.library import load_library
from avert.library.records import AGE_BANDS
from avert.plan import AreaFile, Plan, load_plan
from avert.plan.new_area import HEADING
from avert.plan.starter import ANSWERS, examples_of_keys
from avert.reading import descriptions
from worlds import edge, effect, event, intervention, state, write_world

PEOPLE = """\
place,age_band,people,year,source
North Vale,65-74,"1,200",2026,"GP registers, March 2026"
North Vale,75-84,700,2026,"GP registers, March 2026"
North Vale,85+,250,2026,"GP registers, March 2026"
south_vale,65-74,800,2026,made_up
south_vale,75-84,500,2026,made_up
south_vale,85+,150,2026,made_up
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with a table of people, and a small library in another."""
    write_world(
        tmp_path / "else",
        nodes=[state("frailty", 0.2, stratifies=True), event("fall_admission", 3000)],
        edges=[edge("frailty", "fall_admission", 2.0)],
        interventions=[
            intervention("classes", effect("fall_admission", 0.8), cost=90, staff_hours={"instructor": 3}),
            intervention("visits", effect("fall_admission", 0.9), cost=60),
        ],
    )
    text = (Path(__file__).parents[2] / "evidence/population.yaml").read_text(encoding="utf-8")
    text = text.replace("care_home_resident", "frailty")
    (tmp_path / "else/evidence/population.yaml").write_text(text, encoding="utf-8")
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


EVIDENCE = ("--evidence", "../else/evidence")
NEW = ("new", "plans/northshire.yaml", "--area", "northshire", *EVIDENCE)
WITH_PEOPLE = (*NEW, "--population", "people.csv")


def refused(*arguments: str) -> Ended:
    """A command that must fail and leave the folder as it was."""
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    folders = {path for path in Path().rglob("*") if path.is_dir()}
    done = ended([*AVERT, *arguments])
    assert done.code == 1, done.said
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
    assert {path for path in Path().rglob("*") if path.is_dir()} == folders
    return done


def test_the_whole_journey_from_an_empty_folder(here: Path) -> None:
    words = said(*WITH_PEOPLE)
    for part in ("North Vale is north_vale", "without thousands separators", "gp_registers_march_2026",
                 "avert validate plans/northshire.yaml --evidence", "avert run", "illustrative"):  # fmt: skip
        assert part in words, part
    assert sorted(path.name for path in (here / "plans").iterdir()) == [
        "northshire-area.yaml", "northshire-population.csv", "northshire.yaml", SCHEMA]  # fmt: skip
    listed = said("validate", "plans/northshire.yaml", *EVIDENCE, "--assumptions", "--all")
    assert "in order. 5 years, 2 places, 2 services" in listed
    assert "money = illustrative" in listed
    assert "population / population_growth = 0 (0 to 0.03)" in listed
    answer = said("run", "plans/northshire.yaml", *EVIDENCE, "--out", "run")
    assert "averts" in answer
    manifest = json.loads((here / "run/manifest.json").read_text(encoding="utf-8"))
    assert (manifest["status"], manifest["label"]) == ("optimal", "Northshire prevention plan")
    area = load_plan("plans/northshire.yaml", load_library("../else/evidence")).area
    assert area.people["north_vale", "65-74"] == 1200
    assert [place.label for place in area.places] == ["North Vale", "South Vale"]
    assert area.cited == ("gp_registers_march_2026", "made_up")
    assert area.sources["gp_registers_march_2026"].title == "GP registers, March 2026"


def test_at_most_twelve_answers_are_asked_for_and_each_once(here: Path) -> None:
    said(*WITH_PEOPLE)
    text = (here / "plans/northshire.yaml").read_text(encoding="utf-8")
    asked = re.findall(r"^# answer (\d+): ", text, re.MULTILINE)
    assert [int(one) for one in asked] == list(range(1, len(ANSWERS) + 1))
    assert len(asked) <= 12
    live = [key for key in yaml.safe_load(text) if key not in ("area", "notes")]
    assert sorted(live) == sorted(ANSWERS)  # whatever is there and not asked for would be made up
    assert text.startswith(f"# yaml-language-server: $schema=./{SCHEMA}\n")


def test_a_starter_names_every_key_with_its_own_description(here: Path) -> None:
    said(*WITH_PEOPLE)
    for name, record in (("northshire", Plan), ("northshire-area", AreaFile)):
        text = (here / f"plans/{name}.yaml").read_text(encoding="utf-8")
        plain = " ".join(line.removeprefix("#").strip() for line in text.splitlines())
        for key in record.model_fields:
            assert re.search(rf"^(# )?{key}:", text, re.MULTILINE), key
            assert " ".join(descriptions(record)[key].split()) in plain, key


@pytest.mark.parametrize("small", [True, False], ids=["small library", "whole library"])
def test_every_line_that_stands_as_a_comment_holds_when_the_mark_is_taken_away(here: Path, small: bool) -> None:
    library = load_library("../else/evidence" if small else None)
    evidence = EVIDENCE if small else ()
    (here / "people.csv").write_text(PEOPLE.replace("made_up", "ons_mye2020" if not small else "made_up"))
    said("new", "plans/northshire.yaml", "--area", "northshire", "--population", "people.csv", *evidence)
    path = here / "plans/northshire.yaml"
    text = path.read_text(encoding="utf-8")
    today = examples_of_keys(library)["today"]
    commented = re.findall(r"^# (\w+): (.*)$", text, re.MULTILINE)
    keys = [key for key, _ in commented if key in Plan.model_fields]
    assert set(keys) == Plan.model_fields.keys() - {*ANSWERS, "area", "notes"}
    for key in keys:
        changed = re.sub(rf"^# ({key}: )", r"\1", text, count=1, flags=re.MULTILINE)
        if key == "keep_services":
            changed = changed.replace("money_is: additional", "money_is: everything")
            changed = changed.replace("\ntoday: {}", f"\ntoday: {today}")
        path.write_text(changed, encoding="utf-8")
        load_plan(path, library)
    for key, example in examples_of_keys(library).items():
        if key in ANSWERS:
            path.write_text(re.sub(rf"^{key}: .*$", f"{key}: {example}", text, flags=re.MULTILINE), encoding="utf-8")
            load_plan(path, library)


def test_two_plans_share_an_area(here: Path) -> None:
    said(*WITH_PEOPLE)
    words = said("new", "plans/second.yaml", "--area", "northshire", *EVIDENCE)
    assert "was there and is used" in words
    assert "in order" in said("validate", "plans/second.yaml", *EVIDENCE)
    done = refused("new", "plans/third.yaml", "--area", "northshire", "--population", "people.csv", *EVIDENCE)
    assert "already there" in done.said


def test_the_same_words_give_the_same_bytes(here: Path) -> None:
    said(*WITH_PEOPLE)
    (here / "plans").rename(here / "before")
    said(*WITH_PEOPLE)
    for path in (here / "before").iterdir():
        assert path.read_bytes() == (here / "plans" / path.name).read_bytes()


def test_nothing_known_of_the_area_says_what_to_put_where(here: Path) -> None:
    done = refused(*NEW)
    for part in ("northshire-area.yaml", "--population", "place,age_band,people,year,source", "65-74, 75-84, 85+",
                 "imd_average_decile"):  # fmt: skip
        assert part in done.said
    assert "--districts" not in done.said  # this library has none
    done = refused("new", "plans/northshire.yaml", "--area", "northshire")
    assert "--districts" in done.said
    assert "--board" in done.said


@pytest.mark.parametrize(("arguments", "words"), [
    (("new", "plans/x.yml", "--area", "north shire"), ["did you mean plans/x.yaml?", "Did you mean 'north_shire'?"]),
    (("new", "plans/x-area.yaml", "--area", "x"), ["name of an area's file"]),
    (("new", "people.csv", "--area", "x"), ["did you mean people.yaml?"]),
    ((*WITH_PEOPLE, "--districts", "Exeter"), ["said once"]),
    ((*NEW, "--districts", "Exeter"), ["no table of districts", "--population"]),
    ((*NEW, "--population", "peeple.csv"), ["there is no file 'peeple.csv'"]),
    (("new", "plans/x.yaml", "--area", "x", "--districts", "Exetter"), ["Did you mean 'Exeter'?"]),
    (("new", "plans/x.yaml", "--area", "x", "--board", "NHS Devonn"), ["Did you mean 'Devon'?"]),
    (("new", "people.csv/x.yaml", "--area", "x", "--board", "Devon"), ["can't be written"]),
])  # fmt: skip
def test_what_cannot_be_begun_is_refused_and_nothing_is_written(
    here: Path, arguments: tuple[str, ...], words: list[str]
) -> None:
    done = refused(*arguments)
    assert [part for part in words if part not in done.said] == []


def test_nothing_is_ever_written_over(here: Path) -> None:
    said(*WITH_PEOPLE)
    assert "already there" in refused(*WITH_PEOPLE).said
    (here / "plans/northshire.yaml").unlink()
    (here / "plans/northshire-area.yaml").unlink()
    assert "northshire-population.csv is already there" in refused(*WITH_PEOPLE).said


# Tables of people as a newcomer has them


def test_marks_of_a_spreadsheet_do_no_harm(here: Path) -> None:
    as_excel = "\ufeff" + PEOPLE.replace("\n", "\r\n")
    (here / "people.csv").write_bytes(as_excel.encode("utf-8"))
    said(*WITH_PEOPLE)
    assert b"\r" not in (here / "plans/northshire-population.csv").read_bytes()


def test_deprivation_may_stand_in_the_table(here: Path) -> None:
    rows = PEOPLE.splitlines()
    deciles = ["imd_average_decile", "3.5", "3.5", "3.5", "", "", ""]
    text = "\n".join(f"{row},{decile}" for row, decile in zip(rows, deciles, strict=True))
    (here / "people.csv").write_text(text, encoding="utf-8")
    said(*WITH_PEOPLE)
    places = yaml.safe_load((here / "plans/northshire-area.yaml").read_text(encoding="utf-8"))["places"]
    assert [place.get("imd_average_decile") for place in places] == [3.5, None]


BAD = {
    "semicolons": (lambda text: text.replace(",", ";"), ["people.csv:1:", "semicolons", "CSV UTF-8"]),
    "tabs": (lambda text: text.replace(",", "\t"), ["people.csv:1:", "tabs"]),
    "a heading misspelt": (lambda text: text.replace("age_band", "Age bnd"), ["Did you mean 'Age bnd'?"]),
    "two headings misspelt": (
        lambda text: text.replace("age_band,people", "age,number"), ["'age_band' is missing", "'people' is missing"]),
    "a column for each age": (lambda text: "place,65-74,75-84,85+\nNorth Vale,1,2,3\n",
                              ["people.csv:1: ages have columns of their own", HEADING]),
    "finer ages": (lambda text: text.replace("south_vale,85+", "south_vale,85-89"),
                   ["people.csv:7: there is no age band '85-89'. People are counted at 65-74, 75-84, 85+; add finer"]),
    "a column too many": (lambda text: text.replace("\n", ",1\n").replace("source,1", "source,sauce"),
                          ["unknown column 'sauce'", "Did you mean 'source'?"]),
    "an age of another kind": (lambda text: text.replace("65-74,800", "65/74,800"),
                               ["people.csv:5:", "Did you mean '65-74'?"]),
    "a row missing": (lambda text: text.replace("south_vale,85+,150,2026,made_up\n", ""), ["south_vale at 85+"]),
    "a row twice": (lambda text: text + "south_vale,85+,150,2026,made_up\n", ["people.csv:8:", "a second time"]),
    "a place written in two ways": (lambda text: text.replace("North Vale,85+", "north vale,85+"), ["told apart"]),
    "a place without letters": (lambda text: text.replace("south_vale", "42"), ["no id can be made of '42'"]),
    "people in words": (lambda text: text.replace("500", "many"), ["people.csv:6:", "'people' is 'many'"]),
    "people with commas out of place": (lambda text: text.replace('"1,200"', '"12,00"'), ["'12,00'"]),
    "people with a dot for thousands and more": (lambda text: text.replace('"1,200"', "1.200.000"), ["'1.200.000'"]),
    "a year of another kind": (lambda text: text.replace("500,2026", "500,March"), ["people.csv:6:", "2025/26"]),
    "no source": (lambda text: text.replace("500,2026,made_up", "500,2026,"), ["people.csv:6:", "'source' is empty"]),
    "a source misspelt": (lambda text: text.replace("500,2026,made_up", "500,2026,maid_up"),
                          ["Did you mean 'made_up'?", "tell it in words"]),
    "rows left empty": (lambda text: text + ",,,,\n", ["people.csv:8:", "empty"]),
    "people with a dot for thousands": (lambda text: text.replace("500", "6.120"),
                                        ["people.csv:6: 'people' is '6.120': is the dot for thousands? Write 6120"]),
    "a year to come": (lambda text: text.replace("500,2026", "500,2099"), ["people.csv:6:", "first year, 2026/27"]),
    "a row of totals": (lambda text: text.replace("south_vale", "Total"),
                        ["people.csv:5: 'Total' is called like a total", "counted twice"]),
    "the whole area as a place": (
        lambda text: text.replace("south_vale,65-74,800", "south_vale,65-74,1300").replace("75-84,500", "75-84,800")
        .replace("south_vale,85+,150", "south_vale,85+,400").replace("south_vale", "Northshire"),
        ["people.csv:5: 'Northshire' is called like the whole area"]),
    "a sum of all others": (
        lambda text: text + "".join(f"Vale,{age},{people},2026,made_up\n" for age, people in
                                    (("65-74", 2000), ("75-84", 1200), ("85+", 400))),
        ["people.csv:8: 'Vale' holds as many people as all other places together, at every age"]),
    "no rows": (lambda text: text.splitlines()[0], ["no rows"]),
    "several at once": (lambda text: text.replace("500", "many").replace("75-84,700", "75-85,700").replace("150", "-1"),
                        ["people.csv:3:", "people.csv:6:", "people.csv:7:"]),
}  # fmt: skip


def test_headings_and_ages_are_taken_where_they_can_mean_one_thing_only(here: Path) -> None:
    text = PEOPLE.replace(HEADING, "Place,Age band,PEOPLE,Year,Source").replace("North Vale,65-74", "North Vale,65–74")
    text = text.replace("south_vale,65-74", "south_vale,65 to 74").replace("south_vale,85+", "south_vale,85 and over")
    (here / "people.csv").write_text(text, encoding="utf-8")
    said(*WITH_PEOPLE)
    as_ever = load_plan("plans/northshire.yaml", load_library("../else/evidence")).area.people
    assert as_ever["south_vale", "85+"] == 150
    assert as_ever["north_vale", "65-74"] == 1200


@pytest.mark.parametrize(("change", "words"), [
    (lambda text: "", "the file is empty"),
    (lambda text: text.replace("North Vale,85+", "North Vale,80+"), "there is no age band '80+'"),
    (lambda text: "PK\x03\x04" + text, "this is a workbook, not a table of text. In Excel, save it as 'CSV UTF-8"),
])  # fmt: skip
def test_one_slip_is_told_once(here: Path, change: Callable[[str], str], words: str) -> None:
    (here / "people.csv").write_text(change(PEOPLE), encoding="utf-8")
    done = refused(*WITH_PEOPLE)
    assert words in done.said
    assert done.said.count("people.csv") == 1


@pytest.mark.parametrize("name", BAD)
def test_a_table_of_people_that_cannot_be_meant_is_refused_in_its_own_lines(here: Path, name: str) -> None:
    change, words = BAD[name]
    (here / "people.csv").write_text(change(PEOPLE), encoding="utf-8")
    done = refused(*WITH_PEOPLE)
    assert [part for part in words if part not in done.said] == [], done.said


def test_a_table_in_another_encoding_is_refused_with_what_to_do(here: Path) -> None:
    (here / "people.csv").write_bytes(PEOPLE.replace("North Vale", "North Válè").encode("latin-1"))
    done = refused(*WITH_PEOPLE)
    assert "not in UTF-8" in done.said
    assert "CSV UTF-8" in done.said


def test_the_page_on_plans_shows_the_heading_and_the_commands(here: Path) -> None:
    page = (Path(__file__).parents[2] / "docs/plan.md").read_text(encoding="utf-8")
    assert f"```csv\n{HEADING}\n" in page
    rows = re.search(rf"```csv\n({HEADING}\n.*?)```", page, re.DOTALL)
    assert rows
    (here / "people.csv").write_text(rows[1] + "North Vale,75-84,7,2026,Us all\nNorth Vale,85+,2,2026,Us all\n")
    commands = re.findall(r"^avert (new .*)$", page, re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        assert "in order as it stands" in said(*shlex.split(command))


# Areas by name


def test_an_area_from_the_names_of_its_districts(here: Path) -> None:
    words = said("new", "plans/avonside.yaml", "--area", "avonside", "--districts", "Bristol, City of, Mendip")
    assert "2 places" in words
    opened = load_plan("plans/avonside.yaml", load_library())
    assert [place.label for place in opened.area.places] == ["Bristol, City of", "Mendip"]
    assert [opened.area.people["mendip", age] for age in AGE_BANDS] == [15030, 9004, 3731]
    assert opened.area.places[1].imd_average_decile == 6.05
    assert opened.area.population_year == "2020"
    assert opened.area.cited == ("ons_mye2020",)


def test_an_area_of_a_board_says_which_districts_it_has_in_part(here: Path) -> None:
    said("new", "plans/frimley.yaml", "--area", "frimley", "--board", "NHS Frimley Integrated Care Board")
    places = {one.id: one for one in load_plan("plans/frimley.yaml", load_library()).area.places}
    assert places["guildford"].label == "Guildford (part)"
    assert "NHS Frimley" in (places["guildford"].note or "")
    assert places["slough"].note is None
