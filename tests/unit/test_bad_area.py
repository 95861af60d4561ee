"""Areas whose people, rates or papers can't be right are refused in the table and row that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_bad_input import Case, assert_case_is_refused, assert_refused, breaking, good_world

AREA, PEOPLE, RATES = "area-area.yaml", "population.csv", "rates.csv"
area, people, rates = breaking(AREA), breaking(PEOPLE), breaking(RATES)
NORTH, GROUPS = "north,75-84,500", "  groups: {}"
FRAIL = (
    "{rate_ratio: {value: 2, interval: [1, 3], source: made_up, verification: seen, seen_in: table 1, seen_as: table}}"
)
SHARE = "{value: 0.1, interval: [0, 1], source: maid_up, verification: seen, seen_in: table 1, seen_as: table}"
COUNT = "number of people"

CASES: dict[str, Case] = {
    "unknown key of an area": area("population: ", "popultion: ", "Did you mean 'population'?"),
    "source of growth": area("- 1\n  source: made", "- 1\n  source: maid", "'maid_up'", "Did you mean 'made_up'?"),
    "source of deaths": area("- 1\n    source: made", "- 1\n    source: maid", "Did you mean 'made_up'?"),
    "source of a group": area(
        GROUPS, f"  groups:\n    frailty: {FRAIL.replace('made', 'maid')}", "'made_up'?", moved=1
    ),
    "source of a local share": area(
        "population: ",
        f"prevalence:\n  frailty: {SHARE}\npopulation: ",
        "Did you mean 'made_up'?",
        moved=1,
    ),
    "deaths in percent": area("    value: 0.0\n", "    value: 5\n", "5 is not a share", "0.05"),
    "a group nobody knows": area(GROUPS, f"  groups:\n    frail: {FRAIL}", "Did you mean 'frailty'?", moved=1),
    "a table that is not there": area("population.csv", "popolation.csv", "popolation.csv"),
    "a place twice": area("- id: south", "- id: north", "'north'", "twice"),
    "two places of one name": area("label: south", "label: North", "two places are called 'North'"),
    "another area's id": area("id: area\n", "id: elsewhere\n", "area-area.yaml", "Make the id 'area'"),
    "people in words": people(NORTH, "north,75-84,many", "'people' is 'many'", COUNT),
    "people below nought": people(NORTH, "north,75-84,-5", "'people' is '-5'", "0 or more"),
    "people without end": people(NORTH, "north,75-84,inf", "'people' is 'inf'", COUNT),
    "people past all numbers": people(NORTH, "north,75-84,1e999", "'people' is '1e999'", COUNT),
    "people that are no number": people(NORTH, "north,75-84,nan", "'people' is 'nan'", COUNT),
    "people left empty": people(NORTH, "north,75-84,", "'people'", COUNT),
    "people with a comma": people(NORTH, 'north,75-84,"1,500"', "'1,500'", COUNT),
    "people with a dot for thousands": people(
        NORTH, "north,75-84,6.120", "'6.120'", "Write 6120; if not, write 6.1200"
    ),
    "a place nobody knows": people(NORTH, "nort,75-84,500", "'nort'", "Did you mean 'north'?"),
    "a place in the wrong case": people(NORTH, "North,75-84,500", "'North'", "Did you mean 'north'?"),
    "an age nobody knows": people(NORTH, "north,75-85,500", "'75-85'", "Did you mean '75-84'?"),
    "a row twice": people(NORTH, "north,65-74,500", "second time"),
    "a cell too many": people(NORTH, "north,75-84,500,1", "5 cells"),
    "a cell too few": people(f"{NORTH},2020", NORTH, "5 cells"),
    "a heading misspelt": people("_band,people", "_band,poeple", "'people' is missing", "'poeple'"),
    "source of a row": people(f"{NORTH},2020,made", f"{NORTH},2020,maid", "Did you mean 'made_up'?"),
    "an age without people": people(f"{NORTH},2020,made_up\n", "", "no population for north at 75-84", at="place,"),
    "an event nobody knows": rates("north,fall_", "north,fal_", "Did you mean 'fall_admission'?"),
    "a rate of nought": rates(",1100,", ",0,", "above 0"),
    "a rate without end": rates(",1100,", ",inf,", "'inf'", "rate per 100,000"),
    "a rate twice": rates(
        "2018,made_up\n", "2018,made_up\nnorth,fall_admission,900,1000,2018,made_up\n", "second time"
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_area_that_cannot_be_right_is_refused_at_its_line(tmp_path: Path, case: Case) -> None:
    assert_case_is_refused(tmp_path, case)


def test_every_fault_of_plan_and_area_is_named_at_once(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    lines = [
        ("plan.yaml", world.change("plan.yaml", "£120k a year", "£120k a month")),
        ("plan.yaml", world.change("plan.yaml", "each_place_at_least", "each_place_at_leest")),
        ("plan.yaml", world.change("plan.yaml", "evidence: published", "evidence: Published")),
        ("population.csv", world.change(PEOPLE, NORTH, "north,75-84,many")),
        ("population.csv", world.change(PEOPLE, "south,85+,150", "soth,85+,150")),
        ("rates.csv", world.change(RATES, ",1100,", ",0,")),
    ]
    done = world.run()
    assert_refused(world, done)
    assert [place for place in lines if not done.faults(*place)] == []


def test_faults_of_evidence_and_plan_are_named_together(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    in_plan = world.change("plan.yaml", "evidence: published", "evidense: published")
    in_evidence = world.change("evidence/interventions/classes.yaml", "status: recommended", "statsu: works")
    done = world.run()
    assert_refused(world, done)
    assert done.faults("classes.yaml", in_evidence)
    assert done.faults("plan.yaml", in_plan), done.said


def test_people_counted_after_the_plan_begins_are_questioned(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    world.change(PEOPLE, f"{NORTH},2020", f"{NORTH},2099")
    world.change(RATES, "2018,made_up", "2098/99,made_up")
    done = world.run()
    assert_refused(world, done)
    told = done.faults("plan.yaml", world.line_of("plan.yaml", "years:"))
    assert "begins in '2026/27', and people of its area are counted in 2020, 2099, later" not in told
    assert "begins in '2026/27', and people of its area are counted in 2099, later" in told
    assert "rates of its area are of 2098/99" in told


@pytest.mark.parametrize("name", ["total", "area"])
def test_a_row_of_totals_is_no_place(tmp_path: Path, name: str) -> None:
    world = good_world(tmp_path)
    for age, before, now in (("65-74", 700, 900), ("75-84", 400, 500), ("85+", 150, 200)):
        world.change(PEOPLE, f"south,{age},{before}", f"{name},{age},{now}")
    world.change(AREA, "- id: south", f"- id: {name}")
    done = world.validate()
    assert done.code == 1
    assert f"'{name}' is called like" in done.said
    assert "counted twice" in done.said


def test_a_place_without_people_is_named_in_the_table_that_lacks_it(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    world.change(AREA, "- id: south", "- id: west\n  label: West\n- id: south")
    done = world.run()
    assert_refused(world, done)
    assert "no population for west at 65-74, 75-84, 85+" in done.faults(PEOPLE, 1)
