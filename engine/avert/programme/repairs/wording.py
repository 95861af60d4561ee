"""Amounts of a plan in its author's units, rounded so that what is written is enough."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

FIGURES = 5
"""Figures of a change that are said; the amount that is written has as many decimals as that takes."""
MOST_DECIMALS = 12
PENNY, ROUNDING = 2, 1e-6
"""Decimals of an amount of money, and pounds by which one may be off them."""
NO_CHANGE = "no change of {subject} alone is enough"


@dataclass(frozen=True)
class Outward:
    """Rounds amounts away from `old`, upwards where `sign` is 1 and downwards where it is −1."""

    old: float
    sign: int
    unit: str

    def beyond(self, change: float, tried: float, steps: int) -> tuple[float, float]:
        """The amount to write for a change of at least so much, and its own change.

        Where that is no more than what was `tried`, the amount goes on by so many steps of the last figure.
        """
        scale = 100.0 if self.unit == "%" else 1.0
        exponent = floor(log10(max(change, tried) * scale)) - FIGURES + 1
        step, written = 10.0**exponent, self._outward(scale, change, exponent)
        if self._change(written) <= tried:
            written = self._outward(scale, tried + steps * step / scale, exponent)
        return written, self._change(written)

    def _outward(self, scale: float, change: float, exponent: int) -> float:
        shown = (self.old + self.sign * change) * scale
        decimals = min(max(-exponent, 0), MOST_DECIMALS)
        unit = 10.0 ** max(exponent, 0)
        count = shown * 10.0**decimals / unit
        whole = ceil(count) if self.sign > 0 else floor(count)
        # As the author's reader does it: '71.3%' is 71.3 / 100.
        return round(whole * unit / 10.0**decimals, decimals) / scale

    def _change(self, written: float) -> float:
        return self.sign * (written - self.old)


def amount_in_words(value: float, unit: str, *, last: bool = False) -> str:
    """'£1,200', '71.3%', '431', with words for the unit after the last of several."""
    shown = value * 100 if unit == "%" else value
    if unit == "£" and abs(shown - round(shown, PENNY)) < ROUNDING:
        shown = round(shown, PENNY)
    text = f"{shown:,.{MOST_DECIMALS - 2}f}".rstrip("0").rstrip(".")
    if unit in ("£", "%"):
        return f"£{text}" if unit == "£" else f"{text}%"
    return f"{text} {unit}" if last else text
