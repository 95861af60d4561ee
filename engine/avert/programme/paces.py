"""Lines that hold participants of a service against others: its own of the year before, or another service's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from pulp import LpConstraint, lpSum

from avert.programme.linear import linear
from avert.programme.variables import Sets, Variables

Named = Iterator[tuple[str, LpConstraint]]


def ramp_up(sets: Sets, v: Variables) -> Named:
    """Services grow no faster than they can be staffed up.

    Σ participants[i,·,y]  ≤  first_year[i]  in the first year, then  ≤ (1 + growth[i]) · Σ participants[i,·,y−1]
    """
    for i, limit in sorted(sets.county.plan.record.ramp_up.items()):
        if i not in sets.services:
            continue
        for y in sets.years:
            started = lpSum(v.participants[i, g, y] for g in sets.places)
            if y == 0:
                yield f"ramp_up__{i}__{y}", started <= limit.first_year
                continue
            before = lpSum(v.participants[i, g, y - 1] for g in sets.places)
            yield f"ramp_up__{i}__{y}", started - (1 + limit.growth) * before <= 0


def at_most_per(sets: Sets, v: Variables) -> Named:
    """A service that goes with another has no more participants than the other calls for.

    Σ_g participants[i,g,y]  ≤  most[i,j] · Σ_g participants[j,g,y]
    """
    for i, per in sorted(sets.county.plan.record.at_most_per.items()):
        if i not in sets.services:
            continue
        for (j, most), y in product(sorted(per.items()), sets.years):
            others = [(v.participants[j, g, y], -most) for g in sets.places] if j in sets.services else []
            terms = [*((v.participants[i, g, y], 1.0) for g in sets.places), *others]
            yield f"at_most_per__{i}__{j}__{y}", linear(terms) <= 0
