"""No allocation breaks a line of its plan, by two counts that know nothing of the programme or of one another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from independent import broken_lines
from random_worlds import LAW, World, lumpy_worlds, on_disk, optimum_or_refusal, worlds
from recount import Floats

from avert.programme import Optimum, largest_violation


@LAW
@given(worlds())
def test_an_optimum_keeps_every_line_of_its_plan(world: World) -> None:
    with on_disk(world) as opened:
        optimum = optimum_or_refusal(opened)
    if optimum is not None:
        assert optimum.max_violation <= 1e-6
        assert {line: amount for line, amount in broken_lines(world, optimum).items() if amount > 1e-6} == {}


@settings(LAW, max_examples=30)
@given(worlds(), st.integers(0, 1000))
def test_avert_and_a_second_count_agree_by_how_much_a_spoilt_allocation_breaks_the_plan(
    world: World, seed: int
) -> None:
    with on_disk(world) as opened:
        optimum = optimum_or_refusal(opened)
    if optimum is None:
        return
    chance = np.random.default_rng(seed)
    spoilt, covered = spoil(optimum, chance)
    ours = max([0.0, *broken_lines(world, optimum, spoilt, covered).values()])
    found = largest_violation(optimum.sets, optimum.offers, spoilt, covered, optimum.values)
    assert found == pytest.approx(ours, rel=1e-9, abs=1e-9)


def spoil(optimum: Optimum, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """The people offered each column and the shares under each cover, with many more of both, or with others."""
    parts = chance.random(len(optimum.people)) * (chance.random(len(optimum.people)) < 0.3)
    shares = chance.random(len(optimum.covered)) * (chance.random(len(optimum.covered)) < 0.3)
    kept = chance.random() < 0.5
    return kept * optimum.people + optimum.offers.limit * parts, kept * optimum.covered + shares


@settings(LAW, max_examples=30)
@given(lumpy_worlds(), st.integers(0, 1000))
def test_both_counts_agree_on_what_opening_a_service_costs_and_asks_for(world: World, seed: int) -> None:
    with on_disk(world) as opened:
        optimum = optimum_or_refusal(opened)
    if optimum is None:
        return
    assert {line: amount for line, amount in broken_lines(world, optimum).items() if amount > 1e-6} == {}
    spoilt, covered = spoil(optimum, np.random.default_rng(seed))
    ours = max([0.0, *broken_lines(world, optimum, spoilt, covered).values()])
    found = largest_violation(optimum.sets, optimum.offers, spoilt, covered, optimum.values)
    assert found == pytest.approx(ours, rel=1e-9, abs=1e-9)
