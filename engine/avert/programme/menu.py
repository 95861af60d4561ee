"""The menu: everything that may be offered, to whom and from when, each with a number and a worth.

A pair is a package and a group of people it may be offered to.  An offer is a pair in a region (a
place, or the whole county where offers must be the same everywhere), to a cohort, from a start year.
Offers are never listed: a county has millions.  Each has a number, from which everything follows:

    number  =  ((cover · pairs + pair) · regions + region) · slots + slot,     slot = (entry, start)

A cover is a choice of services that act on whole places (see `packages.covers`); nearly always the
only one is the empty one.  An offer is made to those who live under one cover.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from avert.packages import County, Cover, barred_beside, covers_of, survival
from avert.packages.values import Counted, values_beside, values_of_cover
from avert.pathway.groups import Floats
from avert.programme.goals import Goal, goals_of, objective_weights
from avert.programme.uses import Ints


@dataclass(frozen=True)
class Menu:
    """Offers of a county by number, with the blocks of people they are for.

    A block is a group in a region, numbered region · groups + group.
    """

    county: County
    package: Ints
    """(pairs,): sorted by group, then by years occupied, then by package."""
    group: Ints
    """(pairs,)"""
    slots: list[tuple[int, int]]
    """(entry, start) of every slot: a cohort that somebody joins and a year from which it may be offered something.

    The first cohort always has its slots.
    """
    place_share: Floats
    """(regions, places, groups, years): how a block's people are spread over places, by year of entry."""
    block_people: Floats
    """(blocks, years): people joining each block's cohorts."""
    goals: tuple[Goal, ...]
    covers: tuple[Cover, ...]
    value: Floats
    """(covers, pairs, regions, slots): contribution to the objective per person of the cohort, before money."""
    goal_values: Mapping[str, Floats]
    """Goal → (covers, pairs, regions, slots): what an offer adds to it per person of the cohort."""
    cover_value: Floats
    """(covers, regions): contribution of a cover to the objective, if it covered the whole region."""
    cover_goals: Mapping[str, Floats]
    """Goal → (covers, regions): what a cover adds to it."""

    @property
    def regions(self) -> int:
        return len(self.place_share)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Extent of (cover, pair, region, slot), the parts of a number."""
        return len(self.covers), len(self.package), self.regions, len(self.slots)

    def __len__(self) -> int:
        """How many offers there are to people who exist."""
        each = np.bincount(self.group, minlength=len(self.county.groups))
        there = (self.block_people > 0).reshape(self.regions, -1, len(self.county.years))
        one_cover = sum((there[:, :, entry] * each[None]).sum() for entry, _ in self.slots)
        return int(one_cover) * len(self.covers)

    @cached_property
    def service_number(self) -> dict[str, int]:
        return {name: n for n, name in enumerate(self.county.family.ids)}

    @cached_property
    def place_number(self) -> dict[str, int]:
        return {name: n for n, name in enumerate(self.county.strata.places)}

    @cached_property
    def alive(self) -> Floats:
        """(groups, years): share of a cohort still alive so many years after joining, the same in every place."""
        return survival(self.county, self.county.groups.years)[: len(self.county.groups)]

    @cached_property
    def barred(self) -> np.ndarray:
        """(covers, pairs): packages that cannot be offered beside a cover, since they stand for the same."""
        return np.stack([barred_beside(self.county, cover)[self.package] for cover in self.covers])

    @cached_property
    def occupied(self) -> Ints:
        """(pairs,): years in which someone offered the package is offered nothing else."""
        result: Ints = self.county.occupied[self.package]
        return result

    @cached_property
    def entries(self) -> list[int]:
        """Cohorts that somebody joins, by year of entry."""
        return sorted({entry for entry, _ in self.slots})

    @cached_property
    def slot_of(self) -> Ints:
        """(entries, starts) → slot; −1 where the start lies before the entry, or nobody joins then."""
        years = len(self.county.years)
        found = np.full((years, years), -1, dtype=np.int64)
        for number, (entry, start) in enumerate(self.slots):
            found[entry, start] = number
        return found

    @cached_property
    def segments(self) -> Ints:
        """Where pairs of one group and one number of years occupied begin."""
        change = (np.diff(self.group, prepend=-1) != 0) | (np.diff(self.occupied, prepend=-1) != 0)
        return np.flatnonzero(change)

    @cached_property
    def parts(self) -> Ints:
        """(pairs, most parts): the services of each pair's package; one past the last service for none."""
        return self.county.family.parts[self.package]

    def only(self, pairs: Ints) -> Menu:
        """The same menu with some of its pairs, in their order, and no others."""
        goals = {name: values[:, pairs] for name, values in self.goal_values.items()}
        package, group, value = self.package[pairs], self.group[pairs], self.value[:, pairs]
        return replace(self, package=package, group=group, value=value, goal_values=goals)

    def numbers(self, pair: Ints, region: Ints, slot: Ints, cover: Ints | int = 0) -> Ints:
        """Numbers of offers from their parts."""
        covers = np.broadcast_to(np.asarray(cover, dtype=np.int64), np.shape(pair))
        return np.asarray(np.ravel_multi_index((covers, pair, region, slot), self.shape), dtype=np.int64)

    def everything(self) -> Ints:
        """Numbers of all offers to people who exist."""
        people = self.block_people.reshape(self.regions, -1, len(self.county.years))
        entry = np.array([entry for entry, _ in self.slots])
        there = people[:, self.group][:, :, entry] > 0
        free = ~self.barred[:, :, None, None]
        return np.flatnonzero((free & np.swapaxes(there, 0, 1)[None]).reshape(-1))

    @cached_property
    def most_worth(self) -> float:
        """The most any offer can be worth per person; what rounding is held against."""
        return float(np.abs(self.value).max(initial=0.0))

    @cached_property
    def most_of_goal(self) -> dict[str, float]:
        """Goal → the most any offer can add to it per person."""
        return {name: float(np.abs(values).max(initial=0.0)) for name, values in self.goal_values.items()}

    @cached_property
    def all_there_is(self) -> float:
        """Σ over blocks, cohorts and starts of people · the best worth: more than any plan can be worth."""
        people = self.block_people.reshape(self.regions, -1, len(self.county.years))
        total = float(np.maximum(self.cover_value, 0).max(axis=0).sum())
        if not len(self.package):
            return total
        best = np.maximum.reduceat(self.value.max(axis=0), self.segments, axis=0)
        for number, (entry, _) in enumerate(self.slots):
            most = np.zeros((len(self.county.groups), self.regions))
            np.maximum.at(most, self.group[self.segments], best[:, :, number])
            total += float((most.T * people[:, :, entry]).sum())
        return total


def menu_of(county: County, extra_goals: tuple[Goal, ...] = ()) -> Menu:
    """The menu of a county by the plan's objective, with the goals it has to reach."""
    years = len(county.years)
    package, group = _pairs(county)
    share = _place_share(county)
    people = county.joined.reshape(len(county.strata.places), len(county.groups), years)
    by_region = people if share.shape[0] > 1 or len(people) == 1 else people.sum(axis=0, keepdims=True)
    goals, covers = (*goals_of(county), *extra_goals), covers_of(county)
    nothing, none = np.zeros((len(covers), len(package), len(share), 0)), np.zeros((len(covers), len(share)))
    blocks = by_region.reshape(-1, years)
    entries = [entry for entry in range(years) if entry == 0 or blocks[:, entry].any()]
    slots = [(entry, start) for entry in entries for start in range(entry, years)]
    empty = Menu(county, package, group, slots, share, blocks, goals, covers, nothing, {}, none, {})
    counted = [(objective_weights(county), None), *((goal.weights, goal.year) for goal in goals)]
    (value, *more), (cover_value, *cover_more) = _values(empty, counted)
    names = [goal.name for goal in goals]
    of_goals, covers_of_goals = dict(zip(names, more, strict=True)), dict(zip(names, cover_more, strict=True))
    return replace(empty, value=value, goal_values=of_goals, cover_value=cover_value, cover_goals=covers_of_goals)


def by_another_objective(menu: Menu, county: County) -> Menu:
    """The same menu by the objective of a county that differs in nothing else."""
    (value,), (cover_value,) = _values(replace(menu, county=county), [(objective_weights(county), None)])
    return replace(menu, county=county, value=value, cover_value=cover_value)


def _values(menu: Menu, counted: list[Counted]) -> tuple[list[Floats], list[Floats]]:
    """For each weighting, (covers, pairs, regions, slots) of offers and (covers, regions) of covers."""
    county, share, slots = menu.county, menu.place_share, menu.slots
    found = [values_beside(county, cover, counted, menu.package, menu.group, slots) for cover in menu.covers]
    own = [values_of_cover(county, cover, counted) for cover in menu.covers]
    numbers = range(len(counted))
    return (
        [np.stack([in_regions(one[n], share, menu.group, slots) for one in found]) for n in numbers],
        [np.stack([_by_region(one[n], share) for one in own]) for n in numbers],
    )


def _pairs(county: County) -> tuple[Ints, Ints]:
    package, group = np.nonzero(county.family.offered_to()[1:])
    package = package + 1
    order = np.lexsort((package, county.occupied[package], group))
    return package[order], group[order]


def _place_share(county: County) -> Floats:
    """(regions, places, groups, years): each place by itself, or all together in proportion to their people."""
    places, groups, years = len(county.strata.places), len(county.groups), len(county.years)
    if county.plan.record.fairness.offers != "same_everywhere":
        return np.broadcast_to(np.eye(places)[:, :, None, None], (places, places, groups, years)).copy()
    people = county.joined.reshape(places, groups, years)
    whole = people.sum(axis=0)
    return (people / np.where(whole > 0, whole, 1.0))[None]


def _by_region(by_place: Floats, share: Floats) -> Floats:
    """(places,) → (regions,), added up."""
    return by_place if share.shape[0] == len(by_place) else by_place.sum(keepdims=True)


def in_regions(by_place: Floats, share: Floats, group: Ints, slots: list[tuple[int, int]]) -> Floats:
    """(pairs, places, slots) → (pairs, regions, slots), averaged over a region's people."""
    if share.shape[0] == by_place.shape[1]:
        return np.ascontiguousarray(by_place)
    entry = np.array([entry for entry, _ in slots])
    part = share[0][:, group][:, :, entry]
    result: Floats = np.einsum("nps,pns->ns", by_place, part)[:, None, :]
    return result
