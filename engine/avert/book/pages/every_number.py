"""Every number of a record with its mark and source, and the sources in full."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from avert.book import markdown as md
from avert.book import wording
from avert.book.page import Piece
from avert.book.pages.evidence_words import MARKS, in_words, node_name
from avert.library import Library, Placed, figures_in, unit_of
from avert.library.records import AGE_BANDS, ALL_AGES, Figure, Money
from avert.library.sources import Source
from avert.reading import Record
from avert.report.evidence import SEEN_AS

FIRST = {
    "effects": "Effect on",
    "other_outcomes": "Other result:",
    "staff_hours": "Staff hours:",
    "paid_elsewhere": "Paid elsewhere:",
}
SILENT = ("estimate", ALL_AGES)
HEAD = ("What", "Value", "Range", "Unit", "Standing", "Where it comes from")


def numbers_table(record: Record, library: Library) -> str:
    """One row for each figure of a record."""
    rows = [_row(placed, library) for placed in figures_in(record)]
    return md.table(HEAD, rows, right=(1, 2)) if rows else "There is no number here."


def _row(placed: Placed, library: Library) -> tuple[str, ...]:
    figure = placed.figure
    span = wording.span(*figure.interval, wording.figure) if figure.interval else "none"
    level = f" ({100 * figure.level:g}%)" if figure.interval and figure.level != 0.95 else ""
    assumed = " (assumed)" if figure.interval_basis == "assumed" else ""
    unit = unit_of(placed, library) + (f", {figure.price_year} prices" if isinstance(figure, Money) else "")
    return (
        md.text(_what(placed, library)),
        md.text(wording.figure(figure.value)),
        md.text(span + level + assumed),
        md.text(unit),
        md.text(MARKS[figure.verification]),
        _origin(figure, library),
    )


def _what(placed: Placed, library: Library) -> str:
    first, *rest = placed.names
    words = [FIRST[first]] if first in FIRST else [wording.first_up(in_words(first))]
    for name in rest:
        if name == "alternatives":
            words.append("by another reading:")
        elif name in AGE_BANDS:
            words.append(f"at {name}")
        elif name not in SILENT:
            words.append(_named(name, library))
    return " ".join(words)


def _named(name: str, library: Library) -> str:
    label = node_name(library, name)
    return label.lower() if name in library.nodes and label.istitle() else label


def _origin(figure: Figure, library: Library) -> str:
    said = [short_source(library.sources[key]) for key in figure.source]
    if figure.assumption:
        said.append(md.text(figure.assumption))
    if figure.seen_in:
        kind = f"{SEEN_AS[figure.seen_as]}: " if figure.seen_as else ""
        said.append(md.text(f"Read in {kind}{figure.seen_in}."))
    if figure.no_interval:
        said.append(md.text(f"No range: {figure.no_interval}."))
    if figure.note:
        said.append(md.text(figure.note))
    return " ".join(said)


def short_source(source: Source) -> str:
    """'Abel and others (2018).': the full entry stands below, with its link."""
    people = source.authors.split("; ")
    first = people[0].split(",")[0] or source.title
    more = " and others" if len(people) > 2 else f" and {people[1].split(',')[0]}" if len(people) == 2 else ""
    year = f" ({source.year})" if source.year else ""
    return md.text(f"{first}{more}{year}.")


def sources_of(records: Iterable[Record]) -> list[str]:
    """Keys of the sources of the records' figures, each once, in the order of the files."""
    return list(dict.fromkeys(key for one in records for placed in figures_in(one) for key in placed.figure.source))


def sources_piece(records: Iterable[Record], library: Library, name: str) -> tuple[Piece, str]:
    """The sources in full as HTML, and their place.

    Links to papers stand in HTML alone: Jupyter Book would look up every DOI it reads in Markdown.
    """
    found = [library.sources[key] for key in sources_of(records)]
    rows = "".join(f"<li>{_in_full(one)}</li>\n" for one in found)
    html = f"<ul>\n{rows}</ul>" if found else "<p>No figure here has a source.</p>"
    return Piece(name, html), md.piece(
        name, md.items(md.text(f"{one.authors} ({one.year}) {one.title}") for one in found)
    )


def _in_full(source: Source) -> str:
    """Authors (year). Title, where: the title is the link."""
    year = f" ({source.year})" if source.year else ""
    by = md.plain(f"{source.authors.replace('; others', ' and others')}{year}")
    title, where = escape(md.plain(source.title), quote=False), escape(md.plain(source.where), quote=False)
    if re.fullmatch(r"https?://[^\s<>\"'`\\\\{}|^]+", source.link):
        title = f'<a href="{escape(source.link)}" rel="noopener" class="away">{title}</a>'
    return ". ".join(part for part in (escape(by, quote=False), title, where) if part) + "."
