"""The programme written out in PuLP over any offers; over all of them it is the referee."""

from __future__ import annotations

from collections.abc import Mapping

from pulp import LpMinimize, LpProblem, LpVariable

from avert.programme.linear import linear
from avert.programme.lines import CONSTRAINTS, ELASTIC, MINIMA, Constraint
from avert.programme.offers import Offers
from avert.programme.prices import MONEY_UNIT
from avert.programme.variables import Sets, Switch, Variables, declare

TIE_BREAK = 1e-8
"""Least cost decides between equals: all money together weighs this share of what the plan is worth."""


def written_out(
    sets: Sets,
    offers: Offers,
    *,
    feasibility_only: bool = False,
    penalty: float | None = None,
    worth_of_plan: float | None = None,
    decided: Mapping[Switch, int] | None = None,
) -> tuple[LpProblem, Variables]:
    """The plan as a linear programme, a minimisation of minus its worth.

    minimise   − Σ worth[j] · x[j]  −  Σ worth[c] · covered[r,c]  +  weight of money · Σ spend

    over some offers, under every constraint of `CONSTRAINTS`.  With `feasibility_only` it minimises
    instead what the minima lack (phase 1); with a `penalty` what minima and open services lack is
    allowed at that price each, so that it always has a solution.  Once the worth of the plan is known,
    stating it makes spend weigh just enough that the cheapest of equals is chosen.  `decided` says
    which lumpy services are open.
    """
    problem = LpProblem("plan", LpMinimize)
    v = declare(problem, sets, offers)
    for switch, one in (decided or {}).items():
        v.is_open[switch].lowBound = v.is_open[switch].upBound = one
    short: list[tuple[LpVariable, float]] = []
    if feasibility_only or penalty is not None:
        _declare_shortfalls(problem, sets, v, ELASTIC if sets.switches else MINIMA)
        short = [(one, penalty or 1.0) for one in v.shortfall.values()]
    problem += linear(short if feasibility_only else [*short, *_objective(sets, v, worth_of_plan)])
    for constraint in CONSTRAINTS:
        for name, line in constraint(sets, v):
            problem += (line, name)
    return problem, v


def _objective(sets: Sets, v: Variables, worth_of_plan: float | None) -> list[tuple[LpVariable, float]]:
    terms = [(x, -one) for x, one in zip(v.people, v.offers.worth.tolist(), strict=True)]
    terms += [(share, -one) for share, one in zip(v.covered, sets.covering.worth.tolist(), strict=True)]
    weight = own_money_weight(sets)
    if worth_of_plan is not None:
        weight += TIE_BREAK * max(abs(worth_of_plan), TIE_BREAK) / max(sets.money, 1e-9)
    return [*terms, *((spend, weight) for spend in v.spend.values())]


def _declare_shortfalls(problem: LpProblem, sets: Sets, v: Variables, minima: tuple[Constraint, ...]) -> None:
    for name, line in (pair for constraint in minima for pair in constraint(sets, v)):
        most = max(abs(float(line.constant)), *(abs(amount) for _, amount in line.items()), 0.0)
        v.shortfall[name] = problem.add_variable(f"shortfall__{name}", 0, abs(float(line.constant)) or most)


def own_money_weight(sets: Sets) -> float:
    """What the plan itself says one money unit of spend costs the objective: 0 unless cost counts."""
    return sets.county.plan.record.weight_of_a_pound * MONEY_UNIT
