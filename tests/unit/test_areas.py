"""Areas that say little: deaths and growth of the library, sources of their own, districts by name."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from pytest import approx
from test_bad_input import AVERT, ended
from test_command_line import said

import avert
from avert.appraisal.in_force import figures_in_force, under
from avert.errors import AvertError, EvidenceError, FaultCollector
from avert.library import Library, districts_called, districts_of, load_library
from avert.library.districts import read_districts
from avert.library.records import AGE_BANDS, PopulationDefaults
from avert.packages import county_of
from avert.plan import assumptions
from avert.results import figures_of
from worlds import edge, effect, event, figure, intervention, open_world, share, state, write_world

ROOT = Path(__file__).parents[2]
GROWTH = {"value": 0.02, "interval": [0, 0.03], "interval_basis": "assumed", "assumption": "made up",
          "verification": "recalled"}  # fmt: skip
DEFAULTS = {
    "id": "population",
    "deaths": {"by_age": share(0.1), "groups": {"frailty": {"rate_ratio": figure(2)}}},
    "population_growth": GROWTH,
}


def world(folder: Path, *, states: bool = False, **defaults: Any) -> Path:
    """A plan whose area leaves deaths and growth to the library, or states the same itself."""
    plan = write_world(
        folder,
        nodes=[state("frailty", 0.2, stratifies=True), event("fall_admission", 1000)],
        edges=[edge("frailty", "fall_admission", 2.0)],
        interventions=[intervention("classes", effect("fall_admission", 0.8))],
        plan={"years": "2026/27 to 2028/29"},
    )
    path = folder / "area-area.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name in ("deaths", "population_growth"):
        del data[name]
        if states:
            data[name] = DEFAULTS[name]
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    if not states:
        text = yaml.safe_dump(DEFAULTS | defaults, sort_keys=False)
        (folder / "evidence/population.yaml").write_text(text, encoding="utf-8")
    return plan


def test_what_an_area_leaves_out_is_the_librarys(tmp_path: Path) -> None:
    left, stated = (open_world(world(tmp_path / name, states=name == "stated")) for name in ("left", "stated"))
    one, other = avert.optimise(left), avert.optimise(stated)
    assert one.admissions_averted == other.admissions_averted
    assert left.population_growth.value == 0.02
    assert left.deaths.by_age["all ages"].value == 0.1


def test_what_is_taken_from_the_library_is_named_as_an_assumption(tmp_path: Path) -> None:
    found = {one.what: one for one in assumptions(open_world(world(tmp_path / "left")))}
    growth = found["population / population_growth"]
    assert growth.where.startswith("evidence/population.yaml:")
    assert (growth.value, growth.why) == ("0.02 (0 to 0.03)", "made up")
    own = [one.what for one in assumptions(open_world(world(tmp_path / "stated", states=True)))]
    assert [one for one in own if "population_growth" in one] == ["area / population_growth"]


def test_figures_of_the_library_are_walked_once_and_move_the_sum(tmp_path: Path) -> None:
    county = county_of(open_world(world(tmp_path / "left")))
    found = [one for one in figures_in_force(county, assumptions_only=False) if one.record == "population"]
    assert [one.placed.field for one in found] == ["by_age", "rate_ratio", "population_growth"]
    assert {one.file for one in found} == {"evidence/population.yaml"}
    moved = under(county.plan, found[2], 0.01)
    assert (moved.population_growth.value, county.plan.population_growth.value) == (0.01, 0.02)
    stated = county_of(open_world(world(tmp_path / "stated", states=True)))
    own = [one for one in figures_in_force(stated, assumptions_only=False) if one.record in ("population", "area")]
    assert [one.record for one in own] == ["area"] * 3


def test_a_library_without_such_a_file_says_what_the_area_lacks(tmp_path: Path) -> None:
    plan = world(tmp_path)
    (tmp_path / "evidence/population.yaml").unlink()
    done = ended([*AVERT, "validate", str(plan), "--evidence", str(tmp_path / "evidence")])
    assert done.code == 1
    for name in ("deaths", "population_growth"):
        assert f"area-area.yaml:1: '{name}' is missing" in done.said
    assert "population.yaml" in done.said


@pytest.mark.parametrize(("change", "words"), [
    ({"deaths": {"by_age": share(0.1), "groups": {"frail": {"rate_ratio": figure(2)}}}}, "Did you mean 'frailty'?"),
    ({"id": "classes"}, "already used by another record"),
    ({"population_growth": GROWTH | {"value": 0.02, "interval": [0.02, 0.02]}}, "too narrow for an assumption"),
    ({"population_growth": {**figure(0.02), "source": "maid_up"}}, "Did you mean 'made_up'?"),
    ({"death": 1}, "unknown key 'death'"),
    ({"population_growth": {**figure(0.02), "seen_as": None}}, "seen_as"),
])  # fmt: skip
def test_the_file_is_checked_like_all_evidence(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    world(tmp_path, **change)
    done = ended([*AVERT, "evidence", "check", "--evidence", str(tmp_path / "evidence")])
    assert done.code == 1
    assert "evidence/population.yaml:" in done.said
    assert words in done.said


def test_the_file_is_hashed_and_its_figures_exported() -> None:
    library = load_library()
    assert {"evidence/population.yaml", "evidence/districts.csv"} <= library.hashes.keys()
    assert isinstance(library.population, PopulationDefaults)
    table = figures_of(library)
    rows = table[table["file"] == "evidence/population.yaml"]
    assert set(rows["quantity"]) == {"by_age", "rate_ratio", "population_growth"}
    assert (rows["unit"] != "").all()


# Sources of an area's own


def with_source(folder: Path, sources: dict[str, str]) -> Path:
    """A plan whose area names its own source for its people."""
    plan = world(folder)
    path = folder / "area-area.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8")) | {"sources": sources}
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    people = folder / "population.csv"
    people.write_text(people.read_text(encoding="utf-8").replace("made_up", "our_registers"), encoding="utf-8")
    return plan


def test_a_source_of_the_areas_own_is_known_and_shown(tmp_path: Path) -> None:
    plan = with_source(tmp_path, {"our_registers": "GP registers of Northshire, March 2026"})
    opened = open_world(plan)
    assert opened.area.cited == ("our_registers",)
    said("run", str(plan), "--evidence", str(tmp_path / "evidence"), "--out", str(tmp_path / "run"))
    sheet = openpyxl.load_workbook(tmp_path / "run/workbook.xlsx", read_only=True)["sources"]
    rows = {row[0]: row[1] for row in sheet.iter_rows(values_only=True)}
    assert rows["our_registers"] == "GP registers of Northshire, March 2026."


@pytest.mark.parametrize(("sources", "words"), [
    ({"our_register": "GP registers"}, "population.csv:2: the source 'our_registers' is not in the bibliography. "
     "Did you mean 'our_register'?"),
    ({"our_registers": "GP registers", "made_up": "Mine"}, "already the name of a source in the bibliography"),
    ({"Our registers": "GP registers"}, "'Our registers' can't be an id"),
    ({"our_registers": ""}, "'our_registers'"),
])  # fmt: skip
def test_sources_that_cannot_be_are_refused(tmp_path: Path, sources: dict[str, str], words: str) -> None:
    plan = with_source(tmp_path, sources)
    done = ended([*AVERT, "validate", str(plan), "--evidence", str(tmp_path / "evidence")])
    assert done.code == 1
    assert words in done.said


# Districts


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def test_districts_add_up_to_england(library: Library) -> None:
    sums = [sum(one.people[age] for one in library.districts) for age in AGE_BANDS]
    assert sums == [5_598_428, 3_459_181, 1_406_410]
    assert sum(one.neighbourhoods for one in library.districts) == 32_844


@pytest.mark.parametrize("area", ["somerset", "worcestershire", "wiltshire"])
def test_districts_are_those_of_the_areas_beside_the_plans(library: Library, area: str) -> None:
    places = yaml.safe_load((ROOT / f"plans/{area}-area.yaml").read_text(encoding="utf-8"))["places"]
    names = {place["id"]: place["label"].removesuffix(" (former district)") for place in places}
    found = districts_called(", ".join(names.values()), library.districts)
    with (ROOT / f"plans/{area}-population.csv").open(encoding="utf-8") as file:
        rows = {(row["place"], row["age_band"]): float(row["people"]) for row in csv.DictReader(file)}
    for place, one in zip(places, found, strict=True):
        assert one.imd_average_decile == approx(place["imd_average_decile"], abs=0.0051)
        assert {age: rows[place["id"], age] for age in AGE_BANDS} == one.people


def test_names_may_hold_commas_and_are_whole_districts(library: Library) -> None:
    found = districts_called("bristol, city of,  South Gloucestershire,Craven", library.districts)
    assert [one.name for one in found] == ["Bristol, City of", "South Gloucestershire", "Craven"]
    assert found[2].people["65-74"] == 923 + 7436  # it lies in two boards


def test_names_may_be_parted_by_semicolons_and_counties_are_no_districts(library: Library) -> None:
    assert len(districts_called("Ashford; Bristol, City of", library.districts)) == 2
    with pytest.raises(AvertError, match="--board 'NHS Kent and Medway Integrated Care Board'"):
        districts_called("Kent", library.districts)


def test_names_that_are_none_are_all_told_at_once(library: Library) -> None:
    with pytest.raises(AvertError) as fault:
        districts_called("Exetter, East Devon, Mendips, East Devon, Bristol", library.districts)
    for words in ("'Exetter'. Did you mean 'Exeter'?", "Did you mean 'Mendip'?", "'East Devon' is named twice",
                  "Did you mean 'Bristol, City of'?"):  # fmt: skip
        assert words in str(fault.value)


def test_a_board_is_its_districts_as_far_as_they_lie_in_it(library: Library) -> None:
    whole, none = districts_of("NHS Somerset Integrated Care Board", library.districts)
    assert (len(whole), none) == (5, frozenset())
    frimley, parts = districts_of("frimley", library.districts)
    assert {one.name for one in frimley if one.code in parts} == {
        "Guildford", "Hart", "Runnymede", "Surrey Heath", "Waverley"}  # fmt: skip
    assert next(one for one in frimley if one.name == "Guildford").people["85+"] == 433
    with pytest.raises(AvertError, match="Did you mean 'Somerset'"):
        districts_of("NHS Somerest Integrated Care Board", library.districts)


@pytest.mark.parametrize(("old", "new", "words"), [
    ("Mendip,E07000188", "Mendip,E07000187", "a second time"),
    ("neighbourhoods", "neighborhoods", "Did you mean 'neighborhoods'?"),
    (",66,399,", ",66,3990,", "between 1 and 10"),
    (",66,399,", ",0,399,", "1 or more"),
    (",15030,", ',"15,030",', "Did you mean 15030?"),
    ("imd2019\nM", "imd2018\nM", "Did you mean 'imd2019'?"),
])  # fmt: skip
def test_a_table_of_districts_that_is_wrong_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = (
        "district,district_code,integrated_care_board,age_65_74,age_75_84,age_85_plus,neighbourhoods,imd_decile_sum,"
        "year,source,deprivation_source\n"
        "Mendip,E07000187,NHS Somerset,15030,9004,3731,66,399,2020,ons_mye2020,imd2019\n"
        "Mendip,E07000188,NHS Somerset,1,1,1,1,1,2020,ons_mye2020,imd2019\n"
    )
    assert text.count(old) == 1
    path = tmp_path / "districts.csv"
    path.write_text(text.replace(old, new), encoding="utf-8")
    faults = FaultCollector(EvidenceError)
    read_districts(path, load_library().sources, faults, "evidence/districts.csv")
    assert any(words in str(fault) for fault in faults.faults), faults.faults
