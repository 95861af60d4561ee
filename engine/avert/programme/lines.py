"""The programme, one function per constraint; the docstring is the formula.

Index sets: block b (a stratum), cohort e (year of entry), package k, year y, service i, place g,
age a, partner m.  x[b,e,k,y] is people of cohort e of block b offered k from year y, counted at
entry; S is survival since entry.  Money is in units of £100,000.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from pulp import LpConstraint, LpVariable, lpSum

from avert.plan.records import Minimum
from avert.programme.linear import linear
from avert.programme.uses import Uses
from avert.programme.variables import MONEY_UNIT, Sets, Variables

Named = Iterator[tuple[str, LpConstraint]]
Constraint = Callable[[Sets, Variables], Named]


def _sum_over_offers(
    sets: Sets, v: Variables, uses: Uses
) -> Iterator[tuple[tuple[str | int, ...], list[tuple[LpVariable, float]]]]:
    for row, terms in uses.of(v.chosen, len(sets.offers)):
        yield uses.labels[row], [(v.people[place], amount) for place, amount in terms]


def one_package_each(sets: Sets, v: Variables) -> Named:
    """Nobody is offered two packages at a time.

    Σ over packages in force in y of x[b,e,k,·]  ≤  people[b,e]      for every block, cohort, year
    """
    offered = dict(_sum_over_offers(sets, v, sets.offers.people))
    for b, e, y in sets.offers.people.labels:
        people = float(sets.offers.block_people[int(b), int(e)])
        yield f"one_package_each__{b}__{e}__{y}", linear(offered.get((b, e, y), [])) <= people


def participants_follow_offers(sets: Sets, v: Variables) -> Named:
    """Those who take part are those offered, alive, times uptake.

    participants[i,g,a,y]  =  Σ over k with i, starting in y, of  uptake[i] · S · x[b,e,k,y]
    """
    offered = dict(_sum_over_offers(sets, v, sets.offers.participants))
    for key, started in v.participants.items():
        terms = [(x, -amount) for x, amount in offered.get(key, [])]
        yield (
            "participants_follow_offers__" + "__".join(map(str, key)),
            linear([(started, 1.0), *terms]) == 0,
        )


def spend_follows_participants(sets: Sets, v: Variables) -> Named:
    """First-year cost for those who start, follow-on cost for those who started before and are in force.

    spend[i,g,y]  =  Σ_a cost[i] · participants[i,g,a,y]  +  follow_on[i] · those in force since before y
    """
    county = sets.county
    later: dict[tuple[str, str, int], list[tuple[LpVariable, float]]] = {}
    for (i, g, _, y), terms in _sum_over_offers(sets, v, sets.offers.continuing):
        follow_on = county.follow_on_cost[sets.services.index(str(i))] / MONEY_UNIT
        if follow_on:
            later.setdefault((str(i), str(g), int(y)), []).extend((x, -follow_on * amount) for x, amount in terms)
    for (i, g, y), spend in v.spend.items():
        cost = float(county.cost[sets.services.index(i)]) / MONEY_UNIT
        first = [(v.participants[i, g, a, y], -cost) for a in sets.ages]
        terms = [(spend, 1.0), *first, *later.get((i, g, y), [])]
        yield f"spend_follows_participants__{i}__{g}__{y}", linear(terms) == 0


def payments_meet_spend(sets: Sets, v: Variables) -> Named:
    """Every service is paid for in full, each year.

    Σ_m paid[m,i,y]  =  Σ_g spend[i,g,y]
    """
    for i, y in product(sets.services, sets.years):
        spend = lpSum(v.spend[i, g, y] for g in sets.places)
        yield f"payments_meet_spend__{i}__{y}", lpSum(v.paid[m, i, y] for m in sets.partners) - spend == 0


def within_contribution(sets: Sets, v: Variables) -> Named:
    """No partner pays more than it puts in, plus what it kept from the year before.

    Σ_i paid[m,i,y] + carried[m,y]  ≤  contribution[m,y] + carried[m,y−1]
    """
    for m, y in product(sets.partners, sets.years):
        paid = lpSum(v.paid[m, i, y] for i in sets.services)
        if (m, y) in v.carried:
            paid = paid + v.carried[m, y] - (v.carried[m, y - 1] if y else 0)
        yield f"within_contribution__{m}__{y}", paid <= sets.contribution(m, y)


def ring_fence(sets: Sets, v: Variables) -> Named:
    """A partner pays only for what it may pay for.

    paid[m,i,y]  ≤  0      unless m may pay for i
    """
    for m, i, y in product(sets.partners, sets.services, sets.years):
        if not sets.county.plan.may_pay(m, i):
            yield f"ring_fence__{m}__{i}__{y}", v.paid[m, i, y] <= 0


def agreed_split(sets: Sets, v: Variables) -> Named:
    """Where partners have agreed shares of a service, each pays its share.

    paid[m,i,y]  =  split[i,m] · Σ_g spend[i,g,y]
    """
    for i, shares in sorted(sets.county.plan.record.split.items()):
        if i not in sets.services:
            continue
        for (m, share), y in product(sorted(shares.items()), sets.years):
            spend = lpSum(v.spend[i, g, y] for g in sets.places)
            yield f"agreed_split__{m}__{i}__{y}", v.paid[m, i, y] - share * spend == 0


def within_reach(sets: Sets, v: Variables) -> Named:
    """People with a service in force are among those who do not have it already, in every block alike.

    Σ over cohorts and k with i in force in y of  S · x[b,e,k,·]  ≤  (1 − reached[i,a]) · people alive[b,y]

    Counted in people offered (nobody who has the service is offered it again), and by block, since
    those reached today are taken to be spread evenly over all who are eligible; one line for a whole
    place would let the plan pretend that none of the high-risk people had been reached.  Money that
    is for everything reaches today's people too.
    """
    stock = sets.block_stock
    offered = dict(_sum_over_offers(sets, v, sets.offers.reached))
    for i, b, y in sets.offers.reached.labels:
        part = sets.county.left_to_reach(str(i), int(sets.offers.block_age[int(b)]))
        left = float(part * stock[int(b), int(y)])
        yield f"within_reach__{i}__{b}__{y}", linear(offered.get((i, b, y), [])) <= left


def whole_place(sets: Sets, v: Variables) -> Named:
    """A place-level service covers a share of a place: of all its people alike.

    Σ over k whose place-level part is h of x[b,e,k,y]  =  people[b,e] · Σ covered[g,h′,y]
    over the sets h′ of which h is the part meant for block b      for every block, cohort, start, part

    With `one_package_each` no part of a place is covered twice at a time.
    """
    family, county = sets.county.family, sets.county
    offered = dict(_sum_over_offers(sets, v, sets.offers.whole))
    for label in sets.offers.whole.labels:
        b, e, y, part = (int(one) for one in label)
        place = "everywhere" if sets.covered_places == ("everywhere",) else sets.places[b // len(county.groups)]
        meant = sum(1 << bit for bit in np.flatnonzero(family.eligible[:, sets.offers.block_group[b]]).tolist())
        people = float(sets.offers.block_people[b, e])
        cover = [(v.covered[place, h, y], -people) for h in family.place_parts if h & meant == part]
        yield "__".join(map(str, ("whole_place", *label))), linear([*offered.get(label, []), *cover]) == 0


def within_capacity(sets: Sets, v: Variables) -> Named:
    """Places a year, spread over the county's places by eligible people.

    Σ_a participants[i,g,a,y]  ≤  capacity[i] · eligible[i,g] / Σ_g eligible[i,g]
    """
    county = sets.county
    for i, capacity in sorted(county.plan.record.limits.items()):
        if i not in sets.services:
            continue
        eligible = county.eligible_people(county.family.interventions[sets.services.index(i)]).sum(axis=1)
        share = eligible / eligible.sum() if eligible.sum() else eligible
        for (n, g), y in product(enumerate(sets.places), sets.years):
            started = lpSum(v.participants[i, g, a, y] for a in sets.ages)
            yield f"within_capacity__{i}__{g}__{y}", started <= float(capacity * share[n])


def within_workforce(sets: Sets, v: Variables) -> Named:
    """Staff of a role work no more hours than there are.

    Σ_i hours[i,role] · Σ_{g,a} participants[i,g,a,y]  ≤  hours available[role]
    """
    for role, hours in sorted(sets.county.plan.record.staff.items()):
        needs = {
            one.id: one.staff_hours[role].value for one in sets.county.family.interventions if role in one.staff_hours
        }
        for y in sets.years:
            terms = [
                (v.participants[i, g, a, y], need) for i, need in needs.items() for g in sets.places for a in sets.ages
            ]
            if terms:
                yield f"within_workforce__{role}__{y}", linear(terms) <= hours


def keep_services(sets: Sets, v: Variables) -> Named:
    """Today's services keep at least a share of their participants.

    Σ_{g,a} participants[i,g,a,y]  ≥  keep[i] · today[i]
    """
    record = sets.county.plan.record
    for (i, share), y in product(sorted(record.keep_services.items()), sets.years):
        name = f"keep_services__{i}__{y}"
        terms = [(v.participants[i, g, a, y], 1.0) for g in sets.places for a in sets.ages if i in sets.services]
        short = v.shortfall.get(name)
        extra = [(short, 1.0)] if short is not None else []
        yield name, linear([*terms, *extra]) >= share * record.today[i]


def ramp_up(sets: Sets, v: Variables) -> Named:
    """Services grow no faster than they can be staffed up.

    Σ participants[i,·,y]  ≤  first_year[i]  in the first year, then  ≤ (1 + growth[i]) · Σ participants[i,·,y−1]
    """
    for i, limit in sorted(sets.county.plan.record.ramp_up.items()):
        if i not in sets.services:
            continue
        for y in sets.years:
            started = lpSum(v.participants[i, g, a, y] for g in sets.places for a in sets.ages)
            if y == 0:
                yield f"ramp_up__{i}__{y}", started <= limit.first_year
                continue
            before = lpSum(v.participants[i, g, a, y - 1] for g in sets.places for a in sets.ages)
            yield f"ramp_up__{i}__{y}", started - (1 + limit.growth) * before <= 0


def place_floor(sets: Sets, v: Variables) -> Named:
    """Each place gets at least a share of what its head count would give it of the money spent.

    Σ_i spend[i,g,y]  ≥  share · people[g] / people · Σ_{i,g} spend[i,g,y]
    """
    least = sets.county.plan.record.fairness.each_place_at_least
    if not least:
        return
    heads = sets.county.strata.people.reshape(len(sets.places), -1).sum(axis=1)
    if not heads.sum():
        return
    for (n, g), y in product(enumerate(sets.places), sets.years):
        part = least * float(heads[n] / heads.sum())
        terms = [(v.spend[i, h, y], (1.0 if h == g else 0.0) - part) for i in sets.services for h in sets.places]
        yield f"place_floor__{g}__{y}", linear(terms) >= 0


def minimum(sets: Sets, v: Variables) -> Named:
    """Least spend, or least admissions averted, in a place or group of places.

    Σ_{g in places} Σ_i spend[i,g,y]  ≥  amount      or      Σ_{g in places} averted[g,y]  ≥  amount
    """
    averted = dict(_sum_over_offers(sets, v, sets.offers.averted))
    for (n, wanted), y in product(enumerate(sets.county.plan.record.fairness.minimum), sets.years):
        name, places = f"minimum__{n}__{y}", places_of(wanted, sets)
        short = v.shortfall.get(name)
        extra = [(short, 1.0)] if short is not None else []
        if wanted.spend is not None:
            terms = [(v.spend[i, g, y], 1.0) for g in places for i in sets.services]
            yield name, linear([*terms, *extra]) >= wanted.spend / MONEY_UNIT
        else:
            terms = [term for g in places for term in averted.get((g, y), [])]
            yield name, linear([*terms, *extra]) >= float(wanted.admissions_averted or 0)


def places_of(wanted: Minimum, sets: Sets) -> tuple[str, ...]:
    """Places a minimum speaks of: those named, or the most deprived ones."""
    if wanted.most_deprived is None:
        return tuple(dict.fromkeys(wanted.places))
    known = [place for place in sets.county.plan.area.places if place.imd_average_decile is not None]
    known.sort(key=lambda place: (place.imd_average_decile, place.id))
    return tuple(place.id for place in known[: wanted.most_deprived])


CONSTRAINTS: tuple[Constraint, ...] = (
    one_package_each,
    participants_follow_offers,
    spend_follows_participants,
    payments_meet_spend,
    within_contribution,
    ring_fence,
    agreed_split,
    within_reach,
    whole_place,
    within_capacity,
    within_workforce,
    keep_services,
    ramp_up,
    place_floor,
    minimum,
)
MINIMA: tuple[Constraint, ...] = (keep_services, minimum)
"""Constraints that doing nothing would break."""
