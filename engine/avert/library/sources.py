"""The bibliography: BibTeX read by pybtex, kept as plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pybtex.database import BibliographyDataError
from pybtex.database.input.bibtex import Parser
from pybtex.exceptions import PybtexError

from avert.errors import FaultCollector


@dataclass(frozen=True)
class Source:
    """One entry of the bibliography."""

    key: str
    authors: str
    year: str
    title: str
    where: str
    link: str

    def __str__(self) -> str:
        parts = [self.authors, f"({self.year})" if self.year else "", f"{self.title}.", self.where, self.link]
        return " ".join(part for part in parts if part).replace("..", ".")


def read_sources(text: str, faults: FaultCollector, shown_as: str) -> dict[str, Source]:
    """Entries of one `.bib` file by key.  A file that can't be read, or a key used twice, is a fault."""
    try:
        entries = Parser().parse_string(text).entries
    except BibliographyDataError as error:
        key = str(error).rsplit(":", 1)[-1].strip()
        lines = [n for n, line in enumerate(text.splitlines(), 1) if re.match(rf"@\w+\{{\s*{re.escape(key)}\s*,", line)]
        faults.add(shown_as, lines[-1] if lines else 1, f"the source '{key}' is defined twice.")
        return {}
    except PybtexError as error:
        found = re.search(r"line (\d+)", str(error))
        faults.add(shown_as, int(found[1]) if found else 1, f"this is not readable as BibTeX: {error}.")
        return {}
    return {key: _source(key, entry) for key, entry in entries.items()}


def _source(key: str, entry: Any) -> Source:
    fields = {name.lower(): _plain(str(value)) for name, value in entry.fields.items()}
    people = [_plain(str(person)) for person in entry.persons.get("author", [])]
    doi = fields.get("doi", "")
    return Source(
        key=key,
        authors="; ".join(people) or fields.get("organization", ""),
        year=fields.get("year", ""),
        title=fields.get("title", key),
        where=fields.get("journal")
        or fields.get("publisher")
        or fields.get("institution")
        or fields.get("howpublished", ""),
        link=fields.get("url") or (f"https://doi.org/{doi}" if doi else ""),
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("{", "").replace("}", "").replace("\\&", "&").replace("\\%", "%")).strip()
