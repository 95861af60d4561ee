"""What a plan takes for granted: its own choices, what it leaves open, and figures nobody saw in a source."""

from __future__ import annotations

from collections import Counter

from avert.book import markdown as md
from avert.book import wording
from avert.book.county import County, evidence_page
from avert.book.page import Page
from avert.library import figures_in
from avert.plan import assumptions as taken_for_granted


def assumptions(county: County) -> Page:
    """The plan's assumptions; those of a service stand on the service's own page."""
    services = {one.id for one in county.plan.candidates}
    found = taken_for_granted(county.plan)
    own = [one for one in found if one.what.split(" / ")[0] not in services]
    of_plan = [one for one in own if " / " not in one.what]
    of_figures = [one for one in own if " / " in one.what]
    return Page(
        county.page("assumptions"),
        "What this plan takes for granted",
        f"This plan rests on {len(found):,} assumptions. Each has a reason, and each can be changed.",
        [
            *_notes(county),
            md.heading("Choices of the plan"),
            md.table(
                ["What", "As it stands", "Why"],
                [[md.text(_said(a.what)), md.text(_short(_said(a.value))), md.text(a.why)] for a in of_plan],
            ),
            md.heading("Figures of the area and the pathways that nobody saw in a source"),
            "They were recalled or judged. The range is wide on purpose.",
            md.table(
                ["Figure", "Value (range)", "Why"],
                [
                    [md.text(_said(a.what.replace(" / ", ", "))), md.text(a.value), md.text(_short(a.why))]
                    for a in of_figures
                ],
            ),
            md.heading("Figures of services"),
            "These stand with each service, under “Every number”.",
            _of_services(county),
        ],
        nav="Assumptions",
        group=county.name,
        keywords="assumption illustrative recalled not seen",
    )


def _notes(county: County) -> list[str]:
    """What the authors of the plan and of its area wrote down."""
    notes = [*county.plan.record.notes, *county.plan.area.record.notes]
    return [md.heading("Notes of its authors"), md.items(md.text(note) for note in notes)] if notes else []


def _said(words: str) -> str:
    return words.replace("_", " ")


def _short(words: str, most: int = 160) -> str:
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + " …"


def _of_services(county: County) -> str:
    rows = []
    for one in county.plan.candidates:
        marks = Counter(placed.figure.verification for placed in figures_in(one))
        said = wording.percent(marks["recalled"] / max(marks.total(), 1))
        rows.append(
            [md.link(one.label, f"{evidence_page(one.id)}"), str(marks["recalled"]), str(marks.total()), md.text(said)]
        )
    return md.table(["Service", "Assumptions", "Figures in all", "Share"], rows, right=(1, 2, 3))
