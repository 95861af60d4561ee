"""Cross-checks of the library: what one record says of another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from math import log

from avert import units
from avert.errors import EvidenceError, FaultCollector, nearest
from avert.library.library import Library, figures_in
from avert.library.records import ALL_ADMISSIONS, Effect, Figure, Intervention, Node, PathwayFile, Per

_KIND = {"risk_factor": "a risk factor", "condition": "a condition", "event": "an event"}
NARROWEST_ASSUMPTION = 0.05  # an assumption's interval must reach this share of its value to either side


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
    ):
        check(library, faults)
    faults.raise_if_any()
    for check in (_measures_convert, _no_trial_counts_twice, _assumptions_are_wide, _joint_refers):
        check(library, faults)
    faults.raise_if_any()


def _records(library: Library) -> list[PathwayFile | Intervention]:
    return [*library.pathways.values(), *library.interventions.values()]


def _sources_exist(library: Library, faults: FaultCollector) -> None:
    known = library.sources.keys()
    for file, document in library.documents.items():
        for path, key in written_under(document.data, "source"):
            if key not in known:
                faults.add(
                    file,
                    document.line(path),
                    f"the source '{key}' is not in the bibliography.{nearest(key, known)}",
                )


def written_under(
    data: object, name: str, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every word written under the key `name` anywhere in plain data, with its path."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        if key == name:
            yield from (((*path, key), str(one)) for one in (value if isinstance(value, list) else [value]))
        else:
            yield from written_under(value, name, (*path, key))


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
                for message in _edge_faults(nodes[edge.from_], nodes[edge.to], edge.measure == "share", edge.per):
                    faults.add(file, line, f"the edge {edge.from_} → {edge.to}: {message}")


def _edge_faults(start: Node, end: Node, share: bool, per: Per | None) -> list[str]:
    rank = {"risk_factor": 0, "condition": 1, "event": 2}
    faults = []
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
    for name, document in library.documents.items():
        for path, year in written_under(document.data, "price_year"):
            if year not in library.price_index.index:
                last = max(library.price_index.index)
                faults.add(
                    name,
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
            if effect.acts_on in seen:
                fault(
                    f"'{effect.acts_on}' has two estimates here; choose one, and say why in its note.",
                    "effects",
                    number,
                )
            seen.add(effect.acts_on)


def _measures_convert(library: Library, faults: FaultCollector) -> None:
    nodes = library.nodes
    for intervention in library.interventions.values():
        for number, effect in enumerate(intervention.effects):
            message = _effect_fault(effect, nodes.get(effect.acts_on))
            if message:
                faults.add(*library.line(intervention.id, "effects", number), message)
    for pathway in library.pathways.values():
        for number, edge in enumerate(pathway.edges):
            for figure in edge.estimate.values():
                message = "" if edge.measure == "share" else _ratio_fault(edge.measure, figure, edge)
                if message:
                    faults.add(*library.line(pathway.id, "edges", number), message)


def _effect_fault(effect: Effect, node: Node | None) -> str:
    if node is not None and (node.form == "continuous") != (effect.measure == "mean_difference"):
        return (
            f"'{effect.acts_on}' is measured in {node.unit}: its effect must be a mean_difference."
            if node.form == "continuous"
            else f"a mean_difference needs a continuous factor, and '{effect.acts_on}' is none."
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
    return ""


def _no_trial_counts_twice(library: Library, faults: FaultCollector) -> None:
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
    def key(effect: Effect) -> tuple[object, ...]:
        figure = effect.estimate
        return effect.acts_on, effect.measure, figure.value, figure.interval, figure.source

    return bool(one.estimate.source) and key(one) == key(other)


def _assumptions_are_wide(library: Library, faults: FaultCollector) -> None:
    for record in _records(library):
        for placed in figures_in(record):
            figure = placed.figure
            by_definition = figure.value in (0, 1)
            if figure.assumption and figure.interval and not by_definition:
                low, high = figure.interval
                room = min(high - figure.value, figure.value - low)
                whole = figure.value == low == 0 or high == 1
                if high - low < 2 * NARROWEST_ASSUMPTION * abs(figure.value) or (room <= 0 and not whole):
                    what = " ".join(placed.names)
                    faults.add(
                        *library.line(record.id, *placed.path),
                        f"{what}: an interval of {low:g} to {high:g} is too narrow for an assumption.",
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
