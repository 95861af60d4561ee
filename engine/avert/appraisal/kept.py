"""Which lines of its plan an allocation keeps, and by how much it breaks the others: a row for each entry of the plan.

Money is kept if some way of paying keeps contributions, fences and agreed shares (`programme.payments`).
Everything else is counted from the people offered and held against the plan's own words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from avert.appraisal.opening import SOMEBODY, openings_of
from avert.appraisal.tally import Tally, in_force, tally
from avert.packages import County, survival
from avert.pathway.groups import Floats
from avert.programme import Payments, payments_for, places_of
from avert.programme.goals import goals_of
from avert.programme.variables import access_parts_of, least_access_of

ROUNDING = 1e-6
"""Share of a limit, or people, hours and thousandths of £1,000, by which a line may be off."""
ALREADY = "already_reached"
"""The entry of the library that says who has a service today."""
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Line:
    """One limit or minimum of the plan held against an allocation."""

    path: Path
    in_words: str
    unit: str
    limit: float
    comes_to: float
    least: bool = False
    """Whether the limit is a minimum."""

    @property
    def broken_by(self) -> float:
        """How far the wrong side of the limit it is, in the unit; 0 if it is kept."""
        over = self.limit - self.comes_to if self.least else self.comes_to - self.limit
        return over if over > ROUNDING * max(1000.0 if self.unit == "£" else 1.0, abs(self.limit)) else 0.0


@dataclass(frozen=True)
class Kept:
    """Every line, and who could pay."""

    lines: tuple[Line, ...]
    payments: Payments
    spend: Floats
    """(services, places, years): pounds, start-up costs included."""

    @property
    def broken(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.broken_by)

    def by_entry(self, county: County) -> pd.DataFrame:
        """One row for each entry of the plan, with its worst line: broken ones first, then as the plan has them."""
        rows = []
        for path in dict.fromkeys(line.path for line in self.lines):
            mine = [line for line in self.lines if line.path == path]
            worst = max(mine, key=lambda line: line.broken_by / max(1.0, abs(line.limit)))
            where, broken = county.plan.line(*path), sum(line.broken_by > 0 for line in mine)
            name = ".".join(map(str, path))
            if path[0] == ALREADY:
                where = ":".join(map(str, county.plan.library.line(str(path[1]), ALREADY)))
            told = (worst.in_words, worst.unit, worst.limit, worst.comes_to, worst.broken_by)
            rows.append((name, where, "broken" if broken else "kept", *told, broken))
        names = ("entry", "where", "state", "in_words", "unit", "limit", "comes_to", "broken_by", "lines_broken")
        return pd.DataFrame(rows, columns=list(names)).sort_values("state", kind="stable").reset_index(drop=True)


def kept_by(county: County, offers: pd.DataFrame) -> Kept:
    """Every line of the plan, held against rows (stratum, entry, start, package, cover, people)."""
    reach = in_force(county, offers)
    found = kept_by_amounts(county, tally(county, offers), reach)
    return Kept((*found.lines, *_same_everywhere(county, offers)), found.payments, found.spend)


def kept_by_amounts(county: County, amounts: Tally, reach: dict[int, Floats]) -> Kept:
    """The same from amounts of one label and people in force; whether offers are the same everywhere is left aside."""
    spend = amounts.spend[0].copy()
    ids, places = county.family.ids, county.strata.places
    for (service, place, year), pounds in openings_of(county, amounts.started[0]).paid().items():
        spend[ids.index(service), places.index(place), year] += pounds
    due = {(ids[i], y): float(spend[i, :, y].sum()) for i, y in product(range(len(ids)), range(spend.shape[2]))}
    payments = payments_for(county.plan, due, spend.shape[2])
    counting = _Counting(county, amounts, spend, payments)
    checks = (
        counting.money,
        counting.capacity,
        counting.staff,
        counting.keep,
        counting.growth,
        counting.one_by_another,
        counting.lumps,
        counting.access,
    )
    lines = [line for check in (*checks, counting.places, counting.goals) for line in check()]
    return Kept((*lines, *_reach(county, reach)), payments, spend)


@dataclass(frozen=True)
class _Counting:
    """The lines that hang on participants, spend and goals."""

    county: County
    amounts: Tally
    spend: Floats
    payments: Payments

    @property
    def started(self) -> Floats:
        started: Floats = self.amounts.started[0]
        return started

    def money(self) -> Iterator[Line]:
        for y, year in enumerate(self.county.years):
            spent, unpaid = float(self.spend[:, :, y].sum()), self.payments.left_unpaid(y)
            words = f"what contributions, fences and agreed shares can pay of it in {year}"
            yield Line(("money",), words, "£", spent - unpaid, spent)
            most = self.county.plan.spend_at_most(year)
            if most is not None:
                yield Line(("spend_at_most",), f"spend in {year}", "£", most, spent)

    def capacity(self) -> Iterator[Line]:
        county = self.county
        for i, bit in self._bought(county.plan.record.limits):
            eligible = county.eligible_people(county.family.interventions[bit]).sum(axis=1)
            share = eligible / eligible.sum() if eligible.sum() else eligible
            for (g, place), (y, year) in product(enumerate(county.strata.places), enumerate(county.years)):
                most = float(county.plan.record.limits[i] * share[g])
                words = f"places of {self._label(bit)} in {self._place(place)}, {year}"
                yield Line(("limits", i), words, "participants", most, float(self.started[bit, g, y]))

    def staff(self) -> Iterator[Line]:
        services = self.county.family.interventions
        for role, hours in self.county.plan.record.staff.items():
            need = np.array([one.staff_hours[role].value if role in one.staff_hours else 0.0 for one in services])
            for y, year in enumerate(self.county.years):
                used = float(need @ self.started[:, :, y].sum(axis=1))
                yield Line(("staff", role), f"hours of {role.replace('_', ' ')} in {year}", "hours", hours, used)

    def keep(self) -> Iterator[Line]:
        record = self.county.plan.record
        for (i, share), (y, year) in product(record.keep_services.items(), enumerate(self.county.years)):
            known = i in self.county.family.ids
            started = float(self.started[self.county.family.ids.index(i), :, y].sum()) if known else 0.0
            words, path = f"participants of {i.replace('_', ' ')} kept in {year}", ("keep_services", i)
            yield Line(path, words, "participants", share * record.today[i], started, least=True)

    def growth(self) -> Iterator[Line]:
        for i, bit in self._bought(self.county.plan.record.ramp_up):
            limit, before = self.county.plan.record.ramp_up[i], 0.0
            for y, year in enumerate(self.county.years):
                started = float(self.started[bit, :, y].sum())
                most = limit.first_year if y == 0 else (1 + limit.growth) * before
                yield Line(("ramp_up", i), f"growth of {self._label(bit)} to {year}", "participants", most, started)
                before = started

    def one_by_another(self) -> Iterator[Line]:
        ids, record = self.county.family.ids, self.county.plan.record
        for i, bit in self._bought(record.at_most_per):
            for (other, most), (y, year) in product(record.at_most_per[i].items(), enumerate(self.county.years)):
                others = float(self.started[ids.index(other), :, y].sum()) if other in ids else 0.0
                words = f"{self._label(bit)} for each of {other.replace('_', ' ')} in {year}"
                started = float(self.started[bit, :, y].sum())
                yield Line(("at_most_per", i, other), words, "participants", most * others, started)

    def lumps(self) -> Iterator[Line]:
        county, record = self.county, self.county.plan.record
        for i, bit in self._bought(record.lumpy):
            lump, eligible = record.lumpy[i], county.eligible_people(county.family.interventions[bit]).sum(axis=1)
            share = eligible / eligible.sum() if eligible.sum() else eligible
            whole = lump.opens == "everywhere"
            for y, year in enumerate(county.years):
                started = self.started[bit, :, y]
                full = record.limits[i] * share if lump.all_or_nothing else None
                if whole:
                    started, full = started.sum(keepdims=True), None if full is None else full.sum(keepdims=True)
                least = np.full(len(started), lump.smallest) if full is None else full
                for g in np.flatnonzero(started > SOMEBODY).tolist():
                    where = "everywhere together" if whole else f"in {self._place(county.strata.places[g])}"
                    words = f"smallest size of {self._label(bit)} {where}, {year}"
                    yield Line(("lumpy", i), words, "participants", float(least[g]), float(started[g]), least=True)

    def access(self) -> Iterator[Line]:
        path: Path = ("fairness", "equal_access")
        for i, share in least_access_of(self.county).items():
            bit, all_places = self.county.family.ids.index(i), self.county.strata.places
            for (name, inside, part), (y, year) in product(
                access_parts_of(self.county, i), enumerate(self.county.years)
            ):
                started, here = self.started[bit, :, y], np.isin(all_places, inside)
                words = f"equal access to {self._label(bit)} in {name.replace('_', ' ')}, {year}"
                least = share * part * float(started.sum())
                yield Line(path, words, "participants", least, float(started[here].sum()), least=True)

    def places(self) -> Iterator[Line]:
        county, fair = self.county, self.county.plan.record.fairness
        heads = county.strata.people.reshape(len(county.strata.places), -1).sum(axis=1)
        by_place = self.spend.sum(axis=0)
        share = fair.each_place_at_least if heads.sum() else None
        for (g, place), (y, year) in product(enumerate(county.strata.places), enumerate(county.years)):
            if share:
                least = float(share * heads[g] / heads.sum() * by_place[:, y].sum())
                words, floor = f"spend in {self._place(place)}, {year}", ("fairness", "each_place_at_least")
                yield Line(floor, words, "£", least, float(by_place[g, y]), least=True)
        for (n, wanted), (y, year) in product(enumerate(fair.minimum), enumerate(county.years)):
            if wanted.spend is not None:
                inside = np.isin(county.strata.places, places_of(wanted, county))
                path, words = ("fairness", "minimum", n), f"spend in the places of minimum {n + 1}, {year}"
                yield Line(path, words, "£", wanted.spend, float(by_place[inside, y].sum()), least=True)

    def goals(self) -> Iterator[Line]:
        for goal, reached in zip(goals_of(self.county), self.amounts.goals[0].tolist(), strict=True):
            kind, name, *_ = goal.name.split("__")
            unit = "admissions averted" if kind == "minimum" else f"{name.replace('_', ' ')} averted"
            path: Path = ("fairness", "minimum", int(name)) if kind == "minimum" else ("target", name)
            when = "" if goal.year is None else f", {self.county.years[goal.year]}"
            where = f" in the places of minimum {int(name) + 1}" if kind == "minimum" else " over all years"
            yield Line(path, f"{unit}{where}{when}", unit, goal.amount, reached, least=True)

    def _bought(self, entries: dict) -> Iterator[tuple[str, int]]:  # type: ignore[type-arg]
        """(id, number) of the services of a section that the plan may buy."""
        ids = self.county.family.ids
        return ((i, ids.index(i)) for i in entries if i in ids)

    def _label(self, bit: int) -> str:
        return self.county.family.interventions[bit].label

    def _place(self, name: str) -> str:
        return next(place.label for place in self.county.plan.area.places if place.id == name)


def _reach(county: County, in_force: dict[int, Floats]) -> Iterator[Line]:
    """People with a service in force in a stratum, against those alive who do not have it today."""
    years = len(county.years)
    alive, stock = survival(county, years), np.zeros((len(county.strata), years))
    for y in range(years):
        stock[:, y] = (county.joined[:, : y + 1] * alive[:, y - np.arange(y + 1)]).sum(axis=1)
    for bit, used in in_force.items():
        i = county.family.ids[bit]
        left = np.array([county.left_to_reach(i, age) for age in range(len(county.groups.ages))])
        most = left[county.strata.age][:, None] * stock
        if not used.any():
            continue
        s, y = (int(n) for n in np.unravel_index(int(np.where(used > 0, used - most, -np.inf).argmax()), used.shape))
        path: Path = ("today", i) if i in county.plan.record.today else (ALREADY, i)
        group = county.groups.factors_of(int(county.strata.group[s])) or "no factor"
        where = f"{county.groups.ages[county.strata.age[s]]} in {county.strata.places[county.strata.place[s]]}"
        label = county.family.interventions[bit].label
        words = f"people of '{group}' at {where} who do not have {label} yet, {county.years[y]}"
        yield Line(path, words, "people", float(most[s, y]), float(used[s, y]))


def _same_everywhere(county: County, offers: pd.DataFrame) -> Iterator[Line]:
    """People who are offered what their like elsewhere are not.

    Σ |offered − share of the cohort · offered everywhere| / 2
    """
    if county.plan.record.fairness.offers != "same_everywhere" or len(county.strata.places) < 2:
        return
    stratum, entry = (offers[name].to_numpy(dtype=int) for name in ("stratum", "entry"))
    keys = np.stack([county.strata.group[stratum], *(offers[n].to_numpy(dtype=int) for n in OFFER_KEYS)])
    _, which = np.unique(keys, axis=1, return_inverse=True)
    which = which.reshape(-1)
    count, places = int(which.max(initial=-1)) + 1, len(county.strata.places)
    offered, joined = np.zeros((count, places)), np.zeros((count, places))
    np.add.at(offered, (which, county.strata.place[stratum]), offers["people"].to_numpy(dtype=float))
    cohorts = county.joined.reshape(places, len(county.groups), -1)
    joined[which] = cohorts[:, county.strata.group[stratum], entry].T
    alike = offered.sum(axis=1, keepdims=True) * joined / joined.sum(axis=1, keepdims=True)
    other = float(np.abs(offered - alike).sum() / 2)
    yield Line(("fairness", "offers"), "people offered what their like elsewhere are not", "people", 0.0, other)


OFFER_KEYS = ("entry", "start", "package", "cover")
