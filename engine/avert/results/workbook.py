"""The run as a workbook: a notes sheet first, then one sheet a table with frozen headings and units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from avert.plan import assumptions
from avert.results.columns import COLUMNS
from avert.results.result import Result

FIXED_DATE = datetime(2000, 1, 1)  # the file's own date, so that the same run gives the same bytes
_WIDE = {"group", "rule", "label", "in_words", "package", "line"}


def write_workbook(result: Result, path: Path, answer: Sequence[tuple[str, list[str]]] = ()) -> None:
    """Write `workbook.xlsx`, the answer in words on its first sheet.  The same result gives the same bytes."""
    options = {"strings_to_urls": False, "strings_to_formulas": False, "in_memory": True}
    written = BytesIO()  # what the system then refuses, such as a full disk, is its own error and no library's
    book = xlsxwriter.Workbook(written, options)
    book.set_properties({"title": result.manifest["label"] or "avert", "created": FIXED_DATE})
    formats = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E6ECF2", "border": 1}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.00"}),
        "money": book.add_format({"num_format": "£#,##0"}),
    }
    _notes(book, result, formats, answer)
    for name, table in result.tables.items():
        _table(book, name, table, formats)
    _figures(book, result, formats)
    book.close()
    path.write_bytes(written.getvalue())


def _notes(book: Any, result: Result, formats: dict[str, Any], answer: Sequence[tuple[str, list[str]]]) -> None:
    sheet, manifest = book.add_worksheet("notes"), result.manifest
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 110)
    sheet.write(0, 0, manifest["label"] or manifest["plan"], formats["title"])
    plan = result.appraisal.county.plan
    lines = [
        *((heading, line) for heading, said in answer for line in said),
        ("Years", ", ".join(manifest["years"])),
        ("Money", f"in the prices of {manifest['prices']}; contributions are {manifest['money_is']}"),
        ("Evidence", f"{manifest['evidence']} effects, rule {manifest['evidence_rule']}"),
        *(
            (name.replace("_", " "), str(manifest[name]))
            for name in ("status", "objective", "upper_bound", "gap", "max_violation")
            if name in manifest
        ),
        (
            "How to read",
            "Averted events are expected values. Value at reference cost is not cash. "
            "Columns must not be added across.",
        ),
        *(("Area", note) for note in plan.area.record.notes),
        *(("Plan", note) for note in plan.record.notes),
    ]
    for row, (what, text) in enumerate(lines, 2):
        sheet.write_string(row, 0, what)
        sheet.write_string(row, 1, text, formats["wrap"])
    sheet.freeze_panes(1, 0)


def _table(book: Any, name: str, table: Any, formats: dict[str, Any]) -> None:
    sheet = book.add_worksheet(name)
    for column, (heading, meaning) in enumerate(COLUMNS[name].items()):
        sheet.write_string(0, column, f"{heading.replace('_', ' ')}\n{meaning}", formats["head"])
        money = "£" in meaning
        numeric = table[heading].dtype.kind == "f"
        sheet.set_column(
            column,
            column,
            60 if heading in _WIDE else 20,
            formats["money" if money else "number"] if numeric else None,
        )
    for column, heading in enumerate(COLUMNS[name]):
        _column(sheet, column, table[heading])
    sheet.set_row(0, 60)
    sheet.freeze_panes(1, 0)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(COLUMNS[name]) - 1)


def _column(sheet: Any, column: int, values: pd.Series) -> None:
    """One column under its heading; what is no text and no finite number stays empty."""
    write_text, write_number = sheet.write_string, sheet.write_number  # `write` would ask of every cell what it holds
    for row, value in enumerate(values.tolist(), 1):
        if isinstance(value, str):
            if value:
                write_text(row, column, value)
        elif isinstance(value, float):
            if isfinite(value):
                write_number(row, column, value)
        elif value is not None:
            sheet.write(row, column, value)


def _figures(book: Any, result: Result, formats: dict[str, Any]) -> None:
    """Sheets of assumptions and of sources."""
    plan = result.appraisal.county.plan
    sheet = book.add_worksheet("assumptions")
    _rows(
        sheet,
        ("where", "what", "value", "why"),
        [(a.where, a.what, a.value, a.why) for a in assumptions(plan)],
        formats,
    )
    sheet = book.add_worksheet("sources")
    _rows(
        sheet,
        ("key", "source"),
        [(key, str(source)) for key, source in plan.library.sources.items()],
        formats,
    )


def _rows(sheet: Any, heads: tuple[str, ...], rows: list[tuple[str, ...]], formats: dict[str, Any]) -> None:
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, formats["head"])
        sheet.set_column(column, column, 60, formats["wrap"])
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
    sheet.freeze_panes(1, 0)
