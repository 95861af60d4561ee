"""How prevention works: a page for each pathway, as a picture and as a list, and one about the idea."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from avert.book import markdown as md
from avert.book.book import Book
from avert.book.county import slug
from avert.book.page import Page, Piece
from avert.book.pages.every_number import sources_piece
from avert.book.pages.in_plans import bought_in
from avert.book.pages.links import acting_on, links_in_short, links_in_words, pathway_of
from avert.library import Library
from avert.library.records import ALL_ADMISSIONS, Edge
from avert.pathway import Pathway, own_effects, pathway_graph, restricted
from avert.pathway.drawing import svg

GROUP = "How prevention works"
ALWAYS = "all_causes"
"""The pathway that every plan takes."""
SVG = "{http://www.w3.org/2000/svg}"
KINDS = {"risk_factor": "a risk factor", "condition": "a condition", "event": "an event that is counted"}


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
    library = book.library
    record, name = library.pathways[pathway], pathway_page(pathway)
    graph = restricted(pathway_graph(library), {pathway}, library)
    edges: list[Edge] = [edge for node in graph.order for edge in graph.into(node)]
    own = [one for one in library.interventions.values() if one.pathway == pathway]
    picture = Piece(f"{name}-graph", _pathway_html(record.label, _drawn(book, graph, pathway)))
    pages = {one: pathway_page(one) for one in _used(book)}
    here = [edge for edge in edges if pathway_of(edge, library) in (pathway, *(library.pathways.keys() - pages.keys()))]
    sources, sources_here = sources_piece(here, library, f"{name}-sources")
    acting = list(acting_on(own, {*graph.order, ALL_ADMISSIONS}, library))
    idle = len(own) - len(acting)
    parts = [
        f"Boxes on the left act on those to their right. {md.link('Overview', 'pathways')} says how to read it. Of the "
        "services, the picture shows those that are bought. The same is told as a list below, with all services.",
        md.piece(picture.name),
        md.heading("As a list: what is in the boxes"),
        md.items(_node(library, node) for node in graph.order),
        md.heading("As a list: the arrows"),
        *links_in_words(here, library),
        *_elsewhere(library, [edge for edge in edges if edge not in here], pages),
        md.heading("Services that act on it"),
        md.items(acting) if acting else "No service of the library acts on this pathway.",
        _idle(idle),
        md.heading("Sources of the arrows in full"),
        sources_here,
    ]
    title = f"How prevention works: {record.label[:1].lower()}{record.label[1:]}"
    return Page(
        name,
        title,
        md.text(record.summary),
        parts,
        [picture, sources],
        record.label,
        GROUP,
        f"pathway graph {record.label}",
    )


def _elsewhere(library: Library, edges: list[Edge], pages: dict[str, str]) -> list[str]:
    """Arrows that another page tells in full."""
    if not edges:
        return []
    lines = links_in_short(edges, library, pages)
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


def _drawn(book: Book, graph: Pathway, pathway: str) -> str:
    """The graph with the services that a plan of the book buys: all of them would hide it."""
    bought = {one for county in book.counties for one in bought_in(county)}
    services = [one for one in book.library.interventions.values() if one.pathway == pathway and one.id in bought]
    labels = {one.id: one.label for one in services}
    return svg(graph, title=pathway, interventions=own_effects(book.library, graph, services)[0], labels=labels)


def _pathway_html(label: str, picture: str) -> str:
    """The graph with room for what the script says of the box that is chosen."""
    said = f"{label}: boxes and arrows from services and risk factors to hospital stays. The list below says the same."
    return (
        '<div class="pathway wide">'
        '<div class="graph" role="region" aria-label="Picture of the pathway" tabindex="0">'
        f'{_slim(picture, said)}</div><p class="status" role="status"></p></div>'
    )


def _slim(picture: str, label: str) -> str:
    """The drawing as part of a page, without its title, its description and what looks are said over and over."""
    root = ET.fromstring(picture)
    root.remove(next(one for one in root if one.tag == f"{SVG}text"))
    looks: dict[tuple[tuple[str, str], ...], str] = {}
    for parent in [*root.iter()]:
        parent.text, parent.tail = (parent.text or "").strip(), ""
        for child in [*parent]:
            if child.tag in (f"{SVG}title", f"{SVG}desc") or child.get("width") == "100%":
                parent.remove(child)
            elif child.tag == f"{SVG}text":
                _flat(child)
    for one in root.iter():
        one.tag = one.tag.removeprefix(SVG)
        one.attrib.update({key: _short(value) for key, value in one.attrib.items() if key in NUMBERS})
        if one.tag in ("path", "rect", "text"):
            _by_class(one, looks)
    root.attrib |= {"role": "group", "aria-label": label}
    style = ET.Element("style")
    style.text = "".join(f".{name}{{{';'.join(':'.join(pair) for pair in look)}}}" for look, name in looks.items())
    root.insert(0, style)
    return ET.tostring(root, encoding="unicode")


NUMBERS = ("d", "x", "y", "width", "height", "rx")
LOOKS = ("fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor", "font-size", "font-weight", "opacity")


def _by_class(one: ET.Element, looks: dict[tuple[tuple[str, str], ...], str]) -> None:
    """How an element looks, as a class that all which look the same share."""
    look = tuple((name, one.attrib.pop(name)) for name in LOOKS if name in one.attrib)
    look = tuple((name, f"{value}px" if name == "font-size" else value) for name, value in look)
    one.set("class", looks.setdefault(look, f"g{len(looks)}"))


def _short(numbers: str) -> str:
    """Whole points: nobody sees a tenth."""
    return re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.0f}", numbers)


def _flat(text: ET.Element) -> None:
    """A text of one line without the element for its line."""
    lines = [*text]
    if len(lines) == 1:
        text.text = lines[0].text
        text.attrib |= lines[0].attrib
        text.remove(lines[0])
    text.attrib.pop("fill", None)
