"""The true optimum under other evidence: the plan optimised afresh, beside what the held allocation shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from avert.appraisal.gaps import EMPTY, Gaps, answer_of, could_come_in, shared_out, with_services
from avert.appraisal.in_force import InForce, under
from avert.appraisal.newcomers import stays_out
from avert.appraisal.optimise import optimal_appraisal
from avert.appraisal.other_evidence import ledger_under
from avert.errors import AvertError
from avert.library import Choice, choices_in, with_choices
from avert.plan import PlanInFull
from avert.programme.rounds import Progress


@dataclass(frozen=True)
class Reading:
    """What a plan comes to by another reading of the evidence."""

    choice: Choice
    name: str
    """Of the other reading."""
    held: float
    """The same offers, what they use charged at the prices; no number where the model refuses the reading."""
    optimum: float
    """The best plan by that reading; no number where there is none."""


def optimised_again(
    gaps: Gaps, most: int, *, jobs: int | None = None, progress: Progress = lambda _: None
) -> tuple[Gaps, tuple[Reading, ...]]:
    """The plan optimised afresh for the `most` figures that move it furthest, and for every other reading.

    At either end of each figure's interval; so for as many that could bring in a service not bought; and by
    each reading that the library holds of the services the plan may buy and the links it draws, bought or not.
    """
    coming = could_come_in(gaps.table).index[:most]
    chosen = list(dict.fromkeys([*gaps.table.index[:most].tolist(), *coming.tolist()]))
    readings = _readings(gaps)
    moves = [(gaps.figures[number], end) for number in chosen for end in _ends(gaps.figures[number])]
    settled = [_stays_out(gaps, choice, name) for choice, name in readings]
    plans = [under(gaps.plan, figure, end) for figure, end in moves]
    plans += [_by(gaps.plan, choice, name) for (choice, name), out in zip(readings, settled, strict=True) if not out]
    progress(
        f"{len(plans)} plans to be optimised afresh; {sum(settled)} readings are proved to leave the plan the best"
    )
    found = shared_out(partial(_optimum, len(gaps.held.county.years)), plans, jobs, at_a_time=1)
    table = gaps.table.copy()
    for place, number in enumerate(chosen):
        table.loc[number, ["optimum_at_low", "optimum_at_high"]] = found[2 * place : 2 * place + 2]
    afresh = iter(found[len(moves) :])
    read = [
        Reading(choice, name, _held(gaps, choice, name), gaps.answer if out else next(afresh))
        for (choice, name), out in zip(readings, settled, strict=True)
    ]
    return replace(gaps, table=table), tuple(read)


def _ends(figure: InForce) -> tuple[float, float]:
    interval = figure.placed.figure.interval
    assert interval is not None  # without one it is not moved
    return interval


def _optimum(years: int, plan: PlanInFull) -> float:
    try:
        return answer_of(optimal_appraisal(plan, years=years))
    except AvertError:
        return EMPTY


def _readings(gaps: Gaps) -> list[tuple[Choice, str]]:
    county = gaps.held.county
    drawn = {f"{start} to {end}" for start, end in county.pathway.graph.edges} | set(county.family.ids)
    choices = [choice for choice in choices_in(gaps.plan.library) if choice.of in drawn]
    return [(choice, name) for choice in choices for name in choice.others]


def _by(plan: PlanInFull, choice: Choice, name: str) -> PlanInFull:
    return replace(plan, library=with_choices(plan.library, {choice.of: (name,)}))


def _stays_out(gaps: Gaps, choice: Choice, name: str) -> bool:
    """Whether a reading of a service not bought is proved to leave the plan the best."""
    held, whole = gaps.held, gaps.appraisal.county
    if choice.of not in held.not_bought:
        return False
    try:
        return stays_out(held, whole, with_services(held.county, _by(gaps.plan, choice, name)), choice.of)
    except AvertError:
        return False


def _held(gaps: Gaps, choice: Choice, name: str) -> float:
    try:
        ledger = ledger_under(gaps.held.ledger, _by(gaps.plan, choice, name))
        return gaps.answer + gaps.held.gain(gaps.held.ledger_in(ledger), ledger.county)
    except AvertError:
        return EMPTY
