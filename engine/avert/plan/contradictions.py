"""Lines of a plan that cannot be meant as they stand: nothing after a colon, a name twice, two lines at odds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from avert.errors import FaultCollector
from avert.plan.records import ALL, Plan
from avert.reading import Document

Path_ = tuple[str | int, ...]


def check_contradictions(plan: Plan, document: Document, faults: FaultCollector) -> None:
    """Collect every line that says nothing, says a thing twice, or says the opposite of another line."""
    for path, message in (*_empty(document.data, ()), *_twice(document.data, ()), *_at_odds(plan, document)):
        faults.add(document.file, document.line(path), message)


def _empty(value: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    """Keys with nothing after the colon: a line not finished, or one of which '#' made a comment."""
    for key, one in _members(value):
        if one is None:
            yield (*path, key), f"nothing stands after '{key}:'. Leave the line out, or say what is meant."
        yield from _empty(one, (*path, key))


def _twice(value: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    """Names that a list holds a second time: mostly another one was meant."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        for number, one in enumerate(value):
            if one in value[:number]:
                section = next(part for part in reversed(path) if isinstance(part, str))
                yield (*path, number), f"'{one}' stands twice in '{section}'. Take it out, or write the one meant."
    for key, one in _members(value):
        yield from _twice(one, (*path, key))


def _members(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def _at_odds(plan: Plan, document: Document) -> Iterator[tuple[Path_, str]]:
    if plan.interventions == ():
        yield ("interventions",), "no service is listed, so nothing could be bought. Leave the line out for all."
    listed = () if plan.interventions == ALL else plan.interventions
    for section, names in (("interventions", listed), ("buy_anyway", tuple(plan.buy_anyway))):
        for name in names:
            if name in plan.leave_out:
                where = document.line(("leave_out",))
                message = f"'{name}' stands here and under 'leave_out' (line {where}). Take it out of one of them."
                number = names.index(name) if section == "interventions" else name
                yield (section, number), message
