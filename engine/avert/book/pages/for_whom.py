"""Whom a service is for, where and by whom it is given, and who pays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from avert.book import markdown as md
from avert.book import wording
from avert.book.county import PARTNERS, evidence_page
from avert.book.pages.evidence_words import in_words
from avert.library import Library
from avert.library.records import AGE_BANDS, Intervention


def for_whom(one: Intervention, library: Library) -> Iterator[str]:
    """A line for each of: studied in, offered to, where, by whom, who pays."""
    yield f"**Studied in:** {md.text(one.population)}"
    yield f"**Offered to:** {md.text(eligible_in_words(one, library))}."
    yield f"**Where:** {md.text(wording.listed([in_words(place) for place in one.setting], 'or'))}."
    yield f"**Given by:** {md.text(one.delivered_by.rstrip('.'))}."
    if one.level == "place":
        yield "**Whole places:** it acts on everybody who lives in a place, not on people one by one."
    pays, gains = (wording.listed([partner(p) for p in names]) for names in (one.partners.pays, one.partners.gains))
    yield f"**Usually paid by:** {md.text(pays or 'nobody named')}. **Who gains:** {md.text(gains or 'nobody named')}."
    if one.contains:
        links = [link_to(other, library) for other in one.contains]
        yield f"**Contains:** {wording.listed(links)}. So nobody is offered both."
    if one.substitutes:
        alike = [o for o in library.interventions.values() if o.substitutes == one.substitutes and o.id != one.id]
        if alike:
            links = [link_to(other.id, library) for other in alike]
            yield f"**Instead of:** {wording.listed(links, 'or')}. Nobody is offered two of these at a time."


def partner(name: str) -> str:
    return PARTNERS.get(name, in_words(name))


def link_to(intervention: str, library: Library) -> str:
    found = library.interventions.get(intervention)
    return md.link(found.label, evidence_page(found.id)) if found else md.text(in_words(intervention))


def eligible_in_words(one: Intervention, library: Library) -> str:
    """'people aged 65-74 or 75-84; only those: fallen in the last year; not for those: living in a care home'."""
    to, nodes = one.eligible, library.nodes

    def named(ids: Sequence[str], last: str) -> str:
        kept = [nodes[name] for name in ids if name in nodes]
        return wording.listed([(node.words.has if node.words else node.label) for node in kept], last)

    every = len(to.ages) == len(AGE_BANDS)
    said = "everyone aged 65 and over" if every else f"people aged {wording.listed(list(to.ages), 'or')}"
    if to.requires:
        said += f"; only those: {named(to.requires, 'and')}"
    if to.requires_any:
        said += f"; only those: {named(to.requires_any, 'or')}"
    if to.excludes:
        said += f"; not for those: {named(to.excludes, 'or')}"
    return said
