"""What remains of each event when packages are offered: propagation, mixed over what people take up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from avert.library.records import Intervention
from avert.packages.timing import strength
from avert.pathway import Groups, OwnEffect, Propagation, RemainingOffered
from avert.pathway.groups import Floats
from avert.pathway.propagation import Masks
from avert.plan.records import Plan


def strengths_of(interventions: Sequence[Intervention], groups: Groups, record: Plan) -> dict[str, Floats]:
    """Intervention → (years,): share of its effect in force in each year since it started."""
    return {one.id: strength(one, groups.years, record.realism) for one in interventions}


def remaining_as_offered(
    groups: Groups,
    interventions: Sequence[Intervention],
    effects: tuple[OwnEffect, ...],
    strengths: Mapping[str, Floats],
    masks: Masks,
    offered: NDArray[np.bool_],
    record: Plan,
) -> dict[str, RemainingOffered]:
    """Event → θ of every package in `masks` (all their parts included) as offered, take-up included.

    θ(P) = Σ over subsets T of P of Pr(T) · θ(T),      Pr(T): the chance that somebody offered P takes up just T

    `offered` (packages, groups) says to whom; who is offered a package may be offered its parts.
    """
    names = tuple(one.id for one in interventions)
    held = int(np.bitwise_or.reduce(masks, initial=0))
    acting = tuple(one for one in effects if held >> names.index(one.intervention) & 1)
    theta = Propagation(groups, names, acting, strengths).remaining_offered(masks, offered)
    uptake = [one.figure("uptake").value for one in interventions]
    mixed = _alike if record.take_up == "same_people" else _independently
    return {event: replace(taken, theta=mixed(taken, uptake)) for event, taken in theta.items()}


def _independently(remaining: RemainingOffered, uptake: Sequence[float]) -> Floats:
    """θ of packages offered where everyone takes up each service by chance, whatever the others are.

    θ(P) = Σ over subsets T of P of Pr(T) · θ(T),      Pr(T) = Π over T of u_i · Π over the rest of (1 − u_i)

    which is, one service after another,   θ(P) ← u_i · θ(P) + (1 − u_i) · θ(P∖i)   for every P that holds i.
    """
    theta = remaining.theta.copy()
    for bit, taken in enumerate(uptake):
        sets = remaining.masks >> bit & 1 == 1
        if sets.any():
            holding, without = _with_and_without(remaining, sets, bit)
            theta[holding] = taken * theta[holding] + (1 - taken) * theta[without]
    return theta


def _alike(remaining: RemainingOffered, uptake: Sequence[float]) -> Floats:
    """The same where those who accept a less popular service also accept every more popular one.

    Only nested sets occur: with u_1 ≥ u_2 ≥ …, Pr({1..k}) = u_k − u_{k+1}.  So the least popular service k
    of a package adds  u_k · (θ(P) − θ(P∖k))  to what is offered without it.
    """
    taken, theta, masks = remaining.theta, remaining.theta.copy(), remaining.masks
    for bit in sorted(range(len(uptake)), key=lambda bit: (-uptake[bit], bit)):
        less_popular = sum(1 << other for other in range(len(uptake)) if (-uptake[other], other) > (-uptake[bit], bit))
        last, without = _with_and_without(remaining, (masks >> bit & 1 == 1) & (masks & less_popular == 0), bit)
        theta[last] = theta[without] + uptake[bit] * (taken[last] - taken[without])
    return theta


def _with_and_without(remaining: RemainingOffered, sets: NDArray[np.bool_], bit: int) -> tuple[Masks, Masks]:
    """Where θ stands of some sets, in every group they are offered to, and of the same sets without a service."""
    row = np.flatnonzero(sets)
    there = remaining.place[row] >= 0
    without = remaining.rows(remaining.masks[row] & ~(1 << bit))
    return remaining.place[row][there], remaining.place[without][there]
