"""CSV files read strictly, with the line of every fault."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from math import isfinite
from pathlib import Path

from avert.errors import FaultCollector, nearest
from avert.reading.text import read_file

LARGEST = 1e12
SAVE_AS = "In Excel, save it as 'CSV UTF-8 (Comma delimited)'."
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How files of .xlsx, .ods and .xls begin."""
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


@dataclass(frozen=True)
class Row:
    """One row of a CSV file and the line it stands on."""

    line: int
    cells: Mapping[str, str]


def _heading(reader: csv.DictReader[str]) -> tuple[str, ...]:
    """Names of the columns, each on one line; none where the heading can't be read."""
    try:
        reader.fieldnames = [" ".join(name.split()) for name in reader.fieldnames or ()]
    except csv.Error:
        return ()
    return tuple(reader.fieldnames)


class Table:
    """A CSV file with declared columns, whose cells are read one by one with plain complaints."""

    def __init__(
        self,
        path: Path,
        columns: Iterable[str],
        faults: FaultCollector,
        *,
        shown_as: str | None = None,
        taken_as: Callable[[str], str] | None = None,
    ) -> None:
        """Read the file; `taken_as` gives the name of a column that its author may write otherwise."""
        self.file, self.faults = shown_as or path.name, faults
        self.rows: list[Row] = []
        self.sha256 = ""
        file = None if self._is_a_workbook(path) else read_file(path, faults, self.file)
        if file is None:
            return
        text = file.text
        if not text.strip():
            faults.add(self.file, 1, "the file is empty.")
            return
        self.sha256 = file.sha256
        reader = csv.DictReader(StringIO(text))
        self.raw_heading = text.partition("\n")[0]
        self.header = _heading(reader)
        if taken_as:
            reader.fieldnames = [taken_as(name) for name in self.header]
            self.header = tuple(reader.fieldnames)
        if self._heading_is_wrong(tuple(columns)):
            return
        for cells in self._cells(reader):
            if None in cells or None in cells.values():
                faults.add(
                    self.file,
                    reader.line_num,
                    f"this row does not have {len(self.header)} cells as the heading has.",
                )
            else:
                self.rows.append(Row(reader.line_num, {k: " ".join(v.split()) for k, v in cells.items()}))
        if not self.rows:
            faults.add(self.file, 1, "the table has no rows.")

    def _is_a_workbook(self, path: Path) -> bool:
        """Whether the file is no text at all but a spreadsheet's own; that is collected as a fault."""
        try:
            with path.open("rb") as file:
                found = file.read(8).startswith(_WORKBOOKS)
        except OSError:
            return False  # to be told when the file is read
        if found:
            self.faults.add(self.file, 0, f"this is a workbook, not a table of text. {SAVE_AS}")
        return found

    def _heading_is_wrong(self, columns: tuple[str, ...]) -> bool:
        """Whether columns are missing or stand there twice; every such fault is collected."""
        before = len(self.faults.faults)
        for mark, what in ((";", "semicolons"), ("\t", "tabs")):
            if len(columns) > 1 and len(self.header) == 1 and mark in self.raw_heading:
                self.faults.add(
                    self.file,
                    1,
                    f"its columns are parted by {what}; they should be parted by commas. {SAVE_AS}",
                )
                return True
        spare = set(self.header) - set(columns)
        for column in columns:
            if column not in self.header:
                advice = nearest(column, spare)
                likely = advice if advice.startswith(" Did you mean") else ""
                self.faults.add(self.file, 1, f"the column '{column}' is missing.{likely}")
        for column in sorted({one for one in self.header if one and self.header.count(one) > 1}):
            self.faults.add(self.file, 1, f"the column '{column}' stands here twice.")
        return len(self.faults.faults) > before

    def _cells(self, reader: csv.DictReader[str]) -> Iterator[dict[str, str]]:
        """Rows one by one, until one can't be read."""
        try:
            for cells in reader:
                if any("\n" in str(cell) for cell in cells.values()):
                    self.faults.add(self.file, reader.line_num, "a cell runs over several lines; is a quote left open?")
                    return
                yield cells
        except csv.Error as error:
            self.faults.add(self.file, reader.line_num, f"this is not readable as CSV: {error}.")

    def number(self, row: Row, column: str, allowed: Callable[[float], bool], what: str) -> float:
        """A cell as a number that is `allowed`; otherwise a fault, and 0."""
        try:
            value = float(row.cells[column])
            if isfinite(value) and allowed(value) and abs(value) <= LARGEST:
                return value
        except ValueError:
            pass
        written = row.cells[column]
        advice = f" Did you mean {written.replace(',', '')}?" if _THOUSANDS.fullmatch(written) else ""
        self.faults.add(self.file, row.line, f"'{column}' is '{written}'; it should be {what}.{advice}")
        return 0.0

    def one_of(self, row: Row, column: str, known: Iterable[str]) -> str:
        """A cell as one of the known names; otherwise a fault."""
        choices = list(known)
        value = row.cells[column]
        if value not in choices:
            self.faults.add(self.file, row.line, f"there is no {column} '{value}'.{nearest(value, choices)}")
        return value
