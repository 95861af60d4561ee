"""What each column of the programme uses of each line: people, participants, reach, averted events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from avert.packages import County, events_averted, survival
from avert.pathway.groups import Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Uses:
    """What columns use of something: coefficient `amount[n]` of column `column[n]` in row `row[n]`.

    `labels[row]` names the row.
    """

    labels: tuple[tuple[str | int, ...], ...]
    row: Ints
    column: Ints
    amount: Floats

    def of(self, chosen: Ints, columns: int) -> Iterator[tuple[int, list[tuple[int, float]]]]:
        """Rows in which chosen columns stand, each with (place in `chosen`, amount)."""
        position = np.full(columns, -1, dtype=np.int64)
        position[chosen] = np.arange(len(chosen))
        here = position[self.column]
        keep = here >= 0
        order = np.argsort(self.row[keep], kind="stable")
        rows, places, amounts = self.row[keep][order], here[keep][order], self.amount[keep][order]
        edges = [*np.flatnonzero(np.diff(rows, prepend=-1)).tolist(), len(rows)]
        for first, last in pairwise(edges):
            yield (
                int(rows[first]),
                list(zip(places[first:last].tolist(), amounts[first:last].tolist(), strict=True)),
            )


def uses_of(
    county: County, columns: tuple[Ints, Ints, Ints, Ints, Floats], share: Floats, group: Ints, age: Ints
) -> tuple[Uses, ...]:
    """What columns use of people, participants, continuing participants, reach, averted minima and whole places.

    `columns` are block, entry, package, start and worth; `share` is (blocks, places, years).
    """
    block, entry, package, start, _ = columns
    index = np.arange(len(block))
    # Deaths do not depend on place, so a block's survival is that of its group anywhere.
    alive = survival(county, county.groups.years)[: len(county.groups)][group]
    builder = _Builder(county, block, entry, start, share, age, alive)
    people = builder.rows_by_block(index, county.occupied[package])
    members = county.family.members[package]
    column, bit = np.nonzero(members)
    in_force = county.in_force[bit]
    additional = county.plan.record.money_is == "additional"
    limited = np.array(
        [additional and one.id in county.reached_today for one in county.family.interventions], dtype=bool
    )
    capped = limited[bit]
    return (
        people,
        builder.by_place_and_age(column, bit, county.uptake[bit], np.zeros_like(in_force), np.ones_like(in_force)),
        builder.by_place_and_age(column, bit, county.uptake[bit], np.ones_like(in_force), in_force),
        builder.by_block(column[capped], bit[capped], in_force[capped]),
        _averted(county, block, entry, package, start, share, group),
        _whole(county, block, entry, package, start),
    )


@dataclass(frozen=True)
class _Builder:
    county: County
    block: Ints
    entry: Ints
    start: Ints
    share: Floats
    age: Ints
    alive: Floats

    def rows_by_block(self, index: Ints, occupied: Ints) -> Uses:
        """One row per block, cohort and year, in which a column stands while it occupies people."""
        years = len(self.county.years)
        rows, cols = [], []
        for year in range(years):
            there = (self.start <= year) & (year < self.start + occupied)
            rows.append((self.block[there] * years + self.entry[there]) * years + year)
            cols.append(index[there])
        row, column = np.concatenate(rows), np.concatenate(cols)
        kept, row = np.unique(row, return_inverse=True)
        labels = tuple((int(r) // years // years, int(r) // years % years, int(r) % years) for r in kept)
        return Uses(labels, row, column, np.ones(len(row)))

    def by_block(self, column: Ints, bit: Ints, in_force: Ints) -> Uses:
        """Rows (service, block, year) for the years in which an offer is in force, those alive only."""
        years, blocks = len(self.county.years), len(self.share)
        rows, cols, amounts = [], [], []
        for year in range(years):
            begun = year - self.start[column]
            there = (begun >= 0) & (begun < in_force)
            block = self.block[column[there]]
            rows.append((bit[there] * blocks + block) * years + year)
            cols.append(column[there])
            amounts.append(self.alive[block, year - self.entry[column[there]]])
        kept, row = np.unique(np.concatenate(rows), return_inverse=True)
        labels = []
        for one in kept.tolist():
            rest, year = divmod(one, years)
            labels.append((self.county.family.ids[rest // blocks], rest % blocks, year))
        return Uses(tuple(labels), row, np.concatenate(cols), np.concatenate(amounts))

    def by_place_and_age(self, column: Ints, bit: Ints, amount: Floats, first: Ints, last: Ints) -> Uses:
        """Rows (service, place, age, year) for the years start + first ≤ year < start + last, those alive only.

        What falls past the plan's end, where benefits there count, stands in the plan's last year.
        """
        years, places, ages = len(self.county.years), self.share.shape[1], len(self.county.groups.ages)
        rows, cols, amounts = [], [], []
        for year, place in product(range(self.county.groups.years), range(places)):
            begun = year - self.start[column]
            block, entry = self.block[column], self.entry[column]
            part = self.share[block, place, entry]
            there = (first <= begun) & (begun < last) & (part > 0)
            living = self.alive[block[there], year - entry[there]]
            due = min(year, years - 1)
            rows.append(((bit[there] * places + place) * ages + self.age[block[there]]) * years + due)
            cols.append(column[there])
            amounts.append(amount[there] * part[there] * living)
        row = np.concatenate(rows)
        kept, row = np.unique(row, return_inverse=True)
        labels = tuple(self._label(int(r), places, ages, years) for r in kept)
        return Uses(labels, row, np.concatenate(cols), np.concatenate(amounts))

    def _label(self, row: int, places: int, ages: int, years: int) -> tuple[str | int, ...]:
        rest, year = divmod(row, years)
        rest, age = divmod(rest, ages)
        bit, place = divmod(rest, places)
        return self.county.family.ids[bit], self.county.strata.places[place], age, year


def _averted(county: County, block: Ints, entry: Ints, package: Ints, start: Ints, share: Floats, group: Ints) -> Uses:
    """Rows (place, year): admissions averted there and then, only where a minimum speaks of them."""
    speaks = any(one.admissions_averted is not None for one in county.plan.record.fairness.minimum)
    if not speaks or not len(block) or not county.pathway.admissions:
        nothing = np.zeros(0, dtype=np.int64)
        return Uses((), nothing, nothing, np.zeros(0))
    years, places, groups = len(county.years), share.shape[1], len(county.groups)
    packages = np.arange(len(county.family))
    rows, cols, amounts = [], [], []
    for one, first, year in product(range(years), repeat=3):
        here = np.flatnonzero((entry == one) & (start == first))
        if first < one or year < first or not len(here):
            continue
        value = sum(
            events_averted(county, event, packages, entry=one, start=first, year=year)
            for event in county.pathway.admissions
        ).reshape(len(packages), places, groups)  # type: ignore[union-attr]
        for place in range(places):
            rows.append(np.full(len(here), place * years + year))
            cols.append(here)
            amounts.append(value[package[here], place, group[block[here]]] * share[block[here], place, one])
    labels = tuple((place, year) for place in county.strata.places for year in range(years))
    return Uses(labels, np.concatenate(rows), np.concatenate(cols), np.concatenate(amounts))


def _whole(county: County, block: Ints, entry: Ints, package: Ints, start: Ints) -> Uses:
    """Rows (block, cohort, start, place-level part): people whose package has just that part."""
    part = county.family.masks[package] & county.family.place_bits
    there = np.flatnonzero(part)
    keys = np.stack([block[there], entry[there], start[there], part[there]], axis=1)
    kept, row = np.unique(keys, axis=0, return_inverse=True)
    return Uses(tuple(map(tuple, kept.tolist())), row.reshape(-1), there, np.ones(len(there)))
