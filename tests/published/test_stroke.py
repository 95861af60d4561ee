"""Strokes: urgent treatment after a warning (EXPRESS), and atrial fibrillation."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_service import AS_A_RATE, averted, county_with, worth_of
from pytest import approx

from avert import units
from avert.packages import County
from worlds import effect, event, leads_to, onset

FIRST_PHASE, SECOND_PHASE = 310, 281
"""Patients before and after urgent treatment began (EXPRESS)."""


def express(folder: Path, people: float) -> County:
    """Patients of the second phase, with the recurrent strokes and admissions of the first.

    One year of the plan stands for the trial's 90 days.  A stay is the first phase's vascular bed days
    (1,365) over its admissions for recurrent stroke (25).
    """
    admission = event("stroke_admission", 100_000 * 25 / FIRST_PHASE)
    admission["length_of_stay"] |= {"value": 1365 / 25, "interval": [20, 90]}
    return county_with(
        folder,
        [onset("stroke"), admission],
        effect("stroke", 2.1 / 10.3, "risk_ratio", baseline_risk=0.103),
        edges=[leads_to("stroke", "stroke_admission")],
        people=people,
    )


def test_urgent_treatment_lowers_early_recurrent_stroke_by_80_percent() -> None:
    """EXPRESS (Rothwell 2007, Lancet 370:1432): 10.3 % to 2.1 % at 90 days, printed as 80 % fewer."""
    assert round(100 * (1 - units.rate_ratio("risk_ratio", 2.1 / 10.3, baseline_risk=0.103))) == 80


def test_urgent_treatment_leaves_five_admissions_for_recurrent_stroke(tmp_path: Path) -> None:
    """EXPRESS (Luengo-Fernandez 2009, Lancet Neurol 8:235): 25 admissions of 310 became 5 of 281.

    From the fall in strokes, carried to admissions, ours expects 4.4: within one admission, which is
    what whole people allow.  Per 100 patients 6.3 fewer admissions (8.06 − 1.78), within 0.3.
    """
    county = express(tmp_path, SECOND_PHASE)
    expected = county.strata.events_today("stroke_admission").sum() - averted(county, "stroke_admission")
    assert expected == approx(5, abs=1)
    assert 100 * averted(county, "stroke_admission") / SECOND_PHASE == approx(6.3, abs=0.3)


def test_bed_days_saved_by_urgent_treatment(tmp_path: Path) -> None:
    """EXPRESS (Luengo-Fernandez 2009): bed days per patient 1,957 / 310 → 672 / 281, vascular 1,365 / 310 → 427 / 281.

    So 3.92 fewer in all, 2.88 of them vascular.  Ours, from admissions for recurrent stroke alone at a
    stay of 55 days, must lie between: stays of the second phase were longer, and there were others.
    """
    saved = worth_of(express(tmp_path, SECOND_PHASE), "bed_days") / SECOND_PHASE
    assert 1365 / 310 - 427 / 281 < saved < 1957 / 310 - 672 / 281


def test_strokes_avoided_by_urgent_treatment_in_a_hundred_patients(tmp_path: Path) -> None:
    """EXPRESS (Rothwell 2007): 10.3 − 2.1 = 8.2 fewer strokes per 100 patients."""
    ratio = effect("stroke", 2.1 / 10.3, "risk_ratio", taken_as_rate_ratio=AS_A_RATE)
    assert averted(county_with(tmp_path, [event("stroke", 10_300)], ratio, people=100), "stroke") == approx(8.2)


def test_screening_for_atrial_fibrillation_needs_148_people_for_one_stroke() -> None:
    """Langen 2025 (Annals of Medicine), abstract: pooled risk ratio 0.932, 148 to screen at 75 for ten years.

    At a risk of 9.9 % (implied by the two; the abstract does not print it) they are one and the same
    effect, to half a unit of the last digit of the ratio.
    """
    by_number = units.rate_ratio("number_needed_to_treat", 148, baseline_risk=0.099)
    low, high = (units.rate_ratio("risk_ratio", ratio, baseline_risk=0.099) for ratio in (0.9315, 0.9325))
    assert low < by_number < high


def anticoagulated(folder: Path, people: int, strokes_per_100: float) -> float:
    """Strokes averted in so many people newly anticoagulated for a year and a half, at a ratio of 0.36."""
    county = county_with(
        folder,
        [event("stroke", 1000 * strokes_per_100)],
        effect("stroke", 0.36, "risk_ratio", taken_as_rate_ratio=AS_A_RATE),
        people=people,
        years="2026/27 to 2027/28",
        duration_years=1.5,
    )
    return averted(county, "stroke")


@pytest.mark.parametrize(("people", "published"), [(610_000, 21_000), (460_000, 17_000)], ids=["2021", "2023"])
def test_strokes_prevented_by_direct_anticoagulants(tmp_path: Path, people: int, published: int) -> None:
    """NHS England 2021 (21,000 of 610,000 over three years) and 2023 (17,000 of 460,000 since January 2022).

    How they were worked out is not published, so this is a bracket and no reproduction.  Hart 2007 (Ann
    Intern Med 146:857): 64 % fewer strokes than untreated.  Friberg 2012 (Eur Heart J 33:1500), recalled:
    3.2 and 4.8 strokes per 100 untreated years at CHA2DS2-VASc 3 and 4.  People joined evenly, so 1.5
    years each is assumed.  Both claims lie between; but both count people switched from warfarin too.
    """
    low, high = (anticoagulated(tmp_path / str(rate), people, rate) for rate in (3.2, 4.8))
    assert low < published < high


def test_one_stroke_in_27_people_on_anticoagulants_needs_a_risk_of_5_8_percent() -> None:
    """NHS England 2023, 460,000 / 17,000 = 27.1, is Hart 2007's ratio of 0.36 at a risk of 5.8 %, to half a unit."""
    by_number = units.rate_ratio("number_needed_to_treat", 460_000 / 17_000, baseline_risk=0.058)
    low, high = (units.rate_ratio("risk_ratio", ratio, baseline_risk=0.058) for ratio in (0.355, 0.365))
    assert low < by_number < high
