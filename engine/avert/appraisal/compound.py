"""The distribution of what a group costs in a year: events by chance, members drawn from strata.

With w_s the share of stratum s, λ_se events a person-year and f_e the distribution of an event's cost, the cost of n
people drawn at random has the generating function

    [ Σ_s w_s exp( Σ_e λ_se (f_e(z) − 1) ) ]ⁿ

It is worked out on a lattice of so many pounds, at the roots of unity, and turned back by the fast Fourier
transform (Bühlmann 1984; the recursion of Panjer 1981 gives the same and takes far longer for large groups).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, log2

import numpy as np

from avert.pathway.groups import Floats

BELOW, ABOVE = 10.0, 14.0
"""Standard deviations about the mean outside of which no year lies, to any digit shown."""
ROUNDING = 0.002
"""Most that counting in steps may add to the variance, as a share of it."""
STEPS_IN_A_DEVIATION = 400
"""At the least, so that the budget falls between steps and not on a coarse one."""
FEWEST_STEPS_WHERE_COSTS_VARY = 4
"""In the cheapest event."""
MOST_STEPS = 2**18
"""Steps of the largest lattice; a larger group is counted in coarser steps."""
EXACT = 1e-9


@dataclass(frozen=True)
class Costs:
    """What one person drawn at random from a group may bring in a year."""

    shares: Floats
    """(strata,): share of the group."""
    rates: Floats
    """(strata, events): events a person-year."""
    each: Floats
    """(events,): mean cost of one event [£]."""
    variation: float = 0.0
    """Coefficient of variation of an event's cost."""

    @cached_property
    def mean(self) -> float:
        """Σ_s w_s Σ_e λ_se c_e"""
        return float(self.shares @ (self.rates @ self.each))

    @cached_property
    def variance(self) -> float:
        """Σ_s w_s Σ_e λ_se c_e² (1 + v²)  +  Σ_s w_s (Σ_e λ_se c_e − μ)²"""
        within = self.rates @ (self.each**2 * (1 + self.variation**2))
        between = (self.rates @ self.each - self.mean) ** 2
        return float(self.shares @ (within + between))

    @cached_property
    def step(self) -> float:
        """Pounds in a step: the cheapest event over 1, 2, 4, …, so fine that rounding adds next to nothing."""
        cheapest = float(self.each[self.each > 0].min())
        parts = FEWEST_STEPS_WHERE_COSTS_VARY if self.variation else 1
        while parts < 1024 and self._rounding(cheapest / parts) > ROUNDING * self.variance:
            parts *= 2
        return cheapest / parts

    def _rounding(self, step: float) -> float:
        """Variance that steps of so many pounds add: between two steps p(1 − p) step² for each event."""
        points = [self.each * (1 - self.variation), self.each * (1 + self.variation)] if self.variation else [self.each]
        off = [(point / step) % 1 for point in points]
        added = sum((part * (1 - part) for part in off), np.zeros(len(self.each))) / len(points) * step**2
        on_points = self.variation**2 * self.each / step <= 1
        return float(self.shares @ (self.rates @ np.where(on_points, added, 0.0)))


def probability_within(costs: Costs, people: int, margin: float) -> float:
    """Chance that a year's cost of so many people is at most (1 + margin) times its mean.

    An event's cost lies on the lattice step below and above it, so that its mean is kept.  Where costs vary it is
    negative binomial in steps, which is a gamma distribution as steps get small; variation too small for the steps
    lies on two points.  The lattice reaches from 10 standard deviations below the mean to 14 above.
    """
    mean, deviation = people * costs.mean, (people * costs.variance) ** 0.5
    low = max(0.0, mean - BELOW * deviation)
    high = mean + ABOVE * deviation + 2 * float(costs.each.max())
    cheapest = float(costs.each[costs.each > 0].min())
    step = cheapest / ceil(cheapest / min(costs.step, deviation / STEPS_IN_A_DEVIATION) - EXACT)
    steps = min(MOST_STEPS, 2 ** ceil(log2(max(64.0, (high - low) / step + 2))))
    step = max(step, (high - low) / (steps - 2))
    chances = _on_lattice(costs, people, steps, step)
    first, budget = floor(low / step), floor(mean * (1 + margin) / step + EXACT)
    within = chances[np.arange(first, min(budget, first + steps - 1) + 1) % steps]
    return float(min(1.0, max(0.0, within.sum())))


def _on_lattice(costs: Costs, people: int, steps: int, step: float) -> Floats:
    """(steps,): chance of each cost, counted in steps and round and round the lattice."""
    turn = np.exp(-2j * np.pi * np.arange(steps // 2 + 1) / steps)
    happens = [_event(cost / step, costs.variation, turn) - 1 for cost in costs.each]
    person = np.zeros(len(turn), dtype=complex)
    for share, rates in zip(costs.shares, costs.rates, strict=True):
        power = sum((rate * one for rate, one in zip(rates, happens, strict=True)), np.zeros(len(turn), dtype=complex))
        person += share * np.exp(power)
    chances: Floats = np.fft.irfft(person**people, steps)
    return chances


def _event(mean: float, variation: float, turn: np.ndarray) -> np.ndarray:
    """Generating function of an event's cost, `mean` in steps, at the given points of the unit circle."""
    over = variation**2 * mean - 1  # of a negative binomial: variance / mean − 1
    if over > 0:
        result: np.ndarray = np.exp(-mean / over * np.log(1 - over * (turn - 1)))
        return result
    points = [mean * (1 - variation), mean * (1 + variation)] if variation else [mean]
    return sum((_between(point, turn) for point in points), np.zeros(len(turn), dtype=complex)) / len(points)


def _between(point: float, turn: np.ndarray) -> np.ndarray:
    """A cost that lies between two steps, on both so that its mean is kept."""
    below = floor(point + EXACT)
    part = max(0.0, point - below)
    result: np.ndarray = turn**below * ((1 - part) + part * turn)
    return result
