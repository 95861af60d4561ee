"""A page for every service of the library: what it is, what it does, what it costs and how we know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from avert.book import markdown as md
from avert.book import wording
from avert.book.book import Book
from avert.book.county import evidence_page
from avert.book.page import Chart, Page, Piece
from avert.book.pages.effects import (
    effect_chart,
    effect_piece,
    finding_in_words,
    notes_of,
    study_in_words,
    unit_of_node,
    whom,
)
from avert.book.pages.every_number import numbers_table, sources_piece
from avert.book.pages.evidence_words import (
    DESIGNS,
    FUNDING,
    STATUS,
    in_words,
    lowest_certainty,
    node_name,
    pathway_name,
)
from avert.book.pages.facts import facts_piece
from avert.book.pages.for_whom import for_whom, link_to
from avert.book.pages.in_plans import in_plans
from avert.library import Library, figures_in
from avert.library.records import Intervention, OtherOutcome


def intervention_pages(book: Book) -> list[Page]:
    """One page for each service of the library, in order of id."""
    return [_page(book, one) for one in book.library.interventions.values()]


def _page(book: Book, one: Intervention) -> Page:
    name, library = evidence_page(one.id), book.library
    effects, pictures = _effects(one, library, name)
    badges = Piece(f"{name}-badges", _badges(one, library))
    facts, facts_here = facts_piece(one, f"{name}-facts")
    sources, sources_here = sources_piece([one], library, f"{name}-sources")
    parts = [
        md.piece(badges.name),
        f"{md.text(one.reason)} {_standing_links()}",
        md.heading("For whom, where and by whom"),
        md.items(for_whom(one, library)),
        md.heading("What does it do?"),
        *effects,
        md.heading("Is it in the plan?" if book.alone else "Is it in the plans?"),
        *in_plans(book, one),
        md.heading("What does it cost and take?"),
        facts_here,
        *_section(
            "Where studies disagree", [*_readings(one, library), *_in_force(book, one), *map(md.text, one.conflicts)]
        ),
        *_section("What nobody knows", [md.text(line) for line in one.unknown]),
        *_section("Guidance, and who pays already", list(_elsewhere(one, library))),
        *_others(one),
        md.heading("Every number"),
        numbers_table(one, library),
        md.heading("Sources in full"),
        sources_here,
    ]
    words = " ".join([*one.also_known_as, in_words(one.id)]).replace("_", " ")
    return Page(name, one.label, md.text(one.summary), parts, [badges, *pictures, facts, sources], keywords=words)


def _badges(one: Intervention, library: Library) -> str:
    certainty = lowest_certainty(one)
    figures = [placed.figure for placed in figures_in(one)]
    assumed = sum(figure.is_assumption for figure in figures)
    shown = [
        pathway_name(library, one.pathway),
        f"Our judgement: {STATUS[one.status]}",
        wording.first_up(FUNDING[one.funding]),
        f"{wording.first_up(wording.CERTAINTY[certainty])} certainty" if certainty else "No effect counted",
    ]
    spans = [f'<span class="badge">{escape(words, quote=False)}</span>' for words in shown]
    if assumed:
        said = f"{assumed} of {len(figures)} figures are assumptions" if assumed > 1 else "One figure is an assumption"
        spans.append(f'<a class="badge" href="#every-number">{said}</a>')
    return f"<p>{' '.join(spans)}</p>"


def _standing_links() -> str:
    words = md.link("What these words mean", "glossary#term-status")
    return f"({words}; {md.link('all services', 'evidence')}.)"


def _effects(one: Intervention, library: Library, name: str) -> tuple[list[str], list[Chart | Piece]]:
    """For each effect a sentence, the picture, and what the studies were."""
    parts, pictures = [], list[Chart | Piece]()
    if not one.effects:
        parts.append("No effect on anything that leads to an emergency admission was found, so no sum counts one.")
    for number, effect in enumerate(one.effects, 1):
        sentence, here = effect_piece(one, effect, library, f"{name}-effect-{number}-words")
        chart = effect_chart(effect, library, f"{name}-effect-{number}")
        parts += [md.heading(node_name(library, effect.acts_on), 3), here, md.chart(chart.name, study_in_words(effect))]
        parts.append(notes_of(effect))
        pictures += [sentence, chart]
    return parts, pictures


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [md.heading(title), md.items(lines)] if lines else []


def _readings(one: Intervention, library: Library) -> Iterator[str]:
    for effect in one.effects:
        if not effect.alternatives:
            continue
        unit, node = unit_of_node(library, effect.acts_on), node_name(library, effect.acts_on)
        yield f"{md.text(node)}: we go by “{md.text(in_words(effect.choice or ''))}”. {md.text(effect.why or '')}"
        for other in effect.alternatives:
            said = md.text(finding_in_words(other, unit, whom(one)))
            badge = " (An assumption.)" if other.estimate.is_assumption else ""
            name, why_not = md.text(in_words(other.choice)), md.text(other.why_not)
            yield f"Another reading, “{name}”: {said}.{badge} Why we do not use it: {why_not}"


def _in_force(book: Book, one: Intervention) -> Iterator[str]:
    """Counties whose plan goes by another reading than the library."""
    for county in book.counties:
        its = county.library.interventions.get(one.id)
        for effect, theirs in zip(one.effects, its.effects if its else (), strict=False):
            if theirs.choice and theirs.choice != effect.choice:
                yield f"{md.text(county.label)} has chosen the reading “{md.text(in_words(theirs.choice))}”."


def _elsewhere(one: Intervention, library: Library) -> Iterator[str]:
    if one.guidance:
        yield f"National guidance: {md.text(one.guidance)}"
    if one.paid_elsewhere:
        yield f"Paid elsewhere: {md.text(one.paid_elsewhere.by)}"
        yield f"What a local budget can buy: {md.text(one.paid_elsewhere.local_pool_can_buy)}"
        if one.paid_elsewhere.service:
            yield f"In this library that is {link_to(one.paid_elsewhere.service, library)}."


def _others(one: Intervention) -> list[str]:
    """Results that no sum uses."""
    if not one.other_outcomes:
        return []
    head = ("Result", "Value (range)", "Unit", "How sure")
    intro = "These were measured too. No sum here uses them."
    return [md.heading("Other results"), intro, md.table(head, map(_other, one.other_outcomes))]


def _other(found: OtherOutcome) -> tuple[str, ...]:
    figure = found.estimate
    span = f" ({wording.span(*figure.interval, wording.figure)})" if figure.interval else ""
    note = f" {found.note}" if found.note else ""
    sure = f"{DESIGNS[found.design]}; {wording.CERTAINTY[found.certainty]} certainty.{note}"
    return md.text(found.outcome), md.text(wording.figure(figure.value) + span), md.text(found.unit), md.text(sure)
