"""What stands round every chart: a headline, a line that says what is shown, its numbers and a file of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Protocol

import pandas as pd

from avert.book.charts.svg import NARROW, WIDE, Board
from avert.book.page import Chart

DRAW = Callable[[float], Board]


def chart_of(
    name: str,
    headline: str,
    under: str,
    draw: DRAW | Sequence[Board],
    alt: str,
    numbers: pd.DataFrame,
    *,
    key: str = "",
    after: str = "",
    wrapped: str = "",
) -> Chart:
    """A chart: drawn wide and narrow, with its numbers as a table behind it and as a file.

    `numbers` has columns in words; `key` and `after` are HTML that stands over and under the picture,
    `wrapped` the class of a box round all of it.
    """
    wide, narrow = (draw(WIDE), draw(NARROW)) if callable(draw) else (draw[0], draw[-1])
    html = "\n".join(
        part
        for part in (
            f'<p class="headline">{escape(headline, quote=False)}</p>',
            f'<p class="under">{escape(under, quote=False)}</p>',
            key,
            wide.html(alt, "wide"),
            narrow.html(alt, "narrow"),
            after,
            behind(name, headline, numbers),
        )
        if part
    )
    if wrapped:
        html = f'<div class="{escape(wrapped)}">{html}</div>'
    return Chart(name, html, wide.alone(alt), alt, numbers)


class Said(Protocol):
    """A row of a chart."""

    @property
    def label(self) -> str: ...

    @property
    def said(self) -> str: ...


def said_of(rows: Sequence[Said]) -> str:
    """A chart's rows in words, for those who can't see it."""
    return "; ".join(f"{row.label}: {row.said}" for row in rows)


def behind(name: str, headline: str, numbers: pd.DataFrame) -> str:
    """The chart's numbers, folded away, and where to get them."""
    rows = [[_shown(cell) for cell in row] for row in numbers.itertuples(index=False)]
    right = [n for n, column in enumerate(numbers.columns) if pd.api.types.is_numeric_dtype(numbers[column])]
    table = table_html(list(map(str, numbers.columns)), rows, right, f"Numbers: {headline}")
    return (
        f'<details class="behind"><summary>Show the numbers</summary>{table}</details>\n'
        f'<p class="download"><a href="data/{escape(name)}.csv" download>Numbers as CSV: '
        f"{escape(headline, quote=False)}</a></p>"
    )


def _shown(cell: object) -> str:
    """A cell in words: numbers with six figures at least, never with a power of ten; nothing for none."""
    if not isinstance(cell, float):
        return str(cell)
    if cell != cell:
        return ""
    return f"{cell:,.0f}" if abs(cell) >= 100_000 else f"{cell:,.6g}" if abs(cell) >= 0.001 else f"{cell:.6f}"


def table_html(
    head: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int], label: str, name: str = ""
) -> str:
    """A table of plain words; the first cell of a row is its heading."""
    at_right = set(right)

    def cell(tag: str, n: int, words: str, scope: str) -> str:
        return f"<{tag}{scope}{' class=number' if n in at_right else ''}>{escape(words, quote=False)}</{tag}>"

    top = "".join(cell("th", n, words, ' scope="col"') for n, words in enumerate(head))
    body = "".join(
        "<tr>"
        + "".join(
            cell("th" if n == 0 else "td", n, words, ' scope="row"' if n == 0 else "") for n, words in enumerate(row)
        )
        + "</tr>\n"
        for row in rows
    )
    named = f' id="{escape(name)}"' if name else ""
    return (
        f'<div class="scrolls" role="region" aria-label="{escape(label)}" tabindex="0">'
        f"<table{named}><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )
