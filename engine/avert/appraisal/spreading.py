"""A working group's proposal placed year by year: who is still free, and what they are offered.

Each service goes to the same share of everybody it may still go to; `appraisal.proposal` has the formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from avert.appraisal.opening import Openings
from avert.packages import County, survival
from avert.pathway.groups import Floats
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
    place: str
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

    @property
    def name(self) -> tuple[str, int, str]:
        return self.service, self.number, self.place


class Spreading:
    """People still free, and what is offered so far."""

    def __init__(self, county: County, instead: Mapping[tuple[str, int, str], float] | None = None) -> None:
        """`instead` holds other amounts than the plan's: (service, number of the entry, place) → amount."""
        self.county, self.years, self.instead = county, len(county.years), instead or {}
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
                    amount = self.instead.get((service, number, place), amount)
                    yield Asked(service, bit, number, place, amount, is_money, inside, years, np.zeros(self.years))

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

    def whole(self) -> Spreading:
        """Everything placed, in all years."""
        for year in range(self.years):
            self.place(year)
        return self

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
