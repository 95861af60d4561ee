"""A working group's proposal as an allocation: who is offered what, so that just the people proposed take part.

Year by year, the services proposed are placed one after another, the one that needs the largest share of
its people first.  Each is offered to the same share of everybody it may still go to:

    offered[s, e, P → P + i]  =  share · part[s] · free[s, e, P]

for every stratum s and cohort e, and every package P that people are offered that year already (nothing
included) with which i may stand together.  part[s] is 1, or less where people of the stratum have the
service already.  The share follows from what is proposed:

    Σ uptake · survival · offered  =  people proposed          (or cost that year  =  money proposed)

So two services that may stand together are offered independently of one another, and the same person is
offered both in proportion.  People offered something are free again when its longest part ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from avert.appraisal.opening import Openings
from avert.errors import FaultCollector, PlanError
from avert.packages import County, county_of, survival
from avert.pathway.groups import Floats
from avert.plan import PlanInFull
from avert.plan.proposed import EVERYWHERE, Proposed
from avert.units import financial_year

ENOUGH = 1 + 1e-9
"""A share up to this is everybody: the rest is rounding."""


@dataclass
class Asked:
    """What is proposed of one service in one place, or in all its places together."""

    service: str
    bit: int
    number: int
    """Which of the service's entries."""
    amount: float
    """People, or pounds, a year."""
    is_money: bool
    inside: np.ndarray
    """(strata,): whom it may be offered to."""
    years: tuple[int, ...]
    due_later: Floats
    """(years,): follow-on cost of those who started under it [£]."""
    lacking: dict[int, tuple[float, bool]] = field(default_factory=dict)
    """Year → the most there could be; or what falls due before anybody starts, and then True."""


def county_of_proposal(plan: PlanInFull, years: int | None) -> County:
    """The plan's county, with packages of the services it proposes and of no others."""
    combined = np.array([[one.id in plan.record.proposed] for one in plan.candidates], dtype=bool).reshape(-1, 1)
    return county_of(plan, years, combined)


def spread_evenly(county: County, section: str = "proposed") -> pd.DataFrame:
    """(stratum, entry, start, package, cover, people) of the plan's proposal, participants as it states them.

    Raises PlanError, with file and line of each entry of `section` that can't be met and the most that could be.
    """
    spreading = _Spreading(county)
    for year in range(len(county.years)):
        spreading.place(year)
    spreading.raise_faults(section)
    return spreading.table()


class _Spreading:
    """People still free, and what is offered so far."""

    def __init__(self, county: County) -> None:
        self.county, self.years = county, len(county.years)
        self.alive = survival(county, county.groups.years)
        self.busy = np.zeros((*county.joined.shape, self.years))
        self.in_force: dict[int, Floats] = {
            i: np.zeros((len(county.strata), self.years)) for i in np.flatnonzero(county.limited_by_reach).tolist()
        }
        self.row_of = {int(mask): row for row, mask in enumerate(county.family.masks)}
        self.allowed = county.family.offered_to()
        self.openings = Openings(county)
        self.asked = list(self._all_asked())
        self.rows: list[pd.DataFrame] = []

    def _all_asked(self) -> Iterator[Asked]:
        for service, entries in self.county.plan.record.proposed.items():
            bit = self.county.family.ids.index(service)
            for number, entry in enumerate(entries):
                when = [financial_year(one) for one in entry.years or self.county.plan.record.years]
                years = tuple(y for y, name in enumerate(self.county.years) if name in when)
                for place, amount in entry.by_place.items():
                    inside = self._inside(entry, place) & np.tile(
                        self.county.family.eligible[bit], len(self.county.strata.places)
                    )
                    is_money = entry.people is None
                    yield Asked(service, bit, number, amount, is_money, inside, years, np.zeros(self.years))

    def _inside(self, entry: Proposed, place: str) -> np.ndarray:
        """(strata,): the places, ages and groups an entry names."""
        strata, groups = self.county.strata, self.county.groups
        inside = np.ones(len(strata), dtype=bool)
        wanted = entry.places if place == EVERYWHERE else (place,)
        if wanted:
            inside &= np.isin(np.array(strata.places)[strata.place], wanted)
        if entry.ages:
            inside &= np.isin(np.array(groups.ages)[strata.age], entry.ages)
        for factor in entry.who:
            has = groups.has(factor) if factor in groups.factors else np.zeros(len(groups), dtype=bool)
            inside &= has[strata.group]
        return inside

    def place(self, year: int) -> None:
        """Offer what is proposed for a year to those who are free then."""
        free = self.county.joined[:, : year + 1] - self.busy[:, : year + 1, year]
        pieces = {0: np.maximum(free, 0.0)}
        here = [one for one in self.asked if year in one.years]
        needs = {id(one): self._share(one, year, pieces) for one in here}
        for one in sorted(here, key=lambda one: (-needs[id(one)], one.service, one.number)):
            self._offer(one, year, pieces)
        for row, people in pieces.items():
            if row:
                self._keep(row, year, people)

    def _may_get(self, one: Asked, year: int, pieces: dict[int, Floats]) -> tuple[dict[int, Floats], Floats]:
        """Package → (strata, cohorts) people alive it may be added to; (strata,) the part who lack the service."""
        living = self._living(year)
        found = {}
        for row, people in pieces.items():
            more = self.row_of.get(int(self.county.family.masks[row]) | 1 << one.bit)
            if more is None or more == row:
                continue
            may = one.inside & self.allowed[more][self.county.strata.group]
            if may.any():
                found[row] = people * living * may[:, None]
        there = sum((people.sum(axis=1) for people in found.values()), np.zeros(len(self.county.strata)))
        part = np.ones(len(there))
        if one.bit in self.in_force:
            room = np.maximum(self._without(one, year) - self.in_force[one.bit][:, year], 0.0)
            part = np.where(there > 0, np.minimum(1.0, room / np.where(there > 0, there, 1.0)), 0.0)
        return found, part

    def _without(self, one: Asked, year: int) -> Floats:
        """(strata,): people alive who do not have a service today."""
        county = self.county
        left = np.array([county.left_to_reach(one.service, age) for age in range(len(county.groups.ages))])
        stock = (county.joined[:, : year + 1] * self._living(year)).sum(axis=1)
        result: Floats = left[county.strata.age] * stock
        return result

    def _living(self, year: int) -> Floats:
        """(strata, cohorts): share of each cohort alive in a year."""
        return self.alive[:, year - np.arange(year + 1)]

    def _each(self, one: Asked, year: int) -> Floats:
        """(strata, cohorts): participants, or pounds due that year, for one person alive who is offered the service."""
        county, last = self.county, self.years - 1
        taking = np.full((len(county.strata), year + 1), county.uptake[one.bit])
        if not one.is_money:
            return taking
        due = np.full_like(taking, county.cost[one.bit])
        end = min(year + int(county.in_force[one.bit]), county.groups.years)
        for later in range(year + 1, end) if year == last else ():
            due += county.follow_on_cost[one.bit] * self.alive[:, [later - year]]
        return taking * due

    def _wanted(self, one: Asked, year: int, most: Floats) -> float:
        """People, or pounds left for those who start, in a year; `most` (strata,) says where anybody can."""
        if not one.is_money:
            return one.amount
        opening = self.openings.would_cost(one.bit, year, self._places(most))
        return one.amount - float(one.due_later[year]) - opening

    def _share(self, one: Asked, year: int, pieces: dict[int, Floats]) -> float:
        found, part = self._may_get(one, year, pieces)
        by_cohort = sum(found.values(), np.zeros((len(part), year + 1))) * part[:, None]
        most = float((by_cohort * self._each(one, year)).sum())
        wanted = self._wanted(one, year, by_cohort.sum(axis=1))
        return wanted / most if most > 0 else (np.inf if wanted > 0 else 0.0)

    def _offer(self, one: Asked, year: int, pieces: dict[int, Floats]) -> None:
        found, part = self._may_get(one, year, pieces)
        each, living = self._each(one, year), self._living(year)
        by_cohort = sum(found.values(), np.zeros((len(part), year + 1))) * part[:, None]
        most, wanted = float((by_cohort * each).sum()), self._wanted(one, year, by_cohort.sum(axis=1))
        share = wanted / most if most > 0 else 0.0
        if wanted < 0:
            one.lacking[year] = (one.amount - wanted, True)
        elif share > ENOUGH or (most <= 0 and wanted > 0):
            one.lacking[year] = (one.amount - wanted + most, False)
        share = min(1.0, max(0.0, share))
        if not share:
            return
        starting = np.zeros((len(part), year + 1))
        for row, people in found.items():
            more = self.row_of[int(self.county.family.masks[row]) | 1 << one.bit]
            moved = np.where(living > 0, share * part[:, None] * people / np.where(living > 0, living, 1.0), 0.0)
            pieces[row] = np.maximum(pieces[row] - moved, 0.0)
            pieces[more] = pieces.get(more, 0.0) + moved
            starting += moved
        self._note(one, year, starting)

    def _note(self, one: Asked, year: int, starting: Floats) -> None:
        """Who has the service in force in later years, what falls due for them, and where it is open."""
        county, last = self.county, self.years - 1
        entries = np.arange(year + 1)
        for later in range(year, min(year + int(county.in_force[one.bit]), county.groups.years)):
            living = (starting * self.alive[:, later - entries]).sum(axis=1)
            if later > year and year < last:
                due = float(living.sum()) * county.uptake[one.bit] * county.follow_on_cost[one.bit]
                one.due_later[min(later, last)] += due
            if one.bit in self.in_force and later <= last:
                self.in_force[one.bit][:, later] += living
        self.openings.note(one.bit, year, self._places(starting.sum(axis=1)))

    def _places(self, by_stratum: Floats) -> np.ndarray:
        """(places,): where there is anybody."""
        there: np.ndarray = by_stratum.reshape(len(self.county.strata.places), -1).sum(axis=1) > 0
        return there

    def _keep(self, row: int, year: int, people: Floats) -> None:
        county = self.county
        self.busy[:, : year + 1, year : year + int(county.occupied[row])] += people[:, :, None]
        stratum, entry = np.nonzero(people)
        offered = {"stratum": stratum, "entry": entry, "start": year, "package": row, "cover": 0}
        self.rows.append(pd.DataFrame(offered | {"people": people[stratum, entry]}))

    def table(self) -> pd.DataFrame:
        """Every offer made."""
        names = ["stratum", "entry", "start", "package", "cover", "people"]
        return pd.concat(self.rows, ignore_index=True) if self.rows else pd.DataFrame(columns=names, dtype=float)

    def raise_faults(self, section: str) -> None:
        """Raises PlanError for all that could not be met."""
        faults, document = FaultCollector(PlanError), self.county.plan.document
        for one in self.asked:
            if one.lacking:
                line = document.line((section, one.service, one.number))
                faults.add(document.file, line, self._in_words(one))
        faults.raise_if_any()

    def _in_words(self, one: Asked) -> str:
        """What is proposed, what the most is, and where that comes from."""
        year, (most, enough_for_none) = min(one.lacking.items(), key=lambda item: item[1][0])
        when, asked = ", ".join(self.county.years[y] for y in sorted(one.lacking)), _said(one, one.amount)
        if enough_for_none:
            return (
                f"'{one.service}': {asked} a year does not pay for those who started before and for setting it up: "
                f"{_said(one, most)} falls due in {self.county.years[year]} before anybody starts."
            )
        if most <= 0:
            return f"'{one.service}': {asked} in {when}, and there is nobody it could go to."
        return (
            f"'{one.service}': {asked} in {when} is more than can be; the most is {_said(one, most)} in "
            f"{self.county.years[year]}: all it is for, who lack it, and who are offered nothing that rules it out."
        )


def _said(one: Asked, amount: float) -> str:
    return f"£{amount:,.0f}" if one.is_money else f"{amount:,.1f} people".replace(".0 ", " ")
