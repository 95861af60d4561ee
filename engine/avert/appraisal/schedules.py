"""Two allocations taken apart into people with whole schedules, and paired person by person.

A schedule is what one person is offered over the years: packages that do not overlap.  People of one
stratum and cohort, under the same services for the whole place, are alike, so that any of them may be
given any schedule.  Hence a part of them can go over from one allocation to the other, and what comes of
it is an allocation again: nobody has two packages at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from avert.appraisal.tally import OFFER
from avert.packages import County

Offer = tuple[int, int]
"""(start, package)."""
Schedule = tuple[Offer, ...]
Cell = tuple[int, int, int]
"""(stratum, entry, cover): people who are alike."""
Exchange = tuple[Cell, Schedule, Schedule, float]
"""People of a cell who go over from one schedule to another."""
LEAST = 1e-12
"""People below this are rounding."""


def cells_of(offers: pd.DataFrame) -> dict[Cell, list[tuple[Offer, float]]]:
    """Cell → its offers, by start and package; rows of the empty package, people under a cover, are left out."""
    found: dict[Cell, list[tuple[Offer, float]]] = {}
    ordered = offers[offers["package"] > 0].sort_values(["start", "package"], kind="stable")
    columns = (ordered[name].tolist() for name in ("stratum", "entry", "cover", "start", "package", "people"))
    for s, e, c, start, package, people in zip(*columns, strict=True):
        found.setdefault((s, e, c), []).append(((start, package), people))
    return found


def schedules(county: County, offers: list[tuple[Offer, float]], everybody: float) -> dict[Schedule, float]:
    """Schedule → people, of a cell of so many people; those who are offered nothing have the empty one.

    Offers are handed out by start; each goes first to people who have been offered nothing yet, then to those
    who are free again.
    """
    people: dict[Schedule, float] = {(): everybody}
    for (start, package), wanted in offers:
        for schedule in sorted(people, key=lambda one: (len(one), one)):
            if wanted <= LEAST:
                break
            if schedule and schedule[-1][0] + int(county.occupied[schedule[-1][1]]) > start:
                continue
            taken = min(wanted, people[schedule])
            people[schedule] -= taken
            longer = (*schedule, (start, package))
            people[longer] = people.get(longer, 0.0) + taken
            wanted -= taken
        if wanted > LEAST:  # more people than there are, by rounding: an offer to nobody else
            people[((start, package),)] = people.get(((start, package),), 0.0) + wanted
    return {schedule: count for schedule, count in people.items() if count > LEAST}


class Pairing:
    """Pairs people of one allocation with those of another: the same schedule first, then those that share most."""

    def __init__(self, county: County) -> None:
        self.county = county
        self._services: dict[Schedule, frozenset[tuple[int, str]]] = {}
        self._order: dict[tuple[Schedule, ...], list[tuple[int, int]]] = {}

    def exchanges(self, one: pd.DataFrame, other: pd.DataFrame, everybody: Mapping[Cell, float]) -> Iterator[Exchange]:
        """Everyone whose schedule differs, in order of cell.  `everybody` is how many people a cell has."""
        now, then = cells_of(one), cells_of(other)
        for cell in sorted(now.keys() | then.keys()):
            count = everybody[cell]
            first = schedules(self.county, now.get(cell, []), count)
            second = schedules(self.county, then.get(cell, []), count)
            for schedule in first.keys() & second.keys():
                same = min(first[schedule], second[schedule])
                first[schedule] -= same
                second[schedule] -= same
            yield from self._paired(cell, first, second)

    def _paired(self, cell: Cell, first: dict[Schedule, float], second: dict[Schedule, float]) -> Iterator[Exchange]:
        ones = sorted(schedule for schedule, people in first.items() if people > LEAST)
        others = sorted(schedule for schedule, people in second.items() if people > LEAST)
        for n, m in self._likeliest(ones, others):
            people = min(first[ones[n]], second[others[m]])
            if people > LEAST:
                first[ones[n]] -= people
                second[others[m]] -= people
                yield cell, ones[n], others[m], people

    def _likeliest(self, ones: list[Schedule], others: list[Schedule]) -> list[tuple[int, int]]:
        """Pairs (of each list), those first that keep most of what people are offered; the same for cells alike."""
        key = (*ones, ((-1, -1),), *others)
        if key not in self._order:
            pairs = [(n, m) for n in range(len(ones)) for m in range(len(others))]
            self._order[key] = sorted(pairs, key=lambda pair: (-self._shared(ones[pair[0]], others[pair[1]]), pair))
        return self._order[key]

    def _shared(self, one: Schedule, other: Schedule) -> int:
        """Services both hold, in the same year and at all, less those that only one of them holds."""
        a, b = self.services(one), self.services(other)
        mine, theirs = {name for _, name in a}, {name for _, name in b}
        return 2 * len(a & b) + 2 * len(mine & theirs) - len(mine ^ theirs)

    def services(self, schedule: Schedule) -> frozenset[tuple[int, str]]:
        """(year, service) of all that a schedule starts."""
        if schedule not in self._services:
            named = self.county.family.named
            self._services[schedule] = frozenset((y, name) for y, package in schedule for name in named(package))
        return self._services[schedule]


def differing_places(county: County, one: pd.DataFrame, other: pd.DataFrame) -> np.ndarray:
    """(places,): where the two cover different shares of the place, so that all of it goes over at once."""
    found = np.zeros(len(county.strata.places), dtype=bool)
    covered = [table[table["cover"] > 0] for table in (one, other)]
    if not any(len(table) for table in covered):
        return found
    sizes = [table[table["package"] == 0].groupby(OFFER)["people"].sum() for table in covered]
    away = (sizes[0].sub(sizes[1], fill_value=0.0)).abs()
    strata = away[away > LEAST].index.get_level_values("stratum").to_numpy(dtype=int)
    found[county.strata.place[strata]] = True
    if county.plan.record.fairness.offers == "same_everywhere" and found.any():
        found[:] = True
    return found


def people_in_cells(county: County, offers: pd.DataFrame, cells: set[Cell]) -> dict[Cell, float]:
    """Cell → people: a cohort's, under a cover those of them it covers, under none those that are under none."""
    covers = offers[(offers["package"] == 0) & (offers["cover"] > 0)]
    under = covers.groupby(["stratum", "entry", "cover"])["people"].sum().to_dict()
    away: dict[tuple[int, int], float] = {}
    for (s, e, _), people in under.items():
        away[s, e] = away.get((s, e), 0.0) + people
    return {
        (s, e, c): under.get((s, e, c), 0.0) if c else float(county.joined[s, e]) - away.get((s, e), 0.0)
        for s, e, c in cells
    }
