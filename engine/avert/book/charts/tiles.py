"""A map of tiles: one square for each place, near where it lies, its number printed inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from avert.book.charts.svg import Board, broken

SIDE, GAP = 104.0, 6.0

# Column and row of places whose neighbours we know: roughly where they lie, north at the top.
LAID_OUT: Mapping[str, tuple[int, int]] = {
    "west_somerset": (0, 0), "sedgemoor": (1, 0), "mendip": (2, 0), "taunton_deane": (0, 1), "south_somerset": (1, 1),
    "wyre_forest": (0, 0), "bromsgrove": (1, 0), "redditch": (2, 0),
    "malvern_hills": (0, 1), "worcester": (1, 1), "wychavon": (2, 1),
}  # fmt: skip


@dataclass(frozen=True)
class Tile:
    """A place, its number in words, and how much of the colour it gets, from 0 to 1."""

    place: str
    label: str
    said: str
    part: float


def tiles(rows: Sequence[Tile], width: float) -> Board:
    """Squares in a grid: as `LAID_OUT` has them if it has them all, else row by row."""
    board = Board(width)
    known = all(row.place in LAID_OUT for row in rows)
    across = max((LAID_OUT[row.place][0] for row in rows), default=0) + 1 if known else ceil(sqrt(len(rows) * 1.4))
    side = min(SIDE, (width - GAP * (across - 1)) / across)
    for number, row in enumerate(rows):
        column, line = LAID_OUT[row.place] if known else (number % across, number // across)
        x, y = column * (side + GAP), line * (side + GAP)
        board.add(
            "rect", class_="bar", opacity=f"{0.12 + 0.28 * row.part:.2f}", x=x, y=y, width=side, height=side, rx=5
        )
        board.add("rect", fill="none", class_="axis", x=x, y=y, width=side, height=side, rx=5)
        board.text(row.said, x + 8, y + side - 12, 19, font_weight=700)
        below = y + 4
        for words in broken(row.label.split(" (")[0], side - 12, 13.5)[:3]:
            below += 16.5
            board.text(words, x + 8, below, 13.5)
        board.height = max(board.height, y + side)
    board.width = min(width, across * (side + GAP))
    return board
