"""Other people's published figures, worked again with our own functions and programme."""

from __future__ import annotations

import csv
from math import log
from pathlib import Path

import numpy as np
import pytest
from pytest import approx

from avert import units
from avert.packages import county_of, events_averted
from avert.programme import optimum_of
from worlds import edge, effect, event, intervention, leads_to, onset, open_world, write_world

HERE = Path(__file__).parent
ONLY_SERVICE = np.array([1])
"""Row of the package with the only service there is; the empty one comes first."""


def test_the_lancet_commission_of_2024_shares_out_its_45_percent() -> None:
    """Levin's fraction of each factor, shared out of the total of 45.3 %, rounds to the published table.

    Livingston and others 2024.  Relative risks and prevalences are recalled to one decimal, the fourteen
    rounded weights were seen in public summaries.
    """
    rows = list(csv.DictReader((HERE / "lancet-2024.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 14
    fractions = [
        units.attributable_fraction(float(r["prevalence_percent"]) / 100, float(r["relative_risk"])) for r in rows
    ]
    for row, fraction in zip(rows, fractions, strict=True):
        assert 45.3 * fraction / sum(fractions) == approx(float(row["published_weighted_percent"]), abs=0.51), row[
            "factor"
        ]


def test_home_hazard_work_for_a_thousand_people_at_high_risk(tmp_path: Path) -> None:
    """1,000 people with 1.847 falls each a year, 2.3 % of them admitted: 42 admissions; ratio 0.62 averts 16.1."""
    rate = 1.847 * 0.023 * 100_000
    plan = write_world(
        tmp_path,
        nodes=[onset("fall"), event("fall_admission", rate)],
        edges=[leads_to("fall", "fall_admission")],
        interventions=[intervention("home_hazards", effect("fall", 0.62))],
        people={"here": {"65-74": 1000, "75-84": 0, "85+": 0}},
    )
    county = county_of(open_world(plan))
    assert county.strata.events_today("fall_admission").sum() == approx(42, abs=0.6)
    assert optimum_of(county).objective == approx(16.1, abs=0.06)


@pytest.mark.parametrize(("treated", "published"), [(250_000, 3_700), (550_000, 8_140)])
def test_strokes_avoided_by_pharmacy_blood_pressure_checks(tmp_path: Path, treated: int, published: int) -> None:
    """NHS England 2021 and 2022: so many newly treated, 67 to treat for five years to avoid one stroke.

    The published sum counts people (treated / 67); ours counts rates at a five-year risk of 3 %, where
    the two differ by the square of the risk: within 4 %.
    """
    risk, years = 0.03, 5
    rate = -100_000 * log(1 - risk) / years
    plan = write_world(
        tmp_path,
        nodes=[event("stroke_admission", rate)],
        interventions=[
            intervention(
                "treatment",
                effect("stroke_admission", 67, "number_needed_to_treat", baseline_risk=risk),
                duration_years=5,
            )
        ],
        people={"here": {"65-74": treated, "75-84": 0, "85+": 0}},
        plan={"years": "2021/22 to 2025/26", "money": {"council": 10**9}, "prices": "2024/25"},
    )
    county = county_of(open_world(plan))
    averted = treated * float(events_averted(county, "stroke_admission", ONLY_SERVICE, entry=0, start=0)[0, 0])
    assert averted == approx(published, rel=0.04)


def test_screening_for_atrial_fibrillation_needs_148_people_for_one_stroke() -> None:
    """A pooled risk ratio of 0.932 and 148 to screen over ten years mean a control risk of 9.9 %."""
    by_number = units.rate_ratio("number_needed_to_treat", 148, baseline_risk=0.099)
    by_ratio = units.rate_ratio("risk_ratio", 0.932, baseline_risk=0.099)
    assert by_number == approx(by_ratio, abs=0.002)


def test_preventing_dementia_averts_falls_as_in_a_model_of_states_with_deaths(tmp_path: Path) -> None:
    """Dementia begun 7 % less often: 0.07, 0.19, 0.30, 0.38, 0.45 % of falls over five years.

    A four-state model with deaths gave 0.08, 0.21, 0.31, 0.37, 0.41 %; treating the onset as a state
    would give 0.75 % every year.  (Mean 5 years lived with dementia, a tenth of falls hanging on it.)
    """
    share = 0.0075 / 0.07
    ratio = 1 + share / (1 - share) / 0.07
    plan = write_world(
        tmp_path,
        nodes=[onset("dementia", 0.07, 5), event("fall_admission", 100_000)],
        edges=[edge("dementia", "fall_admission", ratio)],
        interventions=[intervention("prevention", effect("dementia", 0.93), duration_years=5)],
        plan={"years": "2026/27 to 2030/31", "money": {"council": 10**9}},
    )
    county = county_of(open_world(plan))
    averted = [
        100 * float(events_averted(county, "fall_admission", ONLY_SERVICE, entry=0, start=0, year=year)[0, 0])
        for year in range(5)
    ]
    assert averted == approx([0.07, 0.19, 0.30, 0.38, 0.45], abs=0.006)
    assert averted == approx([0.08, 0.21, 0.31, 0.37, 0.41], abs=0.041)
