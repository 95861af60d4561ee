"""Every plan that comes with avert is in order, and counts the people its source counts."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from avert.library import Library, load_library
from avert.plan import load_plan

PLANS = Path(__file__).parents[2] / "plans"
ALL = sorted(path for path in PLANS.glob("*.yaml") if not path.stem.endswith("-area"))
AGES = ("65-74", "75-84", "85+")
PEOPLE = {
    ("somerset", "mendip"): (15_030, 9_004, 3_731, 27_765),
    ("somerset", "west_somerset"): (6_426, 4_104, 1_753, 12_283),
    ("worcestershire", "redditch"): (9_436, 4_885, 1_685, 16_006),
    ("worcestershire", "wychavon"): (17_736, 11_017, 4_489, 33_242),
    ("wiltshire", "wiltshire"): (58_367, 36_816, 15_175, 110_358),
    ("somerset", ""): (75_468, 46_819, 19_682, 141_969),
    ("somerset-neighbourhoods", ""): (75_468, 46_819, 19_682, 141_969),
    ("somerset-neighbourhoods", "e01029018"): (337, 164, 106, 607),
    ("somerset-neighbourhood-groups", ""): (75_468, 46_819, 19_682, 141_969),
    ("somerset-neighbourhood-groups", "mendip_most_deprived"): (377, 174, 134, 685),
    ("worcestershire", ""): (73_278, 45_897, 18_264, 137_439),
}
"""(County, place or all) → people by age and at 65 and over, copied by hand from ONS's mid-2020 estimates."""


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_the_plan_is_in_order(path: Path, library: Library) -> None:
    """It loads, has something to choose from, and knows the fall rate of each of its places."""
    plan = load_plan(path, library)
    assert plan.candidates
    assert {place for place, _ in plan.area.rates} == {place.id for place in plan.area.places}


@pytest.mark.parametrize(("county", "place"), PEOPLE, ids=lambda name: name or "all")
def test_people_are_those_of_the_source(county: str, place: str) -> None:
    with (PLANS / f"{county}-population.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if place in ("", row["place"])]
    assert {(row["year"], row["source"]) for row in rows} == {("2020", "ons_mye2020")}
    people: Counter[str] = Counter()
    for row in rows:
        people[row["age_band"]] += int(row["people"])
    assert (*(people[age] for age in AGES), people.total()) == PEOPLE[county, place]
