"""Who gets what: places by services, shaded; people, money and admissions averted."""

from __future__ import annotations

from html import escape

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Bar, bars, behind, chart_of, said_of
from avert.book.county import County, evidence_page
from avert.book.page import Chart, Page

ALL_PLACES = '<th scope="col" class="number">All places</th>'
SMALL = 0.0005
"""Share of all money below which a service is one of a few small ones."""


def who_gets_what(county: County) -> Page:
    """Spend and people by place and service."""
    if county.services.empty:
        said = "The plan buys nothing: no service that it may buy is worth its cost to it."
        return Page(county.page("who-gets-what"), "Who gets what", said, [], nav="Who gets what", group=county.name)
    grid, places, rules = _grid(county), _places_chart(county), _rules(county)
    by_place = county.by_place()
    several = len(by_place) > 1
    return Page(
        county.page("who-gets-what"),
        "Who gets what",
        _lead(county, by_place),
        [
            md.heading("Money by place and service"),
            "The darker a cell, the more money. People are counted once for each service they start.",
            md.chart(grid.name, f"Spend in {wording.years(county.years)}, in pounds."),
            *(
                [md.heading("Each place"), md.chart(places.name, "Averted in each place by all services together.")]
                if several
                else []
            ),
            md.heading("Who should be offered each service"),
            "The groups that make up most of each service.",
            rules,
        ],
        [grid, *([places] if several else [])],
        nav="Who gets what",
        group=county.name,
        keywords="allocation places services spend people offered",
    )


def _lead(county: County, by_place: pd.DataFrame) -> str:
    people = county.services["participants"].sum()
    years = wording.how_many_years(len(county.years))
    said = f"About {wording.count(wording.about(people, 3))} times, somebody starts a service in {years}."
    if len(by_place) < 2:
        return said
    head = by_place["spend"] / by_place["people"].clip(lower=1)
    most, least = by_place.loc[head.idxmax()], by_place.loc[head.idxmin()]
    return (
        f"{said} {md.text(most['label'])} gets most for each older resident ({wording.pounds(head.max())}), "
        f"{md.text(least['label'])} least ({wording.pounds(head.min())})."
    )


def _grid(county: County) -> Chart:
    spent = county.table("allocation").pivot_table(
        index="intervention", columns="place", values="spend", aggfunc="sum", fill_value=0.0
    )
    spent = spent.reindex(columns=list(county.places), fill_value=0.0)
    spent = spent.loc[spent.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    labels = {one.id: one.label for one in county.library.interventions.values()}
    numbers = spent.round(0).rename(index=labels, columns=county.places).rename_axis("Service").reset_index()
    if len(county.places) > 1:
        numbers["All places"] = spent.sum(axis=1).round(0).to_numpy()
    headline = (
        f"Most of the money goes to {md.plain(labels[spent.index[0]])}"
        if len(spent) and spent.iloc[0].sum() > 0.5 * spent.to_numpy().sum()
        else "Where the money goes"
    )
    name = f"{county.stem}-grid"
    html = (
        f'<p class="headline">{escape(headline, quote=False)}</p><p class="under">Pounds by place and service</p>'
        f"{_shaded(county, spent, labels)}{behind(name, headline, numbers)}"
    )
    still = bars([Bar(labels[str(i)], float(v), wording.money(float(v))) for i, v in spent.sum(axis=1).items()], 720)
    return Chart(name, html, still.alone(headline), headline, numbers)


def _shaded(county: County, spent: pd.DataFrame, labels: dict[str, str]) -> str:
    """Colour by the square root of a cell's share of the largest, so that small sums are told apart too."""
    top = float(spent.to_numpy().max()) or 1.0
    head = "".join(
        f'<th scope="col" class="number">{escape(name, quote=False)}</th>' for name in county.places.values()
    )
    several, rows = len(county.places) > 1, []
    large = spent.sum(axis=1) >= SMALL * spent.to_numpy().sum()
    for service, row in spent[large].iterrows():
        cells = "".join(_cell(value, top) for value in row)
        link = f'<a href="{evidence_page(str(service))}.html">{escape(labels[str(service)], quote=False)}</a>'
        rows.append(f'<tr><th scope="row">{link}</th>{cells}{_whole(row.sum()) if several else ""}</tr>')
    if (~large).any():
        row = spent[~large].sum()
        cells = "".join(_cell(value, top) for value in row)
        named = f'<th scope="row">{(~large).sum()} more, each for very few people</th>'
        rows.append(f"<tr>{named}{cells}{_whole(row.sum()) if several else ''}</tr>")
    sums = "".join(f'<td class="number">{wording.money(value)}</td>' for value in spent.sum())
    whole = _whole(spent.to_numpy().sum()) if several else ""
    foot = f'<tr class="total"><th scope="row">All services</th>{sums}{whole}</tr>'
    return (
        '<div class="scrolls" role="region" aria-label="Money by place and service" tabindex="0"><table><thead><tr>'
        f'<th scope="col">Service</th>{head}{ALL_PLACES if several else ""}</tr></thead>'
        f"<tbody>{''.join(rows)}{foot}</tbody></table></div>"
    )


def _cell(value: float, top: float) -> str:
    said = wording.money(value) if value >= 0.5 else "–"
    return f'<td class="shaded" style="--part:{0.5 * (max(value, 0.0) / top) ** 0.5:.2f}">{said}</td>'


def _whole(value: float) -> str:
    return f'<td class="number">{wording.money(value)}</td>'


def _places_chart(county: County) -> Chart:
    table = county.by_place().sort_values("averted", ascending=False, kind="stable")
    rows = [
        Bar(row.label, row.averted, f"{wording.count(row.averted)} for {wording.money(row.spend)}")
        for row in table.itertuples()
    ]
    numbers = pd.DataFrame(
        {
            "Place": table["label"],
            "Residents 65 and over": table["people"].round(0),
            "Spend (£)": table["spend"].round(0),
            "Admissions averted": table["averted"].round(1),
            "Averted per 1,000 residents": (1000 * table["averted"] / table["people"].clip(lower=1)).round(2),
        }
    )
    return chart_of(
        f"{county.stem}-places",
        "Admissions averted in each place",
        "Emergency admissions averted, and what is spent there",
        lambda width: bars(rows, width),
        said_of(rows),
        numbers,
    )


def _rules(county: County) -> str:
    rules = county.table("rules")
    parts = []
    for row in _large(county).itertuples():
        own = rules[rules["intervention"] == row.intervention].head(3)
        named = [
            f"{md.text(r.rule.removesuffix(': everywhere'))} ({wording.percent(r.share_of_service)})"
            for r in own.itertuples()
        ]
        parts.append(f"{md.link(row.label, evidence_page(row.intervention))}: " + "; ".join(named) + ".")
    return md.items(parts)


def _large(county: County) -> pd.DataFrame:
    """Services with a share of the money worth telling, most money first."""
    table = county.services.sort_values("spend", ascending=False, kind="stable")
    return table[table["spend"] >= SMALL * table["spend"].sum()]
