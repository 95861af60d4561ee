"""What remains of each event when packages are offered: propagation, mixed over what people take up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from avert.library.records import Intervention
from avert.packages.family import chances_of_taking
from avert.packages.timing import strength
from avert.pathway import Groups, OwnEffect, Propagation, Remaining, taken_up
from avert.pathway.groups import Floats
from avert.pathway.propagation import Masks
from avert.plan.records import Plan


def strengths_of(interventions: Sequence[Intervention], groups: Groups, record: Plan) -> dict[str, Floats]:
    """Intervention → (years,): share of its effect in force in each year since it started."""
    return {one.id: strength(one, groups.years, record.realism) for one in interventions}


def remaining_as_offered(
    groups: Groups,
    interventions: Sequence[Intervention],
    effects: tuple[OwnEffect, ...],
    strengths: Mapping[str, Floats],
    masks: Masks,
    record: Plan,
) -> dict[str, Remaining]:
    """Event → θ of every package in `masks` (all their parts included) as offered, take-up included."""
    names = tuple(one.id for one in interventions)
    theta = Propagation(groups, names, effects, strengths).remaining(masks)
    uptake, same = [one.figure("uptake").value for one in interventions], record.take_up == "same_people"
    mixed = {}
    for event, remaining in theta.items():
        parts = np.unique(masks & remaining.reach).tolist()
        chances = {part: chances_of_taking(part, uptake, same_people=same) for part in parts}
        mixed[event] = taken_up(remaining, masks, chances)
    return mixed
