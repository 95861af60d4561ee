"""How unevenly something is spread over people: what the few at the top carry, and how much groups explain."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

import numpy as np

from avert.population.profiles import Floats

TOP_SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Shares of people, those with most first, for which tables say what they carry."""
SAME = 9
"""Decimals, as a share of the largest amount, to which two groups count as alike."""


def carried_by_top(people: Floats, each: Floats, carried: Floats, shares: Sequence[float] | Floats) -> Floats:
    """(shares,): part of all that is `carried` that falls on the given shares of people, those with most `each` first.

    People of one group are alike, and groups with the same `each` count as one, so between two groups the
    curve is a straight line:

        carried by the top x  =  Σ over groups in order of  carried · part of the group within the top x

    `people` and `carried` are totals of each group (groups,), `each` is per person.  0 where nothing is carried.
    """
    total, whole = float(carried.sum()), float(people.sum())
    counted, amounts = _in_order(people, each, carried)
    if total == 0 or whole == 0 or not len(counted):
        return np.zeros(len(shares))
    along, up = np.append(0.0, np.cumsum(counted)) / whole, np.append(0.0, np.cumsum(amounts)) / total
    found: Floats = np.interp(np.asarray(shares, dtype=float), along, up)
    return found


def carried_in_a_year(people: Floats, each: Floats, shares: Sequence[float] | Floats) -> Floats:
    """(shares,): part of a year's events that falls on the given shares of people, those who had most first.

    Events come by chance alone at the rate `each` of a group (groups,), so that

        people with k events  =  Σ over groups of  people · e^(−λ) λ^k / k!

    and the curve is that of `carried_by_top` over k.  What lasts beyond a group's rate (some are frailer than
    others of their group) makes real years more uneven still.
    """
    most = float(each.max(initial=0.0))
    counts = np.arange(ceil(most + 12 * sqrt(most)) + 20)
    with_count = _poisson(people, each, len(counts))
    return carried_by_top(with_count, counts.astype(float), with_count * counts, shares)


def _poisson(people: Floats, rate: Floats, most: int) -> Floats:
    """(counts,): people with 0, 1, 2, … events."""
    chance, found = np.exp(-rate), np.zeros(most)
    for count in range(most):
        found[count] = float(people @ chance)
        chance = chance * rate / (count + 1)
    return found


def part_in_top(people: Floats, each: Floats, share: float) -> Floats:
    """(groups,): people of each group among the `share` of all people with most `each`.

    Groups with the same `each` at the edge give the same part of their people.
    """
    levels = _levels(each)
    above = np.array([people[levels > level].sum() for level in np.unique(levels)])
    at = np.bincount(np.unique(levels, return_inverse=True)[1], weights=people)
    room = np.clip(share * people.sum() - above, 0.0, at)
    part = np.divide(room, at, out=np.zeros_like(at), where=at > 0)
    inside: Floats = people * part[np.unique(levels, return_inverse=True)[1]]
    return inside


def concentration_index(people: Floats, each: Floats, carried: Floats) -> float:
    """2 × the area between the curve of `carried_by_top` and the line on which all people carry the same.

    0 if everybody carries the same, near 1 if one person carries all.  With people in order of what they
    carry it is the Gini coefficient (Gini 1912); in order of something else, the concentration index with
    the sign turned, so that more on those at the top is above 0 (Kakwani 1977; Wagstaff and others 1991).
    """
    total, whole = float(carried.sum()), float(people.sum())
    counted, amounts = _in_order(people, each, carried)
    if total == 0 or whole == 0:
        return 0.0
    up = np.append(0.0, np.cumsum(amounts)) / total
    area = float((counted / whole * (up[1:] + up[:-1]) / 2).sum())
    return 2 * area - 1


def explained(people: Floats, amount: Floats, label: np.ndarray, squares: float | None = None) -> float:
    """η² = Σ_k n_k (m_k − m)² / Σ_i n_i (x_i − m)²: part of the variance of x that lies between groups k.

    (Correlation ratio, Pearson 1905.)  x_i = `amount` / `people` of part i, m_k the mean of group k, which `label`
    names for each part, m the mean of all.  With `squares`, Σ x² over single people, the variance is theirs and not
    that between parts.  0 where nothing varies.
    """
    some = people > 0
    people, amount, label = people[some], amount[some], label[some]
    if not len(people):
        return 0.0
    number = np.unique(label, return_inverse=True)[1]
    counted, totals = np.bincount(number, weights=people), np.bincount(number, weights=amount)
    mean = amount.sum() / people.sum()
    between = float((totals**2 / counted).sum() - people.sum() * mean**2)
    whole = float((amount**2 / people).sum() if squares is None else squares) - float(people.sum() * mean**2)
    return max(0.0, between / whole) if whole > 1e-12 * max(1.0, float(people.sum() * mean**2)) else 0.0


def _levels(each: Floats) -> np.ndarray:
    """Amounts rounded so that those who differ by rounding alone are alike."""
    largest = float(np.abs(each).max(initial=0.0)) or 1.0
    return np.round(each / largest, SAME)


def _in_order(people: Floats, each: Floats, carried: Floats) -> tuple[Floats, Floats]:
    """People, and what they carry, at each level of `each` from the highest."""
    number = np.unique(-_levels(each), return_inverse=True)[1]
    counted: Floats = np.bincount(number, weights=people).astype(float)
    amounts: Floats = np.bincount(number, weights=carried).astype(float)
    return counted, amounts
