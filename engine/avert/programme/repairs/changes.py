"""How a change of one entry of a plan enters the lines of phase 1, and its bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from avert.pathway.groups import Floats
from avert.programme.master import Master
from avert.programme.repairs.shortfall import Priced, Shortfall
from avert.programme.uses import Ints


@dataclass(frozen=True)
class Lines:
    """How one unit more of a change enters the frame.  Each array runs over what is changed."""

    row: Ints
    limit: Floats
    """By how much the right-hand side of each row grows."""
    room_column: Ints
    room: Floats
    """By how much the upper bound of each variable grows."""
    amount_row: Ints
    amount_column: Ints
    amount: Floats
    """By how much the amount of each variable on each row grows."""

    def lower_at(self, shortfall: Shortfall, priced: Priced, change: float) -> float:
        """The bound for the plan changed by so much, at prices; concave in the change.

        lower  +  Σ price · growth of limit · change  +  Σ over variables of what their reduced cost, as changed,
        could bring within their room, as changed,  −  the same as it stands
        """
        arrays, price = shortfall.master.arrays, priced.price
        touched = np.union1d(self.room_column, self.amount_column)
        mine = np.isin(arrays.column, touched)
        used = np.zeros(len(arrays.cost))
        np.add.at(used, arrays.column[mine], arrays.amount[mine] * price[arrays.row[mine]])
        reduced, most = arrays.cost - used, arrays.most.copy()
        stands = np.minimum(reduced, 0) * most
        np.subtract.at(reduced, self.amount_column, change * self.amount * price[self.amount_row])
        np.add.at(most, self.room_column, change * self.room)
        brought = float((np.minimum(reduced, 0) * most - stands)[touched].sum())
        return priced.lower + change * float(price[self.row] @ self.limit) + brought

    def slope_at(self, priced: Priced) -> float:
        """How what is lacking moves with the change, where it was solved:  − Σ price · growth of amount · variable."""
        return -float((priced.price[self.amount_row] * self.amount) @ priced.values[self.amount_column])

    def apply(self, shortfall: Shortfall, change: float) -> None:
        """Change the frame by so much from what the plan says."""
        master, arrays = shortfall.master, shortfall.master.arrays
        for row, limit in zip(self.row.tolist(), (arrays.limit[self.row] + change * self.limit).tolist(), strict=True):
            master.limit_line(row, limit)
        room = (arrays.most[self.room_column] + change * self.room).tolist()
        for column, most in zip(self.room_column.tolist(), room, strict=True):
            master.limit_variable(column, most)
        if len(self.amount_row):
            self._apply_amounts(master, change)

    def _apply_amounts(self, master: Master, change: float) -> None:
        arrays = master.arrays
        mine = np.isin(arrays.row, self.amount_row)
        places = zip(arrays.row[mine].tolist(), arrays.column[mine].tolist(), strict=True)
        stands = dict(zip(places, arrays.amount[mine].tolist(), strict=True))
        entries = zip(self.amount_row.tolist(), self.amount_column.tolist(), self.amount.tolist(), strict=True)
        for row, column, more in entries:
            master.set_amount(row, column, stands.get((row, column), 0.0) + change * more)


def lines_of(
    limit: Mapping[int, float] = {},
    room: Mapping[int, float] = {},
    amount: Mapping[tuple[int, int], float] = {},
) -> Lines:
    """Lines from mappings of row, of variable, and of both."""
    return Lines(
        row=np.array(list(limit), dtype=np.int64),
        limit=np.array(list(limit.values()), dtype=float),
        room_column=np.array(list(room), dtype=np.int64),
        room=np.array(list(room.values()), dtype=float),
        amount_row=np.array([row for row, _ in amount], dtype=np.int64),
        amount_column=np.array([column for _, column in amount], dtype=np.int64),
        amount=np.array(list(amount.values()), dtype=float),
    )
