"""The true optimum under other evidence: the plan optimised afresh, beside what the held allocation shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from avert.appraisal.gaps import EMPTY, Gaps, answer_of, shared_out
from avert.appraisal.in_force import InForce, under
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

    At either end of each figure's interval; and by each reading that the library holds of the services the
    plan may buy and the links it draws, bought or not.
    """
    chosen = gaps.table.index[:most].tolist()
    readings = _readings(gaps)
    moves = [(gaps.figures[number], end) for number in chosen for end in _ends(gaps.figures[number])]
    progress(f"{len(moves)} + {len(readings)} plans to be optimised afresh")
    plans = [under(gaps.plan, figure, end) for figure, end in moves]
    plans += [_by(gaps.plan, choice, name) for choice, name in readings]
    found = shared_out(partial(_optimum, len(gaps.held.county.years)), plans, jobs)
    table = gaps.table.copy()
    for place, number in enumerate(chosen):
        table.loc[number, ["optimum_at_low", "optimum_at_high"]] = found[2 * place : 2 * place + 2]
    read = [
        Reading(choice, name, _held(gaps, choice, name), optimum)
        for (choice, name), optimum in zip(readings, found[len(moves) :], strict=True)
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


def _held(gaps: Gaps, choice: Choice, name: str) -> float:
    try:
        ledger = ledger_under(gaps.held.ledger, _by(gaps.plan, choice, name))
        return gaps.answer + gaps.held.gain(gaps.held.ledger_in(ledger), ledger.county)
    except AvertError:
        return EMPTY
