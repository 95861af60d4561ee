"""Somebody's own allocation through the same model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from avert.appraisal.ledger import ledger_of
from avert.appraisal.opening import with_openings
from avert.appraisal.optimise import Appraisal
from avert.errors import AvertError, nearest
from avert.packages import County, county_of, cover_in_words, covers_of, survival
from avert.plan import PlanInFull

ROUNDING = 1e-6
"""People by which a row of a saved table may be off."""
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
    family, groups, faults = county.family, county.groups, []
    by_name = {frozenset(family.named(row)): row for row in range(len(family))}
    allowed = family.offered_to()
    alive = survival(county, len(county.years))
    places = county.strata.places
    covers = {cover_in_words(county, cover): n for n, cover in enumerate(covers_of(county))}
    rows = []
    for number, row in enumerate(offers.to_dict("records"), 1):
        problem = _problem(row, county.years, places, groups.ages, groups.factors, family.ids, covers)
        if problem:
            faults.append(f"row {number}: {problem}")
            continue
        start = county.years.index(row["year"])
        entry = county.years.index(row["joined"]) if "joined" in row else 0
        flags = [factor in _names(row["factors"]) for factor in groups.factors]
        profile = np.flatnonzero((groups.flags == flags).all(axis=1))
        if not len(profile):  # groups were given outright, and this is none of them
            faults.append(f"row {number}: there is no group with '{row['factors']}' and nothing else")
            continue
        group = groups.ages.index(row["age_band"]) * len(groups.flags) + int(profile[0])
        package = by_name.get(frozenset(_names(row["package"])))
        if package is None or not allowed[package, group]:
            faults.append(f"row {number}: the package '{row['package']}' can't be offered to this group")
            continue
        stratum = places.index(row["place"]) * len(groups) + group
        living = alive[stratum, start - entry]
        if not living:
            faults.append(f"row {number}: nobody of this cohort is alive in {row['year']}")
            continue
        cover, people = covers[_cover(row)], float(row["people_offered"])
        rows.append((stratum, entry, start, package, cover, people / living, ROUNDING / living))
    table = pd.DataFrame(rows, columns=["stratum", "entry", "start", "package", "cover", "people", "rounding"])
    if not faults:
        faults = _too_many(table, county)
    if faults:
        raise AvertError("\n".join(faults))
    return Appraisal(county, with_openings(ledger_of(county, table)))


def _cover(row: dict[Any, Any]) -> str:
    """What a row says in `place_services`; nothing if it has no such column or leaves it empty."""
    said = str(row.get("place_services", "")).strip()
    return "" if said == "nan" else said


def _names(joined: object) -> list[str]:
    return [name.strip() for name in str(joined).split("+") if name.strip() and str(joined) != "nan"]


def _problem(
    row: dict[Any, Any],
    years: tuple[str, ...],
    places: tuple[str, ...],
    ages: tuple[str, ...],
    factors: tuple[str, ...],
    ids: tuple[str, ...],
    covers: Mapping[str, int],
) -> str:
    for column, known in (("year", years), ("place", places), ("age_band", ages)):
        if row[column] not in known:
            return f"there is no {column} '{row[column]}'.{nearest(str(row[column]), known)}"
    for column, known in (("factors", factors), ("package", ids)):
        for name in _names(row[column]):
            if name not in known:
                return f"there is nothing called '{name}' in {column}.{nearest(name, known)}"
    if "joined" in row and (row["joined"] not in years or row["joined"] > row["year"]):
        return f"'joined' is '{row['joined']}', which is not a year of the plan up to the offer"
    if _cover(row) not in covers:
        return f"there is nothing called '{_cover(row)}' in place_services.{nearest(_cover(row), covers)}"
    if not _names(row["package"]) and not _cover(row):
        return "'package' names no service"
    try:
        offered = float(row["people_offered"])
    except ValueError:
        offered = -1.0
    return "" if offered >= 0 else f"'people_offered' is '{row['people_offered']}'; it should be a number, 0 or more"


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
