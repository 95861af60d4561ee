"""Rounds of bringing in columns on one warm solver, built from the PuLP programme."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from pulp import LpProblem

from avert.errors import SolverStopped
from avert.programme.linear import columns_of
from avert.programme.prices import Coefficients
from avert.programme.uses import Ints
from avert.programme.variables import ROOM


@dataclass
class WarmProgramme:
    """A solved PuLP programme kept open in HiGHS, to which columns are added.

    After each run it has the objective (a minimum), a price for every line and people for every
    column it holds, under the same names as the PuLP programme.
    """

    model: highspy.Highs
    lines: tuple[str, ...]
    coefficients: Coefficients
    held: list[int]
    """Columns in the order of the model's people variables."""
    positions: list[int]
    """Where in the model each held column stands."""

    @classmethod
    def from_solved(cls, problem: LpProblem, chosen: Ints, coefficients: Coefficients) -> WarmProgramme:
        """Take over the model of a programme that HiGHS has just solved."""
        place = {variable.name: n for n, variable in enumerate(columns_of(problem))}
        positions = [place[f"people__{j}"] for j in chosen.tolist()]
        names = tuple(line.name for line in problem.constraints())
        return cls(problem.solverModel, names, coefficients, chosen.tolist(), positions)

    def add(self, columns: Ints) -> None:
        """Bring in columns with their worth, limits and coefficients."""
        index = {name: n for n, name in enumerate(self.lines)}
        to_line = np.array([index.get(name, -1) for name in self.coefficients.names], dtype=np.int32)
        order, begins = self.coefficients.by_column
        entries = [order[begins[j] : begins[j + 1]] for j in columns.tolist()]
        chosen = np.concatenate(entries)
        starts = np.cumsum([0, *(len(one) for one in entries)])[:-1].astype(np.int32)
        offers, first = self.coefficients.sets.offers, self.model.getNumCol()
        status = self.model.addCols(
            len(columns),
            -offers.worth[columns],
            np.zeros(len(columns)),
            offers.limit[columns] + ROOM,
            len(chosen),
            starts,
            to_line[self.coefficients.row[chosen]],
            self.coefficients.amount[chosen],
        )
        if status != highspy.HighsStatus.kOk:
            raise SolverStopped("the solver would not take new columns, so there is no answer to show")
        self.positions += range(first, first + len(columns))
        self.held += columns.tolist()

    def run(self) -> tuple[float, dict[str, float]]:
        """Solve again from where it stands: (objective, line → price).  One cold start mends a lost warm one."""
        self.model.run()
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self.model.clearSolver()
            self.model.run()
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise SolverStopped(
                f"the solver stopped with '{self.model.modelStatusToString(self.model.getModelStatus())}'"
            )
        prices = dict(zip(self.lines, self.model.getSolution().row_dual, strict=True))
        return float(self.model.getObjectiveValue()), prices
