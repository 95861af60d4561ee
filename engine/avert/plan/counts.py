"""Slips in tables of people that would change the answer unseen: a dot for thousands, a row that is a total."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from math import isclose

from avert.reading import Row, Table

CALLED_TOTAL = frozenset({"total", "totals", "grand_total", "sum", "all", "overall", "all_places", "whole_area"})
"""Ids of places that can only be rows of totals."""
ROUNDED = 0.01
"""Part by which a total may differ from its parts, as rounding, where its name gives it away too."""
_DOTTED = re.compile(r"[1-9]\d{0,2}\.\d{3}")


def people_of(table: Table, row: Row, *, decimal: bool = False) -> float:
    """The cell `people` as a number, 0 or more; otherwise a fault, and 0.

    '6.120' is refused: it may be 6,120 people or 6.12.  Other fractions are taken, as counts may be reckoned;
    with `decimal` this one too.
    """
    written = row.cells["people"]
    if _DOTTED.fullmatch(written) and not decimal:
        plain = written.replace(".", "")
        message = f"'people' is '{written}': is the dot for thousands? Write {plain}; if not, write {written}0."
        table.faults.add(table.file, row.line, message)
        return float(plain)
    return table.number(row, "people", lambda n: n >= 0, "a number of people, 0 or more")


def dots_are_decimal(table: Table) -> bool:
    """Whether some count has a dot that can't be for thousands, so that those that could are none either."""
    counts = [row.cells["people"] for row in table.rows]
    return any(re.fullmatch(r"\d+\.\d+", count) and not _DOTTED.fullmatch(count) for count in counts)


def totals_among(people: Mapping[tuple[str, str], float], area: Collection[str] = ()) -> dict[str, str]:
    """Place → why it is taken for a row of totals, which would count everybody twice.

    `people` maps (place, age band) → people.  A total is a place called so; one called like the `area` (its id)
    that holds about as many as all others together, or more; or one of three places or more that holds exactly
    as many as all others together at every age.
    """
    places = list(dict.fromkeys(place for place, _ in people))
    whole: dict[str, float] = {}
    for (_, age), count in people.items():
        whole[age] = whole.get(age, 0.0) + count
    found = {}
    for place in places if len(places) > 1 else ():
        own = {age: people.get((place, age), 0.0) for age in whole}
        others = {age: whole[age] - own[age] for age in whole}
        if place in CALLED_TOTAL:
            found[place] = "is called like a total"
        elif place in area and all(own[age] >= others[age] * (1 - ROUNDED) for age in whole):
            found[place] = "is called like the whole area, and holds as many people as all other places together"
        elif len(places) > 2 and any(own.values()) and all(isclose(own[age], others[age]) for age in whole):
            found[place] = "holds as many people as all other places together, at every age"
    return found


def later_than(first: int, written: str) -> bool:
    """Whether any year of '2018/19 to 2022/23' or '2026' begins after the year `first`."""
    return any(int(year) > first for year in re.findall(r"(?<![\d/])(?:19|20)\d\d", written))
