"""Lines of fairness: a least share of money for every place, least amounts in some, and access alike."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from pulp import LpConstraint

from avert.programme.goals import places_of
from avert.programme.linear import linear
from avert.programme.prices import MONEY_UNIT
from avert.programme.switches import short
from avert.programme.variables import Sets, Variables

Named = Iterator[tuple[str, LpConstraint]]


def place_floor(sets: Sets, v: Variables) -> Named:
    """Each place gets at least a share of what its head count would give it of the money spent.

    Σ_i spend[i,g,y]  ≥  share · people[g] / people · all_spend[y],      all_spend[y]  =  Σ_{i,g} spend[i,g,y]
    """
    least = sets.county.plan.record.fairness.each_place_at_least
    heads = sets.county.strata.people.reshape(len(sets.places), -1).sum(axis=1)
    if not least or not heads.sum():
        return
    for y in sets.years:
        spend = [(v.spend[i, g, y], -1.0) for i in sets.services for g in sets.places]
        yield f"all_spend__{y}", linear([(v.all_spend[y], 1.0), *spend]) == 0
    for (n, g), y in product(enumerate(sets.places), sets.years):
        part = least * float(heads[n] / heads.sum())
        terms = [(v.spend[i, g, y], 1.0) for i in sets.services]
        yield f"place_floor__{g}__{y}", linear([*terms, (v.all_spend[y], -part)]) >= 0


def minimum(sets: Sets, v: Variables) -> Named:
    """Least spend in a place or group of places.

    Σ_{g in places} Σ_i spend[i,g,y]  ≥  amount
    """
    for (n, wanted), y in product(enumerate(sets.county.plan.record.fairness.minimum), sets.years):
        if wanted.spend is None:
            continue
        name = f"minimum__{n}__{y}"
        terms = [(v.spend[i, g, y], 1.0) for g in places_of(wanted, sets.county) for i in sets.services]
        yield name, linear([*terms, *short(v, name)]) >= wanted.spend / MONEY_UNIT


def equal_access(sets: Sets, v: Variables) -> Named:
    """Participants per eligible person are in no place below a share of the county's.

    Σ_{g in h} participants[i,g,y]  ≥  share[i] · eligible[i,h] / eligible[i] · all_started[i,y],
                   all_started[i,y]  =  Σ_g participants[i,g,y]

    for every service i with such a share, place (or deprivation fifth) h with people the service is for, and year.
    Eligible people are those at the start of the plan.  Nobody at all is as equal as everybody.
    """
    for i, share in sets.least_access.items():
        parts = sets.access_parts(i)
        for y in sets.years:
            started = [(v.participants[i, g, y], -1.0) for g in sets.places]
            yield f"all_started__{i}__{y}", linear([(v.all_started[i, y], 1.0), *started]) == 0
        for (name, inside, part), y in product(parts, sets.years):
            here = [(v.participants[i, g, y], 1.0) for g in inside]
            yield f"equal_access__{i}__{name}__{y}", linear([*here, (v.all_started[i, y], -share * part)]) >= 0
