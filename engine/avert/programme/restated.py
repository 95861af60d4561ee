"""The final programme once more: written to a file, or solved by a second solver."""

from __future__ import annotations

from pathlib import Path

from pulp import LpProblem

from avert.errors import AvertError, SolverStopped
from avert.programme.bound import gap_between
from avert.programme.certificate import LARGEST_GAP, Optimum
from avert.programme.solve import solve
from avert.programme.written import written_out


def restated(optimum: Optimum) -> LpProblem:
    """The programme over the offers the optimum's prices leave in question, in PuLP's names."""
    return written_out(optimum.sets, optimum.offers, decided=optimum.is_open)[0]


def write_programme(optimum: Optimum, path: Path) -> None:
    """Write the final programme as .lp or .mps.  Raises AvertError for another ending, or if it can't be written."""
    writers = {".lp": LpProblem.writeLP, ".mps": LpProblem.writeMPS}
    if path.suffix not in writers:
        raise AvertError(f"{path}: write a file that ends in .lp or .mps")
    try:
        writers[path.suffix](restated(optimum), str(path))
    except OSError as error:
        raise AvertError(f"{path} can't be written: {error.strerror}") from error


def check_with(optimum: Optimum, solver: str) -> str:
    """Solve the final programme with another solver and say that it finds the same.

    Raises SolverStopped where its minimum differs by more than the largest gap.
    """
    objective = -solve(restated(optimum), solver).objective
    apart = max(gap_between(optimum.sets, one, other) for one, other in _both(objective, optimum.objective))
    if apart > LARGEST_GAP:
        raise SolverStopped(f"{solver} finds {objective:,.6f} instead of {optimum.objective:,.6f}: no certified answer")
    return f"Checked with {solver}: {objective:,.6f}, the same to {apart:.0e}."


def _both(one: float, other: float) -> tuple[tuple[float, float], tuple[float, float]]:
    return (one, other), (other, one)
