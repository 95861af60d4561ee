"""How strong a service's effect is in each year after it starts, and how long a person is occupied by it."""

from __future__ import annotations

from math import ceil

import numpy as np

from avert.library.records import Intervention
from avert.pathway.groups import Floats


def strength(intervention: Intervention, years: int, realism: float = 1.0) -> Floats:
    """(years,): share of the studied effect in force in each year since the start.

    w(t) = delivery · realism · overlap of [t, t+1] with [onset, duration] · (1 − decay)^t
    """
    year = np.arange(years)
    onset, end = intervention.figure("onset_months").value / 12, intervention.figure("duration_years").value
    overlap = np.maximum(np.minimum(year + 1, end) - np.maximum(year, onset), 0)
    delivery, decay = intervention.figure("delivery").value, intervention.figure("decay_per_year").value
    result: Floats = delivery * realism * overlap * (1 - decay) ** year
    return result


def years_in_force(intervention: Intervention) -> int:
    """Whole years, the last one begun included, in which a service is in force after its start."""
    return ceil(intervention.figure("duration_years").value)


def years_occupied(interventions: list[Intervention], horizon: int) -> int:
    """Years in which a person offered these services together is offered nothing else.

    The longest part's years in force; up to the horizon if one part can be given only once.
    """
    if any(one.once_only for one in interventions):
        return horizon
    return min(horizon, max((years_in_force(one) for one in interventions), default=1))
