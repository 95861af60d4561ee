"""A page's tree as Jupyter Book hands it over, as HTML: one function for each kind of node."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any
from urllib.parse import unquote

from avert.errors import AvertError

Node = Mapping[str, Any]


@dataclass
class Rendering:
    """What is known while a page is rendered, and what is found on the way."""

    slug: str
    pages: Mapping[str, str]
    """Slug → title of every page."""
    top: int = 2
    """Level of the page's highest headings."""
    headings: list[tuple[int, str, str]] = field(default_factory=list)
    """Level, id and words of each heading, in order."""
    words: list[str] = field(default_factory=list)
    """Text for searching."""
    used: set[str] = field(default_factory=set)
    tables: int = 0

    def html(self, node: Node) -> str:
        """A node and all below it.  Raises AvertError for a kind nobody has said how to show."""
        kind = node["type"]
        if kind not in KINDS:
            line = node.get("position", {}).get("start", {}).get("line", "?")
            named = f" ({node['name']})" if "name" in node else ""
            raise AvertError(
                f"{self.slug}.md:{line}: there is no way to show a '{kind}'{named} of Jupyter Book on a page"
            )
        return KINDS[kind](self, node)

    def inside(self, node: Node) -> str:
        return "".join(self.html(child) for child in node.get("children", ()))

    def name(self, wanted: str) -> str:
        """An id that no other part of the page has."""
        name, number = wanted, 2
        while name in self.used:
            name, number = f"{wanted}-{number}", number + 1
        self.used.add(name)
        return name


def words_of(node: Node) -> str:
    """The text of a node and all below it."""
    return str(node.get("value", "")) + "".join(words_of(child) for child in node.get("children", ()))


def _wrapped(tag: str) -> Callable[[Rendering, Node], str]:
    return lambda page, node: f"<{tag}>{page.inside(node)}</{tag}>"


def _inside(page: Rendering, node: Node) -> str:
    return page.inside(node)


def _nothing(page: Rendering, node: Node) -> str:
    return ""


def _text(page: Rendering, node: Node) -> str:
    page.words.append(node["value"])
    return escape(node["value"], quote=False)


def _paragraph(page: Rendering, node: Node) -> str:
    page.words.append(" ")
    return f"<p>{page.inside(node)}</p>\n"


def _heading(page: Rendering, node: Node) -> str:
    page.words.append(" ")
    name = page.name(node.get("html_id") or node.get("identifier") or "part")
    inside, level = page.inside(node), min(6, max(2, int(node["depth"])))
    page.headings.append((level, name, words_of(node)))
    return f'<h{level} id="{escape(name)}">{inside}</h{level}>\n'


def _list(page: Rendering, node: Node) -> str:
    tag = "ol" if node.get("ordered") else "ul"
    return f"<{tag}>\n{page.inside(node)}</{tag}>\n"


def _item(page: Rendering, node: Node) -> str:
    page.words.append(" ")
    return f"<li>{page.inside(node)}</li>\n"


def target(page: Rendering, address: str) -> str:
    """Where a link leads, from this page: other pages of the book stand beside it."""
    if re.match(r"https?://", address):
        return address
    path, mark, part = address.partition("#")
    slug = unquote(path.strip("/")) or ("index" if path else "")
    if slug and slug not in page.pages:
        raise AvertError(f"{page.slug}.md: there is no page '{slug}' to link to")
    return (f"{slug}.html" if slug else "") + (f"#{part}" if mark else "")


def _link(page: Rendering, node: Node) -> str:
    if node.get("static"):
        return f'<a href="{escape(node["urlSource"])}" download>{page.inside(node)}</a>'
    to = target(page, node["url"])
    away = ' rel="noopener" class="away"' if to.startswith("http") else ""
    return f'<a href="{escape(to)}"{away}>{page.inside(node)}</a>'


def _away(page: Rendering, node: Node) -> str:
    """A link out of the book, made by `markdown.outside`; without an address, what is inside."""
    address = node.get("data", {}).get("away", "")
    if not re.match(r"https?://", address):
        return page.inside(node)
    return f'<a href="{escape(address)}" rel="noopener" class="away">{page.inside(node)}</a>'


def _reference(page: Rendering, node: Node) -> str:
    path = node.get("url", "") if node.get("remote") else ""
    to = target(page, f"{path}#{node['html_id']}")
    return f'<a href="{escape(to)}">{page.inside(node)}</a>'


def _code(page: Rendering, node: Node) -> str:
    return f'<pre tabindex="0"><code>{escape(node["value"], quote=False)}</code></pre>\n'


def _inline_code(page: Rendering, node: Node) -> str:
    page.words.append(node["value"])
    return f"<code>{escape(node['value'], quote=False)}</code>"


def _formula(page: Rendering, node: Node) -> str:
    """The MathML part of a formula: no fonts and no script are needed to show it."""
    found = re.search(r"<math.*?</math>", node.get("html", ""), re.DOTALL)
    if not found:
        raise AvertError(f"{page.slug}.md: the formula '{node['value']}' can't be read")
    block = node["type"] == "math"
    made = found[0].replace("<math ", f'<math display="{"block" if block else "inline"}" ', 1)
    made = re.sub(r"<annotation.*?</annotation>", "", made, flags=re.DOTALL)
    return f'<div class="formula" tabindex="0">{made}</div>\n' if block else made


def _table(page: Rendering, node: Node) -> str:
    """A table that scrolls by itself where it is too wide; its first rows of headers are its head."""
    rows = list(node["children"])
    head = [row for row in rows if all(cell.get("header") for cell in row["children"])]
    body = [row for row in rows if row not in head]
    page.tables += 1
    near = page.headings[-1][2] if page.headings else page.pages.get(page.slug, "")
    label = f"Table {page.tables}: {near}"
    top = f"<thead>{''.join(page.html(row) for row in head)}</thead>" if head else ""
    rest = f"<tbody>{''.join(page.html(row) for row in body)}</tbody>"
    return (
        f'<div class="scrolls" role="region" aria-label="{escape(label)}" '
        f'tabindex="0"><table>{top}{rest}</table></div>\n'
    )


def _row(page: Rendering, node: Node) -> str:
    return f"<tr>{page.inside(node)}</tr>"


def _cell(page: Rendering, node: Node) -> str:
    page.words.append(" ")
    tag, style = ("th", ' scope="col"') if node.get("header") else ("td", "")
    number = ' class="number"' if node.get("align") == "right" else ""
    return f"<{tag}{style}{number}>{page.inside(node)}</{tag}>"


def _figure(page: Rendering, node: Node) -> str:
    """A chart as the pages were written with it, or a plain picture, with its caption."""
    chart = node.get("data", {}).get("chart")
    name = page.name(node.get("html_id") or node.get("identifier") or "figure")
    parts = [child for child in node["children"] if not (chart and child["type"] == "image")]
    inside = "".join(page.html(child) for child in parts)
    if chart:
        page.words.append(_text_of(chart))
    return f'<figure id="{escape(name)}" class="{"chart" if chart else "picture"}">{chart or ""}{inside}</figure>\n'


def _piece(page: Rendering, node: Node) -> str:
    """A part the pages were written with; without one, what is inside."""
    html = node.get("data", {}).get("piece")
    if html is None:
        return page.inside(node)
    page.words.append(_text_of(html))
    return f"{html}\n"


def _text_of(html: str) -> str:
    return " " + unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL))


def _image(page: Rendering, node: Node) -> str:
    return f'<img src="{escape(node.get("urlSource", node["url"]))}" alt="{escape(node.get("alt") or "")}">'


def _admonition(page: Rendering, node: Node) -> str:
    kind = (node.get("class") or node.get("kind") or "note").split()[0]
    return (
        f'<aside class="box {escape(kind)}" '
        f'aria-label="{escape(words_of(node["children"][0]))}">{page.inside(node)}</aside>\n'
    )


def _cited(page: Rendering, node: Node) -> str:
    return f'<a href="#ref-{escape(node["label"])}">{page.inside(node)}</a>'


def _outputs(page: Rendering, node: Node) -> str:
    return f'<div class="outputs">{page.inside(node)}</div>\n'


def _output(page: Rendering, node: Node) -> str:
    """What a cell of a notebook printed or showed, as text; tables of HTML as they are made by pandas."""
    from avert.book.notebook import output_html

    return output_html(node["jupyter_data"])


KINDS: dict[str, Callable[[Rendering, Node], str]] = {
    "root": _inside,
    "block": _inside,
    "text": _text,
    "paragraph": _paragraph,
    "heading": _heading,
    "strong": _wrapped("strong"),
    "emphasis": _wrapped("em"),
    "list": _list,
    "listItem": _item,
    "link": _link,
    "span": _away,
    "crossReference": _reference,
    "code": _code,
    "inlineCode": _inline_code,
    "math": _formula,
    "inlineMath": _formula,
    "table": _table,
    "tableRow": _row,
    "tableCell": _cell,
    "container": _figure,
    "image": _image,
    "div": _piece,
    "caption": _wrapped("figcaption"),
    "captionNumber": lambda page, node: f'<span class="figure-number">{page.inside(node)}</span> ',
    "admonition": _admonition,
    "admonitionTitle": lambda page, node: f'<p class="box-title">{page.inside(node)}</p>',
    "definitionList": _wrapped("dl"),
    "definitionTerm": _wrapped("dt"),
    "definitionDescription": _wrapped("dd"),
    "thematicBreak": lambda page, node: "<hr>\n",
    "break": lambda page, node: "<br>",
    "mystTarget": _nothing,
    "comment": _nothing,
    "outputs": _outputs,
    "output": _output,
    "citeGroup": _inside,
    "cite": _cited,
}
