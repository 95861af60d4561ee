"""Phase 1: the least that the minima lack together, by column generation, with a bound that proves it.

    minimise   Σ over minima of what each lacks,      every other line kept

Doing nothing keeps every other line, so this programme always has a solution.  By weak duality any
prices of its lines bound its minimum from below; a positive bound proves that the minima cannot all be met.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from avert.errors import SolverStopped
from avert.pathway.groups import Floats
from avert.programme.bound import answer_at, bound_at
from avert.programme.linear import columns_of
from avert.programme.master import Master
from avert.programme.prices import Prices
from avert.programme.pricing import BestAnswer
from avert.programme.rounds import MOST_ROUNDS, paying
from avert.programme.uses import Ints
from avert.programme.variables import Sets

LACKS = 1e-9
"""What minima may lack together, by rounding: the solver's own tolerance."""
ROUNDING = 1e-12
"""The same as a share of all the minima."""
CLOSE_ENOUGH = 1e-7
"""Share of what the minima lack that may stand between it and its bound."""


@dataclass(frozen=True)
class Priced:
    """Prices of a solved master, with the best answers to them."""

    prices: Prices
    price: Floats
    """Of the lines of the frame."""
    answer: BestAnswer
    values: Floats
    """Of the variables of the frame."""
    lower: float
    """Lower bound on what the minima of the plan as it stands lack."""


Lower = Callable[[Priced], float]
"""Lower bound on what the minima of a changed plan lack, at prices."""


class Shortfall:
    """The programme of phase 1, kept warm; its lines may be changed and put back."""

    def __init__(self, sets: Sets) -> None:
        self.sets = sets
        self.master = Master(sets, feasibility_only=True)
        self.column = {variable.name: n for n, variable in enumerate(columns_of(self.master.frame))}
        arrays = self.master.arrays
        self.tolerance = max(LACKS, ROUNDING * float(arrays.most[arrays.cost > 0].sum()))
        self.passes = 0
        """How often all offers were priced."""

    @property
    def met(self) -> bool:
        """Whether the offers held meet every minimum, as the lines now are."""
        return self.master.objective <= self.tolerance

    def settle(self, opening: Ints) -> Priced | None:
        """Bring in offers until the minima are met (None), or it is proved that they cannot be.

        Raises SolverStopped where neither is shown.
        """
        self.master.add(opening)
        self.master.run(fresh=True)
        for _ in range(MOST_ROUNDS):
            if self.met:
                return None
            priced = self.priced()
            gap = self.master.objective - priced.lower
            if gap <= CLOSE_ENOUGH * self.master.objective or not self.bring_in(priced):
                if priced.lower > self.tolerance:
                    return priced
                break
            self.master.run()
        raise SolverStopped("it could not be shown whether the plan's minima can be met, so there is no answer to show")

    def can_be_met(self, lower: Lower) -> tuple[bool | None, Priced | None]:
        """Whether the minima can be met as the lines now are, None where it stays in doubt; and the last prices.

        Stops as soon as the bound, which `lower` gives for these lines, is positive.
        """
        self.master.run()
        for _ in range(MOST_ROUNDS):
            if self.met:
                return True, None
            priced = self.priced()
            added = self.bring_in(priced)
            if lower(priced) > self.tolerance:
                return False, priced
            if not added:
                return None, priced
            self.master.run()
        return None, None

    def priced(self) -> Priced:
        """Ask every block for its best answer at the master's prices; the bound that follows."""
        master, self.passes = self.master, self.passes + 1
        prices, price = master.prices, master.price[: len(master.arrays.limit)]
        answer = answer_at(self.sets, prices, counts=False)
        values = np.array(master.model.getSolution().col_value)[: len(self.column)]
        lower = -bound_at(self.sets, master.arrays, prices, price, answer.total)
        return Priced(prices, price, answer, values, lower)

    def lower_without(self, priced: Priced, rows: Ints) -> float:
        """The bound for the plan without these lines of the frame: without a price on them."""
        price = priced.price.copy()
        price[rows] = 0.0
        return -bound_at(self.sets, self.master.arrays, priced.prices, price, priced.answer.total)

    def bring_in(self, priced: Priced) -> int:
        """Add the offers of the best answers that would pay; how many they were."""
        return self.master.add(paying(self.master, priced.answer))
