"""Where the burden lies, and what comes together: the two tables of the page on who carries it."""

from __future__ import annotations

from avert.book import markdown as md
from avert.book import wording
from avert.book.county import County

MOST_PAIRS = 8
MOST_PLACES = 30
HIGH_RISK = 0.02


def label_of(county: County, factor: str) -> str:
    """A factor in words, for the middle of a sentence."""
    label = county.library.nodes[factor].label
    return f"{label[:1].lower()}{label[1:]}"


def places(county: County) -> list[str]:
    """Each place beside what its people's ages and conditions alone lead to; nothing for one place."""
    table = county.table("burden_by_place")
    if len(table) < 2:
        return []
    ordered = table.sort_values(["ratio", "place"], ascending=[False, True], kind="stable")
    shown = table if len(table) <= MOST_PLACES else ordered.iloc[:MOST_PLACES]
    rows = [
        [
            md.text(row.label),
            wording.count(row.admissions_per_1000),
            f"{row.ratio:.2f}" if row.ratio == row.ratio else "",
            md.text(wording.percent(row.share_of_people)),
            md.text(wording.percent(row.share_of_high_risk_people)),
        ]
        for row in shown.itertuples()
    ]
    head = [
        "Place",
        "Admissions per 1,000",
        "Against its ages and conditions",
        "Share of residents",
        "Share of high-risk people",
    ]
    return [
        md.heading("By place"),
        "The third column is 1 where a place has the admissions that its people's ages and conditions alone lead to, "
        f"and above 1 where it has more. High-risk people are the {HIGH_RISK:.0%} of residents whose age "
        "and conditions bring most admissions.",
        md.table(head, rows, right=range(1, 5)),
        ""
        if len(shown) == len(table)
        else f"These are the {MOST_PLACES} with most for their people; the other {len(table) - MOST_PLACES} are in the "
        f"{md.link('data', 'data')}.",
    ]


def pairs(county: County) -> list[str]:
    """Factors that come together more often than at random."""
    table = county.table("burden_pairs")
    table = table[(table["ratio_at_each_age"] > 1.005) & (table["people_with_both"] >= 1)]
    if table.empty:
        return []
    table = table.sort_values(["ratio_at_each_age", "one", "other"], ascending=[False, True, True], kind="stable")
    rows = [
        [
            md.text(wording.first_up(f"{label_of(county, row.one)} and {label_of(county, row.other)}")),
            wording.count(row.people_with_both),
            f"{row.ratio:.1f}",
            f"{row.ratio_at_each_age:.1f}",
            md.text(row.known_from),
        ]
        for row in table.iloc[:MOST_PAIRS].itertuples()
    ]
    head = ["Two that come together", "People with both", "Times chance", "Times chance at each age", "Known from"]
    return [
        md.heading("What comes together"),
        "How many people have both, over how many would if the two had nothing to do with each other: among all "
        "people, and among people of one age band, so that age alone makes no pair. “Nothing stated” means that the "
        "two are tied only through a third.",
        md.table(head, rows, right=(1, 2, 3)),
    ]
