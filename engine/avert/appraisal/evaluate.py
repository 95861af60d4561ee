"""Somebody's own allocation through the same model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from avert.appraisal.ledger import ledger_of
from avert.appraisal.opening import with_openings
from avert.appraisal.optimise import Appraisal
from avert.errors import AvertError, nearest
from avert.packages import County, county_of, cover_in_words, covers_of, survival
from avert.pathway.groups import Floats
from avert.plan import PlanInFull

ROUNDING = 1e-6
"""People by which a row of a saved table may be off."""
Row = Mapping[Any, Any]
"""Column → what a row of the allocation says there."""
OFFER_COLUMNS = ("year", "place", "age_band", "factors", "package", "people_offered")


def evaluated(plan: PlanInFull, offers: pd.DataFrame, *, years: int | None = None) -> Appraisal:
    """What an allocation of one's own does.

    `offers` has a row for each group offered a package: `year` ('2026/27'), `place` and `age_band`,
    `factors` (ids joined by ' + ', empty for none), `package` (ids of services joined by ' + ') and
    `people_offered` then.  This is the `offers` table of a run, so a run can be edited and evaluated.
    People are offered things in their first year as a cohort unless a column `joined` gives another.
    Where services act on whole places, a column `place_services` says beside which of them a package is
    offered ('campaign from 2026/27'), and rows without a package say who is covered by them.

    What partners would pay, and whether the money, limits and fences allow it, is not checked.

    Raises AvertError for unknown names, packages nobody in the group may be offered, and more people
    than there are.
    """
    missing = [name for name in OFFER_COLUMNS if name not in offers.columns]
    if missing:
        raise AvertError(f"the allocation has no column {', '.join(missing)}; it needs {', '.join(OFFER_COLUMNS)}")
    county = county_of(plan, years)
    named, rows, faults = _Named(county), [], []
    for number, row in enumerate(offers.to_dict("records"), 1):
        try:
            rows.append(named.offer(row))
        except AvertError as error:
            faults.append(f"row {number}: {error}")
    table = pd.DataFrame(rows, columns=list(_Offer._fields))
    if not faults:
        faults = _too_many(table, county)
    if faults:
        raise AvertError("\n".join(faults))
    return Appraisal(county, with_openings(ledger_of(county, table)))


class _Offer(NamedTuple):
    """A row of an allocation in numbers, as a ledger counts them."""

    stratum: int
    entry: int
    start: int
    package: int
    cover: int
    people: float
    """Counted at the cohort's entry."""
    rounding: float
    """By how many of them the row may be off."""


@dataclass(frozen=True)
class _Named:
    """A county by the names that rows of an allocation go by."""

    county: County

    @cached_property
    def packages(self) -> dict[frozenset[str], int]:
        family = self.county.family
        return {frozenset(family.named(row)): row for row in range(len(family))}

    @cached_property
    def allowed(self) -> NDArray[np.bool_]:
        return self.county.family.offered_to()

    @cached_property
    def alive(self) -> Floats:
        return survival(self.county, len(self.county.years))

    @cached_property
    def covers(self) -> dict[str, int]:
        return {cover_in_words(self.county, cover): n for n, cover in enumerate(covers_of(self.county))}

    def offer(self, row: Row) -> _Offer:
        """The row in numbers.  Raises AvertError, saying why, where it can't be one."""
        if problem := self._problem(row):
            raise AvertError(problem)
        years, groups = self.county.years, self.county.groups
        start = years.index(row["year"])
        entry = years.index(row["joined"]) if "joined" in row else 0
        group = self._group(row)
        package = self.packages.get(frozenset(_names(row["package"])))
        if package is None or not self.allowed[package, group]:
            raise AvertError(f"the package '{row['package']}' can't be offered to this group")
        stratum = self.county.strata.places.index(row["place"]) * len(groups) + group
        living = self.alive[stratum, start - entry]
        if not living:
            raise AvertError(f"nobody of this cohort is alive in {row['year']}")
        people = float(row["people_offered"])
        return _Offer(stratum, entry, start, package, self.covers[_cover(row)], people / living, ROUNDING / living)

    def _group(self, row: Row) -> int:
        groups = self.county.groups
        flags = [factor in _names(row["factors"]) for factor in groups.factors]
        profile = np.flatnonzero((groups.flags == flags).all(axis=1))
        if not len(profile):  # groups were given outright, and this is none of them
            raise AvertError(f"there is no group with '{row['factors']}' and nothing else")
        return groups.ages.index(row["age_band"]) * len(groups.flags) + int(profile[0])

    def _problem(self, row: Row) -> str:
        """What is wrong with a row by itself; nothing if nothing is."""
        county, groups = self.county, self.county.groups
        for column, known in (("year", county.years), ("place", county.strata.places), ("age_band", groups.ages)):
            if row[column] not in known:
                return f"there is no {column} '{row[column]}'.{nearest(str(row[column]), known)}"
        for column, known in (("factors", groups.factors), ("package", county.family.ids)):
            for name in _names(row[column]):
                if name not in known:
                    return f"there is nothing called '{name}' in {column}.{nearest(name, known)}"
        if "joined" in row and (row["joined"] not in county.years or row["joined"] > row["year"]):
            return f"'joined' is '{row['joined']}', which is not a year of the plan up to the offer"
        if _cover(row) not in self.covers:
            return f"there is nothing called '{_cover(row)}' in place_services.{nearest(_cover(row), self.covers)}"
        if not _names(row["package"]) and not _cover(row):
            return "'package' names no service"
        return _fault_of_number(row["people_offered"])


def _fault_of_number(said: Any) -> str:
    try:
        offered = float(said)
    except ValueError:
        offered = -1.0
    return "" if offered >= 0 else f"'people_offered' is '{said}'; it should be a number, 0 or more"


def _cover(row: Row) -> str:
    """What a row says in `place_services`; nothing if it has no such column or leaves it empty."""
    said = str(row.get("place_services", "")).strip()
    return "" if said == "nan" else said


def _names(joined: object) -> list[str]:
    return [name.strip() for name in str(joined).split("+") if name.strip() and str(joined) != "nan"]


def _too_many(table: pd.DataFrame, county: County) -> list[str]:
    """Cohorts of a stratum of whom more are offered something at a time than there are."""
    used = np.zeros((*county.joined.shape, len(county.years)))
    slack = np.zeros_like(used)
    for row in table.itertuples(index=False):
        if not row.package:
            continue  # people under a cover may be offered something beside it
        place = row.stratum, row.entry, slice(row.start, row.start + int(county.occupied[row.package]))
        used[place] += row.people
        slack[place] += row.rounding
    over = np.argwhere(used > county.joined[:, :, None] * (1 + 1e-6) + slack)
    strata, groups = county.strata, county.groups
    return [
        f"{used[s, e, y]:,.4g} people of '{groups.factors_of(int(strata.group[s])) or 'no factor'}' at "
        f"{groups.ages[strata.age[s]]} in {strata.places[strata.place[s]]} are offered something in {county.years[y]}, "
        f"of {county.joined[s, e]:,.4g}"
        for s, e, y in over.tolist()
    ]
