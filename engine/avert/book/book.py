"""A whole book: the counties in it and the library they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from avert.book.county import County
from avert.library import Library

VERSION = version("avert")


@dataclass(frozen=True)
class Book:
    """What the pages that counties share are written from."""

    counties: Sequence[County]
    library: Library

    @property
    def alone(self) -> bool:
        return len(self.counties) == 1

    @property
    def title(self) -> str:
        return self.counties[0].label if self.alone else "Prevention plans for older people"
