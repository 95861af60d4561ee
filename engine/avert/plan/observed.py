"""What happened to linked people in a year: the file that `avert profiles` writes beside `profiles.csv`."""

from __future__ import annotations

from dataclasses import dataclass, field

from avert.errors import nearest
from avert.reading import Row, Table

COLUMNS = {
    "by": "conditions, age_band, top_by_admissions, top_by_cost, or all",
    "group": "how many conditions ('5+' for five or more); age band; share of people at the top; or all",
    "people": "people in the records [people]",
    "admissions": "emergency admissions they had in the year; empty if the records don't say [admissions]",
    "bed_days": "days in hospital; empty if the records don't say [days]",
    "cost": "cost of their care; empty if the records don't say [£]",
    "squared_admissions": "of all: sum over people of the square of their admissions; else empty",
    "squared_cost": "of all: sum over people of the square of their cost; else empty [£²]",
}
"""Columns of the file and what they hold."""
KINDS = ("conditions", "age_band", "top_by_admissions", "top_by_cost", "all")
AMOUNTS = ("admissions", "bed_days", "cost")
EMPTY = float("nan")
_TOP = {"admissions": "top_by_admissions", "hospital_cost": "top_by_cost"}


@dataclass(frozen=True)
class Observed:
    """Rows of the file; none where the area has none."""

    rows: tuple[tuple[str, str, dict[str, float]], ...] = ()
    """(by, group, column → amount); what is empty in the file is no number (NaN)."""
    file: str = field(default="", compare=False)

    def group(self, by: str, group: str) -> dict[str, float] | None:
        """The amounts of one row."""
        return next((amounts for kind, name, amounts in self.rows if (kind, name) == (by, group)), None)

    def top_share(self, ordered_by: str, share: float, amount: str) -> float:
        """Part of all that the given share of people carried, those with most of `ordered_by` first; else NaN."""
        top, whole = self.group(_TOP[ordered_by], f"{share:g}"), self.group("all", "all")
        if top is None or whole is None or not whole[amount] > 0:
            return EMPTY
        return top[amount] / whole[amount]

    def explained(self, by: str, amount: str) -> float:
        """η² of the groups of one kind among single people (see `population.concentration.explained`); else NaN."""
        parts, whole = [amounts for kind, _, amounts in self.rows if kind == by], self.group("all", "all")
        if not parts or whole is None:
            return EMPTY
        level = whole[amount] ** 2 / whole["people"]
        spread = whole[f"squared_{amount}"] - level
        between = sum(part[amount] ** 2 / part["people"] for part in parts) - level
        return max(0.0, between / spread) if spread > 0 else EMPTY


def read_observed(table: Table) -> Observed:
    """The file's rows, checked: known kinds, numbers, nobody twice, and groups that add up to all."""
    rows: list[tuple[str, str, dict[str, float]]] = []
    seen: dict[tuple[str, str], int] = {}
    for column in getattr(table, "header", ()):
        if column not in COLUMNS:
            table.faults.add(table.file, 1, f"unknown column '{column}'.{nearest(column, COLUMNS)}")
    for row in table.rows:
        key = table.one_of(row, "by", KINDS), row.cells["group"]
        if key in seen:
            table.faults.add(table.file, row.line, f"{key[0]} {key[1]} stands here again; first on line {seen[key]}.")
        seen.setdefault(key, row.line)
        rows.append((*key, {name: _amount(table, row, name) for name in list(COLUMNS)[2:]}))
    found = Observed(tuple(rows), table.file)
    if table.rows and found.group("all", "all") is None:
        table.faults.add(table.file, 1, "there is no row 'all,all' with everybody in the records.")
    _adds_up(found, table)
    return found


def _amount(table: Table, row: Row, column: str) -> float:
    if column == "people":
        return table.number(row, column, lambda n: n > 0, "a number of people above 0")
    if row.cells.get(column, "") == "":
        return EMPTY
    limit = 1e30 if column.startswith("squared_") else 1e12
    try:
        value = float(row.cells[column])
    except ValueError:
        value = -1.0
    if not 0 <= value <= limit:
        said = row.cells[column]
        table.faults.add(table.file, row.line, f"'{column}' is '{said}'; it should be a number, 0 or more, or empty.")
        return 0.0
    return value


def _adds_up(found: Observed, table: Table) -> None:
    whole = found.group("all", "all")
    for kind in ("conditions", "age_band") if whole else ():
        parts = [amounts for by, _, amounts in found.rows if by == kind]
        for column in ("people", *AMOUNTS) if parts else ():
            total, wanted = sum(part[column] for part in parts), (whole or {})[column]
            if abs(total - wanted) > 1e-6 * max(1.0, abs(wanted)):
                table.faults.add(
                    table.file, 1, f"'{column}' of {kind} adds up to {total:,.6g}, and of all people to {wanted:,.6g}."
                )
