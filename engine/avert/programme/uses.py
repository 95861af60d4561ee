"""What offers use of the lines of the programme, each amount with the sign it has on its line's left side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from avert.pathway.groups import Floats

Ints = NDArray[np.int64]
Label = tuple[str | int, ...]
SMALLEST_AMOUNT = 1e-9
"""Below this the solver counts an amount as nothing, and so do we."""


@dataclass(frozen=True)
class Uses:
    """What columns use of the lines of one constraint: `amount[n]` of column `column[n]` on line `row[n]`.

    `labels[row]` says which line; every (row, column) stands once.
    """

    labels: tuple[Label, ...]
    row: Ints
    column: Ints
    amount: Floats

    def by_line(self) -> Iterator[tuple[Label, list[tuple[int, float]]]]:
        """Lines with their (column, amount) entries."""
        order = np.argsort(self.row, kind="stable")
        rows, columns, amounts = self.row[order], self.column[order], self.amount[order]
        edges = [*np.flatnonzero(np.diff(rows, prepend=-1)).tolist(), len(rows)]
        for first, last in pairwise(edges):
            entries = zip(columns[first:last].tolist(), amounts[first:last].tolist(), strict=True)
            yield self.labels[int(rows[first])], list(entries)


Part = tuple[tuple[Ints, ...], Ints, Floats]
"""Indices of the label, columns, amounts."""


def uses_from(names: Sequence[Sequence[str | int] | range], parts: Sequence[Part]) -> Uses:
    """Uses from pieces (indices of the label, column, amount), entries of one line and column added up.

    `names[n]` lists what the n-th index of a label stands for.
    """
    extents = tuple(len(one) for one in names)
    flat = [np.ravel_multi_index(index, extents) for index, _, _ in parts] or [np.zeros(0, dtype=np.int64)]
    line = np.concatenate(flat).astype(np.int64)
    column = np.concatenate([one for _, one, _ in parts] or [np.zeros(0, dtype=np.int64)])
    amount = np.concatenate([one for _, _, one in parts] or [np.zeros(0)])
    kept, row = np.unique(line, return_inverse=True)
    where = row.reshape(-1) * (int(column.max(initial=0)) + 1) + column
    if len(where) and (len(parts) > 1):
        place, which = np.unique(where, return_inverse=True)
        row, column = np.divmod(place, int(column.max(initial=0)) + 1)
        amount = np.bincount(which.reshape(-1), weights=amount, minlength=len(place)).astype(np.float64)
    used = np.abs(amount) > SMALLEST_AMOUNT
    indices = np.unravel_index(kept, extents) if len(kept) else ()
    each = zip(*(index.tolist() for index in indices), strict=True)
    labels = tuple(tuple(names[n][index] for n, index in enumerate(one)) for one in each)
    return Uses(labels, row.reshape(-1)[used], column[used], amount[used])
