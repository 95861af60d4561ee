"""Lines of lumpy services: in each year such a service is open somewhere, or it is not.

A switch (i, h, y) says whether service i takes participants in h (a place, or everywhere) in year y.
Between 0 and 1 these lines are a relaxation; `branching` settles every switch at 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pulp import LpConstraint, LpVariable, lpSum

from avert.programme.linear import linear
from avert.programme.prices import MONEY_UNIT
from avert.programme.variables import Sets, Switch, Variables

Named = Iterator[tuple[str, LpConstraint]]
Terms = list[tuple[LpVariable, float]]


def name_of(line: str, switch: Switch) -> str:
    return "__".join(map(str, (line, *switch)))


def most_participants(sets: Sets, switch: Switch) -> float:
    """Participants a year that could start under a switch: its places, or else everybody."""
    service, _, year = switch
    if service in sets.county.plan.record.limits:
        capacity = sets.capacity(service)
        return sum(capacity[g] for g in sets.places_under(switch))
    return sum(sets.most_people[g, year] for g in sets.places_under(switch))


def least_participants(sets: Sets, switch: Switch) -> float:
    """Participants a year there must be where a service is open."""
    lump = sets.county.plan.record.lumpy[switch[0]]
    return most_participants(sets, switch) if lump.all_or_nothing else lump.smallest


def short(v: Variables, name: str) -> Terms:
    """What a minimum lacks, while feasibility is in doubt."""
    return [(v.shortfall[name], 1.0)] if name in v.shortfall else []


def open_to_start(sets: Sets, v: Variables) -> Named:
    """Nobody starts a service that is not open.

    Σ_{g in h} participants[i,g,y]  ≤  most[i,h,y] · is_open[i,h,y]
    """
    for switch, is_open in v.is_open.items():
        started = lpSum(v.participants[switch[0], g, switch[2]] for g in sets.places_under(switch))
        yield name_of("open_to_start", switch), started - most_participants(sets, switch) * is_open <= 0


def smallest_size(sets: Sets, v: Variables) -> Named:
    """Where a service is open, it has its smallest viable number of participants, or all its places filled.

    Σ_{g in h} participants[i,g,y]  ≥  least[i,h] · is_open[i,h,y]
    """
    for switch, is_open in v.is_open.items():
        name, least = name_of("smallest_size", switch), least_participants(sets, switch)
        if least:
            started = [(v.participants[switch[0], g, switch[2]], 1.0) for g in sets.places_under(switch)]
            yield name, linear([*started, (is_open, -least), *short(v, name)]) >= 0


def opens_once(sets: Sets, v: Variables) -> Named:
    """A service opens in the first of a run of years in which it is open, and in no other.

    opened[i,h,y]  ≥  is_open[i,h,y] − is_open[i,h,y−1]
    opened[i,h,y]  ≤  is_open[i,h,y],      opened[i,h,y] + is_open[i,h,y−1]  ≤  1
    """
    for switch, is_open in v.is_open.items():
        service, where, year = switch
        before = v.is_open[service, where, year - 1] if year else 0
        name = name_of("opens_once", switch)
        yield name, lpSum([v.opened[switch], *(one for one, _ in short(v, name))]) - is_open + before >= 0
        yield name_of("opens_if_open", switch), v.opened[switch] - is_open <= 0
        if year:
            yield name_of("opens_if_closed", switch), v.opened[switch] + before <= 1


def start_up(sets: Sets, v: Variables) -> dict[tuple[str, str, int], Terms]:
    """(service, place, year) → − start-up cost · opened, spread over the places under a switch by their people."""
    found: dict[tuple[str, str, int], Terms] = {}
    for switch, opened in v.opened.items():
        service, _, year = switch
        cost = sets.county.plan.record.lumpy[service].start_up / MONEY_UNIT
        for place, share in sets.heads(sets.places_under(switch)).items() if cost else ():
            found.setdefault((service, place, year), []).append((opened, -cost * share))
    return found


def start_up_paid(sets: Sets, is_open: Mapping[Switch, int]) -> dict[tuple[str, str, int], float]:
    """(service, place, year) → pounds paid to open services, once it is settled which are open."""
    found: dict[tuple[str, str, int], float] = {}
    for switch, one in is_open.items():
        service, where, year = switch
        cost = sets.county.plan.record.lumpy[service].start_up
        if one and cost and not (year and is_open[service, where, year - 1]):
            for place, share in sets.heads(sets.places_under(switch)).items():
                found[service, place, year] = found.get((service, place, year), 0.0) + cost * share
    return found
