"""Where the evidence can be read in several ways, and a library in which some of them are chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from avert.library.library import Library
from avert.library.records import Alternative, AlternativeEdge, Edge, EdgeReading, Effect, Finding


@dataclass(frozen=True)
class Choice:
    """One place where the evidence can be read in several ways."""

    of: str
    """Id of the intervention, or 'one_node to another' for an edge: the key under `evidence_choices`."""
    acts_on: str
    central: str
    """Name of the reading in force."""
    why: str
    others: tuple[str, ...]
    """Names of the other readings."""


def choices_in(library: Library) -> Iterator[Choice]:
    """Every place where the library holds several readings: interventions by id, then edges."""
    for one in library.interventions.values():
        for effect in one.effects:
            if effect.alternatives:
                yield _choice(one.id, effect.acts_on, effect)
    for edge in library.edges:
        if edge.alternatives:
            yield _choice(key_of(edge), edge.to, edge)


def key_of(edge: Edge) -> str:
    """What an edge is called under `evidence_choices`."""
    return f"{edge.from_} to {edge.to}"


def _choice(of: str, acts_on: str, record: Effect | Edge) -> Choice:
    assert record.choice  # a record with alternatives has both: its validator sees to it
    assert record.why
    return Choice(of, acts_on, record.choice, record.why, tuple(other.choice for other in record.alternatives))


def with_choices(library: Library, chosen: Mapping[str, tuple[str, ...]]) -> Library:
    """The library with other readings in place of the central ones.

    `chosen` maps what `Choice.of` says to names of readings, of which there must be such: a name that
    stands for no reading changes nothing.  The reading that was central becomes one of the others.
    """
    if not chosen:
        return library
    interventions = {
        name: one.model_copy(
            update={"effects": tuple(_effect(effect, chosen[name]) for effect in one.effects)},
        )
        if name in chosen
        else one
        for name, one in library.interventions.items()
    }
    pathways = {
        name: pathway.model_copy(
            update={"edges": tuple(_edge(edge, chosen.get(key_of(edge), ())) for edge in pathway.edges)}
        )
        for name, pathway in library.pathways.items()
    }
    return replace(library, interventions=interventions, pathways=pathways)


def _effect(effect: Effect, names: tuple[str, ...]) -> Effect:
    wanted = next((one for one in effect.alternatives if one.choice in names), None)
    if wanted is None:
        return effect
    return effect.model_copy(update=_swapped(effect, wanted, Finding))


def _edge(edge: Edge, names: tuple[str, ...]) -> Edge:
    wanted = next((one for one in edge.alternatives if one.choice in names), None)
    if wanted is None:
        return edge
    return edge.model_copy(update=_swapped(edge, wanted, EdgeReading))


def _swapped(
    central: Effect | Edge, wanted: Alternative | AlternativeEdge, kind: type[Finding] | type[EdgeReading]
) -> dict[str, object]:
    """Fields of `central` once `wanted` has taken its place, and it that of `wanted`."""
    fields = tuple(kind.model_fields)
    others = tuple(
        one.model_copy(
            update={name: getattr(central, name) for name in fields}
            | {"choice": central.choice, "why_not": "the plan chose another reading"}
        )
        if one is wanted
        else one
        for one in central.alternatives
    )
    taken = {name: getattr(wanted, name) for name in fields}
    why = f"chosen by the plan; by itself the library would not: {wanted.why_not}"
    return taken | {"choice": wanted.choice, "why": why, "alternatives": others}
