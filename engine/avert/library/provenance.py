"""Every figure's unit and papers: what it counts, who says so, where it was read, how sure anybody can be."""

from __future__ import annotations

from collections.abc import Iterator

from avert.errors import FaultCollector
from avert.library.library import POPULATION, Library, Placed, figures_in
from avert.library.records import Figure, Money, OtherOutcome
from avert.reading import Record

SHARE_OF_PEOPLE = "share of people"
UNITS = {
    "uptake": "share of people offered",
    "completion": "share of people who start",
    "already_reached": "share of eligible people",
    "delivery": "share of the studied effect",
    "staff_hours": "hours/participant",
    "onset_months": "months",
    "duration_years": "years",
    "decay_per_year": "share of the effect/year",
    "baseline_risk": "share of people over the follow-up",
    "baseline_rate": "events/person/year",
    "prevalence": SHARE_OF_PEOPLE,
    "persistence": "share of people with it who have it a year later",
    "years_lived": "years",
    "england_rate": "events/100,000 people/year",
    "length_of_stay": "days",
    "published_fraction": "share of cases",
    "odds_ratio": "odds ratio",
    "by_age": "share of people/year",
    "rate_ratio": "rate ratio",
    "population_growth": "share of people/year",
}
"""Unit of a figure by the field it stands in; estimates go by their measure, money states its own."""
OF_MEASURE = {
    "rate_ratio": "rate ratio",
    "hazard_ratio": "hazard ratio",
    "risk_ratio": "risk ratio",
    "odds_ratio": "odds ratio",
    "share": "share of the target's events",
    "percentage_change": "per cent",
    "share_leaving_state": "share of people in the state",
    "risk_difference": "difference in the share of people",
    "number_needed_to_treat": "people for one event averted",
    "events_averted_per_participant_year": "events/person/year",
}


def placed_in(library: Library) -> Iterator[tuple[str, str, tuple[str | int, ...], Placed]]:
    """(id of the record, its file, path in that file, figure) for every figure of the library, in order of file."""
    files: dict[str, Record] = {**library.pathways, **library.interventions, **library.risk_factors}
    for name, record in files.items():
        for placed in figures_in(record):
            yield name, library.written_in[name], placed.path, placed
    costs = "evidence/costs/unit_costs.yaml"
    for number, written in enumerate(library.documents[costs].data["costs"]):
        for placed in figures_in(library.unit_costs[written["id"]]):
            yield written["id"], costs, ("costs", number, *placed.path), placed
    for placed in figures_in(library.joint):
        yield library.joint.id, "evidence/joint.yaml", placed.path, placed
    if library.population:
        for placed in figures_in(library.population):
            yield library.population.id, POPULATION, placed.path, placed


def unit_of(placed: Placed, library: Library) -> str:
    """What a figure counts; empty if nothing says so."""
    if isinstance(placed.figure, Money):
        return placed.figure.unit
    if isinstance(placed.holder, OtherOutcome):
        return placed.holder.unit
    if placed.field != "estimate":
        return UNITS.get(placed.field, "")
    measure = str(getattr(placed.holder, "measure", ""))
    if measure == "mean_difference":
        return _unit_of_node(placed, library)
    return OF_MEASURE.get(measure, "")


def _unit_of_node(placed: Placed, library: Library) -> str:
    """For a difference in a continuous factor: the factor's unit; an alternative's node stands in its path."""
    node = next((library.nodes[name] for name in placed.names if name in library.nodes), None)
    return (node.unit or "") if node else ""


def every_figure_has_its_papers(library: Library, faults: FaultCollector) -> None:
    """Unit, interval or the reason why there is none, and for what was seen where and in what."""
    for _, file, path, placed in placed_in(library):
        document = library.documents[file]
        for message in _missing(placed.figure):
            faults.add(document.file, document.line(path), f"{' '.join(placed.names)}: {message}")
        if not unit_of(placed, library):
            faults.add(document.file, document.line(path), f"{' '.join(placed.names)}: nothing says its unit.")


def _missing(figure: Figure) -> Iterator[str]:
    if figure.interval is None and not figure.no_interval:
        yield "it has neither an 'interval' nor 'no_interval', the reason why there is none."
    if figure.verification == "seen" and not figure.seen_in:
        yield "it is marked seen; say where, in 'seen_in'."
    if figure.verification == "seen" and not figure.seen_as:
        yield "it is marked seen; say in what, in 'seen_as': abstract, table, paper, official_page or secondary."
