"""Data: every table to download, with what each column holds."""

from __future__ import annotations

from html import escape

import pandas as pd

from avert.appraisal import combined
from avert.book import markdown as md
from avert.book.book import Book
from avert.book.county import County
from avert.book.downloads import csv_of, zipped
from avert.book.page import Page, Piece
from avert.results import COLUMNS, FIGURE_COLUMNS, figures_of

LARGE = ("allocation", "offers", "marginal_values")
"""Tables that only stand in the zip file."""
ENDS = ["admissions_averted_at_low", "admissions_averted_at_high"]
ABOUT = {
    "allocation": "Who is offered what: year, service, place, age band and group",
    "offers": "Who is offered which services together",
    "rules": "Whom to offer each service to, in words",
    "outcomes": "Events by cause, place and year: expected, averted, remaining",
    "partners": "What partners put in, pay and gain, by year",
    "marginal_values": "What one more unit of each limit would bring",
    "objectives": "The plan beside the best plan by another outcome",
    "interventions": "Each service: people, spend, admissions averted, certainty",
    "frontier": "What each budget buys: certified optima",
    "frontier_services": "What each budget buys, service by service",
    "frontier_places": "What each budget buys, place by place",
    "spread": "Each figure at the ends of its range, and what the plan then averts",
    "considered": "Every service of the library: in or out of the plan, and why",
    "readings": "What the plan averts where studies can be read in another way",
    "proposal": "The group's own proposal beside the best plan for the same money, service by service",
    "proposal_outcomes": "What the proposal and the best plan for the same money avert, by outcome",
    "proposal_places": "The same by place and year",
    "proposal_lines": "Rules of the plan the proposal keeps and breaks",
    "proposal_payments": "One way in which partners could pay for the proposal",
    "moves": "Moves from the proposal to the best plan for the same money",
    "fairness_report": "Who gets what for each head of need, by place and by deprivation fifth",
    "fairness_prices": "What each rule of fairness costs",
    "concentration": "Who carries the burden: what the people most at risk are expected to have",
    "concentration_curve": "The same at every hundredth of the people",
    "burden_by_conditions": "Expected admissions, days and cost by number of conditions and by age",
    "burden_explained": "How much of the differences between people age, conditions and place explain",
    "burden_by_place": "Expected admissions and high-risk people by place",
    "burden_pairs": "Risk factors that come together, and how far beyond chance",
    "burden_observed": "What happened to people in linked records, by conditions and age",
}


def data(book: Book) -> Page:
    """Downloads and the data dictionary."""
    pieces = [_downloads(county) for county in book.counties]
    files: dict[str, bytes] = {}
    for county in book.counties:
        files |= _files(county)
    files["data/evidence-figures.zip"] = zipped(
        {"evidence-figures.csv": figures_of(book.library).to_csv(index=False, lineterminator="\n").encode()}
    )
    parts = []
    for county, piece in zip(book.counties, pieces, strict=True):
        parts += [md.heading(county.name), md.piece(piece.name)]
    evidence = Piece(
        "data-evidence",
        '<ul><li><a href="data/evidence-figures.zip" download>Every figure of the evidence, with low and high, '
        "unit, source and "
        "standing (zip of one CSV)</a></li></ul>",
    )
    return Page(
        "data",
        "Data",
        "Every number in this book can be downloaded and used again.",
        [
            "Files are CSV, which any spreadsheet opens. Money is in pounds, in the prices of the year named. "
            "Low and high are the ends of a 95% range.",
            *parts,
            md.heading("The evidence"),
            md.piece(evidence.name),
            md.heading("What the columns hold"),
            *_dictionary(),
        ],
        [*pieces, evidence],
        nav="Data",
        group="About",
        keywords="download csv excel workbook dictionary columns tables",
        files=files,
    )


def _downloads(county: County) -> Piece:
    folder = f"data/{county.stem}"
    listed = [("services-low-high.csv", "Key figures: each service and the whole plan, with low and high (CSV)")]
    listed += [
        (f"{name}.csv", f"{ABOUT[name]} (CSV)")
        for name in COLUMNS
        if name in county.tables and _by_itself(county, name)
    ]
    listed += [
        ("workbook.xlsx", "The whole answer as a workbook (Excel)"),
        ("all-tables.zip", "All tables, the long ones too, and the manifest (zip of CSV and JSON)"),
    ]
    rows = "".join(
        f'<li><a href="{folder}/{escape(name)}" download>{escape(words, quote=False)}</a></li>'
        for name, words in listed
    )
    return Piece(f"{county.stem}-downloads", f"<ul>{rows}</ul>")


def _by_itself(county: County, name: str) -> bool:
    """Whether a table is offered as a file of its own, and not only in the zip."""
    return name not in LARGE and not (name == "burden_observed" and county.tables[name].empty)


def _files(county: County) -> dict[str, bytes]:
    folder = f"data/{county.stem}"
    found = {
        f"{folder}/{name}.csv": (county.folder / f"{name}.csv").read_bytes()
        for name in county.tables
        if _by_itself(county, name)
    }
    found[f"{folder}/services-low-high.csv"] = csv_of(low_and_high(county))
    found[f"{folder}/workbook.xlsx"] = (county.folder / "workbook.xlsx").read_bytes()
    whole = {f"{name}.csv": (county.folder / f"{name}.csv").read_bytes() for name in sorted(county.tables)}
    found[f"{folder}/all-tables.zip"] = zipped(
        {**whole, "manifest.json": (county.folder / "manifest.json").read_bytes()}
    )
    return found


def low_and_high(county: County) -> pd.DataFrame:
    """Admissions averted by each service and by the plan: low, middle, high.

    A service's range takes the figures of its own record; the plan's takes all.
    """
    spread, rows = county.table("spread"), []
    whole = county.total("admissions_averted")
    for row in county.services.itertuples():
        own, middle = spread[spread["record"] == row.intervention].copy(), row.admissions_averted_in_plan
        own[ENDS] -= whole - middle  # what the others avert stays
        low, high = combined(own, middle)
        rows.append((row.intervention, row.label, row.participants, row.spend, low, middle, high, row.certainty))
    sure = county.sure
    rows.append(
        (
            "total",
            "the plan",
            county.services["participants"].sum(),
            county.total("spend"),
            sure.low,
            whole,
            sure.high,
            "",
        )
    )
    names = [
        "intervention",
        "label",
        "participants",
        "spend",
        "admissions_averted_low",
        "admissions_averted",
        "admissions_averted_high",
        "certainty",
    ]
    return pd.DataFrame(rows, columns=names).round(3)


def _dictionary() -> list[str]:
    parts = []
    own = {
        "spend": "cost over the years [£]",
        "admissions_averted_low": "low end of the range; the figures of the service's own record moved [admissions]",
        "admissions_averted": "middle figure: lost without the service [admissions]",
        "admissions_averted_high": "high end of the range [admissions]",
        "certainty": "lowest certainty of an effect it rests on",
    }
    for name, columns in {"services-low-high": own, **COLUMNS, "evidence-figures": FIGURE_COLUMNS}.items():
        about = ABOUT.get(name, "")
        rows = [[f"`{column}`", md.text(meaning)] for column, meaning in columns.items()]
        parts += [
            md.heading(name.replace("_", " ").replace("-", " "), 3),
            md.text(about),
            md.table(["Column", "What it holds"], rows),
        ]
    return parts
