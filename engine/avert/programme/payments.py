"""Who could pay for an allocation: payments that keep contributions, fences and agreed shares, if there are any.

    minimise    Σ unpaid[i,y]

    Σ_m paid[m,i,y] + unpaid[i,y]           =  spend[i,y]
    Σ_i paid[m,i,y] + carried[m,y]          ≤  contribution[m,y] + carried[m,y−1]
    paid[m,i,y]                             =  0                                    unless m may pay for i
    paid[m,i,y]                             =  share[i,m] · (spend[i,y] − unpaid[i,y])   where shares are agreed

The allocation can be paid for as the plan says if, and only if, nothing is left unpaid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from pulp import LpMinimize, LpProblem, LpVariable, lpSum

from avert.plan import PlanInFull
from avert.programme.prices import MONEY_UNIT
from avert.programme.solve import solve


@dataclass(frozen=True)
class Payments:
    """One way to pay for an allocation, in pounds; where it can't be paid in full, one that leaves the least."""

    paid: Mapping[tuple[str, str, int], float]
    """(partner, service, year) → pounds."""
    unpaid: Mapping[tuple[str, int], float]
    """(service, year) → pounds that no partner has left, or may pay."""

    def by_partner(self, partner: str, year: int) -> float:
        """Pounds a partner pays in a year."""
        return sum(pounds for (m, _, y), pounds in self.paid.items() if m == partner and y == year)

    def left_unpaid(self, year: int) -> float:
        """Pounds of a year nobody pays."""
        return sum(pounds for (_, y), pounds in self.unpaid.items() if y == year)


def payments_for(plan: PlanInFull, spend: Mapping[tuple[str, int], float], years: int) -> Payments:
    """Payments for `spend`, (service, year) → pounds, over the plan's first `years` years.

    Raises SolverStopped if the solver does not end.
    """
    due = {key: pounds / MONEY_UNIT for key, pounds in spend.items() if pounds > 0}
    if not due:
        return Payments({}, {})
    problem = LpProblem("payments", LpMinimize)
    paid = {
        (m, i, y): problem.add_variable(f"paid__{m}__{i}__{y}", 0, amount)
        for m, ((i, y), amount) in product(plan.partners, due.items())
        if plan.may_pay(m, i)
    }
    unpaid = {(i, y): problem.add_variable(f"unpaid__{i}__{y}", 0, amount) for (i, y), amount in due.items()}
    problem += lpSum(unpaid.values())
    for (i, y), amount in due.items():
        mine = [paid[m, i, y] for m in plan.partners if (m, i, y) in paid]
        problem += (lpSum([*mine, unpaid[i, y]]) == amount, f"in_full__{i}__{y}")
        for m, share in plan.record.split.get(i, {}).items():
            if (m, i, y) in paid:
                problem += (paid[m, i, y] + share * unpaid[i, y] == share * amount, f"share__{m}__{i}__{y}")
    _within_contributions(problem, plan, paid, years)
    solved = solve(problem)
    return Payments(
        {key: MONEY_UNIT * max(0.0, solved.values[one.name]) for key, one in paid.items()},
        {key: MONEY_UNIT * max(0.0, solved.values[one.name]) for key, one in unpaid.items()},
    )


def _within_contributions(
    problem: LpProblem, plan: PlanInFull, paid: Mapping[tuple[str, str, int], LpVariable], years: int
) -> None:
    for m in plan.partners:
        kept: LpVariable | float = 0.0
        for y in range(years):
            has = plan.contribution(m, plan.years[y]) / MONEY_UNIT
            carried: LpVariable | float = 0.0
            if m in plan.record.carry_over:
                carried = problem.add_variable(f"carried__{m}__{y}", 0)
            used = [one for (partner, _, year), one in paid.items() if partner == m and year == y]
            problem += (lpSum([*used, carried]) - kept <= has, f"within__{m}__{y}")
            kept = carried
