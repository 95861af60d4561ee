"""The evidence library as one tidy table: a row for each figure, with everything that is said of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import xlsxwriter

from avert.errors import AvertError
from avert.library import Library, Placed, placed_in, unit_of

FIGURE_COLUMNS = {
    "file": "file of the library",
    "line": "line of that file",
    "record": "id of the intervention, pathway, list of risk factors or unit cost",
    "where": "place in the record, from the outside in, parts joined by ' / '",
    "quantity": "field of the record",
    "age_band": "age band; 'all ages'; empty where it does not go by age",
    "reading": "'central', 'alternative' (a plan may choose it) or 'not summed' (for the reader only)",
    "measure": "scale on which it was published; empty where the quantity says it all",
    "unit": "what the value counts",
    "value": "the figure",
    "low": "lower limit",
    "high": "upper limit",
    "level": "coverage of the interval [0 to 1]",
    "interval_basis": "published or assumed; empty without interval",
    "no_interval": "why there is none",
    "price_year": "financial year of the prices, for money",
    "mark": "seen, derived or recalled; what was recalled is an assumption",
    "source": "keys in the bibliography, joined by ' + '",
    "reference": "the sources in words, joined by ' | '",
    "seen_in": "page, table or abstract in which it was read",
    "seen_as": "abstract, table, paper, official_page or secondary",
    "assumption": "the reason, where no source stands behind it",
    "note": "what a reader should know; the sum of a derived figure",
    "certainty": "certainty of the effect or link it belongs to",
    "design": "design of the studies, or how causal the link is",
}
"""Columns of the table and what they hold."""
NOT_SUMMED = {"other_outcomes", "factors", "completion", "paid_elsewhere"}


def figures_of(library: Library) -> pd.DataFrame:
    """Every figure of a library with the columns in `FIGURE_COLUMNS`, in order of file and place."""
    rows = [
        _row(library, name, file, library.documents[file].line(path), placed)
        for name, file, path, placed in placed_in(library)
    ]
    return pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))


def _row(library: Library, name: str, file: str, line: int, placed: Placed) -> dict[str, object]:
    figure, holder = placed.figure, placed.holder
    low, high = figure.interval or (None, None)
    reading = "central"
    if NOT_SUMMED & set(placed.names):
        reading = "not summed"
    elif "alternatives" in placed.names:
        reading = "alternative"
    said = {
        "file": file,
        "line": line,
        "record": name,
        "where": " / ".join(placed.names),
        "quantity": placed.field,
        "age_band": placed.age_band,
        "reading": reading,
        "measure": getattr(holder, "measure", "") if placed.field == "estimate" else "",
        "unit": unit_of(placed, library),
        "value": figure.value,
        "low": low,
        "high": high,
        "level": figure.level if figure.interval else None,
        "interval_basis": figure.interval_basis if figure.interval else "",
        "price_year": getattr(figure, "price_year", ""),
        "mark": figure.verification,
        "source": " + ".join(figure.source),
        "reference": " | ".join(str(library.sources[key]) for key in figure.source),
        "certainty": getattr(holder, "certainty", ""),
        "design": getattr(holder, "design", getattr(holder, "causal", "")),
    }
    return said | {
        key: getattr(figure, key) or "" for key in ("no_interval", "seen_in", "seen_as", "assumption", "note")
    }


def save_figures(library: Library, out: Path) -> int:
    """Write the table as CSV, Parquet or workbook, by the ending of the file's name; gives the number of rows.

    The same library gives the same bytes.  Raises AvertError for another ending or a place that can't be written.
    """
    writers = {".csv": _csv, ".parquet": _parquet, ".xlsx": _workbook}
    if out.suffix not in writers:
        raise AvertError(f"{out} should end in one of {', '.join(writers)}")
    table = figures_of(library)
    try:
        writers[out.suffix](table, out)
    except OSError as error:
        raise AvertError(f"{out} can't be written: {error.strerror}") from error
    return len(table)


def _csv(table: pd.DataFrame, out: Path) -> None:
    table.to_csv(out, index=False, lineterminator="\n")


def _parquet(table: pd.DataFrame, out: Path) -> None:
    table.to_parquet(out, index=False)


def _workbook(table: pd.DataFrame, out: Path) -> None:
    options = {"nan_inf_to_errors": False, "strings_to_urls": False, "strings_to_formulas": False}
    out.parent.joinpath(out.name).touch()  # an OSError now, and not when the book is closed
    with xlsxwriter.Workbook(str(out), options) as book:
        book.set_properties({"title": "Evidence library", "created": datetime(2000, 1, 1)})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E6ECF2", "border": 1})
        sheet = book.add_worksheet("figures")
        for column, (name, meaning) in enumerate(FIGURE_COLUMNS.items()):
            sheet.set_column(column, column, 40 if name in ("where", "reference", "note", "assumption") else 16)
            sheet.write_string(0, column, f"{name.replace('_', ' ')}\n{meaning}", head)
            for row, value in enumerate(table[name].tolist(), 1):
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif value == value and value is not None:
                    sheet.write_number(row, column, value)
        sheet.set_row(0, 60)
        sheet.freeze_panes(1, 4)
        sheet.autofilter(0, 0, len(table), len(FIGURE_COLUMNS) - 1)
