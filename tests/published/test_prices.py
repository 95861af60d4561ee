"""Price indices: the changes printed year by year, and the way a cost takes through the engine."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from one_service import county_with, table
from pytest import approx

from avert import units
from worlds import effect, event

GDP_DEFLATOR = {"2012/13": 1.1105, "2014/15": 1.1497, "2024/25": 1.5471}
"""Office for Budget Responsibility, November 2025 (2007/08 = 1)."""


def test_the_nhs_index_gives_back_every_printed_change() -> None:
    """Unit Costs of Health and Social Care (PSSRU), hospital index to 2014/15, NHS Cost Inflation Index after.

    The chained index has four decimals, which is 0.01 points of a change: that much is let through
    beyond half a unit of the last printed digit.
    """
    rows = table("price-indices.csv")
    index = {row["year"]: float(row["nhs_index"]) for row in rows}
    for before, row in pairwise(rows):
        change = units.uprate(100, index, from_year=before["year"], to_year=row["year"]) - 100
        assert change == approx(float(row["printed_change_percent"]), abs=float(row["printed_unit"]) / 2 + 0.01), row


def test_a_cost_of_2012_13_in_the_prices_of_2024_25(tmp_path: Path) -> None:
    """By the GDP deflator £100 become £139.32, by the NHS index £132.11: what a county pays for a participant."""
    nhs = {row["year"]: float(row["nhs_index"]) for row in table("price-indices.csv")}
    for number, (index, pounds) in enumerate(((GDP_DEFLATOR, 139.32), (nhs, 132.11))):
        county = county_with(
            tmp_path / str(number),
            [event("fall_admission")],
            effect("fall_admission", 0.9),
            price_index=index,
            price_year="2012/13",
            prices="2024/25",
        )
        assert float(county.cost[0]) == approx(pounds, abs=0.005)
