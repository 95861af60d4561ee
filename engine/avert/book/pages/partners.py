"""Who pays, who gains: partners, wrong pockets, and what the gain is made of."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Bar, bars, chart_of, said_of
from avert.book.county import County
from avert.book.page import Chart, Page


def partners(county: County) -> Page:
    """Contributions and gains of each partner."""
    sums = _sums(county)
    chart = _chart(county, sums)
    return Page(
        county.page("partners"),
        "Who pays, who gains",
        _lead(county, sums),
        [
            md.chart(chart.name, f"{wording.years(county.years)}, in {md.text(county.plan.record.prices)} prices."),
            md.heading("Three kinds of gain, never added up"),
            _kinds(),
            _table(county, sums),
            *_left(county),
            md.heading("Year by year"),
            _by_year(county),
            md.heading("Money in the wrong pocket"),
            _wrong_pocket(county, sums),
        ],
        [chart],
        nav="Who pays, who gains",
        group=county.name,
        keywords="partners contributions money wrong pockets gain share cash",
    )


def _sums(county: County) -> pd.DataFrame:
    columns = ["contribution", "paid", "not_spent", "bed_days_averted", "value_at_reference_cost", "cashable"]
    sums = county.table("partners").groupby("partner", as_index=False)[columns].sum()
    sums["label"] = [county.partner(name) for name in sums["partner"]]
    return sums.sort_values("contribution", ascending=False, kind="stable")


def _lead(county: County, sums: pd.DataFrame) -> str:
    spend, worth = float(sums["contribution"].sum()), float(sums["value_at_reference_cost"].sum())
    gainer = sums.loc[sums["value_at_reference_cost"].idxmax()]
    payers = sums[sums["contribution"] > 0]
    share = float(gainer["contribution"]) / spend if spend else 0.0
    gains = float(gainer["value_at_reference_cost"]) / worth if worth else 0.0
    if len(payers) < 2:
        return f"One partner pays {wording.money(spend)}; the care averted is worth {wording.money(worth)}."
    return (
        f"{md.text(gainer['label'])} puts in {md.text(wording.percent(share))} of the money and gains "
        f"{md.text(wording.percent(gains))} of the care averted, worth {wording.money(worth)} in all."
    )


def _chart(county: County, sums: pd.DataFrame) -> Chart:
    rows = []
    for row in sums.itertuples():
        if row.contribution or row.value_at_reference_cost:
            rows.append(Bar(f"{row.label} puts in", row.contribution, wording.money(row.contribution)))
            gain = f"care worth {wording.money(row.value_at_reference_cost)}"
            rows.append(Bar(f"{row.label} gains", row.value_at_reference_cost, gain, unsure=True))
    numbers = pd.DataFrame(
        {
            "Partner": sums["label"],
            "Puts in (£)": sums["contribution"].round(0),
            "Care averted at reference cost (£)": sums["value_at_reference_cost"].round(0),
            "Of which cash (£)": sums["cashable"].round(0),
            "Days in hospital averted": sums["bed_days_averted"].round(0),
        }
    )
    worth = float(sums["value_at_reference_cost"].sum())
    spend = float(sums["contribution"].sum())
    headline = f"Every £1 put in spares care worth {_pence(worth / spend)}" if spend else "Nobody puts money in"
    return chart_of(
        f"{county.stem}-partners",
        headline,
        "What each partner puts in, and the worth of care it is spared",
        lambda width: bars(rows, width),
        said_of(rows),
        numbers,
    )


def _pence(value: float) -> str:
    return f"{100 * value:.0f}p" if value < 1 else f"£{value:.2f}"


def _kinds() -> str:
    cash = md.link("Cash", "glossary#term-cashable")
    return md.items(
        [
            "**Days in hospital averted**: beds free for others. This is the surest gain.",
            "**Value at reference cost**: what that care costs on average. It is not money that can be spent again.",
            f"{cash}: the part that really stops being spent. It counts as nothing unless somebody shows otherwise.",
        ]
    )


def _table(county: County, sums: pd.DataFrame) -> str:
    rows = [
        [
            md.text(row.label),
            wording.money(row.contribution),
            wording.money(row.paid) if row.paid == row.paid else "not known",
            wording.count(row.bed_days_averted),
            wording.money(row.value_at_reference_cost),
            wording.money(row.cashable),
        ]
        for row in sums.itertuples()
    ]
    head = ["Partner", "Puts in", "Pays", "Days in hospital averted", "Value at reference cost", "Cash"]
    return md.table(head, rows, right=(1, 2, 3, 4, 5))


def _left(county: County) -> list[str]:
    """Who keeps how much, and in which years."""
    lines = [
        f"{md.text(county.partner(one.partner))}: {wording.money(one.pounds)} of {wording.money(one.put_in)} "
        f"({md.text(wording.listed(one.years))})."
        for one in county.unspent
    ]
    if not lines:
        return []
    why = "Nothing more that it may pay for helps enough, or another line of the plan stands in the way."
    return [md.heading("Money the plan does not spend"), f"{why}\n\n{md.items(lines)}"]


def _by_year(county: County) -> str:
    table = county.table("partners")
    rows = [
        [
            md.text(row.year),
            md.text(county.partner(row.partner)),
            wording.money(row.contribution),
            wording.money(row.paid) if row.paid == row.paid else "not known",
            wording.money(row.value_at_reference_cost),
        ]
        for row in table.itertuples()
    ]
    return md.table(["Year", "Partner", "Puts in", "Pays", "Value of care averted"], rows, right=(2, 3, 4))


def _wrong_pocket(county: County, sums: pd.DataFrame) -> str:
    lines = []
    spend, worth = float(sums["contribution"].sum()), float(sums["value_at_reference_cost"].sum())
    for row in sums.itertuples():
        if spend and worth and (row.contribution or row.value_at_reference_cost):
            pays, gains = row.contribution / spend, row.value_at_reference_cost / worth
            lines.append(
                f"{md.text(row.label)}: {md.text(wording.percent(pays))} of the money, "
                f"{md.text(wording.percent(gains))} of the "
                "value."
            )
    intro = "Prevention is often paid from one budget while another is spared. A fair pool looks at both shares:"
    return (
        f"{intro}\n\n{md.items(lines)}\n\nHow partners share gains is for them to agree. This page only shows where "
        "they "
        "fall."
    )
