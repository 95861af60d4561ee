"""Services the optimum does not buy: whether, by itself, one of them would pay for somebody at its prices.

    benefit alone  =  what an offer of the service could add at the most to whatever it stands beside
    charge         =  uptake · (cost · price of money + hours · price of staff + …) + people not yet reached · price

The programme leaves the prices of a service nobody takes open from below, so the charge is put together here
from what money, staff and places are worth to those that are bought: the most the dual allows.  Where the
benefit alone is nowhere above that charge the plan stays the best one, and that is proved; where it is, the
service could come in, unless it stands in the way of what the same people are offered already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import numpy as np

from avert.appraisal.lagrangian import Held
from avert.packages import County, family_of, remaining_as_offered, strengths_of
from avert.packages.values import benefits_alone
from avert.pathway import own_effects
from avert.plan import PlanInFull
from avert.plan.deprivation import by_fifth
from avert.programme import MONEY_UNIT, Sets, objective_weights
from avert.programme.goals import goals_of, places_of
from avert.programme.lines import line_name
from avert.programme.menu import Menu, in_regions
from avert.programme.prices import Prices, charges
from avert.programme.written import own_money_weight

LARGEST = 1e9
"""Benefit per charge beyond which there is as good as no charge."""
ROUNDING = 1e-9
"""Harm, as a share of an event's rate, that is rounding."""
SMALLEST = 1e-12
"""Worth per person that is rounding."""


def can_come_in(held: Held, service: str) -> bool:
    """Whether this way of asking holds for a service: it is for people one by one, and does not come in lumps."""
    county = held.county
    bit = county.family.ids.index(service)
    return bool(county.family.for_people[bit]) and service not in county.plan.record.lumpy


def stays_out(held: Held, whole: County, county: County, service: str) -> bool:
    """Whether it is proved that the held plan stays the best where only figures of one service differ.

    So it is if the service is neither bought nor had today, pays for nobody by itself, and reaches no event
    that any service does harm to, for then it could mend more beside others than alone.  `whole` is the
    county with every package, `county` one with the other figures.
    """
    if service in held.bought or service in county.reached_today or not can_come_in(held, service):
        return False
    bit = 1 << whole.family.ids.index(service)
    if any(one.reach & bit and (one.theta > 1 + ROUNDING).any() for one in whole.remaining.values()):
        return False
    return benefit_per_charge(held, county, service) <= 1


def benefit_per_charge(held: Held, county: County, service: str) -> float:
    """The largest benefit alone over charge, over groups, places, cohorts and start years; 0 if nobody may pay.

    `county` is one like that of `held`, perhaps with other figures.
    """
    menu = _menu_of_one(held, county, service)
    prices = _full_prices(held, county, service)
    if prices is None or not len(menu.package):
        return 0.0
    goals = [goal for goal in goals_of(county) if held.price.get(goal.name)]
    counted = [(objective_weights(county), None), *((goal.weights, goal.year) for goal in goals)]
    found = benefits_alone(menu.county, counted, menu.package, menu.group, menu.slots)
    benefit, *more = (in_regions(one, menu.place_share, menu.group, menu.slots) for one in found)
    for goal, one in zip(goals, more, strict=True):
        benefit = benefit + held.price[goal.name] * one
    charge = charges(menu, prices).transpose(0, 2, 1, 3)[0, menu.group]
    entry = [entry for entry, _ in menu.slots]
    there = menu.block_people.reshape(menu.regions, -1, len(county.years))[:, menu.group][:, :, entry] > 0
    ratio = np.where(benefit > SMALLEST, benefit / np.maximum(charge, benefit / LARGEST + SMALLEST), 0.0)
    return float(np.where(there.transpose(1, 0, 2), ratio, 0.0).max(initial=0.0))


def _menu_of_one(held: Held, county: County, service: str) -> Menu:
    """A menu of one service, by itself, for everyone it is meant for."""
    one = county.family.interventions[county.family.ids.index(service)]
    record, groups = county.plan.record, county.groups
    family = family_of([one], groups, 1)
    effects, _ = own_effects(county.plan.library, county.pathway, [one], rule=record.evidence_rule, use=record.evidence)
    strengths = strengths_of([one], groups, record)
    offered = family.offered_to()
    remaining = remaining_as_offered(groups, [one], effects, strengths, family.masks, offered, record)
    others = {name: left for name, left in county.today.items() if name not in county.family.ids}
    alone = replace(
        county, today=others, family=family, effects=effects, strengths=strengths, remaining=remaining, seen_beside={}
    )
    group = np.flatnonzero(family.eligible[0])
    menu = held.menu_in(alone)
    return replace(menu, package=np.ones(len(group), dtype=np.int64), group=group, covers=((),))


def _full_prices(held: Held, county: County, service: str) -> Prices | None:
    """Prices of the lines of one service, each as high as the others leave room for; None if nobody may pay."""
    money = [_money_price(held.price, county.plan, service, year) for year in range(len(county.years))]
    if not np.isfinite(money).all():
        return None
    sets, bit = Sets(held.menu_in(county)), county.family.ids.index(service)
    spending = np.array([[_spend_price(held.price, sets, money[y], g, y) for y in sets.years] for g in sets.places])
    starting = county.cost[bit] / MONEY_UNIT * spending
    for (n, place), year in product(enumerate(sets.places), sets.years):
        starting[n, year] += _participant_price(held.price, county, service, place, year)
    prices = held.prices
    return Prices(starting[None], spending[None], prices.reach[bit : bit + 1], {}, prices.package_each)


def _money_price(price: Mapping[str, float], plan: PlanInFull, service: str, year: int) -> float:
    """What a money unit spent on a service costs those who may pay: the cheapest of them, or their agreed shares."""
    of = {m: -price.get(line_name("within_contribution", (m, year)), 0.0) for m in plan.partners}
    split = plan.record.split.get(service)
    if split:
        return sum(share * of[m] for m, share in split.items())
    return min((of[m] for m in plan.partners if plan.may_pay(m, service)), default=float("inf"))


def _spend_price(price: Mapping[str, float], sets: Sets, money: float, place: str, year: int) -> float:
    """Price of a money unit spent in a place: that of the money, and what least spends make of it."""
    total = money + own_money_weight(sets) + price.get(f"all_spend__{year}", 0.0)
    total -= price.get(line_name("place_floor", (place, year)), 0.0)
    for number, wanted in enumerate(sets.county.plan.record.fairness.minimum):
        if wanted.spend is not None and place in places_of(wanted, sets.county):
            total -= price.get(line_name("minimum", (number, year)), 0.0)
    return total


def _participant_price(price: Mapping[str, float], county: County, service: str, place: str, year: int) -> float:
    """Price of a participant, money apart: staff, places, growth, equal access, today's participants to be kept."""
    fairness = county.plan.record.fairness
    one = county.family.interventions[county.family.ids.index(service)]
    total = -price.get(line_name("within_capacity", (service, place, year)), 0.0)
    total -= price.get(line_name("keep_services", (service, year)), 0.0)
    if fairness.least_access(service):
        total += price.get(line_name("all_started", (service, year)), 0.0)
        groups = {place: (place,)} if fairness.equal_access_in == "each_place" else by_fifth(county.plan.area)
        where = next(name for name, inside in groups.items() if place in inside)
        total -= price.get(line_name("equal_access", (service, where, year)), 0.0)
    for role, hours in one.staff_hours.items():
        total -= hours.value * price.get(line_name("within_workforce", (role, year)), 0.0)
    ramp = county.plan.record.ramp_up.get(service)
    if ramp:
        total -= price.get(line_name("ramp_up", (service, year)), 0.0)
        total += (1 + ramp.growth) * price.get(line_name("ramp_up", (service, year + 1)), 0.0)
    for goes, per in county.plan.record.at_most_per.items():
        for other, most in per.items():
            each = price.get(line_name("at_most_per", (goes, other, year)), 0.0)
            total += most * each if other == service else -each if goes == service else 0.0
    return total
