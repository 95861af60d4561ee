"""What a service can add at most, which says without looking which packages are no best answer.

Taken together services avert no more than each by itself, and each is charged by itself.  So at given
prices a package is worth no more than it would be without a part of which

    benefits alone  −  charges  ≤  0

and nobody's best answer holds such a part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from avert.packages import County
from avert.packages.values import benefits_alone
from avert.pathway.groups import Floats
from avert.programme.goals import objective_weights
from avert.programme.menu import Menu, in_regions
from avert.programme.prices import Prices, charges
from avert.programme.uses import Ints

ROUNDING = 1e-9
"""Gain, as a share of the most anybody's offer is worth, that is rounding."""
Flags = np.ndarray


@dataclass(frozen=True)
class Alone:
    """What each service of a menu can add at most to whatever it is offered beside."""

    menu: Menu
    pairs: Ints
    """Pairs of one service; (singles,)."""
    benefit: Floats
    """(singles, regions, slots): benefits alone, by the objective."""
    of_goals: Mapping[str, Floats]
    """Goal → the same, by what is added to it."""
    exempt: Flags
    """(services,): for which this does not hold: where one service harms what another mends, both."""

    def gain_and_charge(
        self, prices: Prices, *, counts: bool = True, charged: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """(singles, regions, slots) twice: benefits alone less charges, and charges.

        With `counts` False the objective does not count, only the goals.  `charged` are all charges, where known.
        """
        gain = self.benefit if counts else np.zeros_like(self.benefit)
        for goal, benefit in self.of_goals.items():
            gain = gain + max(prices.goals.get(goal, 0.0), 0.0) * benefit
        service, group = self.menu.parts[self.pairs, 0], self.menu.group[self.pairs]
        every = charges(self.menu, prices) if charged is None else charged
        charge = every.transpose(0, 2, 1, 3)[service, group]
        return gain - charge, charge

    def may_pay(self, prices: Prices, *, counts: bool = True, charged: Floats | None = None) -> Ints:
        """Pairs of whose parts each may pay at some prices; no other is in anybody's best answer."""
        menu = self.menu
        service, group = menu.parts[self.pairs, 0], menu.group[self.pairs]
        gain, _ = self.gain_and_charge(prices, counts=counts, charged=charged)
        of_goals = (abs(price) * menu.most_of_goal[name] for name, price in prices.goals.items())
        most = menu.most_worth if counts else max(of_goals, default=0.0)
        may = np.ones((len(self.exempt) + 1, len(menu.county.groups)), dtype=bool)  # the last row is for no service
        may[service, group] = (gain > -ROUNDING * most).any(axis=(1, 2)) | self.exempt[service]
        return np.flatnonzero(may[menu.parts, menu.group[:, None]].all(axis=1))


def alone_of(menu: Menu) -> Alone:
    """What the services of a menu can add at most."""
    pairs = np.flatnonzero(menu.county.family.members[menu.package].sum(axis=1) == 1)
    group = menu.group[pairs]
    counted = [(objective_weights(menu.county), None), *((goal.weights, goal.year) for goal in menu.goals)]
    found = benefits_alone(menu.county, counted, menu.package[pairs], group, menu.slots)
    benefit, *of_goals = (in_regions(one, menu.place_share, group, menu.slots) for one in found)
    names = [goal.name for goal in menu.goals]
    return Alone(menu, pairs, benefit, dict(zip(names, of_goals, strict=True)), never_left_out(menu.county))


def worth_screening(county: County) -> bool:
    """Whether the proof holds for a plan: no service for whole places, nothing that comes in lumps, one objective."""
    record = county.plan.record
    return bool(county.family.for_people.all()) and not record.lumpy and len(record.objective) == 1


def never_left_out(county: County) -> Flags:
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
    bit = np.nonzero(county.family.members[singles])[1]
    for event in sorted(harmed):
        theta = county.remaining[event].of(county.family.masks[singles]).reshape(len(singles), -1)
        mends, harms = (theta < 1).any(axis=1), (theta > 1).any(axis=1)
        if mends.any() and harms.any():
            kept[bit[mends | harms]] = True
    return kept


def _harms(county: County, node: str, value: float) -> bool:
    continuous = county.pathway.node(node).form == "continuous"
    return continuous or value > 1
