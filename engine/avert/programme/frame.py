"""A programme without any offer as arrays, and the part of the bound that follows from it."""

from __future__ import annotations

import numpy as np
from pulp import LpProblem

from avert.pathway.groups import Floats
from avert.programme.full_charge import FullCharge
from avert.programme.linear import columns_of


class FrameArrays:
    """A programme without any offer, as arrays: its lines' limits and its variables' costs, bounds and amounts."""

    def __init__(self, frame: LpProblem) -> None:
        lines, variables = list(frame.constraints()), columns_of(frame)
        place = {variable.name: n for n, variable in enumerate(variables)}
        entries = [(n, place[one.name], amount) for n, line in enumerate(lines) for one, amount in line.items()]
        row, column, amount = zip(*entries, strict=True) if entries else ((), (), ())
        names = [line.name for line in lines]
        self.row, self.column, self.amount = np.array(row, int), np.array(column, int), np.array(amount, float)
        self.limit = np.array([-float(line.constant) for line in lines])
        self.sense = np.array([int(line.sense) for line in lines])
        self.least = np.array([float(variable.lowBound) for variable in variables])
        self.most = np.array([float(variable.upBound) for variable in variables])
        self.counted_line = self._aside(names, "one_cover__", "within_reach__")
        self.counted = self._aside([variable.name for variable in variables], "covered__")
        self.cost = np.zeros(len(variables))
        for variable, cost in frame.objective.items():
            self.cost[place[variable.name]] = cost
        self.full_charge = FullCharge(names, list(place), self.row, self.column, self.amount)

    def signed(self, price: Floats) -> Floats:
        """Prices without signs they cannot have in a minimisation: rounding, not information.

        Lines that came with offers are all ≤ lines.
        """
        first = len(self.sense)
        mine, others = price[:first], price[first:]
        mine = np.where(self.sense < 0, np.minimum(mine, 0), np.where(self.sense > 0, np.maximum(mine, 0), mine))
        return np.concatenate([mine, np.minimum(others, 0)])

    def settled(self, price: Floats, reduced: Floats) -> Floats:
        """Prices of a solved master, without rounding, every service charged in full.

        `reduced` are the solver's own reduced costs of the variables of the frame, first among all.
        """
        first, signed = len(self.sense), self.signed(price)
        return np.concatenate([self.full_charge.of(signed[:first], reduced[: len(self.cost)]), signed[first:]])

    def _aside(self, names: list[str], *prefixes: str) -> Floats:
        """1 for names that count here, 0 for those kept inside the best answers or counted with them."""
        return np.array([0.0 if name.startswith(prefixes) else 1.0 for name in names])

    def bound_on_the_rest(self, price: Floats) -> float:
        """Σ over lines of price · limit  +  Σ over variables of what their reduced cost could still bring.

        The part of the minimum's lower bound that does not come from offers and covers.
        """
        reduced = self.cost - np.bincount(self.column, weights=self.amount * price[self.row], minlength=len(self.cost))
        return float(
            (price * self.counted_line) @ self.limit
            + np.minimum(reduced * self.least, reduced * self.most) @ self.counted
        )
