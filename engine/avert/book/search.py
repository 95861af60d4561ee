"""The index that the search page looks through: a script, so that it also works from a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from avert.book.nodes import Rendering

LARGEST = 70_000
MOST_WORDS = 90
"""Different words kept of each page, besides its title, headings and keywords."""
_COMMON = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "before",
        "but",
        "by",
        "can",
        "do",
        "each",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "less",
        "like",
        "many",
        "more",
        "most",
        "much",
        "no",
        "not",
        "of",
        "on",
        "one",
        "only",
        "or",
        "other",
        "out",
        "over",
        "per",
        "same",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "under",
        "up",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "without",
        "would",
        "year",
        "years",
    ]
)


def entry_of(page: Rendering, keywords: str) -> tuple[str, str, str, str]:
    """(page, title, a first sentence to show, words to look in)."""
    text = re.sub(r"\s+", " ", "".join(page.words)).strip()
    headings = " ".join(words for _, _, words in page.headings)
    words = dict.fromkeys(re.findall(r"[^\W\d_][\w'’-]+", f"{keywords} {headings} {text}".casefold()))
    kept = [word for word in words if word not in _COMMON]
    asked = set(re.findall(r"[^\W\d_][\w'’-]+", f"{keywords} {headings}".casefold()))
    few = [word for number, word in enumerate(kept) if number < MOST_WORDS or word in asked]
    shown = text[:90].rsplit(" ", 1)[0] + " …" if len(text) > 90 else text
    return page.slug, page.pages[page.slug], shown, " ".join(few)


def written_index(entries: Sequence[tuple[str, str, str, str]]) -> str:
    """The index as a script of at most about `LARGEST` letters: each page keeps as many words as there is room for."""
    room = LARGEST // max(1, len(entries))
    entries = [
        (page, title, shown, _cut(words, room - len(page) - len(title) - len(shown)))
        for page, title, shown, words in entries
    ]
    said = json.dumps(sorted(entries), ensure_ascii=False, separators=(",", ":"))
    return "window.BOOK=" + said.replace("<", "\\u003c") + ";\n"


def _cut(words: str, room: int) -> str:
    return words if len(words) <= room else words[: max(room, 60)].rsplit(" ", 1)[0]
