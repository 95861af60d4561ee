"""How much of a node's rate hangs on a parent: the A(u→v) of each edge, for every group and year."""

from __future__ import annotations

import numpy as np

from avert.library.records import Edge, at_age
from avert.pathway.effects import edge_ratio
from avert.pathway.groups import Floats, Groups


def influence(edge: Edge, groups: Groups) -> Floats:
    """A(u→v) of an edge, broadcastable to (groups, waits, years).

    share                A = the share itself
    state with ratio RR  A = reversible · π(RR−1) / (1 + π(RR−1)), π the share of the group in the
                         state: 1 or 0 where u stratifies (relaxing if it passes), else the prevalence
    onset with ratio RR  the same with the share that will have begun since the start,
                         π (1 − exp(−(t + ½)/D)), D the mean years lived with u; 0 for a group that
                         has u already; π/(1 − π) in place of π for a group that is free of it, since
                         only they can begin

    Shares that have begun since the start follow a stock in balance: incidence · D · (1 − e^(−t/D)).
    """
    ratio = _by_age(edge, groups)
    if edge.measure == "share":
        return ratio
    assert edge.reversible is not None  # every ratio from a state or an onset states it
    excess = _share_in_state(edge.from_, groups) * (ratio - 1)
    result: Floats = edge.reversible.value * excess / (1 + excess)
    return result


def _by_age(edge: Edge, groups: Groups) -> Floats:
    return groups.by_age([edge_ratio(edge, at_age(edge.estimate, age)) for age in groups.ages])


def _share_in_state(node: str, groups: Groups) -> Floats:
    record = groups.pathway.node(node)
    if record.form != "onset":
        return groups.membership(node) if record.stratifies else groups.prevalence(node)
    assert record.years_lived is not None  # checked when the library was read
    years = np.arange(groups.years)
    begun = 1 - np.exp(-(years + 0.5) / record.years_lived.value)
    prevalence = groups.prevalence(node)
    if not record.stratifies:
        return prevalence * begun
    free = ~groups.has(node)[:, None, None]
    return np.where(free, prevalence / (1 - prevalence), 0.0) * begun


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
    """Running mean along the years since the start."""
    result: Floats = np.cumsum(values, axis=-1) / np.arange(1, values.shape[-1] + 1)
    return result


def relative_rates(groups: Groups) -> dict[str, Floats]:
    """ρ of every event: rates of groups against one another, from the same edges that carry effects.

    Into v from    a stratifying state or onset u    × (1 + m (RR−1)), m the group's membership
                   a state or onset not stratifying  × (1 + π ρ_u (RR−1)) / (1 + π (RR−1))
                   a condition by a share s          × (1 − s + s ρ_u^p), p the pass-through
    A continuous factor does not tell groups apart.  0 for groups the event is not for.
    Arrays broadcast to (groups, waits, years); only ratios between groups carry meaning.
    """
    rates: dict[str, Floats] = {}
    for name in groups.pathway.order:
        rate = np.ones((len(groups), 1, 1))
        for edge in groups.pathway.into(name):
            rate = rate * _relative(edge, rates[edge.from_], groups)
        for barred in groups.pathway.node(name).not_for:
            if barred in groups.factors:
                rate = np.where(groups.has(barred)[:, None, None], 0.0, rate)
        rates[name] = rate
    return {event: rates[event] for event in groups.pathway.events}


def _relative(edge: Edge, source_rate: Floats, groups: Groups) -> Floats:
    source = groups.pathway.node(edge.from_)
    ratio = _by_age(edge, groups)
    if edge.measure == "share":
        power = edge.pass_through.value if edge.pass_through else 1.0
        result: Floats = 1 - ratio + ratio * source_rate**power
        return result
    if source.form == "continuous":
        return np.ones((len(groups), 1, 1))
    if source.stratifies:
        return 1 + groups.membership(edge.from_) * (ratio - 1)
    common = groups.prevalence(edge.from_)
    result = (1 + common * source_rate * (ratio - 1)) / (1 + common * (ratio - 1))
    return result
