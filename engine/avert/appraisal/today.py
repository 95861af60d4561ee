"""Today's services as if they were bought afresh, so that the same money can be compared with the best use of it.

Compared are two ways to spend, from the plan's first year on, what today's services with a number under
`today` cost: on as many starts a year as now, spread evenly over those they are for; or as the plan's
objective would have it.  For both alike

* what people still gain who started before the plan begins is left out,
* services people have today without a number in the plan go on, and can't be bought,
* limits, staff and growth count today's on top, where the plan states them for what is added to it,
* minima and targets of the plan, which its own money has to meet, are left aside, as are its contributions:
  every partner may put in whatever is spent today, on what it may pay for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from avert.errors import AvertError
from avert.plan import PlanInFull
from avert.plan.proposed import EVERYWHERE, Proposed
from avert.plan.records import LEAST_COST, Plan, RampUp


def as_if_bought_today(plan: PlanInFull) -> tuple[PlanInFull, tuple[str, ...]]:
    """The plan with today's numbers for its proposal and its money for everything, and services left as they are.

    Raises AvertError where the plan states no number of today for a service it could buy.
    """
    record, services = plan.record, {one.id: one for one in plan.candidates if one.level == "person"}
    counted = {name: people for name, people in record.today.items() if name in services}
    if not counted:
        raise AvertError(
            f"{plan.document.file} has no service under 'today' that it could buy, so there is nothing to compare"
        )
    others = tuple(
        one.id
        for one in plan.candidates
        if one.id not in counted and (one.already_reached is not None or one.id in record.today)
    )
    changes = _lines_on_top(plan, counted) if record.money_is == "additional" else {}
    fairness = record.fairness.model_copy(update={"minimum": ()})
    objective = record.objective[:1]
    if any(LEAST_COST in one for one in objective):
        objective = ({"admissions": 1.0},)
    changes |= {
        "proposed": {name: (Proposed(people={EVERYWHERE: people}),) for name, people in counted.items()},
        "money_is": "everything",
        "leave_out": (*record.leave_out, *others),
        "fairness": fairness,
        "target": {},
        "spend_at_most": {},
        "objective": objective,
    }
    gone = tuple(sorted({*others, *(record.today.keys() - counted.keys())}))
    return replace(plan, record=record.model_copy(update=changes)), gone


def _lines_on_top(plan: PlanInFull, counted: Mapping[str, float]) -> dict[str, object]:
    """Limits, staff and growth with today's added, for a plan that states them for additional money."""
    record, services = plan.record, plan.library.interventions
    hours = {
        role: sum(
            people * services[name].staff_hours[role].value
            for name, people in counted.items()
            if role in services[name].staff_hours
        )
        for role in record.staff
    }
    growth = {
        name: RampUp.model_construct(first_year=one.first_year + counted.get(name, 0.0), growth=one.growth)
        for name, one in record.ramp_up.items()
    }
    return {
        "limits": {name: places + counted.get(name, 0.0) for name, places in record.limits.items()},
        "staff": {role: there + hours[role] for role, there in record.staff.items()},
        "ramp_up": growth,
    }


def money_of_today(plan: PlanInFull, spend: Mapping[str, float]) -> PlanInFull:
    """The plan with contributions out of which each partner could pay all that is spent in a year."""
    money = {partner: dict(spend) for partner in plan.record.money}
    record: Plan = plan.record.model_copy(update={"money": money, "carry_over": ()})
    return replace(plan, record=record)
