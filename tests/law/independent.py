"""Every line of the plan held against an allocation, from the plan's own words and nothing of the programme.

Each check gives (used − limit) / max(1, |limit|) for its lines, in people, hours and thousands of pounds; above 0 the
line is broken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

from random_plans import YEARS
from random_worlds import World
from recount import Floats, Recount
from slow_effects import at_age

from avert.programme import Optimum

Broken = Iterator[tuple[str, float]]


def broken_lines(
    world: World, optimum: Optimum, people: Floats | None = None, covered: Floats | None = None
) -> dict[str, float]:
    """Kind of line → the largest relative amount by which one of its kind is broken (0 or less if none is)."""
    count = Recount(world, optimum, people, covered)
    largest: dict[str, float] = {}
    for check in (
        _people, _covers, _money, _spend_at_most, _reach, _limits_and_staff, _ramp_up, _at_most_per, _keep_services,
        _lumps, _floor, _equal_access, _minimum, _target
    ):  # fmt: skip
        for line, amount in check(count):
            largest[line] = max(largest.get(line, amount), amount)
    return largest


def _over(used: float, limit: float) -> float:
    return float((used - limit) / max(1.0, abs(limit)))


def _over_pounds(used: float, limit: float) -> float:
    return float((used - limit) / max(1000.0, abs(limit)))


def _people(count: Recount) -> Broken:
    """Nobody has two packages at a time, and whoever has one beside a cover lives under it."""
    joined = count.joined.sum(axis=0) if count.together else count.joined.reshape(-1, count.years)
    for (block, entry, _, cover), used in count.occupied.items():
        place = 0 if count.together else block // len(count.groups)
        under = sum(share for (here, _), share in count.covered.items() if here == place)
        share = count.covered.get((place, cover), 0.0) if cover else 1 - under
        yield "people", _over(used, joined[block, entry] * share)


def _covers(count: Recount) -> Broken:
    """No part of a place is under two covers."""
    for place in range(len(count.places)):
        yield "covers", sum(share for (here, _), share in count.covered.items() if here == place) - 1


def _money(count: Recount) -> Broken:
    """Partners pay for all that is spent, within what they have, may pay and have agreed."""
    plan, paid = count.world.plan, _paid(count.optimum)
    services = [one["id"] for one in count.world.interventions]
    for service in services:
        shares = plan.get("split", {}).get(service)
        for year in range(count.years):
            spent = sum(n for (i, _, y), n in count.spend.items() if (i, y) == (service, year))
            yield "paid in full", abs(_over_pounds(sum(paid[m, service, year] for m in plan["money"]), spent))
            for partner in plan["money"]:
                pounds = paid[partner, service, year]
                if shares is None:
                    fence = plan.get("may_pay", {}).get(partner, "all")
                    if fence != "all" and service not in fence:
                        yield "may_pay", _over_pounds(pounds, 0)
                elif partner in shares:
                    yield "split", abs(_over_pounds(pounds, shares[partner] * spent))
                else:
                    yield "split", _over_pounds(pounds, 0)
    for partner, stated in plan["money"].items():
        kept = 0.0
        for year in range(count.years):
            has = kept + (stated[YEARS[year]] if isinstance(stated, dict) else stated)
            used = sum(paid[partner, service, year] for service in services)
            yield "money", _over_pounds(used, has)
            kept = has - used if partner in plan.get("carry_over", []) else 0.0


def _paid(optimum: Optimum) -> Counter[tuple[str, str, int]]:
    found: Counter[tuple[str, str, int]] = Counter()
    for name, value in optimum.values.items():
        kind, *rest = name.split("__")
        if kind == "paid":
            found[rest[0], rest[1], int(rest[2])] = value * 100_000
    return found


def _spend_at_most(count: Recount) -> Broken:
    """All partners together spend no more in a year than the plan says."""
    stated = count.world.plan.get("spend_at_most")
    for year in range(count.years) if stated is not None else ():
        most = stated[YEARS[year]] if isinstance(stated, dict) else stated
        yield "spend_at_most", _over_pounds(count.spent(year, list(count.places)), most)


def _reached(count: Recount, service: str, age: str) -> float:
    """Share of those eligible who have a service today, by the plan or else the library."""
    today = count.world.plan.get("today", {})
    if service in today:
        people = count.eligible_people(service)
        return today[service] * count.in_years(service) / people if people else 0.0
    stated = count.world.record(service).get("already_reached")
    return at_age(stated, age) if stated else 0.0


def _offered_today(count: Recount, service: str, age: str) -> float:
    """Share of those eligible who need not be offered it again: of a whole place, also those who did not notice."""
    noticed = count.world.record(service)["uptake"]["value"] if count.on_places(service) else 1.0
    return _reached(count, service, age) / noticed


def _reach(count: Recount) -> Broken:
    """Additional money goes to people who do not have the service yet, in every group alike."""
    if count.world.plan.get("money_is", "additional") != "additional":
        return
    stock = count.strata.people.reshape(len(count.places), -1)
    places: list[Any] = [[n] for n in range(len(count.places))]
    if count.together:
        places = [range(len(count.places))]
    for service, group in {(i, g) for i, _, g, _ in count.in_force}:
        free = max(0.0, 1 - _offered_today(count, service, count.age(group)))
        for year, where in product(range(count.years), places):
            used = sum(count.in_force[service, count.places[n], group, year] for n in where)
            people = sum(stock[n, group] for n in where) * (1 + count.world.area["growth"]) ** year
            yield "reach", _over(used, people * free)


def _limits_and_staff(count: Recount) -> Broken:
    plan = count.world.plan
    for service, limit in plan.get("limits", {}).items():
        everyone = count.eligible_people(service)
        for place in count.places:
            share = count.eligible_people(service, place) / everyone if everyone else 0.0
            for year in range(count.years):
                yield "limits", _over(count.participants(service, year, place), limit * share)
    for role, hours in plan.get("staff", {}).items():
        for year in range(count.years):
            used = 0.0
            for one in count.world.interventions:
                need = one.get("staff_hours", {}).get(role, {"value": 0})["value"]
                used += need * count.participants(one["id"], year)
            yield "staff", _over(used, hours)


def _ramp_up(count: Recount) -> Broken:
    for service, limit in count.world.plan.get("ramp_up", {}).items():
        most = limit["first_year"]
        for year in range(count.years):
            started = count.participants(service, year)
            yield "ramp_up", _over(started, most)
            most = started * (1 + limit["growth"])


def _at_most_per(count: Recount) -> Broken:
    """A service has no more participants than so many for each of the other."""
    for service, per in count.world.plan.get("at_most_per", {}).items():
        for (other, most), year in product(per.items(), range(count.years)):
            yield "at_most_per", _over(count.participants(service, year), most * count.participants(other, year))


def _keep_services(count: Recount) -> Broken:
    for service, share in count.world.plan.get("keep_services", {}).items():
        for year in range(count.years):
            least = share * count.world.plan["today"][service]
            yield "keep_services", -_over(count.participants(service, year), least)


def _lumps(count: Recount) -> Broken:
    """A lumpy service takes nobody where it is closed, and enough where it is open."""
    for service, lump in count.world.plan.get("lumpy", {}).items():
        for (where, places), year in product(count.openings(lump), range(count.years)):
            started = sum(count.participants(service, year, place) for place in places)
            least = lump.get("smallest", 0.0)
            if lump.get("all_or_nothing"):
                eligible = sum(count.eligible_people(service, place) for place in places)
                everyone = count.eligible_people(service)
                least = count.world.plan["limits"][service] * (eligible / everyone if everyone else 0.0)
            if count.is_open(service, where, year):
                yield "lumpy, open", -_over(started, least)
            else:
                yield "lumpy, closed", _over(started, 0)


def _floor(count: Recount) -> Broken:
    share = count.world.plan.get("fairness", {}).get("each_place_at_least", 0.0)
    heads = {place: sum(bands.values()) for place, bands in count.world.area["people"].items()}
    for year in range(count.years):
        everywhere = count.spent(year, list(count.places))
        for place in count.places:
            least = share * heads[place] / sum(heads.values()) * everywhere
            yield "each_place_at_least", -_over_pounds(count.spent(year, [place]), least)


def _equal_access(count: Recount) -> Broken:
    """Where a service goes at all, each place or fifth has its share of those who take part."""
    fairness = count.world.plan.get("fairness", {})
    asked = fairness.get("equal_access", {})
    asked = asked if isinstance(asked, dict) else {"all": asked}
    groups: dict[Any, list[str]] = {}
    for place in count.places:
        in_fifths = fairness.get("equal_access_in") == "each_deprivation_fifth"
        groups.setdefault((int(count.world.deciles[place] + 0.5) + 1) // 2 if in_fifths else place, []).append(place)
    for service in (one["id"] for one in count.world.interventions):
        share, everyone = asked.get(service, asked.get("all", 0.0)), count.eligible_people(service)
        for places, year in product(groups.values(), range(count.years)):
            there = sum(count.eligible_people(service, place) for place in places)
            if share and there:
                all_who_start = sum(count.participants(service, year, place) for place in count.places)
                here = sum(count.participants(service, year, place) for place in places)
                yield "equal_access", -_over(here, share * there / everyone * all_who_start)


def _most_deprived(count: Recount, wanted: Any) -> list[str]:
    """So many places, or those that hold a share of the people, by their deciles."""
    order = sorted(count.world.deciles, key=count.world.deciles.__getitem__)
    if isinstance(wanted, int):
        return order[:wanted]
    heads = {place: sum(bands.values()) for place, bands in count.world.area["people"].items()}
    part, number = float(wanted.split("%")[0]) / 100 * sum(heads.values()), 1
    while sum(heads[place] for place in order[:number]) < part:
        number += 1
    return order[:number]


def _minimum(count: Recount) -> Broken:
    for wanted in count.world.plan.get("fairness", {}).get("minimum", []):
        places = wanted.get("places")
        if places is None:
            places = _most_deprived(count, wanted["most_deprived"])
        for year in range(count.years):
            if "spend" in wanted:
                yield "minimum spend", -_over_pounds(count.spent(year, places), wanted["spend"])
            else:
                averted = count.averted("admissions", [year], places, lambda *key: left_by_others(count, *key))
                yield "minimum averted", -_over(averted, wanted["admissions_averted"])


def _target(count: Recount) -> Broken:
    """What the plan must avert over all years in which it counts benefits."""
    for outcome, least in count.world.plan.get("target", {}).items():
        years = range(count.years + count.world.plan.get("years_counted_beyond", 0))
        averted = count.averted(outcome, years, list(count.places), lambda *key: left_by_others(count, *key))
        yield "target", -_over(averted, least)


def left_by_others(count: Recount, event: str, group: int, package: Any) -> float:
    """What today's services outside the package leave of a rate, where they go on beside additional money."""
    left = 1.0
    if count.world.plan.get("money_is") == "everything":
        return left
    for one in count.world.interventions:
        name = one["id"]
        if name not in package and count.meant_for(name, group):
            slow, years = count.group(group), count.in_years(name)
            lost = sum(1 - slow.left(event, frozenset({name}), year) for year in range(years))
            left *= 1 - _reached(count, name, count.age(group)) / years * lost
    return left
