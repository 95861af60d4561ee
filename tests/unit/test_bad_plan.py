"""Plans and areas that can't be meant are refused at their line, with the nearest right thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_bad_input import Case, assert_case_is_refused, assert_refused, good_world

AREA, PEOPLE, RATES = "area-area.yaml", "population.csv", "rates.csv"


def plan(old: str, new: str, *says: str, moved: int = 0) -> Case:
    """A case in the plan."""
    return Case("plan.yaml", old, new, says, moved)


CASES = {
    # keys
    "unknown key": plan("today: {", "todai: {", "unknown key 'todai'", "Did you mean 'today'?"),
    "a key in the wrong case": plan("years: 2026", "Years: 2026", "unknown key 'Years'", "Did you mean 'years'?"),
    "unknown key inside": plan("each_place_at_least", "every_place_at_least", "Did you mean 'each_place_at_least'?"),
    "a key left out": plan("years: 2026/27 to 2027/28\n", "", "'years' is missing", moved=-2),
    "a choice in the wrong case": plan("money_is: additional", "money_is: Additional", "'Additional'", "Did you mean 'additional'?"),
    "an unknown objective": plan("evidence: published", "objective: admission", "'objective'", "Did you mean 'admissions'?"),
    "an unknown outcome": plan("evidence: published", "objective: {bed_day: 1}", "Did you mean 'bed_days'?"),
    # names
    "service in limits": plan("  classes: 800", "  clases: 800", "'clases'", "Did you mean 'classes'?"),
    "service in the wrong case": plan("  classes: 800", "  Classes: 800", "limits: 'Classes' can't be an id", "as in 'classes'"),
    "service today": plan("today: {classes", "today: {clases", "'clases'", "Did you mean 'classes'?"),
    "service of a fence": plan("    - review", "    - reviews", "'reviews'", "Did you mean 'review'?"),
    "service of a split": plan("  pills:", "  pill:", "'pill'", "Did you mean 'pills'?"),
    "service left out": plan("evidence: published", "leave_out: [pils]", "'pils'", "Did you mean 'pills'?"),
    "services in a list": plan("evidence: published", "interventions:\n  - classes\n  - pils", "'pils'", "Did you mean 'pills'?", moved=2),
    "service to keep": plan("money_is: additional", "money_is: everything\nkeep_services: {clases: 80%}", "'clases'", "Did you mean 'classes'?", moved=1),
    "service growing": plan("evidence: published", "ramp_up: {clases: {first_year: 5, growth: 10%}}", "Did you mean 'classes'?"),
    "pathway": plan("  - main", "  - mein", "'mein'", "main"),
    "partner of a fence": plan("  icb: all", "  icbb: all", "'icbb'", "Did you mean 'icb'?"),
    "partner in the wrong case": plan("  icb: all", "  ICB: all", "may_pay: 'ICB' can't be an id", "as in 'icb'"),
    "partner of a split": plan("    icb: 60%", "    icp: 60%", "'icp'", "Did you mean 'icb'?"),
    "partner carrying over": plan("evidence: published", "carry_over: [counsel]", "'counsel'", "Did you mean 'council'?"),
    "staff role": plan("staff: {instructor", "staff: {instrutor", "'instrutor'", "Did you mean 'instructor'?"),
    "section marked as illustration": plan("evidence: published", "illustrative: [monney]", "'monney'", "Did you mean 'money'?"),
    "place of a minimum": plan("fairness: {", "fairness: {minimum: [{places: [nort], spend: £5k}], ", "'nort'", "Did you mean 'north'?"),
    "more places than there are": plan("fairness: {", "fairness: {minimum: [{most_deprived: 9, spend: £5k}], ", "9", "2 places"),
    "area without file": plan("area: area\n", "area: arean\n", "arean-area.yaml", "population", "Did you mean 'area'?"),
    # years
    "a year that is none": plan("2026/27 to 2027/28", "2026/28", "'2026/28'", "Did you mean 2026/27?"),
    "an end that is none": plan("2026/27 to 2027/28", "2026/27 to 2027/29", "'2027/29'", "Did you mean 2027/28?"),
    "years backwards": plan("2026/27 to 2027/28", "2027/28 to 2026/27", "forwards"),
    "years in words": plan("2026/27 to 2027/28", "next year", "'next year'", "2026/27 to 2030/31"),
    "a year not in the plan": plan("2027/28: £60k", "2028/29: £60k", "'2028/29'", "Did you mean '2027/28'?"),
    "a year without money": plan(", 2027/28: £60k", "", "'icb'", "2027/28", "£0"),
    "prices of a year unknown": plan("evidence: published", "prices: 2031/32", "'2031/32'", "2024/25"),
    # money and numbers
    "a negative budget": plan("£120k a year", "-£120k a year", "council", "negative"),
    "a negative number": plan("£120k a year", "-120000", "council", "negative"),
    "money a month": plan("£120k a year", "£1.2m a month", "a year", "'a month'"),
    "money in dollars": plan("£120k a year", "$120k a year", "'$120k a year'", "£1.2m a year"),
    "money in words": plan("£120k a year", "plenty", "'plenty'", "£1.2m a year"),
    "money past all money": plan("£120k a year", "1e999", "council", "amount"),
    "no money": plan("council: £120k a year", "council:", "council", "£1.2m a year"),
    "commas out of place": plan("£120k a year", "£12,00 a year", "'£12,00 a year'", "£1.2m a year"),
    "places a month": plan("800 places a year", "800 places a month", "a year", "a month"),
    "people in words": plan("100 people a year", "some people", "'some people'", "4,000 places a year"),
    "hours below nought": plan("3,000 hours a year", "-5 hours a year", "negative"),
    "percent without its sign": plan("50% of its head share", "45", "45 is not a share", "0.45", "45%"),
    "more than the whole": plan("50% of its head share", "150%", "share"),
    "realism in percent": plan("evidence: published", "realism: 45", "realism: 45 is not a share", "0.45"),
    "packages too large": plan("evidence: published", "largest_package: 9", "'largest_package' is 9", "4"),
    "half a package": plan("evidence: published", "largest_package: 2.5", "'largest_package'", "whole number"),
    # what does not hang together
    "a split that is not whole": plan("    icb: 60%", "    icb: 50%", "'pills'", "add up to 0.9", "not 1", moved=-2),
    "keep without everything": plan("evidence: published", "keep_services: {classes: 80%}", "money_is: everything"),
    "keep without today": plan(
        "money_is: additional", "money_is: everything\nkeep_services:\n  classes: 80%\n  review: 50%", "'review'", "today", moved=3
    ),
    "a minimum of nothing": plan("fairness: {", "fairness: {minimum: [{places: [north]}], ", "'spend'", "'admissions_averted'"),
    "a minimum of nowhere": plan("fairness: {", "fairness: {minimum: [{spend: £5k}], ", "'places'", "'most_deprived'"),
    "more today than people": plan("100 people a year", "100,000 people a year", "100,000", "eligible for 'classes'"),
    "no pathway at all": plan("pathways:\n  - main", "pathways: []", "'pathways'"),
    # the area
    "unknown key of an area": Case(AREA, "population: ", "popultion: ", ("'popultion'", "Did you mean 'population'?")),
    "source of growth": Case(AREA, "  - 1\n  source: made_up", "  - 1\n  source: maid_up", ("'maid_up'", "Did you mean 'made_up'?")),
    "source of a group": Case(
        AREA, "  groups: {}", "  groups: {frailty: {rate_ratio: {value: 2, interval: [1, 3], source: maid_up, verification: seen}}}",
        ("'maid_up'", "Did you mean 'made_up'?"),
    ),
    "a group nobody knows": Case(
        AREA, "  groups: {}", "  groups:\n    frail: {rate_ratio: {value: 2, interval: [1, 3], source: made_up, verification: seen}}",
        ("'frail'", "Did you mean 'frailty'?"), 1,
    ),
    "a table that is not there": Case(AREA, "population: population.csv", "population: popolation.csv", ("popolation.csv",)),
    "people in words too": Case(PEOPLE, "north,75-84,500", "north,75-84,many", ("'people' is 'many'", "number of people")),
    "people below nought": Case(PEOPLE, "north,75-84,500", "north,75-84,-5", ("'people' is '-5'", "0 or more")),
    "people without end": Case(PEOPLE, "north,75-84,500", "north,75-84,inf", ("'people' is 'inf'", "number of people")),
    "people left empty": Case(PEOPLE, "north,75-84,500", "north,75-84,", ("'people'", "number of people")),
    "a place nobody knows": Case(PEOPLE, "north,75-84,500", "nort,75-84,500", ("'nort'", "Did you mean 'north'?")),
    "an age nobody knows": Case(PEOPLE, "north,75-84,500", "north,75-85,500", ("'75-85'", "Did you mean '75-84'?")),
    "a row twice": Case(PEOPLE, "north,75-84,500", "north,65-74,500", ("second time",)),
    "a cell too many": Case(PEOPLE, "north,75-84,500", "north,75-84,500,1", ("5 cells",)),
    "a heading misspelt": Case(PEOPLE, "place,age_band,people", "place,age_band,poeple", ("'people' is missing", "Did you mean 'poeple'?")),
    "source of a row": Case(PEOPLE, "north,75-84,500,2020,made_up", "north,75-84,500,2020,maid_up", ("Did you mean 'made_up'?",)),
    "an age without people": Case(PEOPLE, "north,75-84,500,2020,made_up\n", "", ("no population for north at 75-84",), at="place,age_band"),
    "an event nobody knows": Case(RATES, "north,fall_admission", "north,fall_admision", ("Did you mean 'fall_admission'?",)),
    "a rate of nought": Case(RATES, ",1100,", ",0,", ("above 0",)),
    "a rate without end": Case(RATES, ",1100,", ",inf,", ("'inf'", "rate per 100,000")),
    "a rate twice": Case(RATES, "2018,made_up\n", "2018,made_up\nnorth,fall_admission,900,1000,2018,made_up\n", ("second time",)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_plan_or_area_that_cannot_be_meant_is_refused_at_its_line(tmp_path: Path, case: Case) -> None:
    assert_case_is_refused(tmp_path, case)


def test_every_fault_of_plan_and_area_is_named_at_once(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    lines = [
        ("plan.yaml", world.change("plan.yaml", "£120k a year", "£120k a month")),
        ("plan.yaml", world.change("plan.yaml", "each_place_at_least", "each_place_at_leest")),
        ("plan.yaml", world.change("plan.yaml", "evidence: published", "evidence: Published")),
        ("population.csv", world.change(PEOPLE, "north,75-84,500", "north,75-84,many")),
        ("population.csv", world.change(PEOPLE, "south,85+,150", "soth,85+,150")),
        ("rates.csv", world.change(RATES, ",1100,", ",0,")),
    ]
    done = world.run()
    assert_refused(world, done)
    assert [place for place in lines if not done.faults(*place)] == []


def test_faults_of_evidence_and_plan_are_named_together(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    in_plan = world.change("plan.yaml", "evidence: published", "evidense: published")
    in_evidence = world.change("evidence/interventions/classes.yaml", "verdict: works", "verdikt: works")
    done = world.run()
    assert_refused(world, done)
    assert done.faults("classes.yaml", in_evidence)
    assert done.faults("plan.yaml", in_plan), done.said


def test_a_place_without_people_is_named_in_the_table_that_lacks_it(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    world.change(AREA, "- id: south", "- id: west\n  label: West\n- id: south")
    done = world.run()
    assert_refused(world, done)
    assert "no population for west at 65-74, 75-84, 85+" in done.faults(PEOPLE, 1)
