"""A working group's proposal as an allocation: who is offered what, so that just the people proposed take part.

Year by year, the services proposed are placed one after another, the one that needs the largest share of
its people first.  Each is offered to the same share of everybody it may still go to:

    offered[s, e, P → P + i]  =  share · part[s] · free[s, e, P]

for every stratum s and cohort e, and every package P that people are offered that year already (nothing
included) with which i may stand together.  part[s] is 1, or less where people of the stratum have the
service already.  The share follows from what is proposed:

    Σ uptake · survival · offered  =  people proposed          (or cost that year  =  money proposed)

So two services that may stand together are offered independently of one another, and the same person is
offered both in proportion.  People offered something are free again when its longest part ends.
"""

from __future__ import annotations

from math import floor, log10

import numpy as np
import pandas as pd

from avert.appraisal.spreading import Asked, Spreading
from avert.errors import FaultCollector, PlanError
from avert.packages import County, county_of
from avert.plan import PlanInFull
from avert.plan.proposed import EVERYWHERE

HALVINGS = 24
"""Times the most that can be met is narrowed down by half."""


def county_of_proposal(plan: PlanInFull, years: int | None) -> County:
    """The plan's county, with packages of the services it proposes and of no others."""
    combined = np.array([[one.id in plan.record.proposed] for one in plan.candidates], dtype=bool).reshape(-1, 1)
    return county_of(plan, years, combined)


def spread_evenly(county: County, section: str = "proposed") -> pd.DataFrame:
    """(stratum, entry, start, package, cover, people) of the plan's proposal, participants as it states them.

    Raises PlanError, with file and line of each entry of `section` that can't be met and the most that could be.
    """
    spreading = Spreading(county).whole()
    faults, document = FaultCollector(PlanError), county.plan.document
    for one in spreading.asked:
        if one.lacking:
            line = document.line((section, one.service, one.number))
            faults.add(document.file, line, _in_words(county, one, _most_each_year(county, one)))
    faults.raise_if_any()
    return spreading.table()


def _most_each_year(county: County, one: Asked) -> float:
    """The most of one entry that can be met in every year alike, all others as they are, by halving."""
    low, high = 0.0, one.amount
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        asked = Spreading(county, {one.name: middle}).whole().asked
        met = not any(other.lacking for other in asked if other.name == one.name)
        low, high = (middle, high) if met else (low, middle)
    return low


def _in_words(county: County, one: Asked, most: float) -> str:
    """What is proposed that can't be, and the most that could."""
    when = ", ".join(county.years[y] for y in sorted(one.lacking))
    where = "" if one.place == EVERYWHERE else f" in {one.place}"
    asked = f"'{one.service}': {_said(one, one.amount)} a year{where} can't be met in {when}"
    due = [pounds for pounds, before_anybody in one.lacking.values() if before_anybody]
    if due:
        return (
            f"{asked}: {_said(one, max(due))} falls due before anybody starts, for setting it up and for those who "
            "started before."
        )
    if most <= one.amount / 2**HALVINGS:
        return f"{asked}: there is nobody it could go to, or nobody is left whom nothing else proposed takes up."
    return (
        f"{asked}; the most it can be in every year alike is {_said(one, most)} a year: everybody it is for who "
        "lacks it and is not taken up by what else is proposed."
    )


def _said(one: Asked, amount: float) -> str:
    """Rounded down to four figures, so that what is said can be met."""
    if amount < one.amount and amount > 0:
        unit = 10.0 ** (floor(log10(amount)) - 3)
        amount = floor(amount / unit) * unit
    return f"£{amount:,.10g}" if one.is_money else f"{amount:,.10g} people"
