"""Phase 1: the least that the minima lack together, by column generation, with a bound that proves it.

    minimise   Σ over minima of what each lacks,      every other line kept

Doing nothing keeps every other line, so this programme always has a solution.  By weak duality any
prices of its lines bound its minimum from below; a positive bound proves that the minima cannot all be met.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from avert.errors import SolverStopped
from avert.pathway.groups import Floats
from avert.programme.bound import answer_at, bound_at
from avert.programme.linear import columns_of
from avert.programme.master import Master
from avert.programme.offers import offers_of
from avert.programme.pricing import BestAnswer, gain_of, reduced_gain
from avert.programme.rounds import MOST_ROUNDS, paying
from avert.programme.uses import Ints
from avert.programme.variables import Sets

LACKS = 1e-9
"""What minima may lack together, by rounding: the solver's own tolerance."""
ROUNDING = 1e-12
"""The same as a share of all the minima."""
FEW, SHARE = 2_000, 0.05
"""Offers brought in by one pass: so many, or that share of those held, since more slow every later solve down."""
QUICK = 5_000
"""Iterations within which prices that are still near lead to an answer; otherwise they are not near."""
CLOSE_ENOUGH = 1e-7
"""Share of what the minima lack that may stand between it and its bound."""


@dataclass(frozen=True)
class Priced:
    """Prices at which all offers were priced, and the bound that follows from them."""

    price: Floats
    """Of the lines of the frame."""
    values: Floats
    """Of the variables of the frame, where the master was solved."""
    reach: Floats
    """(services,): what the bound loses because so few are left to offer a service to."""
    lower: float
    """Lower bound on what the minima of the plan as it stands lack."""


Lower = Callable[[Priced], float]
"""Lower bound on what the minima of a changed plan lack, at prices."""


class Shortfall:
    """The programme of phase 1, kept warm; its lines may be changed and put back.

    It goes on with a master solved at a penalty on what minima lack, where there is one, whose answer is near.
    """

    def __init__(self, sets: Sets, master: Master | None = None) -> None:
        self.sets, self.master = sets, master or Master(sets, feasibility_only=True)
        if master:
            master.only_what_is_lacking()
        self.column = {variable.name: n for n, variable in enumerate(columns_of(self.master.frame))}
        arrays = self.master.arrays
        self.tolerance = max(LACKS, ROUNDING * float(arrays.most[arrays.cost > 0].sum()))
        self.start = self.master.model.getBasis()
        """Where the plan as it stands was settled."""
        self.known: list[Priced] = []
        """All prices so far: each bounds what is lacking after any change, without another pass over the offers."""

    @property
    def met(self) -> bool:
        """Whether the offers held meet every minimum, as the lines now are."""
        return self.master.objective <= self.tolerance

    def settle(self, opening: Ints) -> Priced | None:
        """Bring in offers until the minima are met (None), or it is proved that they cannot be.

        Raises SolverStopped where neither is shown.
        """
        self.master.add(opening)
        self.master.run()
        for _ in range(MOST_ROUNDS):
            if self.met:
                return None
            priced, answer = self.priced()
            gap = self.master.objective - priced.lower
            if gap <= CLOSE_ENOUGH * self.master.objective or not self._bring_in(answer):
                if priced.lower > self.tolerance:
                    self.start = self.master.model.getBasis()
                    return priced
                break
            self.master.run()
        raise SolverStopped("it could not be shown whether the plan's minima can be met, so there is no answer to show")

    def can_be_met(self, lower: Lower, *, limits_moved: bool = False) -> tuple[bool | None, Priced | None]:
        """Whether the minima can be met as the lines now are, None where it stays in doubt; and the last prices.

        Stops as soon as the bound, which `lower` gives for these lines, is positive.  Where limits just moved from
        what the plan says, its prices may still be near while its best answer breaks them.
        """
        if not limits_moved:
            self.master.run()
        elif not self.master.run_from_prices(QUICK):
            self.back()
            self.master.run()
        for _ in range(MOST_ROUNDS):
            if self.met:
                return True, None
            priced, answer = self.priced()
            added = self._bring_in(answer)
            if lower(priced) > self.tolerance:
                return False, priced
            if not added:
                return None, priced
            self.master.run()
        return None, None

    def back(self) -> None:
        """Begin the next try where the plan as it stands was settled, near which most changes leave the answer.

        Nobody is offered what was brought in since, and the lines that came with it are slack.
        """
        model, basis = self.master.model, highspy.HighsBasis()
        columns, rows = list(self.start.col_status), list(self.start.row_status)
        columns += [highspy.HighsBasisStatus.kLower] * (model.getNumCol() - len(columns))
        rows += [highspy.HighsBasisStatus.kBasic] * (model.getNumRow() - len(rows))
        basis.col_status, basis.row_status, basis.valid = columns, rows, True
        model.setBasis(basis)

    def priced(self) -> tuple[Priced, BestAnswer]:
        """Ask every block for its best answer at the master's prices; the bound that follows."""
        master, first = self.master, len(self.master.arrays.limit)
        prices, price, master.passes = master.prices, master.price[:first], master.passes + 1
        answer = answer_at(self.sets, prices, counts=False)
        values = np.array(master.model.getSolution().col_value)[: len(self.column)]
        reach = (prices.reach * self.sets.reach_limit).sum(axis=(1, 2))
        lower = -bound_at(self.sets, master.arrays, prices, price, answer.total)
        self.known.append(Priced(price, values, reach, lower))
        return self.known[-1], answer

    def lower_without(self, priced: Priced, rows: Ints) -> float:
        """The bound for the plan without these lines of the frame: without a price on them."""
        price, rest = priced.price.copy(), self.master.arrays.bound_on_the_rest
        price[rows] = 0.0
        return priced.lower + rest(price) - rest(priced.price)

    def highest(self, lower: Lower) -> float:
        """The best bound on what a changed plan lacks, of those at all prices so far."""
        return max(map(lower, self.known))

    def _bring_in(self, answer: BestAnswer) -> int:
        """Add those offers of the best answers that would bring most; how many they were."""
        master = self.master
        numbers = paying(master, answer, own_prices=True)
        most = max(FEW, int(SHARE * len(master.held)))
        if len(numbers) > most:
            offers, prices = offers_of(self.sets.menu, numbers), master.prices
            brings = reduced_gain(offers, prices, gain_of(offers, prices, counts=False)) * offers.limit
            numbers = numbers[np.argsort(-brings, kind="stable")[:most]]
        return master.add(numbers)
