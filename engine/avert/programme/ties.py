"""Offers that would do exactly as well as those taken."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from avert.programme.bound import is_long
from avert.programme.menu import Menu
from avert.programme.offers import offers_of
from avert.programme.prices import Prices
from avert.programme.pricing import gains, reduced_gain
from avert.programme.uses import Ints
from avert.programme.variables import Sets


def ties_of(sets: Sets, prices: Prices, values: Mapping[str, float], used: Ints) -> Ints:
    """Numbers of offers not used whose reduced gain is 0 at prices that are settled.

    A service nobody takes has no settled price (any high enough would do), so only offers all of
    whose services have participants in that place and year count.
    """
    whole = sets.menu
    pairs = sets.alone.may_pay(prices) if is_long(sets) else np.arange(len(whole.package))
    menu = whole.only(pairs)  # a package with a part that does not pay is worse than one without
    gain = gains(menu, prices)
    possible = np.abs(gain) <= np.abs(prices.package_each).max(initial=0.0) * len(menu.county.years) + 1e-12
    numbers = np.flatnonzero(possible & _all_busy(menu, values)[None])
    offers = offers_of(menu, numbers)
    reduced = reduced_gain(offers, prices, gain.reshape(-1)[numbers])
    tied = (np.abs(reduced) <= 1e-12 * max(1.0, menu.most_worth)) & (offers.limit > 0)
    found = offers_of(menu, numbers[tied])
    return np.setdiff1d(whole.numbers(pairs[found.pair], found.region, found.slot, found.cover), used)


def _all_busy(menu: Menu, values: Mapping[str, float]) -> np.ndarray:
    """(pairs, regions, slots): whether every service of an offer has participants where and when it starts."""
    county, services = menu.county, menu.county.family.ids
    places, years = county.strata.places, len(county.years)
    names = (f"participants__{i}__{g}__{y}" for i in services for g in places for y in range(years))
    busy = np.array([values.get(name, 0.0) > 1e-6 for name in names]).reshape(len(services), len(places), years)
    start = [start for _, start in menu.slots]
    inside = np.asarray((menu.place_share > 0).any(axis=(2, 3)))
    by_region = np.stack([busy[:, inside[n]].all(axis=1) for n in range(menu.regions)], axis=1)[:, :, start]
    padded = np.concatenate([by_region, np.ones((1, *by_region.shape[1:]), dtype=bool)])
    found = np.ones(menu.shape[1:], dtype=bool)
    for part in menu.parts.T:
        found &= padded[part]
    return found
