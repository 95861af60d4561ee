"""Check an allocation against every line of the plan, without asking the solver.

Works from the people offered and the plan alone: participants, spend and hours are counted again,
so a slip in the programme's own rows would show here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import product

import numpy as np

from avert.packages import events_averted, survival
from avert.pathway.groups import Floats
from avert.programme.lines import places_of
from avert.programme.variables import MONEY_UNIT, Sets

LEAST_POUNDS = 1000.0
"""Limits below this count as this much: the programme reckons in £100,000, and a hundredth of a penny is rounding."""


def largest_violation(sets: Sets, people: Floats, values: Mapping[str, float]) -> float:
    """The largest relative amount by which any line of the plan is broken (0 if none is).

    max over lines of (used − limit) / max(1, |limit|), in people and hours, and in thousands of pounds.
    """
    count = _Count(sets, people, values)
    checks = (
        [-float(people.min(initial=0.0))],
        [-value for name, value in values.items() if name.startswith(("paid__", "spend__", "participants__"))],
        count.people_in_packages(),
        count.money(),
        count.reach(),
        count.whole_places(),
        count.capacities_and_staff(),
        count.growth(),
        count.minima(),
    )
    breaches = np.array([0.0, *(one for check in checks for one in check)])
    return float(breaches.max()) if np.isfinite(breaches).all() else float("inf")


def _over(used: float, limit: float) -> float:
    return (used - limit) / max(1.0, abs(limit))


def _over_pounds(used: float, limit: float) -> float:
    return (used - limit) / max(LEAST_POUNDS, abs(limit))


class _Count:
    """Counts participants, people in force and spend from the people offered."""

    def __init__(self, sets: Sets, people: Floats, values: Mapping[str, float]) -> None:
        self.sets, self.county, self.people, self.values = sets, sets.county, people, values
        self.record = sets.county.plan.record
        self.started: dict[tuple[str, str, int, int], float] = defaultdict(float)
        self.in_force: dict[tuple[str, int, int], float] = defaultdict(float)
        self.spend: dict[tuple[str, str, int], float] = defaultdict(float)
        self.occupied: dict[tuple[int, int, int], float] = defaultdict(float)
        alive = survival(self.county, self.county.groups.years)
        for j in np.flatnonzero(people):
            self._count(int(j), alive)

    def _count(self, j: int, alive: Floats) -> None:
        offers, county = self.sets.offers, self.county
        block, entry, start, package = (int(a[j]) for a in (offers.block, offers.entry, offers.start, offers.package))
        group, age = int(offers.block_group[block]), int(offers.block_age[block])
        for year in range(start, min(start + int(county.occupied[package]), len(county.years))):
            self.occupied[block, entry, year] += self.people[j]
        for n, place in enumerate(self.sets.places):
            offered = self.people[j] * offers.place_share[block, n, entry]
            for bit in np.flatnonzero(county.family.members[package]) if offered else ():
                name = county.family.ids[bit]
                for year in range(start, min(start + int(county.in_force[bit]), county.groups.years)):
                    due = min(year, len(county.years) - 1)
                    living = offered * alive[group, year - entry]
                    joining = living * county.uptake[bit]
                    cost = county.cost[bit] if year == start else county.follow_on_cost[bit]
                    self.spend[name, place, due] += joining * cost
                    if year == due:
                        self.in_force[name, block, year] += living
                    if year == start:
                        self.started[name, place, age, year] += joining

    def _participants(self, service: str, year: int, place: str | None = None) -> float:
        return sum(n for (i, g, _, y), n in self.started.items() if i == service and y == year and place in (None, g))

    def people_in_packages(self) -> list[float]:
        limits = self.sets.offers.block_people
        return [_over(used, float(limits[b, e])) for (b, e, _), used in self.occupied.items()]

    def money(self) -> list[float]:
        """Spend is paid in full, from contributions, within fences and agreed shares."""
        sets, county, found = self.sets, self.county, []
        paid = {
            (m, i, y): self.values.get(f"paid__{m}__{i}__{y}", 0.0) * MONEY_UNIT
            for m, i, y in product(sets.partners, sets.services, sets.years)
        }
        spend: dict[tuple[str, int], float] = defaultdict(float)
        for (i, _, y), pounds in self.spend.items():
            spend[i, y] += pounds
        for i, y in product(sets.services, sets.years):
            found.append(abs(_over_pounds(sum(paid[m, i, y] for m in sets.partners), spend[i, y])))
            for m, share in self.record.split.get(i, {}).items():
                found.append(abs(_over_pounds(paid[m, i, y], share * spend[i, y])))
        for m in sets.partners:
            kept = 0.0
            for y in sets.years:
                has = county.plan.contribution(m, county.years[y]) + kept
                used = sum(paid[m, i, y] for i in sets.services)
                found.append(_over_pounds(used, has))
                kept = has - used if m in self.record.carry_over else 0.0
                found += [_over_pounds(paid[m, i, y], 0.0) for i in sets.services if not county.plan.may_pay(m, i)]
        return found

    def reach(self) -> list[float]:
        """People offered a service, block by block, against those who do not have it today."""
        if self.record.money_is != "additional":
            return []
        offers, found = self.sets.offers, []
        for (i, b, y), used in self.in_force.items():
            if i in self.county.reached_today:
                part = self.county.left_to_reach(i, int(offers.block_age[b]))
                found.append(_over(used, float(part * self.sets.block_stock[b, y])))
        return found

    def whole_places(self) -> list[float]:
        """A place-level service covers the same share of every group it is meant for, in a place and year."""
        county, offers, found = self.county, self.sets.offers, []
        for bit, one in enumerate(county.family.interventions):
            if one.level != "place":
                continue
            has = county.family.members[offers.package, bit]
            for year, place in product(self.sets.years, range(len(self.sets.places))):
                mine = has & (offers.start == year) & (offers.place_share[offers.block, place, offers.entry] > 0)
                used = np.zeros(offers.block_people.shape)
                np.add.at(used, (offers.block[mine], offers.entry[mine]), self.people[mine])
                meant = county.family.eligible[bit, offers.block_group][:, None] & (offers.block_people > 0)
                meant = (
                    meant & (offers.place_share[:, place, :] > 0) & (np.arange(len(self.sets.years)) <= year)[None, :]
                )
                cover = used[meant] / offers.block_people[meant]
                if len(cover):
                    found.append(float((cover.max() - cover.min()) * 1.0))
        return found

    def capacities_and_staff(self) -> list[float]:
        county, found = self.county, []
        for i, capacity in self.record.limits.items():
            if i not in self.sets.services:
                continue
            eligible = county.eligible_people(county.family.interventions[county.family.ids.index(i)]).sum(axis=1)
            for (n, g), y in product(enumerate(self.sets.places), self.sets.years):
                share = eligible[n] / eligible.sum() if eligible.sum() else 0.0
                found.append(_over(self._participants(i, y, g), float(capacity * share)))
        for role, hours in self.record.staff.items():
            needs = {i.id: i.staff_hours[role].value for i in county.family.interventions if role in i.staff_hours}
            for y in self.sets.years:
                found.append(_over(sum(self._participants(i, y) * need for i, need in needs.items()), hours))
        return found

    def growth(self) -> list[float]:
        found = []
        for i, limit in self.record.ramp_up.items():
            for y in self.sets.years:
                most = limit.first_year if y == 0 else (1 + limit.growth) * self._participants(i, y - 1)
                found.append(_over(self._participants(i, y), most))
        return found

    def minima(self) -> list[float]:
        found = []
        heads = self.county.strata.people.reshape(len(self.sets.places), -1).sum(axis=1)
        for i, share in self.record.keep_services.items():
            found += [-_over(self._participants(i, y), share * self.record.today[i]) for y in self.sets.years]
        floor = self.record.fairness.each_place_at_least or 0.0
        for (n, g), y in product(enumerate(self.sets.places), self.sets.years):
            all_spend = sum(pounds for (_, _, year), pounds in self.spend.items() if year == y)
            here = sum(pounds for (_, place, year), pounds in self.spend.items() if year == y and place == g)
            part = float(heads[n] / heads.sum()) if heads.sum() else 0.0
            found.append(-_over_pounds(here, floor * part * all_spend))
        for wanted in self.record.fairness.minimum:
            for y in self.sets.years:
                places = places_of(wanted, self.sets)
                if wanted.spend is not None:
                    here = sum(
                        pounds for (_, place, year), pounds in self.spend.items() if year == y and place in places
                    )
                    found.append(-_over_pounds(here, wanted.spend))
                else:
                    found.append(-_over(self._averted(places, y), float(wanted.admissions_averted or 0)))
        return found

    def _averted(self, places: tuple[str, ...], year: int) -> float:
        """Admissions averted in some places in one year."""
        offers, county, total = self.sets.offers, self.county, 0.0
        shape = (len(self.sets.places), len(county.groups))
        for j in np.flatnonzero(self.people):
            entry, start = int(offers.entry[j]), int(offers.start[j])
            block, package = int(offers.block[j]), np.array([offers.package[j]])
            if start > year:
                continue
            for event in county.pathway.admissions:
                each = events_averted(county, event, package, entry=entry, start=start, year=year)[0].reshape(shape)
                for n, place in enumerate(self.sets.places):
                    if place in places:
                        total += float(
                            self.people[j] * offers.place_share[block, n, entry] * each[n, offers.block_group[block]]
                        )
        return total
