"""The certificate: a bound no plan can exceed, and which offers would do exactly as well."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from pulp import LpProblem

from avert.pathway.groups import Floats
from avert.programme.variables import Sets

SMALLEST_PART = 1e-6


def gap_between(sets: Sets, bound: float, value: float) -> float:
    """max(0, (bound − value) / |value|), where a value next to nothing counts as a millionth of all there is.

    All there is: the best of every slot for everybody.  A plan in which nothing pays is worth 0, and
    rounding must not look like a gap beside that.
    """
    return max(0.0, (bound - value) / max(abs(value), SMALLEST_PART * sets.offers.everything, 1e-9))


def ties_of(sets: Sets, people: Floats, values: Mapping[str, float], gain: Floats) -> tuple[int, ...]:
    """Columns not used whose gain is 0 at prices that are settled.

    A service nobody takes has no settled price (any high enough would do), so only columns all of
    whose services have participants in that place, age band and year count.
    """
    offers, years = sets.offers, len(sets.years)
    unused = np.flatnonzero(
        (people <= 1e-9) & (np.abs(gain) <= 1e-12 * max(1.0, float(np.abs(offers.worth).max(initial=0.0))))
    )
    found = []
    for j in unused.tolist():
        block, entry = int(offers.block[j]), int(offers.entry[j])
        age, year = int(offers.block_age[block]), min(int(offers.start[j]), years - 1)
        places = [g for n, g in enumerate(sets.places) if offers.place_share[block, n, entry] > 0]
        names = sets.county.family.named(int(offers.package[j]))
        if all(values.get(f"participants__{i}__{g}__{age}__{year}", 0.0) > 1e-6 for i in names for g in places):
            found.append(j)
    return tuple(found)


def upper_bound(sets: Sets, frame: LpProblem, prices: Mapping[str, float], gain: Floats) -> float:
    """A value no plan can exceed, from the prices alone.  `frame` is the programme without any column.

    Σ over lines of price · limit  +  Σ over blocks, cohorts and starts of people · max(0, best gain)
    +  Σ over other variables of what their reduced cost could still bring within their bounds.
    Weak duality: true at any prices of the right sign, and equal to the optimum at its own.
    """
    total: float = float(sets.offers.best_of_slots(gain).sum())
    reduced = {variable.name: cost for variable, cost in frame.objective.items()}
    limits = {variable.name: float(variable.upBound) for variable in frame.variables()}
    for line in frame.constraints():
        price = prices.get(line.name, 0.0)
        total += price * float(line.constant)
        for variable, amount in line.items():
            reduced[variable.name] = reduced.get(variable.name, 0.0) - price * amount
    left: float = sum(-cost * limits[name] for name, cost in reduced.items() if cost < 0)
    return total + left
