"""How much of a node's rate hangs on a parent: the A(u→v) of each edge, for every group and year."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from avert.errors import AvertError
from avert.library.records import Edge, at_age
from avert.pathway.effects import edge_ratio
from avert.pathway.groups import Floats, Groups
from avert.units import attributable_fraction


def influence(edge: Edge, groups: Groups, rates: Mapping[str, Floats]) -> Floats:
    """A(u→v) of an edge, broadcastable to (groups, waits, years): the part of v's rate that hangs on u.

    share s, power p     A = s ρ^p / (1 − s + s ρ^p)
    state with ratio RR  A = reversible · π(RR−1) / (1 + π(RR−1)), π the share of the group in the
                         state: 1 or 0 where u stratifies (relaxing if it passes), else prevalence · ρ
    onset with ratio RR  people differ by whether u has begun since the start: b = 1 − exp(−(t + ½)/D),
                         D the mean years lived with u
      not stratifying    A = reversible · b · π(RR−1) / (1 + π(RR−1)): of v's rate, the part of the
                         stock that has begun
      a group free of u  A = reversible · b · π/(1 − π) · ρ' · (RR−1): its rate is kept as it was at the
                         start, so what those who begin would add stands over that rate; ρ' is its rate
                         of u over the mean of those free of u
      a group with u     A = 0: it gains nothing from preventing u

    The last three agree: told apart or not, the same events are averted in all.
    ρ is the group's rate of u over the mean of its age (`node_rates`): a group with more of u has more
    of its events from u.  Shares that have begun since the start follow a stock in balance:
    incidence · D · (1 − e^(−t/D)).
    """
    ratio = _by_age(edge, groups)
    if edge.measure == "share":
        through = ratio * rates[edge.from_] ** _power(edge)
        part: Floats = through / (1 - ratio + through)
        return part
    assert edge.reversible is not None  # every ratio from a state or an onset states it
    node, rate = groups.pathway.node(edge.from_), rates[edge.from_]
    if node.form == "onset" and node.stratifies:
        beginning = _free_share(edge.from_, groups) * groups.over_mean(rate, free_of=edge.from_)
        return edge.reversible.value * _begun(edge.from_, groups) * beginning * (ratio - 1)
    share = groups.membership(edge.from_) if node.stratifies else _common(edge.from_, groups, rate)
    fraction: Floats = edge.reversible.value * attributable_fraction(share, ratio)
    return fraction * _begun(edge.from_, groups) if node.form == "onset" else fraction


def _power(edge: Edge) -> float:
    return edge.pass_through.value if edge.pass_through else 1.0


def _by_age(edge: Edge, groups: Groups) -> Floats:
    return groups.by_age([edge_ratio(edge, at_age(edge.estimate, age)) for age in groups.ages])


def _begun(node: str, groups: Groups) -> Floats:
    """(years,): share of an onset's stock that has begun since the start, 1 − exp(−(t + ½)/D)."""
    record = groups.pathway.node(node)
    assert record.years_lived is not None  # checked when the library was read
    begun: Floats = 1 - np.exp(-(np.arange(groups.years) + 0.5) / record.years_lived.value)
    return begun


def _free_share(node: str, groups: Groups) -> Floats:
    """(groups, 1, 1): π/(1 − π) in groups free of a stratifying onset, the stock they will come to hold; else 0."""
    prevalence = groups.prevalence(node)
    free = ~groups.has(node)[:, None, None]
    return np.where(free, prevalence / np.where(prevalence < 1, 1 - prevalence, 1.0), 0.0)


def lagged(change: Floats, lag_years: float) -> Floats:
    """`change` (…, years) felt `lag_years` later: before that there is none.

    A part-year lag splits a year's change between the year it begins in and the next.
    """
    if lag_years == 0:
        return change
    whole, part = int(lag_years), lag_years - int(lag_years)
    return (1 - part) * _shifted(change, whole) + part * _shifted(change, whole + 1)


def _shifted(change: Floats, years: int) -> Floats:
    result = np.zeros_like(change)
    if years < change.shape[-1]:
        result[..., years:] = change[..., : change.shape[-1] - years]
    return result


def mean_since_start(values: Floats) -> Floats:
    """Running mean along the years since the start, of which there are few beside everything else."""
    result, total = np.empty_like(values), np.zeros(values.shape[:-1])
    for year in range(values.shape[-1]):
        total += values[..., year]
        np.divide(total, year + 1, out=result[..., year])
    return result


def _common(node: str, groups: Groups, rate: Floats) -> Floats:
    """Prevalence · ρ: how common a state that does not stratify is in each group.

    Raises AvertError where that comes to more than everybody.
    """
    share = groups.prevalence(node) * rate
    if share.max() > 1:
        raise AvertError(
            f"'{node}' is so common, and so much commoner in some groups, that {share.max():.0%} of them "
            "would have it. Its prevalence and the ratios leading to it contradict each other."
        )
    return share


@lru_cache(maxsize=8)
def node_rates(groups: Groups) -> dict[str, Floats]:
    """ρ of every node: a group's rate over the mean of its age band at the start, from the edges that carry effects.

    Into v from    a stratifying state or onset u    × (1 + m (RR−1)), m the group's membership
                   a state or onset not stratifying  × (1 + π ρ_u (RR−1))
                   a condition by a share s          × (1 − s + s ρ_u^p), p the pass-through
    and over the mean.  A continuous factor does not tell groups apart.  0 for groups an event is not for.
    Arrays broadcast to (groups, waits, years).
    """
    rates: dict[str, Floats] = {}
    for name in groups.pathway.order:
        rate = np.ones((len(groups), 1, 1))
        edges, not_for = groups.pathway.into(name), groups.pathway.node(name).not_for
        for edge in edges:
            rate = rate * _relative(edge, rates[edge.from_], groups)
        for barred in not_for:
            if barred in groups.factors:
                rate = np.where(groups.has(barred)[:, None, None], 0.0, rate)
        rates[name] = groups.over_mean(rate) if edges or not_for else rate  # 1 everywhere is its own mean
    return rates


def _relative(edge: Edge, source_rate: Floats, groups: Groups) -> Floats:
    source = groups.pathway.node(edge.from_)
    ratio = _by_age(edge, groups)
    if edge.measure == "share":
        result: Floats = 1 - ratio + ratio * source_rate ** _power(edge)
        return result
    if source.form == "continuous":
        return np.ones((len(groups), 1, 1))
    if source.stratifies:
        return 1 + groups.membership(edge.from_) * (ratio - 1)
    return 1 + _common(edge.from_, groups, source_rate) * (ratio - 1)
