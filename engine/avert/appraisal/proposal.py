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

import numpy as np
import pandas as pd

from avert.appraisal.cannot_be_met import what_cannot_be_met
from avert.appraisal.spreading import Spreading
from avert.errors import Fault, FaultCollector, PlanError
from avert.packages import County, county_of
from avert.plan import PlanInFull

NOT_CARRIED_OUT = "the proposal can't be carried out, so 'avert evaluate' refuses it; 'avert run' answers without it."


def county_of_proposal(plan: PlanInFull, years: int | None) -> County:
    """The plan's county, with packages of the services it proposes and of no others."""
    combined = np.array([[one.id in plan.record.proposed] for one in plan.candidates], dtype=bool).reshape(-1, 1)
    return county_of(plan, years, combined)


def spread_evenly(county: County, section: str = "proposed") -> pd.DataFrame:
    """(stratum, entry, start, package, cover, people) of the plan's proposal, participants as it states them.

    Raises PlanError, with file and line of each entry of `section` that can't be met and the most that could be.
    """
    spreading = Spreading(county).whole()
    if any(one.lacking for one in spreading.asked):
        faults, document = FaultCollector(PlanError), county.plan.document
        for one, why in what_cannot_be_met(county):
            faults.add(document.file, document.line((section, one.service, one.number)), why)
        faults.raise_if_any()
    return spreading.table()


def faults_of_proposal(plan: PlanInFull, years: int | None = None) -> tuple[Fault, ...]:
    """Why a plan's proposal can't be carried out, entry by entry; empty where it can, or where there is none.

    The plan itself is in order all the same: its optimum does not rest on what is proposed.
    """
    if not plan.record.proposed:
        return ()
    try:
        spread_evenly(county_of_proposal(plan, years))
    except PlanError as error:
        document = plan.document
        return (Fault(document.file, document.line(("proposed",)), NOT_CARRIED_OUT), *error.faults)
    return ()


def can_be_carried_out(plan: PlanInFull, years: int | None = None) -> bool:
    """Whether there are people and money for everything a plan proposes."""
    return not plan.record.proposed or not any(
        one.lacking for one in Spreading(county_of_proposal(plan, years)).whole().asked
    )
