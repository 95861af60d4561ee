"""Fairness: what each place gets for each older resident, beside how deprived it is."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Bar, bars, chart_of, said_of
from avert.book.county import County
from avert.book.page import Chart, Page
from avert.book.pages.fairness_parts import asked, by_deprivation, by_need, costs

MOST_BARS = 40
"""Places up to which each has its bar; of more, as many of the most and of the least deprived."""


def fairness(county: County) -> Page | None:
    """None where there is one place, and nothing to compare."""
    table = county.by_place()
    if len(table) < 2:
        return None
    table = table.assign(
        head=table["spend"] / table["people"].clip(lower=1),
        each=1000 * table["averted"] / table["people"].clip(lower=1),
    )
    chart = _chart(county, table)
    return Page(
        county.page("fairness"),
        "Fairness",
        _lead(table),
        [
            md.chart(chart.name, _caption(table)),
            _table(table),
            md.heading("For each head of need"),
            *by_need(county),
            *by_deprivation(county),
            md.heading("What the plan asks for"),
            asked(county),
            md.heading("What fairness costs"),
            *costs(county),
            md.heading("What this page can't show"),
            "Places are large. People who are badly off live in every one of them. Who takes up an offer "
            "matters as much as where it is made, and take-up is often lower where need is higher.",
            "Need is reckoned from age, the conditions people have and the local rates of falls, where they are known. "
            "Whatever else makes deprived places ill earlier is not in it, so their need is likely to be larger.",
        ],
        [chart],
        nav="Fairness",
        group=county.name,
        keywords="equity deprivation fair places need",
    )


def _by_need(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(["decile", "label"], kind="stable", na_position="last")


def _lead(table: pd.DataFrame) -> str:
    known = table.dropna(subset=["decile"])
    if len(known) < 2:
        most, least = table.loc[table["head"].idxmax()], table.loc[table["head"].idxmin()]
        return (
            f"Spending for each older resident runs from {wording.pounds(least['head'])} in "
            f"{md.text(least['label'])} to "
            f"{wording.pounds(most['head'])} in {md.text(most['label'])}."
        )
    poor = _by_need(known).iloc[0]
    whole = float(table["spend"].sum()) / max(float(table["people"].sum()), 1.0)
    much = poor["head"] / whole if whole else 1.0
    said = "more than" if much > 1.03 else "less than" if much < 0.97 else "about as much as"
    return (
        f"{md.text(poor['label'])}, the most deprived place, gets {wording.pounds(poor['head'])} for each older "
        "resident: "
        f"{said} the average of {wording.pounds(whole)}."
    )


def _chart(county: County, table: pd.DataFrame) -> Chart:
    ordered = _by_need(table)
    ordered = (
        ordered
        if len(ordered) <= MOST_BARS
        else pd.concat([ordered.head(MOST_BARS // 2), ordered.tail(MOST_BARS // 2)])
    )
    rows = [
        Bar(row.label + _decile(row.decile), row.head, f"{wording.pounds(row.head)}; {row.each:.1f} averted per 1,000")
        for row in ordered.itertuples()
    ]
    numbers = pd.DataFrame(
        {
            "Place": ordered["label"],
            "Mean deprivation decile (1 is most deprived)": ordered["decile"],
            "Residents 65 and over": ordered["people"].round(0),
            "Spend for each (£)": ordered["head"].round(2),
            "Admissions averted per 1,000": ordered["each"].round(2),
        }
    )
    return chart_of(
        f"{county.stem}-fairness",
        f"Money for each older resident, most deprived place first{_left_out(table)}",
        "Pounds for each resident aged 65 and over, and admissions averted per 1,000 of them",
        lambda width: bars(rows, width),
        said_of(rows),
        numbers,
    )


def _left_out(table: pd.DataFrame) -> str:
    """That not all places are drawn, where they are too many."""
    return "" if len(table) <= MOST_BARS else f": the first and the last {MOST_BARS // 2} of {len(table)} places"


def _decile(decile: float | None) -> str:
    return f" (deprivation {decile:.1f} of 10)" if decile is not None and decile == decile else ""


def _caption(table: pd.DataFrame) -> str:
    if table["decile"].notna().any():
        return (
            "Deprivation is the mean decile of the place's neighbourhoods (Index of Multiple Deprivation 2019): 1 "
            "is the most deprived tenth of England, 10 the "
            "least."
        )
    return "No deprivation figures are given for these places."


def _table(table: pd.DataFrame) -> str:
    spend, people, averted = (float(table[name].sum()) or 1.0 for name in ("spend", "people", "averted"))
    rows = [
        [
            md.text(row.label),
            *(md.text(wording.percent(v)) for v in (row.people / people, row.spend / spend, row.averted / averted)),
        ]
        for row in _by_need(table).itertuples()
    ]
    return md.table(
        ["Place", "Share of older residents", "Share of the money", "Share of admissions averted"],
        rows,
        right=(1, 2, 3),
    )
