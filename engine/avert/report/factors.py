"""Risk factors in words: what each is, how common, what comes with it and how much of that goes with it."""

from __future__ import annotations

from collections.abc import Iterator

from avert.library.records import ALL_AGES, Link, RiskFactor, SharesByAge, at_age
from avert.units import attributable_fraction


def factor_in_words(factor: RiskFactor) -> Iterator[str]:
    """Definition, place in the graph, prevalence, and a line for each link."""
    yield factor.definition
    stands = f"In the graph as {factor.node}." if factor.node else f"Not in the graph: {factor.not_drawn}"
    yield stands + (f" Of the group {factor.group}: not multiplied with its other members." if factor.group else "")
    common = factor.prevalence or {}
    if common:
        yield "Prevalence: " + ", ".join(f"{age} {figure.value:.1%}" for age, figure in common.items())
    else:
        yield f"Prevalence not found: {factor.not_found}"
    for link in factor.links:
        yield _link_in_words(link, common)


def _link_in_words(link: Link, common: SharesByAge) -> str:
    sizes = ", ".join(f"{age} {figure.value:g}" for age, figure in link.estimate.items())
    measure, certainty = link.measure.replace("_", " "), link.certainty.replace("_", " ")
    said = f"{link.to}: {measure} {sizes}, {link.compared} ({link.causal}, {certainty} certainty)"
    fractions = ", ".join(f"{age} {fraction:.1%}" for age, fraction in fractions_by_age(link, common).items())
    if fractions:
        said += f"; attributable fraction {fractions}"
    if link.published_fraction:
        said += f"; published fraction {link.published_fraction.value:.1%}"
    return said


def fractions_by_age(link: Link, common: SharesByAge) -> dict[str, float]:
    """Age band → π(RR − 1) / (1 + π(RR − 1)), for links between people with and without the factor.

    An odds ratio is read as it stands, which overstates the fraction of common outcomes.
    """
    if link.contrast != "with_or_without":
        return {}
    return {
        str(age): float(attributable_fraction(share.value, at_age(link.estimate, age).value))
        for age, share in common.items()
        if age in link.estimate or ALL_AGES in link.estimate
    }
