"""The real plan: people of Somerset live through its best allocation, and through every service by itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from compare import assert_alike, compared, offer, summed

import avert
from avert.packages import county_of

PLAN = Path(__file__).parents[2] / "plans" / "somerset.yaml"
YEARS = 3


@pytest.fixture(scope="module")
def plan() -> avert.PlanInFull:
    """Somerset's plan with the library as it stands."""
    return avert.load_plan(PLAN)


@pytest.fixture(scope="module")
def best(plan: avert.PlanInFull) -> pd.DataFrame:
    """What the best plan of one year offers in the place where it averts most."""
    offers = avert.optimise(plan, years=1).offers
    offers = offers[(offers["people_offered"] > 0) & (offers["package"] != "")]
    return offers[offers["place"] == offers.groupby("place")["people_offered"].sum().idxmax()]


def one_by_one(plan: avert.PlanInFull, most: int) -> pd.DataFrame:
    """Every service for people, by itself, to the largest groups it is for, of different ages and profiles."""
    county = county_of(plan, YEARS)
    family, groups, strata = county.family, county.groups, county.strata
    rows = []
    for bit, service in enumerate(family.ids):
        if not family.for_people[bit]:
            continue
        meant = np.flatnonzero(family.eligible[bit][strata.group] & (strata.place == 0))
        for stratum in meant[np.argsort(-strata.people[meant], kind="stable")][:most]:
            age, factors = groups.ages[strata.age[stratum]], groups.factors_of(int(strata.group[stratum]))
            people = float(strata.people[stratum]) / (len(family.ids) + 1)
            rows.append(offer(strata.places[0], age, factors, service, people, county.years[0]))
    return pd.DataFrame(rows)


def test_best_allocation(plan: avert.PlanInFull, best: pd.DataFrame) -> None:
    """Engine and simulation agree on every event in each of the first years, and on every age band."""
    frame = compared(plan, best, years=YEARS, seed=11, each=500, often=40)
    assert_alike(frame, ["event", "year"], sharp=0.015, pool=0.1)
    assert_alike(frame, ["event", "age_band"], sharp=0.015, pool=0.1)


def test_every_service_by_itself(plan: avert.PlanInFull) -> None:
    """They agree on every service, and on every event, over the first years."""
    frame = compared(plan, one_by_one(plan, 2), years=YEARS, seed=12, each=1500, often=80)
    assert_alike(frame, ["package"], pool=0.1)
    assert_alike(frame, ["event"], pool=0.1)


def test_a_wrong_ratio_is_caught(plan: avert.PlanInFull, best: pd.DataFrame) -> None:
    """People told twice the ratio of the service that averts most on one event do not agree with the engine."""
    county = county_of(plan, 1)
    most = best.groupby("package")["people_offered"].sum().idxmax().split(" + ")[0]
    node = next(effect.node for effect in county.effects if effect.intervention == most)
    frame = compared(plan, best, years=1, seed=11, each=400, often=30, wrong=(most, node))
    found = summed(frame, [])
    assert (found["beyond"] > 0).all()
    with pytest.raises(AssertionError, match="simulated"):
        assert_alike(frame, [])
