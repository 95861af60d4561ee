"""Services that act on a whole place: which of them may cover it together, from when, and what that changes.

A cover is one such service, started anew as often as it ends, or two, each started once.  It acts on
everyone who lives in the covered part of a place when it starts.  Services for people one by one are
offered beside it whenever they start themselves.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np

from avert.packages.county import County
from avert.packages.family import Family, compatible
from avert.packages.offered import remaining_as_offered
from avert.pathway import subsets
from avert.pathway.groups import Floats

Cover = tuple[tuple[int, int], ...]
"""(number of the service, start year) of each service of a cover."""
MOST_REMEMBERED = 8
"""Counties as seen beside a cover that are kept: each holds what remains beside it of every package."""


def covers_of(county: County) -> tuple[Cover, ...]:
    """Every cover a place may have, the empty one first."""
    services, years = county.family.interventions, range(len(county.years))
    acting = np.flatnonzero(~county.family.for_people).tolist()
    found: list[Cover] = [()]
    for bit in acting:
        lasts = len(years) if services[bit].once_only else int(county.in_force[bit])
        found += [tuple((bit, start) for start in starts) for starts in _runs(lasts, len(years))]
    for i, j in combinations(acting, 2):
        if compatible(services[i], services[j]):
            found += [((i, first), (j, second)) for first, second in product(years, repeat=2)]
    return tuple(found)


def _runs(lasts: int, years: int) -> list[tuple[int, ...]]:
    """Sets of start years of a service that lasts so long, none before the last run has ended."""
    found: list[tuple[int, ...]] = [(start,) for start in range(years)]
    for run in found:
        found += [(*run, start) for start in range(run[-1] + lasts, years)]
    return sorted(found)


def barred_beside(county: County, cover: Cover) -> np.ndarray:
    """(packages,): whether a package holds a substitute of a service of the cover, or one contains the other."""
    services = county.family.interventions
    acting = {bit for bit, _ in cover}
    clashes = [any(not compatible(one, services[bit]) for bit in acting) for one in services]
    return np.asarray(county.family.members[:, clashes].any(axis=1))


def cover_in_words(county: County, cover: Cover) -> str:
    """'campaign from 2026/27 + hub from 2027/28': how tables name a cover; nothing for the empty one."""
    return " + ".join(f"{county.family.ids[bit]} from {county.years[start]}" for bit, start in cover)


def reaching(county: County, cover: Cover, entry: int) -> list[tuple[Cover, np.ndarray]]:
    """(part of a cover, (groups,) mask): which of its services reach whom of a cohort.

    A service reaches those it is meant for, if it starts once the cohort is there.
    """
    then = tuple((bit, start) for bit, start in cover if start >= entry)
    eligible, acting = county.family.eligible, sorted({bit for bit, _ in then})
    found = []
    for size in range(len(acting) + 1):
        for chosen in combinations(acting, size):
            mask = np.ones(len(county.groups), dtype=bool)
            for bit in acting:
                mask &= eligible[bit] == (bit in chosen)
            if mask.any():
                found.append((tuple((bit, start) for bit, start in then if bit in chosen), mask))
    return found


def beside(county: County, cover: Cover, start: int) -> County:
    """The county as seen by what is offered from `start` on beside a cover.

    Its packages are the county's in the same order, each with the services of the cover, which began
    `start` − their own start years before (or begin later); its first package is the cover alone.  So what
    package k averts beside the cover is what k averts there less what the first one does.
    """
    clock = tuple((bit, start - begun) for bit, begun in cover)
    if clock not in county.seen_beside:
        if len(county.seen_beside) >= MOST_REMEMBERED:
            county.seen_beside.clear()
        county.seen_beside[clock] = _beside(county, clock)
    return county.seen_beside[clock]


def _beside(county: County, clock: Cover) -> County:
    family, record = county.family, county.plan.record
    acting = sorted({bit for bit, _ in clock})
    bits = sum(1 << bit for bit in acting)
    parts = subsets(bits)
    masks = np.concatenate([family.masks | part for part in parts])
    offered = np.tile(family.offered_to(), (len(parts), 1))
    strengths = dict(county.strengths)
    for bit in acting:
        own = county.strengths[family.ids[bit]]
        strengths[family.ids[bit]] = sum(
            (_seen_after(own, begun) for i, begun in clock if i == bit), np.zeros_like(own)
        )
    remaining = remaining_as_offered(
        county.groups, family.interventions, county.effects, strengths, masks, offered, record
    )
    members = family.members.copy()
    members[:, acting] = True
    together = Family(family.interventions, family.masks | bits, members, family.eligible, family.combined)
    return replace(county, family=together, remaining=remaining, seen_beside={})


def _seen_after(strength: Floats, years: int) -> Floats:
    """A service's strength on the clock of something that begins `years` later (earlier if below 0)."""
    seen = np.zeros_like(strength)
    if years >= 0:
        seen[: len(strength) - years] = strength[years:]
    else:
        seen[-years:] = strength[:years]
    return seen
