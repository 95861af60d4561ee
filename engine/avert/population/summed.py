"""Linked records summed up: shares of every profile for `profiles.csv`, and what happened to whom in the year.

No group is told apart that holds fewer people than a stated number, ten unless said otherwise.  (Ten is the
threshold of the Office for National Statistics for what leaves its research service.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from avert.errors import AvertError
from avert.library import Library
from avert.library.records import AGE_BANDS, at_age
from avert.plan.observed import AMOUNTS, COLUMNS
from avert.population.concentration import TOP_SHARES, carried_by_top
from avert.population.linked import People
from avert.population.profiles import Bools, Floats, all_profiles, profile_shares

SMALLEST = 10
MOST_ROUNDS = 2_000
CLOSE_ENOUGH = 1e-9
"""People."""


@dataclass(frozen=True)
class Summed:
    """Shares of profiles as they may leave the house."""

    profiles: pd.DataFrame
    """age_band, one column of 0 and 1 per factor, share: what an area's `profiles` file holds."""
    people_in_small_groups: int
    """People whose group holds too few to be told apart."""
    prevalence: pd.DataFrame
    """factor, age_band, in_records, as_written: how common each factor is."""


def summed(people: People, library: Library, smallest: int = SMALLEST) -> Summed:
    """Shares of every profile at each age.

    share(a, r) = people of age a with profile r / people of age a

    Profiles of fewer than `smallest` people at an age, those nobody has among them, are not told apart.  Together
    they count for their people, or for `smallest` where they are fewer, and are spread as the library's
    prevalences and odds ratios would spread them; how many of them have a factor is kept where neither those who
    have it nor those who have not are too few.  Shares add up to 1 at each age.  Raises AvertError for an age with
    fewer people than that.
    """
    _enough_at_each_age(people, smallest)
    flags = all_profiles(people.factors)
    number = people.flags @ (1 << np.arange(len(people.factors))[::-1])
    shares, few = np.zeros((len(AGE_BANDS), len(flags))), 0
    for age, band in enumerate(AGE_BANDS):
        counts = np.bincount(number[people.age == age], minlength=len(flags)).astype(float)
        few += int(counts[counts < smallest].sum())
        shares[age] = _told_apart(counts, flags, _as_the_library(people.factors, library, band), smallest)
    rows = [
        (band, *flags[r].astype(int).tolist(), round(float(shares[age, r]), 12))
        for age, band in enumerate(AGE_BANDS)
        for r in range(len(flags))
        if shares[age, r] > 0
    ]
    table = pd.DataFrame(rows, columns=["age_band", *people.factors, "share"])
    return Summed(table, few, _prevalence(people, shares @ flags))


def _enough_at_each_age(people: People, smallest: int) -> None:
    for age, band in enumerate(AGE_BANDS):
        count = int((people.age == age).sum())
        if count < max(1, smallest):
            raise AvertError(
                f"the records hold {count or 'no'} people aged {band}; every age band needs {max(1, smallest)} at least"
            )


def _told_apart(counts: Floats, flags: Bools, like: Floats, smallest: int) -> Floats:
    """(profiles,): shares, those of profiles with too few people spread like the shares in `like`."""
    small = counts < smallest
    few, whole = float(counts[small].sum()), float(counts.sum())
    if not few:
        shares: Floats = counts / whole
        return shares
    said = max(few, float(smallest)) if few < whole else few
    spread = like[small] if like[small].sum() else np.ones(int(small.sum()))
    spread = _raked(spread / spread.sum() * few, counts[small], flags[small], smallest)
    told = np.where(small, 0.0, counts * (whole - said) / (whole - few if few < whole else 1.0))
    told[small] = spread * said / few
    return told / whole


def _raked(spread: Floats, counts: Floats, flags: Bools, smallest: int) -> Floats:
    """`spread` with as many people with each factor as `counts` has, where that tells of no few.

    Iterative proportional fitting, as in `profile_shares`.
    """
    having = counts @ flags
    known = np.flatnonzero((having >= smallest) & (counts.sum() - having >= smallest))
    for _ in range(MOST_ROUNDS if len(known) else 0):
        furthest = 0.0
        for n in known:
            has = float(spread[flags[:, n]].sum())
            furthest = max(furthest, abs(has - having[n]))
            up, down = having[n] / has, (counts.sum() - having[n]) / (spread.sum() - has)
            spread = np.where(flags[:, n], spread * up, spread * down)
        if furthest < CLOSE_ENOUGH:
            break
    return spread


def _as_the_library(factors: tuple[str, ...], library: Library, age: str) -> Floats:
    """(profiles,): shares at an age as the library's prevalences and odds ratios have them."""
    margins = {}
    for factor in factors:
        prevalence = library.nodes[factor].prevalence
        assert prevalence is not None  # every factor that tells people apart states one
        margins[factor] = at_age(prevalence, age).value
    odds = {pair.factors: pair.odds_ratio.value for pair in library.joint.odds_ratios}
    stated = {pair: ratio for pair, ratio in odds.items() if set(pair) <= set(factors)}
    return profile_shares(factors, all_profiles(factors), margins, stated)


def _prevalence(people: People, written: Floats) -> pd.DataFrame:
    rows = [
        (factor, band, float(people.flags[people.age == age, n].mean()), float(written[age, n]))
        for n, factor in enumerate(people.factors)
        for age, band in enumerate(AGE_BANDS)
    ]
    return pd.DataFrame(rows, columns=["factor", "age_band", "in_records", "as_written"])


def happened(people: People, smallest: int = SMALLEST) -> pd.DataFrame:
    """What happened to whom in the year: totals by number of conditions, by age, of those at the top, and of all.

    The columns are those of `plan.observed.COLUMNS`.  Numbers of conditions that too few people have are put
    together with the next lower ('5+').  Shares of people at the top that would be too few are left out.  People who
    had alike are counted as if any of them could be the first.
    """
    groups = [
        ("conditions", name, (people.conditions >= low) & (people.conditions <= high))
        for name, low, high in _ranges(people, smallest)
    ]
    groups += [("age_band", band, people.age == age) for age, band in enumerate(AGE_BANDS)]
    held = [name for name in ("admissions", "cost") if name in people.amounts]
    squares = {f"squared_{name}": float((people.amounts[name] ** 2).sum()) for name in held}
    everyone = _totals(people, "all", "all", np.ones(len(people), dtype=bool))
    made = [*(_totals(people, *group) for group in groups), *_tops(people, smallest), everyone | squares]
    return pd.DataFrame(made, columns=list(COLUMNS))


def _ranges(people: People, smallest: int) -> Iterator[tuple[str, int, int]]:
    """Numbers of conditions in groups of enough people, from the fewest: name, least, most."""
    counts = np.bincount(people.conditions)
    found: list[list[int]] = []
    held, high = 0, len(counts) - 1
    for n in range(len(counts) - 1, -1, -1):
        held += int(counts[n])
        if held == 0:
            high = n - 1  # a number nobody has
        elif held >= smallest:
            found.append([n, high])
            held, high = 0, n - 1
    if high >= 0 and found:
        found[-1][0] = 0  # the few at the low end go with the next group up
    for low, most in reversed(found):
        last = most == len(counts) - 1
        name = str(low) if low == most else f"{low}+" if last else f"{low}-{most}"
        yield name, low, most


def _tops(people: People, smallest: int) -> Iterator[dict[str, object]]:
    ones = np.ones(len(people))
    for by in ("admissions", "cost"):
        for share in TOP_SHARES if by in people.amounts else ():
            if share * len(people) < smallest:
                continue
            carried = {
                name: round(float(carried_by_top(ones, people.amounts[by], amount, [share])[0] * amount.sum()), 6)
                for name, amount in people.amounts.items()
            }
            yield {"by": f"top_by_{by}", "group": f"{share:g}", "people": share * len(people), **carried}


def _totals(people: People, by: str, group: str, mask: np.ndarray) -> dict[str, object]:
    amounts = {name: float(people.amounts[name][mask].sum()) for name in AMOUNTS if name in people.amounts}
    return {"by": by, "group": group, "people": int(mask.sum()), **amounts}
