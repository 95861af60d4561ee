"""The best allocation of a plan's money, with all that follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from avert.appraisal.ledger import Ledger, ledger_of
from avert.appraisal.other_evidence import ledger_with_other_evidence
from avert.packages import County, county_of, reaching
from avert.plan import PlanInFull
from avert.programme import Optimum, check_solver, optimum_of
from avert.programme.rounds import Progress

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
    again = ledger_with_other_evidence(appraisal.ledger)
    return Appraisal(again.county, again)


def by_stratum(optimum: Optimum) -> pd.DataFrame:
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
    covered = list(_covered(optimum))
    return pd.concat([offered, pd.DataFrame(covered, columns=offered.columns)]) if covered else offered


def _covered(optimum: Optimum) -> Iterator[tuple[int, int, int, int, int, float]]:
    """Rows of the empty package: people under each cover, cohort by cohort."""
    sets, county = optimum.sets, optimum.sets.county
    inside = np.asarray((sets.menu.place_share > 0).any(axis=(2, 3)))
    for (region, cover), share in zip(sets.covering.columns, optimum.covered.tolist(), strict=True):
        for entry in sets.years if share > FEWEST else ():
            for part, groups in reaching(county, sets.menu.covers[cover], entry):
                start = min((begins for _, begins in part), default=0)
                for place, group in product(np.flatnonzero(inside[region]), np.flatnonzero(groups) if part else ()):
                    stratum = int(place * len(county.groups) + group)
                    yield stratum, entry, start, 0, cover, share * float(county.joined[stratum, entry])
