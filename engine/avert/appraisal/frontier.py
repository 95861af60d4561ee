"""What each budget buys: the plan optimised at shares of its money, from none to more than it has.

The optimum v is concave in the budget B, so between solved points it is held from both sides:

    chord between neighbouring plans  ≤  v(B)  ≤  least over points i of  bound[i] + slope[i] · (B − B[i])

The chord is worth what a mixture of the two plans is, which keeps every line; a tangent is the bound at the
prices of one point, which hold at any budget.  Where services come in lumps a mixture is no plan: then v(B)
is at least the best plan of a smaller budget and at most the bound of the next larger one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from avert.appraisal.ledger import Ledger, ledger_of
from avert.appraisal.optimise import Appraisal, by_stratum, without_packages
from avert.errors import AvertError
from avert.packages import County, county_of
from avert.programme import (
    MONEY_UNIT,
    AtBudget,
    Menu,
    Sets,
    along_budgets,
    at_share,
    menu_of,
    same_offers,
    start_up_paid,
)
from avert.programme.rounds import Progress
from avert.programme.screening import services_in_play, services_left_out

LARGEST_GAP = 1e-4
"""Gap over all packages above which the services that make it are combined, and every budget is solved again."""


@dataclass(frozen=True)
class FrontierPoint:
    """The best plan at one budget."""

    share: float
    """Of the plan's own money."""
    budget: float
    """All contributions of all years [£]."""
    objective: float
    """By the plan's objective; where the money is for everything, before what today's services that stop averted."""
    upper_bound: float
    """No plan at this budget is worth more, over every package."""
    slope: float
    """Change of the bound per £ of budget at its prices; no number where services come in lumps."""
    gap: float
    ledger: Ledger = field(repr=False)


@dataclass(frozen=True)
class Frontier:
    """Certified plans from the least budget to the largest."""

    points: tuple[FrontierPoint, ...]
    steps: bool
    """Whether services come in lumps, so that what lies between two points is known in steps only."""
    infeasible: float | None
    """The largest share asked for at which the plan's minima cannot be met; the frontier begins above it."""


def frontier_of(
    appraisal: Appraisal, *, points: int = 25, most: float = 2.0, progress: Progress = lambda _: None
) -> Frontier:
    """The best plan at `points` evenly spaced shares of the plan's money, from none to `most`.

    Of a list of objectives the first counts.  Raises AvertError for an allocation that is no optimum, for
    fewer than two points, and for a plan without money.
    """
    if appraisal.optimum is None:
        raise AvertError("what each budget buys is asked of an optimum, and this is an allocation of one's own")
    if points < 2 or not 0 < most < np.inf:
        raise AvertError(f"a frontier needs 2 points or more and some money; {points} up to {most:g} won't do")
    menu, opening = _menu_up_to(appraisal, most)
    money = MONEY_UNIT * Sets(menu).money
    if not money:
        raise AvertError(f"{menu.county.plan.line('money')}: a plan without money has no share of it to spend")
    shares = [most * n / (points - 1) for n in range(points)]
    found = _solved(menu, opening, shares, progress)
    while (more := _missed(found)).any():
        progress("more services to be combined, so once more")
        county = menu.county
        menu = menu_of(county_of(county.plan, len(county.years), county.family.combined | more))
        found = _solved(menu, same_offers(appraisal.optimum.offers, menu), shares, progress)
    missing = [one for one in shares if one not in {point.share for point in found}]
    if not found:
        raise AvertError(f"the plan's minima can't be met with {most:.0%} of its money or less")
    return Frontier(
        tuple(_point(one, money) for one in found), bool(menu.county.plan.record.lumpy), max(missing, default=None)
    )


def _solved(menu: Menu, opening: np.ndarray, shares: list[float], progress: Progress) -> list[AtBudget]:
    """From the plan's own money upwards and downwards, since its offers are the ones known; by budget."""
    above, below = [one for one in shares if one >= 1], [one for one in reversed(shares) if one < 1]
    up = list(along_budgets(menu, opening, above, progress=progress))
    down = list(along_budgets(menu, opening, below, progress=progress))
    return [*reversed(down), *up]


def _missed(found: list[AtBudget]) -> np.ndarray:
    """(services, groups): services not combined there that keep a budget's gap from being small."""
    wide = [services_left_out(one) for one in found if one.gap > LARGEST_GAP and one.proved_at is not None]
    return np.logical_or.reduce(wide) if wide else np.zeros(1, dtype=bool)


def _point(found: AtBudget, money: float) -> FrontierPoint:
    ledger = ledger_of(found.sets.county, by_stratum(found), start_up_paid(found.sets, found.is_open))
    budget = found.share * money
    return FrontierPoint(
        found.share, budget, found.objective, found.upper_bound, found.slope / money, found.gap, ledger
    )


def _menu_up_to(appraisal: Appraisal, most: float) -> tuple[Menu, np.ndarray]:
    """The appraisal's menu with the packages that larger budgets may want, and the appraisal's offers in it.

    More money makes it cheaper, so services left out of packages at the plan's own budget may be worth
    combining; the prices of a sketch at the largest budget say which.  Whether that was enough is proved
    at every budget by the bound over all packages, and more are combined where it was not.
    """
    optimum = appraisal.optimum
    assert optimum is not None  # asked before
    own, record = appraisal.county, appraisal.county.plan.record
    first = replace(own.plan, record=record.model_copy(update={"objective": record.objective[:1]}))
    county = _with_packages(replace(own, plan=first), optimum.sets.menu, most)
    if county is None and len(record.objective) == 1:
        return optimum.sets.menu, optimum.offers.number
    menu = menu_of(county or replace(own, plan=first))
    return menu, same_offers(optimum.offers, menu)


def _with_packages(county: County, menu: Menu, most: float) -> County | None:
    """The county with more services combined, where a sketch at the largest budget would have them so."""
    family, years = county.family, len(county.years)
    if not (family.eligible & ~family.combined).any():
        return None
    apart = without_packages(at_share(replace(menu, county=county), most).county.plan, years)
    wanted = services_in_play(apart).combined | family.combined
    return county_of(county.plan, years, wanted) if (wanted & ~family.combined).any() else None


def bracket(table: pd.DataFrame, budget: float) -> tuple[float, float]:
    """What the best plan of a budget is worth, between (low, high), from the columns of the table `frontier`.

    Certain everywhere between the ends, and never asked beyond them: raises AvertError there.
    """
    rows = table.sort_values("budget", kind="stable")
    at, worth, bound = (rows[name].to_numpy(dtype=float) for name in ("budget", "objective", "upper_bound"))
    if not len(at) or not at[0] <= budget <= at[-1]:
        ends = f"£{at[0]:,.0f} to £{at[-1]:,.0f}" if len(at) else "no budget at all"
        raise AvertError(f"a budget of £{budget:,.0f} lies outside the frontier, which was worked out for {ends}")
    if rows["steps"].any():
        return float(worth[at <= budget].max()), float(bound[at >= budget].min())
    tangents = bound + rows["slope"].to_numpy(dtype=float) * (budget - at)
    return float(np.interp(budget, at, worth)), float(tangents.min())
