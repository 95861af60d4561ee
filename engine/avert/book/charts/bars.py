"""Bars that lie on their side, each with its name above it, so that long names have room on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from avert.book.charts.svg import Board, long

HEIGHT, SIZE = 16, 15


@dataclass(frozen=True)
class Bar:
    """A name, an amount, how it is said, and where the doubt about it lies."""

    label: str
    value: float
    said: str
    unsure: bool = False
    """Drawn pale with an outline."""
    low: float | None = None
    high: float | None = None


def bars(rows: Sequence[Bar], width: float) -> Board:
    """One bar a row, from a common zero; amounts below zero go to the left."""
    board = Board(width)
    ends = [end for row in rows for end in (row.value, row.low or 0.0, row.high or 0.0)]
    least, most = min([0.0, *ends]), max([1e-9, *ends])
    room = width - max((long(row.said) for row in rows), default=0.0) - 14
    scale = room / (most - least)
    zero = -least * scale
    y = 0.0
    for row in rows:
        y = board.lines(row.label, 0, y, width) + 5
        start, length = zero + min(0.0, row.value) * scale, max(1.5, abs(row.value) * scale)
        board.add("rect", class_="bar unsure" if row.unsure else "bar", x=start, y=y, width=length, height=HEIGHT)
        reach = start + length
        if row.low is not None and row.high is not None:
            left, reach = zero + row.low * scale, max(reach, zero + row.high * scale)
            _range(board, left, zero + row.high * scale, y + HEIGHT / 2)
        board.text(row.said, reach + 7, y + HEIGHT - 3, SIZE, class_="quiet")
        y += HEIGHT + 10
    board.height = max(board.height, y - 6)
    return board


def _range(board: Board, left: float, right: float, y: float) -> None:
    board.add(
        "path",
        class_="range",
        stroke_width=2,
        d=f"M{left:.1f} {y:.1f}H{right:.1f}M{left:.1f} {y - 5:.1f}v10M{right:.1f} {y - 5:.1f}v10",
    )
