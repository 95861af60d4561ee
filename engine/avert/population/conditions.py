"""Which factors count as conditions, and how many of them people have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from avert.library.records import Node
from avert.pathway import Groups


def settings_of(nodes: Iterable[Node]) -> frozenset[str]:
    """Factors that say where people live: those some event is not for, such as living in a care home."""
    return frozenset(factor for node in nodes for factor in node.not_for)


def conditions_among(factors: Iterable[str], nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """The factors that count as conditions: all that tell people apart, except those that say where people live."""
    where = settings_of(nodes.values())
    return tuple(factor for factor in factors if factor not in where)


def conditions_of(groups: Groups) -> tuple[str, ...]:
    """The factors of a plan's groups that count as conditions."""
    graph = groups.pathway
    return conditions_among(groups.factors, {name: graph.node(name) for name in graph.order})


def number_of_conditions(groups: Groups) -> np.ndarray:
    """(groups,): how many conditions people of each group have."""
    counted: np.ndarray = sum(
        (groups.has(factor).astype(int) for factor in conditions_of(groups)), np.zeros(len(groups), dtype=int)
    )
    return counted
