"""The menu of a book, and what else each page needs that does not stand in its text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

MENU = "_menu.json"


@dataclass(frozen=True)
class Menu:
    """Groups of (page, name in the menu), what pages are found by, and the line at the foot of each page."""

    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    keywords: Mapping[str, str]
    foot: str
    """HTML."""

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), "utf-8")

    @classmethod
    def read(cls, path: Path) -> Menu:
        found = json.loads(path.read_text("utf-8"))
        return cls(
            [(name, [(p, n) for p, n in pages]) for name, pages in found["groups"]], found["keywords"], found["foot"]
        )

    def group_of(self, slug: str) -> str:
        """The group of a page: its own, or that of the page whose name its own begins with."""
        pages = {page: group for group, named in self.groups for page, _ in named}
        near = sorted((page for page in pages if slug == page or slug.startswith(f"{page}-")), key=len)
        return pages[near[-1]] if near else ""


def menu_html(menu: Menu, slug: str) -> str:
    """Every page in the menu; the group of the page shown is open, and on a phone the menu folds away."""
    here, parts = menu.group_of(slug), []
    several = len(menu.groups) > 3
    for name, pages in menu.groups:
        links = "".join(
            f'<li><a href="{escape(page)}.html"{_current(page, slug)}>{escape(words, quote=False)}</a></li>'
            for page, words in pages
        )
        if not name:
            parts.append(f"<ul>{links}</ul>")
        elif several:
            is_open = " open" if name == here else ""
            parts.append(f"<details{is_open}><summary>{escape(name, quote=False)}</summary><ul>{links}</ul></details>")
        else:
            parts.append(f'<p class="group">{escape(name, quote=False)}</p><ul>{links}</ul>')
    return f"""<nav class="menu" aria-label="Pages">
<button type="button" class="fold" aria-expanded="false" aria-controls="groups">All pages</button>
<div class="groups" id="groups">{"".join(parts)}</div></nav>"""


def _current(page: str, slug: str) -> str:
    return ' aria-current="page"' if page == slug else ""
