"""Pages about the book itself: limits, accessibility, versions, how to cite; and the glossary and the method."""

from __future__ import annotations

from avert.book import markdown as md
from avert.book import wording
from avert.book.book import VERSION, Book
from avert.book.page import Page
from avert.book.pages.changes import changes
from avert.book.pages.glossary import glossary
from avert.book.pages.limits import limits
from avert.book.pages.method import method

__all__ = ["accessibility", "changes", "cite", "glossary", "limits", "method"]
GROUP = "About"
NAME = "avert: which prevention services should a pooled budget buy?"
AUTHORS = "The avert contributors"
LICENCE = "MIT"
TESTED = (
    "Automatic checks with axe, a tool that looks for faults against the Web Content Accessibility "
    "Guidelines (WCAG). Such tools find only a part of all faults.",
    "The keyboard: the order of links, the menu, the budget slider and the pathway pictures.",
    "Contrast of text, on a light and on a dark screen.",
    "Forced colours, as in the high-contrast setting of Windows: that words and charts can still be seen.",
    "Without JavaScript: every word and number is there. Only search, filters and moving parts are missing.",
)
NOT_TESTED = (
    "Nobody has yet read the book from end to end with a screen reader.",
    "Nobody outside the project has audited it, and no people with disabilities have tested it.",
    "Speech control and screen magnifiers have not been tried.",
)
HARD = (
    "Wide tables scroll sideways on a phone.",
    "The pictures of pathways are dense, and are not shown on a phone. Each page tells the same as a list.",
    "The formulas on the method page are written as text and read badly aloud.",
)


def accessibility(book: Book) -> Page:
    """What was tested, what was not, and whom to tell."""
    lead = "We want everybody to be able to read this book, on any device and with any aid."
    parts = [
        "Every chart has a description and its numbers as a table and as a file. Pages fit a "
        "phone, and they follow your choice of a light or dark screen.",
        md.heading("What was tested"),
        md.items(TESTED),
        md.heading("What was not tested"),
        md.items(NOT_TESTED),
        md.heading("What we know is hard to use"),
        md.items(HARD),
        md.heading("If something does not work for you"),
        "Tell the partnership that published this book: say which page, what you tried and what you use to read it. "
        "Ask it for the same facts in another form if you need them. Faults of the software belong in its list of "
        "issues, where its code is published.",
    ]
    words = "accessibility screen reader keyboard disability wcag"
    return Page("accessibility", "Accessibility", lead, parts, nav="Accessibility", group=GROUP, keywords=words)


def cite(book: Book) -> Page:
    """How to name the book, the software and the studies behind a figure."""
    lead = "If you use these results, please say where they come from, and with which version they were made."
    parts = [
        md.heading("This book"),
        md.items(
            f"{md.text(county.label)}, {md.text(wording.years(county.years))}. Made with avert {md.text(VERSION)}."
            for county in book.counties
        ),
        f"{md.link('Changes and versions', 'changes')} has the marks of the files a run was made from.",
        md.heading("The software and its library of evidence"),
        f"{md.text(AUTHORS)}. *{md.text(NAME)}* Version {md.text(VERSION)}. Licence: {md.text(LICENCE)}.",
        "For a reference manager:",
        f"````\n{_bibtex()}\n````",
        md.heading("A figure"),
        f"A figure belongs to the study it comes from. Each page under {md.link('all services', 'evidence')} names its "
        "sources in full; please cite those, and read them first.",
    ]
    return Page("cite", "How to cite", lead, parts, nav="How to cite", group=GROUP, keywords="cite citation licence")


def _bibtex() -> str:
    return "\n".join(
        [
            "@software{avert,",
            f"  author  = {{{{{AUTHORS}}}}},",
            f"  title   = {{{NAME}}},",
            f"  version = {{{VERSION}}},",
            f"  license = {{{LICENCE}}},",
            "}",
        ]
    )
