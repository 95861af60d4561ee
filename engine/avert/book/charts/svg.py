"""A little drawing board: SVG elements whose colours come from the book's style sheet."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from math import floor, log10
from textwrap import wrap
from typing import Any

WIDE, NARROW = 720, 340
LETTER = 0.54
"""Width of a letter of the text face, as a share of its size; a little generous, so that nothing is cut."""
STYLES = """.bar{fill:#0b5a6b}.bar.unsure{fill:#9cc4cd;stroke:#0b5a6b}.pale,.band{fill:#9cc4cd}.grid{stroke:#dde4e9}
.axis,.neutral{stroke:#4a5866}.quiet{fill:#4a5866}.line{fill:none;stroke:#0b5a6b;stroke-width:2.5}.range{stroke:#0b5a6b}
.mark{fill:#0b5a6b}.today{stroke:#7a4300}.inverse{fill:#fff}text{font-family:Helvetica,Arial,sans-serif}"""
"""Colours for the picture where it stands alone."""


class Board:
    """A picture so wide, as high as what is drawn on it."""

    def __init__(self, width: float) -> None:
        self.width, self.height = width, 0.0
        self.root = ET.Element("svg", xmlns="http://www.w3.org/2000/svg")

    def add(self, tag: str, parent: ET.Element | None = None, **attributes: Any) -> ET.Element:
        said = {name.rstrip("_").replace("_", "-"): number(value) for name, value in attributes.items()}
        return ET.SubElement(self.root if parent is None else parent, tag, said)

    def text(self, words: str, x: float, y: float, size: float = 15, anchor: str = "start", **more: Any) -> None:
        self.add("text", x=x, y=y, font_size=size, text_anchor=anchor, **more).text = words
        self.height = max(self.height, y + size * 0.4)

    def lines(self, words: str, x: float, y: float, room: float, size: float = 15, **more: Any) -> float:
        """Words broken to fit `room`; the height below them."""
        for line in broken(words, room, size):
            y += size * 1.25
            self.text(line, x, y, size, **more)
        return y

    def html(self, alt: str, kind: str) -> str:
        """The picture as part of a page, with its description for those who can't see it."""
        made = ET.Element("svg", self._frame() | {"class": kind, "role": "img", "aria-label": alt})
        made.extend(self.root)
        return ET.tostring(made, encoding="unicode")

    def alone(self, alt: str) -> str:
        """The picture as a file."""
        made = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg"} | self._frame())
        ET.SubElement(made, "title").text = alt
        ET.SubElement(made, "style").text = STYLES
        made.extend(self.root)
        return ET.tostring(made, encoding="unicode") + "\n"

    def _frame(self) -> dict[str, str]:
        wide, high = number(self.width), number(self.height + 4)
        return {"viewBox": f"0 0 {wide} {high}", "width": wide, "height": high}


def number(value: object) -> str:
    """Coordinates to a tenth of a point; words as they are."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float | int) else str(value)


def broken(words: str, room: float, size: float = 15) -> list[str]:
    """Words in lines of at most so many points."""
    return wrap(words, max(8, int(room / (size * LETTER)))) or [""]


def long(words: str, size: float = 15) -> float:
    """About how wide words are."""
    return len(words) * size * LETTER


def ticks(top: float, wanted: int = 4) -> Sequence[float]:
    """Round numbers from 0 to at most `top`, so many or a few more."""
    if top <= 0:
        return [0.0]
    raw = top / wanted
    unit = 10 ** floor(log10(raw))
    step = next(unit * one for one in (1, 2, 2.5, 5, 10) if unit * one >= raw * 0.999)
    return [step * n for n in range(int(top / step + 1e-9) + 1)]
