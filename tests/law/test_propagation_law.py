"""What remains of an event's rate is what a slow recursion written from the formulas says."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_worlds import LAW, World, on_disk, worlds
from slow_propagation import OneGroup
from slow_rates import Rates, profile_of

from avert.packages import County


def theta_of(county: County, event: str, group: int, wait: int, since: int) -> list[float]:
    """What avert says remains of an event's rate, for every package that a group is offered."""
    theta = county.remaining[event].of(county.family.masks)
    shape = (len(county.family), len(county.groups), county.groups.years, county.groups.years)
    offered = county.family.offered_to()[:, group]
    return [float(one) for one in np.broadcast_to(theta, shape)[offered, group, wait, since]]


@LAW
@given(worlds(), st.data())
def test_propagation_over_whole_arrays_is_the_plain_recursion(world: World, data: st.DataObject) -> None:
    with on_disk(world) as opened:
        county = opened.county()
    groups = county.groups
    group = data.draw(st.integers(0, len(groups) - 1))
    rates = Rates.of(world, county)
    offered = np.flatnonzero(county.family.offered_to()[:, group]).tolist()
    packages = [frozenset(county.family.named(package)) for package in offered]
    for event, wait in product(county.pathway.events, range(groups.years)):
        slow = OneGroup(rates, *profile_of(county, group), wait)
        for since in range(groups.years - wait):
            expected = [slow.offered(event, package, since) for package in packages]
            assert theta_of(county, event, group, wait, since) == pytest.approx(expected, rel=1e-10, abs=1e-12)
