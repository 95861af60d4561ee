"""How far an entry must be changed for the minima to be met, tried on the warm programme of phase 1.

Changes that move limits: at any prices the bound on what the minima lack after a change d falls in a
straight line, so every d before its root is proved to be too small.  The search goes from root to root
until the minima are met (Newton's method).  Changes that move amounts beside variables: an ample change
and none stand around the least one, and tries between them, each with its proof, close in on it.
Every try is rounded outward first, so that what was tried is what is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import inf

from avert.errors import SolverStopped
from avert.programme.repairs.clashes import Slide
from avert.programme.repairs.shortfall import Priced, Shortfall
from avert.programme.repairs.wording import Outward
from avert.programme.uses import Ints

MOST_TRIES = 60
ROOT_TOLERANCE = 1e-9
"""By what share of itself a root may be too large, by rounding."""
NARROW = 3e-5
"""Between a change that is too small and one that is enough, as a share of it: a few steps of the last figure."""


@dataclass(frozen=True)
class Found:
    """The amount to write and the change below which none is enough; no amount where none is, or none was found."""

    new: float | None
    at_least: float


NONE_ENOUGH = Found(None, inf)


def smallest_change(shortfall: Shortfall, base: Priced, slide: Slide) -> Found:
    """The smallest change of an entry; the lines are put back.

    `base` are prices of the plan as it stands.
    """
    search = _Search(shortfall, slide)
    if shortfall.highest(partial(slide.lines.lower_at, shortfall, change=slide.most)) > shortfall.tolerance:
        return NONE_ENOUGH
    try:
        return search.between(base) if len(slide.lines.amount_row) else search.root_by_root()
    finally:
        slide.lines.apply(shortfall, 0.0)
        shortfall.back()


def met_without(shortfall: Shortfall, rows: Ints) -> bool:
    """Whether the minima can be met without some lines of the frame, which are put back."""
    lower = partial(shortfall.lower_without, rows=rows)
    if shortfall.highest(lower) > shortfall.tolerance:
        return False
    master = shortfall.master
    for row in rows.tolist():
        master.limit_line(row, inf)
    try:
        met, _ = shortfall.can_be_met(lower)
    finally:
        for row in rows.tolist():
            master.limit_line(row, float(master.arrays.limit[row]))
        shortfall.back()
    if met is None:
        raise SolverStopped("it could not be shown whether a repair is enough, so there is no answer to show")
    return met


class _Search:
    def __init__(self, shortfall: Shortfall, slide: Slide) -> None:
        self.shortfall, self.slide, self.lines = shortfall, slide, slide.lines
        self.outward = Outward(slide.old, slide.sign, slide.unit)

    def _tried(self, change: float, *, limits_moved: bool = False) -> tuple[bool | None, Priced | None]:
        self.lines.apply(self.shortfall, change)
        lower = partial(self.lines.lower_at, self.shortfall, change=change)
        return self.shortfall.can_be_met(lower, limits_moved=limits_moved)

    def _rounded(self, change: float, beyond: float, steps: int = 1) -> tuple[float, float]:
        """The amount to write and its change: outward, past what was tried, no further than can be."""
        new, rounded = self.outward.beyond(change, beyond, steps)
        if rounded < self.slide.most:
            return new, rounded
        return self.slide.old + self.slide.sign * self.slide.most, self.slide.most

    def root_by_root(self) -> Found:
        """For changes of limits."""
        tried, at_least, stuck = 0.0, 0.0, 0
        for _ in range(MOST_TRIES):
            at_least = max(map(self._root, self.shortfall.known))
            if at_least == inf:
                return NONE_ENOUGH
            new, change = self._rounded(at_least * (1 - ROOT_TOLERANCE), tried, 2**stuck)
            met, last = self._tried(change, limits_moved=not tried)
            if met:
                return Found(new, at_least)
            if last is None or change == tried:
                break
            tried, stuck = change, stuck + 1 if met is None else 0
        return Found(None, at_least)

    def _root(self, priced: Priced) -> float:
        """The change up to which the bound at these prices stays positive; infinite if it always does."""
        at_most = self.lines.lower_at(self.shortfall, priced, self.slide.most)
        if at_most > self.shortfall.tolerance:
            return inf
        if priced.lower <= at_most:
            return 0.0  # these prices say nothing about any change
        return self.slide.most * priced.lower / (priced.lower - at_most)

    def between(self, priced: Priced) -> Found:
        """For changes of amounts beside variables; they ease their lines the more the larger they are.

        Tries follow the slope of what is lacking; after one that was enough, just below it; else the middle.
        """
        met, _ = self._tried(self.slide.most)
        if not met:
            return NONE_ENOUGH if met is False else Found(None, 0.0)
        proved, too_small, enough = 0.0, 0.0, self.slide.most
        new, aim = self.slide.old + self.slide.sign * enough, self._along_the_slope(priced, 0.0)
        for _ in range(MOST_TRIES):
            aimed = too_small < aim < enough
            amount, change = self._rounded(aim if aimed else (too_small + enough) / 2, too_small)
            if change >= enough or enough - too_small <= NARROW * enough:
                return Found(new, proved)
            met, last = self._tried(change)
            if met:
                new, enough = amount, change
                aim = change * (1 - NARROW) if aimed else 0.0
                continue
            # Where rounding leaves it in doubt, the search goes on above without calling it proved.
            too_small, proved = change, proved if met is None else change
            aim = self._along_the_slope(last, change) if last else 0.0
        return Found(None, proved)

    def _along_the_slope(self, priced: Priced, change: float) -> float:
        """Where nothing would be lacking if that went on to fall as it does at a change; infinite for never."""
        falls = -self.lines.slope_at(priced)
        lacks = self.lines.lower_at(self.shortfall, priced, change)
        return change + lacks / falls if falls > 0 else inf
