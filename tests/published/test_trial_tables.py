"""Absolute effects and hazard ratios that reviews and trials print beside one another."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_service import AS_A_RATE, averted, county_with, table
from pytest import approx

from avert import units
from avert.programme import optimum_of
from worlds import effect, event

Row = dict[str, str]


def named(row: Row) -> str:
    """What a row is about, for the list of tests."""
    return f"{row['paper'].split(' (')[0]}: {row['outcome']}"


def fewer(folder: Path, row: Row, ratio: float) -> float:
    """Events the best plan averts among so many people in a year without the service."""
    people = float(row["people"])
    rate = float(row["events_without"]) / people * 100_000
    more = {} if row["measure"] == "rate_ratio" else {"taken_as_rate_ratio": AS_A_RATE}
    county = county_with(
        folder, [event("illness", rate)], effect("illness", ratio, row["measure"], spread=0.05, **more), people=people
    )
    optimum = optimum_of(county)
    assert optimum.objective == approx(averted(county, "illness"))
    return optimum.objective


@pytest.mark.parametrize("row", table("absolute-effects.csv"), ids=named)
def test_the_optimum_averts_what_the_review_prints_per_so_many_people(row: Row, tmp_path: Path) -> None:
    """Events without, times the ratio, as the paper prints them, to half a unit of the last digit.

    `table` says where the figures were read.  The limits of Clemson 2023 were worked from more digits
    of the ratio than are printed, so there ours may be one fall in 1,000 people off (118.7 for 118).
    """
    without, last = float(row["events_without"]), float(row["unit"])
    gone = fewer(tmp_path / "point", row, float(row["ratio"]))
    ours = gone if row["printed_as"] == "fewer" else without - gone
    assert ours == approx(float(row["printed"]), abs=last / 2)
    for ratio, limit in (("ratio_low", "printed_high"), ("ratio_high", "printed_low")):
        if row[ratio]:
            at_limit = fewer(tmp_path / ratio, row, float(row[ratio]))
            assert at_limit == approx(float(row[limit]), abs=1)


@pytest.mark.parametrize("row", table("hazard-ratios.csv"), ids=named)
def test_hazard_ratios_follow_from_the_percentages_beside_them(row: Row) -> None:
    """ln(1 − risk with) / ln(1 − risk without) is the hazard ratio the trial prints.

    Both percentages are rounded, so the printed ratio must lie, to half a unit of its last digit,
    between what the ends of their rounding give: ± 0.03 for PROGRESS, whose percentages are whole, and
    ± 0.02 or less for the others.  EXPRESS's ratio of 0.20 is recalled; its percentages were seen.
    """
    half = float(row["percent_unit"]) / 200
    without, having = float(row["without_percent"]) / 100, float(row["with_percent"]) / 100
    least, most = (
        units.rate_ratio("risk_ratio", (having + d) / (without - d), baseline_risk=without - d) for d in (-half, half)
    )
    assert least - 0.005 <= float(row["printed_ratio"]) <= most + 0.005


def test_lowered_pressure_and_dementia_or_impairment_in_a_hundred_people() -> None:
    """Hughes 2020 (JAMA 323:1934), key points: an odds ratio of 0.93 takes 7.5 % to the printed 7.0 %.

    So near 1 it hardly matters whether the ratio is read as one of odds (7.01 %) or of risks (6.98 %).
    """
    risk = 0.075 * units.odds_to_risk_ratio(0.93, 0.075)
    assert 100 * risk == approx(7.0, abs=0.05)


def test_two_antiplatelets_also_follow_from_the_risk_difference() -> None:
    """Hao 2018 (BMJ 363:k5108): 19 fewer strokes per 1,000 from 63 is the printed risk ratio of 0.70, within 0.01.

    The 19 is the difference of the printed 63 and 44, each rounded to one in 1,000.
    """
    by_difference = units.rate_ratio("risk_difference", -0.019, baseline_risk=0.063)
    low, high = (units.rate_ratio("risk_ratio", ratio, baseline_risk=0.063) for ratio in (0.69, 0.71))
    assert low < by_difference < high


def test_486_people_of_75_vaccinated_avert_one_admission_for_rsv(tmp_path: Path) -> None:
    """251 RSV admissions per 100,000 at 75+ (Costello Medical 2025), 82 % fewer (UKHSA 2025): one in 486.

    The 486 is what the two printed figures imply; neither report prints it.
    """
    county = county_with(
        tmp_path, [event("rsv_admission", 251)], effect("rsv_admission", -82, "percentage_change"), people=486
    )
    assert optimum_of(county).objective == approx(1.0, abs=0.002)
