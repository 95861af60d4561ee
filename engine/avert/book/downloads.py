"""Files to download: tables no spreadsheet takes for formulas, and zip files whose bytes depend on content alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pandas as pd

FORMULAS = ("=", "+", "-", "@", "\t")
"""Beginnings of what a spreadsheet would work out."""


def csv_of(table: pd.DataFrame) -> bytes:
    """A table as CSV, with an apostrophe before words that a spreadsheet would take for a formula."""

    def said(cell: object) -> object:
        return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else cell

    safe = table.map(said).rename(columns=said)
    return str(safe.to_csv(index=False, lineterminator="\n")).encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files by name, in order of name, with no date of their own."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, content)
    return made.getvalue()
