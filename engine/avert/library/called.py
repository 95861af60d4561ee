"""Names as people write them: an id, the label that belongs to it, or something near one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from avert.errors import nearest

CLOSE = 0.6


def plain(words: str) -> str:
    """'Tai Chi classes' → 'tai_chi_classes'."""
    return re.sub(r"[^a-z0-9]+", "_", words.casefold()).strip("_")


def called(name: str, labels: Mapping[str, str]) -> str:
    """The id whose label is `name`, whatever the capitals and signs; empty if none is.  `labels`: id → label."""
    asked = plain(name)
    return next((one for one in sorted(labels) if plain(labels[one]) == asked), "") if asked else ""


def nearest_called(name: str, labels: Mapping[str, str]) -> str:
    """Advice naming the id that is meant: by its label, by the nearest id or label, or from all where there are few."""
    meant = called(name, labels)
    if not meant:
        words = {plain(label): one for one, label in sorted(labels.items())} | {plain(one): one for one in labels}
        close = get_close_matches(plain(name), list(words), n=1, cutoff=CLOSE)
        meant = words[close[0]] if close else ""
    return f" Did you mean '{meant}'?" if meant else nearest(name, labels)


def choice_of(labels: Mapping[str, str]) -> str:
    """Every id with its label, one a line, to choose from."""
    width = max(map(len, labels), default=0)
    return "\n".join(["Choose from:", *(f"  {one:{width}}  {label}" for one, label in labels.items())])
