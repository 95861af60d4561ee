"""What one service does to one node, worked out again from the plain data of a world."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist
from typing import Any

from random_worlds import World

from worlds import AGES


@dataclass(frozen=True)
class Own:
    """An effect on a node: a ratio, or a change of a continuous factor."""

    value: float
    total: bool
    """True where the estimate is of the total effect, so that nothing comes by the node's parents besides."""


def at_age(figures: Any, age: str) -> float:
    """The figure of an age band, or the one for all ages."""
    if "value" in figures:
        return float(figures["value"])
    return float((figures.get(age) or figures["all ages"])["value"])


def as_ratio(measure: str, value: float, risk: float | None) -> float:
    """A published effect as a ratio of rates."""
    if measure == "percentage_change":
        return 1 + value / 100
    if measure == "share_leaving_state":
        return 1 - value
    if measure == "odds_ratio":
        assert risk is not None
        relative = value / (1 - risk + risk * value)
        return log(1 - relative * risk) / log(1 - risk)
    return value


def edge_ratio(edge: dict[str, Any], age: str) -> float:
    """The ratio an edge states at an age."""
    return as_ratio(edge["measure"], at_age(edge["estimate"], age), None)


def effects_on(world: World, service: dict[str, Any]) -> dict[str, Own]:
    """Node → the effect that counts there, by the plan's evidence rule and use."""
    nodes = {one["id"]: one for one in world.nodes}
    stated = {one["acts_on"]: one for one in service["effects"] if one["acts_on"] in nodes}
    for one in service["effects"]:
        if one["acts_on"] == "all_emergency_admissions":
            for name, node in nodes.items():
                if node.get("counts_as") == "emergency_admission" and not node.get("harm"):
                    stated.setdefault(name, one)
    found = {}
    for name, one in stated.items():
        chain = any(other != name and _leads(world, other, name) for other in stated)
        if _counts(world, one, nodes[name]["kind"] == "event", chain):
            found[name] = Own(_value(world, one, nodes[name]), one.get("scope", "total") == "total")
    return found


def _leads(world: World, source: str, target: str) -> bool:
    steps = [edge["to"] for edge in world.edges if edge["from"] == source]
    return target in steps or any(_leads(world, step, target) for step in steps)


def _counts(world: World, effect: dict[str, Any], at_event: bool, chain: bool) -> bool:
    """Nearest outcome first, if from a controlled study of at least low certainty; else the chain, if there is one."""
    if world.plan.get("evidence_rule") == "as_stated":
        return True
    controlled = effect["design"] in ("randomised", "controlled") and effect["certainty"] != "very_low"
    if world.plan.get("evidence_rule") == "chain" and at_event and chain:
        return False
    return controlled or not (chain or at_event)


def _value(world: World, effect: dict[str, Any], node: dict[str, Any]) -> float:
    """The value as published, or shrunk: μ + b (x − μ), b = τ² / (τ² + se²), on the log scale for ratios."""
    measure, figure = effect["measure"], effect["estimate"]
    risk = effect["baseline_risk"]["value"] if "baseline_risk" in effect else None
    difference = measure == "mean_difference"
    points = [figure["value"], *figure["interval"]]
    scaled = points if difference else [log(as_ratio(measure, one, risk)) for one in points]
    mean, spread = (0.0, node.get("prior_standard_deviation", 5.0)) if difference else _prior(world)
    if world.plan.get("evidence") == "published" or measure == "share_leaving_state":
        result = scaled[0]
    else:
        error = abs(scaled[2] - scaled[1]) / (2 * NormalDist().inv_cdf(0.975))
        result = mean + spread**2 / (spread**2 + error**2) * (scaled[0] - mean)
    return result if difference else exp(result)


def _prior(world: World) -> tuple[float, float]:
    ratio, spread = world.area["prior"]
    return log(ratio), spread


def eligible(service: dict[str, Any], age: str, has: frozenset[str]) -> bool:
    """Whether a service is meant for a group."""
    rule = service.get("eligible", {})
    return (
        age in rule.get("ages", AGES)
        and all(one in has for one in rule.get("requires", []))
        and (not rule.get("requires_any") or any(one in has for one in rule["requires_any"]))
        and not any(one in has for one in rule.get("excludes", []))
    )
