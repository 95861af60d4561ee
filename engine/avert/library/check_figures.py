"""Checks of the figures themselves: measures convert, no trial counts twice, assumptions are wide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from math import log
from typing import Any

from avert import units
from avert.errors import FaultCollector
from avert.library.library import POPULATION, Library, Placed, figures_in
from avert.library.records import (
    ALL_ADMISSIONS,
    Edge,
    EdgeReading,
    Effect,
    Figure,
    Finding,
    Intervention,
    Node,
    PathwayFile,
)

NARROWEST_ASSUMPTION = 0.05  # an assumption's interval must reach this share of its value to either side


def _records(library: Library) -> list[PathwayFile | Intervention]:
    return [*library.pathways.values(), *library.interventions.values()]


def measures_convert(library: Library, faults: FaultCollector) -> None:
    """Every effect and edge can be brought to a ratio of rates, at its value and at both limits."""
    nodes = library.nodes
    for intervention in library.interventions.values():
        for number, effect in enumerate(intervention.effects):
            for path, reading in readings(effect):
                message = _effect_fault(effect.acts_on, reading, nodes.get(effect.acts_on))
                if message:
                    faults.add(*library.line(intervention.id, "effects", number, *path), message)
    for pathway in library.pathways.values():
        for number, edge in enumerate(pathway.edges):
            for path, one in readings(edge):
                message = next(filter(None, (_edge_fault(one, figure) for figure in one.estimate.values())), "")
                if message:
                    faults.add(*library.line(pathway.id, "edges", number, *path), message)


def readings(record: Effect | Edge) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """A record itself and its alternatives, with where they stand below it."""
    yield (), record
    for number, other in enumerate(record.alternatives):
        yield ("alternatives", number), other


def _edge_fault(edge: EdgeReading, figure: Figure) -> str:
    return "" if edge.measure == "share" else _ratio_fault(edge.measure, figure, edge)


def _effect_fault(acts_on: str, effect: Finding, node: Node | None) -> str:
    if node is not None and (node.form == "continuous") != (effect.measure == "mean_difference"):
        return (
            f"'{acts_on}' is measured in {node.unit}: its effect must be a mean_difference."
            if node.form == "continuous"
            else f"a mean_difference needs a continuous factor, and '{acts_on}' is none."
        )
    return "" if effect.measure == "mean_difference" else _ratio_fault(effect.measure, effect.estimate, effect)


def _ratio_fault(measure: str, figure: Figure, record: object) -> str:
    risk: Figure | None = getattr(record, "baseline_risk", None)
    rate: Figure | None = getattr(record, "baseline_rate", None)
    convert: Callable[[float], float] = lambda value: units.rate_ratio(  # noqa: E731
        measure,
        value,
        baseline_risk=risk.value if risk else None,
        baseline_rate=rate.value if rate else None,
        read_as_rate_ratio=bool(getattr(record, "taken_as_rate_ratio", None)),
    )
    try:
        for value in (figure.value, *(figure.interval or ())):
            log(convert(value))
    except ValueError as error:
        return f"{error}."
    except ZeroDivisionError:
        return f"{measure} {figure.value:g} can't be brought to a ratio of rates."
    return ""


def no_trial_counts_twice(library: Library, faults: FaultCollector) -> None:
    """No result acts by two routes: beside the all-cause effect that includes it, or in two services."""
    nodes = library.nodes
    admissions = {n.id for n in nodes.values() if n.counts_as == "emergency_admission"}
    for intervention in library.interventions.values():
        overall = [e for e in intervention.effects if e.acts_on == ALL_ADMISSIONS]
        for effect in intervention.effects:
            shared = {s for e in overall for s in e.estimate.source} & set(effect.estimate.source)
            if effect.acts_on in admissions and shared:
                number = intervention.effects.index(effect)
                faults.add(
                    *library.line(intervention.id, "effects", number),
                    f"one trial counted twice: {min(shared)} acts on '{effect.acts_on}' and, by another route, on "
                    f"'{ALL_ADMISSIONS}', which includes it. Keep one.",
                )
    for one, other in combinations(library.interventions.values(), 2):
        if other.substitutes and one.substitutes == other.substitutes:
            continue
        if other.id in one.contains or one.id in other.contains:
            continue
        for effect in one.effects:
            for number, twin in enumerate(other.effects):
                if _same_result(effect, twin) and one.funding == other.funding == "candidate":
                    paper = min(twin.estimate.source)
                    faults.add(
                        *library.line(other.id, "effects", number),
                        f"one trial counted twice: '{other.id}' and '{one.id}' both carry {paper} on '{twin.acts_on}'. "
                        "Make them substitutes, or keep one.",
                    )


def _same_result(one: Effect, other: Effect) -> bool:
    """The same figure of the same paper; benefits per case that stand in two places there are two results."""

    def key(effect: Effect) -> tuple[object, ...]:
        figure = effect.estimate
        return effect.acts_on, effect.measure, figure.value, figure.interval, figure.source

    per_case = one.measure == "events_averted_per_participant_year" and one.estimate.seen_in != other.estimate.seen_in
    return bool(one.estimate.source) and key(one) == key(other) and not per_case


def assumptions_are_wide(library: Library, faults: FaultCollector) -> None:
    """An assumption's interval leaves room on both sides of it."""
    for record in _records(library):
        for placed in figures_in(record):
            if message := _too_narrow(placed):
                faults.add(*library.line(record.id, *placed.path), message)
    for placed in figures_in(library.population) if library.population else ():
        if message := _too_narrow(placed):
            faults.add(POPULATION, library.documents[POPULATION].line(placed.path), message)


def _too_narrow(placed: Placed) -> str:
    """What is wrong with an assumption's interval; empty where it is wide enough."""
    figure = placed.figure
    by_definition = figure.value in (0, 1)
    if figure.assumption and figure.interval and not by_definition:
        low, high = figure.interval
        room = min(high - figure.value, figure.value - low)
        whole = figure.value == low == 0 or high == 1
        if high - low < 2 * NARROWEST_ASSUMPTION * abs(figure.value) or (room <= 0 and not whole):
            what = " ".join(placed.names)
            return f"{what}: an interval of {low:g} to {high:g} is too narrow for an assumption."
    return ""
