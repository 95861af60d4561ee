"""What offers are worth, for many packages at once: the arrays that pricing runs over.

A pair is a package and a group it may be offered to.  What it averts of an event is

    Σ over years t since the offer of   prevented[pair, s, t] · due[group, place, s + t]

s = start − entry, so the worth of all pairs of a group, everywhere and in every slot, is one product of
matrices: what they prevent of each event by wait and year, times what falls due then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from avert.packages.county import County
from avert.packages.covers import Cover, beside, reaching
from avert.packages.worth import left_by_others, survival
from avert.pathway import RemainingOffered
from avert.pathway.groups import Floats

Counted = tuple[Mapping[str, Floats], int | None]
"""Event → (places,) weights, and the year of the plan in which they count (None: all)."""
Slots = Sequence[tuple[int, int]]
"""(entry, start) of each: a cohort and a year from which it is offered something."""


def worth_by_slot(
    county: County,
    counted: Sequence[Counted],
    package: np.ndarray,
    group: np.ndarray,
    slots: Slots,
    *,
    harm: bool = True,
) -> list[Floats]:
    """For each weighting, (pairs, places, slots): worth per person of the cohort of pair n offered in a slot.

    Σ over events and years t of  weight[event, place] · S(s + t) · λ(s + t) · left by others · (1 − θ(P; s, t))

    for `package[n]` offered to `group[n]`, up to the horizon, or in the one year a weighting speaks of.
    Without `harm`, what is above 0 in each event and year alone is counted.
    """
    places = len(county.strata.places)
    events = [event for event in county.pathway.events if any(np.any(weights[event]) for weights, _ in counted)]
    due = [_due(county, events, one, slots) for one in counted]
    found = [np.zeros((len(package), places, len(slots))) for _ in counted]
    order = np.argsort(group, kind="stable")  # pairs of a group side by side
    package, group = package[order], group[order]
    prevented = _prevented(county, events, package, group)
    prevented = prevented if harm else np.maximum(prevented, 0.0)
    for one in np.unique(group).tolist():
        begin, end = np.searchsorted(group, (one, one + 1))
        for total, falls in zip(found, due, strict=True):
            worth = prevented[begin:end] @ falls[one]
            total[order[begin:end]] = worth.reshape(end - begin, places, len(slots))
    return found


def _prevented(county: County, events: Sequence[str], package: np.ndarray, group: np.ndarray) -> Floats:
    """(pairs, events · waits or 1 · years): left by others · (1 − θ)."""
    years = county.groups.years
    waits, begin = sum(county.remaining[event].waits for event in events), 0
    found = np.empty((len(package), waits, years))
    for event, others in zip(events, left_by_others(county, events, package, group), strict=True):
        left = county.remaining[event].at(county.family.masks, package, group)
        end = begin + left.shape[1]
        np.multiply(1 - left, others[:, None, None], out=found[:, begin:end])
        begin = end
    return found.reshape(len(package), waits * years)


def _due(county: County, events: Sequence[str], counted: Counted, slots: Slots) -> Floats:
    """(groups, events · waits or 1 · years since the offer, places · slots): weight · S · λ that falls due."""
    (weights, year), span, groups = counted, county.groups.years, len(county.groups)
    alive = survival(county, span).reshape(-1, groups, span)
    entry, start = np.array(slots, dtype=np.int64).reshape(-1, 2).T
    since, wait = np.arange(span)[:, None], start - entry
    counts = since + start < span if year is None else since + start == year
    found = [np.zeros((groups, 0, len(alive) * len(slots)))]
    for event in events:
        rates = county.strata.rates[event].reshape(alive.shape) * alive * weights[event][:, None, None]
        falls = np.where(counts, rates[:, :, np.where(counts, wait + since, 0)], 0.0)
        waits = np.arange(county.remaining[event].waits)[:, None]
        by_wait = np.einsum("pgts,ws->gwtps", falls, np.minimum(wait, len(waits) - 1) == waits)
        found.append(by_wait.reshape(groups, len(waits) * span, -1))
    return np.concatenate(found, axis=1)


def values_beside(
    county: County, cover: Cover, counted: Sequence[Counted], package: np.ndarray, group: np.ndarray, slots: Slots
) -> list[Floats]:
    """For each weighting, (pairs, places, slots): worth per person of what is offered beside a cover.

    An offer to the cohort of `entry` from year `start`, beside what of the cover reaches them, counts for
    what both avert less what the cover does.  Up to the horizon, or in the one year a weighting speaks of.
    """
    if not cover:
        return worth_by_slot(county, counted, package, group, slots)
    found = [np.zeros((len(package), len(county.strata.places), len(slots))) for _ in counted]
    for number, (entry, start) in enumerate(slots):
        for part, groups in reaching(county, cover, entry):
            mine = np.flatnonzero(groups[group])
            seen = beside(county, part, start)
            joint = worth_by_slot(seen, counted, package[mine], group[mine], [(entry, start)])
            alone = worth_by_slot(seen, counted, np.zeros_like(mine), group[mine], [(entry, start)])
            for values, both, one in zip(found, joint, alone, strict=True):
                values[mine, :, number] = (both - one)[:, :, 0]
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
            seen = beside(county, part, start)
            each = worth_by_slot(seen, counted, np.zeros_like(mine), mine, [(entry, start)])
            for total, worth in zip(found, each, strict=True):
                total += (people[:, mine].T * worth[:, :, 0]).sum(axis=0)
    return found


def benefits_alone(
    county: County, counted: Sequence[Counted], package: np.ndarray, group: np.ndarray, slots: Slots
) -> list[Floats]:
    """For each weighting, (pairs, places, slots): what no service can add more than to whatever it is offered beside.

    Its worth by itself, without its harm (Σ over events of what is averted, where that is above 0) and among
    people who have none of today's services that the plan can buy.  Benefits overlap: of an event that
    others have left a part of, a service averts no more than of the whole.  (Submodularity; where one
    service harms what another mends that does not hold, see `programme.alone`.)
    """
    free = replace(
        county,
        today={name: left for name, left in county.today.items() if name not in county.family.ids},
        remaining={event: _at_the_least(county, event) for event in county.pathway.events},
    )
    return worth_by_slot(free, counted, package, group, slots, harm=False)


def _at_the_least(county: County, event: str) -> RemainingOffered:
    """What a service by itself leaves of an event, less what others avert more beside it.

    Additional money for a service i of today goes to people without it, whom it leaves more to avert: with b
    what today's users of i have left of the rate, a package P that holds i averts more than P without i by

        (1 − θ(P)) / b − (1 − θ(P∖i))   ≤   [ (1 − θ(i)) + (1 − b) · (1 − θ(P∖i)) ] / b

    and the others in P avert no more than the best of them added up.
    """
    family, today, remaining = county.family, county.today, county.remaining[event]
    alone = family.members.sum(axis=1) == 1
    single, bit = family.masks[alone], np.nonzero(family.members[alone])[1]
    left = remaining.of(single)
    offered = family.eligible[bit]
    others = np.where(offered[:, :, None, None], np.maximum(1 - left, 0.0), 0.0)
    most = np.sort(others, axis=0)[max(0, len(others) - county.plan.record.largest_package + 1) :].sum(axis=0)
    users = np.ones((len(single), len(county.groups), 1, 1))
    for row, name in enumerate(family.ids[n] for n in bit):
        if name in today and county.plan.record.money_is == "additional":
            users[row, :, 0, 0] = np.minimum(today[name][event], 1.0)
    theta = np.concatenate([np.ones((1, *others.shape[1:])), left - (1 - users) * np.minimum(most, 1.0)])
    pairs = np.arange(theta.shape[0] * theta.shape[1]).reshape(theta.shape[:2])
    masks, flat = np.append(np.zeros(1, single.dtype), single), theta.reshape(-1, *theta.shape[2:])
    return RemainingOffered(int(np.bitwise_or.reduce(single, initial=0)), masks, pairs, flat)
