"""Somerset for benchmarks: the example plan with lines changed and its places divided, written to a folder.

Places are divided by rule, so that the same numbers come out everywhere.  Part k of n (k = 1 … n) of a place has

    people of each age     (n + k) / Σ over k of (n + k)   of the place's: the last part twice as many as the first
    rate of falls          0.8 + 0.4 · (7 · k mod n) / n   times the place's

and the deprivation of the place.  Parts therefore differ from one another, as neighbourhoods do: of equal ones any
solver could make short work.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from avert.library import Library
from avert.plan import PlanInFull, load_plan

PLANS = Path(__file__).parents[1] / "plans"
RATE = "local_standardised_rate"


def somerset(
    folder: Path, library: Library, changes: Mapping[str, Any], *, parts: int = 1, places: int | None = None
) -> PlanInFull:
    """The Somerset plan with other lines (None takes one away), for its first `places` places in `parts` parts each."""
    plan = dict(load_plan(PLANS / "somerset.yaml", library).document.data) | changes
    _dump(folder / "plan.yaml", {key: value for key, value in plan.items() if value is not None})
    area = yaml.safe_load((PLANS / "somerset-area.yaml").read_text(encoding="utf-8"))
    chosen = area["places"][:places]
    area["places"] = [
        place | {"id": name(place["id"], part), "label": f"{place['label']}, part {part}"}
        for place in chosen
        for part in range(1, parts + 1)
    ]
    _dump(folder / "somerset-area.yaml", area)
    kept = {place["id"] for place in chosen}
    for table in (area["population"], area["rates"]):
        _write_table(folder / table, [row for row in _rows(PLANS / table) if row["place"] in kept], parts)
    return load_plan(folder / "plan.yaml", library)


def name(place: str, part: int) -> str:
    """Name of a part of a place."""
    return f"{place}_part_{part}"


def _dump(path: Path, data: Any) -> None:
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write_table(path: Path, rows: list[dict[str, str]], parts: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(one for row in rows for one in _divided(row, parts))


def _divided(row: dict[str, str], parts: int) -> Iterator[dict[str, Any]]:
    """A row of a table for every part of its place; one part is the place itself."""
    whole = sum(parts + part for part in range(1, parts + 1))
    for part in range(1, parts + 1):
        mine: dict[str, Any] = row | {"place": name(row["place"], part)}
        if "people" in mine:
            mine["people"] = f"{float(row['people']) * (parts + part) / whole:.4f}"  # three would read as thousands
        if RATE in mine and parts > 1:
            mine[RATE] = float(row[RATE]) * (0.8 + 0.4 * (7 * part % parts) / parts)
        yield mine
