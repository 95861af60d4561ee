"""Screening: services that could pay for nobody are left out of packages, and the prices prove that nothing is lost.

Packages of services whose benefits alone exceed their charges are all that need be listed (see
`programme.alone`).  Which those are is guessed at the prices of a sketch in which nobody is offered two
services, and proved at the prices of the optimum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from avert.packages import County
from avert.programme.alone import ROUNDING, Flags, alone_of, never_left_out
from avert.programme.certificate import Allocation
from avert.programme.menu import menu_of
from avert.programme.sketch import sketch_of

MARGIN = 0.3
"""A service is combined in a group if its benefits come to at least this share less than what it is charged."""


@dataclass(frozen=True)
class InPlay:
    """Who is worth combining with others, by the prices of a sketch."""

    combined: Flags
    """(services, groups)"""
    near: Mapping[str, float]
    """Line → price in the sketch by the first of the outcomes."""


def services_in_play(apart: County, outcomes: Sequence[str | None]) -> InPlay:
    """Services that could pay beside others.

    `apart` is the county with no packages of several services.  `outcomes` are objectives to look at, None
    for the plan's own.
    """
    near: Mapping[str, float] = {}
    flags = np.tile(never_left_out(apart)[:, None], (1, len(apart.groups)))
    for outcome in outcomes:
        record = apart.plan.record
        weights = record.objective if outcome is None else ({outcome: 1.0},)
        record = record.model_copy(update={"objective": weights})
        menu = menu_of(replace(apart, plan=replace(apart.plan, record=record)))
        sketch = sketch_of(menu)
        near = near or sketch.price
        gain, charge = alone_of(menu).gain_and_charge(sketch.master.prices.spread_over(menu))
        promising = gain > -MARGIN * np.maximum(charge, 0.0)
        np.logical_or.at(flags, (menu.parts[:, 0], menu.group), promising.any(axis=(1, 2)))
    return InPlay(flags & apart.family.eligible, near)


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
