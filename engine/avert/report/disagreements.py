"""Where studies disagree: the reading in force, the others, and what the same plan averts by each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from avert.appraisal import OtherReading, other_readings
from avert.library import Choice, Library
from avert.library.records import Alternative, AlternativeEdge, Edge, Effect, at_age
from avert.results import Result


def disagreements(result: Result) -> list[str]:
    """A line for each place where the evidence on what the plan buys can be read in several ways."""
    return list(_lines(result, other_readings(result.appraisal.ledger)))


def disagreements_of(result: Result, service: str) -> list[str]:
    """The same for one service, bought or not, with every reading's figures and why it is or is not the central one."""
    library = result.appraisal.county.plan.library
    lines = []
    for effect in library.interventions[service].effects:
        if effect.alternatives:
            lines.append(f"{effect.acts_on}: '{effect.choice}', {_ratio(effect)}, is in force: {effect.why}")
            lines += [f"   '{one.choice}', {_ratio(one)}: {one.why_not}" for one in effect.alternatives]
    found = (one for one in other_readings(result.appraisal.ledger) if one.choice.of == service)
    return [*lines, *library.interventions[service].conflicts, *_lines(result, found)]


def _lines(result: Result, readings: Iterable[OtherReading]) -> Iterator[str]:
    library = result.appraisal.county.plan.library
    for choice, others in groupby(readings, key=lambda one: one.choice):
        given = "; ".join(f"by '{one.name}' {one.admissions_averted:,.1f}" for one in others)
        yield (
            f"{_place(choice, library)}: read as '{choice.central}'. The same plan averts {given} admissions, "
            f"not {result.admissions_averted:,.1f}."
        )


def _place(choice: Choice, library: Library) -> str:
    if choice.of in library.interventions:
        return f"{library.interventions[choice.of].label}, {choice.acts_on.replace('_', ' ')}"
    return choice.of.replace("_", " ")


def _ratio(record: Effect | Alternative | Edge | AlternativeEdge) -> str:
    figure = record.estimate if isinstance(record, Effect | Alternative) else at_age(record.estimate, "65-74")
    span = f" ({figure.interval[0]:g} to {figure.interval[1]:g})" if figure.interval else ""
    return f"{record.measure.replace('_', ' ')} {figure.value:g}{span}"
