"""The few places where PuLP 3.3 and PuLP 4 differ, so that the rest reads the same for both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pulp import LpAffineExpression, LpProblem, LpVariable

OPTIMAL, INFEASIBLE = 1, -1
"""The codes of both versions: an int from `solve` in PuLP 3.3, the status of a record in PuLP 4."""


def linear(terms: Iterable[tuple[LpVariable, float]]) -> LpAffineExpression:
    """Σ amount · variable; a variable that stands there more than once counts each time."""
    if hasattr(LpAffineExpression, "from_list"):
        return LpAffineExpression.from_list(list(terms))
    total: dict[LpVariable, float] = {}
    for variable, amount in terms:
        total[variable] = total.get(variable, 0.0) + amount
    return LpAffineExpression(total)


def status_of(result: Any) -> int:
    """Code of what `LpProblem.solve` returned."""
    return int(getattr(result, "status", result))


def columns_of(problem: LpProblem) -> list[LpVariable]:
    """Variables in the order in which the solver holds them."""
    exported = getattr(problem, "exported_variables", problem.variables)
    return list(exported())
