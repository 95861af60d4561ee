"""Who gets what per head of need, and what fairness costs, in plain words."""

from __future__ import annotations

import pandas as pd

MOST_SHOWN = 12
"""Places up to which each has its line."""
SMALL = 0.005
"""Concentration index, above or below 0, that is as good as none."""
Section = tuple[str, list[str]]


def fairness_in_words(tables: dict[str, pd.DataFrame]) -> list[Section]:
    """Sections from the tables `fairness_report` and `fairness_prices`."""
    report, prices = tables["fairness_report"], tables["fairness_prices"]
    fifths, places = report[report["kind"] == "deprivation fifth"], report[report["kind"] == "place"]
    return [
        ("Who gets what per head of need", [_line(row) for _, row in report[report["kind"] == "all"].iterrows()]),
        ("By deprivation, each place counted by its mean decile", [_line(row) for _, row in fifths.iterrows()]),
        ("By place, most deprived first", _places(places)),
        ("Taken together", leaning(report)),
        (
            "What fairness costs",
            [price_in_words(row) for _, row in prices.iterrows()] or ["There is nothing to price."],
        ),
    ]


def _line(row: pd.Series) -> str:
    ratio = row["spend_per_need_ratio"]
    beside = f" ({ratio:.0%} of the county's)" if row["kind"] != "all" and ratio == ratio else ""
    return (
        f"{row['label']}: {row['people']:,.0f} people, {row['expected_admissions']:,.0f} admissions expected a year; "
        f"£{row['spend']:,.0f}, £{row['spend_per_expected_admission']:,.0f} for each{beside}; "
        f"{row['admissions_averted']:,.1f} averted"
    )


def _places(places: pd.DataFrame) -> list[str]:
    """Every place, or of many those that get least and most per head of need."""
    if len(places) <= MOST_SHOWN:
        ordered = places.sort_values(["mean_decile", "of"], kind="stable", na_position="last")
        return [_line(row) for _, row in ordered.iterrows()]
    ordered = places.sort_values(["spend_per_need_ratio", "of"], kind="stable")
    ends = pd.concat([ordered.head(3), ordered.tail(3)])
    return [
        f"{len(places)} places; those that get least and most per head of need:",
        *(_line(r) for _, r in ends.iterrows()),
    ]


def leaning(report: pd.DataFrame) -> list[str]:
    """What the concentration indices say; nothing where deprivation is not known."""
    whole = report[report["kind"] == "all"].iloc[0]
    names = {"spend": "money", "participants": "taking part", "admissions_averted": "admissions averted"}
    lines = []
    for name, said in names.items():
        index = whole[f"{name}_concentration_index"]
        if index == index:
            how = (
                "to the more deprived" if index < -SMALL else "to the less deprived" if index > SMALL else "to neither"
            )
            lines.append(f"Per head of need, {said} leans {how}: concentration index {index:+.3f}")
    return lines or ["Deprivation is not known, so nothing can be said of it."]


def price_in_words(row: pd.Series) -> str:
    """What one rule costs."""
    where = f" ({row['where']})" if row["where"] else " (the plan does not ask for it)"
    if row["why_not"]:
        return f"{row['in_words']}{where}: can't be kept with the plan's other lines"
    share = f", {row['price_share']:.2%}" if row["price_share"] == row["price_share"] else ""
    verb = "costs" if row["stated"] else "would cost"
    return (
        f"{row['in_words']}{where}: {verb} {row['price'] + 0.0:,.2f} admissions{share} "
        f"({row['admissions_averted_with']:,.1f} averted with it, {row['admissions_averted_without']:,.1f} without)"
    )
