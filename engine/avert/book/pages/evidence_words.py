"""What the pages on evidence say alike: status, certainty, names of nodes and figures with their range."""

from __future__ import annotations

from collections.abc import Callable

from avert.book import wording
from avert.library import Library
from avert.library.records import ALL_ADMISSIONS, Figure, Intervention

STATUS = {
    "recommended": "recommended",
    "promising": "promising",
    "uncertain": "uncertain",
    "no_benefit": "no benefit shown",
    "harm": "does harm",
}
FUNDING = {
    "candidate": "can be bought",
    "awaits_figures": "figures are missing",
    "do_not_fund": "not for funding",
    "national": "paid nationally",
}
DESIGNS = {
    "randomised": "Randomised trials",
    "controlled": "Studies with a comparison group, but not randomised",
    "uncontrolled": "Studies without a comparison group",
    "modelled": "A model, not a study of people",
}
LOWEST_FIRST = ("very_low", "low", "moderate", "high")
MARKS = {"seen": "seen", "derived": "worked out", "recalled": "assumption"}


def lowest_certainty(one: Intervention) -> str:
    """The lowest certainty of its effects as the records write it; empty if it has none."""
    return min((effect.certainty for effect in one.effects), key=LOWEST_FIRST.index, default="")


def node_name(library: Library, node: str) -> str:
    """A node in words."""
    if node == ALL_ADMISSIONS:
        return "All emergency admissions"
    return library.nodes[node].label if node in library.nodes else in_words(node)


def in_words(identifier: str) -> str:
    """'review_2019' as 'review 2019'."""
    return identifier.replace("_", " ")


def pathway_name(library: Library, pathway: str) -> str:
    return library.pathways[pathway].label if pathway in library.pathways else in_words(pathway)


def percent(share: float) -> str:
    """A share as a percentage without needless decimals: '5%', '24%', '0.4%'."""
    size = 100 * share
    said = f"{size:,.0f}" if abs(size) >= 9.95 else f"{size:.2g}"
    return f"{said}%".replace("-", "−")


def range_of(figure: Figure, say: Callable[[float], str]) -> str:
    """'likely £3 to £5'; empty where there is no interval."""
    if figure.interval is None:
        return ""
    known = "assumed range" if figure.interval_basis == "assumed" else "likely"
    return f"{known} {wording.span(*figure.interval, say)}"


def with_range(figure: Figure, say: Callable[[float], str]) -> str:
    """'£4 (likely £3 to £5)'."""
    span = range_of(figure, say)
    return f"{say(figure.value)} ({span})" if span else say(figure.value)
