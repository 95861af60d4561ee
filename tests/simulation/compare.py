"""An allocation lived through by simulated people, beside what the engine says of it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from figures import Figures, Floats, figures_of, started_today
from living import Living
from people import Bools, People

from avert.appraisal import evaluated
from avert.packages import County, events_averted, survival
from avert.plan import PlanInFull

ERRORS, SHARE = 3, 0.02
"""Engine and simulation may differ by three Monte-Carlo standard errors and 2 % of the engine's value."""
WHERE = ["place", "age_band", "factors"]


def offer(place: str, age: str, factors: str, package: str, people: float, year: str = "2026/27") -> dict[str, object]:
    """One row of an allocation."""
    names = ("year", "place", "age_band", "factors", "package", "people_offered", "joined")
    return dict(zip(names, (year, place, age, factors, package, people, "2026/27"), strict=True))


def compared(
    plan: PlanInFull,
    offers: pd.DataFrame,
    *,
    years: int,
    seed: int,
    each: int,
    often: int = 1,
    all_year: bool = False,
    wrong: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """A row for each group offered something, event and year: `engine`, `simulated` and its `variance`.

    `each` people are simulated for a row of `offers` on average, more where more are offered it.  With `wrong`
    (a service and a node) the simulated people are told a ratio twice as large as the library's.
    """
    ledger = evaluated(plan, offers, years=years).ledger
    groups = ledger.county.groups
    profiles = [frozenset(f for f, has in zip(groups.factors, row, strict=True) if has) for row in groups.flags]
    figures = figures_of(plan)
    figures = started_today(figures, plan, groups.shares, _has(figures, profiles, 1))
    if wrong:
        figures = figures.with_doubled(*wrong)
    rng = np.random.default_rng(seed)
    everybody = _everybody(figures, profiles, groups.shares, rng)
    lived = _lived(figures, offers, everybody.usual, profiles, groups.shares, rng, years, each, often, all_year)
    lived["engine"] = _said_by_engine(ledger.county, lived)
    for event, by_stratum in ledger.averted.items():
        whole = lived.loc[lived["event"] == event, "engine"].sum()
        assert abs(whole - by_stratum[:, :years].sum()) < 1e-6 * (1 + abs(whole))
    return lived


def _said_by_engine(county: County, lived: pd.DataFrame) -> list[float]:
    """What the engine says each row averts, event by event and year by year."""
    groups, strata, family = county.groups, county.strata, county.family
    number = {
        (strata.places[s // len(groups)], groups.ages[strata.age[s]], groups.factors_of(int(strata.group[s]))): s
        for s in range(len(strata))
    }
    named = {frozenset(family.named(package)): package for package in range(len(family))}
    alive, known, found = survival(county, groups.years), {}, []
    for row in lived.itertuples(index=False):
        stratum = number[row.place, row.age_band, row.factors]
        key = row.event, row.package, row.start, row.year
        if key not in known:
            package = np.array([named[frozenset(parts(row.package))]])
            known[key] = events_averted(county, row.event, package, entry=0, start=row.start, year=row.year)[0]
        found.append(float(known[key][stratum]) * row.people_offered / alive[stratum, row.start])
    return found


def parts(joined: object) -> list[str]:
    """Names joined by ' + '."""
    return [name.strip() for name in str(joined).split("+") if name.strip()]


def summed(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The same by fewer columns, with the standard error and how far beyond what is allowed the two differ."""
    found = (
        frame.groupby(by, as_index=False)[["engine", "simulated", "variance"]].sum()
        if by
        else pd.DataFrame([frame[["engine", "simulated", "variance"]].sum()])
    )
    found["error"] = np.sqrt(found["variance"])
    found["beyond"] = (
        (found["simulated"] - found["engine"]).abs() - ERRORS * found["error"] - SHARE * found["engine"].abs()
    )
    return found


def assert_alike(frame: pd.DataFrame, by: list[str], *, sharp: float = 0.03, pool: float | None = None) -> None:
    """Fail where the two differ by more than is allowed, or where the whole is too blurred to tell.

    With `pool`, what has a standard error above that share of the engine's value is compared as one: a handful of
    rare events has no reliable standard error.
    """
    if pool:
        found = summed(frame, by)
        rare = found[found["error"] > pool * found["engine"].abs()]
        if by and len(rare):
            left = frame.merge(rare[by], on=by)
            assert_alike(pd.concat([frame, left]).drop_duplicates(keep=False), by, sharp=np.inf)
            assert (summed(left, [])["beyond"] <= 1e-9).all(), f"rare ones together\n{summed(left, []).to_string()}"
            by = []
    found = summed(frame, by)
    assert (found["beyond"] <= 1e-9).all(), f"\n{found[found['beyond'] > 1e-9].to_string()}"
    whole = summed(frame, []).iloc[0]
    size = frame["engine"].abs().sum()
    assert size > 0, "nothing is averted, so there is nothing to compare"
    assert whole["error"] < sharp * size, (
        f"a standard error of {whole['error'] / size:.1%} is too large to tell anything"
    )


def ratio(frame: pd.DataFrame) -> tuple[float, float]:
    """Engine over simulation, with its standard error."""
    whole = summed(frame, []).iloc[0]
    found = whole["engine"] / whole["simulated"]
    return found, abs(found) * whole["error"] / abs(whole["simulated"])


def _has(figures: Figures, profiles: list[frozenset[str]], times: int) -> dict[str, Bools]:
    """Factor → which of the people, so many of each profile, have it."""
    return {f: np.repeat(np.array([f in one for one in profiles], dtype=bool), times) for f in figures.factors}


def _everybody(
    figures: Figures, profiles: list[frozenset[str]], shares: Floats, rng: np.random.Generator, each: int = 600
) -> People:
    """People of every age and profile, so many of each, from whom the usual risk of an age band is found."""
    ages = len(figures.ages)
    each = max(each, 120_000 // (len(profiles) * ages))
    age = np.repeat(np.arange(ages), len(profiles) * each)
    weight = np.repeat(shares.reshape(-1), each)
    return People(figures, age, _has(figures, profiles * ages, each), {}, np.zeros(len(age)), rng, {}, weight)


def _lived(
    figures: Figures,
    offers: pd.DataFrame,
    usual: dict[str, Floats],
    profiles: list[frozenset[str]],
    shares: Floats,
    rng: np.random.Generator,
    years: int,
    each: int,
    often: int,
    all_year: bool,
) -> pd.DataFrame:
    rows = offers.reset_index(drop=True)
    has = [frozenset(parts(one)) for one in rows["factors"]]
    age_of_row = np.array([figures.ages.index(one) for one in rows["age_band"]])
    start = np.array(
        [int(year[:4]) - int(joined[:4]) for year, joined in zip(rows["year"], rows["joined"], strict=True)]
    )
    offered_to = rows["people_offered"].to_numpy(float)
    count = np.maximum(each // 4, offered_to / offered_to.sum() * each * len(rows)).astype(int)
    row = np.repeat(np.arange(len(rows)), count)
    offered = {s: np.array([s in parts(one) for one in rows["package"]])[row] for s in figures.services}
    profile = {f: np.array([f in one for one in has])[row] for f in figures.factors}
    people = Living(figures, age_of_row[row], profile, offered, start[row].astype(float), rng, usual)
    dying = _dying(figures, profiles, shares, age_of_row, has)
    stands_for = offered_to / (1 - dying) ** start / count
    rates = {
        event: np.array(
            [figures.observed[place, event][age] for place, age in zip(rows["place"], age_of_row, strict=True)]
        )[row]
        / usual[event][people.age]
        for event in figures.events
    }
    averted = people.live(rates, years, often, dying[row], all_year)
    found = []
    for (event, by_year), year in product(averted.items(), range(years)):
        total = np.bincount(row, by_year[year], len(rows))
        spread = np.bincount(row, by_year[year] ** 2, len(rows)) - total**2 / count + 1 / often**2
        part = rows[[*WHERE, "package", "people_offered"]].assign(start=start, event=event, year=year)
        found.append(part.assign(simulated=total * stands_for, variance=spread * stands_for**2))
    return pd.concat(found, ignore_index=True)


def _dying(
    figures: Figures, profiles: list[frozenset[str]], shares: Floats, age: np.ndarray, has: list[frozenset[str]]
) -> Floats:
    """(rows,): chance of dying within a year: factors raise it, and the age band keeps its own."""

    def raised(profile: frozenset[str]) -> float:
        return float(np.prod([size for factor, size in figures.dying_ratio.items() if factor in profile]))

    mean = shares @ np.array([raised(one) for one in profiles])
    return np.array([figures.dying[a] * raised(one) / mean[a] for a, one in zip(age, has, strict=True)])
