"""How many people have which combination of factors: shares of every risk profile at each age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from avert.errors import AvertError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
CLOSE_ENOUGH = 1e-12
MOST_ROUNDS = 10_000


def all_profiles(factors: Sequence[str]) -> Bools:
    """(2^factors, factors): every combination, 'none of them' first."""
    return np.array(list(product([False, True], repeat=len(factors))), dtype=bool).reshape(
        2 ** len(factors), len(factors)
    )


def both(first: float, second: float, odds_ratio: float) -> float:
    """Share with both of two factors, from the share with each and their odds ratio.

    The root of (ψ−1) x² − (1 + (p+q)(ψ−1)) x + ψ p q = 0 that is a share.  (Plackett 1965.)
    """
    if abs(odds_ratio - 1) < 1e-9:
        return first * second
    spread = 1 + (first + second) * (odds_ratio - 1)
    return (spread - sqrt(spread**2 - 4 * odds_ratio * (odds_ratio - 1) * first * second)) / (2 * (odds_ratio - 1))


def profile_shares(
    factors: Sequence[str],
    flags: Bools,
    margins: Mapping[str, float],
    odds_ratios: Mapping[tuple[str, str], float],
) -> Floats:
    """(profiles,): shares that have every margin and every stated pairwise odds ratio, otherwise independent.

    Iterative proportional fitting (Deming and Stephan 1940) of an independent table to the 2×2
    table of each stated pair.  Factors without a stated odds ratio stay independent given the rest.
    Raises AvertError where the stated figures contradict one another.
    """
    chances = np.array([margins[factor] for factor in factors])
    shares: Floats = np.prod(np.where(flags, chances, 1 - chances), axis=1)
    targets = []
    for (one, other), odds_ratio in sorted(odds_ratios.items()):
        i, j = factors.index(one), factors.index(other)
        together = both(margins[one], margins[other], odds_ratio)
        cells = [
            (flags[:, i] & flags[:, j], together),
            (flags[:, i] & ~flags[:, j], margins[one] - together),
            (~flags[:, i] & flags[:, j], margins[other] - together),
            (~flags[:, i] & ~flags[:, j], 1 - margins[one] - margins[other] + together),
        ]
        targets += cells
    for _ in range(MOST_ROUNDS if targets else 0):
        largest = 0.0
        for cell, wanted in targets:
            total = shares[cell].sum()
            largest = max(largest, abs(total - wanted))
            if total > 0:
                shares[cell] *= wanted / total
        if largest < CLOSE_ENOUGH:
            break
    else:
        if targets:
            raise AvertError(
                f"the odds ratios between {', '.join(factors)} contradict one another: no joint table has them all"
            )
    return shares
