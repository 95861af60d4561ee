"""What a held allocation is worth at the optimum's prices, when evidence under it moves.

    L(figure)  =  worth of the same offers  +  Σ over goals of price · what they add
                  −  Σ over lines of what they use of it, less its limit, at its price

with offers x, covers and prices held at the optimum, so that

    L  =  Σ worth · x  +  Σ price[goal] · goal
          −  Σ starting[i,g,y] · P[i,g,y]  −  Σ spending[i,g,y] · ((cost[i] − cost₀[i]) · P[i,g,y] + F[i,g,y])
          −  Σ access[i,h,y] · share[i] · (part[i,h] − part₀[i,h]) · P[i,·,y]
          −  Σ staff[role,y] · (hours[i,role] − hours₀[i,role]) · P[i,·,y]
          −  Σ reach · (people in force − people left to reach)  −  Σ package_each · (people occupied − people there)
          +  Σ places · capacity  +  what opening a lumpy service asks for

P are those who start, F follow-on cost, and ₀ marks figures as they stand: `starting` is the price of a
participant with cost and hours as they stand included.  All prices here are gains for one unit more of a
limit.  By the envelope theorem the change of L for a small move is that of the optimum: offers and prices
move too, but to first order that changes nothing.  A figure no line and no offer in use touches moves L by 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from avert.appraisal.ledger import Ledger, ledger_of
from avert.appraisal.optimise import FEWEST
from avert.appraisal.other_evidence import ledger_under
from avert.errors import AvertError
from avert.packages import County, covers_of
from avert.packages.worth import rows_of
from avert.pathway.groups import Floats
from avert.programme import MONEY_UNIT, Offers, Optimum, Sets, Weights, objective_weights
from avert.programme.covering import Covering
from avert.programme.goals import goals_of
from avert.programme.lines import line_name
from avert.programme.menu import Menu
from avert.programme.prices import Prices, prices_of
from avert.programme.switches import least_participants, most_participants, name_of
from avert.programme.uses import Uses

ROUNDING = 1e-9
"""Gain, as a share of what all is worth, that is rounding."""


@dataclass(frozen=True)
class Held:
    """The optimal allocation held fast, with the prices of the lines it uses: small enough to be sent about."""

    ledger: Ledger
    """Its offers in a county whose family holds their packages and no others."""
    offers: Offers
    """Those of a menu of nothing else, which has no goals and no values."""
    people: Floats
    covered: Floats
    price: Mapping[str, float]
    """Line → its price, where it has one."""
    is_open: Mapping[tuple[str, str, int], int]

    @property
    def county(self) -> County:
        return self.ledger.county

    @cached_property
    def bought(self) -> frozenset[str]:
        """Services offered to anybody."""
        family, menu = self.county.family, self.offers.menu
        bits = set(np.flatnonzero(family.members[self.offers.package].any(axis=0)).tolist())
        bits |= {
            bit for (_, c), part in zip(self._columns, self.covered, strict=True) if part for bit, _ in menu.covers[c]
        }
        return frozenset(family.ids[bit] for bit in bits)

    @property
    def not_bought(self) -> tuple[str, ...]:
        """Services the plan may buy and the optimum does not."""
        return tuple(name for name in self.county.family.ids if name not in self.bought)

    @cached_property
    def prices(self) -> Prices:
        return prices_of(self.offers.menu, self.price)

    @cached_property
    def as_it_stands(self) -> float:
        """L with every figure as it stands."""
        return self._worth_as_it_stands - self.charged(self.county)

    def gain(self, ledger: Ledger | None, county: County) -> float:
        """How much L moves in a county with another figure; without a ledger, worth stays as it is."""
        worth = self.worth_of(ledger) if ledger is not None else self._worth_as_it_stands
        more = worth - self.charged(county) - self.as_it_stands
        return more if abs(more) > ROUNDING * max(1.0, abs(worth)) else 0.0

    def ledger_in(self, ledger: Ledger) -> Ledger:
        """A ledger of the same rows in another county, with its own people under covers and its own covers.

        Raises AvertError where a cover in use is none of the other county's.
        """
        if not self.covered.any():
            return ledger
        county, menu = ledger.county, self.menu_in(ledger.county)
        own = {cover: number for number, cover in enumerate(covers_of(county))}
        if any(menu.covers[c] not in own for (_, c), part in zip(self._columns, self.covered, strict=True) if part):
            raise AvertError("the services on whole places would have to start in other years")
        number = np.array([own.get(cover, 0) for cover in menu.covers])
        offered = ledger.offers[ledger.offers["package"] > 0]
        under = pd.DataFrame(Covering(menu).people_under(self.covered), columns=offered.columns)
        rows = pd.concat([offered, under]).astype({"cover": "int64"})
        return ledger_of(county, rows.assign(cover=number[rows["cover"]]), ledger.start_up)

    @cached_property
    def _worth_as_it_stands(self) -> float:
        return self.worth_of(self.ledger)

    def worth_of(self, ledger: Ledger) -> float:
        """Objective of the same offers, money left aside, and what they add to goals at the goals' prices.

        Where the money is for everything, less what today's services avert that stop.
        """
        county = ledger.county
        total = counted(ledger, objective_weights(county), None) + stopped(ledger)
        for goal in goals_of(county):
            if self.price.get(goal.name):
                total += self.price[goal.name] * counted(ledger, goal.weights, goal.year)
        return total

    def charged(self, county: County) -> float:
        """What lines charge for the same offers in a county, less what its limits are worth."""
        sets = Sets(self.menu_in(county))
        offers = replace(self.offers, menu=sets.menu)
        started = -self._used(sets, offers, "participants_follow_offers").reshape(self.prices.starting.shape)
        later = -self._used(sets, offers, "spend_follows_participants").reshape(started.shape)
        dearer = (county.cost - self.county.cost)[:, None, None] * started / MONEY_UNIT
        total = float((self.prices.starting * started).sum() + (self.prices.spending * (dearer + later)).sum())
        reach = self._used(sets, offers, "within_reach").reshape(self.prices.reach.shape) - sets.reach_limit
        total -= float((self.prices.reach * reach).sum())
        total += self._staff(county, started) + self._access(sets, started)
        return total - self._room(sets, offers) - self._places(sets)

    def menu_in(self, county: County) -> Menu:
        """The menu of what is held with another county's people."""
        menu, years = self.offers.menu, len(county.years)
        people = county.joined.reshape(len(county.strata.places), len(county.groups), years)
        whole = people if menu.regions == len(people) else people.sum(axis=0, keepdims=True)
        return replace(menu, county=county, block_people=whole.reshape(-1, years))

    def _used(self, sets: Sets, offers: Offers, constraint: str) -> Floats:
        """(lines,): what offers and covers use of the lines of a constraint, laid out flat."""
        return _total(offers.uses[constraint], self.people) + (
            _total(sets.covering.uses[constraint], self.covered) if self.covered.any() else 0.0
        )

    def _staff(self, county: County, started: Floats) -> float:
        total = 0.0
        for i, (one, before) in enumerate(
            zip(county.family.interventions, self.county.family.interventions, strict=True)
        ):
            for role, year in product(one.staff_hours, range(len(county.years))):
                price = -self.price.get(line_name("within_workforce", (role, year)), 0.0)
                more = one.staff_hours[role].value - before.staff_hours[role].value
                total += price * more * float(started[i, :, year].sum())
        return total

    def _access(self, sets: Sets, started: Floats) -> float:
        """Σ price of equal access · share · (part of the eligible people − as it stands) · all who start."""
        stands, total = Sets(self.menu_in(self.county)), 0.0
        for service, share in sets.least_access.items():
            begun = started[sets.services.index(service)].sum(axis=0)
            before = {name: part for name, _, part in stands.access_parts(service)}
            for (name, _, part), year in product(sets.access_parts(service), sets.years):
                price = self.price.get(line_name("equal_access", (service, name, year)), 0.0)
                total += price * share * (part - before.get(name, 0.0)) * float(begun[year])
        return total

    def _room(self, sets: Sets, offers: Offers) -> float:
        """Σ price of one_package_each · (people occupied − people there under the cover); no price is above 0."""
        menu, price = sets.menu, self.prices.package_each
        share = np.zeros((menu.regions, len(menu.covers)))
        for (region, cover), part in zip(self._columns, self.covered, strict=True):
            share[region, cover] = part
        share[:, 0] = 1 - share.sum(axis=1)
        there = (
            np.repeat(share, len(menu.county.groups), axis=0)[:, None, None, :] * menu.block_people[:, :, None, None]
        )
        occupied = _total(offers.occupies, self.people).reshape(price.shape)
        return float((price * (occupied - there)).sum())

    def _places(self, sets: Sets) -> float:
        """Σ price · (what is asked − what is allowed) over places a year and lumpy services."""
        total = 0.0
        for service in sets.county.plan.record.limits:
            if service in sets.services:
                for (place, most), year in product(sets.capacity(service).items(), sets.years):
                    total -= self.price.get(line_name("within_capacity", (service, place, year)), 0.0) * most
        for switch, one in self.is_open.items():
            total -= self.price.get(name_of("open_to_start", switch), 0.0) * one * most_participants(sets, switch)
            total -= self.price.get(name_of("smallest_size", switch), 0.0) * one * least_participants(sets, switch)
        return total

    @property
    def _columns(self) -> list[tuple[int, int]]:
        return Covering(self.offers.menu).columns


def _total(uses: Uses, amount: Floats) -> Floats:
    """(lines,): Σ of what columns use, each so many times, over every line there could be."""
    lines = int(np.prod([len(one) for one in uses.names]))
    total: Floats = np.zeros(lines)
    np.add.at(total, uses.line[uses.row], uses.amount * amount[uses.column])
    return total


def counted(ledger: Ledger, weights: Weights, year: int | None) -> float:
    """Σ over events, places and years (or in one year of the plan) of weight · averted."""
    place, total = ledger.county.strata.place, 0.0
    for event, weight in weights.items():
        if np.any(weight):
            averted = ledger.averted[event]
            total += float(weight[place] @ (averted.sum(axis=1) if year is None else averted[:, year]))
    return total


def stopped(ledger: Ledger) -> float:
    """What today's services avert that stop, by the objective, as a loss: 0 for additional money."""
    county = ledger.county
    if county.plan.record.money_is == "additional":
        return 0.0
    place, years, total = county.strata.place, len(county.years), 0.0
    for event, weight in objective_weights(county).items():
        lost = (ledger.change[event] - ledger.averted[event][:, :years]).sum(axis=1)
        total += float(weight[place] @ lost)
    return total


def held_of(optimum: Optimum, ledger: Ledger) -> Held:
    """What is needed of an optimum and its ledger to see what other evidence does to them."""
    small = ledger_under(ledger, optimum.sets.county.plan)
    used = np.flatnonzero(optimum.people > FEWEST)
    offers, menu = optimum.offers, optimum.sets.menu
    pairs, index = np.unique(offers.pair[used], return_inverse=True)
    package = rows_of(small.county.family, menu.county.family.masks[menu.package[pairs]])
    none = np.zeros((len(menu.covers), len(pairs), menu.regions, 0))
    smaller = replace(
        menu, county=small.county, package=package, group=menu.group[pairs], goals=(), value=none, goal_values={},
        cover_goals={},
    )  # fmt: skip
    held = Offers(
        smaller, offers.number[used], offers.cover[used], index.reshape(-1), offers.region[used], offers.entry[used],
        offers.start[used],
    )  # fmt: skip
    covered = np.where(optimum.covered > FEWEST, optimum.covered, 0.0)
    price = {name: one for name, one in optimum.price.items() if one}
    return Held(small, held, optimum.people[used], covered, price, optimum.is_open)
