"""Interventions' effects as the graph uses them: one scale, one estimate per node, one stated rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log
from typing import Literal

from avert import units
from avert.library import Library
from avert.library.records import ALL_ADMISSIONS, Edge, Effect, Figure, Intervention, Prior
from avert.pathway.graph import Pathway

EvidenceRule = Literal["nearest_outcome", "chain", "as_stated"]
EvidenceUse = Literal["published", "shrunk"]


@dataclass(frozen=True)
class OwnEffect:
    """One intervention's effect on one node among those who take part, at full strength."""

    intervention: str
    node: str
    value: float
    """Ratio θ of rates; for a continuous node the mean difference in its unit."""
    masks_chain: bool
    """True where the estimate is of the total effect, so that no part reaches the node by its parents."""
    record: Effect


@dataclass(frozen=True)
class SetAside:
    """An estimate that the evidence rule leaves out, with the reason in words."""

    intervention: str
    node: str
    reason: str
    record: Effect


def edge_ratio(edge: Edge, figure: Figure) -> float:
    """The ratio of rates an edge states, or for a share the share itself."""
    if edge.measure == "share":
        return figure.value
    return units.rate_ratio(
        edge.measure,
        figure.value,
        baseline_risk=edge.baseline_risk.value if edge.baseline_risk else None,
        read_as_rate_ratio=bool(edge.taken_as_rate_ratio),
    )


def effect_value(effect: Effect, value: float) -> float:
    """`value`, a point on the effect's published scale, as a ratio of rates or a mean difference."""
    if effect.measure == "mean_difference":
        return value
    return units.rate_ratio(
        effect.measure,
        value,
        baseline_risk=effect.baseline_risk.value if effect.baseline_risk else None,
        baseline_rate=effect.baseline_rate.value if effect.baseline_rate else None,
        read_as_rate_ratio=bool(effect.taken_as_rate_ratio),
    )


def shrunk_ratio(ratio: float, standard_error: float, prior: Prior) -> float:
    """Posterior mean on the log scale: ln θ* = μ + b (ln θ − μ), b = τ² / (τ² + se²).

    (Normal-normal empirical Bayes; Efron and Morris 1975.)  A precise estimate stays, a noisy one
    moves to the pathway's prior N(μ, τ²).
    """
    variance = prior.log_standard_deviation**2
    keep = variance / (variance + standard_error**2)
    mean = log(prior.ratio)
    return exp(mean + keep * (log(ratio) - mean))


def shrunk_difference(difference: float, standard_error: float, prior_standard_deviation: float) -> float:
    """The same towards 0 for a mean difference: Δ* = Δ · τ² / (τ² + se²)."""
    return difference * prior_standard_deviation**2 / (prior_standard_deviation**2 + standard_error**2)


def own_effects(
    library: Library,
    pathway: Pathway,
    interventions: Iterable[Intervention],
    *,
    rule: EvidenceRule = "nearest_outcome",
    use: EvidenceUse = "published",
) -> tuple[tuple[OwnEffect, ...], tuple[SetAside, ...]]:
    """Every intervention's own effects on nodes of `pathway`, and the estimates the rule leaves out.

    `nearest_outcome`: an estimate at a node outranks the chain that leads there if it comes from a
    controlled study of at least low certainty; otherwise the chain counts and the estimate is set
    aside.  `chain`: at events the chain counts wherever there is one.  An uncontrolled estimate on
    an event with no chain behind it counts for nothing.  `as_stated`: every estimate counts at its node,
    whatever kind of study it is from, as in a problem that somebody else has stated.
    """
    used: list[OwnEffect] = []
    aside: list[SetAside] = []
    for intervention in interventions:
        estimates = _by_node(intervention, pathway)
        for node, effect in estimates.items():
            chain = any(n != node and pathway.leads_to(n, node) for n in estimates)
            reason = _why_aside(effect, pathway.node(node).kind == "event", chain, rule)
            if reason:
                aside.append(SetAside(intervention.id, node, reason, effect))
                continue
            value = _value(library, pathway, intervention, node, effect, use)
            used.append(OwnEffect(intervention.id, node, value, effect.scope == "total", effect))
    return tuple(used), tuple(aside)


def _by_node(intervention: Intervention, pathway: Pathway) -> dict[str, Effect]:
    """Estimates by node; an all-cause effect stands at every admission that has no estimate of its own."""
    named = {e.acts_on: e for e in intervention.effects if e.acts_on in pathway.graph}
    for effect in intervention.effects:
        if effect.acts_on == ALL_ADMISSIONS:
            for event in pathway.admissions:
                if not pathway.node(event).harm:
                    named.setdefault(event, effect)
    return dict(sorted(named.items()))


def _why_aside(effect: Effect, at_event: bool, chain: bool, rule: EvidenceRule) -> str:
    if at_event and chain and rule == "chain":
        return "the plan's evidence rule is 'chain', and a chain leads here"
    if effect.admissible or rule == "as_stated":
        return ""
    proof = f"{effect.design}, {effect.certainty.replace('_', ' ')} certainty"
    if chain:
        return f"{proof}: the chain counts instead"
    if at_event:
        return f"{proof}, and no chain leads here: counted as nothing"
    return ""


def _value(
    library: Library,
    pathway: Pathway,
    intervention: Intervention,
    node: str,
    effect: Effect,
    use: EvidenceUse,
) -> float:
    value = effect_value(effect, effect.estimate.value)
    if use == "published" or effect.estimate.interval is None or effect.measure == "share_leaving_state":
        return value  # a share that leaves a state is no noisy ratio of events
    low, high = sorted(effect_value(effect, limit) for limit in effect.estimate.interval)
    record = pathway.node(node)
    if effect.measure == "mean_difference":
        assert record.prior_standard_deviation is not None  # continuous nodes always state one
        error = units.standard_error(low, high, effect.estimate.level)
        return shrunk_difference(value, error, record.prior_standard_deviation)
    error = units.standard_error(log(low), log(high), effect.estimate.level)
    return shrunk_ratio(value, error, library.pathways[intervention.pathway].prior)
