"""The book's own static theme: pages of HTML from what Jupyter Book has read.

    python -m avert.book.render SITE SOURCE OUT

Jupyter Book runs this as its theme (`build.render`), without arguments.  It would hand over the pages at an
address of this machine, but they are also in the folder that `jupyter-book build --site` makes, and are read
there: that needs no network, not even this machine's own.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from avert.book.menu import MENU, Menu, menu_html
from avert.book.nodes import Rendering
from avert.book.search import entry_of, written_index
from avert.errors import AvertError

THEME = Path(__file__).parent / "theme"
FILES = ("book.css", "book.js", "search.js", "icon.svg")
Fetch = Callable[[str], Any]


@dataclass(frozen=True)
class Head:
    """What every page of a book has in common."""

    title: str
    menu: Menu
    note: str
    """One line at the foot of each page."""


def rendered(fetch: Fetch, source: Path, out: Path) -> list[str]:
    """Write every page of the book that `fetch` reads into `out`; the names of the pages.

    `fetch` gives the JSON at '/config.json', '/content/<page>.json'.  `source` is the folder the pages were
    written in, with the menu and the files to download.  Raises AvertError for what can't be shown.
    """
    project = fetch("/config.json")["projects"][0]
    slugs = [project["index"], *(page["slug"] for page in project["pages"] if page.get("slug"))]
    contents = {slug: fetch(f"/content/{slug}.json") for slug in slugs}
    titles = {slug: content["frontmatter"]["title"] for slug, content in contents.items()}
    menu = Menu.read(source / MENU)
    head = Head(project["title"], menu, menu.foot)
    out.mkdir(parents=True, exist_ok=True)
    index = []
    for slug in sorted(slugs):
        page = Rendering(slug, titles)
        body = page.html(contents[slug]["mdast"])
        (out / f"{slug}.html").write_text(_document(head, slug, titles[slug], body, contents[slug]), "utf-8")
        index.append(entry_of(page, menu.keywords.get(slug, "")))
    (out / "search.html").write_text(_search_page(head), "utf-8")
    (out / "search-index.js").write_text(written_index(index), "utf-8")
    for name in FILES:
        (out / name).write_bytes((THEME / name).read_bytes())
    return [*slugs, "search"]


def _document(head: Head, slug: str, title: str, body: str, content: Mapping[str, Any]) -> str:
    said = content["frontmatter"].get("description") or title
    return _page(head, slug, title, f"<h1>{escape(title, quote=False)}</h1>\n{body}", said)


def _search_page(head: Head) -> str:
    body = """<h1>Search</h1>
<form class="search" role="search" action="search.html" method="get">
<label for="words">Words to look for</label>
<div class="row"><input id="words" name="q" type="search" autocomplete="off" spellcheck="false">
<button>Search</button></div>
</form>
<p id="found" role="status"></p>
<p class="no-js">Searching needs JavaScript. Without it, the menu and the list of services on the Evidence page lead to
every page.</p>
<ol id="results" class="results"></ol>
<script src="search-index.js" defer></script>
<script src="search.js" defer></script>"""
    return _page(head, "search", "Search", body, "Search the book")


def _page(head: Head, slug: str, title: str, body: str, said: str) -> str:
    whole = title if title == head.title else f"{title} – {head.title}"
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="{escape(said)}">
<title>{escape(whole, quote=False)}</title>
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="book.css">
<script>document.documentElement.className="js"</script>
<script src="book.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header class="top">
<a class="home" href="index.html">{escape(head.title, quote=False)}</a>
<a class="find" href="search.html"{' aria-current="page"' if slug == "search" else ""}>Search</a>
</header>
<div class="frame">
{menu_html(head.menu, slug)}
<main id="main" tabindex="-1">
{body}
</main>
</div>
<footer class="foot">{head.note}</footer>
</body>
</html>
"""


def from_folder(site: Path) -> Fetch:
    """Reads what `jupyter-book build --site` made."""
    return lambda name: json.loads((site / name.lstrip("/")).read_text("utf-8"))


def main(arguments: list[str]) -> int:
    """Render from a folder, or, as the theme of a running build, from its address."""
    try:
        if arguments:
            site, source, out = (Path(name) for name in arguments)
        else:
            source, out = Path(os.environ["AVERT_PAGES"]), Path(os.environ["BUILD_DIRECTORY"])
            site = source / "_build" / "site"
        rendered(from_folder(site), source, out)
    except AvertError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
