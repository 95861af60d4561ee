"""How prevention works: a page for each pathway, as a picture and as a list, and one about the idea."""

from __future__ import annotations

from avert.book import markdown as md
from avert.book.book import Book
from avert.book.charts import behind
from avert.book.county import slug
from avert.book.downloads import csv_of
from avert.book.page import Page, Piece
from avert.book.pages.every_number import sources_piece
from avert.book.pages.links import acting_on, arrows_table, links_in_short, links_in_words, pathway_of
from avert.book.pages.pathway_picture import pathway_picture
from avert.library import Library
from avert.library.records import ALL_ADMISSIONS, Edge
from avert.pathway import Pathway, pathway_graph, restricted

GROUP = "How prevention works"
ALWAYS = "all_causes"
"""The pathway that every plan takes."""
KINDS = {
    "risk_factor": "a risk factor",
    "condition": "a condition",
    "event": "an event that is counted",
    "group": "a group of people",
}


def pathway_pages(book: Book) -> list[Page]:
    """The overview, then a page for each pathway that a plan of the book takes."""
    used = _used(book)
    return [_overview(book, used), *(_page(book, pathway) for pathway in used)]


def pathway_page(pathway: str) -> str:
    return f"pathway-{slug(pathway)}"[:50].rstrip("-")


def _used(book: Book) -> list[str]:
    taken = {pathway for county in book.counties for pathway in county.plan.record.pathways} | {ALWAYS}
    return [name for name in book.library.pathways if name in taken]


def _overview(book: Book, used: list[str]) -> Page:
    lead = (
        "Prevention works in steps: a service changes something that puts people at risk, fewer fall ill, and fewer go "
        "to hospital."
    )
    parts = [
        "Think of a chain. A balance class makes legs steadier. Steadier people fall less often. Fewer falls mean "
        "fewer broken hips, and fewer ambulances to hospital. Each step of the chain has a number, taken from studies.",
        f"We call such a chain a {md.link('pathway', 'glossary#term-pathway')}. It is made of boxes and arrows:",
        md.items(
            [
                "A **risk factor** is something that makes illness more likely, such as smoking.",
                "A **condition** is an illness or an accident, such as a stroke or a fall.",
                "An **event** is what we count: an emergency stay in hospital, or a move into a care home.",
                "An **arrow** says by how much one thing raises another, how soon, and how sure we are.",
            ]
        ),
        "The sums follow every arrow. If a service cuts falls by a quarter, the arrows say how much is left of broken "
        "hips and of hospital stays. Two services that cut the same thing do not simply add up: the second works on "
        "what the first has left.",
        md.heading("The pathways"),
        md.items(
            f"{md.link(book.library.pathways[name].label, pathway_page(name))}: "
            f"{md.text(book.library.pathways[name].summary)}"
            for name in used
        ),
        f"The formulas are on the {md.link('method page', 'method')}.",
    ]
    return Page("pathways", "How prevention works", lead, parts, nav="Overview", group=GROUP, keywords="pathway cause")


def _page(book: Book, pathway: str) -> Page:
    library, name = book.library, pathway_page(pathway)
    record = library.pathways[pathway]
    graph = restricted(pathway_graph(library), {pathway}, library)
    picture = pathway_picture(book, graph, pathway, f"{name}-graph")
    here, others = _arrows(book, graph, pathway)
    sources, sources_here = sources_piece(here, library, f"{name}-sources")
    numbers = arrows_table([*here, *others], library)
    table = Piece(f"{name}-numbers", behind(name, f"the arrows of “{record.label}”", numbers))
    parts = [
        f"Boxes on the left act on those to their right. {md.link('Overview', 'pathways')} says how to read it. Of the "
        "services, the picture shows those that are bought. The same is told as a list below, with all services.",
        md.piece(picture.name),
        md.piece(table.name),
        md.heading("As a list: what is in the boxes"),
        md.items(_node(library, node) for node in graph.order),
        md.heading("As a list: the arrows"),
        *links_in_words(here, library),
        *_elsewhere(book, others),
        md.heading("Services that act on it"),
        *_services(library, graph, pathway),
        md.heading("Sources of the arrows in full"),
        sources_here,
    ]
    title, words = f"How prevention works: {record.label[:1].lower()}{record.label[1:]}", f"graph {record.label}"
    files = {f"data/{name}.csv": csv_of(numbers)}
    pieces = [picture, table, sources]
    return Page(name, title, md.text(record.summary), parts, pieces, record.label, GROUP, words, files)


def _arrows(book: Book, graph: Pathway, pathway: str) -> tuple[list[Edge], list[Edge]]:
    """Arrows to tell in full, and those of other pathways that have a page of their own."""
    edges: list[Edge] = [edge for node in graph.order for edge in graph.into(node)]
    elsewhere = {*_used(book)} - {pathway}
    others = [edge for edge in edges if pathway_of(edge, book.library) in elsewhere]
    return [edge for edge in edges if edge not in others], others


def _services(library: Library, graph: Pathway, pathway: str) -> list[str]:
    own = [one for one in library.interventions.values() if one.pathway == pathway]
    acting = list(acting_on(own, {*graph.order, ALL_ADMISSIONS}, library))
    said = md.items(acting) if acting else "No service of the library acts on this pathway."
    return [said, _idle(len(own) - len(acting))]


def _elsewhere(book: Book, edges: list[Edge]) -> list[str]:
    """Arrows that another page tells in full."""
    if not edges:
        return []
    lines = links_in_short(edges, book.library, {one: pathway_page(one) for one in _used(book)})
    return [md.heading("Arrows that come from other pathways", 3), md.items(lines)]


def _idle(number: int) -> str:
    if not number:
        return ""
    said = "One more service was" if number == 1 else f"{number} more services were"
    return f"{said} looked at without an effect that could be counted here: see {md.link('all services', 'evidence')}."


def _node(library: Library, node: str) -> str:
    one = library.nodes[node]
    harm = ", brought about by treatment" if one.harm else ""
    return f"**{md.text(one.label)}** ({KINDS[one.kind]}{harm}): {md.text(one.definition)}"
