"""Fairness: what each place gets for each older resident, beside how deprived it is."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Bar, bars, chart_of, said_of
from avert.book.county import County
from avert.book.page import Chart, Page


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
            md.heading("What the plan asks for"),
            _rules(county),
            md.heading("What this page can't show"),
            "Places are large. People who are badly off live in every one of them. Who takes up an offer "
            "matters as much as "
            ""
            "where it is made, and take-up is often lower where need is higher.",
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
            ""
            f"{wording.pounds(most['head'])} in {md.text(most['label'])}."
        )
    poor = _by_need(known).iloc[0]
    whole = float(table["spend"].sum()) / max(float(table["people"].sum()), 1.0)
    much = poor["head"] / whole if whole else 1.0
    said = "more than" if much > 1.03 else "less than" if much < 0.97 else "about as much as"
    return (
        f"{md.text(poor['label'])}, the most deprived place, gets {wording.pounds(poor['head'])} for each older "
        "resident: "
        ""
        f"{said} the average of {wording.pounds(whole)}."
    )


def _chart(county: County, table: pd.DataFrame) -> Chart:
    ordered = _by_need(table)
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
        "Money for each older resident, most deprived place first",
        "Pounds for each resident aged 65 and over, and admissions averted per 1,000 of them",
        lambda width: bars(rows, width),
        said_of(rows),
        numbers,
    )


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


def _rules(county: County) -> str:
    fair = county.plan.record.fairness
    lines = []
    if fair.each_place_at_least:
        lines.append(
            f"Each place gets at least {md.text(wording.percent(fair.each_place_at_least))} of what its number "
            "of older residents would give "
            "it."
        )
    if fair.offers == "same_everywhere":
        lines.append("The same people are offered the same services in every place.")
    for least in fair.minimum:
        where = (
            wording.listed([county.places[name] for name in least.places])
            if least.places
            else f"the {wording.how_many(least.most_deprived or 1)} most deprived places"
        )
        what = (
            f"{wording.money(least.spend)} a year"
            if least.spend is not None
            else f"{wording.count(least.admissions_averted or 0)} admissions averted a year"
        )
        lines.append(f"At least {what} in {md.text(where)}.")
    if fair.equity_weights:
        lines.append(
            "An admission averted counts for more in some places: "
            + md.text(wording.listed([f"{county.places[p]} {w:g}" for p, w in fair.equity_weights.items()]))
            + "."
        )
    return md.items(lines) if lines else "The plan asks for no least share for any place."
