"""Screening: services that could pay for nobody are left out of packages, and the prices prove that nothing is lost.

Packages of services whose benefits alone exceed their charges are all that need be listed (see
`programme.alone`).  Which those are is guessed at the prices of a sketch in which nobody is offered two
services, and proved at the prices of the optimum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from avert.packages import County
from avert.programme.alone import ROUNDING, Flags, alone_of, never_left_out
from avert.programme.certificate import Allocation
from avert.programme.menu import Menu, by_another_objective, menu_of
from avert.programme.prices import Prices
from avert.programme.sketch import sketch_of
from avert.programme.variables import Sets

MARGIN = 0.3
"""A service is combined in a group if its benefits come to at least this share less than what it is charged."""


@dataclass(frozen=True)
class InPlay:
    """Who is worth combining with others, by the prices of a sketch."""

    combined: Flags
    """(services, groups)"""
    near: Mapping[str, float]
    """Line → price in the sketch."""


def services_in_play(apart: County, other: str | None = None) -> InPlay:
    """Services that could pay beside others by the plan's objective, or by another outcome.

    `apart` is the county with no packages of several services.  By the other outcome the sketch is not solved
    again: its prices are restated in what its plan is worth by that, which the margin leaves room for.
    """
    menu = menu_of(apart)
    sketch = sketch_of(menu)
    kept = np.tile(never_left_out(apart)[:, None], (1, len(apart.groups)))
    flags = kept | _promising(menu, sketch.master.prices)
    if other:
        by_other, of_sketch = (by_another_objective(one, _by(one.county, other)) for one in (menu, sketch.menu))
        restated = sketch.master.restated(Sets(of_sketch))
        prices = sketch.master.index.read(restated[1]) if restated else sketch_of(by_other).master.prices
        flags |= _promising(by_other, prices)
    return InPlay(flags & apart.family.eligible, sketch.master.price_by_name)


def _by(county: County, outcome: str) -> County:
    record = county.plan.record.model_copy(update={"objective": ({outcome: 1.0},)})
    return replace(county, plan=replace(county.plan, record=record))


def _promising(menu: Menu, prices: Prices) -> Flags:
    """(services, groups): whose benefits alone come within the margin of what a sketch's prices charge somewhere."""
    gain, charge = alone_of(menu).gain_and_charge(prices.spread_over(menu))
    near = (gain > -MARGIN * np.maximum(charge, 0.0)).any(axis=(1, 2))
    found = np.zeros_like(menu.county.family.eligible)
    np.logical_or.at(found, (menu.parts[:, 0], menu.group), near)
    return found


def services_left_out(found: Allocation) -> Flags:
    """(services, groups): services not combined there that would pay for somebody at the prices of the bound.

    Where there are none, no package that is not listed could make the plan worth more.
    """
    assert found.proved_at is not None  # what has no prices is not screened
    menu, alone = found.sets.menu, found.sets.alone.pairs
    flags = np.zeros_like(menu.county.family.eligible)
    gain, _ = found.sets.alone.gain_and_charge(found.proved_at)
    flags[menu.parts[alone, 0], menu.group[alone]] = (gain > ROUNDING * menu.most_worth).any(axis=(1, 2))
    result: Flags = flags & ~menu.county.family.combined
    return result


def bound_with_all_packages(found: Allocation) -> float:
    """The upper bound where packages not listed are counted too.

    bound + Σ over services not combined, groups, cohorts and starts of people · max(0, benefits alone − charges)
    """
    assert found.proved_at is not None  # what has no prices is not screened
    menu, alone = found.sets.menu, found.sets.alone.pairs
    gain, _ = found.sets.alone.gain_and_charge(found.proved_at)
    outside = ~menu.county.family.combined[menu.parts[alone, 0], menu.group[alone]]
    people = menu.block_people.reshape(menu.regions, -1, len(menu.county.years))[:, menu.group[alone][outside]]
    entry = [entry for entry, _ in menu.slots]
    more = np.maximum(gain[outside], 0.0) * np.swapaxes(people, 0, 1)[:, :, entry]
    return found.upper_bound + float(more.sum())
