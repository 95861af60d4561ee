"""What can be read of a record with faults, so that the checks that follow can find the others at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any, TypeVar

from pydantic import ValidationError

from avert.errors import FaultCollector
from avert.reading.records import KEY, Record, collect
from avert.reading.text import Document

Path_ = tuple[str | int, ...]
R = TypeVar("R", bound=Record)
GONE = object()
STAND_INS: tuple[Any, ...] = (0, 1, GONE, "2026/27", ["x"], "x", {})
"""Tried in turn in place of a value that can't be read, until one passes; `GONE` takes the value away."""
MOST_TRIES = 300


def salvaged(
    kind: type[R],
    document: Document,
    faults: FaultCollector,
    labels: Mapping[str, str] | None = None,
    ids: Mapping[str, Collection[str]] | None = None,
) -> tuple[R | None, frozenset[Path_]]:
    """A record of what `document` says, stand-ins where it can't be read, and the paths that were mended.

    Every fault is collected, also those that only show once others are out of the way.  With nothing mended
    the record is the document's own.  `labels` are as for `record_from`, and `ids` (field → ids) those that can
    stand in a field, so that no fault suggests another.  None where no stand-in helps.
    """
    data, mended, tries = deepcopy(document.data), set[Path_](), dict[Path_, int]()
    for _ in range(MOST_TRIES):
        try:
            return kind.model_validate(data, context={"labels": labels or {}, "ids": ids or {}}), frozenset(mended)
        except ValidationError as error:
            problems = error.errors(include_url=False)
            own = [one for one in problems if not _of_ours(_mendable(data, one), mended)]
            collect(kind, document, faults, own)
            places = {_mendable(data, one): KEY in one["loc"] or _unknown(one) for one in problems}
            deepest = [path for path in places if not any(path == other[: len(path)] != other for other in places)]
            for path in sorted(deepest, key=_order, reverse=True):  # the last of a list first: others keep their number
                mended.add(path)
                tries[path] = tries.get(path, -1) + 1
                stand_in = GONE if places[path] else STAND_INS[min(tries[path], len(STAND_INS) - 1)]
                _mend(data, path, stand_in, tries[path])
    return None, frozenset(mended)


def _unknown(problem: Any) -> bool:
    return bool(problem["type"] == "extra_forbidden")


def _path(problem: Any) -> Path_:
    """Where a problem stands, its validator's own words about the place included."""
    path = tuple(problem["loc"])
    path = path[: path.index(KEY)] if KEY in path else path
    said: Path_ = getattr(problem.get("ctx", {}).get("error"), "path", ())
    return (*path, *said)


def _of_ours(path: Path_, mended: set[Path_]) -> bool:
    """Whether a problem may come of a stand-in: it stands above, at or below one."""
    return any(path[: len(one)] == one or one[: len(path)] == path for one in mended)


def _mendable(data: Any, problem: Any) -> Path_:
    """The parts of a problem's path that lead somewhere in the data, and one beyond for what is missing."""
    found: Path_ = ()
    path = _path(problem)
    here: Any = data
    for number, part in enumerate(path):
        below = dict(enumerate(here)) if isinstance(here, list) else here
        if isinstance(below, dict) and part in below:
            found, here = (*found, part), below[part]
        elif problem["type"] == "missing" and number == len(path) - 1:
            return (*found, part)
    return found


def _order(path: Path_) -> tuple[tuple[int, str], ...]:
    return tuple((part, "") if isinstance(part, int) else (0, part) for part in path)


def _mend(data: Any, path: Path_, value: object, tries: int) -> None:
    """Put a stand-in at a path, or take away what stands there; after every stand-in, what it belongs to."""
    if tries > len(STAND_INS) and len(path) > 1:
        path, value = path[:-1], GONE
    if not path:
        return
    here: Any = data
    for part in path[:-1]:
        within = (isinstance(here, dict) and part in here) or (isinstance(here, list) and part in range(len(here)))
        if not within:
            return  # taken away a moment ago with what it belonged to
        here = here[part]
    last = path[-1]
    if isinstance(here, dict):
        here.pop(last, None)
        if value is not GONE:
            here[last] = value
    elif isinstance(here, list) and isinstance(last, int):
        here[last : last + 1] = [] if value is GONE else [value]
