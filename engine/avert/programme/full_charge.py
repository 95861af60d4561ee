"""Prices at which every service is charged in full.

A service that nobody takes yet has no settled price: whatever it is charged, from what just deters the offers
at hand to all that it would cost, the minimum stays the same.  Charged in full it brings in no offers that
would not pay after all, and the bound is the best that these prices give.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from avert.pathway.groups import Floats
from avert.programme.uses import Ints

FOLLOWS = {
    "payments_meet_spend": "paid",
    "spend_follows_participants": "spend",
    "participants_follow_offers": "participants",
}
"""Lines that make one variable follow others, and that variable; each makes the next one's dearer."""


class FullCharge:
    """Raises the prices of the lines of `FOLLOWS` in a programme without any offer, given as arrays.

    up(line)  =  max(0, least reduced cost of the variables that follow there)

    The right-hand sides of these lines are 0, and what else stands on them, offers included, stands there with
    an amount below 0.  So a higher price takes from no reduced cost but those it uses up, and adds to the others:
    the bound at the prices is never lower for it.
    """

    def __init__(self, lines: Sequence[str], variables: Sequence[str], row: Ints, column: Ints, amount: Floats) -> None:
        self.row, self.column, self.amount = row, column, amount
        self.steps = [self._followers(lines, variables, *pair) for pair in FOLLOWS.items()]

    def _followers(self, lines: Sequence[str], variables: Sequence[str], line: str, variable: str) -> tuple[Ints, Ints]:
        """(rows, columns) of the variables that follow on lines of a kind."""
        on = np.array([name.startswith(f"{line}__") for name in lines], dtype=bool)
        follows = np.array([name.startswith(f"{variable}__") for name in variables], dtype=bool)
        mine = on[self.row] & follows[self.column]
        return self.row[mine], self.column[mine]

    def of(self, price: Floats, reduced: Floats) -> Floats:
        """Prices of the lines with those of `FOLLOWS` raised; `reduced` are the variables' reduced costs at them."""
        raised, left = price.copy(), reduced.copy()
        for rows, columns in self.steps:
            up = np.full(len(price), np.inf)
            np.minimum.at(up, rows, left[columns])
            up = np.where(np.isfinite(up), np.maximum(up, 0.0), 0.0)
            raised += up
            left -= np.bincount(self.column, weights=self.amount * up[self.row], minlength=len(left))
        return raised
