"""The evidence library in memory: every record, where it was written, and the hash of its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from avert.library.districts import District
from avert.library.records import (
    AGE_BANDS,
    ALL_AGES,
    Edge,
    Figure,
    Intervention,
    Joint,
    Node,
    PathwayFile,
    Plausibility,
    PopulationDefaults,
    PriceIndex,
    RiskFactorFile,
    UnitCost,
)
from avert.library.sources import Source
from avert.reading import Document, Record

POPULATION = "evidence/population.yaml"
"""The file of figures on people that hold where an area states none."""
_PLAIN = {str, int, float, bool, type(None)}
"""Most values of most records: no figure stands in them."""


@dataclass(frozen=True)
class Library:
    """Everything `evidence/` says.  Mappings are in order of id, whatever the files are called."""

    folder: Path
    sources: dict[str, Source]
    pathways: dict[str, PathwayFile]
    interventions: dict[str, Intervention]
    unit_costs: dict[str, UnitCost]
    price_index: PriceIndex
    joint: Joint
    plausibility: Plausibility
    risk_factors: dict[str, RiskFactorFile]
    """By file; a file's id must not be a pathway's."""
    population: PopulationDefaults | None
    """Deaths and growth for areas that state none; none in a library that leaves them to the areas."""
    districts: tuple[District, ...] = field(repr=False)
    """English districts by integrated care board; none in a library without such a table."""
    documents: dict[str, Document] = field(repr=False)
    hashes: dict[str, str] = field(repr=False)
    written_in: dict[str, str] = field(repr=False)
    """Id of a pathway or intervention → its document: the file, and in a table of services '#' and the id."""

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Every node by id, in order of id."""
        found = {node.id: node for pathway in self.pathways.values() for node in pathway.nodes}
        return dict(sorted(found.items()))

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every edge, in order of source and target."""
        found = [edge for pathway in self.pathways.values() for edge in pathway.edges]
        return tuple(sorted(found, key=lambda edge: (edge.from_, edge.to)))

    def pathway_of(self, node: str) -> str:
        """Id of the pathway whose file declares `node`."""
        return next(p.id for p in self.pathways.values() if any(n.id == node for n in p.nodes))

    def line(self, record_id: str, *path: str | int) -> tuple[str, int]:
        """File and line of a value in the file of a pathway or intervention."""
        document = self.documents[self.written_in[record_id]]
        return document.file, document.line(path)


@dataclass(frozen=True)
class Placed:
    """A figure, the words that lead to it, and where it stands in its file."""

    names: tuple[str, ...]
    path: tuple[str | int, ...]
    figure: Figure
    holder: Record
    """The record it is a field of, at any depth of lists and mappings."""
    field: str
    """Name of that field."""
    age_band: str
    """The age band it is for, 'all ages', or '' where it does not go by age."""


def figures_in(record: Record) -> Iterator[Placed]:
    """Every figure within a record, in the order of the file."""
    return _of_fields(record, (), ())


def _of_fields(record: Record, names: tuple[str, ...], path: tuple[str | int, ...]) -> Iterator[Placed]:
    for name, key in _keys(type(record)):
        value = getattr(record, name)
        if type(value) not in _PLAIN:
            yield from _below(value, (*names, name), (*path, key), record, name)


@cache
def _keys(kind: type[Record]) -> tuple[tuple[str, str], ...]:
    """Fields of a record, each with its key in a file."""
    return tuple((name, field.alias or name) for name, field in kind.model_fields.items())


def _below(
    value: object, names: tuple[str, ...], path: tuple[str | int, ...], holder: Record, field: str
) -> Iterator[Placed]:
    if isinstance(value, dict):
        for key, item in value.items():
            below = path if key == ALL_AGES else (*path, key)
            yield from _below(item, (*names, str(key)), below, holder, field)
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            if type(item) not in _PLAIN:
                yield from _below(item, (*names, _name_of(item, number)), (*path, number), holder, field)
    elif isinstance(value, Figure):
        by_age = names[-1] if names[-1] in (*AGE_BANDS, ALL_AGES) else ""
        yield Placed(names, path, value, holder, field, by_age)
    elif isinstance(value, Record):
        yield from _of_fields(value, names, path)


def _name_of(item: object, number: int) -> str:
    if isinstance(item, Edge):
        return f"{item.from_} → {item.to}"
    for name in ("id", "acts_on", "choice", "factors", "outcome", "to"):
        if hasattr(item, name):
            found = getattr(item, name)
            return " and ".join(found) if isinstance(found, tuple) else str(found)
    return str(number)
