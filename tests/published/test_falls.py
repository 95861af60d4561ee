"""Falls: home hazards, what a fall averted costs, what falls cost a country, and how far falls carry to harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from one_service import averted, county_with, spent
from pytest import approx

from avert.packages import County, outcome_weights
from avert.programme import optimum_of
from worlds import effect, event, leads_to, onset

HIGH_RISK = 1.847 * 0.023 * 100_000
"""Admissions per 100,000: falls a year of people at high risk (Clemson 2023), share of falls admitted."""


def home_hazards(folder: Path, acts_on: str, ratio: float) -> County:
    """1,000 people at high risk whose homes are made safer."""
    return county_with(
        folder,
        [onset("fall"), event("fall_admission", HIGH_RISK)],
        effect(acts_on, ratio),
        edges=[leads_to("fall", "fall_admission")],
    )


def test_home_hazard_work_for_a_thousand_people_at_high_risk(tmp_path: Path) -> None:
    """Clemson 2023 (Cochrane CD013258): 1.847 falls each a year, 2.3 % of them admitted: 42 admissions.

    The ratio of falls, 0.62, averts 16.1 of them if it goes through in full; the review's ratio of
    admissions, 0.96, averts 1.7.  The share admitted is England's 1,933 admissions per 100,000 over 0.85 falls.
    """
    by_falls = home_hazards(tmp_path / "falls", "fall", 0.62)
    assert round(by_falls.strata.events_today("fall_admission").sum()) == 42
    assert optimum_of(by_falls).objective == approx(16.1, abs=0.05)
    by_admissions = home_hazards(tmp_path / "admissions", "fall_admission", 0.96)
    assert optimum_of(by_admissions).objective == approx(1.7, abs=0.05)


@pytest.mark.parametrize(
    ("cost", "without", "having", "published", "rounding"),
    [
        (578, 2.24, 2.07, 3_320, 0.01 / 0.17),
        (148, 0.1916, 0.1888, 52_864, 0.5 / 148 + 0.00005 / 0.0028),
        (228, 0.0729, 0.0716, 169_805, 0.5 / 228 + 0.00005 / 0.0013),
    ],
    ids=["Irvine 2010, a fall", "Scheckel 2021, a hip fracture, women", "Scheckel 2021, a hip fracture, men"],
)
def test_money_spent_for_each_event_averted(
    tmp_path: Path, cost: float, without: float, having: float, published: float, rounding: float
) -> None:
    """Extra cost and events per person → money per event averted, at the optimum.

    Irvine 2010 (Age Ageing), abstract: £578, 2.24 and 2.07 falls a year, £3,320 a fall.  Scheckel 2021
    (BMC Geriatrics), table 3: €148 and 0.1916 → 0.1888 hip fractures, €52,864; men €228 and 0.0729 →
    0.0716, €169,805.  The differences are small beside the digits printed, so the tolerance is their
    rounding: 5.9 %, 2.1 % and 4.1 %.  (Ours: 3,400, 52,857, 175,385.)
    """
    county = county_with(
        tmp_path, [event("harm", 100_000 * without)], effect("harm", having / without, spread=0.01), cost=cost
    )
    optimum = optimum_of(county)
    assert spent(optimum) / optimum.objective == approx(published, rel=rounding)


def test_admissions_are_450_of_the_470_million_falls_cost_scotland(tmp_path: Path) -> None:
    """Craig 2013 (Scott Med J), abstract: 16,549 admissions, 30 % with a hip fracture at £39,490, others at £21,960.

    The paper's total of £470 million also holds ambulances, emergency departments and practices, whose
    unit costs we have not read; so only the part of admissions is worked, and must leave something over.
    """
    people = 294_000 / 0.34
    nodes: list[dict[str, Any]] = []
    for name, share in (("hip_fracture", 0.30), ("other_injury", 0.70)):
        nodes.append(event(name, 100_000 * share * 16_549 / people, unit_cost=name))
    county = county_with(
        tmp_path,
        nodes,
        effect("hip_fracture", 0.9),
        people=people,
        prices="2024/25",
        unit_costs={"hip_fracture": 39_490, "other_injury": 21_960},
    )
    weights = outcome_weights(county, "net_cost")
    total = sum(weights[name] * county.strata.events_today(name).sum() for name in weights)
    assert round(total / 1e6) == 450
    assert total < 470e6


@pytest.mark.parametrize(
    ("falls", "harm", "power", "tolerance"),
    [
        (0.74, 0.96, 0.14, 0.005),
        (0.84, 0.92, 0.48, 0.005),
        (0.77, 0.73, 1.2, 0.005),
        (0.77, 0.78, 0.95, 0.005),
        (0.85, 0.84, 1.07, 0.005),
    ],
    ids=[
        "home hazards, admission (Clemson 2023)",
        "multifactorial, injurious falls (USPSTF 2024)",
        "exercise, fracture (Cochrane 2019)",
        "exercise, admission (Cochrane 2019, recalled)",
        "exercise, injurious falls (USPSTF 2024, recalled)",
    ],
)
def test_falls_carry_to_serious_harm_by_a_power(
    tmp_path: Path, falls: float, harm: float, power: float, tolerance: float
) -> None:
    """The ratio of falls to the power ln(harm) / ln(falls) is the printed ratio of serious harm, to half a unit.

    Clemson 2023 (Cochrane CD013258); Guirguis-Blake 2024 (JAMA, for the US task force); Sherrington 2019
    (Cochrane CD012424).  The powers are derived from both ratios and rounded, so this tests the way through
    the graph, not the papers.  The admission ratio of 0.96 is doubtful: its interval is too narrow.
    """
    county = county_with(
        tmp_path,
        [onset("fall"), event("harm", 1000)],
        effect("fall", falls),
        edges=[leads_to("fall", "harm", pass_through=power)],
        people=100_000,
    )
    assert 1 - averted(county, "harm") / 1000 == approx(harm, abs=tolerance)
