"""Pages as the source folder of a Jupyter Book: Markdown, charts, menu and settings."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path

from avert.book import markdown
from avert.book.downloads import csv_of
from avert.book.menu import MENU, Menu
from avert.book.page import Chart, Page, Piece
from avert.errors import AvertError

THEME = Path(__file__).parent / "theme"
LONGEST = 50
"""Letters of a page's name: Jupyter Book shortens longer ones."""


def write_source(title: str, pages: Sequence[Page], foot: str, folder: Path) -> None:
    """Write the book's source into the empty `folder`.  The first page is the one a reader comes to.

    Raises AvertError for a name that two pages or two charts have, or that can't be the name of a page.
    """
    _check_names(pages)
    (folder / "_charts").mkdir(parents=True)
    (folder / "theme").mkdir()
    for page in pages:
        body = [page.lead, *page.parts]
        said = page.notebook or markdown.page(page.title, body, _unmarked(page.lead))
        (folder / _file(page)).write_text(said, "utf-8")
        for chart in page.charts:
            _write_chart(chart, folder)
        for name, content in page.files.items():
            place = folder / "files" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    _menu(pages, foot).write(folder / MENU)
    shutil.copy(THEME / "charts.mjs", folder / "charts.mjs")
    (folder / "theme" / "template.yml").write_text(_template(), "utf-8")
    (folder / "myst.yml").write_text(_settings(title, pages), "utf-8")


def _file(page: Page) -> str:
    return f"{page.name}.{'ipynb' if page.notebook else 'md'}"


def _check_names(pages: Sequence[Page]) -> None:
    seen: set[str] = set()
    for name in [page.name for page in pages] + [f"_charts/{c.name}" for page in pages for c in page.charts]:
        if name in seen:
            raise AvertError(f"two parts of the book are called '{name}': give places or plans names that differ more")
        seen.add(name)
    for page in pages:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", page.name) or len(page.name) > LONGEST:
            raise AvertError(f"'{page.name}' can't be the name of a page")


def _write_chart(chart: Chart | Piece, folder: Path) -> None:
    place = folder / "_charts" / chart.name
    alt = chart.alt if isinstance(chart, Chart) else ""
    said = json.dumps({"name": chart.name, "html": chart.html, "alt": markdown.plain(alt)}, ensure_ascii=False)
    place.with_suffix(".json").write_text(said, "utf-8")
    if isinstance(chart, Chart):
        place.with_suffix(".svg").write_text(chart.svg, "utf-8")
        if chart.numbers is not None:
            data = folder / "files" / "data" / f"{chart.name}.csv"
            data.parent.mkdir(parents=True, exist_ok=True)
            data.write_bytes(csv_of(chart.numbers))


def _menu(pages: Sequence[Page], foot: str) -> Menu:
    groups: dict[str, list[tuple[str, str]]] = {}
    for page in pages:
        if page.nav:
            groups.setdefault(page.group, []).append((page.name, page.nav))
    return Menu(list(groups.items()), {p.name: p.keywords for p in pages if p.keywords}, foot)


def _template() -> str:
    """The theme as Jupyter Book asks for it; pages are rendered by `avert.book.render`."""
    render = shlex.join([sys.executable, "-m", "avert.book.render"])
    return "\n".join(
        [
            "myst: v1",
            "kind: site",
            "title: avert",
            "description: A small static theme",
            "version: 1.0.0",
            "license: MIT",
            "build:",
            f"  render: {json.dumps(render)}",
            "",
        ]
    )


def _settings(title: str, pages: Sequence[Page]) -> str:
    """JSON, which is YAML."""
    return json.dumps(
        {
            "version": 1,
            "project": {
                "title": markdown.plain(title),
                "plugins": ["./charts.mjs"],
                "toc": [{"file": _file(page)} for page in pages],
            },
            "site": {"template": "./theme"},
        },
        ensure_ascii=False,
    )


def _unmarked(words: str) -> str:
    """Markdown as plain words, for descriptions."""
    without = re.sub(r"\[((?:\\.|[^\]\\])*)\]\([^)]*\)", r"\1", words).replace("**", "")
    return re.sub(r"\\(.)", r"\1", without)


def foot_of(words: str, link: str, page: str) -> str:
    """The line at the foot of each page, as HTML."""
    return f'{escape(words, quote=False)} <a href="{escape(page)}.html">{escape(link, quote=False)}</a>'
