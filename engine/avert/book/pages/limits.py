"""What the sums leave out, and which way each omission pushes the answer."""

from __future__ import annotations

from collections.abc import Sequence

from avert.book import markdown as md
from avert.book.book import Book
from avert.book.page import Page

HIGH, LOW, EITHER = "Too high", "Too low", "Either way"
LIMITS: Sequence[tuple[str, str, str]] = (
    (
        "Benefit",
        HIGH,
        "Those who take part are taken to live no longer than others. Longer lives bring more illness and cost.",
    ),
    (
        "Benefit",
        HIGH,
        "Looking for illness finds more of it to treat. That is counted only where a study says how much.",
    ),
    (
        "Benefit",
        "A little too high",
        "Services offered to different people of one group all meet the same mixture of today's services.",
    ),
    (
        "Benefit",
        HIGH,
        "Nobody runs out of a first illness: those still free of it are taken to be as many as at the start.",
    ),
    ("Benefit", HIGH, "Those who die in a year count for all of it."),
    ("Benefit", "A little too low", "Parts of a package start together, even over several years."),
    (
        "Benefit",
        LOW,
        "What happens after the last year is left out, unless the plan counts it. Slow and lasting services lose most.",
    ),
    ("Benefit", LOW, "Services for a whole place start once each. People who move in later are not covered."),
    ("Benefit", EITHER, "Rates of illness stay as they are. Some local rates are old."),
    (
        "Benefit",
        EITHER,
        "People do not move from one age band to the next as the years go by, other than by the numbers in each.",
    ),
    ("Benefit", EITHER, "Two ways from one cause to one event, and two causes of one event, are treated as unrelated."),
    ("Benefit", EITHER, "A group's mean stands for each of its people."),
    (
        "Savings",
        HIGH,
        "A freed bed is soon used by somebody else. Savings in cash are 0 unless the plan states a share.",
    ),
    ("Value", LOW, "People who pay for their own care, unpaid carers and quality of life are left out."),
    (
        "Cost",
        EITHER,
        "Each participant costs the same. Learning and overheads are left out; setting up is counted only "
        "where a plan says.",
    ),
    ("Evidence", EITHER, "Many figures are assumptions. Their pages say so, and the likely range takes them in."),
    (
        "Evidence",
        HIGH,
        "Studies that find an effect are published more often than others. Shrunk estimates mend a part of that.",
    ),
    (
        "A plan of one's own",
        EITHER,
        "A plan that was only counted, and not optimised, is not checked against money, limits and fences.",
    ),
)
"""What it bears on, which way it errs, and why."""


def limits(book: Book) -> Page:
    """Every limit with the sign of its error."""
    lead = "No sum tells the whole truth. Here is what these leave out, and which way that pushes the answer."
    rows = [(f"**{way}**", what, md.text(why)) for what, way, why in sorted(LIMITS, key=_order)]
    parts = [
        "“Too high” means that the truth is likely smaller than what we say. “Too low” means that it is likely larger.",
        md.table(("What we say is", "About", "Why"), rows),
        md.heading("What the likely range covers"),
        "The likely range of each county moves the figures themselves. It does not cover what is left out: the limits "
        f"on this page come on top. {md.link('The method page', 'method')} says how the range is made.",
        md.heading("What the plan cannot know"),
        md.items(
            [
                "Whether staff can be found and trained in time, beyond the hours a plan states.",
                "Whether a service is run as well here as where it was studied.",
                "What people want. A plan says what averts most; it does not say what is fair or kind.",
            ]
        ),
    ]
    words = "limits limitations caveats left out bias weaknesses"
    return Page("limits", "Limits", lead, parts, nav="Limits", group="About", keywords=words)


def _order(limit: tuple[str, str, str]) -> int:
    return (HIGH, "A little too high", LOW, "A little too low", EITHER).index(limit[1])
