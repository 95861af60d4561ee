"""The programme written out in PuLP over any choice of columns; over all of them it is the referee."""

from __future__ import annotations

import numpy as np
from pulp import LpMinimize, LpProblem

from avert.programme.linear import linear
from avert.programme.lines import CONSTRAINTS, MINIMA
from avert.programme.uses import Ints
from avert.programme.variables import MONEY_UNIT, Sets, Variables, declare

TIE_BREAK = 1e-8
"""Least cost decides between equals: all money together weighs this share of what the plan is worth."""


def written_out(
    sets: Sets,
    chosen: Ints | None = None,
    *,
    feasibility_only: bool = False,
    worth_of_plan: float | None = None,
) -> tuple[LpProblem, Variables]:
    """The plan as a linear programme, a minimisation of minus its worth.

    minimise   − Σ worth[j] · x[j]  +  weight of net cost · Σ spend

    over the chosen columns (all by default), under every constraint of `CONSTRAINTS`.  With
    `feasibility_only` it minimises instead what the minima lack (phase 1).  Once the worth of the
    plan is known, stating it makes spend weigh just enough that the cheapest of equals is chosen.
    """
    chosen = np.arange(len(sets.offers)) if chosen is None else chosen
    problem = LpProblem("plan", LpMinimize)
    v = declare(problem, sets, chosen)
    if feasibility_only:
        _declare_shortfalls(problem, sets, v)
        problem += linear([(short, 1.0) for short in v.shortfall.values()])
    else:
        worth = sets.offers.worth[chosen].tolist()
        objective = [(x, -one) for x, one in zip(v.people, worth, strict=True)]
        weight = own_money_weight(sets)
        if worth_of_plan is not None:
            weight += TIE_BREAK * max(worth_of_plan, TIE_BREAK) / max(sets.money, 1e-9)
        problem += linear([*objective, *((spend, weight) for spend in v.spend.values())])
    for constraint in CONSTRAINTS:
        for name, line in constraint(sets, v):
            problem += (line, name)
    return problem, v


def _declare_shortfalls(problem: LpProblem, sets: Sets, v: Variables) -> None:
    for name, line in (pair for constraint in MINIMA for pair in constraint(sets, v)):
        most = abs(float(line.constant))
        v.shortfall[name] = problem.add_variable(f"shortfall__{name}", 0, most)


def own_money_weight(sets: Sets) -> float:
    """What the plan itself says one money unit of spend costs the objective (0 unless net cost counts)."""
    return sets.county.plan.record.weights.get("net_cost", 0.0) * MONEY_UNIT
