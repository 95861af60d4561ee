"""The method step by step, with the formulas as the functions that do the sums state them."""

from __future__ import annotations

import inspect
from types import ModuleType

from avert.book import markdown as md
from avert.book.book import Book
from avert.book.page import Page
from avert.book.pages.method_steps import STEPS, Stated

CHECKS = (
    "Published results worked again: the inputs of papers on falls, stroke, dementia, blood pressure and prices were "
    "put into the same functions, and what came out was held against what the papers print. Not every paper gives "
    "enough to do so; those are listed as not reproduced.",
    "People one by one: a second model shares none of the formulas. It makes people, gives them illnesses and "
    "services, and counts. It agrees with the sums within chance and small known differences.",
    "Laws: for thousands of small made-up counties, tests check what must hold, such as that more money "
    "never averts less.",
    "A second solver can be asked to solve the final programme, and must find the same.",
)


def method(book: Book) -> Page:
    """Numbered steps, each in words and then as code states it."""
    lead = "This page says how an answer comes about, step by step, with the formulas."
    start = (
        f"The words come first in each step; the formulas after them are for those who want to check. What the sums "
        f"leave out is on {md.link('the page about limits', 'limits')}, and words are explained in "
        f"{md.link('the glossary', 'glossary')}. Letters: g place, a age band, r what people have, e event, i service, "
        "k package, y or t year."
    )
    parts = [start]
    for number, (title, words, functions) in enumerate(STEPS, 1):
        parts += [md.heading(f"{number}. {title}"), *words, *map(_formula, functions)]
    after = len(STEPS) + 1
    parts += [
        md.heading(f"{after}. How sure the answer is"),
        "Every figure that bears on the answer is moved to both ends of its range, and the answer is worked out again. "
        "The moves are put together as if they were independent. The pages of each county show the result.",
        md.heading(f"{after + 1}. What it was checked against"),
        md.items(CHECKS),
        md.heading(f"{after + 2}. What is assumed"),
        _assumed(book),
    ]
    words = "method formulas model optimal linear programme proof validation"
    return Page("method", "Method", lead, parts, nav="Method", group="About", keywords=words)


def _formula(stated: Stated) -> str:
    """A function's dotted name, and what it says of itself."""
    name = stated.__name__ if isinstance(stated, ModuleType) else f"{stated.__module__}.{stated.__name__}"
    return f"`{name}`\n\n````\n{inspect.getdoc(stated) or ''}\n````"


def _assumed(book: Book) -> str:
    pages = [
        md.link(
            f"Assumptions of {county.name}" if not book.alone else "Assumptions of the plan", county.page("assumptions")
        )
        for county in book.counties
    ]
    lines = [
        "Groups keep their rates of illness as the years go by.",
        "Those who take part live as long as those who do not.",
        "Services cost the same for the first person as for the last, unless a plan says otherwise.",
        f"Each page under {md.link('all services', 'evidence')} marks figures that are assumptions.",
        *(f"{page}: figures the plan itself takes for granted." for page in pages),
    ]
    return md.items(lines)
