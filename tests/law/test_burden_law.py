"""Laws of who carries the burden: for any people and any county, and for any linked records."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_worlds import LAW, World, on_disk, worlds

from avert.library.records import AGE_BANDS
from avert.population import People, happened, summed
from avert.population.concentration import (
    carried_by_top,
    carried_in_a_year,
    concentration_index,
    explained,
    part_in_top,
)
from avert.results import burden_tables

AMOUNT = st.floats(0, 1000).map(lambda x: round(x, 3))
GROUPS = st.lists(st.tuples(AMOUNT, AMOUNT, st.integers(0, 3)), min_size=1, max_size=30)


@LAW
@given(GROUPS)
def test_the_curve_rises_and_bends_down_and_its_area_is_the_index(groups: list[tuple[float, float, int]]) -> None:
    people, each = (np.array([group[n] for group in groups]) for n in (0, 1))
    carried = people * each
    grid = np.linspace(0, 1, 2001)
    curve = carried_by_top(people, each, carried, grid)
    index = concentration_index(people, each, carried)
    assert -1e-9 <= index <= 1
    if carried.sum() == 0:
        assert not curve.any()
        return
    assert (curve[0], curve[-1]) == pytest.approx((0, 1))
    assert (np.diff(curve) >= -1e-9).all()
    assert (np.diff(curve, 2) <= 1e-6).all()
    assert (curve[1:] + curve[:-1]).mean() - 1 == pytest.approx(index, abs=2e-3)


@LAW
@given(st.lists(st.tuples(AMOUNT, st.floats(0.001, 5)), min_size=1, max_size=20))
def test_a_year_is_never_more_even_than_risk(groups: list[tuple[float, float]]) -> None:
    people, each = (np.array([group[n] for group in groups]) for n in (0, 1))
    grid = np.linspace(0, 1, 51)
    year, risk = carried_in_a_year(people, each, grid), carried_by_top(people, each, people * each, grid)
    assert (year >= risk - 1e-7).all()
    if people.sum() > 0:
        assert year[-1] == pytest.approx(1)


@LAW
@given(GROUPS, st.floats(0, 1))
def test_people_at_the_top_carry_what_the_curve_says(groups: list[tuple[float, float, int]], share: float) -> None:
    people, each = (np.array([group[n] for group in groups]) for n in (0, 1))
    inside = part_in_top(people, each, share)
    assert (inside >= -1e-9).all()
    assert (inside <= people + 1e-9).all()
    assert inside.sum() == pytest.approx(share * people.sum(), abs=1e-6)
    if (people * each).sum() > 0:
        whole = (people * each).sum()
        assert (inside @ each) / whole == pytest.approx(
            carried_by_top(people, each, people * each, [share])[0], abs=1e-6
        )


@LAW
@given(GROUPS)
def test_finer_groups_explain_more_and_each_by_itself_all(groups: list[tuple[float, float, int]]) -> None:
    people, each = (np.array([group[n] for group in groups]) for n in (0, 1))
    label, amount = np.array([group[2] for group in groups]), people * each
    coarse = explained(people, amount, label > 1)
    fine = explained(people, amount, label)
    alone = explained(people, amount, np.arange(len(label)))
    assert -1e-12 <= coarse <= fine + 1e-6 <= alone + 2e-6 <= 1 + 3e-6


@settings(LAW, max_examples=25)
@given(worlds())
def test_whatever_the_county_the_tables_add_up_to_its_events(world: World) -> None:
    with on_disk(world) as opened:
        county = opened.county()
        tables = burden_tables(county)
    admissions = sum(float(county.strata.events_today(event).sum()) for event in county.pathway.admissions)
    place, by = tables["burden_by_place"], tables["burden_by_conditions"]
    assert place["admissions"].sum() == pytest.approx(admissions, abs=1e-4)
    assert place["expected_from_age_and_conditions"].sum() == pytest.approx(admissions, abs=1e-4)
    cells = by[by["conditions"].ne("all") & by["age_band"].ne("all")].fillna(0.0)
    brought = (cells["people"] * cells["admissions_per_1000"] / 1000).sum()
    assert brought == pytest.approx(admissions, rel=1e-5, abs=1e-3)
    explains = tables["burden_explained"].set_index("grouped_by")["explains_of_admissions"]
    assert explains.max() <= 1 + 1e-6
    assert explains["conditions and age_band"] >= explains[["conditions", "age_band"]].max() - 1e-6


@settings(LAW, max_examples=25)
@given(worlds(), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_whatever_the_records_shares_add_up_and_no_few_are_told_apart(world: World, smallest: int, seed: int) -> None:
    with on_disk(world) as opened:
        library = opened.county().plan.library
    factors = tuple(sorted(name for name, node in library.nodes.items() if node.stratifies))
    drawn = np.random.default_rng(seed)
    size = 3 * (smallest + 50)
    flags = drawn.random((size, len(factors))) < drawn.random(len(factors))
    people = People(
        np.arange(size) % len(AGE_BANDS), factors, flags, flags.sum(axis=1), factors, {"cost": drawn.random(size)}
    )
    found = summed(people, library, smallest)
    assert found.profiles.groupby("age_band")["share"].sum().tolist() == pytest.approx([1.0] * len(AGE_BANDS))
    assert (found.profiles["share"] > 0).all()
    if smallest == 1:
        assert found.people_in_small_groups == 0
    table = happened(people, smallest)
    assert table["people"].min() >= smallest
    for kind in ("conditions", "age_band"):
        assert table.loc[table["by"] == kind, "cost"].sum() == pytest.approx(people.amounts["cost"].sum())
