"""The links of a pathway in words: what leads to what, by how much, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.county import evidence_page
from avert.book.pages.effects import change_of, finding_in_words, unit_of_node, whom
from avert.book.pages.every_number import short_source
from avert.book.pages.evidence_words import in_words, node_name, percent
from avert.library import Library
from avert.library.records import ALL_AGES, Edge, EdgeReading, Figure, Intervention

CAUSAL = {
    "trial": "randomised trials, so the link is very likely a cause",
    "mendelian": "studies of genes, so the link is likely a cause",
    "cohort": "studies that follow people, so part of the link may have other causes",
    "judgement": "judgement or a model",
}


def links_in_words(edges: Iterable[Edge], library: Library) -> Iterator[str]:
    """A heading and a list for each link."""
    for edge in edges:
        yield md.heading(f"{node_name(library, edge.from_)} → {node_name(library, edge.to)}", 3)
        yield md.items(_about(edge, library))


def links_in_short(edges: Iterable[Edge], library: Library, pages: Mapping[str, str]) -> Iterator[str]:
    """One line for each link, with the page of the pathway that tells it in full."""
    for edge in edges:
        ends = f"{node_name(library, edge.from_)} → {node_name(library, edge.to)}"
        sizes = "; ".join(dict.fromkeys(_size(edge, figure, library) for figure in edge.estimate.values()))
        pathway = pathway_of(edge, library)
        more = md.link(f"more under {library.pathways[pathway].label}", pages[pathway])
        yield f"**{md.text(ends)}**: {md.text(sizes)}. {_certainty(edge)}; {more}."


def pathway_of(edge: Edge, library: Library) -> str:
    """Id of the pathway whose file holds a link."""
    return next(one.id for one in library.pathways.values() if edge in one.edges)


def _about(edge: Edge, library: Library) -> Iterator[str]:
    for age, figure in edge.estimate.items():
        badge = " (assumption)" if figure.is_assumption else ""
        at = "" if age == ALL_AGES else f"At {age}: "
        yield f"{md.text(wording.first_up(at + _size(edge, figure, library)))}.{badge}"
    yield f"**How we know:** {CAUSAL[edge.causal]}. {_certainty(edge)}. Sources: {_sources(edge, library)}"
    yield _timing(edge)
    if edge.reversible:
        part, reason = percent(edge.reversible.value), md.text(edge.reversible.reason)
        yield f"**Can it be undone?** We take it that {part} of the extra risk goes when the cause goes. {reason}"
    if edge.pass_through:
        power = wording.figure(edge.pass_through.value)
        yield f"**How a change passes on:** to the power of {power}. {md.text(edge.pass_through.reason)}"
    if edge.note:
        yield md.text(edge.note)
    if edge.alternatives:
        used, why = md.text(in_words(edge.choice or "")), md.text(edge.why or "")
        yield f"**Where studies disagree:** we go by “{used}”. {why}"
    for other in edge.alternatives:
        said = "; ".join(_size_of(other, figure, edge, library) for figure in other.estimate.values())
        yield f"Another reading, “{md.text(in_words(other.choice))}”: {md.text(f'{said}. {other.why_not}')}"


def _size(edge: Edge, figure: Figure, library: Library) -> str:
    return _size_of(edge, figure, edge, library)


def _size_of(reading: EdgeReading, figure: Figure, edge: Edge, library: Library) -> str:
    """'rate ratio 1.4 (likely 1.2 to 1.6): about 40% more among people with it'."""
    if reading.measure == "share":
        span = f" (likely {wording.span(*figure.interval, percent)})" if figure.interval else ""
        return f"{percent(figure.value)}{span} of it arises through {node_name(library, edge.from_).lower()}"
    span = f" (likely {wording.span(*figure.interval, wording.figure)})" if figure.interval else " (no range)"
    change = change_of(reading.measure, figure.value, "")
    much = f"{'' if change.amount == 'no' else 'about '}{change}{_per(reading)}"
    return f"{much}; {in_words(reading.measure)} {wording.figure(figure.value)}{span}"


def _per(reading: EdgeReading) -> str:
    if reading.per is None:
        return " among people with it"
    step = "fall" if reading.per.value < 0 else "rise"
    return f" for each {step} of {wording.figure(abs(reading.per.value))} {reading.per.unit}"


def _certainty(edge: Edge) -> str:
    certainty = md.link("certainty", "glossary#term-certainty")
    return f"{wording.first_up(wording.CERTAINTY[edge.certainty])} {certainty}"


def _sources(edge: Edge, library: Library) -> str:
    keys = dict.fromkeys(key for figure in edge.estimate.values() for key in figure.source)
    reasons = dict.fromkeys(figure.assumption for figure in edge.estimate.values() if figure.assumption)
    said = [short_source(library.sources[key]) for key in keys] + [md.text(f"Assumed: {reason}") for reason in reasons]
    return " ".join(said)


def _timing(edge: Edge) -> str:
    lag = edge.lag_years
    years = f"{wording.figure(lag.value)} year{'' if lag.value == 1 else 's'}"
    when = f"after about {years}" if lag.value else "without delay"
    return f"**When:** {when}. {md.text(lag.reason)}"


def acting_on(services: Iterable[Intervention], nodes: set[str], library: Library) -> Iterator[str]:
    """A line for each service that acts on one of the nodes, with its effect."""
    for one in services:
        acts = [effect for effect in one.effects if effect.acts_on in nodes]
        if not acts:
            continue
        link = md.link(one.label, evidence_page(one.id))
        said = [_effect(one, number, library) for number, effect in enumerate(one.effects) if effect in acts]
        yield f"{link}: {'; '.join(said)}."


def _effect(one: Intervention, number: int, library: Library) -> str:
    effect = one.effects[number]
    words = finding_in_words(effect, unit_of_node(library, effect.acts_on), whom(one))
    short = words.replace(f" {whom(one)}", "").split("; ")
    node = node_name(library, effect.acts_on)
    return md.text(f"{node.lower() if number else node} {short[0]} ({short[1]})")


def arrows_table(edges: Iterable[Edge], library: Library) -> pd.DataFrame:
    """A row for each figure of each arrow."""
    rows = [
        {
            "From": node_name(library, edge.from_),
            "To": node_name(library, edge.to),
            "Age": age,
            "Measure": in_words(edge.measure),
            "Value": figure.value,
            "Low": figure.interval[0] if figure.interval else float("nan"),
            "High": figure.interval[1] if figure.interval else float("nan"),
            "For each": f"{wording.figure(edge.per.value)} {edge.per.unit}" if edge.per else "",
            "Certainty": wording.CERTAINTY[edge.certainty],
            "Standing": wording.MARKS[figure.verification],
            "Sources": " + ".join(figure.source),
        }
        for edge in edges
        for age, figure in edge.estimate.items()
    ]
    return pd.DataFrame(rows)
