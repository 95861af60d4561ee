"""What remains of each event's rate when a set of interventions is taken up: propagation along the graph.

    θ_v(T) = Π own_i,v  ·  Π over parents u of [ 1 − A(u→v) · (1 − θ_u(T∖M_v)^p) ]      i in T
    from a continuous u:   RR ^ (Δ_u / unit)

M_v are the interventions with an estimate of the total effect on v itself: what they do to v's
parents is left out on v's edges, and on those only.  Each T∖M_v is itself a set of interventions,
so a node is worked out once for every distinct part of a set that can reach it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from avert.errors import AvertError
from avert.library.records import Edge, at_age
from avert.pathway.effects import OwnEffect, edge_ratio
from avert.pathway.groups import Floats, Groups
from avert.pathway.influence import influence, lagged, mean_since_start, node_rates

Masks = NDArray[Any]
"""Sets of interventions, a bit for each: machine words, or whole numbers of any length where words are too short."""
Picked = slice | NDArray[np.int64]
EVERYONE = slice(None)
WORD = 62
"""Bits of a machine word that are free to stand for an intervention."""
MOST_INTERVENTIONS = 250


def masks_of(members: NDArray[np.bool_]) -> Masks:
    """(sets, interventions) of who is in which set → the sets as masks."""
    count = members.shape[1]
    if count <= WORD:
        words: Masks = members @ (np.int64(1) << np.arange(count, dtype=np.int64))
        return words.astype(np.int64)
    long = np.zeros(len(members), dtype=object)
    for row, has in enumerate(members):
        long[row] = sum(1 << bit for bit in np.flatnonzero(has).tolist())
    return long


@dataclass(frozen=True)
class Remaining:
    """θ of one node: `theta[k]` for the k-th set in `masks`, shaped (sets, groups, waits, years)."""

    reach: int
    """Bits of the interventions that can change this node."""
    masks: Masks
    """Distinct sets, sorted."""
    theta: Floats

    def of(self, sets: Masks) -> Floats:
        """θ for any sets, whose parts that cannot reach the node make no difference."""
        return self.theta[self.rows(sets)]

    def rows(self, sets: Masks) -> Masks:
        """Where the parts of some sets that can reach the node stand in `masks`."""
        return np.searchsorted(self.masks, sets & self.reach)


@dataclass(frozen=True)
class RemainingOffered:
    """θ of one event for sets of interventions, each only in the groups it is offered to.

    `theta` is (pairs of a set and a group, waits, years).  Its last row is no number: it stands for sets that
    a group is not offered.
    """

    reach: int
    """Bits of the interventions that can change the event."""
    masks: Masks
    """Distinct sets, sorted; a set holds all its parts."""
    place: NDArray[np.int64]
    """(sets, groups): where in `theta` a set's θ in a group stands; −1 where it is not offered."""
    theta: Floats

    @property
    def waits(self) -> int:
        return int(self.theta.shape[1])

    def of(self, sets: Masks) -> Floats:
        """(sets, groups, waits, years): θ for any sets, in every group."""
        return self.theta[self.place[self.rows(sets)]]

    def at(self, sets: Masks, row: NDArray[np.int64], group: NDArray[np.int64]) -> Floats:
        """(pairs, waits, years): θ of the sets in some rows, each in the group beside it."""
        return self.theta[self.place[self.rows(sets)[row], group]]

    def rows(self, sets: Masks) -> Masks:
        """Where the parts of some sets that can reach the event stand in `masks`."""
        return np.searchsorted(self.masks, sets & self.reach)


@dataclass(frozen=True)
class Propagation:
    """Everything fixed about a run of propagation: groups, effects, and how strong each is over time."""

    groups: Groups
    interventions: tuple[str, ...]
    """Order of the bits."""
    effects: tuple[OwnEffect, ...]
    strength: Mapping[str, Floats]
    """Intervention → (years,): share of its effect in force in each year since it started."""

    def bit(self, intervention: str) -> int:
        return 1 << self.interventions.index(intervention)

    def remaining(self, sets: Masks) -> dict[str, Remaining]:
        """θ of every event for every set in `sets` (which must include all their subsets).

        Returns event → Remaining, whose arrays broadcast to (sets, groups, waits, years).
        """
        wanted, events = self._wanted(sets), self.groups.pathway.events
        known = self._before_events(wanted)
        thetas = {event: self._checked(event, self._theta(event, wanted[event], known)) for event in events}
        return {event: Remaining(self._reach[event], wanted[event], theta) for event, theta in thetas.items()}

    def remaining_offered(self, sets: Masks, offered: NDArray[np.bool_]) -> dict[str, RemainingOffered]:
        """The same only for the sets that each group is offered, by `offered` (sets, groups); their parts are too.

        Nearly everything is known before the last step, and that is by far the largest: events are what
        every service reaches.
        """
        wanted = self._wanted(sets)
        known, found = self._before_events(wanted), {}
        for event in self.groups.pathway.events:
            masks, reach = wanted[event], self._reach[event]
            part = np.searchsorted(masks, sets & reach)
            order = np.argsort(part, kind="stable")
            begins = np.searchsorted(part[order], np.arange(len(masks)))
            asked = np.logical_or.reduceat(offered[order], begins, axis=0)
            row, group = np.nonzero(asked)
            theta = self._checked(event, self._theta_at(event, masks, known, row, group))
            place = np.full(asked.shape, -1, dtype=np.int64)
            place[row, group] = np.arange(len(row))
            nowhere = np.full((1, *theta.shape[1:]), np.nan)
            found[event] = RemainingOffered(reach, masks, place, np.concatenate([theta, nowhere]))
        return found

    def _before_events(self, wanted: Mapping[str, Masks]) -> dict[str, Remaining]:
        """θ of every node that changes but the events, to which everything leads and which lead to nothing."""
        pathway = self.groups.pathway
        known: dict[str, Remaining] = {}
        for node in pathway.order:
            if pathway.node(node).kind != "event" and self._reach[node]:
                theta = self._checked(node, self._theta(node, wanted[node], known))
                known[node] = Remaining(self._reach[node], wanted[node], theta)
        return known

    def _checked(self, node: str, theta: Floats) -> Floats:
        if self.groups.pathway.node(node).form != "continuous" and theta.min(initial=1.0) < 0:
            raise AvertError(
                f"the effects on '{node}' and on what leads to it remove more than all of it; an effect above 1 "
                "on a factor that protects, or on a state most people have, does this. "
                "Check the interventions acting there."
            )
        return theta

    @cached_property
    def _own(self) -> dict[str, list[OwnEffect]]:
        """Node → effects on itself."""
        own: dict[str, list[OwnEffect]] = {node: [] for node in self.groups.pathway.order}
        for effect in self.effects:
            own[effect.node].append(effect)
        return own

    @cached_property
    def _masking(self) -> dict[str, int]:
        """Node → bits of the interventions whose effect on its parents is left out on its edges."""
        return {
            node: sum(self.bit(effect.intervention) for effect in own if effect.masks_chain)
            for node, own in self._own.items()
        }

    @cached_property
    def _reach(self) -> dict[str, int]:
        pathway = self.groups.pathway
        reach: dict[str, int] = {}
        for node in pathway.order:
            bits = sum(self.bit(effect.intervention) for effect in self._own[node])
            for edge in pathway.into(node):
                bits |= reach[edge.from_] & ~self._masking[node]
            reach[node] = bits
        return reach

    def _wanted(self, sets: Masks) -> dict[str, Masks]:
        """The distinct sets each node must be worked out for, from what its children ask."""
        pathway, reach = self.groups.pathway, self._reach
        asked: dict[str, list[Masks]] = {node: [] for node in pathway.order}
        wanted = {}
        for node in reversed(pathway.order):
            if pathway.node(node).kind == "event":
                asked[node].append(sets)
            together = np.concatenate([*asked[node], np.zeros(1, dtype=sets.dtype)])
            wanted[node] = np.unique(together & reach[node])
            for edge in pathway.into(node):
                asked[edge.from_].append(wanted[node] & ~self._masking[node])
        return wanted

    def _theta(self, node: str, sets: Masks, known: dict[str, Remaining]) -> Floats:
        if self.groups.pathway.node(node).form == "continuous":
            return self._difference(node, sets)
        theta = self._by_own_effects(node, sets)
        unmasked = sets & ~self._masking[node]
        for edge in self.groups.pathway.into(node):
            if source := known.get(edge.from_):
                theta = theta * self._through(edge, source.theta)[source.rows(unmasked)]
        return theta

    def _theta_at(
        self, node: str, sets: Masks, known: dict[str, Remaining], row: NDArray[np.int64], group: NDArray[np.int64]
    ) -> Floats:
        """(pairs, waits, years): `_theta` of the sets in some rows, each in the group beside it."""
        theta: Floats = self._by_own_effects(node, sets)[row, 0]
        unmasked = sets & ~self._masking[node]
        for edge in self.groups.pathway.into(node):
            if source := known.get(edge.from_):
                there = np.minimum(group, source.theta.shape[1] - 1)  # one for all where groups do not differ
                left = source.theta[source.rows(unmasked)[row], there]
                theta = theta * self._through(edge, left, group)
        return theta

    def _by_own_effects(self, node: str, sets: Masks) -> Floats:
        theta = np.ones((len(sets), 1, 1, 1))
        for effect in self._own[node]:
            taken = (sets & self.bit(effect.intervention)) > 0
            remains = 1 - self.strength[effect.intervention] * (1 - effect.value)
            theta = theta * np.where(taken[:, None, None, None], remains, 1.0)
        return theta

    def _difference(self, node: str, sets: Masks) -> Floats:
        """Sum of mean differences in a continuous factor, in its unit."""
        total = np.zeros((len(sets), 1, 1, self.groups.years))
        for effect in self._own[node]:
            taken = (sets & self.bit(effect.intervention)) > 0
            total = total + np.where(taken[:, None, None, None], self.strength[effect.intervention] * effect.value, 0.0)
        return total

    def _through(self, edge: Edge, source: Floats, group: Picked = EVERYONE) -> Floats:
        """The factor by which a change in an edge's source multiplies its target's rate.

        `source` is (sets, groups, waits, years), or (pairs, waits, years) with the group of each pair.
        """
        record = self.groups.pathway.node(edge.from_)
        if record.form == "continuous":
            return self._through_continuous(edge, source, group)
        power = edge.pass_through.value if edge.pass_through else 1.0
        prevented = 1 - source**power
        if record.form == "onset" and edge.measure != "share":
            prevented = mean_since_start(_all_years(prevented, self.groups.years))
        change = influence(edge, self.groups, node_rates(self.groups))[group] * prevented
        if edge.lag_years.value:
            change = lagged(_all_years(change, self.groups.years), edge.lag_years.value)
        return 1 - change

    def _through_continuous(self, edge: Edge, difference: Floats, group: Picked) -> Floats:
        assert edge.per is not None  # checked when the library was read
        ratios = [edge_ratio(edge, at_age(edge.estimate, age)) for age in self.groups.ages]
        reversible = edge.reversible.value if edge.reversible else 1.0
        steps = lagged(difference, edge.lag_years.value) * reversible / edge.per.value
        result: Floats = self.groups.by_age(ratios)[group] ** steps
        return result


def _all_years(values: Floats, years: int) -> Floats:
    return np.broadcast_to(values, (*values.shape[:-1], years)).copy()


def subsets(mask: int) -> Sequence[int]:
    """Every subset of a set of bits, the empty one first."""
    found = [0]
    bit = 1
    while bit <= mask:
        if mask & bit:
            found += [one | bit for one in found]
        bit <<= 1
    return found
