"""Which version of everything an answer was made with."""

from __future__ import annotations

from collections.abc import Iterator

from avert.book import markdown as md
from avert.book import wording
from avert.book.book import VERSION, Book
from avert.book.county import County
from avert.book.page import Page

KEPT = 12
"""Letters of a file's hash that are shown; so many tell any two files apart."""


def changes(book: Book) -> Page:
    """Versions, the solver's proof, and the hash of every file that went in."""
    lead = f"This book was made with avert {md.text(VERSION)}. Here is what each answer was made from."
    parts = [
        "If a figure, a plan or the software changes, the answer may change too. With the same files and versions it "
        "comes out the same.",
    ]
    for county in book.counties:
        parts += [md.heading(county.label), md.table(("What", "In this run"), _facts(county))]
    parts += [
        md.heading("Versions of the software"),
        _versions(book),
        md.heading("Files that went in"),
        f"The mark of a file is the beginning of its SHA-256 hash, {KEPT} letters long. Two files with the same mark "
        "are the same.",
        _files(book),
    ]
    words = "version changes changelog hash reproduce solver"
    return Page(
        "changes", "Changes and versions", lead, parts, nav="Changes and versions", group="About", keywords=words
    )


def _facts(county: County) -> Iterator[tuple[str, str]]:
    said = county.manifest
    yield "Years", md.text(wording.years(county.years))
    yield "Prices", md.text(said["prices"])
    yield "Evidence", md.text(f"{said['evidence']} estimates; {str(said['evidence_rule']).replace('_', ' ')} counts")
    yield "Outcome", md.text(wording.listed([name.replace("_", " ") for name in said["objective_in"]]))
    yield "Status", md.text(said["status"])
    yield "Worth of the plan", md.text(f"{said['objective']:,.4f}")
    yield "No plan is worth more than", md.text(f"{said['upper_bound']:,.4f}")
    yield md.link("Gap", "glossary#term-gap"), md.text(_tiny(float(said["gap"])))
    yield "Most that any rule is broken by", md.text(_tiny(float(said["max_violation"])))
    yield "Solver", md.text(f"{said['solver']}, {said['rounds']} rounds")
    yield "Possible offers", md.text(f"{said['offers_possible']:,}")
    yield "Seed for chance", md.text(said["seed"])


def _tiny(value: float) -> str:
    return "0" if value == 0 else "less than 1 in a million million" if value < 1e-12 else f"{value:.2g}"


def _versions(book: Book) -> str:
    names = dict.fromkeys(name for county in book.counties for name in county.manifest["versions"])
    head = ["Software", *(["Version"] if book.alone else [county.name for county in book.counties])]
    rows = [
        (md.text(name), *(md.text(county.manifest["versions"].get(name, "")) for county in book.counties))
        for name in names
    ]
    return md.table([md.text(words) for words in head], rows)


def _files(book: Book) -> str:
    used: dict[tuple[str, str], list[str]] = {}
    for county in book.counties:
        for name, mark in county.manifest["inputs"].items():
            used.setdefault((name, str(mark)[:KEPT]), []).append(county.name)
    everyone = len(book.counties)
    rows = []
    for (name, mark), who in sorted(used.items()):
        by = "all" if len(who) == everyone else wording.listed(who)
        rows.append((md.text(name), md.text(mark), md.text(by)))
    kept = 2 if book.alone else 3
    return md.table(("File", "Mark", "Used by")[:kept], [row[:kept] for row in rows])
