"""MyST Markdown with data in it: whatever a plan or a record says stands on the page as plain text."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Sequence

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
_WHITE = re.compile(r"\s+")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(words: object) -> str:
    """One line of text without control characters or marks that turn the direction of writing."""
    return _WHITE.sub(" ", _UNSEEN.sub("", str(words))).strip()


def text(words: object) -> str:
    """Words as Markdown that shows exactly these words.

    Every ASCII punctuation mark is escaped by a backslash (CommonMark 2.4), so that no markup, directive, role,
    formula, citation or link can begin.
    """
    return _MARKS.sub(r"\\\1", plain(words))


def link(words: object, page: str) -> str:
    """A link to a page of the book by its name, or to a part of one, 'page#part'."""
    name, _, part = page.partition("#")
    return f"[{text(words)}]({name}.md{'#' + part if part else ''})"


def outside(words: object, address: str) -> str:
    """A link out of the book, if the address is one of the web; else the words alone.

    It is written in a role of our own and in code, since Jupyter Book would ask the network about every DOI.
    """
    if not re.fullmatch(r"https?://[^\s<>\"'`\\{}|^]+", address):
        return text(words)
    said = json.dumps([plain(words), address], ensure_ascii=False).encode()
    return f"{{away}}`{base64.urlsafe_b64encode(said).decode()}`"


def heading(words: object, level: int = 2, name: str = "") -> str:
    """A heading, with a name to link to."""
    return (f"({name})=\n" if name else "") + f"{'#' * level} {text(words)}"


def strong(words: object) -> str:
    return f"**{text(words)}**"


def items(lines: Iterable[str]) -> str:
    """A list of lines that are Markdown already."""
    return "\n".join(f"- {line}" for line in lines)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """A table of cells that are Markdown already; columns numbered in `right` are of numbers."""
    at_right = set(right)
    rule = ["---:" if n in at_right else "---" for n in range(len(head))]
    lines = [head, rule, *rows]
    return "\n".join("| " + " | ".join(cell.replace("\n", " ") or " " for cell in line) + " |" for line in lines)


def note(kind: str, title: str, *body: str) -> str:
    """A box that stands out: `kind` is note, warning or tip."""
    return f"::::{{admonition}} {text(title)}\n:class: {kind}\n" + "\n\n".join(body) + "\n::::"


def chart(name: str, caption: str) -> str:
    """The place of a chart written beside the pages, with its caption as Markdown."""
    return f":::{{chart}} _charts/{name}\n{caption}\n:::"


def piece(name: str, instead: str = "") -> str:
    """The place of a piece of HTML written beside the pages; `instead` is Markdown for themes that can't show it."""
    return f":::{{piece}} _charts/{name}\n{instead}\n:::"


def page(title: str, parts: Iterable[str], description: str) -> str:
    """A page: title, what it says in one sentence, and its parts."""
    papers = [f"title: {json.dumps(plain(title))}", f"description: {json.dumps(plain(description))}"]
    return "---\n" + "\n".join(papers) + "\n---\n\n" + "\n\n".join(part for part in parts if part) + "\n"
