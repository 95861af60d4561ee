"""What offers use of the lines of the programme, each amount with the sign it has on its line's left side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
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
    """What columns use of the lines of one constraint: `amount[n]` of column `column[n]` on line `line[row[n]]`.

    A line is numbered by the indices of its label, laid out flat over `names`; every (row, column) stands once.
    """

    names: Sequence[Sequence[str | int]]
    """What each index of a label stands for."""
    line: Ints
    row: Ints
    column: Ints
    amount: Floats

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Labels of the lines."""
        return labels_of(self.names, self.line)

    def only(self, lines: Ints) -> Uses:
        """What they use of some of the lines, sorted, and no others."""
        kept = np.isin(self.line, lines)
        row = np.cumsum(kept) - 1
        mine = kept[self.row]
        return Uses(self.names, self.line[kept], row[self.row[mine]], self.column[mine], self.amount[mine])

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


def uses_from(names: Sequence[Sequence[str | int]], parts: Sequence[Part]) -> Uses:
    """Uses from pieces (indices of the label, column, amount), entries of one line and column added up.

    `names[n]` lists what the n-th index of a label stands for.
    """
    extents = tuple(len(one) for one in names)
    flat = [np.ravel_multi_index(index, extents) for index, _, _ in parts] or [np.zeros(0, dtype=np.int64)]
    line = np.concatenate(flat).astype(np.int64)
    column = np.concatenate([one for _, one, _ in parts] or [np.zeros(0, dtype=np.int64)])
    amount = np.concatenate([one for _, _, one in parts] or [np.zeros(0)])
    if len(parts) > 1:
        line, column, amount = _added_up(line, column, amount)
    used = np.abs(amount) > SMALLEST_AMOUNT
    kept, row = np.unique(line[used], return_inverse=True)
    return Uses(names, kept, row.reshape(-1), column[used], amount[used])


def _added_up(line: Ints, column: Ints, amount: Floats) -> tuple[Ints, Ints, Floats]:
    """One entry for each line and column."""
    columns = int(column.max(initial=0)) + 1
    place, which = np.unique(line * columns + column, return_inverse=True)
    if len(place) == len(line):
        return line, column, amount
    total = np.bincount(which.reshape(-1), weights=amount, minlength=len(place)).astype(np.float64)
    return place // columns, place % columns, total


def labels_of(names: Sequence[Sequence[str | int]], line: Ints) -> tuple[Label, ...]:
    """Labels of lines numbered flat."""
    if not names:
        return ((),) * len(line)
    indices = np.unravel_index(line, tuple(len(one) for one in names))
    each = zip(*(index.tolist() for index in indices), strict=True)
    return tuple(tuple(names[n][index] for n, index in enumerate(one)) for one in each)
