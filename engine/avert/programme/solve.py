"""Solve a PuLP problem and read it only if it is optimal: no number without a status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cbcbox import cbc_bin_path
from pulp import COIN_CMD, HiGHS, LpConstraintGE, LpConstraintLE, LpProblem

from avert.errors import AvertError, NoFeasiblePlan, SolverStopped, nearest
from avert.programme.linear import INFEASIBLE, OPTIMAL, status_of


def _cbc(**_: Any) -> Any:
    """CBC by the path of the package that brings it, since an unactivated environment is not on the search path.

    Its own tolerances of 1e-7 a person would leave a plan for many people further from the best than we allow.
    """
    exact = ["dualT 1e-10", "primalT 1e-9"]
    return COIN_CMD(msg=False, threads=1, path=cbc_bin_path(), options=exact)


TIGHT, LOOSE = 1e-9, 1e-7
"""By how much a line may be broken, and may be where HiGHS finds no answer otherwise."""
SOLVERS: dict[str, Callable[..., Any]] = {
    "highs": lambda tolerance=TIGHT, **more: HiGHS(
        msg=False,
        threads=1,
        dual_feasibility_tolerance=1e-10,
        primal_feasibility_tolerance=tolerance,
        random_seed=0,
        **more,
    ),
    "cbc": _cbc,
}


WAYS: tuple[dict[str, Any], ...] = ({}, {"presolve": "off"}, {}, {"simplex_strategy": 4}, {"tolerance": LOOSE})
"""Settings of HiGHS tried in turn, since it ends without an answer now and then: with presolve, without, by the primal
simplex method, by breaking a line a little.  The first is left out where presolve is not wanted."""


@dataclass(frozen=True)
class Solution:
    """An optimum: its value, its variables, and what one more unit of each line is worth."""

    objective: float
    values: dict[str, float]
    price: dict[str, float]
    """Line → change of the objective (a minimum) for one unit more on its right-hand side."""


def check_solver(name: str) -> None:
    """Raises AvertError for a solver that is unknown or not installed."""
    if name not in SOLVERS:
        raise AvertError(f"there is no solver '{name}'.{nearest(name, SOLVERS)}")
    if not SOLVERS[name]().available():
        raise AvertError(f"the solver '{name}' is not installed on this machine; use 'highs', which comes with avert")


def solve(problem: LpProblem, solver: str = "highs", *, presolve: bool = True) -> Solution:
    """Optimum of `problem`, stated as a minimisation (there PuLP 3.3 and 4 agree on the sign of prices).

    Without `presolve` HiGHS begins at once, which is faster where nearly every column is in use.  Where it ends
    without an answer, the other `WAYS` are tried.  Raises NoFeasiblePlan where there is no solution, SolverStopped
    for any other end.
    """
    check_solver(solver)
    stated, scale = problem.objective, _scale(problem) if solver == "cbc" else 1.0
    problem.setObjective(stated * scale)
    for way in WAYS[0 if presolve else 1 :]:
        status = status_of(problem.solve(SOLVERS[solver](**way)))
        if status in (OPTIMAL, INFEASIBLE) or solver != "highs":
            break
    problem.setObjective(stated)
    if status == INFEASIBLE:
        raise NoFeasiblePlan(f"{problem.name}: the lines of the plan cannot all be kept")
    if status != OPTIMAL:
        raise SolverStopped(f"{problem.name}: the solver stopped with status {status}, so there is no answer to show")
    lines = problem.constraints()
    return Solution(
        objective=float(problem.objective.value()),
        values={one.name: float(one.value() or 0.0) for one in problem.variables()},
        price={one.name: _signed(one) / scale for one in lines},
    )


def _scale(problem: LpProblem) -> float:
    """What makes the largest amount of an objective 1, where it is smaller.

    CBC takes less than 1e-7 for nothing, which is much of an offer that averts a hundred-thousandth of an event.
    """
    largest = max((abs(float(amount)) for amount in problem.objective.values()), default=0.0)
    return 1 / largest if 0 < largest < 1 else 1.0


def model_of(problem: LpProblem) -> Any:
    """The HiGHS model of a problem, whether or not it can be solved as it is."""
    problem.solve(SOLVERS["highs"]())
    return problem.solverModel


def _signed(line: Any) -> float:
    """The price of a line, without a sign it cannot have in a minimisation: rounding, not information."""
    price = float(line.pi or 0.0)
    if line.sense == LpConstraintLE:
        return min(price, 0.0)
    return max(price, 0.0) if line.sense == LpConstraintGE else price


def ranges(problem: LpProblem) -> dict[str, tuple[float, float]]:
    """Right-hand sides over which each line of a problem just solved keeps its price; empty if unknown.

    From HiGHS's own ranging of the optimal basis.  Prices that stay the same keep every column's
    reduced cost, so the range also holds for columns that were left out.
    """
    model = getattr(problem, "solverModel", None)
    if model is None or not hasattr(model, "getRanging"):
        return {}
    status, ranging = model.getRanging()
    if "kOk" not in str(status):
        return {}
    low, high = ranging.row_bound_dn.value_, ranging.row_bound_up.value_
    return {line.name: (float(low[n]), float(high[n])) for n, line in enumerate(problem.constraints())}
