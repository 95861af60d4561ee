"""The line of equal access: a service bought anywhere reaches every place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from pulp import LpConstraint

from avert.programme.linear import linear
from avert.programme.variables import Sets, Variables

Named = Iterator[tuple[str, LpConstraint]]


def equal_access(sets: Sets, v: Variables) -> Named:
    """Participants per eligible person are in no place below a share of the county's.

    Σ_{g in h} participants[i,g,y]  ≥  share[i] · eligible[i,h] / eligible[i] · all_started[i,y],
                   all_started[i,y]  =  Σ_g participants[i,g,y]

    for every service i with such a share, place (or deprivation fifth) h with people the service is for, and year.
    Eligible people are those at the start of the plan.  Nobody at all is as equal as everybody.
    """
    for i, share in sets.least_access.items():
        parts = sets.access_parts(i)
        for y in sets.years:
            started = [(v.participants[i, g, y], -1.0) for g in sets.places]
            yield f"all_started__{i}__{y}", linear([(v.all_started[i, y], 1.0), *started]) == 0
        for (name, inside, part), y in product(parts, sets.years):
            here = [(v.participants[i, g, y], 1.0) for g in inside]
            yield f"equal_access__{i}__{name}__{y}", linear([*here, (v.all_started[i, y], -share * part)]) >= 0
