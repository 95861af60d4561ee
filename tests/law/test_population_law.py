"""Strata add up to what is observed: people in each place and age band, and their admissions given today's services."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from random_worlds import LAW, World, on_disk, worlds
from slow_effects import at_age


@LAW
@given(worlds())
def test_strata_add_up_to_the_people_and_the_rates_observed_there(world: World) -> None:
    with on_disk(world) as opened:
        strata = opened.county().strata
    nodes = {one["id"]: one for one in world.nodes}
    ages = strata.groups.ages
    local = {(place, event): here / england for place, event, here, england in world.area.get("local_rates", [])}
    residents = np.array([[world.area["people"][place][age] for age in ages] for place in strata.places])
    shape = (len(strata.places), len(ages), -1)
    assert strata.people.reshape(shape).sum(axis=2) == pytest.approx(residents, rel=1e-9)
    for event in strata.rates:
        england = [at_age(nodes[event]["england_rate"], age) / 100_000 for age in ages]
        ratio = [local.get((place, event), 1.0) for place in strata.places]
        observed = residents * np.outer(ratio, england)
        assert strata.events_today(event).reshape(shape).sum(axis=2) == pytest.approx(observed, rel=1e-9)
