"""Plans that can't be meant are refused at their line, with the nearest right thing."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_bad_input import AVERT, Case, assert_case_is_refused, assert_refused, breaking, ended, good_world

plan = breaking("plan.yaml")
EVIDENCE, FAIRNESS = "evidence: published", "fairness: {"
MONEY = "£120k a year"
EVERYTHING = "money_is: everything\nkeep_services:"

CASES: dict[str, Case] = {
    # keys
    "unknown key": plan("today: {", "todai: {", "unknown key 'todai'", "Did you mean 'today'?"),
    "a key in the wrong case": plan("years: 2026", "Years: 2026", "unknown key 'Years'", "Did you mean 'years'?"),
    "unknown key inside": plan("each_place_at_least", "every_place_at_least", "Did you mean 'each_place_at_least'?"),
    "a key left out": plan("years: 2026/27 to 2027/28\n", "", "'years' is missing", moved=-2),
    "a choice in the wrong case": plan(
        "money_is: additional", "money_is: Additional", "'Additional'", "Did you mean 'additional'?"
    ),
    "an unknown objective": plan(EVIDENCE, "objective: admission", "'objective'", "Did you mean 'admissions'?"),
    "an unknown outcome": plan(EVIDENCE, "objective: {bed_day: 1}", "Did you mean 'bed_days'?"),
    # names
    "service in limits": plan("  classes: 800", "  clases: 800", "'clases'", "Did you mean 'classes'?"),
    "service in the wrong case": plan(
        "  classes: 800", "  Classes: 800", "limits: 'Classes' can't be an id", "as in 'classes'"
    ),
    "service today": plan("today: {classes", "today: {clases", "'clases'", "Did you mean 'classes'?"),
    "service of a fence": plan("    - review", "    - reviews", "'reviews'", "Did you mean 'review'?"),
    "service of a split": plan("  pills:", "  pill:", "'pill'", "Did you mean 'pills'?"),
    "service left out": plan(EVIDENCE, "leave_out: [pils]", "'pils'", "Did you mean 'pills'?"),
    "services in a list": plan(
        EVIDENCE, "interventions:\n  - classes\n  - pils", "'pils'", "Did you mean 'pills'?", moved=2
    ),
    "service to keep": plan(
        "money_is: additional",
        f"{EVERYTHING} {{clases: 80%}}",
        "'clases'",
        "Did you mean 'classes'?",
        moved=1,
    ),
    "service growing": plan(EVIDENCE, "ramp_up: {clases: {first_year: 5, growth: 10%}}", "Did you mean 'classes'?"),
    "pathway": plan("  - main", "  - mein", "'mein'", "main"),
    "partner of a fence": plan("  icb: all", "  icbb: all", "'icbb'", "Did you mean 'icb'?"),
    "partner in the wrong case": plan("  icb: all", "  ICB: all", "may_pay: 'ICB' can't be an id", "as in 'icb'"),
    "partner of a split": plan("    icb: 60%", "    icp: 60%", "'icp'", "Did you mean 'icb'?"),
    "partner carrying over": plan(EVIDENCE, "carry_over: [counsel]", "'counsel'", "Did you mean 'council'?"),
    "staff role": plan("staff: {instructor", "staff: {instrutor", "'instrutor'", "Did you mean 'instructor'?"),
    "a role cut short": plan("staff: {instructor", "staff: {instr", "Did you mean 'instructor'?"),
    "a service of another name": plan(
        "  classes: 800", '  "Class & balance": 800', "there is no 'class_balance'. Did you mean 'classes'?"
    ),
    "a pathway in capitals": plan("  - main", "  - UTI", "there is no 'uti'", "main"),
    "a place of another name": plan(
        FAIRNESS, "fairness: {minimum: [{places: [NORTH END], spend: £5k}], ", "Did you mean 'north'?"
    ),
    "section marked as illustration": plan(EVIDENCE, "illustrative: [monney]", "'monney'", "Did you mean 'money'?"),
    "place of a minimum": plan(
        FAIRNESS, "fairness: {minimum: [{places: [nort], spend: £5k}], ", "'nort'", "Did you mean 'north'?"
    ),
    "more places than there are": plan(
        FAIRNESS, "fairness: {minimum: [{most_deprived: 9, spend: £5k}], ", "9", "2 places"
    ),
    "area without file": plan("area: area\n", "area: arean\n", "arean-area.yaml", "population", "Did you mean 'area'?"),
    # years
    "a year that is none": plan("2026/27 to 2027/28", "2026/28", "'2026/28'", "Did you mean 2026/27?"),
    "an end that is none": plan("2026/27 to 2027/28", "2026/27 to 2027/29", "'2027/29'", "Did you mean 2027/28?"),
    "years backwards": plan("2026/27 to 2027/28", "2027/28 to 2026/27", "forwards"),
    "years in words": plan("2026/27 to 2027/28", "next year", "'next year'", "2026/27 to 2030/31"),
    "a year not in the plan": plan("2027/28: £60k", "2028/29: £60k", "'2028/29'", "Did you mean '2027/28'?"),
    "a year without money": plan(", 2027/28: £60k", "", "'icb'", "2027/28", "£0"),
    "prices of a year unknown": plan(EVIDENCE, "prices: 2031/32", "'2031/32'; it runs from 2023/24 to 2024/25"),
    "prices of a year in other words": plan(EVIDENCE, "prices: 2024-25", "Did you mean '2024/25'?"),
    # money and numbers
    "a negative budget": plan(MONEY, "-£120k a year", "council", "negative"),
    "a negative number": plan(MONEY, "-120000", "council", "negative"),
    "money a month": plan(MONEY, "£1.2m a month", "a year", "'a month'"),
    "money in dollars": plan(MONEY, "$120k a year", "'$120k a year'", "£1.2m a year"),
    "money in words": plan(MONEY, "plenty", "'plenty'", "£1.2m a year"),
    "money past all money": plan(MONEY, "1e999", "number"),
    "no money": plan("council: £120k a year", "council:", "council", "£1.2m a year"),
    "commas out of place": plan(MONEY, "£12,00 a year", "'£12,00 a year'", "'£12,000 a year'"),
    "places a month": plan("800 places a year", "800 places a month", "a year", "a month"),
    "people in words": plan("100 people a year", "some people", "'some people'", "4,000 places a year"),
    "hours below nought": plan("3,000 hours a year", "-5 hours a year", "negative"),
    "percent without its sign": plan("50% of its head share", "45", "45 is not a share", "0.45", "45%"),
    "more than the whole": plan("50% of its head share", "150%", "share"),
    "realism in percent": plan(EVIDENCE, "realism: 45", "realism: 45 is not a share", "0.45"),
    "packages too large": plan(EVIDENCE, "largest_package: 9", "'largest_package' is 9", "4"),
    "half a package": plan(EVIDENCE, "largest_package: 2.5", "'largest_package'", "whole number"),
    # what does not hang together
    "a split that is not whole": plan("    icb: 60%", "    icb: 50%", "'pills'", "add up to 0.9", "not 1", moved=-2),
    "keep without everything": plan(EVIDENCE, "keep_services: {classes: 80%}", "money_is: everything"),
    "keep without today": plan(
        "money_is: additional", f"{EVERYTHING}\n  classes: 80%\n  review: 50%", "'review'", "today", moved=3
    ),
    "a minimum of nothing": plan(
        FAIRNESS, "fairness: {minimum: [{places: [north]}], ", "'spend'", "'admissions_averted'"
    ),
    "a minimum by place": plan(
        FAIRNESS, "fairness: {minimum: {north: 30%}, ", "[{places: [north], spend: £80k a year}]"
    ),
    "minima by place": plan(
        FAIRNESS, "fairness: {minimum: [{north: 30%}], ", "[{places: [north], spend: £80k a year}]"
    ),
    "a minimum that is no list": plan(
        FAIRNESS, "fairness: {minimum: {most_deprived: 1, spend: £5k}, ", "[{most_deprived: 1, spend: £80k a year}]"
    ),
    "a share of nothing said": plan(
        FAIRNESS, "fairness: {minimum: [{most_deprived: 30%, spend: £5k}], ", "Did you mean '30% of people'?"
    ),
    "a minimum of nowhere": plan(FAIRNESS, "fairness: {minimum: [{spend: £5k}], ", "'places'", "'most_deprived'"),
    "more today than people": plan("100 people a year", "100,000 people a year", "100,000", "eligible for 'classes'"),
    "a service twice": plan("    - review", "    - classes", "'classes' stands twice", "Take it out"),
    "listed and left out": plan(
        EVIDENCE,
        "interventions: [classes, pills]\nleave_out: pills",
        "'pills' stands here and under 'leave_out'",
        "Take",
    ),
    "an empty list of services": plan(EVIDENCE, "interventions: []", "no service is listed", "Leave the line out"),
    "all in brackets": plan(EVIDENCE, "interventions: [all]", "Write 'interventions: all', without brackets"),
    "nothing after a colon": plan("label: A plan", "label:", "nothing stands after 'label:'", "Leave the line out"),
    "a comment that swallows the value": plan("label: A plan", "label: #1 plan", "nothing stands after 'label:'"),
    "services before partners": plan(
        "  icb: all", "  pills: [icb]", "no partner", "'pills'", "Under 'may_pay' the partner comes first"
    ),
    "an area by its file": plan("area: area\n", "area: area-area.yaml\n", "'area-area.yaml'", "Did you mean 'area'?"),
    # the wrong shape
    "a list for keys": plan(
        "  council: £120k a year\n  icb: {2026/27: £50k, 2027/28: £60k}",
        "  - council: £120k\n  - icb: £9k",
        "'money' should be a list of `key: value` lines",
        "Leave out the '-'",
        moved=-1,
    ),
    "one amount for all partners": plan(
        "money:\n  council: £120k a year\n  icb: {2026/27: £50k, 2027/28: £60k}",
        "money: £2m a year",
        "'£2m a year'",
        "as in {name: £2m a year}",
    ),
    "a word for a record": plan(
        "fairness: {each_place_at_least: 50% of its head share}",
        "fairness: same_everywhere",
        "'same_everywhere'",
        "Its keys are each_place_at_least",
    ),
    "a word for a list": plan("pathways:\n  - main", "pathways: main", "should be a list, as in [main]"),
    "a word for a list or all": plan(EVIDENCE, "interventions: pills", "as in [pills], or 'all', not 'pills'"),
    "keys for a list": plan(
        EVIDENCE, "actions: {what: Agree, who: Us, by: 2026-09-30}", "'actions' should be a list", "Put '- '"
    ),
    "a list for a word": plan("area: area\n", "area: [area, other]\n", "'area' should be one, not a list"),
    "a section left empty": plan(
        "limits:\n  classes: 800 places a year", "limits:", "'limits'", "not nothing", "Leave the line out"
    ),
    "words with a colon": plan(
        EVIDENCE, "notes: [Agreed: in draft]", "'notes'", "quotes round words that hold a colon"
    ),
    "a part missing": plan(EVIDENCE, "ramp_up: {classes: {first_year: 5}}", "'growth' is missing in 'classes'"),
    # what people write
    "another word for a key": plan("money:", "budget:", "unknown key 'budget'", "Did you mean 'money'?"),
    "a key like no other": plan(EVIDENCE, "xyzzy: 1", "unknown key 'xyzzy'", "Choose from: actions, area"),
    "a year for prices": plan(EVIDENCE, "prices: 2024", "'prices'", "Did you mean '2024/25'?"),
    "thousands in a target": plan(EVIDENCE, "target: {admissions: '1,000'}", "'1,000'", "Did you mean 1000?"),
    "percent for a weight": plan(FAIRNESS, "fairness: {equity_weights: {north: 120%}, ", "Did you mean 1.2?"),
    "a day as in Excel": plan(
        EVIDENCE, "actions: [{what: Agree, who: Us, by: 30/09/2026}]", "'30/09/2026'", "2026-09-30"
    ),
    "curly quotes": plan("    - review", "    - “review”", "can't be an id", "'review'"),
    "unlimited": plan("800 places a year", "unlimited", "'unlimited'", "4,000 places a year"),
    "a year twice": plan("2027/28: £60k}", "2026/27: £60k}", "'2026/27'", "a second time", "line 6"),
    "an empty record twice removed": plan(
        FAIRNESS, "fairness: {minimum: [{places: [north], spend: £5k, spent: 1}], ", "'spent'", "Did you mean 'spend'?"
    ),
    "a weight of nought": plan(FAIRNESS, "fairness: {equity_weights: {north: 0}, ", "'north' is 0", "above 0"),
    "no pathway at all": plan("pathways:\n  - main", "pathways: []", "'pathways'"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_plan_that_cannot_be_meant_is_refused_at_its_line(tmp_path: Path, case: Case) -> None:
    assert_case_is_refused(tmp_path, case)


def test_at_least_forty_kinds_of_bad_plans_are_tried() -> None:
    """Each in CASES by its name: at its line, with its cause and the nearest right thing, nothing written."""
    assert len(CASES) >= 40
    assert len({(case.old, case.new) for case in CASES.values()}) == len(CASES)


def test_a_label_is_answered_with_its_id(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    world.change("evidence/interventions/classes.yaml", "label: classes", "label: Strength classes (FaME)")
    line = world.change("plan.yaml", "    - review", "    - Strength classes (FaME)")
    other = world.change("plan.yaml", "  classes: 800", "  strength_classes_fame: 800")
    done = world.run()
    assert_refused(world, done)
    assert "Did you mean 'classes' (Strength classes (FaME))?" in done.faults("plan.yaml", line)
    assert "Did you mean 'classes'?" in done.faults("plan.yaml", other)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("plan.yml", "Did you mean 'plan.yaml'?"),
        ("", "this is a folder"),
        ("nofile.yaml", "there is no such file. The plans here: plan.yaml."),
        ("area-area.yaml", "this is an area's file, not a plan"),
    ],
)
def test_a_plan_that_is_not_there_is_answered_with_the_nearest(tmp_path: Path, name: str, says: str) -> None:
    world = good_world(tmp_path)
    done = ended([*AVERT, "validate", str(world.folder / name), "--evidence", str(world.folder / "evidence")])
    assert_refused(world, done)
    assert says in done.said
    assert "plan.yaml" in done.said


def test_deprivation_nobody_knows_is_told_once(tmp_path: Path) -> None:
    world = good_world(tmp_path)
    area = world.folder / "area-area.yaml"
    lines = area.read_text(encoding="utf-8").splitlines(keepends=True)
    area.write_text("".join(line for line in lines if "imd_average_decile" not in line), encoding="utf-8")
    line = world.change("plan.yaml", FAIRNESS, "fairness: {minimum: [{most_deprived: 1, spend: £5k}], ")
    done = world.validate()
    assert_refused(world, done)
    told = "no place has a deprivation decile; add 'imd_average_decile' to each place in the area's file."
    assert [told in one for one in done.said.strip().splitlines()] == [True]
    assert told in done.faults("plan.yaml", line)
