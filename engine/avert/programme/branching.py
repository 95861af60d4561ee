"""Lumpy services: branch on what is open, and price at every node.

A node is a choice for some switches, open or closed; the others lie between 0 and 1.  Its master is
solved in rounds like any other, so its bound holds over every offer and not only over those held:
an integer programme over the offers of the relaxation alone would fall far short.  A node whose
bound is no better than a plan in hand is dropped; the best bound among those left bounds the plan.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from avert.errors import NoFeasiblePlan, SolverStopped
from avert.programme.bound import gap_between
from avert.programme.master import Master
from avert.programme.rounds import Progress, solve_in_rounds
from avert.programme.switches import name_of
from avert.programme.uses import Ints
from avert.programme.variables import Sets, Switch
from avert.programme.written import own_money_weight

MOST_NODES = 5_000
DECIDED = 1e-6
"""How far from 0 or 1 a switch may be to count as decided."""
CLOSE_ENOUGH = 1e-7
"""Gap between the best plan and the best bound at which no more nodes are looked at."""
HIGHEST_PENALTY = 1e9
SHORT = 1e-6
"""What minima may lack, by rounding."""
PENALTY = 1_000.0
"""Price of a unit that a minimum or an open service lacks, as a multiple of the most an offer is worth."""

Decided = dict[Switch, int]


def penalty_of(sets: Sets) -> float:
    """Price of a unit that a minimum or an open service lacks: far above what it can cost to provide."""
    own = own_money_weight(sets) * sets.money
    return PENALTY * max(sets.menu.most_worth, *sets.menu.most_of_goal.values(), own, 1e-9)


@dataclass(frozen=True)
class Opened:
    """The best choice of what is open."""

    decided: Mapping[Switch, int]
    numbers: Ints
    """Offers held when it was found, and since."""
    worth: float
    upper_bound: float
    nodes: int


@dataclass(frozen=True)
class _Node:
    bound: float
    worth: float
    decided: Decided
    values: dict[Switch, float]
    lacks: float


def best_opening(sets: Sets, opening: Ints, progress: Progress = lambda _: None) -> Opened:
    """The choice of what is open that is worth most, with a bound over every choice and every offer.

    Raises NoFeasiblePlan if no choice meets the plan's minima, SolverStopped if the nodes run out.
    """
    penalty = penalty_of(sets)
    while True:
        search = _Search(sets, opening, penalty)
        try:
            search.run(progress)
            break
        except _PenaltyTooSmall:
            penalty *= 100
    if search.best is None:
        raise NoFeasiblePlan(
            "The plan's minima can't all be met together with its lumpy services, whichever of them are open; "
            f"see {sets.county.plan.line('lumpy')}."
        )
    bound = max(search.bound, search.best.worth)
    return Opened(search.best.decided, search.master.held, search.best.worth, bound, search.nodes)


class _PenaltyTooSmall(Exception):
    """A choice of what to open missed a minimum it could have met."""


class _Search:
    def __init__(self, sets: Sets, opening: Ints, penalty: float) -> None:
        self.sets, self.penalty = sets, penalty
        self.master = Master(sets, penalty=penalty)
        self.opening, self.nodes = opening, 0
        self.best: _Node | None = None
        self.bound = np.inf

    def run(self, progress: Progress) -> None:
        """Look at nodes, the one with the best bound first, until none can be better than the best plan."""
        root = self._solved({})
        waiting = [(-root.bound, 0, root)]
        while waiting:
            node = heapq.heappop(waiting)[2]
            self.bound = node.bound
            progress(f"{self.nodes} nodes: {self._in_hand()}, none better than {node.bound:,.6g}")
            if not self._could_be_better(node):
                return
            self._try(node)
            undecided = self._undecided(node)
            if undecided is None:
                self._check_leaf(node)
                continue
            for one in (1, 0):
                child = self._solved(node.decided | {undecided: one})
                if self._could_be_better(child):
                    heapq.heappush(waiting, (-child.bound, self.nodes, child))
        self.bound = self.best.worth if self.best else -np.inf

    def _in_hand(self) -> str:
        return f"best plan {self.best.worth:,.6g}" if self.best else "no plan yet"

    def _could_be_better(self, node: _Node) -> bool:
        return self.best is None or gap_between(self.sets, node.bound, self.best.worth) > CLOSE_ENOUGH

    def _solved(self, decided: Decided) -> _Node:
        """The master of a node, solved over every offer."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise SolverStopped(
                f"{MOST_NODES:,} choices of what to open were not enough ({self._in_hand()}, none better than "
                f"{self.bound:,.6g}), so there is no certified answer; state fewer lumpy services"
            )
        self.master.decide(decided)
        proof = solve_in_rounds(self.master, self.opening)
        values = self.master.values("is_open__")
        is_open = {
            switch: values[name_of("is_open", switch).removeprefix("is_open__")] for switch in self.sets.switches
        }
        lacks = sum(self.master.values("shortfall__").values())
        return _Node(proof.upper_bound, -self.master.objective, decided, is_open, lacks)

    def _undecided(self, node: _Node) -> Switch | None:
        """The free switch furthest from 0 and 1; None where all are decided and nothing is lacking."""
        free = [switch for switch in node.values if switch not in node.decided]
        distance = {switch: min(node.values[switch], 1 - node.values[switch]) for switch in free}
        if not distance:
            return None
        most = max(distance, key=lambda switch: distance[switch])
        return most if distance[most] > DECIDED or node.lacks > SHORT else None

    def _check_leaf(self, node: _Node) -> None:
        """A choice dropped for what it lacks must lack it whatever it is worth, and not for want of a penalty."""
        if node.lacks <= SHORT:
            return
        master = Master(self.sets, feasibility_only=True)
        master.decide(node.decided)
        solve_in_rounds(master, self.master.held)
        if master.objective <= SHORT:
            if self.penalty > HIGHEST_PENALTY:
                raise SolverStopped(
                    "a choice of what to open misses a minimum by rounding; there is no certified answer"
                )
            raise _PenaltyTooSmall

    def _try(self, node: _Node) -> None:
        """Settle every switch as the node suggests: a plan, if it meets the minima."""
        full = {switch: node.decided.get(switch, int(value > 0.5)) for switch, value in node.values.items()}
        plan = node if full == node.decided else self._solved(full)
        if plan.lacks <= SHORT and (self.best is None or plan.worth > self.best.worth):
            self.best = plan
