"""Where studies disagree: the reading in force, the others, and what the same plan averts by each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from avert.appraisal import OtherReading, other_readings
from avert.library import Choice, Library
from avert.library.records import Alternative, AlternativeEdge, Edge, Effect, at_age
from avert.results import Result

SMALL = 0.5
"""Admissions by which another reading must move the plan to have a line of its own."""


def disagreements(result: Result, readings: Iterable[OtherReading]) -> list[str]:
    """A line for each place where the evidence on what the plan buys can be read in several ways."""
    return list(_lines(result, readings))


def disagreements_of(result: Result, service: str) -> list[str]:
    """The same for one service, bought or not, with every reading's figures and why it is or is not the central one."""
    library = result.appraisal.county.plan.library
    lines = []
    for effect in library.interventions[service].effects:
        if effect.alternatives:
            lines.append(f"{effect.acts_on}: '{effect.choice}', {_ratio(effect)}, is in force: {effect.why}")
            lines += [f"   '{one.choice}', {_ratio(one)}: {one.why_not}" for one in effect.alternatives]
    found = other_readings(result.appraisal.ledger, service)
    return [*lines, *library.interventions[service].conflicts, *_lines(result, found)]


def _lines(result: Result, readings: Iterable[OtherReading]) -> Iterator[str]:
    library, now = result.appraisal.county.plan.library, result.admissions_averted
    alike = []
    for choice, found in groupby(readings, key=lambda one: one.choice):
        others = list(found)
        given = "; ".join(f"by '{one.name}' {one.admissions_averted:,.1f}" for one in others)
        said = f"{_place(choice, library)}: read as '{choice.central}'"
        if all(abs(one.admissions_averted - now) < SMALL for one in others):
            alike.append(f"{said} (else {', '.join(one.name for one in others)})")
        else:
            yield f"{said}. The same plan averts {given} admissions, not {now:,.1f}."
    if alike:
        yield f"By these it averts the same to within {SMALL:g}: {'; '.join(alike)}."


def _place(choice: Choice, library: Library) -> str:
    if choice.of in library.interventions:
        return f"{library.interventions[choice.of].label}, {choice.acts_on.replace('_', ' ')}"
    return choice.of.replace("_", " ")


def _ratio(record: Effect | Alternative | Edge | AlternativeEdge) -> str:
    figure = record.estimate if isinstance(record, Effect | Alternative) else at_age(record.estimate, "65-74")
    span = f" ({figure.interval[0]:g} to {figure.interval[1]:g})" if figure.interval else ""
    return f"{record.measure.replace('_', ' ')} {figure.value:g}{span}"
