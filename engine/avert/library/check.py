"""Cross-checks of the library: what one record says of another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import getitem

from avert.errors import EvidenceError, FaultCollector, nearest
from avert.library.check_figures import (
    assumptions_are_wide,
    measures_convert,
    no_trial_counts_twice,
    readings,
)
from avert.library.library import POPULATION, Library
from avert.library.provenance import every_figure_has_its_papers
from avert.library.records import ALL_ADMISSIONS, Node, Per
from avert.reading import Document

_KIND = {"risk_factor": "a risk factor", "condition": "a condition", "event": "an event", "group": "a group"}


def check_references(library: Library) -> None:
    """Raises EvidenceError with every fault that one file alone does not show."""
    faults = FaultCollector(EvidenceError)
    for check in (
        _sources_exist,
        _nodes_are_declared_once,
        _edges_join_nodes,
        _costs_exist,
        _experts_are_asked_of,
        _interventions_refer,
        _factors_refer,
    ):
        check(library, faults)
    faults.raise_if_any()
    for check in (
        measures_convert,
        no_trial_counts_twice,
        assumptions_are_wide,
        every_figure_has_its_papers,
        _joint_refers,
        _population_refers,
    ):
        check(library, faults)
    faults.raise_if_any()


def _sources_exist(library: Library, faults: FaultCollector) -> None:
    known = library.sources.keys()
    for document in library.documents.values():
        for path, key in written_under(document, "source"):
            if key not in known:
                faults.add(
                    document.file,
                    document.line(path),
                    f"the source '{key}' is not in the bibliography.{nearest(key, known)}",
                )


def written_under(document: Document, name: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every word written under the key `name` anywhere in a document, with its path."""
    for path in document.lines:
        if path and path[-1] == name and name not in path[:-1]:
            value = reduce(getitem, path, document.data)
            yield from ((path, str(one)) for one in (value if isinstance(value, list) else [value]))


def _nodes_are_declared_once(library: Library, faults: FaultCollector) -> None:
    seen: dict[str, str] = {}
    for pathway in library.pathways.values():
        for number, node in enumerate(pathway.nodes):
            file, line = library.line(pathway.id, "nodes", number)
            half = any(figure.value >= 0.5 for figure in (node.prevalence or {}).values())
            if node.form == "onset" and node.stratifies and half:
                faults.add(
                    file,
                    line,
                    f"'{node.id}' begins in people free of it; with half the people having it, it can't be told apart.",
                )
            if node.id in seen:
                faults.add(file, line, f"the node '{node.id}' is already declared in {seen[node.id]}.")
            seen[node.id] = file
            for other in node.not_for:
                if other not in library.nodes:
                    faults.add(
                        file,
                        line,
                        f"'not_for' names an unknown node '{other}'.{nearest(other, library.nodes)}",
                    )


def _edges_join_nodes(library: Library, faults: FaultCollector) -> None:
    nodes = library.nodes
    pairs: set[tuple[str, str]] = set()
    for pathway in library.pathways.values():
        for number, edge in enumerate(pathway.edges):
            file, line = library.line(pathway.id, "edges", number)
            for end in (edge.from_, edge.to):
                if end not in nodes:
                    faults.add(file, line, f"no pathway declares the node '{end}'.{nearest(end, nodes)}")
            if (edge.from_, edge.to) in pairs:
                faults.add(file, line, f"the edge {edge.from_} → {edge.to} is drawn twice.")
            pairs.add((edge.from_, edge.to))
            if {edge.from_, edge.to} <= nodes.keys():
                for path, reading in readings(edge):
                    place = library.line(pathway.id, "edges", number, *path)
                    share = reading.measure == "share"
                    for message in _edge_faults(nodes[edge.from_], nodes[edge.to], share, reading.per):
                        faults.add(*place, f"the edge {edge.from_} → {edge.to}: {message}")


def _edge_faults(start: Node, end: Node, share: bool, per: Per | None) -> list[str]:
    rank = {"risk_factor": 0, "condition": 1, "event": 2}
    faults = []
    if "group" in (start.kind, end.kind):
        return ["a group only tells people apart; nothing leads to it or from it."]
    if rank[start.kind] > rank[end.kind] or start.kind == "event":
        faults.append(f"{_KIND[start.kind]} can't lead to {_KIND[end.kind]}.")
    if share and start.kind != "condition":
        faults.append("only a condition can lead on by a share.")
    if (start.form == "continuous") != (per is not None):
        faults.append("'per' belongs to continuous factors, and they need it.")
    elif per is not None and per.unit != start.unit:
        faults.append(f"'per' is in {per.unit}, and '{start.id}' is measured in {start.unit}.")
    if start.form == "onset" and not share and (start.years_lived is None or start.prevalence is None):
        faults.append(f"a ratio leading on from an onset needs '{start.id}' to state years_lived and prevalence.")
    return faults


def _costs_exist(library: Library, faults: FaultCollector) -> None:
    for pathway in library.pathways.values():
        for number, node in enumerate(pathway.nodes):
            if node.unit_cost and node.unit_cost not in library.unit_costs:
                file, line = library.line(pathway.id, "nodes", number, "unit_cost")
                advice = nearest(node.unit_cost, library.unit_costs)
                faults.add(file, line, f"there is no unit cost '{node.unit_cost}'.{advice}")
    for document in library.documents.values():
        for path, year in written_under(document, "price_year"):
            if year not in library.price_index.index:
                last = max(library.price_index.index)
                faults.add(
                    document.file,
                    document.line(path),
                    f"there is no price index for '{year}'; the last year is {last}.",
                )


def _experts_are_asked_of(library: Library, faults: FaultCollector) -> None:
    view = library.plausibility
    for pathway in library.pathways.values():
        for number, node in enumerate(pathway.nodes):
            if node.plausibility and node.plausibility not in view.classes:
                place = library.line(pathway.id, "nodes", number, "plausibility")
                faults.add(
                    *place,
                    f"the experts have no class '{node.plausibility}'.{nearest(node.plausibility, view.classes)}",
                )
    for event, name in view.events.items():
        line = library.documents["evidence/plausibility.yaml"].line(("events", event))
        events = [node.id for node in library.nodes.values() if node.kind == "event"]
        for given, known in ((event, events), (name, list(view.classes))):
            if given not in known:
                faults.add(
                    "evidence/plausibility.yaml", line, f"there is nothing called '{given}'.{nearest(given, known)}"
                )


def _interventions_refer(library: Library, faults: FaultCollector) -> None:
    nodes = library.nodes
    stratifying = {node.id for node in nodes.values() if node.stratifies}
    for intervention in library.interventions.values():

        def fault(message: str, *path: str | int, name: str = intervention.id) -> None:
            faults.add(*library.line(name, *path), message)

        if intervention.pathway not in library.pathways:
            fault(
                f"no pathway is called '{intervention.pathway}'.{nearest(intervention.pathway, library.pathways)}",
                "pathway",
            )
        for rule in ("requires", "requires_any", "excludes"):
            for place, factor in enumerate(getattr(intervention.eligible, rule)):
                if factor not in stratifying:
                    fault(
                        f"'{factor}' is not a factor that tells groups apart.{nearest(factor, stratifying)}",
                        "eligible",
                        rule,
                        place,
                    )
        for other in intervention.contains:
            if other not in library.interventions:
                fault(f"there is no intervention '{other}'.{nearest(other, library.interventions)}", "contains")
        seen: set[str] = set()
        for number, effect in enumerate(intervention.effects):
            if effect.acts_on not in nodes and effect.acts_on != ALL_ADMISSIONS:
                fault(
                    f"no pathway declares the node '{effect.acts_on}'.{nearest(effect.acts_on, nodes)}",
                    "effects",
                    number,
                )
            elif effect.acts_on in nodes and nodes[effect.acts_on].kind == "group":
                fault(f"'{effect.acts_on}' is a group of people; name it under 'eligible'.", "effects", number)
            if effect.acts_on in seen:
                fault(
                    f"'{effect.acts_on}' has two estimates here; choose one, and say why in its note.",
                    "effects",
                    number,
                )
            seen.add(effect.acts_on)


def _factors_refer(library: Library, faults: FaultCollector) -> None:
    """Factors of a list are listed once, and those that stand in the graph name a node of it."""
    for record in library.risk_factors.values():
        seen: set[str] = set()
        for number, factor in enumerate(record.factors):
            if factor.id in seen:
                faults.add(*library.line(record.id, "factors", number), f"the factor '{factor.id}' stands here twice.")
            seen.add(factor.id)
            if factor.node and factor.node not in library.nodes:
                place = library.line(record.id, "factors", number, "node")
                faults.add(
                    *place, f"no pathway declares the node '{factor.node}'.{nearest(factor.node, library.nodes)}"
                )


def _joint_refers(library: Library, faults: FaultCollector) -> None:
    stratifying = {node.id for node in library.nodes.values() if node.stratifies}
    for number, pair in enumerate(library.joint.odds_ratios):
        for factor in pair.factors:
            if factor not in stratifying:
                line = library.documents["evidence/joint.yaml"].line(("odds_ratios", number))
                advice = nearest(factor, stratifying)
                faults.add(
                    "evidence/joint.yaml",
                    line,
                    f"'{factor}' is not a factor that tells groups apart.{advice}",
                )


def _population_refers(library: Library, faults: FaultCollector) -> None:
    """Groups that die sooner are told apart in the graph, and no other record has the name of this one."""
    record = library.population
    if record is None:
        return
    document = library.documents[POPULATION]
    stratifying = {node.id for node in library.nodes.values() if node.stratifies}
    for factor in record.deaths.groups:
        if factor not in stratifying:
            line = document.line(("deaths", "groups", factor))
            advice = nearest(factor, stratifying)
            faults.add(POPULATION, line, f"'{factor}' is not a factor that tells groups apart.{advice}")
    if record.id in library.written_in or record.id == library.joint.id:
        faults.add(POPULATION, document.line(("id",)), f"the id '{record.id}' is already used by another record.")
