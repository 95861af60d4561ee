"""Which packages exist: sets of interventions one person may be offered together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from avert.errors import AvertError
from avert.library.records import AGE_BANDS, ALL_AGES, Intervention
from avert.pathway import MOST_INTERVENTIONS, Groups, masks_of
from avert.pathway.propagation import Masks


@dataclass(frozen=True)
class Family:
    """Every package that may exist, closed under leaving parts out.

    A package is a set of bits over `interventions`; `masks` are in order of size, then of bits.
    """

    interventions: tuple[Intervention, ...]
    masks: Masks
    members: NDArray[np.bool_]
    """(packages, interventions)"""
    eligible: NDArray[np.bool_]
    """(interventions, groups): for whom each service is meant."""
    combined: NDArray[np.bool_]
    """(interventions, groups): to whom each is also offered together with others."""

    def __len__(self) -> int:
        return len(self.masks)

    @cached_property
    def bits(self) -> Masks:
        """(interventions,): each service by itself, as a mask."""
        return masks_of(np.eye(len(self.interventions), dtype=bool))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.interventions)

    def offered_to(self) -> NDArray[np.bool_]:
        """(packages, groups): whether every part of a package is meant for a group."""
        several = self.members.sum(axis=1) > 1
        barred = self.members.astype(np.float32) @ (~self.eligible).astype(np.float32)
        apart = self.members[several].astype(np.float32) @ (~self.combined).astype(np.float32)
        result: NDArray[np.bool_] = barred == 0
        result[several] &= apart == 0
        return result

    @cached_property
    def for_people(self) -> NDArray[np.bool_]:
        """(interventions,): whether a service is offered person by person, not to a whole place."""
        return np.array([one.level == "person" for one in self.interventions], dtype=bool)

    @cached_property
    def parts(self) -> NDArray[np.int64]:
        """(packages, most parts): the services of each package, in order; one past the last service for none."""
        most = int(self.members.sum(axis=1).max(initial=1))
        found = np.full((len(self), most), self.members.shape[1], dtype=np.int64)
        row, bit = np.nonzero(self.members)
        found[row, np.arange(len(row)) - np.searchsorted(row, row)] = bit
        return found

    def named(self, package: int) -> tuple[str, ...]:
        """Ids of a package's parts."""
        return tuple(one.id for one, has in zip(self.interventions, self.members[package], strict=True) if has)


def family_of(
    interventions: Sequence[Intervention], groups: Groups, largest: int, combined: NDArray[np.bool_] | None = None
) -> Family:
    """Packages of up to `largest` compatible services for people, the empty one first.

    `combined` (interventions, groups) says which services are offered to a group together with others;
    all by default.

    Two services never stand together if they are substitutes for each other, if one contains the
    other, or if nobody is eligible for both.  Services that act on whole places are no part of them.
    """
    if len(interventions) > MOST_INTERVENTIONS:
        raise AvertError(
            f"{len(interventions)} services at once are more than the {MOST_INTERVENTIONS} avert can combine; "
            "leave some out"
        )
    eligible = np.array([eligible_groups(one, groups) for one in interventions], dtype=bool).reshape(
        len(interventions), len(groups)
    )
    together = eligible if combined is None else eligible & np.broadcast_to(combined, eligible.shape)
    members = _members(interventions, eligible, together, largest)
    return Family(tuple(interventions), masks_of(members), members, eligible, together)


def _members(
    interventions: Sequence[Intervention], eligible: NDArray[np.bool_], together: NDArray[np.bool_], largest: int
) -> NDArray[np.bool_]:
    """(packages, interventions): each package of one size joined by every later service that goes with its parts."""
    for_people = np.array([one.level == "person" for one in interventions], dtype=bool)
    goes_with = np.triu(~_clashes(interventions, together), 1)
    members = np.zeros((1, len(interventions)), dtype=bool)
    may_join, people = for_people[None, :], np.ones((1, eligible.shape[1]), dtype=bool)
    found = [members]
    for size in range(1, largest + 1):
        row, bit = np.nonzero(may_join)
        people = people[row] & together[bit]
        somebody = (people if size > 1 else eligible[bit]).any(axis=1)
        row, bit, people = row[somebody], bit[somebody], people[somebody]
        members, may_join = members[row], may_join[row] & goes_with[bit]
        members[np.arange(len(bit)), bit] = True
        found.append(members)
    return np.concatenate(found)


def eligible_groups(intervention: Intervention, groups: Groups) -> NDArray[np.bool_]:
    """(groups,): age within the limits, every required factor, one of the alternatives, none excluded.

    A factor the plan's graph does not tell apart cannot be required of anyone, so nobody qualifies.  No more
    can people whose age is not told qualify for a service that goes by age.
    """
    rule = intervention.eligible
    at_any_age = set(AGE_BANDS) <= set(rule.ages)
    fits = [age in rule.ages or (age == ALL_AGES and at_any_age) for age in groups.ages]
    ages = np.repeat(fits, len(groups.flags))
    none, everyone = np.zeros(len(groups), dtype=bool), np.ones(len(groups), dtype=bool)
    has = {factor: groups.has(factor) for factor in groups.factors}
    chosen = ages
    for factor in rule.requires:
        chosen = chosen & has.get(factor, none)
    if rule.requires_any:
        chosen = chosen & np.any([has.get(factor, none) for factor in rule.requires_any], axis=0)
    for factor in rule.excludes:
        chosen = chosen & ~has.get(factor, none)
    return chosen & everyone


def compatible(one: Intervention, other: Intervention) -> bool:
    """Whether two services may stand together: no substitutes for each other, neither inside the other."""
    same = one.substitutes is not None and one.substitutes == other.substitutes
    return not same and other.id not in one.contains and one.id not in other.contains


def _clashes(interventions: Sequence[Intervention], eligible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    count = len(interventions)
    clash = np.zeros((count, count), dtype=bool)
    for i, j in combinations(range(count), 2):
        one, other = interventions[i], interventions[j]
        clash[i, j] = clash[j, i] = not compatible(one, other) or not (eligible[i] & eligible[j]).any()
    return clash
