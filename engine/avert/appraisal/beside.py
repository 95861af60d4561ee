"""An allocation of one's own beside the optimum at the same spend, and the moves from the one to the other.

The optimum beside a proposal keeps every line of the plan, and spends no more in any year than the proposal
does.  So where the proposal keeps every line too, it is one of the plans the optimum was chosen from, and
can't be worth more.  Where it breaks a line, the lines it breaks are told beside the comparison.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from avert.appraisal.evaluate import evaluated
from avert.appraisal.kept import Kept, kept_by
from avert.appraisal.ledger import Ledger, ledger_of
from avert.appraisal.moves import Moves, moves_between
from avert.appraisal.no_optimum import minima_above_spend, why_no_optimum
from avert.appraisal.opening import with_openings
from avert.appraisal.optimise import Appraisal, optimal_appraisal
from avert.appraisal.proposal import county_of_proposal, spread_evenly
from avert.appraisal.today import as_if_bought_today, money_of_today
from avert.appraisal.value import value_of
from avert.errors import AvertError, NoFeasiblePlan
from avert.packages import County, county_of
from avert.packages.worth import rows_of
from avert.pathway.groups import Floats
from avert.plan import PlanInFull
from avert.programme.rounds import Progress


@dataclass(frozen=True)
class Beside:
    """An allocation and the best one for the same money, over one list of packages."""

    what: str
    """'the proposal', 'today' or 'the offers'."""
    proposal: Appraisal
    kept: Kept
    """Every line of the plan, held against it."""
    value: float
    """What it is worth by the plan's (first) objective."""
    optimum: Appraisal | None
    """The best allocation at the same spend, with its certificate; none where that can't meet the plan's minima."""
    best_value: float
    why_none: str
    moves: Moves | None
    not_counted: tuple[str, ...] = ()
    """Services of today that are left as they are on both sides."""


def beside_optimum(
    plan: PlanInFull,
    *,
    offers: pd.DataFrame | None = None,
    today: bool = False,
    years: int | None = None,
    progress: Progress = lambda _: None,
) -> Beside:
    """A plan's proposal, other offers, or today's services, appraised beside the optimum at the same spend.

    Of a list of objectives the first counts.  Raises PlanError for a proposal that can't be carried out, and
    AvertError for offers that can't be read or a plan that proposes nothing.
    """
    plan = _with(plan, objective=plan.record.objective[:1])
    left: tuple[str, ...] = ()
    if today:
        plan, left = as_if_bought_today(plan)
    progress("the allocation as it is proposed")
    own = _own(plan, offers, "today" if today else "proposed", years)
    spend = spend_by_year(own.ledger)
    if today:
        plan = money_of_today(plan, dict(zip(own.county.years, spend.tolist(), strict=True)))
    progress("the best use of the same money")
    what = "today" if today else "the proposal" if offers is None else "the offers"
    optimum, why = _best(plan, what, own.county, spend, years, progress)
    county = _with_packages_of(plan, years, [one.county for one in (own, optimum) if one])
    ledger = _over(own.ledger, county)
    kept = kept_by(county, ledger.offers)
    proposal = Appraisal(county, ledger, payments=kept.payments)
    beside = Beside(what, proposal, kept, value_of(ledger), None, float("nan"), why, None, left)
    if optimum is None:
        return beside
    progress("the moves between them")
    best = replace(optimum, county=county, ledger=_over(optimum.ledger, county))
    moves = moves_between(county, ledger.offers, best.ledger.offers)
    return replace(beside, optimum=best, best_value=value_of(best.ledger), moves=moves)


def proposal_appraisal(plan: PlanInFull, *, years: int | None = None, section: str = "proposed") -> Appraisal:
    """What a plan's proposal does by itself.  Raises PlanError where it can't be carried out."""
    if not plan.record.proposed:
        raise AvertError(
            f"{plan.document.file} proposes nothing. Write what you propose under 'proposed', "
            "as in 'proposed: {a_service: 300 people a year}', or give a table of offers"
        )
    county = county_of_proposal(plan, years)
    return Appraisal(county, with_openings(ledger_of(county, spread_evenly(county, section))))


def spend_by_year(ledger: Ledger) -> Floats:
    """(years,): pounds spent on everything, start-up costs included."""
    took = ledger.participants
    spent = np.bincount(took["year"].to_numpy(dtype=int), took["spend"].to_numpy(), len(ledger.county.years))
    return spent.astype(np.float64)


def _own(plan: PlanInFull, offers: pd.DataFrame | None, section: str, years: int | None) -> Appraisal:
    if offers is not None:
        return evaluated(plan, offers, years=years)
    return proposal_appraisal(plan, years=years, section=section)


def _best(
    plan: PlanInFull, what: str, county: County, spend: Floats, years: int | None, progress: Progress
) -> tuple[Appraisal | None, str]:
    """The optimum of the plan with no more spend in any year, or why there is none."""
    own, most = dict(zip(county.years, spend.tolist(), strict=True)), {}
    for year, pounds in own.items():
        stated = plan.spend_at_most(year)
        most[year] = pounds if stated is None else min(pounds, stated)
    capped = _with(plan, spend_at_most=most)
    if why := minima_above_spend(capped, what, own):
        return None, why
    try:
        return optimal_appraisal(capped, years=years, progress=progress), ""
    except NoFeasiblePlan as error:
        return None, why_no_optimum(error, what, {year: own[year] for year in most if own[year] == most[year]})


def _with(plan: PlanInFull, **changes: object) -> PlanInFull:
    return replace(plan, record=plan.record.model_copy(update=changes))


def _with_packages_of(plan: PlanInFull, years: int | None, counties: list[County]) -> County:
    """The plan's county with every package that some of these list."""
    combined = np.logical_or.reduce([county.family.combined for county in counties])
    return county_of(plan, years, combined)


def _over(ledger: Ledger, county: County) -> Ledger:
    """The same offers by the packages of another county of the same plan."""
    masks = ledger.county.family.masks[ledger.offers["package"].to_numpy(dtype=int)]
    offers = ledger.offers.assign(package=rows_of(county.family, masks))
    return replace(ledger_of(county, offers), start_up=ledger.start_up)
