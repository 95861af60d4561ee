"""The programme, one function per constraint; the docstring is the formula.

Index sets: block b (a stratum, or a group everywhere), cohort e (year of entry), package k, year y,
service i, place g, partner m.  x[b,e,k,y] is people of cohort e of block b offered k from year y,
counted at entry; S is survival since entry.  Money is in units of £100,000.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

from pulp import LpConstraint, LpVariable, lpSum

from avert.programme.fair_lines import equal_access, minimum, place_floor
from avert.programme.linear import linear
from avert.programme.prices import MONEY_UNIT
from avert.programme.switches import open_to_start, opens_once, short, smallest_size, start_up
from avert.programme.uses import Label
from avert.programme.variables import Sets, Variables

Named = Iterator[tuple[str, LpConstraint]]
Constraint = Callable[[Sets, Variables], Named]
Terms = list[tuple[LpVariable, float]]


def line_name(constraint: str, label: Label) -> str:
    """Name of a line: that of its constraint and of its indices."""
    return "__".join((constraint, *map(str, label)))


def _offered(sets: Sets, v: Variables, constraint: str) -> dict[Label, Terms]:
    """Line → what offers and covers put on its left side."""
    found: dict[Label, Terms] = {}
    for variables, columns in ((v.people, v.offers), (v.covered, sets.covering)):
        uses = columns.uses.get(constraint)
        for label, entries in uses.by_line() if uses else ():
            found.setdefault(label, []).extend((variables[column], amount) for column, amount in entries)
    return found


def people_there(sets: Sets, label: Label) -> float:
    """Right-hand side of one_package_each: everybody, for the line of those under no cover."""
    block, entry, _, cover = (int(one) for one in label)
    return 0.0 if cover else float(sets.menu.block_people[block, entry])


def one_package_each(sets: Sets, v: Variables) -> Named:
    """Nobody is offered two packages at a time.

    Σ over packages in force in y of x[b,e,k,·] under cover c  ≤  people[b,e] · share of the region under c

    for every block, cohort, year and cover; under no cover is what the covers leave of a region.  Only lines of
    years in which some of the offers start are written: in any other those in force are among the year before's.
    """
    for label, terms in _offered(sets, v, "one_package_each").items():
        covers = [(v.covered[column], amount) for column, amount in sets.covering.room_for_packages(label)]
        yield line_name("one_package_each", label), linear([*terms, *covers]) <= people_there(sets, label)


def one_cover(sets: Sets, v: Variables) -> Named:
    """No part of a region is under two covers.

    Σ_c covered[r,c]  ≤  1
    """
    names, columns = sets.region_names, sets.covering.columns
    for r, name in enumerate(names if columns else ()):
        yield f"one_cover__{name}", lpSum(v.covered[n] for n, (region, _) in enumerate(columns) if region == r) <= 1


def participants_follow_offers(sets: Sets, v: Variables) -> Named:
    """Those who take part are those offered, alive, times uptake.

    participants[i,g,y]  −  Σ over k with i, starting in y, of  uptake[i] · S · x[b,e,k,y]  =  0
    """
    offered = _offered(sets, v, "participants_follow_offers")
    for key, started in v.participants.items():
        yield line_name("participants_follow_offers", key), linear([(started, 1.0), *offered.get(key, [])]) == 0


def spend_follows_participants(sets: Sets, v: Variables) -> Named:
    """First-year cost for those who start, follow-on cost for those in force since before, and setting up.

    spend[i,g,y]  −  cost[i] · participants[i,g,y]  −  follow_on[i] · those in force since before y
                  −  start_up[i] · opened[i,g,y]  =  0
    """
    later, opening = _offered(sets, v, "spend_follows_participants"), start_up(sets, v)
    cost = dict(zip(sets.services, (sets.county.cost / MONEY_UNIT).tolist(), strict=True))
    for key, spend in v.spend.items():
        terms = [(spend, 1.0), (v.participants[key], -cost[key[0]]), *later.get(key, []), *opening.get(key, [])]
        yield line_name("spend_follows_participants", key), linear(terms) == 0


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


def within_spend(sets: Sets, v: Variables) -> Named:
    """All partners together spend no more in a year than the plan says, whatever they put in.

    Σ_{i,g} spend[i,g,y]  ≤  amount[y]
    """
    for y in sets.years:
        amount = sets.county.plan.spend_at_most(sets.county.years[y])
        if amount is not None:
            yield (
                f"within_spend__{y}",
                lpSum(v.spend[i, g, y] for i in sets.services for g in sets.places) <= (amount / MONEY_UNIT),
            )


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


def reach_left(sets: Sets, label: Label) -> float:
    """Right-hand side of within_reach."""
    return float(sets.reach_limit[sets.services.index(str(label[0])), int(label[1]), int(label[2])])


def within_reach(sets: Sets, v: Variables) -> Named:
    """People with a service in force are among those who do not have it already, in every block alike.

    Σ over cohorts and k with i in force in y of  S · x[b,e,k,·]  ≤  (1 − reached[i,a]) · people alive[b,y]

    Counted in people offered (nobody who has the service is offered it again), and by block, since
    those reached today are taken to be spread evenly over all who are eligible; one line for a whole
    place would let the plan pretend that none of the high-risk people had been reached.  Money that
    is for everything reaches today's people too.
    """
    for label, terms in _offered(sets, v, "within_reach").items():
        yield line_name("within_reach", label), linear(terms) <= reach_left(sets, label)


def within_capacity(sets: Sets, v: Variables) -> Named:
    """Places a year, spread over the county's places by eligible people.

    participants[i,g,y]  ≤  capacity[i] · eligible[i,g] / Σ_g eligible[i,g]
    """
    for i in sorted(sets.county.plan.record.limits):
        if i in sets.services:
            capacity = sets.capacity(i)
            for g, y in product(sets.places, sets.years):
                yield f"within_capacity__{i}__{g}__{y}", v.participants[i, g, y] <= capacity[g]


def within_workforce(sets: Sets, v: Variables) -> Named:
    """Staff of a role work no more hours than there are.

    Σ_i hours[i,role] · Σ_g participants[i,g,y]  ≤  hours available[role]
    """
    for role, hours in sorted(sets.county.plan.record.staff.items()):
        needs = {
            one.id: one.staff_hours[role].value for one in sets.county.family.interventions if role in one.staff_hours
        }
        for y in sets.years:
            terms = [(v.participants[i, g, y], need) for i, need in needs.items() for g in sets.places]
            if terms:
                yield f"within_workforce__{role}__{y}", linear(terms) <= hours


def keep_services(sets: Sets, v: Variables) -> Named:
    """Today's services keep at least a share of their participants.

    Σ_g participants[i,g,y]  ≥  keep[i] · today[i]
    """
    record = sets.county.plan.record
    for (i, share), y in product(sorted(record.keep_services.items()), sets.years):
        name = f"keep_services__{i}__{y}"
        terms = [(v.participants[i, g, y], 1.0) for g in sets.places if i in sets.services]
        yield name, linear([*terms, *short(v, name)]) >= share * record.today[i]


def ramp_up(sets: Sets, v: Variables) -> Named:
    """Services grow no faster than they can be staffed up.

    Σ participants[i,·,y]  ≤  first_year[i]  in the first year, then  ≤ (1 + growth[i]) · Σ participants[i,·,y−1]
    """
    for i, limit in sorted(sets.county.plan.record.ramp_up.items()):
        if i not in sets.services:
            continue
        for y in sets.years:
            started = lpSum(v.participants[i, g, y] for g in sets.places)
            if y == 0:
                yield f"ramp_up__{i}__{y}", started <= limit.first_year
                continue
            before = lpSum(v.participants[i, g, y - 1] for g in sets.places)
            yield f"ramp_up__{i}__{y}", started - (1 + limit.growth) * before <= 0


def at_most_per(sets: Sets, v: Variables) -> Named:
    """A service that goes with another has no more participants than the other calls for.

    Σ_g participants[i,g,y]  ≤  most[i,j] · Σ_g participants[j,g,y]
    """
    for i, per in sorted(sets.county.plan.record.at_most_per.items()):
        if i not in sets.services:
            continue
        for (j, most), y in product(sorted(per.items()), sets.years):
            others = [(v.participants[j, g, y], -most) for g in sets.places] if j in sets.services else []
            terms = [*((v.participants[i, g, y], 1.0) for g in sets.places), *others]
            yield f"at_most_per__{i}__{j}__{y}", linear(terms) <= 0


def reach_goals(sets: Sets, v: Variables) -> Named:
    """Outcomes to reach at the least: admissions averted in some places in a year, or a target over all years.

    Σ over offers of  weight · averted  −  money · Σ spend  ≥  amount      for every goal
    """
    for goal in sets.menu.goals:
        terms = _offered(sets, v, goal.name).get((), [])
        if goal.money:
            terms = [*terms, *((spend, -goal.money * MONEY_UNIT) for spend in v.spend.values())]
        yield goal.name, linear([*terms, *short(v, goal.name)]) >= goal.amount


CONSTRAINTS: tuple[Constraint, ...] = (
    one_package_each,
    one_cover,
    participants_follow_offers,
    spend_follows_participants,
    payments_meet_spend,
    within_contribution,
    within_spend,
    ring_fence,
    agreed_split,
    within_reach,
    within_capacity,
    within_workforce,
    keep_services,
    ramp_up,
    at_most_per,
    open_to_start,
    smallest_size,
    opens_once,
    place_floor,
    equal_access,
    minimum,
    reach_goals,
)
MINIMA: tuple[Constraint, ...] = (keep_services, minimum, reach_goals)
"""Constraints that doing nothing would break."""
ELASTIC: tuple[Constraint, ...] = (*MINIMA, smallest_size, opens_once)
"""Those, and what opening a lumpy service asks for."""
