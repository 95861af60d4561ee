"""The best allocation of a plan's money, with all that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from avert.appraisal.ledger import Ledger, ledger_of
from avert.appraisal.other_evidence import ledger_with_other_effects
from avert.errors import NoFeasiblePlan
from avert.packages import County, county_of, outcome_weights
from avert.plan import PlanInFull
from avert.programme import (
    Allocation,
    Found,
    Optimum,
    Payments,
    best_found,
    certified,
    check_solver,
    near_optimum_of,
    start_up_paid,
)
from avert.programme.alone import worth_screening
from avert.programme.bound import gap_between
from avert.programme.rounds import Progress
from avert.programme.screening import bound_with_all_packages, services_in_play, services_left_out

FEWEST = 1e-6
"""People below which an offer is rounding and not an offer."""
ROUNDING = 1e-9
"""People below which an offer is left out of an allocation: the solver may be off by as much."""
WORTH_SCREENING = 12
"""Services from which it pays to find out first which are worth combining."""
PROVED = 1e-8
"""Gap over every package there is, far below the largest that is certified, that is not worth another search."""
WITHIN = 1e-3
"""How close to the best by another outcome the plan shown beside the optimum is."""


@dataclass(frozen=True)
class Alternative:
    """The best plan by another outcome, shown beside the plan's own."""

    outcome: str
    ledger: Ledger
    gap: float
    """How much more of the outcome any plan could avert at most, as a share."""


@dataclass(frozen=True)
class Appraisal:
    """An allocation and what it does; with the optimum and its certificate where it is the best one."""

    county: County
    ledger: Ledger
    optimum: Optimum | None = None
    alternative: Alternative | None = None
    payments: Payments | None = None
    """Who could pay for an allocation of one's own, where that was asked."""


def optimal_appraisal(
    plan: PlanInFull,
    *,
    years: int | None = None,
    solver: str = "highs",
    at_once: bool | None = None,
    alternative: bool = False,
    progress: Progress = lambda _: None,
) -> Appraisal:
    """The allocation over the plan's first `years` years (all by default) that is worth most by its objective.

    With `alternative` comes the plan that averts most bed days (most admissions, if the plan is by bed
    days already).  Raises NoFeasiblePlan, naming the lines, where the plan's minima cannot be met, and
    AvertError for an unknown solver.
    """
    check_solver(solver)
    apart = None if at_once else _apart(plan, years)
    if apart is None:
        return _over(county_of(plan, years), solver, at_once, alternative, progress)
    in_play = services_in_play(apart, _other_outcome(apart) if alternative else None)
    combined = in_play.combined.copy()
    while True:
        try:
            found = _over(county_of(plan, years, combined), solver, at_once, alternative, progress, in_play.near)
        except NoFeasiblePlan:  # what the plan lacks is told over every package there is
            return _over(county_of(plan, years), solver, at_once, alternative, progress)
        assert found.optimum
        proved = replace(found.optimum, upper_bound=bound_with_all_packages(found.optimum))
        more = services_left_out(found.optimum)
        if proved.gap <= PROVED or not more.any():
            return replace(found, optimum=proved)
        combined |= more


def _apart(plan: PlanInFull, years: int | None) -> County | None:
    """The plan's county with no two services offered together, if it is large enough and fit for screening."""
    if len(plan.candidates) < WORTH_SCREENING:
        return None
    apart = without_packages(plan, years)
    return apart if worth_screening(apart) else None


def without_packages(plan: PlanInFull, years: int | None) -> County:
    """The plan's county with no two services offered together."""
    return county_of(plan, years, np.zeros((len(plan.candidates), 1), dtype=bool))


def _over(
    county: County,
    solver: str,
    at_once: bool | None,
    alternative: bool,
    progress: Progress,
    near: Mapping[str, float] | None = None,
) -> Appraisal:
    """The best allocation over the packages a county lists, and beside it that by another outcome."""
    progress(f"{len(county.strata):,} strata, {len(county.family) - 1:,} packages of {len(county.family.ids)} services")
    found = best_found(county, solver=solver, at_once=at_once, near=near, progress=progress)
    counts = alternative and any(outcome_weights(county, _other_outcome(county)).values())
    with ThreadPoolExecutor(1) as beside:  # the solver of the one leaves the processor's other half to the other
        certifying = beside.submit(certified, found, solver)
        other = _alternative(county, found, progress) if counts else None
        optimum = certifying.result()
    ledger = ledger_of(county, by_stratum(optimum), start_up_paid(optimum.sets, optimum.is_open))
    return Appraisal(county, ledger, optimum, other)


def _other_outcome(county: County) -> str:
    """The outcome by which another plan is shown beside the plan's own."""
    return "admissions" if "bed_days" in county.plan.record.weights else "bed_days"


def _alternative(county: County, best: Found, progress: Progress) -> Alternative:
    """The best plan by bed days, within `WITHIN` of the best there can be."""
    outcome = _other_outcome(county)
    progress(f"the plan that averts most {outcome.replace('_', ' ')}, beside it")
    record = county.plan.record.model_copy(update={"objective": ({outcome: 1.0},)})
    other = replace(county, plan=replace(county.plan, record=record))
    found = near_optimum_of(other, best, within=WITHIN)
    ledger = ledger_of(county, by_stratum(found), start_up_paid(found.sets, best.decided))
    bound = found.upper_bound if found.proved_at is None else bound_with_all_packages(found)
    return Alternative(outcome, ledger, gap_between(found.sets, bound, found.objective))


def with_other_effects(appraisal: Appraisal) -> Appraisal:
    """The same allocation with published effects where the plan shrinks them, or the other way round."""
    again = ledger_with_other_effects(appraisal.ledger)
    return Appraisal(again.county, again)


def by_stratum(optimum: Allocation) -> pd.DataFrame:
    """(stratum, entry, start, package, cover, people) of an optimum, blocks spread over their places."""
    offers, county = optimum.offers, optimum.sets.county
    used = np.flatnonzero(optimum.people > ROUNDING)
    row, place = np.nonzero(offers.place_share[used])
    column = used[row]
    offered = pd.DataFrame(
        {
            "stratum": place * len(county.groups) + offers.group[column],
            "entry": offers.entry[column],
            "start": offers.start[column],
            "package": offers.package[column],
            "cover": offers.cover[column],
            "people": optimum.people[column] * offers.place_share[column, place],
        }
    )
    settled = np.where(optimum.covered > ROUNDING, optimum.covered, 0.0)
    covered = list(optimum.sets.covering.people_under(settled))
    return pd.concat([offered, pd.DataFrame(covered, columns=offered.columns)]) if covered else offered
