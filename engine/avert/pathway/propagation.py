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

import numpy as np
from numpy.typing import NDArray

from avert.errors import AvertError
from avert.library.records import Edge, at_age
from avert.pathway.effects import OwnEffect, edge_ratio
from avert.pathway.groups import Floats, Groups
from avert.pathway.influence import influence, lagged, mean_since_start, node_rates

Masks = NDArray[np.int64]
MOST_INTERVENTIONS = 62  # a set is one machine word, a bit for each intervention


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
        order = self.groups.pathway.order
        reach, wanted = self._reach, self._wanted(sets)
        known: dict[str, Remaining] = {}
        for node in order:
            theta = self._theta(node, wanted[node], known)
            if self.groups.pathway.node(node).form != "continuous" and theta.min(initial=1.0) < 0:
                raise AvertError(
                    f"the effects on '{node}' and on what leads to it remove more than all of it; an effect above 1 "
                    "on a factor that protects, or on a state most people have, does this. "
                    "Check the interventions acting there."
                )
            known[node] = Remaining(reach[node], wanted[node], theta)
        return {event: known[event] for event in self.groups.pathway.events}

    def _own(self, node: str) -> list[OwnEffect]:
        return [effect for effect in self.effects if effect.node == node]

    def _masking(self, node: str) -> int:
        return sum(self.bit(effect.intervention) for effect in self._own(node) if effect.masks_chain)

    @cached_property
    def _reach(self) -> dict[str, int]:
        pathway = self.groups.pathway
        reach: dict[str, int] = {}
        for node in pathway.order:
            bits = sum(self.bit(effect.intervention) for effect in self._own(node))
            for edge in pathway.into(node):
                bits |= reach[edge.from_] & ~self._masking(node)
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
            together = np.concatenate([*asked[node], np.zeros(1, dtype=np.int64)])
            wanted[node] = np.unique(together & reach[node])
            for edge in pathway.into(node):
                asked[edge.from_].append(wanted[node] & ~np.int64(self._masking(node)))
        return wanted

    def _theta(self, node: str, sets: Masks, known: dict[str, Remaining]) -> Floats:
        if self.groups.pathway.node(node).form == "continuous":
            return self._difference(node, sets)
        theta = np.ones((len(sets), 1, 1, 1))
        for effect in self._own(node):
            taken = (sets & self.bit(effect.intervention)) > 0
            remains = 1 - self.strength[effect.intervention] * (1 - effect.value)
            theta = theta * np.where(taken[:, None, None, None], remains, 1.0)
        unmasked = sets & ~np.int64(self._masking(node))
        for edge in self.groups.pathway.into(node):
            source = known[edge.from_]
            if source.reach:
                theta = theta * self._through(edge, source.theta)[source.rows(unmasked)]
        return theta

    def _difference(self, node: str, sets: Masks) -> Floats:
        """Sum of mean differences in a continuous factor, in its unit."""
        total = np.zeros((len(sets), 1, 1, self.groups.years))
        for effect in self._own(node):
            taken = (sets & self.bit(effect.intervention)) > 0
            total = total + np.where(taken[:, None, None, None], self.strength[effect.intervention] * effect.value, 0.0)
        return total

    def _through(self, edge: Edge, source: Floats) -> Floats:
        """The factor by which a change in an edge's source multiplies its target's rate."""
        record = self.groups.pathway.node(edge.from_)
        if record.form == "continuous":
            return self._through_continuous(edge, source)
        power = edge.pass_through.value if edge.pass_through else 1.0
        prevented = 1 - source**power
        if record.form == "onset" and edge.measure != "share":
            prevented = mean_since_start(_all_years(prevented, self.groups.years))
        change = influence(edge, self.groups, node_rates(self.groups)) * prevented
        if edge.lag_years.value:
            change = lagged(_all_years(change, self.groups.years), edge.lag_years.value)
        return 1 - change

    def _through_continuous(self, edge: Edge, difference: Floats) -> Floats:
        assert edge.per is not None  # checked when the library was read
        ratios = [edge_ratio(edge, at_age(edge.estimate, age)) for age in self.groups.ages]
        reversible = edge.reversible.value if edge.reversible else 1.0
        steps = lagged(difference, edge.lag_years.value) * reversible / edge.per.value
        result: Floats = self.groups.by_age(ratios) ** steps
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
