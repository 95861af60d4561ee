"""Who carries the burden: a made-up county whose tables can be summed by hand."""

from __future__ import annotations

from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from pytest import approx

import avert
from avert.cli import main
from avert.population.concentration import carried_by_top, carried_in_a_year
from avert.results import BURDEN, COLUMNS
from linked import write_records
from worlds import edge, effect, event, intervention, open_world, state, write_world

AGES = ("65-74", "75-84", "85+")
CLASSES = [intervention("classes", effect("fall", 0.8))]
PEOPLE = {"north": {"65-74": 1000, "75-84": 0, "85+": 400}, "south": {"65-74": 600, "75-84": 0, "85+": 0}}


def county(folder: Path, **area: Any) -> Path:
    """Frail people are admitted four times as often as others of their age; a fifth are frail, half live alone.

    65-74: 1,000 per 100,000 on average, so 625 and 2,500 (0.8 · 625 + 0.2 · 2,500 = 1,000); at 85+ four times
    that.  An admission is £3,000 and five days.
    """
    rates = {"65-74": 1000, "75-84": 1000, "85+": 4000}
    plan = write_world(
        folder,
        nodes=[state("frail", 0.2, stratifies=True), state("alone", 0.5, stratifies=True), event("fall", rates)],
        edges=[edge("frail", "fall", 4.0), edge("alone", "fall", 1.0)],
        interventions=CLASSES,
        people=PEOPLE,
    )
    path = folder / "area-area.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text("utf-8")) | area, sort_keys=False), "utf-8")
    return plan


@pytest.fixture
def tables(tmp_path: Path) -> dict[str, pd.DataFrame]:
    return avert.burden(open_world(county(tmp_path)))


def test_the_tables_have_the_columns_they_declare(tables: dict[str, pd.DataFrame]) -> None:
    assert tuple(tables) == BURDEN
    assert all(list(table.columns) == list(COLUMNS[name]) for name, table in tables.items())


def test_those_at_the_top_are_the_frail_of_85_and_over_first(tables: dict[str, pd.DataFrame]) -> None:
    """2,000 people, 1,600 · 0.01 + 400 · 0.04 = 32 admissions.

    First 80 frail people of 85+ (0.1 each, 8 in all), then 320 others of 85+ and 320 frail of 65-74 (0.025 each, 8
    and 8), then 1,280 others (0.00625 each, 8).  So the top 4 % have 8/32, the top 20 % 8 + 320 · 0.025 = 16.
    """
    table = tables["concentration"]
    table = table[table["ordered_by"] == "admissions"].set_index("share_of_people")
    assert table.loc[0.02, "share_of_admissions"] == approx(0.125)
    assert table.loc[0.02, "people"] == approx(40)
    assert table.loc[0.05, "share_of_admissions"] == approx((8 + 20 * 0.025) / 32, abs=1e-6)
    assert table.loc[0.2, "share_of_admissions"] == approx(0.5)
    assert table.loc[0.5, "share_of_admissions"] == approx((24 + 280 * 0.00625) / 32, abs=1e-6)
    assert table.loc[1.0, "share_of_hospital_cost"] == approx(1)
    # corners (0, 0), (0.04, 0.25), (0.36, 0.75), (1, 1): area 0.005 + 0.16 + 0.56 = 0.725
    assert table["concentration_index"].iloc[0] == approx(2 * 0.725 - 1)
    assert table["observed_share_of_cost"].isna().all()


def test_in_a_year_chance_alone_makes_it_far_more_uneven() -> None:
    """1,000 people at 0.1 a year: 90.48 % have none, 9.05 % one, and 0.47 % two or more, 0.0095 of the 0.1 among them.

    The top 2 % are those and 1.53 % with one: (0.009516 + 0.015321) / 0.1.
    """
    people, each = np.array([1000.0]), np.array([0.1])
    two_or_more = 1 - exp(-0.1) * 1.1
    top = (0.1 - 0.1 * exp(-0.1) + (0.02 - two_or_more)) / 0.1
    assert top == approx(0.24837, abs=1e-5)
    assert carried_in_a_year(people, each, [0.02, 1.0]) == approx([top, 1.0])
    assert carried_by_top(people, each, people * each, [0.02]) == approx([0.02])


def test_the_curve_goes_through_its_corners(tables: dict[str, pd.DataFrame]) -> None:
    curve = tables["concentration_curve"]
    curve = curve[curve["ordered_by"] == "hospital_cost"].set_index("share_of_people")
    assert list(curve.loc[[0.0, 0.04, 0.36, 1.0], "share_of_hospital_cost"]) == approx([0, 0.25, 0.75, 1])


def test_by_number_of_conditions(tables: dict[str, pd.DataFrame]) -> None:
    """Frail and alone are unrelated: 800 with neither, 1,000 with one, 200 with both, at each age alike.

    Of 32 admissions the frail have half.  With neither 0.5 · 16 = 8; with one 8 (alone) + 8 (frail); with both 8.
    """
    table = tables["burden_by_conditions"].set_index(["conditions", "age_band"])
    whole = table.loc[(slice(None), "all"), :].droplevel("age_band")
    assert list(whole["people"]) == approx([800, 1000, 200, 2000])
    assert list(whole["admissions_per_1000"]) == approx([10, 16, 40, 16])
    assert list(whole["bed_days_per_1000"]) == approx([50, 80, 200, 80])
    assert list(whole["hospital_cost_per_person"]) == approx([30, 48, 120, 48])
    assert list(whole["ratio_to_one_condition"]) == approx([0.625, 1, 2.5, 1], abs=1e-6)
    assert list(whole["share_of_admissions"]) == approx([0.25, 0.5, 0.25, 1])
    assert table.loc[("all", "85+"), "admissions_per_1000"] == approx(40)
    assert table.loc[("2", "85+"), "admissions_per_1000"] == approx(100)
    assert pd.isna(table.loc[("2", "75-84"), "admissions_per_1000"])


def test_what_explains_the_differences(tables: dict[str, pd.DataFrame]) -> None:
    """Mean 0.016.  All: 80·0.084² + 640·0.009² + 1,280·0.00975² = 0.73800.  Age: 1,600·0.006² + 400·0.024² = 0.288.

    Conditions: 800·0.006² + 1,000·0 + 200·0.024² = 0.144.
    """
    table = tables["burden_explained"].set_index("grouped_by")["explains_of_admissions"]
    whole = 80 * 0.084**2 + 640 * 0.009**2 + 1280 * 0.00975**2
    assert table["age_band"] == approx(0.288 / whole, abs=1e-6)
    assert table["conditions"] == approx(0.144 / whole, abs=1e-6)
    # north has 26 of 32 on 1,400 people, south 6 on 600
    between = 26**2 / 1400 + 6**2 / 600 - 32**2 / 2000
    assert table["place"] == approx(between / whole, abs=1e-6)


def test_by_place(tmp_path: Path) -> None:
    """With a local rate a fifth above England's in the south: 26 and 6 · 1.2 = 7.2 admissions.

    At 65-74 the county then has 10 + 7.2 on 1,600 people, so the south's ages and groups alone make 600 · 17.2/1,600.
    """
    plan = write_world(
        tmp_path,
        nodes=[
            state("frail", 0.2, stratifies=True),
            event("fall", {"65-74": 1000, "75-84": 1000, "85+": 4000}),
        ],
        edges=[edge("frail", "fall", 4.0)],
        interventions=CLASSES,
        people=PEOPLE,
        local_rates=[("south", "fall", 1200, 1000)],
    )
    table = avert.burden(open_world(plan))["burden_by_place"].set_index("place")
    assert list(table["admissions"]) == approx([26, 7.2])
    assert table.loc["south", "ratio"] == approx(7.2 / (600 * 17.2 / 1600), abs=1e-6)
    assert (table["admissions"].sum(), table["expected_from_age_and_conditions"].sum()) == approx((33.2, 33.2))
    # the 2 % (40 people) are among the 80 frail of 85 and over, who all live in the north
    assert list(table["high_risk_people"]) == approx([40, 0])
    assert table["share_of_people"].sum() == approx(1)


def test_pairs_say_what_is_known_of_them(tmp_path: Path) -> None:
    """Half of 85+ and a tenth of the others are frail; twice as many at 85+ live alone: age alone makes a pair."""
    nodes = [
        state("frail", {"65-74": 0.1, "75-84": 0.1, "85+": 0.5}, stratifies=True),
        state("alone", {"65-74": 0.2, "75-84": 0.2, "85+": 0.4}, stratifies=True),
        event("fall"),
    ]
    edges = [edge("frail", "fall", 2.0), edge("alone", "fall", 1.0)]
    people = {"here": {"65-74": 1000, "75-84": 0, "85+": 1000}}
    found = []
    for name, odds in (("a", []), ("b", [("alone", "frail", 3.0)])):
        plan = write_world(
            tmp_path / name, nodes=nodes, edges=edges, interventions=CLASSES, people=people, odds_ratios=odds
        )
        found.append(avert.burden(open_world(plan))["burden_pairs"].iloc[0])
    alone, tied = found
    assert alone["people_with_both"] == approx(0.02 * 1000 + 0.2 * 1000)
    assert alone["expected_by_chance"] == approx(2000 * 0.3 * 0.3)
    assert (alone["ratio_at_each_age"], alone["known_from"]) == (approx(1), "nothing stated")
    assert tied["known_from"] == "odds ratio"
    assert tied["ratio_at_each_age"] > 1.2


def test_where_people_live_is_no_condition(tmp_path: Path) -> None:
    plan = write_world(
        tmp_path,
        nodes=[
            state("frail", 0.2, stratifies=True),
            state("home", 0.1, stratifies=True),
            event("fall"),
            event("entry", counts_as="long_term_care_entry", not_for=["home"]),
        ],
        edges=[edge("frail", "fall", 2.0), edge("home", "fall", 1.0), edge("frail", "entry", 1.5)],
        interventions=CLASSES,
    )
    table = avert.burden(open_world(plan))["burden_by_conditions"]
    assert sorted(set(table["conditions"])) == ["0", "1", "all"]
    assert table["long_term_care_entries_per_1000"].iloc[0] > 0


def test_linked_records_stand_beside_what_is_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The records' top 2 % are 80 of 830 admitted people, and at £4,000 each 320,000 of 3,680,000 pounds."""
    plan = county(tmp_path, profiles="area-profiles.csv", observed="area-burden.csv")
    records, evidence = write_records(tmp_path / "records.csv"), str(tmp_path / "evidence")
    command = ["profiles", str(records), "--out", str(tmp_path / "area-profiles.csv"), "--evidence", evidence]
    with pytest.raises(SystemExit) as end:
        main(command)
    assert end.value.code == 0
    tables = avert.burden(open_world(plan))
    table = tables["concentration"].set_index(["ordered_by", "share_of_people"])
    assert table.loc[("admissions", 0.02), "observed_share_of_admissions"] == approx(80 / 830, abs=1e-6)
    assert table.loc[("hospital_cost", 0.02), "observed_share_of_cost"] == approx(320 / 3680, abs=1e-6)
    assert set(tables["burden_pairs"]["known_from"]) == {"linked data"}
    assert tables["burden_observed"]["people"].iloc[-1] == 4000
    with pytest.raises(SystemExit) as end:
        main(["burden", str(plan), "--evidence", evidence])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert "2% of people had 10% of admissions" in said
    assert "comes from the area's linked records" in said


def test_the_command_writes_every_table_and_the_same_bytes_twice(tmp_path: Path) -> None:
    plan, evidence = county(tmp_path), str(tmp_path / "evidence")
    for folder in ("one", "two"):
        with pytest.raises(SystemExit) as end:
            main(["burden", str(plan), "--evidence", evidence, "--out", str(tmp_path / folder)])
        assert end.value.code == 0
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(f"{name}.csv" for name in BURDEN)
    assert all((tmp_path / "one" / n).read_bytes() == (tmp_path / "two" / n).read_bytes() for n in names)


def test_the_counties_add_up() -> None:
    """Somerset: places, numbers of conditions and ages each make the whole."""
    plan = avert.load_plan(Path(__file__).parents[2] / "plans" / "somerset.yaml")
    tables = avert.burden(plan)
    by = tables["burden_by_conditions"]
    for chosen in (by["age_band"].eq("all") & by["conditions"].ne("all"), by["conditions"].eq("all")):
        rows = by[chosen & ~(by["age_band"].eq("all") & by["conditions"].eq("all"))]
        assert rows["share_of_admissions"].sum() == approx(1, abs=1e-5)
        assert rows["people"].sum() == approx(sum(plan.area.people.values()), abs=1e-3)
    place = tables["burden_by_place"]
    assert place["admissions"].sum() == approx(place["expected_from_age_and_conditions"].sum(), abs=1e-3)
    assert place["high_risk_people"].sum() == approx(0.02 * place["people"].sum(), abs=1e-3)
