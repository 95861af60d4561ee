"""What an offer averts: events of each kind per person offered a package, at each start."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from avert.packages.county import County
from avert.packages.family import Family
from avert.pathway.groups import Floats
from avert.plan.records import OUTCOMES


def survival(county: County, years: int) -> Floats:
    """(strata, years): share of a cohort still alive t years after joining."""
    result: Floats = (1 - county.strata.death_chance)[:, None] ** np.arange(years)
    return result


def events_averted(
    county: County, event: str, packages: np.ndarray, *, entry: int, start: int, year: int | None = None
) -> Floats:
    """(packages, strata): events averted per person of the cohort (counted at its entry) by an offer at `start`.

    Σ over years since the start t of  S(s + t) · λ(s + t) · left by others · (1 − θ(P; s, t))

    s = start − entry is the wait, S survival, λ the rate without any service.  Additional money
    reaches people who may have today's other services, so those are left in; the package's own
    services are not among them.  With `year` (counted from the plan's first), only that year's events.
    Harm counts as negative.  Where a package is not offered there is no number.
    """
    groups, strata = county.groups, county.strata
    wait, span = start - entry, groups.years
    theta = county.remaining[event].of(county.family.masks[packages])
    theta = np.broadcast_to(theta, (len(packages), len(groups), theta.shape[2], theta.shape[3]))
    at_wait = theta[:, :, min(wait, theta.shape[2] - 1), :]
    alive = survival(county, span)
    total = np.zeros((len(packages), len(strata)))
    for since in range(span - start):
        if year is not None and start + since != year:
            continue
        weight = alive[:, wait + since] * strata.rates[event][:, wait + since]
        prevented = 1 - at_wait[:, :, min(since, theta.shape[3] - 1)]
        shape = (len(packages), len(strata.places), len(groups))
        total += (prevented[:, None, :] * weight.reshape(1, len(strata.places), len(groups))).reshape(
            shape[0], len(strata)
        )
    package, group = np.repeat(packages, len(groups)), np.tile(np.arange(len(groups)), len(packages))
    others = left_by_others(county, [event], package, group).reshape(len(packages), len(groups))
    return total * np.tile(others, len(strata.places))


def rows_of(family: Family, masks: np.ndarray) -> np.ndarray:
    """Rows of the family's packages with these sets of bits, all of which must be packages of it."""
    by_mask = np.argsort(family.masks)
    rows: np.ndarray = by_mask[np.searchsorted(family.masks, masks, sorter=by_mask)]
    return rows


def averted_by_offer(
    county: County, event: str, package: np.ndarray, stratum: np.ndarray, entry: np.ndarray, start: np.ndarray
) -> Floats:
    """(rows, years): events averted in each year, counted from the plan's first, per person of a row's cohort.

    from `start` on   S(y − entry) · λ(y − entry) · left by others · (1 − θ(P; start − entry, y − start)),
    before it 0; letters as in `events_averted`, which does the same for every package and stratum at once.

    `package`, `stratum`, `entry` and `start` are (rows,); people are counted at the cohort's entry.
    """
    result = np.zeros((len(package), county.groups.years))
    remaining = county.remaining[event]
    parts = county.family.masks[package] & remaining.reach
    touched = np.flatnonzero(parts)  # the other packages leave the event as it is
    package, stratum, entry, start = (row[touched] for row in (package, stratum, entry, start))
    group, year = stratum % len(county.groups), np.arange(county.groups.years)
    lived, since = (np.maximum(year[None, :] - begun[:, None], 0) for begun in (entry, start))
    _, waits, years = remaining.theta.shape  # an axis along which nothing changes has length 1
    left = remaining.theta[
        remaining.place[np.searchsorted(remaining.masks, parts[touched]), group][:, None],
        np.minimum(start - entry, waits - 1)[:, None],
        np.minimum(since, years - 1),
    ]
    weight = (survival(county, county.groups.years) * county.strata.rates[event])[stratum[:, None], lived]
    averted = (1 - left) * weight * left_by_others(county, [event], package, group)[0, :, None]
    result[touched] = np.where(year[None, :] >= start[:, None], averted, 0.0)
    return result


def left_by_others(county: County, events: Sequence[str], package: np.ndarray, group: np.ndarray) -> Floats:
    """(events, rows): what today's services, other than the package's own, leave of the rates of those it is for."""
    left: Floats = np.array([county.goes_on(event)[group] for event in events])
    if county.plan.record.money_is == "everything":
        return left
    for service, by_event in county.today.items():
        if service in county.family.ids:
            mine = np.flatnonzero(county.family.members[package, county.family.ids.index(service)])
            for row, event in zip(left, events, strict=True):
                row[mine] /= by_event[event][group[mine]]
    return left


def outcome_weights(county: County, outcome: str) -> dict[str, float]:
    """Event → what one event counts for in an outcome.

    admissions 1 each; bed_days the mean length of stay; long_term_care_entries 1 each; net_cost the
    cashable share of the unit cost, in the plan's prices; the id of an event 1 for that event and 0 for
    others; spend 0, since money is counted where it is spent.
    """
    pathway, library = county.pathway, county.plan.library
    if outcome not in OUTCOMES and outcome != "net_cost":
        return {event: float(event == outcome) for event in pathway.events}
    weights = {}
    for event in pathway.events:
        node = pathway.node(event)
        if outcome == "admissions":
            weights[event] = float(node.counts_as == "emergency_admission")
        elif outcome == "bed_days":
            weights[event] = node.length_of_stay.value if node.length_of_stay else 0.0
        elif outcome == "long_term_care_entries":
            weights[event] = float(node.counts_as == "long_term_care_entry")
        else:
            cost = library.unit_costs[node.unit_cost] if node.unit_cost else None
            weights[event] = county.in_plan_prices(cost.cost) * cost.cashable_share.value if cost else 0.0
    return weights


def worth(county: County, weights: dict[str, float], packages: np.ndarray, *, entry: int, start: int) -> Floats:
    """(packages, strata): Σ over events of weight · events averted per person of the cohort."""
    total = np.zeros((len(packages), len(county.strata)))
    for event, weight in weights.items():
        if weight:
            total += weight * events_averted(county, event, packages, entry=entry, start=start)
    return total
