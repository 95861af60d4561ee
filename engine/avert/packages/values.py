"""What offers are worth, for many packages at once: the arrays that pricing runs over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from avert.packages.county import County
from avert.packages.covers import Cover, beside, reaching
from avert.packages.worth import survival
from avert.pathway import Remaining
from avert.pathway.groups import Floats

Counted = tuple[Mapping[str, Floats], int | None]
"""Event → (places,) weights, and the year of the plan in which they count (None: all)."""


def averted_by_clock(
    county: County,
    weights: list[Mapping[str, Floats]],
    package: np.ndarray,
    group: np.ndarray,
    waits: Sequence[int] | None = None,
) -> list[Floats]:
    """For each weighting, (places, waits, pairs, years): worth averted per person of a cohort, by two clocks.

    Σ over events of  weight[event, place] · S(s + t) · λ(s + t) · left by others · (1 − θ(P; s, t))

    for pair n of `package[n]` offered to `group[n]`, s years after joining a cohort and t years after the
    offer; 0 where s + t lies past the horizon, and for waits left out.  `weights` map event → (places,);
    a weighting that stands twice is worked out once.
    """
    distinct = {id(one): one for one in weights}
    found = dict(zip(distinct, _by_clock(county, list(distinct.values()), package, group, waits), strict=True))
    return [found[id(one)] for one in weights]


def _by_clock(
    county: County,
    weights: list[Mapping[str, Floats]],
    package: np.ndarray,
    group: np.ndarray,
    waits: Sequence[int] | None,
) -> list[Floats]:
    years, span, places = len(county.years), county.groups.years, len(county.strata.places)
    totals = [np.zeros((places, years, len(package), span)) for _ in weights]
    alive = survival(county, span).reshape(places, len(county.groups), span)
    for event in county.pathway.events:
        chosen = [(total, one[event]) for total, one in zip(totals, weights, strict=True) if np.any(one[event])]
        if not chosen:
            continue
        rates = county.strata.rates[event].reshape(alive.shape) * alive
        prevented = _prevented(county, county.remaining[event], event, package, group)
        for wait in range(years) if waits is None else waits:
            left = span - wait
            share = prevented[:, min(wait, prevented.shape[1] - 1), :left]
            for (total, weight), place in ((one, g) for one in chosen for g in range(places)):
                if weight[place]:
                    due = rates[place, :, wait:] * weight[place]
                    total[place, wait, :, :left] += due[group] * share
    return totals


def _prevented(county: County, remaining: Remaining, event: str, package: np.ndarray, group: np.ndarray) -> Floats:
    """(pairs, waits or 1, years): left by others · (1 − θ), worked out once per package."""
    row = np.searchsorted(remaining.masks, county.family.masks[package] & remaining.reach)
    groups, years = len(county.groups), county.groups.years
    theta = np.broadcast_to(remaining.theta, (len(remaining.theta), groups, remaining.theta.shape[2], years))
    part: Floats = (1 - theta[row, group]) * left_by_others(county, event, package, group)[:, None, None]
    return part


def values_beside(
    county: County,
    cover: Cover,
    counted: Sequence[Counted],
    package: np.ndarray,
    group: np.ndarray,
    slots: list[tuple[int, int]],
) -> list[Floats]:
    """For each weighting, (pairs, places, slots): worth per person of what is offered beside a cover.

    An offer to the cohort of `entry` from year `start`, beside what of the cover reaches them, counts for
    what both avert less what the cover does.  Up to the horizon, or in the one year a weighting speaks of.
    """
    if not cover:
        clocks = averted_by_clock(county, [weights for weights, _ in counted], package, group)
        return [_by_slot(clock, slots, year) for clock, (_, year) in zip(clocks, counted, strict=True)]
    found = [np.zeros((len(package), len(county.strata.places), len(slots))) for _ in counted]
    for number, (entry, start) in enumerate(slots):
        for part, groups in reaching(county, cover, entry):
            mine = np.flatnonzero(groups[group])
            seen, wanted = beside(county, part, start), [weights for weights, _ in counted]
            joint = averted_by_clock(seen, wanted, package[mine], group[mine], [start - entry])
            alone = averted_by_clock(seen, wanted, np.zeros_like(mine), group[mine], [start - entry])
            for values, (_, year), both, one in zip(found, counted, joint, alone, strict=True):
                values[mine, :, number] = _by_slot(both - one, [(entry, start)], year)[:, :, 0]
    return found


def values_of_cover(county: County, cover: Cover, counted: Sequence[Counted]) -> list[Floats]:
    """For each weighting, (places,): worth of a cover by itself, over everyone it reaches in the whole place."""
    places, groups = len(county.strata.places), len(county.groups)
    found = [np.zeros(places) for _ in counted]
    for entry in range(len(county.years)):
        people = county.joined[:, entry].reshape(places, groups)
        for part, mask in reaching(county, cover, entry):
            if not part:
                continue
            start, mine = min(begun for _, begun in part), np.flatnonzero(mask)
            clocks = averted_by_clock(
                beside(county, part, start), [weights for weights, _ in counted], np.zeros_like(mine), mine
            )
            for total, clock, (_, year) in zip(found, clocks, counted, strict=True):
                total += (people[:, mine].T * _by_slot(clock, [(entry, start)], year)[:, :, 0]).sum(axis=0)
    return found


def benefits_alone(
    county: County, counted: Sequence[Counted], package: np.ndarray, group: np.ndarray, slots: list[tuple[int, int]]
) -> list[Floats]:
    """For each weighting, (pairs, places, slots): what no pair can add more than to whatever it is offered beside.

    Its worth by itself, without its harm (Σ over events of what is averted, where that is above 0) and among
    people who have none of today's services that the plan can buy.  Benefits overlap: of an event that
    others have left a part of, a service averts no more than of the whole.  (Submodularity; where one
    service harms what another mends that does not hold, see `programme.screening`.)
    """
    free = replace(county, today={name: left for name, left in county.today.items() if name not in county.family.ids})
    found = [np.zeros((len(package), len(county.strata.places), len(slots))) for _ in counted]
    for total, (weights, year) in zip(found, counted, strict=True):
        for event, weight in weights.items():
            if np.any(weight):
                (clock,) = averted_by_clock(
                    free, [{**dict.fromkeys(weights, 0.0 * weight), event: weight}], package, group
                )
                total += _by_slot(np.maximum(clock, 0.0), slots, year)
    return found


def _by_slot(by_clock: Floats, slots: list[tuple[int, int]], year: int | None) -> Floats:
    """(pairs, places, slots): worth of an offer to the cohort of `entry` from `start`, in one year or in all."""
    places, _, pairs, span = by_clock.shape
    found = np.zeros((pairs, places, len(slots)))
    summed = by_clock if year is not None else np.cumsum(by_clock, axis=3)
    for number, (entry, start) in enumerate(slots):
        since = span - start - 1 if year is None else year - start
        if since >= 0:
            found[:, :, number] = summed[:, start - entry, :, since].T
    return found


def left_by_others(county: County, event: str, package: np.ndarray, group: np.ndarray) -> Floats:
    """(pairs,): what today's services, other than the package's own, leave of the rate of those it is offered to."""
    left: Floats = county.goes_on(event)[group]
    if county.plan.record.money_is == "everything":
        return left
    for service, by_event in county.today.items():
        if service in county.family.ids:
            mine = county.family.members[package, county.family.ids.index(service)]
            left = np.where(mine, left / by_event[event][group], left)
    return left
