"""Phase 1: can the plan's minima be met at all, and if not, what do they lack?"""

from __future__ import annotations

import numpy as np

from avert.errors import NoFeasiblePlan, SolverStopped
from avert.programme.lines import MINIMA
from avert.programme.prices import MOST_ROUNDS, Coefficients, best_newcomers
from avert.programme.solve import solve
from avert.programme.uses import Ints
from avert.programme.variables import MONEY_UNIT, Sets
from avert.programme.written import written_out


def has_minima(sets: Sets) -> bool:
    record = sets.county.plan.record
    return bool(record.keep_services or record.fairness.minimum)


def make_feasible(coefficients: Coefficients, chosen: Ints) -> Ints:
    """Columns with which every minimum can be met (phase 1), or NoFeasiblePlan saying what is lacking."""
    sets = coefficients.sets
    for _ in range(MOST_ROUNDS):
        problem, v = written_out(sets, chosen, feasibility_only=True)
        solution = solve(problem)
        if solution.objective <= 1e-9:
            return chosen
        newcomers = best_newcomers(sets.offers, chosen, coefficients.gain(solution.price, feasibility_only=True))
        if not len(newcomers):
            lacking = {name: solution.values[short.name] for name, short in v.shortfall.items()}
            raise NoFeasiblePlan(_what_is_lacking(sets, lacking))
        chosen = np.union1d(chosen, newcomers)
    raise SolverStopped(f"no certificate after {MOST_ROUNDS} rounds, so there is no answer to show")


def _what_is_lacking(sets: Sets, lacking: dict[str, float]) -> str:
    """The minima that can't be met together, in words, with where the plan states them."""
    plan, found = sets.county.plan, []
    assert {constraint.__name__ for constraint in MINIMA} == {"keep_services", "minimum"}
    for name, short in lacking.items():
        if short <= 1e-9:
            continue
        family, key, year = name.split("__")
        when = sets.county.years[int(year)]
        if family == "keep_services":
            found.append(f"{plan.line(family, key)}: keeping '{key}' lacks {_sized(short)} participants in {when}.")
            continue
        wanted = plan.record.fairness.minimum[int(key)]
        amount = f"£{_sized(short * MONEY_UNIT)}" if wanted.spend is not None else f"{_sized(short)} admissions averted"
        found.append(f"{plan.line('fairness', 'minimum', int(key))}: this minimum lacks {amount} in {when}.")
    return "The plan's minima can't all be met with its money, fences and limits:\n" + "\n".join(found)


def _sized(value: float) -> str:
    """A number with the figures it takes to see it."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
