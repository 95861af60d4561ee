"""National claims for blood-pressure treatment: how many events so many newly treated people avoid."""

from __future__ import annotations

from math import log
from pathlib import Path

import pytest
from one_service import averted, county_with
from pytest import approx

from avert import units
from avert.packages import County
from avert.programme import optimum_of
from worlds import effect, event

FIVE_YEARS = "2026/27 to 2030/31"
TO_TREAT = {"stroke": 67, "heart_attack": 100, "death": 125}
"""People to treat for five years to spare one (TheNNT 2014, from a Cochrane review)."""
YEARLY_RATE = 0.02
"""Of each event without treatment; what is averted by a number of people does not depend on it."""


def treated_for_five_years(folder: Path, people: float, averted_each_year: dict[str, float]) -> County:
    """So many newly treated people, each of whom averts so much of each event in each of five years."""
    return county_with(
        folder,
        [event(name, 100_000 * YEARLY_RATE) for name in averted_each_year],
        *(
            effect(name, each, "events_averted_per_participant_year", baseline_rate=YEARLY_RATE)
            for name, each in averted_each_year.items()
        ),
        people=people,
        years=FIVE_YEARS,
        duration_years=5,
    )


@pytest.mark.parametrize(
    ("treated", "published"),
    [
        (250_000, {"stroke": 3_700, "heart_attack": 2_500, "death": 2_000}),
        (550_000, {"heart_attack": 5_500, "death": 4_400}),
    ],
    ids=["2021", "2022"],
)
def test_pharmacy_blood_pressure_checks_by_numbers_needed_to_treat(
    tmp_path: Path, treated: int, published: dict[str, int]
) -> None:
    """NHS England 2021 (as reported in the press) and 2022 (The Times), to the hundred they print.

    The programme's own sum counts events per participant-year, 1 / (5 · number needed to treat).
    """
    county = treated_for_five_years(tmp_path, treated, {name: 1 / (5 * n) for name, n in TO_TREAT.items()})
    for name, printed in published.items():
        assert round(averted(county, name), -2) == printed
    together = sum(averted(county, name) for name in TO_TREAT)
    assert optimum_of(county).objective == approx(together)


def test_the_claim_of_2022_carries_the_rounded_one_of_2021_forward(tmp_path: Path) -> None:
    """8,140 strokes of 550,000 treated (NHS England 2022) are 2021's 3,700 of 250,000, not 1 in 67 (8,209)."""
    by_claim = treated_for_five_years(tmp_path / "claim", 550_000, {"stroke": 3_700 / 250_000 / 5})
    by_number = treated_for_five_years(tmp_path / "number", 550_000, {"stroke": 1 / 67 / 5})
    assert averted(by_claim, "stroke") == approx(8_140, abs=0.5)
    assert averted(by_number, "stroke") == approx(8_209, abs=0.5)


@pytest.mark.parametrize(("treated", "published"), [(250_000, 3_700), (550_000, 8_140)])
def test_strokes_avoided_where_the_number_needed_to_treat_counts_people(
    tmp_path: Path, treated: int, published: int
) -> None:
    """The same claims with 67 read as people spared a stroke, at a five-year risk of 3 % (assumed).

    Ours then counts strokes at a rate, where the published sum counts people: within 4 %.
    """
    risk, years = 0.03, 5
    county = county_with(
        tmp_path,
        [event("stroke", -100_000 * log(1 - risk) / years)],
        effect("stroke", 67, "number_needed_to_treat", baseline_risk=risk),
        people=treated,
        years=FIVE_YEARS,
        duration_years=years,
    )
    assert averted(county, "stroke") == approx(published, rel=0.04)


def test_size_of_the_prize_of_2017_for_blood_pressure(tmp_path: Path) -> None:
    """Public Health England and NHS England 2017: 9,710 heart attacks and 14,500 strokes, to the hundred.

    The number of people is not printed: 971,000 is what 9,710 heart attacks mean at 100 to treat.  The
    same people at 67 to treat must give the printed strokes.  (The two numbers needed to treat are for
    five years; the claim calls its total a three-year one, in which 8,700 would be avoided.)
    """
    county = treated_for_five_years(tmp_path, 971_000, {name: 1 / (5 * TO_TREAT[name]) for name in TO_TREAT})
    assert averted(county, "heart_attack") == approx(9_710, abs=5)
    assert round(averted(county, "stroke"), -2) == 14_500


def test_67_to_treat_and_a_ratio_of_0_73_mean_a_risk_of_5_5_percent() -> None:
    """TheNNT 2014 and Ettehad 2016 (Lancet 387:957), 0.73 per 10 mmHg: one effect at a risk of 5.5 % in five years."""
    by_number = units.rate_ratio("number_needed_to_treat", 67, baseline_risk=0.055)
    low, high = (units.rate_ratio("risk_ratio", ratio, baseline_risk=0.055) for ratio in (0.725, 0.735))
    assert low < by_number < high
