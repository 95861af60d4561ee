"""All services of the library in one table that can be filtered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from avert.book import markdown as md
from avert.book import wording
from avert.book.book import Book
from avert.book.county import County, evidence_page
from avert.book.page import Page, Piece
from avert.book.pages.evidence_words import FUNDING, LOWEST_FIRST, STATUS, in_words, lowest_certainty, pathway_name
from avert.book.pages.in_plans import bought_in
from avert.library.records import Intervention

NONE = "no effect counted"


def evidence_list(book: Book) -> Page:
    """Every service, with what a reader may choose by."""
    services = sorted(book.library.interventions.values(), key=lambda one: one.label.casefold())
    piece = Piece("evidence-table", f"{_form(book, services)}\n{_table(book, services)}")
    instead = md.items(md.link(one.label, evidence_page(one.id)) for one in services)
    bought = sum(bool(_buyers(book, one.id)) for one in services)
    lead = (
        f"We looked at the evidence on {len(services)} services that might keep older people out of hospital. "
        f"{wording.first_up(_who(book))} {bought or 'none'} of them."
    )
    words = (
        f"Choose a service to read what it does, what it costs and how we know. "
        f"{md.link('Certainty', 'glossary#term-certainty')} is that of the weakest effect a service rests on. "
        f"{md.link('What status and funding mean', 'glossary#term-status')}."
    )
    return Page(
        "evidence",
        "All services",
        lead,
        [words, md.piece(piece.name, instead)],
        [piece],
        nav="All services",
        group="Evidence",
        keywords="evidence interventions library services list studies",
    )


def _who(book: Book) -> str:
    return "the plan buys" if book.alone else "the plans between them buy"


def _buyers(book: Book, intervention: str) -> list[County]:
    return [county for county in book.counties if intervention in bought_in(county)]


def _form(book: Book, services: Sequence[Intervention]) -> str:
    pathways = {one.pathway: pathway_name(book.library, one.pathway) for one in services}
    certainties = {name: wording.CERTAINTY[name] for name in reversed(LOWEST_FIRST)} | {"none": NONE}
    plans = {"none": "nobody"} | {county.stem: county.name for county in book.counties}
    if book.alone:
        plans = {book.counties[0].stem: "yes", "none": "no"}
    choices = (
        _select("pathway", "Pathway", dict(sorted(pathways.items(), key=lambda item: item[1]))),
        _select("status", "Our judgement", STATUS),
        _select("funding", "Funding", FUNDING),
        _select("certainty", "Certainty", certainties),
        _select("plan", "In the plan" if book.alone else "Bought by", plans),
    )
    return (
        '<form class="filters needs-js" data-table="services" aria-label="Filter the services">'
        '<label>Words<input name="words" type="search" autocomplete="off"></label>'
        f'{"".join(choices)}<p role="status"></p></form>'
    )


def _select(name: str, label: str, options: Mapping[str, str]) -> str:
    said = "".join(
        f'<option value="{escape(value)}">{escape(wording.first_up(words), quote=False)}</option>'
        for value, words in options.items()
    )
    return f'<label>{label}<select name="{name}"><option value="">Any</option>{said}</select></label>'


def _table(book: Book, services: Sequence[Intervention]) -> str:
    bought = {county.stem: bought_in(county) for county in book.counties}
    plans = ["In the plan"] if book.alone else [county.name for county in book.counties]
    head = ["Service", "Pathway", "Our judgement", "Funding", "Certainty", *plans]
    top = "".join(f'<th scope="col">{escape(words, quote=False)}</th>' for words in head)
    body = "\n".join(_row(book, one, bought) for one in services)
    return (
        '<div class="scrolls" role="region" aria-label="All services" tabindex="0">'
        f'<table id="services"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(book: Book, one: Intervention, bought: Mapping[str, set[str]]) -> str:
    certainty = lowest_certainty(one)
    plans = [stem for stem, services in bought.items() if one.id in services]
    other_words = " ".join(in_words(name) for name in one.also_known_as if in_words(name) != in_words(one.id))
    about = {
        "pathway": one.pathway,
        "status": one.status,
        "funding": one.funding,
        "certainty": certainty or "none",
        "plan": " ".join(plans) or "none",
        "words": other_words,
    }
    data = "".join(f' data-{name}="{escape(value)}"' for name, value in about.items() if value)
    cells = [
        pathway_name(book.library, one.pathway),
        wording.first_up(STATUS[one.status]),
        wording.first_up(FUNDING[one.funding]),
        wording.first_up(wording.CERTAINTY[certainty] if certainty else NONE),
        *("Yes" if stem in plans else "No" for stem in bought),
    ]
    rest = "".join(f"<td>{escape(words, quote=False)}</td>" for words in cells)
    link = f'<a href="{evidence_page(one.id)}.html">{escape(md.plain(one.label), quote=False)}</a>'
    return f'<tr{data}><th scope="row">{link}</th>{rest}</tr>'
