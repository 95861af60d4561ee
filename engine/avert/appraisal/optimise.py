"""The best allocation of a plan's money, with all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from avert.appraisal.ledger import Ledger, ledger_of
from avert.packages import County, county_of
from avert.plan import PlanInFull
from avert.programme import Optimum, check_solver, optimum_of
from avert.programme.optimum import Progress

FEWEST = 1e-6
"""People below which an offer is rounding and not an offer."""


@dataclass(frozen=True)
class Appraisal:
    """An allocation and what it does; with the optimum and its certificate where it is the best one."""

    county: County
    ledger: Ledger
    optimum: Optimum | None = None


def optimal_appraisal(
    plan: PlanInFull,
    *,
    years: int | None = 1,
    solver: str = "highs",
    at_once: bool | None = None,
    progress: Progress = lambda _: None,
) -> Appraisal:
    """The allocation over the plan's first `years` years (None: all) that is worth most by its objective.

    Raises NoFeasiblePlan, naming the lines, where the plan's minima cannot be met, and AvertError
    for an unknown solver.
    """
    check_solver(solver)
    county = county_of(plan, years)
    progress(f"{len(county.strata):,} strata, {len(county.family) - 1:,} packages of {len(county.family.ids)} services")
    optimum = optimum_of(county, solver=solver, at_once=at_once, progress=progress)
    return Appraisal(county, ledger_of(county, by_stratum(optimum)), optimum)


def with_other_evidence(appraisal: Appraisal) -> Appraisal:
    """The same allocation with published effects where the plan shrinks them, or the other way round."""
    county = appraisal.county
    other = {"published": "shrunk", "shrunk": "published"}[county.plan.record.evidence]
    plan = replace(county.plan, record=county.plan.record.model_copy(update={"evidence": other}))
    again = county_of(plan, len(county.years))
    return Appraisal(again, replace(appraisal.ledger, county=again))


def by_stratum(optimum: Optimum) -> pd.DataFrame:
    """(stratum, entry, start, package, people) of an optimum, blocks spread over their places."""
    offers, groups = optimum.offers, len(optimum.sets.county.groups)
    used = np.flatnonzero(optimum.people > FEWEST)
    share = offers.place_share[offers.block[used], :, offers.entry[used]]
    row, place = np.nonzero(share)
    column = used[row]
    return pd.DataFrame(
        {
            "stratum": place * groups + offers.block_group[offers.block[column]],
            "entry": offers.entry[column],
            "start": offers.start[column],
            "package": offers.package[column],
            "people": optimum.people[column] * share[row, place],
        }
    )
