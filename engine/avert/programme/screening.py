"""Screening: services that could pay for nobody are left out of packages, and the prices prove that nothing is lost.

Taken together services avert no more than each by itself, and each is charged by itself.  So at given
prices a package is worth no more than it would be without a part of which

    benefits alone  −  charges  ≤  0

and packages of services that pay are all that need be listed.  Which those are is guessed at the prices
of a sketch in which nobody is offered two services, and proved at the prices of the optimum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from avert.packages import County
from avert.packages.values import benefits_alone
from avert.pathway.groups import Floats
from avert.programme.goals import objective_weights
from avert.programme.menu import Menu, in_regions, menu_of
from avert.programme.optimum import Allocation
from avert.programme.prices import Prices, charges
from avert.programme.sketch import sketched_prices
from avert.programme.uses import Ints

MARGIN = 0.3
"""A service is combined in a group if its benefits come to at least this share less than what it is charged."""
ROUNDING = 1e-9
"""Gain, as a share of the most anybody's offer is worth, that is rounding."""
Flags = np.ndarray


def worth_screening(county: County) -> bool:
    """Whether the proof holds for a plan: no service for whole places, nothing that comes in lumps, one objective."""
    record = county.plan.record
    return bool(county.family.for_people.all()) and not record.lumpy and len(record.objective) == 1


def services_in_play(apart: County, outcomes: Iterable[str | None]) -> Flags:
    """(services, groups): who is worth combining with others, by the prices of a sketch.

    `apart` is the county with no packages of several services.  `outcomes` are objectives to look at, None
    for the plan's own.
    """
    flags = np.tile(_never_left_out(apart)[:, None], (1, len(apart.groups)))
    for outcome in outcomes:
        record = apart.plan.record
        weights = record.objective if outcome is None else ({outcome: 1.0},)
        record = record.model_copy(update={"objective": weights})
        menu = menu_of(replace(apart, plan=replace(apart.plan, record=record)))
        gain, charge = _alone(menu, sketched_prices(menu).spread_over(menu))
        promising = gain > -MARGIN * np.maximum(charge, 0.0)
        np.logical_or.at(flags, (menu.parts[:, 0], menu.group), promising.any(axis=(1, 2)))
    return flags & apart.family.eligible


def _never_left_out(county: County) -> Flags:
    """(services,): for which the proof does not hold: where one service harms what another mends, both."""
    kept = np.zeros(len(county.family.ids), dtype=bool)
    harmed = {
        event
        for effect in county.effects
        if _harms(county, effect.node, effect.value)
        for event in county.pathway.events
        if effect.node == event or county.pathway.leads_to(effect.node, event)
    }
    singles = np.flatnonzero(county.family.members.sum(axis=1) == 1)
    bit = county.family.members[singles].argmax(axis=1)
    for event in sorted(harmed):
        theta = county.remaining[event].of(county.family.masks[singles]).reshape(len(singles), -1)
        mends, harms = (theta < 1).any(axis=1), (theta > 1).any(axis=1)
        if mends.any() and harms.any():
            kept[bit[mends | harms]] = True
    return kept


def _harms(county: County, node: str, value: float) -> bool:
    continuous = county.pathway.node(node).form == "continuous"
    return continuous or value > 1


def services_left_out(found: Allocation) -> Flags:
    """(services, groups): services not combined there that would pay for somebody at the prices of the bound.

    Where there are none, no package that is not listed could make the plan worth more.
    """
    assert found.proved_at is not None  # what has no prices is not screened
    menu = found.sets.menu
    alone, flags = _singles(menu), np.zeros_like(menu.county.family.eligible)
    gain, _ = _alone(menu, found.proved_at)
    flags[menu.parts[alone, 0], menu.group[alone]] = (gain > ROUNDING * menu.most_worth).any(axis=(1, 2))
    result: Flags = flags & ~menu.county.family.combined
    return result


def bound_with_all_packages(found: Allocation) -> float:
    """The upper bound where packages not listed are counted too.

    bound + Σ over services not combined, groups, cohorts and starts of people · max(0, benefits alone − charges)
    """
    assert found.proved_at is not None  # what has no prices is not screened
    menu = found.sets.menu
    alone = _singles(menu)
    gain, _ = _alone(menu, found.proved_at)
    outside = ~menu.county.family.combined[menu.parts[alone, 0], menu.group[alone]]
    people = menu.block_people.reshape(menu.regions, -1, len(menu.county.years))[:, menu.group[alone][outside]]
    entry = [entry for entry, _ in menu.slots]
    more = np.maximum(gain[outside], 0.0) * np.swapaxes(people, 0, 1)[:, :, entry]
    return found.upper_bound + float(more.sum())


def _singles(menu: Menu) -> Ints:
    """Pairs of one service."""
    return np.flatnonzero(menu.county.family.members[menu.package].sum(axis=1) == 1)


def _alone(menu: Menu, prices: Prices) -> tuple[Floats, Floats]:
    """(single pairs, regions, slots) twice: benefits alone less charges, and charges."""
    alone = _singles(menu)
    package, group = menu.package[alone], menu.group[alone]
    counted = [(objective_weights(menu.county), None), *((goal.weights, goal.year) for goal in menu.goals)]
    found = benefits_alone(menu.county, counted, package, group, menu.slots)
    gain, *of_goals = (in_regions(one, menu.place_share, group, menu.slots) for one in found)
    for goal, benefit in zip(menu.goals, of_goals, strict=True):
        gain = gain + max(prices.goals.get(goal.name, 0.0), 0.0) * benefit
    charge = charges(menu, prices).transpose(0, 2, 1, 3)[menu.parts[alone, 0], group]
    return gain - charge, charge
