"""English districts by age and deprivation, so that an area can be put together from their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from avert.errors import AvertError, FaultCollector, nearest
from avert.library.records import AGE_BANDS
from avert.library.sources import Source
from avert.reading import Row, Table

FILE = "districts.csv"
COUNTS = dict(zip(AGE_BANDS, ("age_65_74", "age_75_84", "age_85_plus"), strict=True))
COLUMNS = (
    "district", "district_code", "integrated_care_board", *COUNTS.values(), "neighbourhoods", "imd_decile_sum",
    "year", "source", "deprivation_source",
)  # fmt: skip
_BOARD = re.compile(r"^NHS\s+|\s+Integrated Care Board$", re.IGNORECASE)


@dataclass(frozen=True)
class District:
    """A district, or the part of one that lies in one integrated care board."""

    name: str
    code: str
    board: str
    """Its integrated care board; several, joined by '; ', where the district is whole and lies in several."""
    people: dict[str, float]
    """Age band → residents."""
    neighbourhoods: float
    imd_decile_sum: float
    """Sum of the deciles of its neighbourhoods in the Index of Multiple Deprivation."""
    year: str
    source: str
    deprivation_source: str

    @property
    def imd_average_decile(self) -> float:
        """Mean decile of its neighbourhoods, each counted once, to two digits."""
        return round(self.imd_decile_sum / self.neighbourhoods, 2)


def read_districts(
    path: Path, sources: dict[str, Source], faults: FaultCollector, shown_as: str
) -> tuple[tuple[District, ...], str]:
    """Rows of the table and the hash of its file."""
    table = Table(path, COLUMNS, faults, shown_as=shown_as)
    found: dict[tuple[str, str], District] = {}
    for row in table.rows:
        one = _district(table, row, sources)
        if (one.code, one.board) in found:
            faults.add(table.file, row.line, f"{one.name} in {one.board} stands here a second time.")
        found[one.code, one.board] = one
    return tuple(found.values()), table.sha256


def _district(table: Table, row: Row, sources: dict[str, Source]) -> District:
    def count(column: str) -> float:
        return table.number(row, column, lambda n: n >= 0, "a number, 0 or more")

    neighbourhoods = table.number(row, "neighbourhoods", lambda n: n >= 1, "a number of neighbourhoods, 1 or more")
    total = count("imd_decile_sum")
    if not neighbourhoods <= total <= 10 * neighbourhoods:
        table.faults.add(table.file, row.line, "'imd_decile_sum' should lie between 1 and 10 for each neighbourhood.")
    for column in ("source", "deprivation_source"):
        if row.cells[column] not in sources:
            advice = nearest(row.cells[column], sources)
            table.faults.add(
                table.file, row.line, f"the source '{row.cells[column]}' is not in the bibliography.{advice}"
            )
    return District(
        row.cells["district"],
        row.cells["district_code"],
        row.cells["integrated_care_board"],
        {age: count(column) for age, column in COUNTS.items()},
        neighbourhoods,
        total,
        row.cells["year"],
        row.cells["source"],
        row.cells["deprivation_source"],
    )


def districts_called(names: str, districts: Iterable[District]) -> tuple[District, ...]:
    """Whole districts from their names, parted by commas or semicolons; some hold a comma ('Bristol, City of').

    People and neighbourhoods of a district that lies in several boards are added up.
    Raises AvertError for names that are none, and for one that stands there twice, all at once.
    """
    every = tuple(districts)
    known: dict[str, list[District]] = {}
    for one in every:
        known.setdefault(one.name, []).append(one)
    by_plain = {name.casefold(): name for name in known}
    parts = [" ".join(part.split()) for part in re.split("[;,]", names) if part.strip()]
    found: list[str] = []
    faults = [] if parts else ["no district is named"]
    while parts:
        together = f"{parts[0]}, {parts[1]}" if len(parts) > 1 else ""
        if together.casefold() in by_plain:
            name, parts = by_plain[together.casefold()], parts[2:]
        elif parts[0].casefold() in by_plain:
            name, parts = by_plain[parts[0].casefold()], parts[1:]
        else:
            advice = _nearest_district(parts[0], known) + _board_like(parts[0], {one.board for one in every})
            faults.append(f"no English district is called '{parts[0]}'.{advice}")
            parts = parts[1:]
            continue
        if name in found:
            faults.append(f"the district '{name}' is named twice")
        found.append(name)
    if faults:
        raise AvertError("\n".join(faults))
    return tuple(_whole(known[name]) for name in found)


def _nearest_district(name: str, known: Iterable[str]) -> str:
    """Names that hold it as a word; else the nearest name."""
    word = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
    holding = sorted(one for one in known if word.search(one))
    return f" Did you mean {' or '.join(repr(one) for one in holding[:6])}?" if holding else nearest(name, known)


def _board_like(name: str, boards: Iterable[str]) -> str:
    """Advice where a name stands in that of a board, as those of counties do."""
    word = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
    found = sorted(board for board in boards if word.search(board))
    return f" Or, as a whole: --board '{found[0]}'." if found else ""


def _whole(parts: list[District]) -> District:
    first = parts[0]
    return District(
        first.name,
        first.code,
        "; ".join(part.board for part in parts),
        {age: sum(part.people[age] for part in parts) for age in AGE_BANDS},
        sum(part.neighbourhoods for part in parts),
        sum(part.imd_decile_sum for part in parts),
        first.year,
        first.source,
        first.deprivation_source,
    )


def districts_of(board: str, districts: Iterable[District]) -> tuple[tuple[District, ...], frozenset[str]]:
    """Districts of an integrated care board as far as they lie in it, and the codes of those that lie there in part.

    'NHS' and 'Integrated Care Board' may be left out of the name.  Raises AvertError for a board that is none.
    """
    every = list(districts)
    known = {one.board for one in every}
    plain = {_BOARD.sub("", name).casefold(): name for name in known}
    wanted = plain.get(_BOARD.sub("", " ".join(board.split())).casefold())
    if wanted is None:
        short = {_BOARD.sub("", name): name for name in known}
        raise AvertError(
            f"no integrated care board is called '{board}'.{_nearest_district(_BOARD.sub('', board), short)}"
        )
    inside = tuple(one for one in every if one.board == wanted)
    elsewhere = {one.code for one in every if one.board != wanted}
    return inside, frozenset(one.code for one in inside if one.code in elsewhere)
