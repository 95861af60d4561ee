"""What must make no difference: file names, order, ids, and running a second time."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from random_worlds import LAW, World, on_disk, optimum_or_refusal, slack, worlds

from avert.library import load_library


@LAW
@given(worlds())
def test_a_second_run_is_the_same_bit_for_bit(world: World) -> None:
    with on_disk(world) as opened:
        first = optimum_or_refusal(opened)
        again = optimum_or_refusal(opened)
    assert (first is None) == (again is None)
    if first is not None and again is not None:
        assert np.array_equal(first.people, again.people)
        assert first.objective == again.objective
        assert first.price == again.price


@LAW
@given(worlds(), st.randoms(use_true_random=False))
def test_names_of_files_and_order_of_keys_change_nothing(world: World, chance: Any) -> None:
    with on_disk(world) as opened:
        first = optimum_or_refusal(opened)
        for number, path in enumerate(sorted((opened.folder / "evidence").rglob("*.yaml"))):
            _shuffle(path, chance)
            if path.parent.name in ("interventions", "pathways"):
                path.rename(path.with_name(f"{'zyxwvut'[number % 7]}_{number}.yaml"))
        _shuffle(opened.folder / "area-area.yaml", chance)
        moved = replace(opened, library=load_library(opened.folder / "evidence"))
        again = optimum_or_refusal(moved)
    assert (first is None) == (again is None)
    if first is not None and again is not None:
        assert np.array_equal(first.offers.worth, again.offers.worth)
        assert np.array_equal(first.people, again.people)
        assert first.objective == again.objective


def _shuffle(path: Path, chance: Any) -> None:
    """Write a file again with its mappings, nodes and edges in another order."""

    def mixed(data: Any, key: str = "") -> Any:
        if isinstance(data, dict):
            items = list(data.items())
            chance.shuffle(items)
            return {name: mixed(value, name) for name, value in items}
        if isinstance(data, list):
            parts = [mixed(one) for one in data]
            if key in ("nodes", "edges", "effects", "odds_ratios"):
                chance.shuffle(parts)
            return parts
        return data

    data = mixed(yaml.safe_load(path.read_text(encoding="utf-8")))
    path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")


@LAW
@given(worlds(), st.randoms(use_true_random=False))
def test_other_ids_change_no_objective(world: World, chance: Any) -> None:
    answers = []
    for one in (world, _renamed(world, chance)):
        with on_disk(one) as opened:
            answers.append(optimum_or_refusal(opened))
    first, again = answers
    assert (first is None) == (again is None)
    if first is not None and again is not None:
        assert again.objective == pytest.approx(first.objective, rel=1e-9, abs=slack(first))


def _renamed(world: World, chance: Any) -> World:
    """The same world with every id of a node, service, place and partner exchanged, so that each order turns."""
    ids = sorted(
        {one["id"] for one in (*world.nodes, *world.interventions)}
        | world.area["people"].keys()
        | world.plan["money"].keys()
    )
    fresh = [f"{letter}_{number}" for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz"[: len(ids)])]
    chance.shuffle(fresh)
    text = json.dumps(vars(world))
    for old, new in zip(ids, fresh, strict=True):
        text = re.sub(f'"{old}"', f'"{new}"', text)
    return World(**json.loads(text))
