"""What the areas and the evidence behind two plans differ in: value by value of their files, and table by table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avert.errors import FaultCollector, PlanError
from avert.plan.counties_apart import counties_apart
from avert.plan.difference_words import changed_by, in_words
from avert.plan.differences import Difference, Path_, plan_differences
from avert.plan.in_full import PlanInFull
from avert.plan.load import TABLES
from avert.reading import Document, Table

AREA, EVIDENCE = ("the area",), ("the evidence",)
NAMES = ("id", "choice", "acts_on", "outcome", "factors", "of", "name")
"""Keys by which a member of a list is known, whatever its place in the list."""
PAPERS = ("source", "seen_in", "seen_as", "note", "notes", "verification", "assumption", "interval_basis", "label",
          "summary", "year", "definition", "reason", "why", "why_not", "words", "quote", "population")  # fmt: skip
"""Keys of evidence that say where a figure comes from, not what it is."""
COUNTED = ("people", "share", "local_standardised_rate", "england_standardised_rate")
BESIDE_A_ROW = ("year", "source")


@dataclass(frozen=True)
class Leaf:
    """One value of a file: what it says in words, and 'file:line'."""

    says: str
    where: str
    value: Any


def differences(a: PlanInFull, b: PlanInFull) -> tuple[Difference, ...]:
    """Everything plan B says, or draws on, otherwise than plan A: the plans, their areas, the evidence.

    The order is that of a plan's record; then the area's, then the evidence's files by name.
    """
    return (*plan_differences(a, b), *area_differences(a, b), *counties_apart(a, b), *evidence_differences(a, b))


def area_differences(a: PlanInFull, b: PlanInFull) -> Iterator[Difference]:
    """Every difference between two areas of one name; other counties are set side by side as wholes."""
    if a.record.area != b.record.area:
        return
    yield from _differing(AREA, "the area", _of_area(a), _of_area(b), a.area.document.file, b.area.document.file)
    for name in TABLES:
        yield from _differing(AREA, name, _rows(a, name), _rows(b, name), _table(a, name), _table(b, name))


def _table(plan: PlanInFull, name: str) -> str:
    """The file of one of an area's tables; the area's own file if it has none."""
    file = getattr(plan.area.record, name)
    return str(Path(plan.area.document.file).parent / file) if file else plan.area.document.file


def _of_area(plan: PlanInFull) -> dict[Path_, Leaf]:
    """Values of an area's own file, but for the names of its tables and what is empty."""
    kept = {key: one for key, one in plan.area.document.data.items() if key not in TABLES and one not in ({}, [], None)}
    return dict(_leaves(kept, plan.area.document))


def evidence_differences(a: PlanInFull, b: PlanInFull) -> Iterator[Difference]:
    """Every difference between two libraries, file by file; files that are not YAML are named as wholes."""
    ours, theirs = a.library, b.library
    for name in sorted(ours.hashes.keys() | theirs.hashes.keys()):
        if ours.hashes.get(name) == theirs.hashes.get(name):
            continue
        one, other = ours.documents.get(name), theirs.documents.get(name)
        if one and other:
            about = name.removeprefix("evidence/").removesuffix(".yaml")
            values = [dict(_leaves(document.data, document)) for document in (one, other)]
            yield from _differing(EVIDENCE, about, values[0], values[1], name, name)
        elif name in ours.hashes and name in theirs.hashes:
            words = f"{name} is not the same file"
            yield Difference((*EVIDENCE, name), words, "", "", name, name, EVIDENCE, name.endswith(".csv"))
        else:
            there, answers = ("A", "yes", "no") if name in ours.hashes else ("B", "no", "yes"), bool(one or other)
            words = f"{name} is there only in {there[0]}"
            yield Difference((*EVIDENCE, name), words, there[1], there[2], name, name, EVIDENCE, answers)


def _differing(
    of: Path_, about: str, ours: Mapping[Path_, Leaf], theirs: Mapping[Path_, Leaf], file_a: str, file_b: str
) -> Iterator[Difference]:
    """Differences between two sets of leaves, in the order of the first and then of what the second adds."""
    for path in [*ours, *(path for path in theirs if path not in ours)]:
        was, now = ours.get(path), theirs.get(path)
        if was and now and was.value == now.value:
            continue
        said = was.says if was else "nothing", now.says if now else "nothing"
        words = f"{about}: {' / '.join(map(str, path))}: {said[1]} instead of {said[0]}{_by(was, now)}"
        places = was.where if was else file_a, now.where if now else file_b
        yield Difference((*of, about, *path), words, *said, *places, of, not set(map(str, path)) & set(PAPERS))


def _by(was: Leaf | None, now: Leaf | None) -> str:
    values = [one.value for one in (was, now) if one and isinstance(one.value, int | float)]
    if len(values) < 2:
        return ""
    return changed_by(values[0], values[1], "")


def _leaves(value: Any, document: Document, names: Path_ = (), path: Path_ = ()) -> Iterator[tuple[Path_, Leaf]]:
    """Every value below `value`, by names that don't depend on the order of lists.

    A figure counts as one value, its interval with it; what stands beside it follows on its own.
    """
    where = f"{document.file}:{document.line(path)}"
    if isinstance(value, dict):
        if "value" in value:
            both = {key: value[key] for key in ("value", "interval") if key in value}
            yield names, Leaf(_figure_in_words(both), where, _sorted(both))
            value = {key: one for key, one in value.items() if key not in both}
        for key, one in value.items():
            yield from _leaves(one, document, (*names, key), (*path, key))
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        met: dict[str, int] = {}
        for number, one in enumerate(value):
            name = _name_of(one, number)
            met[name] = met.get(name, 0) + 1
            name = f"{name} ({met[name]})" if met[name] > 1 else name
            yield from _leaves(one, document, (*names, name), (*path, number))
    else:
        yield names, Leaf(in_words(value), where, _sorted(value))


def _sorted(value: Any) -> Any:
    """A value in which the order of a list of words says nothing, and one word is a list of one."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value[0] if len(value) == 1 else tuple(sorted(value))
    return value


def _figure_in_words(figure: Mapping[str, Any]) -> str:
    said = in_words(figure["value"])
    low, high = figure.get("interval") or (None, None)
    return said if low is None else f"{said} ({in_words(low)} to {in_words(high)})"


def _name_of(one: Any, number: int) -> str:
    if not isinstance(one, dict):
        return str(number + 1)
    if "from" in one and "to" in one:
        return f"{one['from']} → {one['to']}"
    found = next((one[key] for key in NAMES if key in one), number + 1)
    return " and ".join(map(str, found)) if isinstance(found, list) else str(found)


def _rows(plan: PlanInFull, name: str) -> dict[Path_, Leaf]:
    """Cells of one of an area's tables, by what the row is about."""
    if not getattr(plan.area.record, name):
        return {}
    file = _table(plan, name)
    table = Table(Path(file), (), FaultCollector(PlanError))
    found: dict[Path_, Leaf] = {}
    for row in table.rows:
        counted = {key: cell for key, cell in row.cells.items() if key in COUNTED or key.startswith("rate_")}
        about = tuple(
            cell if key in ("place", "age_band", "event") else f"{'with' if cell == '1' else 'without'} {key}"
            for key, cell in row.cells.items()
            if key not in counted and key not in BESIDE_A_ROW
        )
        beside = {key: row.cells[key] for key in BESIDE_A_ROW if key in row.cells}
        for key, cell in {**counted, **beside}.items():
            value = _number(cell) if key in counted else cell
            found[(*about, key)] = Leaf(in_words(value), f"{file}:{row.line}", value)
    return found


def _number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell
