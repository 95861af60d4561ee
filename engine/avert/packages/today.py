"""What today's services do: whom they have reached, and what they leave of each event's rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import ceil

import numpy as np

from avert.errors import AvertError
from avert.library.records import at_age
from avert.packages.family import eligible_groups
from avert.packages.timing import strength, years_in_force
from avert.pathway import Groups, Propagation, masks_of, own_effects
from avert.pathway.groups import Floats
from avert.plan import PlanInFull
from avert.population.strata import people_of


def reached_today(plan: PlanInFull, groups: Groups) -> dict[str, Floats]:
    """Service → (ages,) share of eligible people who have it today.

    From the plan's yearly starts, Σ over the years in force / eligible people; else what the library
    states.  Raises AvertError if the plan's starts come to more than everyone eligible.
    """
    by_group = people_of(plan.area, groups).reshape(-1, len(groups)).sum(axis=0)
    reached = {}
    for one in plan.library.interventions.values():
        if one.id in plan.record.today:
            eligible = float(by_group[eligible_groups(one, groups)].sum())
            starts, lasts = plan.record.today[one.id], years_in_force(one)
            having = starts * lasts
            if having > eligible:
                raise AvertError(
                    f"{plan.line('today', one.id)}: {starts:,.0f} people a year in force for {lasts} years "
                    f"is {having:,.0f}, more than the {eligible:,.0f} eligible for '{one.id}'."
                )
            reached[one.id] = np.full(len(groups.ages), having / eligible if eligible else 0.0)
        elif one.already_reached is not None and not plan.why_not(one):
            stated = one.already_reached
            reached[one.id] = np.array([at_age(stated, age).value for age in groups.ages])
    return reached


def left_by_today(plan: PlanInFull, groups: Groups, reached: Mapping[str, Floats]) -> dict[str, dict[str, Floats]]:
    """Service → event → (groups,): 1 − Σ over years in force of coverage(t) · (1 − θ(t)) where eligible.

    People reached are spread evenly over the years a service is in force.
    """
    if not reached:
        return {}
    services = [plan.library.interventions[name] for name in sorted(reached)]
    span = max(ceil(one.figure("duration_years").value) for one in services)
    longer = replace(groups, years=span)
    effects, _ = own_effects(
        plan.library, groups.pathway, services, rule=plan.record.evidence_rule, use=plan.record.evidence
    )
    names = tuple(one.id for one in services)
    strengths = {one.id: strength(one, span, plan.record.realism) for one in services}
    singles = masks_of(np.eye(len(services) + 1, len(services), -1, dtype=bool))
    theta = Propagation(longer, names, effects, strengths).remaining(singles)
    left: dict[str, dict[str, Floats]] = {}
    for bit, one in enumerate(services):
        years = years_in_force(one)
        cover = groups.by_age(list(reached[one.id] / years))[:, 0, 0] * eligible_groups(one, groups)
        left[one.id] = {}
        for event, remaining in theta.items():
            alone = np.broadcast_to(remaining.of(singles[bit + 1 : bit + 2])[0], (len(groups), longer.years, span))
            left[one.id][event] = 1 - cover * (1 - alone[:, 0, :years]).sum(axis=1)
    return left


def left_by_all(groups: Groups, today: Mapping[str, Mapping[str, Floats]]) -> dict[str, Floats]:
    """Event → (groups,): what all of today's services leave, reached independently of one another."""
    result = {}
    for event in groups.pathway.events:
        left = np.ones(len(groups))
        for service in today.values():
            left = left * service[event]
        result[event] = left
    return result
