"""The entries of a plan that a repair may change, and how each enters the lines of the programme.

money           right side of within_contribution  + change / MONEY_UNIT, in every year the entry speaks of
spend_at_most   right side of within_spend         + change / MONEY_UNIT, likewise
limits          right side of within_capacity      + change · share of the place
staff           right side of within_workforce     + change
ramp_up         right side of its first year       + change;  growth: amount of last year's participants − change
at_most_per     amount of the other's participants − change
each place      amount of all spend                + change · share of heads
equal access    amount of all who start            + change · part of the eligible people
keep, minimum, target: right side                  − change · today,  − change / MONEY_UNIT or − change,  − change
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np

from avert.plan.fairness import EVERY_SERVICE
from avert.plan.records import ALL
from avert.programme.master import NOTHING
from avert.programme.prices import MONEY_UNIT
from avert.programme.repairs.changes import Lines, lines_of
from avert.programme.repairs.shortfall import Shortfall
from avert.programme.uses import Ints

MOST_GROWTH = 10.0
"""The most a plan may let a service grow in a year, as a share."""
MOST_FOR_EACH = 1000.0
"""The most participants of one service tried for each participant of another."""
AMPLE = 10.0
"""Times what everyone could use: money nobody could spend."""


@dataclass(frozen=True)
class Slide:
    """An entry that states an amount, which may be raised (`sign` 1) or lowered (−1) by up to `most`."""

    path: tuple[str | int, ...]
    subject: str
    """The entry in words: "limits 'classes'"."""
    unit: str
    old: float
    sign: int
    most: float
    lines: Lines


@dataclass(frozen=True)
class Release:
    """An entry that lets go of some lines where it reads `new` (None: where it is taken away)."""

    path: tuple[str | int, ...]
    subject: str
    """The change in words: "let 'council' pay for 'classes'"."""
    old: tuple[str, ...] | None
    new: tuple[str, ...] | None
    rows: Ints
    paid: Ints = field(default_factory=lambda: NOTHING)
    """(rows, partners): of a single fence, what every partner pays for the service in the year of each row."""


class Entries:
    """Lists the entries of a plan whose change the programme of phase 1 can try."""

    def __init__(self, shortfall: Shortfall) -> None:
        self.sets, self.county = shortfall.sets, shortfall.sets.county
        self.plan, self.record = self.county.plan, self.county.plan.record
        first = len(shortfall.master.arrays.limit)
        self.row = {name: row for name, row in shortfall.master.line.items() if row < first}
        self.column = shortfall.column

    def slides(self) -> Iterator[Slide]:
        """Entries that state an amount."""
        yield from self._money()
        yield from self._spend_at_most()
        yield from self._limits()
        yield from self._staff()
        yield from self._growth()
        yield from self._one_by_another()
        yield from self._each_place()
        yield from self._access()
        yield from self._minima()

    def _years(self, name: str, slope: float) -> dict[int, float]:
        """One change of all the years of a line."""
        rows = {self.row.get(f"{name}__{year}"): slope for year in self.sets.years}
        return {row: slope for row, slope in rows.items() if row is not None}

    @cached_property
    def _most_money(self) -> float:
        """Pounds with which everybody could take part in everything in every year, and more."""
        cost, later = self.county.cost.sum(), self.county.follow_on_cost.sum() * self.county.groups.years
        return AMPLE * sum(self.sets.most_people.values()) * float(cost + later)

    def _money(self) -> Iterator[Slide]:
        for partner, stated in self.record.money.items():
            for name, pounds in stated.items():
                mine = [y for y in self.sets.years if name == self._year_stated(partner, y)]
                limit = {self.row[f"within_contribution__{partner}__{y}"]: 1 / MONEY_UNIT for y in mine}
                spent = [n for one, n in self.column.items() if one.split("__")[0] in ("spend", "paid", "carried")]
                room = dict.fromkeys(spent, len(mine) / MONEY_UNIT)
                path = self.plan.document.written(("money", partner, name))
                when = "every year" if name == "every year" else name
                subject, lines = f"money '{partner}' in {when}", lines_of(limit, room)
                yield Slide(path, subject, "£", pounds, 1, self._most_money, lines)

    def _year_stated(self, partner: str, year: int) -> str:
        name = self.county.years[year]
        return name if name in self.record.money[partner] else "every year"

    def _spend_at_most(self) -> Iterator[Slide]:
        stated = self.record.spend_at_most
        for name, pounds in stated.items():
            mine = [y for y in self.sets.years if name in (self.county.years[y], "every year")]
            mine = [y for y in mine if name != "every year" or self.county.years[y] not in stated]
            limit = {self.row[f"within_spend__{y}"]: 1 / MONEY_UNIT for y in mine}
            path = self.plan.document.written(("spend_at_most", name))
            subject = f"spend_at_most in {name}"
            yield Slide(path, subject, "£", pounds, 1, self.sets.money * MONEY_UNIT, lines_of(limit))

    def _limits(self) -> Iterator[Slide]:
        for service, places in self.record.limits.items():
            if service not in self.sets.services:
                continue
            one = self.county.family.interventions[self.sets.services.index(service)]
            eligible = self.county.eligible_people(one).sum(axis=1)
            share = eligible / eligible.sum() if eligible.sum() else eligible
            limit, most = {}, 0.0
            for (n, place), year in product(enumerate(self.sets.places), self.sets.years):
                limit[self.row[f"within_capacity__{service}__{place}__{year}"]] = float(share[n])
                if share[n] > 0:
                    most = max(most, self.sets.most_people[place, year] / float(share[n]))
            path = ("limits", service)
            yield Slide(path, f"limits '{service}'", "places a year", places, 1, most, lines_of(limit))

    def _staff(self) -> Iterator[Slide]:
        for role, hours in self.record.staff.items():
            need = [one.staff_hours[role].value for one in self.county.family.interventions if role in one.staff_hours]
            most = AMPLE * sum(need) * sum(self.sets.most_people.values())
            lines = lines_of(self._years(f"within_workforce__{role}", 1.0))
            yield Slide(("staff", role), f"staff '{role}'", "hours a year", hours, 1, most, lines)

    def _growth(self) -> Iterator[Slide]:
        for service, grows in self.record.ramp_up.items():
            if service not in self.sets.services:
                continue
            subject, path = f"ramp_up '{service}'", ("ramp_up", service)
            first = lines_of({self.row[f"ramp_up__{service}__0"]: 1.0})
            most = sum(people for (_, year), people in self.sets.most_people.items() if year == 0)
            unit = "participants"
            yield Slide((*path, "first_year"), f"{subject} first_year", unit, grows.first_year, 1, most, first)
            amount = {
                (
                    self.row[f"ramp_up__{service}__{year}"],
                    self.column[f"participants__{service}__{place}__{year - 1}"],
                ): -1
                for place, year in product(self.sets.places, self.sets.years[1:])
            }
            most = max(0.0, MOST_GROWTH - grows.growth)
            lines = lines_of(amount=amount)
            yield Slide((*path, "growth"), f"{subject} growth", "%", grows.growth, 1, most, lines)

    def _one_by_another(self) -> Iterator[Slide]:
        for service, per in self.record.at_most_per.items():
            for other, most in per.items():
                if not {service, other} <= set(self.sets.services):
                    continue
                amount = {
                    (
                        self.row[f"at_most_per__{service}__{other}__{year}"],
                        self.column[f"participants__{other}__{place}__{year}"],
                    ): -1
                    for place, year in product(self.sets.places, self.sets.years)
                }
                path, subject = ("at_most_per", service, other), f"at_most_per '{service}' for each '{other}'"
                lines = lines_of(amount=amount)
                yield Slide(path, subject, "participants", most, 1, max(0.0, MOST_FOR_EACH - most), lines)

    def _each_place(self) -> Iterator[Slide]:
        least, places = self.record.fairness.each_place_at_least, self.sets.places
        heads = self.county.strata.people.reshape(len(places), -1).sum(axis=1)
        if not least or not heads.sum():
            return
        part, amount = heads / heads.sum(), {}
        for (n, place), year in product(enumerate(places), self.sets.years):
            column = self.column[f"all_spend__{year}"]
            amount[self.row[f"place_floor__{place}__{year}"], column] = float(part[n])
        path = ("fairness", "each_place_at_least")
        yield Slide(path, "each_place_at_least", "%", least, -1, least, lines_of(amount=amount))

    def _access(self) -> Iterator[Slide]:
        for key, share in self.record.fairness.equal_access.items():
            stated = self.record.fairness.equal_access
            mine = [i for i in self.sets.least_access if key == (i if i in stated else EVERY_SERVICE)]
            amount = {
                (self.row[f"equal_access__{i}__{name}__{y}"], self.column[f"all_started__{i}__{y}"]): part
                for i in mine
                for (name, _, part), y in product(self.sets.access_parts(i), self.sets.years)
            }
            if amount:
                path = self.plan.document.written(("fairness", "equal_access", key))
                subject = "equal_access" if key == EVERY_SERVICE else f"equal_access of '{key}'"
                yield Slide(path, subject, "%", share, -1, share, lines_of(amount=amount))

    def _minima(self) -> Iterator[Slide]:
        for service, share in self.record.keep_services.items():
            lines = lines_of(self._years(f"keep_services__{service}", -self.record.today[service]))
            yield Slide(("keep_services", service), f"keep_services '{service}'", "%", share, -1, share, lines)
        for number, wanted in enumerate(self.record.fairness.minimum):
            path, name, subject = ("fairness", "minimum", number), f"minimum__{number}", "this minimum"
            if wanted.spend is not None:
                lines = lines_of(self._years(name, -1 / MONEY_UNIT))
                yield Slide((*path, "spend"), subject, "£", wanted.spend, -1, wanted.spend, lines)
            elif wanted.admissions_averted is not None:
                amount, lines = wanted.admissions_averted, lines_of(self._years(name, -1.0))
                unit = "admissions averted"
                yield Slide((*path, "admissions_averted"), subject, unit, amount, -1, amount, lines)
        for outcome, amount in self.record.target.items():
            lines = lines_of({self.row[f"target__{outcome}"]: -1.0})
            unit = f"{outcome.replace('_', ' ')} averted"
            yield Slide(("target", outcome), f"target '{outcome}'", unit, amount, -1, amount, lines)

    def fences(self) -> Iterator[tuple[list[Release], Release]]:
        """Partners who may not pay for all: each single service more, and all of them at once."""
        for partner, allowed in self.record.may_pay.items():
            shut = [
                service
                for service in self.sets.services
                if service not in self.record.split and not self.plan.may_pay(partner, service)
            ]
            if not shut:
                continue
            path, let = ("may_pay", partner), f"let '{partner}' pay for"
            each = [self._fence(partner, service) for service in shut]
            singles = [
                Release(path, f"{let} '{service}' too", allowed, (*allowed, service), rows, self._paid(service))
                for service, rows in zip(shut, each, strict=True)
            ]
            yield singles, Release(path, f"{let} all", allowed, (ALL,), np.concatenate(each))

    def _fence(self, partner: str, service: str) -> Ints:
        return np.array([self.row[f"ring_fence__{partner}__{service}__{year}"] for year in self.sets.years])

    def _paid(self, service: str) -> Ints:
        years, partners = self.sets.years, self.sets.partners
        return np.array([[self.column[f"paid__{m}__{service}__{year}"] for m in partners] for year in years])

    def splits(self) -> Iterator[Release]:
        """Services with agreed shares: partners pay for them as they may without that.

        A split with a partner who may not pay otherwise is left out: without it that partner could pay nothing.
        """
        for service, shares in self.record.split.items():
            if service not in self.sets.services or not all(self._may_pay(m, service) for m in shares if shares[m]):
                continue
            rows = [self.row[f"agreed_split__{m}__{service}__{y}"] for m, y in product(shares, self.sets.years)]
            for partner in self.sets.partners:
                if not shares.get(partner) and self._may_pay(partner, service):
                    rows += self._fence(partner, service).tolist()
            yield Release(("split", service), f"take away the split of '{service}'", None, None, np.array(rows))

    def _may_pay(self, partner: str, service: str) -> bool:
        """Whether a partner may pay for a service where no split says so."""
        allowed = self.record.may_pay.get(partner, (ALL,))
        return ALL in allowed or service in allowed
