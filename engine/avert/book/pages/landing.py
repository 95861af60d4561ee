"""Several counties side by side: the first page of their book."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.book import Book
from avert.book.charts import Interval, Tile, chart_of, intervals, said_of, tiles
from avert.book.county import County
from avert.book.page import Chart, Page


def landing(book: Book) -> Page:
    """What each county's plan comes to, and where its districts are."""
    sure = _sure(book)
    maps = [_map(county, book) for county in book.counties if len(county.places) > 1]
    names = wording.listed([county.name for county in book.counties])
    parts = [
        "Each county pools NHS and council money to keep older people well and out of hospital. Choose a county:",
        md.items([_headline(county) for county in book.counties]),
        md.heading("Side by side"),
        md.chart(
            sure.name,
            "The middle figure and the likely range. Counties differ in size and in money, so compare with care.",
        ),
        _table(book),
        md.heading("Their districts"),
    ]
    for one in maps:
        parts.append(
            md.chart(one.name, "Each square is a place, near where it lies. Shades are the same for all counties.")
        )
    alone = [county.name for county in book.counties if len(county.places) == 1]
    if alone:
        parts.append(f"{md.text(wording.listed(alone))} is planned as one place.")
    return Page(
        "index",
        book.title,
        f"Plans of {md.text(names)}, and the evidence behind them.",
        parts,
        [sure, *maps],
        nav="All counties",
        group="",
    )


def _headline(county: County) -> str:
    sure = county.sure
    return (
        f"{md.link(county.name, county.home)}: {wording.money(county.total('spend'))} could avert about "
        f"**{wording.count(wording.about(county.total('admissions_averted')))} emergency admissions** "
        f"({wording.count(wording.about(sure.low))} to {wording.count(wording.about(sure.high))})."
    )


def _sure(book: Book) -> Chart:
    rows, numbers = [], []
    for county in book.counties:
        sure, middle = county.sure, county.total("admissions_averted")
        rows.append(
            Interval(
                county.name,
                middle,
                sure.low,
                sure.high,
                f"{wording.count(middle)} ({wording.span(sure.low, sure.high)})",
                sure.unseen > 0.5,
            )
        )
        numbers.append((county.name, round(sure.low, 1), round(middle, 1), round(sure.high, 1)))
    return chart_of(
        "counties-averted",
        "What each county's plan could avert",
        "Emergency admissions averted: low, middle and high",
        lambda width: intervals(rows, width, ratio=False, neutral=0.0),
        said_of(rows),
        pd.DataFrame(numbers, columns=["County", "Low", "Middle", "High"]),
    )


def _table(book: Book) -> str:
    rows = []
    for county in book.counties:
        people = float(county.people["people"].sum())
        first = county.services.iloc[0]["label"] if len(county.services) else "nothing"
        rows.append(
            [
                md.link(county.name, county.home),
                wording.count(people),
                wording.money(county.total("spend")),
                wording.pounds(county.total("spend") / people / len(county.years)),
                f"{1000 * county.total('admissions_averted') / people:.1f}",
                md.text(first),
            ]
        )
    head = [
        "County",
        "Residents 65 and over",
        "Money over all years",
        "Money a year for each",
        "Admissions averted per 1,000",
        "Service that averts most",
    ]
    return md.table(head, rows, right=(1, 2, 3, 4))


def _each(county: County) -> pd.Series:
    table = county.by_place().set_index("place")
    return 1000 * table["averted"] / table["people"].clip(lower=1)


def _map(county: County, book: Book) -> Chart:
    top = max(float(_each(one).max()) for one in book.counties) or 1.0
    each = _each(county)
    rows = [
        Tile(str(place), county.places[str(place)], f"{value:.1f}", float(value) / top) for place, value in each.items()
    ]
    numbers = pd.DataFrame(
        {"Place": [row.label for row in rows], "Admissions averted per 1,000 older residents": each.round(2).to_numpy()}
    )
    return chart_of(
        f"{county.stem}-tiles",
        county.name,
        "Emergency admissions averted per 1,000 residents aged 65 and over",
        lambda width: tiles(rows, width),
        said_of(rows),
        numbers,
    )
