"""What is worth finding out first: how far the answer moves with each assumption in force.

Every figure that was recalled is moved to either end of its interval while the optimal offers and their prices
are held (`appraisal.lagrangian`), so a list of hundreds takes seconds.  For services outside the plan the held
allocation shows no more than what today's users of them change; whether a better figure would bring one in is
asked apart (`appraisal.newcomers`), and settled by optimising again (`again`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from typing import TypeVar

import numpy as np
import pandas as pd

from avert.appraisal.in_force import InForce, figures_in_force, under, what_it_is
from avert.appraisal.lagrangian import Held, held_of, stopped
from avert.appraisal.newcomers import benefit_per_charge, can_come_in
from avert.appraisal.optimise import Appraisal, optimal_appraisal
from avert.appraisal.other_evidence import ledger_under, ledger_with_services
from avert.errors import AvertError
from avert.packages import County
from avert.plan import PlanInFull
from avert.programme.rounds import Progress

GAP_COLUMNS = {
    "what": "the figure within what it belongs to",
    "of": "the service, node, link or area it belongs to, in words",
    "record": "id of the intervention, pathway, joint file or area",
    "where": "place in the record, from the outside in, parts joined by ' / '",
    "file": "file it stands in",
    "line": "line of that file",
    "certainty": "of the effect or link it belongs to; a service's own figures: the lowest of its effects; or empty",
    "in_plan": "bought, not bought, or empty for what is no service",
    "value": "the figure",
    "low": "lower end of its interval",
    "high": "upper end of its interval",
    "answer": "what the plan comes to as things stand [units of its objective, by default admissions averted]",
    "answer_at_low": "with the figure at its lower end: same offers, what they use charged at the prices [same units]",
    "answer_at_high": "with the figure at its upper end [same units]",
    "swing": "largest of the three answers less the smallest [same units]",
    "benefit_per_charge": "for a service not bought: the most that anybody's benefit comes to, over its charge [ratio]",
    "best_benefit_per_charge": "the same with the figure at its better end; above 1 the service could come in [ratio]",
    "better_end": "that end",
    "optimum_at_low": "the optimum, found afresh, with the figure at its lower end; empty where not asked for",
    "optimum_at_high": "the same at its upper end",
    "why_not": "why an end can't be reckoned with",
}
"""Columns of the table and what they hold."""
EMPTY = float("nan")
T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Gaps:
    """What an answer rests on that nobody saw in a source."""

    appraisal: Appraisal = field(repr=False)
    held: Held = field(repr=False)
    figures: tuple[InForce, ...] = field(repr=False)
    answer: float
    table: pd.DataFrame = field(repr=False)
    """A row for each figure with the columns in `GAP_COLUMNS`, largest swing first; its index counts `figures`."""

    @property
    def plan(self) -> PlanInFull:
        return self.held.county.plan


@dataclass(frozen=True)
class Ends:
    """What came of moving one figure."""

    moved: tuple[float, float] = (0.0, 0.0)
    """Change of the answer at the lower and the upper end."""
    ratio: tuple[float, float] | None = None
    """Benefit per charge at the ends, of a service that is not bought."""
    why_not: str = ""


def gaps_of(
    plan: PlanInFull, *, years: int | None = None, jobs: int | None = None, progress: Progress = lambda _: None
) -> Gaps:
    """The plan's optimum, and how far each assumption in force moves it.

    Of a list of objectives the first counts.  `jobs` is how many processes share the work, all cores by
    default; the table is the same for any number.
    """
    first = replace(plan, record=plan.record.model_copy(update={"objective": plan.record.objective[:1]}))
    appraisal = optimal_appraisal(first, years=years, progress=progress)
    assert appraisal.optimum is not None  # an optimal appraisal has one
    held = held_of(appraisal.optimum, appraisal.ledger)
    figures = figures_in_force(appraisal.county)
    answer = answer_of(appraisal)
    progress(f"{len(figures):,} assumptions in force, each at either end of its interval")
    held.as_it_stands  # noqa: B018 - worked out once, before it is sent about
    ends = shared_out(partial(ends_of, held), figures, jobs)
    now = {name: _ratio(held, held.county, name) for name in held.not_bought}
    rows = [_row(held, figure, end, answer, now) for figure, end in zip(figures, ends, strict=True)]
    table = pd.DataFrame(rows, columns=list(GAP_COLUMNS))
    order = table.assign(best=table["best_benefit_per_charge"].fillna(0.0)).sort_values(
        ["swing", "best", "file", "line"], ascending=[False, False, True, True], kind="stable", na_position="last"
    )
    return Gaps(appraisal, held, figures, answer, table.loc[order.index])


def could_come_in(table: pd.DataFrame) -> pd.DataFrame:
    """Figures of services not bought that pay for nobody by themselves, and would at the figure's better end."""
    better = (table["best_benefit_per_charge"] > 1) & ~(table["benefit_per_charge"] > 1)
    found = table[better & (table["in_plan"] == "not bought")]
    return found.sort_values("best_benefit_per_charge", ascending=False, kind="stable")


def shared_out(work: Callable[[T], R], items: Sequence[T], jobs: int | None, at_a_time: int | None = None) -> list[R]:
    """`work` on every item, in their order, by so many processes (all cores by default)."""
    jobs = min(jobs or os.cpu_count() or 1, len(items))
    if jobs <= 1:
        return [work(item) for item in items]
    size = at_a_time or max(1, -(-len(items) // (4 * jobs)))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return list(pool.map(work, items, chunksize=size))


def answer_of(appraisal: Appraisal) -> float:
    """The objective of an optimum; where the money is for everything, less what stops."""
    assert appraisal.optimum is not None  # an optimal appraisal has one
    return appraisal.optimum.objective + stopped(appraisal.ledger)


def ends_of(held: Held, figure: InForce) -> Ends:
    """What the answer gains with a figure at either end of its interval, and what brings in a service not bought."""
    if not _matters(held, figure):
        return Ends(ratio=_both(partial(_moved_ratio, held, figure), figure)[0])
    moved, why_not = _both(partial(gain_at, held, figure), figure)
    return Ends(
        moved, _both(partial(_moved_ratio, held, figure), figure)[0] if _outside(held, figure) else None, why_not
    )


def _both(at: Callable[[float], float], figure: InForce) -> tuple[tuple[float, float], str]:
    """Something at either end; an end the model refuses is no number, and the reason is kept."""
    found, refused = [], []
    assert figure.placed.figure.interval is not None  # without one it is not moved
    for end in figure.placed.figure.interval:
        try:
            with np.errstate(all="ignore"):
                value = at(end)
        except (AvertError, ValueError, ArithmeticError) as error:
            value = EMPTY
            refused.append(f"at {end:g}: {' '.join(str(error).split())}")
        found.append(value if np.isfinite(value) else EMPTY)
    return (found[0], found[1]), "; ".join(refused)


def _outside(held: Held, figure: InForce) -> bool:
    return figure.service in held.not_bought


def _matters(held: Held, figure: InForce) -> bool:
    """Whether anything held depends on a figure: not on those of a service neither bought nor had today."""
    if not figure.service or figure.service in held.bought:
        return True
    return figure.service in held.county.reached_today and not figure.only_charged


def gain_at(held: Held, figure: InForce, value: float) -> float:
    """How much the Lagrangian of the held allocation gains with a figure at another value."""
    if value == figure.placed.figure.value:
        return 0.0
    plan = under(held.county.plan, figure, value)
    if figure.only_charged:
        return held.gain(None, with_services(held.county, plan))
    known = figure.service and figure.service not in held.county.reached_today
    ledger = (ledger_with_services if known else ledger_under)(held.ledger, plan)
    return held.gain(held.ledger_in(ledger), ledger.county)


def with_services(county: County, plan: PlanInFull) -> County:
    """The county with another plan's services; what they avert is not worked out again."""
    services = tuple(plan.library.interventions[name] for name in county.family.ids)
    return replace(county, plan=plan, family=replace(county.family, interventions=services), seen_beside={})


def _moved_ratio(held: Held, figure: InForce, value: float) -> float:
    if not _outside(held, figure):
        return EMPTY
    plan = under(held.county.plan, figure, value)
    if figure.service in held.county.reached_today and not figure.only_charged:
        return _ratio(held, ledger_under(held.ledger, plan).county, figure.service)
    return _ratio(held, with_services(held.county, plan), figure.service)


def _ratio(held: Held, county: County, service: str) -> float:
    return benefit_per_charge(held, county, service) if can_come_in(held, service) else EMPTY


def _row(held: Held, figure: InForce, ends: Ends, answer: float, now: dict[str, float]) -> dict[str, object]:
    placed = figure.placed
    assert placed.figure.interval is not None  # without one it is not moved
    at = [answer + one for one in ends.moved]
    reached = [one for one in (answer, *at) if one == one]
    ratios = [one if one == one else -1.0 for one in ends.ratio or ()]
    best = max(ratios, default=-1.0)
    service = held.county.family.ids
    return {
        "what": what_it_is(figure),
        "of": figure.label,
        "record": figure.record,
        "where": " / ".join(placed.names),
        "file": figure.file,
        "line": figure.line,
        "certainty": figure.certainty,
        "in_plan": "" if figure.service not in service else "bought" if figure.service in held.bought else "not bought",
        "value": placed.figure.value,
        "low": placed.figure.interval[0],
        "high": placed.figure.interval[1],
        "answer": answer,
        "answer_at_low": at[0],
        "answer_at_high": at[1],
        "swing": max(reached) - min(reached),
        "benefit_per_charge": now.get(figure.service, EMPTY),
        "best_benefit_per_charge": best if best >= 0 else EMPTY,
        "better_end": placed.figure.interval[ratios.index(best)] if best >= 0 else EMPTY,
        "optimum_at_low": EMPTY,
        "optimum_at_high": EMPTY,
        "why_not": ends.why_not,
    }
