"""Random pathway graphs: stratifying factors of every form, mediators, lags, pass-through."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from worlds import AGES, continuous, edge, event, leads_to, onset, state

Node = dict[str, Any]
ORDER = ("smokes", "unsteady", "pressure", "frail", "stroke", "dementia", "fall")
"""Causes before effects; an edge may run from any of these to any later one that can be caused."""


def hundredths(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers with two decimals."""
    return st.integers(round(low * 100), round(high * 100)).map(lambda n: n / 100)


@st.composite
def pathways(draw: st.DrawFn, factor_count: int) -> tuple[list[Node], list[Node], list[str]]:
    """Nodes, edges and the ids of the stratifying factors."""
    nodes = {node["id"]: node for node in draw(_factors(factor_count))}
    factors = sorted(nodes)
    for name, node in {
        "unsteady": state("unsteady", draw(hundredths(0.1, 0.2))),
        "pressure": continuous("pressure"),
        "stroke": onset("stroke", draw(hundredths(0.01, 0.04)), 6.0),
        "fall": onset("fall"),
    }.items():
        if draw(st.booleans()):
            nodes[name] = node
    events = draw(_events(factors))
    drawn = [name for name in ORDER if name in nodes]
    edges = []
    for number, source in enumerate(drawn):
        later = [name for name in drawn[number + 1 :] if _may_lead(nodes[source], nodes[name])]
        targets = [name for name in later if draw(st.booleans())]
        first, *others = draw(st.permutations([one["id"] for one in events]))
        targets += [first, *(name for name in others if draw(st.booleans()))]
        edges += [draw(_edge(nodes[source], target)) for target in targets]
    return [*nodes.values(), *events], edges, factors


def _may_lead(source: Node, target: Node) -> bool:
    if target["form"] == "continuous" or source["id"] == "fall":
        return False
    return source["kind"] == "risk_factor" or target["kind"] == "condition"


@st.composite
def _factors(draw: st.DrawFn, count: int) -> list[Node]:
    share = hundredths(0.1, 0.4)
    transient = {"persistence": draw(hundredths(0.2, 0.9))} if draw(st.booleans()) else {}
    every = [
        state("frail", draw(share), stratifies=True, **transient),
        onset("dementia", draw(share), draw(st.sampled_from([4.0, 8.0])), stratifies=True),
        state("smokes", dict.fromkeys(AGES, draw(share)), stratifies=True),
    ]
    return draw(st.permutations(every))[:count]


@st.composite
def _events(draw: st.DrawFn, factors: list[str]) -> list[Node]:
    rate = st.integers(500, 4000)
    events = [event("fall_admission", draw(rate))]
    if draw(st.booleans()):
        barred = [factors[0]] if draw(st.booleans()) else []
        events.append(event("stroke_admission", {age: draw(rate) for age in AGES}, not_for=barred))
    if draw(st.booleans()):
        events.append(event("care_entry", draw(rate), counts_as="long_term_care_entry"))
    if draw(st.booleans()):
        events.append(event("bleed", draw(rate), harm=True))
    if draw(st.integers(0, 2)) == 0:
        events.append(event("life_year", draw(rate), counts_as="other"))
    return events


@st.composite
def _edge(draw: st.DrawFn, source: Node, target: str) -> Node:
    lag = draw(st.sampled_from([0, 0.5, 1]))
    if source["id"] == "fall" or (source["kind"] == "condition" and draw(st.booleans())):
        power = draw(st.sampled_from([1, 0.5]))
        return leads_to(source["id"], target, draw(hundredths(0.2, 1)), power, lag) | {"scope": "direct"}
    ratio: Any = draw(hundredths(1.1, 3))
    if draw(st.booleans()):
        ratio = {age: ratio + 0.25 * n for n, age in enumerate(AGES)}
    more: dict[str, Any] = {"scope": "direct"}
    if source["form"] == "continuous":
        more["per"] = {"value": 10, "unit": "mmHg"}
    return edge(source["id"], target, ratio, reversible=draw(hundredths(0.3, 1)), lag=lag, **more)
