"""The columns of the programme: who may be offered which package from which year, and what that uses.

A column j says: people of one block and cohort are offered package k, starting in year y.  A block
is a stratum; under `offers: same_everywhere` it is a group over all places, spread over them as
its people are.  People are counted at the cohort's entry, so deaths thin both sides alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from avert.packages import County, outcome_weights, worth
from avert.pathway.groups import Floats
from avert.programme.uses import Ints, Uses, uses_of

NEXT_TO_NOTHING = 1e-15
"""Difference of worth per person that is rounding."""


@dataclass(frozen=True)
class Offers:
    """Every column of a county's programme, with its worth and its uses."""

    county: County
    block: Ints
    entry: Ints
    package: Ints
    start: Ints
    worth: Floats
    """(columns,): contribution to the objective per person, before money."""
    block_people: Floats
    """(blocks, years): people joining each block's cohort by year of entry."""
    place_share: Floats
    """(blocks, places, years): how a block's people are spread over places, by year of entry."""
    block_age: Ints
    block_group: Ints
    people: Uses = field(repr=False)
    participants: Uses = field(repr=False)
    continuing: Uses = field(repr=False)
    reached: Uses = field(repr=False)
    averted: Uses = field(repr=False)
    whole: Uses = field(repr=False)

    def __len__(self) -> int:
        return len(self.block)

    @cached_property
    def limit(self) -> Floats:
        """(columns,): people of the column's block and cohort, the most it can hold."""
        return self.block_people[self.block, self.entry]

    @cached_property
    def slot(self) -> Ints:
        """(columns,): number of the column's block, cohort and start, within which columns compete for people."""
        years = len(self.county.years)
        result: Ints = (self.block * years + self.entry) * years + self.start
        return result

    @cached_property
    def everything(self) -> float:
        """Σ over slots of the best worth for everybody: more than any plan can be worth."""
        return float(self.best_of_slots(self.worth).sum())

    def best_of_slots(self, gain: Floats) -> Floats:
        """(slots,): Σ over nobody's offers twice: people of each slot · the best gain per person, at least 0."""
        best = np.zeros(self.block_people.size * len(self.county.years))
        np.maximum.at(best, self.slot, gain * self.limit)
        return best


def offers_of(county: County) -> Offers:
    """All columns that can be worth having, in order of block, entry, start and package."""
    years, record = len(county.years), county.plan.record
    together = record.fairness.offers == "same_everywhere"
    strata, places = county.strata, len(county.strata.places)
    if together:
        by_place = county.joined.reshape(places, len(county.groups), years)
        people = by_place.sum(axis=0)
        share = np.moveaxis(by_place, 0, 1) / np.where(people > 0, people, 1.0)[:, None, :]
        group = np.arange(len(county.groups))
    else:
        people, group = county.joined, strata.group
        share = np.zeros((len(strata), places, years))
        share[np.arange(len(strata)), strata.place, :] = 1.0
    columns = _columns(county, people, share, group, together)
    age = group // len(county.groups.flags)
    return Offers(county, *columns, people, share, age, group, *uses_of(county, columns, share, group, age))


def _needs_useless_columns(county: County) -> bool:
    """Floors can make a service worth paying for that averts nothing, so nothing may be left out."""
    fairness = county.plan.record.fairness
    return bool(fairness.minimum or fairness.each_place_at_least)


def _columns(
    county: County, people: Floats, share: Floats, group: Ints, together: bool
) -> tuple[Ints, Ints, Ints, Ints, Floats]:
    weights = total_weights(county)
    packages = np.arange(1, len(county.family))
    allowed = county.family.offered_to()[1:]
    keep_all = _needs_useless_columns(county)
    found = []
    for entry, start in product(range(len(county.years)), repeat=2):
        if start < entry:
            continue
        value = worth(county, weights, packages, entry=entry, start=start)
        if together:
            by_place = value.reshape(len(packages), share.shape[1], len(county.groups))
            value = np.einsum("kpg,gp->kg", by_place, share[:, :, entry])
        possible = allowed[:, group] & (people[:, entry] > 0)[None, :]
        if not keep_all:
            possible &= ~_dominated(county, value)
        package, block = np.nonzero(possible)
        order = np.lexsort((package, block))
        package, block = package[order], block[order]
        found.append(
            (
                block,
                np.full(len(block), entry),
                packages[package],
                np.full(len(block), start),
                value[package, block],
            )
        )
    block, entries, package, starts, value = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((package, starts, entries, block))
    return block[order], entries[order], package[order], starts[order], value[order]


def total_weights(county: County) -> dict[str, float]:
    """Event → its weight in the plan's objective."""
    total = dict.fromkeys(county.pathway.events, 0.0)
    for outcome, weight in county.plan.record.weights.items():
        for event, one in outcome_weights(county, outcome).items():
            total[event] += weight * one
    return total


def _dominated(county: County, value: Floats) -> NDArray[np.bool_]:
    """Packages worth no more than themselves without one part (or than nothing): that uses less of every line.

    Not where the part is a service to keep, one whose participants this year allow more next year, or one
    that acts on a whole place and so cannot be left out for some of its people.
    """
    family, record = county.family, county.plan.record
    needed = {*record.ramp_up, *record.keep_services, *(one.id for one in family.interventions if one.level == "place")}
    masks = family.masks.tolist()
    row_of = {mask: row for row, mask in enumerate(masks)}
    full = np.vstack([np.zeros((1, value.shape[1])), value])
    dominated = np.zeros(full.shape, dtype=bool)
    for bit in range(len(family.interventions)):
        rows = np.flatnonzero(family.members[:, bit] & (family.ids[bit] not in needed))
        without = np.array([row_of[masks[row] & ~(1 << bit)] for row in rows.tolist()], dtype=np.int64)
        if len(rows):
            dominated[rows] |= full[without] >= full[rows] - NEXT_TO_NOTHING
    return dominated[1:]
