"""Plan A in which some of what it says is as in plan B."""

from __future__ import annotations

from collections.abc import Collection
from copy import deepcopy
from dataclasses import replace
from typing import Any

from avert.errors import FaultCollector, PlanError
from avert.library import choices_in, with_choices
from avert.plan.check import check_names, check_places, check_proposed
from avert.plan.differences import Path_
from avert.plan.fairness import EVERY_SERVICE
from avert.plan.in_full import PlanInFull
from avert.plan.inputs_differences import AREA, EVIDENCE
from avert.plan.records import Plan
from avert.reading import Document, record_from


def taken_over(a: PlanInFull, b: PlanInFull, changes: Collection[Path_]) -> PlanInFull:
    """Plan A in which what stands at each of `changes` is as in B; the area and the evidence as wholes.

    Raises PlanError, with the lines of A, where the changes cannot stand without the others.
    """
    data = deepcopy(a.document.data)
    for change in changes:
        if change not in (AREA, EVIDENCE):
            _take(data, b.document.data, change)
        if change[0] == "money" and (change[1] in a.record.money) != (change[1] in b.record.money):
            _take(data, b.document.data, ("may_pay", change[1]))
            _take(data, b.document.data, ("carry_over", change[1]))
    document = Document(a.document.file, data, {**b.document.lines, **a.document.lines})
    area = b.area if AREA in changes else a.area
    faults = FaultCollector(PlanError)
    record = record_from(Plan, document, faults)
    faults.raise_if_any()
    assert record
    source = b.library if EVIDENCE in changes else a.library
    chosen = {of: _readings(b if ("evidence_choices", of) in changes else a, of) for of in _chosen_of(a, b)}
    library = with_choices(source, chosen)
    check_names(record, document, library, faults)
    check_places(record, document, area, faults)
    faults.raise_if_any()
    whole = replace(a, record=record, document=document, area=area, library=library)
    check_proposed(whole, faults)
    faults.raise_if_any()
    return whole


def _chosen_of(a: PlanInFull, b: PlanInFull) -> set[str]:
    return set(a.record.evidence_choices) | set(b.record.evidence_choices)


def _readings(plan: PlanInFull, of: str) -> tuple[str, ...]:
    return tuple(choice.central for choice in choices_in(plan.library) if choice.of == of)


def _take(data: Any, other: Any, path: Path_) -> None:
    """Set what stands at `path` of `data` to what stands there in `other`, or take it away if nothing does."""
    *above, last = path
    for part in above:
        _spelt_out(data, part)
        other = {**other, part: _mapping(part, other[part])} if isinstance(other, dict) and part in other else other
        other = other.get(part) if isinstance(other, dict) else other
        if other is None and data.get(part) is None:
            return  # neither says anything there
        if not isinstance(data.get(part), dict | list):
            data[part] = [data[part]] if isinstance(data.get(part), str) else {}
        if part == above[-1] and isinstance(other, list | str):
            data[part] = list(data[part])
        data = data[part]
    if isinstance(data, list):
        names = [other] if isinstance(other, str) else other or []
        if last in data:
            data.remove(last)
        if last in names:
            data.append(last)
    elif isinstance(other, dict) and last in other:
        data[last] = deepcopy(other[last])
    else:
        data.pop(last, None)


STANDS_FOR = {"equal_access": EVERY_SERVICE, "spend_at_most": "every year"}
"""Key that may hold one value → the name under which a mapping would hold it."""


def _mapping(key: Any, value: Any) -> Any:
    """One value as the mapping it stands for."""
    return (
        {STANDS_FOR[key]: value} if key in STANDS_FOR and value is not None and not isinstance(value, dict) else value
    )


def _spelt_out(data: Any, key: Any) -> None:
    if isinstance(data, dict) and key in data:
        data[key] = _mapping(key, data[key])
