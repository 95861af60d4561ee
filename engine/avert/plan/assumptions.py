"""Every assumption an answer rests on, in one list a board can read."""

from __future__ import annotations

from dataclasses import dataclass

from avert.library import POPULATION, figures_in
from avert.library.records import Figure, Intervention, PathwayFile
from avert.plan.deprivation import FIFTHS
from avert.plan.in_full import PlanInFull
from avert.plan.records import ALL


@dataclass(frozen=True)
class Assumption:
    """One thing taken for granted: where it is written, what it is, and why."""

    where: str
    what: str
    value: str
    why: str
    record: str = ""
    """Id of the record a figure belongs to; empty for a choice."""
    width: float = 0.0
    """Of a figure's range, over the figure itself; 0 where that is 0 and so has no size to go by."""


def assumptions(plan: PlanInFull) -> tuple[Assumption, ...]:
    """Choices of the plan, what it leaves open, and every figure in use that nobody saw in a source."""
    return (*_choices(plan), *_fairness(plan), *_left_open(plan), *_figures(plan))


def _choices(plan: PlanInFull) -> list[Assumption]:
    record = plan.record
    found = [
        Assumption(
            plan.line(section),
            section,
            "illustrative",
            "an example for this plan, not a decision of the partner",
        )
        for section in record.illustrative
    ]
    stated = {
        "evidence": (
            record.evidence,
            "published ratios as they are, or shrunk towards a pathway prior by their precision",
        ),
        "evidence_rule": (record.evidence_rule, "which estimate counts where several lead to one event"),
        "take_up": (record.take_up, "whether those who accept one service are those who accept another"),
        "realism": (f"{record.realism:.0%}", "share of every delivered effect that is counted on"),
        "largest_package": (str(record.largest_package), "most services one person is offered together"),
        "prices": (
            record.prices,
            "all money is in the prices of this year; contributions are taken to keep their worth",
        ),
    }
    return found + [Assumption(plan.line(name), name, value, why) for name, (value, why) in stated.items()]


def _fairness(plan: PlanInFull) -> list[Assumption]:
    """How rules of fairness read deprivation and access."""
    fairness, found = plan.record.fairness, []
    by_decile = [wanted for wanted in fairness.minimum if not wanted.places]
    fifths = FIFTHS.keys() & fairness.equity_weights.keys()
    if by_decile or fifths or (fairness.equal_access and fairness.equal_access_in == "each_deprivation_fifth"):
        why = "each place counts as a whole, by the mean decile of its neighbourhoods, whoever else may live there"
        found.append(Assumption(plan.line("fairness"), "fairness", "deprivation of places", why))
    if fairness.equal_access:
        why = "access is equal by people eligible at the start of the plan, whoever of them takes part"
        found.append(
            Assumption(plan.line("fairness", "equal_access"), "equal_access", "people eligible at the start", why)
        )
    return found


def _left_open(plan: PlanInFull) -> list[Assumption]:
    record, found = plan.record, []
    roles = sorted({role for i in plan.candidates for role in i.staff_hours} - record.staff.keys())
    if roles:
        found.append(
            Assumption(
                plan.line("staff"),
                "staff",
                "unlimited: " + ", ".join(roles),
                "the plan states no hours for these roles",
            )
        )
    open_ended = [i.id for i in plan.candidates if i.id not in record.limits]
    if open_ended:
        found.append(
            Assumption(
                plan.line("limits"),
                "limits",
                "reach only: " + ", ".join(open_ended),
                "the plan states no places a year",
            )
        )
    free = [p for p in plan.partners if ALL in record.may_pay.get(p, (ALL,))]
    if free:
        found.append(
            Assumption(plan.line("may_pay"), "may_pay", "anything: " + ", ".join(free), "no ring-fence is stated")
        )
    events = {n.id: n for n in plan.library.nodes.values() if n.kind == "event" and n.england_rate}
    local = {event for _, event in plan.area.rates}
    national = sorted(events.keys() - local)
    if national:
        found.append(
            Assumption(
                plan.area.document.file,
                "local rates",
                "England's: " + ", ".join(national),
                "no local rate was found; England's at the same age is used",
            )
        )
    return found


def _figures(plan: PlanInFull) -> list[Assumption]:
    library, found = plan.library, []
    records: tuple[PathwayFile | Intervention, ...] = (*library.pathways.values(), *plan.candidates)
    for record in records:
        for placed in figures_in(record):
            if placed.figure.is_assumption and not {"alternatives", "other_outcomes"} & set(placed.names):
                file, line = library.line(record.id, *placed.path)
                found.append(_assumption(f"{file}:{line}", (record.id, *placed.names), placed.figure))
    for placed in plan.taken_from_the_library():
        if placed.figure.is_assumption:
            assert library.population  # it is what they are taken from
            where = f"{POPULATION}:{library.documents[POPULATION].line(placed.path)}"
            found.append(_assumption(where, (library.population.id, *placed.names), placed.figure))
    area = plan.area
    for placed in figures_in(area.record):
        if placed.figure.is_assumption:
            where = f"{area.document.file}:{area.document.line(placed.path)}"
            found.append(_assumption(where, (area.record.id, *placed.names), placed.figure))
    return found


def _assumption(where: str, names: tuple[str, ...], figure: Figure) -> Assumption:
    span = f" ({figure.interval[0]:g} to {figure.interval[1]:g})" if figure.interval else ""
    why = figure.assumption or f"recalled, not seen, from {', '.join(figure.source)}"
    return Assumption(
        where,
        " / ".join(n for n in names if n not in ("nodes", "edges", "effects", "estimate")),
        f"{figure.value:g}{span}",
        why,
        names[0],
        _width(figure),
    )


def _width(figure: Figure) -> float:
    if not figure.interval or not figure.value:
        return 0.0
    low, high = figure.interval
    return (high - low) / abs(figure.value)
