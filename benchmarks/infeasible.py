"""A plan that cannot be kept, for 300 places: passes until that is proved, and the time of all repairs.

    python benchmarks/infeasible.py [parts]

Somerset's plan for one year with every place divided into so many parts (60 by default: 300 places, by the rule of
`somerset.py`).  First without a target; then with a target a little below the best, which is the feasible run; then
a little above it, which no plan can reach.  The last is refused with a proof and with the repairs, and its time is
given as a ratio to the feasible run of the same plan.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import perf_counter

from somerset import somerset

from avert.errors import NoFeasiblePlan
from avert.library import Library, load_library
from avert.packages import County, county_of
from avert.programme import Optimum, optimum_of

MARGIN = 0.02
"""How far the targets lie below and above the best there is."""


def county(library: Library, parts: int, target: float | None) -> County:
    """Somerset for one year in so many parts, to avert so many admissions at the least."""
    changes = {} if target is None else {"target": {"admissions": round(target, 2)}}
    with tempfile.TemporaryDirectory() as folder:
        return county_of(somerset(Path(folder), library, changes, parts=parts), 1)


def solved(one: County) -> tuple[float, Optimum | NoFeasiblePlan]:
    """Seconds until a plan is found or refused, and which."""
    started = perf_counter()
    try:
        found: Optimum | NoFeasiblePlan = optimum_of(one)
    except NoFeasiblePlan as refused:
        found = refused
    return perf_counter() - started, found


def main(parts: int) -> None:
    """Print what each of the three plans took."""
    library = load_library()
    free_seconds, free = solved(county(library, parts, None))
    assert isinstance(free, Optimum)
    print(f"{len(free.sets.places)} places, {len(free.sets.menu):,} offers; without a target {free_seconds:.2f} s")
    seconds, kept = solved(county(library, parts, (1 - MARGIN) * free.objective))
    assert isinstance(kept, Optimum)
    print(f"target {MARGIN:.0%} below the best: {seconds:.2f} s, {kept.rounds} rounds, gap {kept.gap:.0e}", flush=True)
    refused_seconds, refused = solved(county(library, parts, (1 + MARGIN) * free.objective))
    assert isinstance(refused, NoFeasiblePlan)
    ratio = refused_seconds / seconds
    print(
        f"target {MARGIN:.0%} above the best: refused with all repairs after {refused_seconds:.2f} s, {ratio:.2f} times"
    )
    print(f"  passes until it was proved: {getattr(refused, 'passes', 'NoFeasiblePlan does not say')}")
    print(f"  proved shortfall {refused.shortfall_at_least:.6g}, {len(refused.repairs)} repairs:")
    print("\n".join(f"    {repair}" for repair in refused.repairs))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
