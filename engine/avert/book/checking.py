"""Is a built book whole?  Every link leads somewhere, nothing is asked of the network, ids are unique."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

ASKS = {
    "script": "src",
    "img": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "object": "data",
    "embed": "src",
}
"""What makes a browser fetch something by itself."""
AWAY = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


@dataclass
class _Page(HTMLParser):
    """Links, fetches and ids of a page."""

    links: list[str] = field(default_factory=list)
    fetches: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if "id" in said:
            self.ids.append(said["id"])
        if tag in ("a", "area") and "href" in said:
            self.links.append(said["href"])
        if tag == "a" and "xlink:href" in said:
            self.links.append(said["xlink:href"])
        if tag in ASKS and ASKS[tag] in said:
            self.fetches.append(said[ASKS[tag]])
        self.fetches += re.findall(r"url\(\s*['\"]?([^'\")]+)", said.get("style", ""))
        self.handlers += [name for name in said if name.startswith("on")]


def check_built(folder: Path) -> Iterator[str]:
    """Faults of the book in `folder`, in words; none if it is whole."""
    pages = {path.name: _read(path) for path in sorted(folder.glob("*.html"))}
    for name, page in pages.items():
        yield from (
            f"{name}: the id '{one}' is there twice" for one in sorted({i for i in page.ids if page.ids.count(i) > 1})
        )
        yield from (f"{name}: asks the network for {one}" for one in page.fetches if AWAY.match(one))
        yield from (f"{name}: holds a script where none belongs ({one})" for one in page.handlers)
        for link in dict.fromkeys([*page.links, *(one for one in page.fetches if not AWAY.match(one))]):
            fault = _dead(link, name, pages, folder)
            if fault:
                yield f"{name}: {fault}"
    for path in sorted(folder.glob("*.css")):
        yield from (
            f"{path.name}: asks for {one}"
            for one in re.findall(r"url\(\s*['\"]?([^'\")#]+)|@import", path.read_text("utf-8"))
        )


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text("utf-8"))
    return page


def _dead(link: str, at: str, pages: dict[str, _Page], folder: Path) -> str:
    """Why a link leads nowhere; empty if it leads somewhere, or out of the book to the web."""
    if re.match(r"^https?://", link):
        return ""
    if AWAY.match(link):
        return f"a link of a kind that has no place here: {link[:60]}"
    path, _, part = link.partition("#")
    target = unquote(path.partition("?")[0]) or at
    if target.startswith("/"):
        return f"the link to {link} works only at the top of a site"
    if target in pages:
        return f"there is no part '{part}' on {target}" if part and unquote(part) not in pages[target].ids else ""
    return "" if (folder / target).is_file() else f"there is no {target} to link to"
