"""How few carry how much: a curve from the people at the top to all of them."""

from __future__ import annotations

from collections.abc import Sequence

from avert.book.charts.svg import Board

HIGH = {True: 330.0, False: 280.0}
LEFT, TOP, FOOT = 46.0, 30.0, 46.0
Points = Sequence[tuple[float, float]]


def concentration_chart(curve: Points, year: Points, seen: Points, width: float) -> Board:
    """Share of people to the right, those with most first; share of admissions upwards; both from 0 to 1.

    `curve` is what is expected by risk, a line; `year` what a year brings by chance at these rates, dotted; `seen`
    what linked records hold, dots; the grey broken line is where all are alike.
    """
    board, high = Board(width), HIGH[width > 500]
    right, foot = width - 16.0, high - FOOT

    def x(share: float) -> float:
        return LEFT + share * (right - LEFT)

    def y(share: float) -> float:
        return foot - share * (foot - TOP)

    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        board.add("path", class_="grid", d=f"M{x(0):.1f} {y(part):.1f}H{x(1):.1f}")
        board.text(f"{part:.0%}", LEFT - 6, y(part) + 5, 14, "end", class_="quiet")
        board.text(f"{part:.0%}", x(part), foot + 20, 14, "middle" if 0 < part < 1 else "end" if part else "start",
                   class_="quiet")  # fmt: skip
    board.text("Share of admissions", 0, 14, 14, class_="quiet")
    board.text("Share of people, those with most first", right, foot + 40, 14, "end", class_="quiet")
    board.add("path", class_="neutral", d=f"M{x(0):.1f} {y(0):.1f}L{x(1):.1f} {y(1):.1f}")
    board.add("path", class_="line", d="M" + "L".join(f"{x(a):.1f} {y(b):.1f}" for a, b in curve))
    board.add(
        "path", class_="line", stroke_dasharray="2 4", d="M" + "L".join(f"{x(a):.1f} {y(b):.1f}" for a, b in year)
    )
    for share, part in seen:
        board.add("circle", class_="mark", cx=x(share), cy=y(part), r=4)
    board.text("all alike", x(0.62), y(0.48), 14, class_="quiet over")
    board.text("by risk", x(0.42), y(_at(curve, 0.42)) + 18, 14, class_="over")
    board.text("in a year, by chance" if width > 500 else "in a year", x(0.34), y(0.9), 14, class_="over")
    board.height = high
    return board


def _at(curve: Points, share: float) -> float:
    """Height of the curve at its point nearest to a share of people."""
    return min(curve, key=lambda point: abs(point[0] - share))[1]
