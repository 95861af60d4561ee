"""The pathway graph: declared nodes, no circles, every node on its way to an event."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import networkx as nx

from avert.errors import EvidenceError, FaultCollector
from avert.library import Library
from avert.library.records import Edge, Node


@dataclass(frozen=True)
class Pathway:
    """Risk factors, conditions and events in the order one leads to the next."""

    graph: nx.DiGraph
    """Frozen; each node carries its record as `node`, each edge its record as `edge`."""
    order: tuple[str, ...]
    """Node ids, causes before effects; the same for the same evidence whatever the files are called."""

    def node(self, name: str) -> Node:
        """The record of a node."""
        record: Node = self.graph.nodes[name]["node"]
        return record

    def into(self, name: str) -> tuple[Edge, ...]:
        """Edges that lead into a node, in order of their source."""
        return self._into[name]

    @cached_property
    def _into(self) -> dict[str, tuple[Edge, ...]]:
        before = self.graph.pred
        return {name: tuple(before[name][source]["edge"] for source in sorted(before[name])) for name in self.order}

    @cached_property
    def events(self) -> tuple[str, ...]:
        """Ids of what is counted, in order of id."""
        return tuple(sorted(n for n in self.order if self.node(n).kind == "event"))

    @cached_property
    def admissions(self) -> tuple[str, ...]:
        """Events that are emergency admissions, harms included."""
        return tuple(e for e in self.events if self.node(e).counts_as == "emergency_admission")

    @cached_property
    def stratifying(self) -> tuple[str, ...]:
        """Factors that tell groups of people apart, in order of id."""
        return tuple(sorted(n for n in self.order if self.node(n).stratifies))

    def leads_to(self, source: str, target: str) -> bool:
        """True where some drawn path runs from `source` to `target`, or they are one."""
        return target in self._behind[source]

    @cached_property
    def _behind(self) -> dict[str, set[str]]:
        """Node → itself and all it leads to."""
        behind: dict[str, set[str]] = {}
        for name in reversed(self.order):
            behind[name] = {name}.union(*(behind[after] for after in self.graph.succ[name]))
        return behind


def pathway_graph(library: Library) -> Pathway:
    """The graph of the whole library.

    Raises EvidenceError for a circle, a node that reaches no event, two factors of one group
    leading into the same node, and an edge marked `total` beside a drawn path through a mediator.
    """
    graph = nx.DiGraph()
    for name, node in library.nodes.items():
        graph.add_node(name, node=node)
    for edge in library.edges:
        graph.add_edge(edge.from_, edge.to, edge=edge)
    faults = FaultCollector(EvidenceError)
    if not nx.is_directed_acyclic_graph(graph):
        circle = [source for source, _ in nx.find_cycle(graph)]
        faults.add(
            *_where(library, circle[-1], circle[0]),
            f"the pathway runs in a circle: {' → '.join([*circle, circle[0]])}.",
        )
        faults.raise_if_any()
    pathway = Pathway(nx.freeze(graph), tuple(nx.lexicographical_topological_sort(graph)))
    _check_shape(library, pathway, faults)
    _check_total_effects(library, pathway, faults)
    faults.raise_if_any()
    return pathway


def restricted(pathway: Pathway, pathways: set[str], library: Library, *, groups: bool = False) -> Pathway:
    """The part of the graph that leads to events declared in `pathways`, and to those that stand for all causes.

    With `groups` also the marks declared there that only tell people apart.
    """
    kinds = {"event", "group"} if groups else {"event"}
    ends = [name for name in pathway.order if pathway.node(name).kind in kinds]
    return leading_to(pathway, [name for name in ends if library.pathway_of(name) in pathways | {"all_causes"}])


def leading_to(pathway: Pathway, nodes: Collection[str]) -> Pathway:
    """Some nodes and the part of the graph that leads to them, in the same order."""
    kept = tuple(name for name in pathway.order if any(pathway.leads_to(name, node) for node in nodes))
    return Pathway(nx.freeze(pathway.graph.subgraph(kept).copy()), kept)


def _where(library: Library, source: str, target: str) -> tuple[str, int]:
    for pathway in library.pathways.values():
        for number, edge in enumerate(pathway.edges):
            if (edge.from_, edge.to) == (source, target):
                return library.line(pathway.id, "edges", number)
    return "evidence/pathways", 0


def _check_shape(library: Library, pathway: Pathway, faults: FaultCollector) -> None:
    for declared in library.pathways.values():
        for number, node in enumerate(declared.nodes):
            led_to = any(pathway.leads_to(node.id, event) for event in pathway.events)
            if node.kind not in ("event", "group") and not led_to:
                file, line = library.line(declared.id, "nodes", number)
                faults.add(file, line, f"'{node.id}' leads to no event, so nothing done about it can be counted.")
            if node.form == "continuous" and pathway.into(node.id):
                file, line = library.line(declared.id, "nodes", number)
                faults.add(
                    file,
                    line,
                    f"'{node.id}' is continuous; what changes it must be an intervention, not an edge.",
                )
    for name in pathway.graph:
        groups: dict[str, str] = {}
        for source in sorted(pathway.graph.predecessors(name)):
            group = pathway.node(source).group
            if group and group in groups:
                faults.add(
                    *_where(library, source, name),
                    f"'{source}' and '{groups[group]}' stand for one another ({group}), and both lead to '{name}'. "
                    "Keep one, or the same risk is multiplied twice.",
                )
            if group:
                groups[group] = source


def _check_total_effects(library: Library, pathway: Pathway, faults: FaultCollector) -> None:
    graph = pathway.graph
    for source, target, edge in graph.edges(data="edge"):
        if edge.scope != "total":
            continue
        for start in sorted(graph.successors(source)):
            if start != target and pathway.leads_to(start, target):
                route = [source, *nx.shortest_path(graph, start, target)]
                if any(a == b for a, b in pairwise(route)):
                    continue
                faults.add(
                    *_where(library, source, target),
                    f"{source} → {target} is a total effect, and part of it also runs {' → '.join(route)}: "
                    "it would count twice. Use an estimate adjusted for the mediator and mark it direct, "
                    "or leave one route out.",
                )
                break
