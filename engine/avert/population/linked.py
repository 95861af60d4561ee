"""Linked records, one line a person: read strictly, with the line of every fault."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np

from avert.errors import AvertError, Fault, PlanError, nearest
from avert.library import Library
from avert.library.records import AGE_BANDS
from avert.population.conditions import conditions_among
from avert.population.profiles import Bools, Floats

CONDITION = "condition_"
"""How the name of a column begins that holds a condition the library does not know."""
AMOUNTS = {"admissions": "a whole number of admissions", "bed_days": "a number of days", "cost": "pounds"}
"""What a person had in the year, each with what a cell should be."""
OTHERS = ("person", "place")
"""Columns that may stand there: a person's own number, which must not come twice, and where they live."""
YOUNGEST, OLDEST = 65, 120
MOST_SHOWN = 200
"""Faults of one file that are shown; of the rest there is a count."""


@dataclass(frozen=True)
class People:
    """What linked records say of people aged 65 and over, person by person."""

    age: np.ndarray
    """(people,): index of each one's age band."""
    factors: tuple[str, ...]
    """The library's stratifying factors, in order of id."""
    flags: Bools
    """(people, factors): who has what."""
    conditions: np.ndarray
    """(people,): how many conditions each one has, of those in `counted`."""
    counted: tuple[str, ...]
    """The columns that count as conditions."""
    amounts: Mapping[str, Floats]
    """admissions, bed_days, cost → (people,) of the year; those the records hold."""

    def __len__(self) -> int:
        return len(self.age)


def read_people(path: Path, library: Library) -> People:
    """The people in a CSV file of linked records.

    Columns: `age` in years or `age_band`; one of 0 and 1 for every factor of the library that tells people
    apart; if wanted `condition_<name>` of 0 and 1, `admissions`, `bed_days` and `cost` of a year, `person` and
    `place`.  Conditions are the `condition_` columns where there are any, else the factors that count as
    conditions (`conditions_among`).  Raises PlanError with every fault; no line is left out.
    """
    factors = tuple(sorted(name for name, node in library.nodes.items() if node.prevalence and node.stratifies))
    faults: list[Fault] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = [" ".join(name.split()) for name in next(reader, [])]
            faults += [Fault(path.name, 1, words) for words in _heading_faults(header, factors)]
            _raise(faults)
            kept, lines = _cells(path.name, reader, header, faults)
    except OSError as error:
        raise AvertError(f"{path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise AvertError(f"{path} is not in UTF-8. Save it again with that encoding.") from error
    except csv.Error as error:
        raise AvertError(f"{path} is not readable as CSV: {error}") from error
    if not lines:
        faults.append(Fault(path.name, 1, "the table has no rows."))
    columns = {name: [row[n] for row in kept] for n, name in enumerate(header)}
    found = _people(_Cells(path.name, columns, lines, faults), library, factors, header)
    _raise(faults)
    return found


def _heading_faults(header: Sequence[str], factors: Sequence[str]) -> Iterator[str]:
    known = {"age", "age_band", *OTHERS, *AMOUNTS, *factors}
    for n, name in enumerate(header):
        if name in header[:n]:
            yield f"the column '{name}' stands here twice."
        elif name not in known and not (name.startswith(CONDITION) and name != CONDITION):
            yield (
                f"unknown column '{name}'.{nearest(name, known)} A condition the library does not know "
                f"is a column '{CONDITION}{name or 'name'}'."
            )
    for factor in factors:
        if factor not in header:
            yield f"the column '{factor}' is missing: 0 or 1 for each person."
    if ("age" in header) == ("age_band" in header):
        yield "there should be one column of ages: 'age' in years, or 'age_band'."


def _cells(
    file: str, reader: Iterator[list[str]], header: Sequence[str], faults: list[Fault]
) -> tuple[list[list[str]], list[int]]:
    """Rows that have as many cells as the heading, and the line of each."""
    rows, lines = [], []
    for row in reader:
        line = getattr(reader, "line_num", 0)
        if len(row) != len(header):
            faults.append(Fault(file, line, f"this row has {len(row)} cells, and the heading {len(header)}."))
        else:
            rows.append([cell.strip() for cell in row])
            lines.append(line)
    return rows, lines


@dataclass(frozen=True)
class _Cells:
    """Columns of cells as text, and the line of each row."""

    file: str
    columns: Mapping[str, list[str]]
    lines: list[int]
    faults: list[Fault]

    def read(self, name: str, read: Callable[[str], float | None], what: str) -> Floats:
        """A column as numbers; a cell that `read` makes nothing of is a fault."""
        meaning = {cell: read(cell) for cell in set(self.columns[name])}
        for cell, line in zip(self.columns[name], self.lines, strict=True):
            if meaning[cell] is None:
                self.faults.append(Fault(self.file, line, f"'{name}' is '{cell}'; it should be {what}."))
        return np.array([meaning[cell] or 0.0 for cell in self.columns[name]], dtype=float)

    def flags(self, names: Sequence[str]) -> Bools:
        made = [self.read(name, {"0": 0.0, "1": 1.0}.get, "0 or 1") > 0 for name in names]
        return np.array(made, dtype=bool).reshape(len(names), len(self.lines)).T


def _people(cells: _Cells, library: Library, factors: tuple[str, ...], header: Sequence[str]) -> People:
    own = tuple(name for name in header if name.startswith(CONDITION))
    counted = own or conditions_among(factors, library.nodes)
    if "age" in header:
        years = f"whole years, {YOUNGEST} to {OLDEST}: avert counts people of {YOUNGEST} and over; leave others out"
        age = cells.read("age", _age, years)
    else:
        bands = {band: float(n) for n, band in enumerate(AGE_BANDS)}
        age = cells.read("age_band", bands.get, f"one of {', '.join(AGE_BANDS)}")
    flags, others = cells.flags(factors), cells.flags(own)
    number = others.sum(axis=1) if own else flags[:, [factors.index(name) for name in counted]].sum(axis=1)
    amounts = {
        name: cells.read(name, _whole if name == "admissions" else _amount, f"{what}, 0 or more")
        for name, what in AMOUNTS.items()
        if name in header
    }
    if "person" in header:
        _once(cells)
    return People(age.astype(int), factors, flags, number, counted, amounts)


def _once(cells: _Cells) -> None:
    first: dict[str, int] = {}
    for person, line in zip(cells.columns["person"], cells.lines, strict=True):
        stands = first.setdefault(person, line)
        if not person or stands != line:
            why = f"'{person}' stands here again; first on line {stands}." if person else "'person' is empty."
            cells.faults.append(Fault(cells.file, line, why))


def _age(cell: str) -> float | None:
    """Index of the age band of a whole number of years."""
    if not (cell.isascii() and cell.isdigit()) or not YOUNGEST <= int(cell) <= OLDEST:
        return None
    starts = [int(band.rstrip("+").split("-")[0]) for band in AGE_BANDS]
    return float(sum(int(cell) >= start for start in starts) - 1)


def _whole(cell: str) -> float | None:
    return float(cell) if cell.isascii() and cell.isdigit() and len(cell) < 10 else None


def _amount(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if isfinite(value) and 0 <= value <= 1e9 else None


def _raise(faults: list[Fault]) -> None:
    if len(faults) > MOST_SHOWN:
        count = f"{len(faults):,} faults; the first {MOST_SHOWN} are shown."
        raise PlanError([Fault(faults[0].file, 0, count), *sorted(faults)[:MOST_SHOWN]])
    if faults:
        raise PlanError(faults)
