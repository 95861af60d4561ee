"""Check an allocation against every line of the plan, without asking the solver.

Works from the people offered and the plan alone: participants, spend and hours are counted again,
so a slip in the programme's own rows would show here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache, cached_property
from itertools import product

import numpy as np

from avert.packages import outcome_weights, survival
from avert.packages.rows import Rows, averted_by_row
from avert.pathway.groups import Floats
from avert.programme.goals import places_of
from avert.programme.offers import Offers
from avert.programme.prices import MONEY_UNIT
from avert.programme.variables import Sets

LEAST_POUNDS = 1000.0
"""Limits below this count as this much: the programme reckons in £100,000, and a hundredth of a penny is rounding."""


def largest_violation(
    sets: Sets, offers: Offers, people: Floats, covered: Floats, values: Mapping[str, float]
) -> float:
    """The largest relative amount by which any line of the plan is broken (0 if none is).

    max over lines of (used − limit) / max(1, |limit|), in people and hours, and in thousands of pounds.
    """
    count = _Count(sets, offers, people, covered, values)
    checks = (
        [-float(people.min(initial=0.0))],
        [-value for name, value in values.items() if name.startswith(("paid__", "spend__", "participants__"))],
        count.people_in_packages(),
        count.money(),
        count.reach(),
        count.capacities_and_staff(),
        count.growth(),
        count.access(),
        count.lumps(),
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

    def __init__(
        self, sets: Sets, offers: Offers, people: Floats, covered: Floats, values: Mapping[str, float]
    ) -> None:
        self.sets, self.county, self.offers, self.people, self.values = sets, sets.county, offers, people, values
        self.covered = covered
        self.record = sets.county.plan.record
        self.started: dict[tuple[str, str, int], float] = defaultdict(float)
        self.in_force: dict[tuple[str, int, int], float] = defaultdict(float)
        self.spend: dict[tuple[str, str, int], float] = defaultdict(float)
        self.occupied: dict[tuple[int, int, int, int], float] = defaultdict(float)
        self.alive = survival(self.county, self.county.groups.years)
        for j in np.flatnonzero(people).tolist():
            self._count(j)
        for column in np.flatnonzero(covered).tolist():
            self._cover(column)
        self._set_up()

    def _set_up(self) -> None:
        """Start-up costs of lumpy services, paid in the year in which they open."""
        for service, where, year in self.sets.switches:
            before = self._is_open(service, where, year - 1) if year else 0
            if self._is_open(service, where, year) and not before:
                for place, share in self.sets.heads(self.sets.places_under((service, where, year))).items():
                    self.spend[service, place, year] += self.record.lumpy[service].start_up * share

    def _is_open(self, service: str, where: str, year: int) -> bool:
        return self.values.get(f"is_open__{service}__{where}__{year}", 0.0) > 0.5

    def lumps(self) -> list[float]:
        """Nobody starts a lumpy service that is closed; where it is open, it has its least size or all its places."""
        found = []
        for service, where, year in self.sets.switches:
            lump, places = self.record.lumpy[service], self.sets.places_under((service, where, year))
            started = sum(self._participants(service, year, place) for place in places)
            if not self._is_open(service, where, year):
                found.append(_over(started, 0.0))
            elif lump.all_or_nothing:
                capacity = self.sets.capacity(service)
                found.append(-_over(started, sum(capacity[place] for place in places)))
            else:
                found.append(-_over(started, lump.smallest))
        return found

    def _count(self, j: int) -> None:
        offers, county = self.offers, self.county
        block, entry, start, package = (int(a[j]) for a in (offers.block, offers.entry, offers.start, offers.package))
        for year in range(start, min(start + int(county.occupied[package]), len(county.years))):
            self.occupied[block, entry, year, int(offers.cover[j])] += self.people[j]
        for bit in np.flatnonzero(county.family.members[package]).tolist():
            self._serve(bit, block, entry, start, float(self.people[j]))

    def _cover(self, column: int) -> None:
        region, cover = self.sets.covering.columns[column]
        groups = len(self.county.groups)
        for bit, start in self.sets.menu.covers[cover]:
            for entry, group in product(range(start + 1), np.flatnonzero(self.county.family.eligible[bit]).tolist()):
                block = region * groups + group
                people = float(self.covered[column] * self.sets.menu.block_people[block, entry])
                self._serve(bit, block, entry, start, people)

    def _serve(self, bit: int, block: int, entry: int, start: int, people: float) -> None:
        """Count a service offered to people of a block's cohort from a year."""
        county, name = self.county, self.county.family.ids[bit]
        region, group = divmod(block, len(county.groups))
        share = self.sets.menu.place_share[region, :, group, entry].tolist()
        for year in range(start, min(start + int(county.in_force[bit]), county.groups.years)):
            due, living = min(year, len(county.years) - 1), people * float(self.alive[group, year - entry])
            if year == due:
                self.in_force[name, block, year] += living
            cost = county.cost[bit] if year == start else county.follow_on_cost[bit]
            for part, place in zip(share, self.sets.places, strict=True):
                if part:
                    joining = part * living * county.uptake[bit]
                    self.spend[name, place, due] += joining * cost
                    if year == start:
                        self.started[name, place, year] += joining

    def _participants(self, service: str, year: int, place: str | None = None) -> float:
        return sum(n for (i, g, y), n in self.started.items() if i == service and y == year and place in (None, g))

    def people_in_packages(self) -> list[float]:
        """People offered something at a time, against those there are under each cover; covers against whole places."""
        regions, columns = self.sets.menu.regions, self.sets.covering.columns
        share = np.zeros((regions, len(self.sets.menu.covers)))
        for column, (region, cover) in enumerate(columns):
            share[region, cover] = self.covered[column]
        found = [float(total) - 1 for total in share.sum(axis=1)]
        share[:, 0] = 1 - share.sum(axis=1)
        for (block, entry, _, cover), used in self.occupied.items():
            there = self.sets.menu.block_people[block, entry] * share[block // len(self.county.groups), cover]
            found.append(_over(used, float(there)))
        return found

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
        for y in sets.years:
            most = county.plan.spend_at_most(county.years[y])
            if most is not None:
                found.append(_over_pounds(sum(spend[i, y] for i in sets.services), most))
        return found

    def reach(self) -> list[float]:
        """People offered a service, block by block, against those who do not have it today."""
        if self.record.money_is != "additional":
            return []
        found = []
        for (i, b, y), used in self.in_force.items():
            if i in self.county.reached_today:
                part = self.county.left_to_reach(i, self.sets.age_of(b))
                found.append(_over(used, float(part * self.sets.block_stock[b, y])))
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
        for i, per in self.record.at_most_per.items():
            for (j, ratio), y in product(per.items(), self.sets.years):
                found.append(_over(self._participants(i, y), ratio * self._participants(j, y)))
        return found

    def access(self) -> list[float]:
        """Participants in every place, against a share of what its eligible people would give it of all."""
        found = []
        for i, share in self.sets.least_access.items():
            for (_, inside, part), y in product(self.sets.access_parts(i), self.sets.years):
                here = sum(self.started[i, g, y] for g in inside)
                found.append(-_over(here, share * part * self._participants(i, y)))
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
                places = places_of(wanted, self.county)
                if wanted.spend is not None:
                    here = sum(
                        pounds for (_, place, year), pounds in self.spend.items() if year == y and place in places
                    )
                    found.append(-_over_pounds(here, wanted.spend))
                else:
                    found.append(-_over(self._averted(places, y), float(wanted.admissions_averted or 0)))
        for outcome, amount in self.record.target.items():
            found.append(-_over(self._averted(self.sets.places, None, outcome), amount))
        return found

    def _averted(self, places: tuple[str, ...], year: int | None, outcome: str = "admissions") -> float:
        """What an outcome comes to in some places in one year, or in all of them."""
        rows, people = self._rows
        inside = np.isin(self.sets.places, places)[self.county.strata.place[rows.stratum]]
        total = 0.0
        for event, weight in outcome_weights(self.county, outcome).items():
            if weight:
                each = self._averted_by_row(event)
                total += weight * float((people * inside) @ (each.sum(axis=1) if year is None else each[:, year]))
        return total

    @cache  # noqa: B019 - lives as long as one check
    def _averted_by_row(self, event: str) -> Floats:
        return averted_by_row(self.county, event, self._rows[0])

    @cached_property
    def _rows(self) -> tuple[Rows, Floats]:
        """People offered packages and people under covers, stratum by stratum."""
        groups, offers = len(self.county.groups), self.offers
        found: list[tuple[int, int, int, int, int, float]] = []
        for j in np.flatnonzero(self.people).tolist():
            entry, start, group = int(offers.entry[j]), int(offers.start[j]), int(offers.group[j])
            for place in np.flatnonzero(offers.place_share[j]).tolist():
                share = float(offers.place_share[j, place] * self.people[j])
                row = (place * groups + group, entry, start, int(offers.package[j]), int(offers.cover[j]))
                found.append((*row, share))
        found += self.sets.covering.people_under(self.covered)
        table = np.array(found, dtype=float).reshape(-1, 6)
        return Rows(*table[:, :5].astype(np.int64).T), table[:, 5]
