"""My place: a page for each district, and one that leads to them."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Bar, Tile, bars, chart_of, said_of, tiles
from avert.book.county import County
from avert.book.page import Chart, Page
from avert.library.records import ALL_AGES
from avert.results.words import age_in_words


def my_place(county: County) -> list[Page]:
    """Nothing for a county of one place: its own pages say it all."""
    if len(county.places) < 2:
        return []
    return [_overview(county), *(_place(county, place) for place in county.places)]


def _overview(county: County) -> Page:
    table = county.by_place()
    each = 1000 * table["averted"] / table["people"].clip(lower=1)
    top = float(each.max()) or 1.0
    rows = [
        Tile(row.place, row.label, f"{value:.1f}", value / top)
        for row, value in zip(table.itertuples(), each, strict=True)
    ]
    numbers = pd.DataFrame({"Place": table["label"], "Admissions averted per 1,000 older residents": each.round(2)})
    chart = chart_of(
        f"{county.stem}-map",
        f"Averted for every 1,000 older residents: from {each.min():.1f} to {each.max():.1f}",
        f"Emergency admissions averted per 1,000 residents aged 65 and over, {wording.years(county.years)}",
        lambda width: tiles(rows, width),
        said_of(rows),
        numbers,
    )
    links = [md.link(label, county.page(place)) for place, label in county.places.items()]
    return Page(
        county.page("places"),
        "My place",
        f"What the plan means for each of the {wording.how_many(len(links))} places of {md.text(county.name)}.",
        [
            md.items(links),
            md.chart(chart.name, "Each square is a place, near where it lies. The darker, the more is averted."),
        ],
        [chart],
        nav="My place",
        group=county.name,
        keywords="district map places where I live " + " ".join(county.places.values()),
    )


def _place(county: County, place: str) -> Page:
    label = county.places[place]
    row = county.by_place().set_index("place").loc[place]
    services, chart = _services(county, place), None
    chart = _chart(county, place, services)
    lead = (
        f"In {md.text(label)} the plan spends {wording.money(row['spend'])} and averts about "
        f"**{wording.count(row['averted'])} emergency admissions** in {wording.how_many_years(len(county.years))}."
    )
    return Page(
        county.page(place),
        label,
        lead,
        [
            md.heading("Who lives here"),
            _people(county, place),
            md.heading("What is offered here"),
            md.chart(chart.name, f"Money spent here on each service, {wording.years(county.years)}."),
            md.heading("What it averts here"),
            _outcomes(county, place),
            f"Back to {md.link('all places', county.page('places'))}, or see "
            f"{md.link('who gets what', county.page('who-gets-what'))}.",
        ],
        [chart],
        keywords=f"{label} {county.name}",
    )


def _people(county: County, place: str) -> str:
    own = county.people[county.people["place"] == place]
    year = county.plan.area.population_year
    rows = [[md.text(age_in_words(str(r.age_band))), wording.count(r.people)] for r in own.itertuples()]
    everyone = "All" if ALL_AGES in county.plan.area.ages else "65 and over"
    rows.append([md.strong(everyone), md.strong(wording.count(own["people"].sum()))])
    record = next(one for one in county.plan.area.places if one.id == place)
    decile = record.imd_average_decile
    said = (
        f"\n\nMean deprivation decile of its neighbourhoods: {md.text(f'{decile:.1f}')} (1 is the most deprived "
        "tenth of "
        "England)."
        if decile
        else ""
    )
    note = f"\n\n{md.text(record.note)}" if record.note else ""
    heading = f"Residents ({md.text(year)})" if year else "Residents"
    return f"{md.table(['Age', heading], rows, right=(1,))}{said}{note}"


def _services(county: County, place: str) -> pd.DataFrame:
    table = county.table("allocation")
    own = (
        table[table["place"] == place]
        .groupby("intervention", as_index=False)[["people_offered", "participants", "spend"]]
        .sum()
    )
    labels = {one.id: one.label for one in county.library.interventions.values()}
    own["label"] = [labels[name] for name in own["intervention"]]
    return own.sort_values(["spend", "intervention"], ascending=[False, True], kind="stable")


def _chart(county: County, place: str, services: pd.DataFrame) -> Chart:
    rows = [
        Bar(row.label, row.spend, f"{wording.money(row.spend)}, {wording.count(row.participants)} people")
        for row in services.head(10).itertuples()
    ]
    numbers = pd.DataFrame(
        {
            "Service": services["label"],
            "People offered it": services["people_offered"].round(1),
            "People taking part": services["participants"].round(1),
            "Spend (£)": services["spend"].round(0),
        }
    )
    return chart_of(
        f"{county.stem}-{place.replace('_', '-')}-services",
        f"{len(services)} services are offered here",
        "Money, and people who take part",
        lambda width: bars(rows, width),
        said_of(rows),
        numbers,
    )


def _outcomes(county: County, place: str) -> str:
    table = county.table("outcomes")
    own = table[table["place"] == place].groupby("label", as_index=False)[["baseline", "averted"]].sum()
    own = own.sort_values("averted", ascending=False, kind="stable")
    rows = [[md.text(r.label), wording.count(r.baseline), wording.averted(r.averted)] for r in own.itertuples()]
    return md.table(["Outcome", "Expected if nothing changes", "Averted"], rows, right=(1, 2))
