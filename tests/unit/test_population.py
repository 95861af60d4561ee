"""Where groups come from: margins and odds ratios, a joint table, or groups given outright."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from pytest import approx

from avert.errors import PlanError
from avert.packages import County, county_of
from avert.population import both, profile_shares
from avert.population.profiles import all_profiles
from worlds import edge, effect, event, intervention, open_world, state, write_world


def world(folder: Path, **area: Any) -> Path:
    """Two factors, one event; the area file gets the extra keys."""
    plan = write_world(
        folder,
        nodes=[
            state("frail", 0.2, stratifies=True),
            state("alone", 0.5, stratifies=True),
            event("fall_admission", 1000),
        ],
        edges=[edge("frail", "fall_admission", 3.0), edge("alone", "fall_admission", 1.0)],
        interventions=[intervention("classes", effect("fall_admission", 0.8))],
        people={"here": {"65-74": 1000, "75-84": 500, "85+": 0}},
    )
    path = folder / "area-area.yaml"
    record = {key: value for key, value in (yaml.safe_load(path.read_text("utf-8")) | area).items() if value}
    path.write_text(yaml.safe_dump(record, sort_keys=False), encoding="utf-8")
    return plan


def people(county: County, age: str, *factors: str) -> float:
    """People of one group in the only place."""
    groups = county.groups
    profile = (groups.flags == [f in factors for f in groups.factors]).all(axis=1)
    return float(county.strata.people.reshape(len(groups.ages), -1)[groups.ages.index(age)][profile][0])


def test_a_joint_table_sets_the_groups(tmp_path: Path) -> None:
    rows = ["age_band,alone,frail,share"]
    for age in ("65-74", "75-84", "85+"):
        rows += [f"{age},0,0,0.6", f"{age},1,0,0.1", f"{age},0,1,0.05", f"{age},1,1,0.25"]
    plan = world(tmp_path, profiles="profiles.csv")
    (tmp_path / "profiles.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    county = county_of(open_world(plan))
    assert people(county, "65-74", "frail", "alone") == approx(250)
    assert people(county, "75-84") == approx(300)
    assert county.strata.events_today("fall_admission").sum() == approx(15)


def test_shares_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    plan = world(tmp_path, profiles="profiles.csv")
    text = "age_band,alone,frail,share\n65-74,0,0,0.6\n75-84,0,0,1\n85+,0,0,1\n"
    (tmp_path / "profiles.csv").write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=r"profiles.csv:1: the shares at 65-74 add up to 0.6, not 1"):
        open_world(plan)


def test_groups_given_outright_keep_their_people_and_their_own_rates(tmp_path: Path) -> None:
    """100 frail people at 5,000 per 100,000; the 300 others share the observed rate, scaled by ρ.

    Without own rates: 400 people · 0.01 = 4 events; weights 300 · 1 and 100 · 3, so 4/600 each for the others.
    """
    plan = world(tmp_path, strata="strata.csv", population=None)
    text = "place,age_band,people,frail,rate_fall_admission\nhere,65-74,300,0,\nhere,65-74,100,1,5000\n"
    (tmp_path / "strata.csv").write_text(text, encoding="utf-8")
    county = county_of(open_world(plan))
    assert people(county, "65-74") == approx(300)
    assert people(county, "65-74", "frail") == approx(100)
    assert county.strata.people.sum() == approx(400)
    events = county.strata.events_today("fall_admission")
    assert events.sum() == approx(300 * 4 / 600 + 100 * 0.05)


def test_two_factors_have_the_odds_ratio_they_are_given() -> None:
    flags = all_profiles(("a", "b", "c"))
    margins = {"a": 0.2, "b": 0.1, "c": 0.4}
    shares = profile_shares(("a", "b", "c"), flags, margins, {("a", "b"): 12.0, ("b", "c"): 0.5})
    assert shares.sum() == approx(1)
    for number, factor in enumerate(("a", "b", "c")):
        assert shares[flags[:, number]].sum() == approx(margins[factor])
    for i, j, odds in ((0, 1, 12.0), (1, 2, 0.5)):
        cells = [[shares[(flags[:, i] == x) & (flags[:, j] == y)].sum() for y in (False, True)] for x in (False, True)]
        assert cells[1][1] * cells[0][0] / (cells[1][0] * cells[0][1]) == approx(odds, rel=1e-6)
    assert both(0.2, 0.1, 1.0) == approx(0.02)
    assert np.all(shares > 0)
