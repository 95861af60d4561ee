"""Estimates with their intervals, one under another on a common scale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log

from avert.book.charts.svg import Board, long, ticks

LEVEL = 22
RATIOS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20, 50, 100)
FINE = (0.85, 0.95, 0.98, 1.02, 1.05, 1.15)
See = Callable[[float], float]


@dataclass(frozen=True)
class Interval:
    """A figure between two limits; a pale one was recalled or assumed."""

    label: str
    value: float
    low: float
    high: float
    said: str
    unsure: bool = False


def intervals(
    rows: Sequence[Interval], width: float, *, ratio: bool, neutral: float | None, ends: tuple[str, str] = ("", "")
) -> Board:
    """A dot for each estimate on the line of its interval; ratios stand on a logarithmic scale.

    `neutral` is the value that means no change, drawn as a broken line; `ends` say what lies left and right of it.
    """
    board = Board(width)
    values = [v for row in rows for v in (row.low, row.high, row.value)] + ([neutral] if neutral is not None else [])
    see: See = _on_logarithms if ratio else _as_it_is
    least, most = min(map(see, values), default=0.0), max(map(see, values), default=1.0)
    gap = 0.04 * (most - least) or 0.5
    least, most = least - gap, most + gap
    left, right = 6.0, width - 6.0

    def at(value: float) -> float:
        return left + (see(value) - least) / (most - least) * (right - left)

    y = 0.0
    if neutral is not None and any(ends):
        y = _ends(board, ends, at(neutral), width)
    top, still = y, board.add("path", class_="neutral") if neutral is not None else None
    for row in rows:
        y = board.lines(f"{row.label}: {row.said}", 0, y, width, class_="over") + LEVEL / 2 + 2
        low, high = at(row.low), at(row.high)
        board.add(
            "path",
            class_="range",
            stroke_width=3 if not row.unsure else 2,
            stroke_dasharray="4 3" if row.unsure else "none",
            d=f"M{low:.1f} {y:.1f}H{high:.1f}M{low:.1f} {y - 5:.1f}v10M{high:.1f} {y - 5:.1f}v10",
        )
        board.add("circle", class_="mark", cx=at(row.value), cy=y, r=5.5)
        y += LEVEL / 2 + 8
    if still is not None and neutral is not None:
        still.set("d", f"M{at(neutral):.1f} {top:.1f}V{y:.1f}")
    first = [neutral] if ratio and neutral is not None else []
    return _scale(board, [*first, *_round_numbers(least, most, ratio)], at, y)


def _on_logarithms(value: float) -> float:
    return log(max(value, 1e-3))


def _as_it_is(value: float) -> float:
    return value


def _ends(board: Board, ends: tuple[str, str], x: float, width: float) -> float:
    """What it means to lie left and right of no change, each on its side if there is room, else on two lines."""
    size, (less, more) = 13.0, ends
    side = long(less, size) < x - 8 and long(more, size) < width - x - 8
    board.text(f"← {less}", x - 8 if side else 0, 14, size, "end" if side else "start", class_="quiet")
    board.text(
        f"{more} →", x + 8 if side else width, 14 if side else 32, size, "start" if side else "end", class_="quiet"
    )
    return 22.0 if side else 40.0


def _scale(board: Board, shown: Sequence[float], at: See, y: float) -> Board:
    """Round numbers under the rows, the first ones first, and none where it would touch another."""
    board.add("path", class_="axis", d=f"M6 {y:.1f}H{board.width - 6:.1f}")
    taken: list[tuple[float, float]] = []
    for value in shown:
        words, x = f"{value:,.4g}".replace("-", "−"), at(value)
        half = long(words, 13) / 2 + 7
        if any(x - half < right and left < x + half for left, right in taken) or not 10 <= x <= board.width - 10:
            continue
        taken.append((x - half, x + half))
        board.add("path", class_="axis", d=f"M{x:.1f} {y:.1f}v5")
        board.text(words, x, y + 19, 13, "middle", class_="quiet")
    board.height = max(board.height, y + 24)
    return board


def _round_numbers(least: float, most: float, ratio: bool) -> list[float]:
    """Numbers for a scale from `least` to `most`, which are logarithms for ratios."""
    if ratio:
        inside = [v for v in RATIOS if exp(least) <= v <= exp(most)]
        few = [v for v in FINE if exp(least) <= v <= exp(most)]
        return inside if len(inside) > 2 else [*inside, *few]
    span = ticks(max(abs(least), abs(most)))
    return sorted({v for t in span for v in (t, -t) if least <= v <= most})
