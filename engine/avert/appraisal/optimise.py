"""The best allocation of a plan's money, with all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from avert.appraisal.ledger import Ledger, ledger_of
from avert.appraisal.other_evidence import ledger_with_other_effects
from avert.packages import County, county_of
from avert.plan import PlanInFull
from avert.programme import Allocation, Optimum, check_solver, near_optimum_of, optimum_of, start_up_paid
from avert.programme.rounds import Progress

FEWEST = 1e-6
"""People below which an offer is rounding and not an offer."""
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
    county = county_of(plan, years)
    progress(f"{len(county.strata):,} strata, {len(county.family) - 1:,} packages of {len(county.family.ids)} services")
    optimum = optimum_of(county, solver=solver, at_once=at_once, progress=progress)
    other = _alternative(county, optimum, progress) if alternative else None
    ledger = ledger_of(county, by_stratum(optimum), start_up_paid(optimum.sets, optimum.is_open))
    return Appraisal(county, ledger, optimum, other)


def _alternative(county: County, optimum: Optimum, progress: Progress) -> Alternative:
    """The best plan by bed days, within `WITHIN` of the best there can be."""
    outcome = "admissions" if "bed_days" in county.plan.record.weights else "bed_days"
    progress(f"the plan that averts most {outcome.replace('_', ' ')}, beside it")
    record = county.plan.record.model_copy(update={"objective": ({outcome: 1.0},)})
    other = replace(county, plan=replace(county.plan, record=record))
    found = near_optimum_of(other, optimum, within=WITHIN)
    ledger = ledger_of(county, by_stratum(found), start_up_paid(found.sets, optimum.is_open))
    return Alternative(outcome, ledger, found.gap)


def with_other_effects(appraisal: Appraisal) -> Appraisal:
    """The same allocation with published effects where the plan shrinks them, or the other way round."""
    again = ledger_with_other_effects(appraisal.ledger)
    return Appraisal(again.county, again)


def by_stratum(optimum: Allocation) -> pd.DataFrame:
    """(stratum, entry, start, package, cover, people) of an optimum, blocks spread over their places."""
    offers, county = optimum.offers, optimum.sets.county
    used = np.flatnonzero(optimum.people > FEWEST)
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
    settled = np.where(optimum.covered > FEWEST, optimum.covered, 0.0)
    covered = list(optimum.sets.covering.people_under(settled))
    return pd.concat([offered, pd.DataFrame(covered, columns=offered.columns)]) if covered else offered
