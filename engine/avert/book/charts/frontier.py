"""What each budget buys: a curve through certified plans."""

from __future__ import annotations

from collections.abc import Sequence

from avert.book import wording
from avert.book.charts.svg import Board, ticks

HIGH = {True: 300.0, False: 240.0}


def frontier_chart(
    budgets: Sequence[float],
    worth: Sequence[float],
    bound: Sequence[float],
    now: float,
    unit: str,
    width: float,
    *,
    steps: bool = False,
) -> Board:
    """Budget to the right, worth upwards; dots are certified optima, the marker is moved by the page's slider.

    `now` is the plan's own budget, a broken line.  With `steps` nothing lies between two plans.
    """
    board, high = Board(width), HIGH[width > 500]
    left, right, top, foot = 8.0 + 8.5 * len(f"{max(bound):,.0f}"), width - 14.0, 30.0, high - 46.0
    most, peak = budgets[-1], max(ticks(max(max(bound), 1e-9))[-1], max(max(bound), 1e-9))

    def x(budget: float) -> float:
        return left + budget / most * (right - left)

    def y(value: float) -> float:
        return foot - value / peak * (foot - top)

    for value in ticks(peak):
        board.add("path", class_="grid", d=f"M{left:.1f} {y(value):.1f}H{right:.1f}")
        board.text(f"{value:,.6g}", left - 6, y(value) + 5, 14, "end", class_="quiet")
    board.text(wording.first_up(unit), 0, 14, 14, class_="quiet")
    for value in ticks(most, 4 if width > 500 else 3):
        board.text(
            wording.money(value), x(value), foot + 20, 14, "middle" if value < 0.93 * most else "end", class_="quiet"
        )
    board.text("Budget over all years", right, foot + 40, 14, "end", class_="quiet")
    points = list(zip(budgets, worth, strict=True))
    board.add("path", class_="line", d=_path([(x(b), y(v)) for b, v in points], steps))
    for budget, value in points:
        board.add("circle", class_="mark", cx=x(budget), cy=y(value), r=2.6)
    board.add("path", class_="today", stroke_width=1.6, d=f"M{x(now):.1f} {top:.1f}V{foot:.1f}")
    board.text("the plan", x(now) - 5, top + 12, 14, "end", class_="quiet")
    near = min(range(len(points)), key=lambda n: abs(points[n][0] - now))
    marker = board.add("g", class_="marker", transform=f"translate({x(now):.1f} {y(points[near][1]):.1f})")
    for name, value in (("x0", x(0)), ("x1", x(most)), ("y0", y(0)), ("y1", y(peak))):
        marker.set(f"data-{name}", f"{value:.1f}")
    board.add("circle", marker, class_="inverse", r=8)
    board.add("circle", marker, class_="mark", r=6)
    board.height = high
    return board


def peak_of(bound: Sequence[float]) -> float:
    """The worth at the top of the picture."""
    return max(ticks(max(max(bound), 1e-9))[-1], max(max(bound), 1e-9))


def _path(points: Sequence[tuple[float, float]], steps: bool) -> str:
    made = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for a, b in points[1:]:
        made.append(f"H{a:.1f}V{b:.1f}" if steps else f"L{a:.1f} {b:.1f}")
    return "".join(made)
