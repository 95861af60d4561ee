"""A table of services: many simple ones, a row for each, read into the same records as the files.

It is for problems that somebody else has stated, with a cost, a benefit and staff time per case.  What such a
table does not say is assumed in the same words for every row, and shown as assumed: everyone offered takes
part, the benefit is that of a year, and it comes at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from avert.errors import FaultCollector, nearest
from avert.library.records import Intervention, PathwayFile
from avert.reading import Document, Row, Table, record_from

FILE = "services.csv"
NEEDED = ("id", "label", "cost", "price_year", "source", "verification")
FURTHER = (
    "groups",
    "pathway",
    "uptake",
    "substitutes",
    "design",
    "certainty",
    "currency",
    "seen_in",
    "seen_as",
    "note",
)
HOURS, AVERTS, OF = "hours_", "averts_", "of_"
HALF, HALF_AS_MUCH_AGAIN = 0.5, 1.5
"""Ends of the interval of a benefit for which none is stated, as shares of it."""


def services_in(
    table: Table, shown: str, pathways: Mapping[str, PathwayFile], faults: FaultCollector
) -> dict[str, tuple[Intervention, Document]]:
    """Id → the record of each row, and the row as a document, every value of which stands on its line.

    Columns beside NEEDED and FURTHER: `hours_<role>` per participant; `averts_<event>`, events averted per
    participant in a year, and `of_<event>`, how many there are without the service.
    """
    table.file = shown
    events = sorted(n.id for pathway in pathways.values() for n in pathway.nodes if n.kind == "event")
    if not _columns_are_known(table, events, pathways):
        return {}
    found: dict[str, tuple[Intervention, Document]] = {}
    for row in table.rows:
        data = _plain(table, row, pathways, events)
        document = Document(shown, data, dict.fromkeys(_paths(data), row.line))
        record = record_from(Intervention, document, faults)
        if record is None:
            continue
        if record.id in found:
            faults.add(shown, row.line, f"the id '{record.id}' stands here a second time.")
        found[record.id] = (record, document)
    return found


def _paths(data: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where the values of plain data stand in it."""
    yield path
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in below:
        yield from _paths(value, (*path, key))


def _columns_are_known(table: Table, events: Iterable[str], pathways: Mapping[str, PathwayFile]) -> bool:
    """Whether rows can be read by these columns; what is wrong with them is collected."""
    header, before = getattr(table, "header", ()), len(table.faults.faults)
    pairs = {f"{AVERTS}{event}": f"{OF}{event}" for event in events}
    known = {*NEEDED, *FURTHER, *pairs, *pairs.values()}
    for column in header:
        if column not in known and not column.startswith(HOURS):
            table.faults.add(table.file, 1, f"unknown column '{column}'.{nearest(column, known)}")
    for averts, of in pairs.items():
        if averts in header and of not in header:
            why = f"'{averts}' is absolute: it needs '{of}' beside it, events per person a year without the service."
            table.faults.add(table.file, 1, why)
    if "pathway" not in header and len(pathways) > 1:
        why = f"there are several pathways ({', '.join(pathways)}): say in a column 'pathway' to which a row belongs."
        table.faults.add(table.file, 1, why)
    return len(table.faults.faults) == before


def _plain(table: Table, row: Row, pathways: Mapping[str, PathwayFile], events: Iterable[str]) -> dict[str, Any]:
    """A row as the plain data of an intervention's file."""
    cells = {name: cell for name, cell in row.cells.items() if cell}
    groups = [name.strip() for name in cells.get("groups", "").split("+") if name.strip()]
    roles = [name.removeprefix(HOURS) for name in cells if name.startswith(HOURS)]
    data: dict[str, Any] = {
        "id": cells.get("id", ""),
        "label": cells.get("label", ""),
        "pathway": cells.get("pathway", next(iter(pathways))),
        "summary": cells.get("note", cells.get("label", "")),
        "population": "; ".join(name.replace("_", " ") for name in groups) or "Everyone",
        "setting": ["not_stated"],
        "delivered_by": ", ".join(role.replace("_", " ") for role in roles) or "Not stated",
        "eligible": {"requires": groups},
        "uptake": _share(table, row, "uptake") if "uptake" in cells else _taken("everyone offered takes part"),
        "delivery": _taken("the benefit is what each case gains"),
        "onset_months": _taken("the benefit comes at once", 0),
        "duration_years": _taken("the benefit is that of one year"),
        "decay_per_year": _taken("the benefit is that of one year", 0),
        "effects": [_effect(table, row, event) for event in events if cells.get(f"{AVERTS}{event}")],
        "cost": _amount(table, row, "cost")
        | {"unit": f"{cells.get('currency', 'GBP')}/participant", "price_year": cells.get("price_year", "")},
        "staff_hours": {role: _amount(table, row, f"{HOURS}{role}") for role in roles},
        "status": "uncertain",
        "funding": "candidate",
        "reason": f"It stands in {FILE}, as its source gives it.",
        "partners": {"pays": []},
    }
    return data | ({"substitutes": cells["substitutes"]} if "substitutes" in cells else {})


def _papers(row: Row) -> dict[str, Any]:
    seen = {"seen_in": row.cells.get("seen_in") or f"Row '{row.cells['id']}'", "seen_as": row.cells.get("seen_as")}
    papers = {"source": row.cells["source"], "verification": row.cells["verification"]}
    papers |= {"note": row.cells["note"]} if row.cells.get("note") else {}
    return papers | {name: said for name, said in seen.items() if said and row.cells["verification"] == "seen"}


def _amount(table: Table, row: Row, column: str) -> dict[str, Any]:
    value = table.number(row, column, lambda n: n >= 0, "a number, 0 or more")
    return {"value": value, "no_interval": "None is given beside the figure.", **_papers(row)}


def _share(table: Table, row: Row, column: str) -> dict[str, Any]:
    value = table.number(row, column, lambda n: 0 < n <= 1, "a share above 0, up to 1")
    return {"value": value, "no_interval": "None is given beside the figure.", **_papers(row)}


def _taken(why: str, value: float = 1) -> dict[str, Any]:
    """What the table means by its figures."""
    said = f"As the table's figures are meant: {why}."
    return {"value": value, "interval": [value, value], "verification": "recalled", "assumption": said}


def _effect(table: Table, row: Row, event: str) -> dict[str, Any]:
    """Events averted per participant; below 0 where the service adds some."""
    averted = table.number(row, f"{AVERTS}{event}", lambda _: True, "a number")
    without = table.number(row, f"{OF}{event}", lambda n: n > 0, "a number above 0")
    limits = sorted((HALF * averted, HALF_AS_MUCH_AGAIN * averted))
    return {
        "acts_on": event,
        "measure": "events_averted_per_participant_year",
        "estimate": {"value": averted, "interval": limits, "interval_basis": "assumed", **_papers(row)},
        "baseline_rate": {"value": without, "no_interval": "None is given beside the figure.", **_papers(row)},
        "design": row.cells.get("design") or "modelled",
        "certainty": row.cells.get("certainty") or "very_low",
    }
