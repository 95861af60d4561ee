"""The graph of a pathway as part of a page, for eyes and for the script that follows its arrows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from avert.book.book import Book
from avert.book.page import Piece
from avert.book.pages.in_plans import bought_in
from avert.pathway import Pathway, own_effects
from avert.pathway.drawing import svg

SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = ("d", "x", "y", "width", "height", "rx")
LOOKS = ("fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor", "font-size", "font-weight", "opacity")


def pathway_picture(book: Book, graph: Pathway, pathway: str, name: str) -> Piece:
    """The graph, and room for what the script says of the box that is chosen."""
    label = book.library.pathways[pathway].label
    said = f"{label}: boxes and arrows from services and risk factors to hospital stays. The list below says the same."
    html = (
        '<div class="pathway wide"><p class="status needs-js" role="status"></p>'
        '<p class="under wide">The picture is wider than most screens: scroll it sideways.</p>'
        '<div class="graph" role="region" aria-label="Picture of the pathway" tabindex="0">'
        f"{_slim(_drawn(book, graph, pathway), said)}</div></div>"
    )
    return Piece(name, html)


def _drawn(book: Book, graph: Pathway, pathway: str) -> str:
    """The graph with the services that a plan of the book buys: all of them would hide it."""
    bought = {one for county in book.counties for one in bought_in(county)}
    services = [one for one in book.library.interventions.values() if one.pathway == pathway and one.id in bought]
    labels = {one.id: one.label for one in services}
    return svg(graph, title=pathway, interventions=own_effects(book.library, graph, services)[0], labels=labels)


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
