"""A page of the book before it is written, and the charts and files that go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Chart:
    """A picture with what a reader needs who can't see it.

    `html` is what stands on the page; `svg` the same as a still picture for any other theme.
    """

    name: str
    html: str
    svg: str
    alt: str
    numbers: pd.DataFrame | None = None
    """What the chart shows, as it is offered for download; the columns are words."""


@dataclass(frozen=True)
class Piece:
    """A part of a page that Markdown has no form for, such as a table that can be filtered; `html` is escaped."""

    name: str
    html: str


@dataclass(frozen=True)
class Page:
    """One page: `name` is its file, made of small letters, digits and hyphens."""

    name: str
    title: str
    lead: str
    """What the page says, in one sentence of Markdown."""
    parts: Sequence[str]
    """Markdown."""
    charts: Sequence[Chart | Piece] = ()
    nav: str = ""
    """Its name in the menu; pages without one are reached from others."""
    group: str = ""
    """The part of the menu it stands in."""
    keywords: str = ""
    """Words that searching finds it by, besides its text."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Files to download, by their place in the book."""
    notebook: str = ""
    """A notebook that was run, which stands in place of the lead and the parts."""
