"""Pricing: at given prices of the lines, the best schedule of packages for every block and cohort.

    gain(offer)   =  worth  +  Σ over goals of price · what it adds  −  Σ over its services of what lines charge
    F(e, y)       =  max( F(e, y+1),  max over offers from y of gain + F(e, y + years occupied) )

F(e, entry) is the best answer of a person of cohort e: nobody is offered two packages at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avert.pathway.groups import Floats
from avert.programme.menu import Menu
from avert.programme.offers import Offers
from avert.programme.prices import Prices, charges
from avert.programme.uses import Ints

AT_A_TIME = 1_000
"""Pairs priced together, few enough for a processor to have them at hand."""
LONG_SEGMENTS = 20
"""Mean length from which segments are quicker gone through one by one."""
NEXT_TO_NOTHING = 1e-15
"""Gain per person that is rounding."""


@dataclass(frozen=True)
class BestAnswer:
    """What every block does at some prices."""

    total: float
    """Σ over blocks and cohorts of people · F(e, e)."""
    numbers: Ints
    """The offers of the best schedules under every cover."""
    gain: Floats
    """(offers,): gain per person of each of them."""
    under_best: np.ndarray
    """(offers,): whether they are made under the best cover of their region."""


def gains(menu: Menu, prices: Prices, *, counts: bool = True, charged: Floats | None = None) -> Floats:
    """(covers, pairs, regions, slots): what each offer adds to the objective per person, one_package_each aside.

    Minus infinity for packages that cannot be offered beside a cover.  With `counts` False the objective
    does not count, only the goals: that is phase 1.  `charged` are the `charges` at these prices, where known.
    """
    rows = (charges(menu, prices) if charged is None else charged).transpose(0, 2, 1, 3).copy()
    gain = np.empty_like(menu.value)
    for first in range(0, len(menu.package), AT_A_TIME):
        some = slice(first, first + AT_A_TIME)
        here, group = gain[:, some], menu.group[some]
        here[:] = menu.value[:, some] if counts else 0.0
        for name, price in prices.goals.items():
            if price:
                here += price * menu.goal_values[name][:, some]
        for part in menu.parts[some].T:
            here -= rows[part, group]
    gain[menu.barred] = -np.inf
    return gain


def gain_of(offers: Offers, prices: Prices, *, counts: bool = True) -> Floats:
    """(offers,): the gain of some offers at other prices than those they answered to."""
    menu, groups = offers.menu, len(offers.menu.county.groups)
    charge = charges(menu, prices).reshape(-1, menu.regions * groups, len(menu.slots))
    gain = offers.worth.copy() if counts else np.zeros(len(offers))
    for name, price in prices.goals.items():
        if price:
            gain += price * menu.goal_values[name][offers.cover, offers.pair, offers.region, offers.slot]
    for part in menu.parts.T:
        gain -= charge[part[offers.pair], offers.block, offers.slot]
    return gain


def reduced_gain(offers: Offers, prices: Prices, gain: Floats) -> Floats:
    """(offers,): gain less the price of the people occupied; 0 for offers in use, else not above 0 at the optimum.

    gain + Σ over years occupied of the price of one_package_each
    """
    block, entry, cover = offers.block, offers.entry, offers.cover
    up_to = np.cumsum(prices.package_each, axis=2)
    before = np.where(offers.start > 0, up_to[block, entry, offers.start - 1, cover], 0.0)
    result: Floats = gain + up_to[block, entry, offers.end - 1, cover] - before
    return result


def best_answer(menu: Menu, gain: Floats, cover_gain: Floats | None = None) -> BestAnswer:
    """The best schedule of every block and cohort, and the best cover of every region.

    A region answers with the cover for which  gain of the cover + Σ over its blocks and cohorts of people · F
    is largest; `cover_gain` is (regions, covers).
    """
    answers = [_under_one_cover(menu, gain[cover]) for cover in range(len(menu.covers))]
    totals = np.stack([total for total, _, _ in answers], axis=1)
    if cover_gain is not None:
        totals = totals + cover_gain
    best = totals.argmax(axis=1)
    numbers, gained, under_best = [], [], []
    for cover, (_, offered, each) in enumerate(answers):
        pair, region, slot = np.unravel_index(offered, menu.shape[1:])
        numbers.append(menu.numbers(pair, region, slot, cover))
        gained.append(each)
        under_best.append(best[region] == cover)
    together = np.concatenate(numbers), np.concatenate(gained), np.concatenate(under_best)
    return BestAnswer(float(totals.max(axis=1).sum()), *together)


def _under_one_cover(menu: Menu, gain: Floats) -> tuple[Floats, Ints, Floats]:
    """(regions,) value, offers (as pair, region and slot in one) and their gain, by dynamic programming."""
    years, groups = len(menu.county.years), len(menu.county.groups)
    best_of = _best_of_segments(menu, gain)
    people = menu.block_people.reshape(menu.regions, groups, years)
    total, chosen = np.zeros(menu.regions), []
    for entry in menu.entries:
        value, length = _backwards(menu, best_of, entry)
        total += (value[entry] * people[:, :, entry]).sum(axis=1)
        chosen.append(_forwards(menu, length, people[:, :, entry] > 0, entry))
    region, group, slot, lasts = (np.concatenate(parts) for parts in zip(*chosen, strict=True))
    pair = _winners(menu, gain, region, group, slot, lasts)
    offered = np.asarray(np.ravel_multi_index((pair, region, slot), menu.shape[1:]), dtype=np.int64)
    return total, offered, gain[pair, region, slot]


def _best_of_segments(menu: Menu, gain: Floats) -> Floats:
    """(segments, regions, slots): the largest gain of pairs of one group and one number of years occupied."""
    if not len(gain):
        return gain
    if len(gain) < LONG_SEGMENTS * len(menu.segments):
        best: Floats = np.maximum.reduceat(gain, menu.segments, axis=0)
        return best
    return np.stack([part.max(axis=0) for part in np.split(gain, menu.segments[1:])])


def _segment_of(menu: Menu) -> Ints:
    """(groups, years occupied): segment of the pairs of a group that occupy so many years; −1 for none."""
    found = np.full((len(menu.county.groups), len(menu.county.years) + 1), -1, dtype=np.int64)
    found[menu.group[menu.segments], menu.occupied[menu.segments]] = np.arange(len(menu.segments))
    return found


def _backwards(menu: Menu, best_of: Floats, entry: int) -> tuple[Floats, Ints]:
    """F (years + 1, regions, groups) of a cohort, and the years its best offer of each year occupies (0: none)."""
    years, groups = len(menu.county.years), len(menu.county.groups)
    segment = _segment_of(menu)
    value = np.zeros((years + 1, menu.regions, groups))
    length = np.zeros((years, menu.regions, groups), dtype=np.int64)
    for year in range(years - 1, entry - 1, -1):
        value[year] = value[year + 1]
        slot = menu.slot_of[entry, year]
        for lasts in range(1, years + 1):
            there = np.flatnonzero(segment[:, lasts] >= 0)
            if not len(there):
                continue
            offered = best_of[segment[there, lasts], :, slot].T + value[min(year + lasts, years)][:, there]
            better = offered > value[year][:, there] + NEXT_TO_NOTHING
            value[year][:, there] = np.where(better, offered, value[year][:, there])
            length[year][:, there] = np.where(better, lasts, length[year][:, there])
    return value, length


def _forwards(menu: Menu, length: Ints, there: np.ndarray, entry: int) -> tuple[Ints, Ints, Ints, Ints]:
    """(region, group, slot, years occupied) of every offer in the best schedules of a cohort."""
    years = len(menu.county.years)
    free_from = np.where(there, entry, years)
    found = []
    for year in range(entry, years):
        now = free_from == year
        region, group = np.nonzero(now & (length[year] > 0))
        lasts = length[year][region, group]
        found.append((region, group, np.full(len(region), menu.slot_of[entry, year]), lasts))
        free_from = np.where(now, year + np.maximum(length[year], 1), free_from)
    region, group, slot, lasts = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return region, group, slot, lasts


def _winners(menu: Menu, gain: Floats, region: Ints, group: Ints, slot: Ints, lasts: Ints) -> Ints:
    """The pair with the largest gain among those of a group that occupy so many years."""
    if not len(group):
        return np.zeros(0, dtype=np.int64)
    segment = _segment_of(menu)[group, lasts]
    end = np.append(menu.segments[1:], len(menu.package))
    flat, place = gain.reshape(len(gain), -1), region * len(menu.slots) + slot
    order = np.argsort(segment, kind="stable")
    pair = np.zeros(len(segment), dtype=np.int64)
    distinct, first = np.unique(segment[order], return_index=True)
    for one, mine in zip(distinct.tolist(), np.split(order, first[1:]), strict=True):
        begin = menu.segments[one]
        pair[mine] = begin + flat[begin : end[one]][:, place[mine]].argmax(axis=0)
    return pair
