"""Random services: effects of every kind, uptake, costs, duration, eligibility, substitutes, staff."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from random_pathways import Node, hundredths

from worlds import effect, intervention

NAMES = ("classes", "home_hazards", "medicines", "quit_smoking", "warm_homes")
ON_PLACES = ("a_campaign", "safe_streets")
"""Services that act on a whole place: one before, one after the others in order of id."""


@st.composite
def services(draw: st.DrawFn, nodes: list[Node], factors: list[str], ages: list[str], years: int) -> list[Node]:
    """Two to five services for people of these ages (the bands with people in them), and up to two for places."""
    most = {1: 5, 4: 2}.get(years, 3)
    names = NAMES[: draw(st.integers(2, most))]
    found = []
    for number, name in enumerate(names):
        more = draw(_terms(factors, ages))
        if number and draw(st.integers(0, 5)) == 0:
            more["contains"] = [names[number - 1]]
        found.append(intervention(name, *draw(_effects(nodes, number)), **more))
    most_on_places = 1 if years > 2 else 2
    for number, name in enumerate(ON_PLACES[: draw(st.sampled_from([0, 0, 0, 0, 1, most_on_places]))], len(NAMES)):
        terms = draw(_terms(factors, ages)) | draw(_terms_on_places())
        found.append(intervention(name, *draw(_effects(nodes, number)), **terms))
    return found


@st.composite
def _terms_on_places(draw: st.DrawFn) -> dict[str, Any]:
    """A service for a whole place costs little for each resident, and few may notice it."""
    return {
        "level": "place",
        "uptake": draw(hundredths(0.1, 1)),
        "cost": draw(st.integers(1, 60)),
        "once_only": False,
    }


@st.composite
def _terms(draw: st.DrawFn, factors: list[str], ages: list[str]) -> dict[str, Any]:
    duration = draw(st.sampled_from([1, 1.5, 2, 3]))
    terms: dict[str, Any] = {
        "uptake": draw(hundredths(0.3, 1)),
        "delivery": draw(hundredths(0.5, 1)),
        "onset_months": draw(st.sampled_from([0, 3, 6, *([14] if duration > 1.5 else [])])),
        "duration_years": duration,
        "decay_per_year": draw(st.sampled_from([0, 0.1, 0.3])),
        "cost": draw(st.integers(20, 400)),
        "price_year": draw(st.sampled_from(["2023/24", "2024/25"])),
        "once_only": draw(st.integers(0, 3)) == 0,
    }
    if draw(st.booleans()):
        terms["follow_on_cost"] = draw(st.integers(5, 100))
    if draw(st.integers(0, 2)) == 0:
        terms["already_reached"] = draw(st.sampled_from([0.2, 0.6, {"65-74": 0.1, "all ages": 0.5}]))
    if draw(st.booleans()):
        terms["staff_hours"] = {"nurse": draw(st.integers(1, 10))}
    if draw(st.integers(0, 3)) == 0:
        terms["substitutes"] = "exercise"
    if draw(st.booleans()):
        terms["eligible"] = draw(_rules(factors, ages))
    return terms


@st.composite
def _rules(draw: st.DrawFn, factors: list[str], ages: list[str]) -> dict[str, Any]:
    kind = draw(st.sampled_from(["requires", "requires_any", "excludes", "ages"]))
    if kind == "ages":
        return {"ages": ages[: draw(st.integers(1, len(ages)))]}
    if kind == "requires_any":
        return {"requires_any": factors[:2]}
    return {kind: [draw(st.sampled_from(factors))]}


@st.composite
def _effects(draw: st.DrawFn, nodes: list[Node], number: int) -> list[Node]:
    """One or two effects; `number` sets apart figures of different services, so that no trial counts twice."""
    if draw(st.integers(0, 5)) == 0:
        return [effect("all_emergency_admissions", draw(hundredths(0.8, 0.97)) + number / 1000)]
    chosen = draw(st.permutations(nodes))[: draw(st.integers(1, 2))]
    return [draw(_effect(node, number)) for node in chosen]


@st.composite
def _effect(draw: st.DrawFn, node: Node, number: int) -> Node:
    how: dict[str, Any] = {
        "design": draw(st.sampled_from(["randomised", "randomised", "controlled", "uncontrolled"])),
        "certainty": draw(st.sampled_from(["high", "moderate", "low", "very_low"])),
        "scope": draw(st.sampled_from(["total", "direct"])),
        "spread": draw(st.sampled_from([0.05, 0.2])),
    }
    if node.get("form") == "continuous":
        return effect(node["id"], -draw(st.integers(20, 90)) / 10 - number / 100, "mean_difference", **how)
    measure = draw(
        st.sampled_from(["rate_ratio", "rate_ratio", "percentage_change", "odds_ratio", "share_leaving_state", "harm"])
    )
    if measure == "harm":
        return effect(node["id"], draw(hundredths(1.02, 1.2)) + number / 1000, **how)
    if measure == "percentage_change":
        return effect(node["id"], -draw(st.integers(5, 40)) - number / 10, measure, **how)
    if measure == "share_leaving_state":
        return effect(node["id"], draw(hundredths(0.05, 0.5)) + number / 1000, measure, **how)
    risk = {"baseline_risk": 0.3} if measure == "odds_ratio" else {}
    return effect(node["id"], draw(hundredths(0.5, 0.95)) + number / 1000, measure, **risk, **how)
