"""The figures with an interval that are in force under a plan: what they are, and what they touch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from avert.library import POPULATION, Placed, figures_in
from avert.library.moved import moved, with_figure
from avert.library.records import Edge, Effect, Intervention, Node
from avert.packages import County
from avert.plan import PlanInFull

NEVER_IN_A_SUM = {"alternatives", "other_outcomes", "completion", "paid_elsewhere", "eligible", "not_found"}
CHARGED = ("cost", "follow_on_cost", "staff_hours")
"""Figures of a service that change what it uses and nothing of what it averts."""
PEOPLE_ANYWHERE = "People in any area"
ORDER = ("very_low", "low", "moderate", "high")
"""Certainties, worst first."""


@dataclass(frozen=True)
class InForce:
    """One figure in force under a plan."""

    record: str
    """Id of the intervention, the pathway, the joint file, the library's population file or the area."""
    label: str
    """What it is a figure of, in words."""
    placed: Placed
    file: str
    line: int
    certainty: str
    """Of the effect or link it belongs to; for a service's own figures the lowest of its effects; else empty."""
    service: str
    """Id of the service it is a figure of; empty for pathways and areas."""

    @property
    def only_charged(self) -> bool:
        return bool(self.service) and self.placed.field in CHARGED


def under(plan: PlanInFull, figure: InForce, value: float) -> PlanInFull:
    """The plan with one figure of its library or its area at another value."""
    if figure.record == plan.area.record.id and not figure.service and figure.file == plan.area.document.file:
        return replace(plan, area=replace(plan.area, record=moved(plan.area.record, figure.placed.path, value)))
    return replace(plan, library=with_figure(plan.library, figure.record, figure.placed.path, value))


def figures_in_force(county: County, *, assumptions_only: bool = True) -> tuple[InForce, ...]:
    """Every assumption of the services a plan may buy or has today, of its pathways,
    of joint odds ratios, of people and of its area.

    Without `assumptions_only` every figure with an interval, seen and derived ones too.

    An effect is in force if the evidence rule counts it, a node or a link if it is drawn; a prevalence the
    area states itself stands in for the library's.
    """
    return tuple(
        one
        for found in (
            _of_services(county),
            _of_pathways(county),
            _of_the_joint(county),
            _of_people(county),
            _of_the_area(county),
        )
        for one in found
        if one.placed.figure.interval is not None and (one.placed.figure.is_assumption or not assumptions_only)
    )


def _of_services(county: County) -> Iterator[InForce]:
    library = county.plan.library
    counted = {id(effect.record) for effect in county.effects}
    for one in library.interventions.values():
        if one.id not in county.family.ids and one.id not in county.reached_today:
            continue
        lowest = _lowest(county, one)
        for placed in figures_in(one):
            if NEVER_IN_A_SUM & set(placed.names) or _stated_by_the_plan(county, one, placed):
                continue
            holder = one.effects[int(placed.path[1])] if placed.path[0] == "effects" else None
            if holder is not None and id(holder) not in counted and one.id in county.family.ids:
                continue
            file, line = library.line(one.id, *placed.path)
            yield InForce(one.id, one.label, placed, file, line, holder.certainty if holder else lowest, one.id)


def _stated_by_the_plan(county: County, one: Intervention, placed: Placed) -> bool:
    return placed.field == "already_reached" and one.id in county.plan.record.today


def _lowest(county: County, one: Intervention) -> str:
    """The lowest certainty of the effects of a service that count."""
    found = {effect.record.certainty for effect in county.effects if effect.intervention == one.id}
    return next((certainty for certainty in ORDER if certainty in found), "")


def _of_pathways(county: County) -> Iterator[InForce]:
    library, graph = county.plan.library, county.pathway.graph
    local = county.plan.area.record.prevalence
    for record in library.pathways.values():
        for placed in figures_in(record):
            section, number = placed.path[0], placed.path[1]
            if NEVER_IN_A_SUM & set(placed.names) or section not in ("nodes", "edges"):
                continue
            holder: Node | Edge = (record.nodes if section == "nodes" else record.edges)[int(number)]
            if isinstance(holder, Node):
                drawn = holder.id in graph and not (placed.field == "prevalence" and holder.id in local)
                label, certainty = holder.label, ""
            else:
                drawn = graph.has_edge(holder.from_, holder.to)
                label, certainty = f"{holder.from_} → {holder.to}".replace("_", " "), holder.certainty
            if drawn:
                file, line = library.line(record.id, *placed.path)
                yield InForce(record.id, label, placed, file, line, certainty, "")


def _of_the_joint(county: County) -> Iterator[InForce]:
    library, area = county.plan.library, county.plan.area
    if area.strata or area.profiles:
        return
    file = "evidence/joint.yaml"
    for placed in figures_in(library.joint):
        factors = library.joint.odds_ratios[int(placed.path[1])].factors
        if set(factors) <= set(county.groups.factors):
            line = library.documents[file].line(placed.path)
            label = " and ".join(factors).replace("_", " ")
            yield InForce(library.joint.id, label, placed, file, line, "", "")


def _of_people(county: County) -> Iterator[InForce]:
    """What the library says of people in any area, as far as this one does not say it itself."""
    library = county.plan.library
    for placed in county.plan.taken_from_the_library():
        assert library.population  # it is what they are taken from
        named = set(placed.names) & set(library.nodes)
        if named <= set(county.pathway.graph):
            line = library.documents[POPULATION].line(placed.path)
            yield InForce(library.population.id, PEOPLE_ANYWHERE, placed, POPULATION, line, "", "")


def _of_the_area(county: County) -> Iterator[InForce]:
    area = county.plan.area
    for placed in figures_in(area.record):
        named = set(placed.names) & set(county.plan.library.nodes)
        if named <= set(county.pathway.graph):
            line = area.document.line(placed.path)
            yield InForce(area.record.id, area.record.label, placed, area.document.file, line, "", "")


def what_it_is(figure: InForce) -> str:
    """'delivery', 'effect on fall', 'prevalence at 75-84': the figure's name within what it belongs to."""
    placed = figure.placed
    holder = placed.holder
    said = placed.field.replace("_", " ")
    if placed.field == "estimate":
        said = f"effect on {holder.acts_on.replace('_', ' ')}" if isinstance(holder, Effect) else "ratio"
        if getattr(holder, "measure", "") == "share":
            said = "share"
    elif isinstance(holder, Effect):
        said = f"{said} of the effect on {holder.acts_on.replace('_', ' ')}"
    elif placed.field == "staff_hours":
        said = f"hours of {placed.names[-1].replace('_', ' ')}"
    elif placed.field in ("by_age", "rate_ratio"):
        said = "deaths" if placed.field == "by_age" else f"deaths, {placed.names[-2].replace('_', ' ')}"
    elif figure.service == "" and placed.field == "prevalence" and placed.names[0] == "prevalence":
        said = f"prevalence of {placed.names[1].replace('_', ' ')}"
    return f"{said} at {placed.age_band}" if placed.age_band and placed.age_band != "all ages" else said
