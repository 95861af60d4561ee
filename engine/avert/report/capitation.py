"""The year-of-care budget of a group, in words."""

from __future__ import annotations

from collections.abc import Iterator

from avert.appraisal.capitation import LARGEST, Capitation, by_partner
from avert.report.answer import Section


def capitation_in_words(
    found: Capitation, group: str, prices: str, *, probability: float, margin: float, variation: float
) -> Iterator[Section]:
    """Sections of (heading, lines) about the budget of a group."""
    lines = [
        f"{found.people:,.0f} people are of the group '{group}'. On average a year of the events counted costs "
        f"£{found.cost_per_person:,.0f} a person, at reference cost in {prices} prices, given today's services.",
        f"With a margin of {margin:.1%}: £{found.cost_per_person * (1 + margin):,.0f} a person, "
        f"£{found.people * found.cost_per_person * (1 + margin):,.0f} for all of them.",
    ]
    lines += [f"{partner}: £{cost:,.0f} a person" for partner, cost in by_partner(found.events) if cost > 0]
    yield "The budget", lines
    yield (
        "What it is made of",
        [
            f"{row.label}: {row.events_per_1000:,.1f} per 1,000 people a year at £{row.cost_per_event:,.0f}, "
            f"£{row.cost_per_person:,.0f} a person"
            for row in found.events.itertuples()
            if row.events_per_1000 > 0
        ],
    )
    yield "How large the group must be", _sizes(found, probability)
    yield "What to doubt", list(_doubts(variation))


def _sizes(found: Capitation, probability: float) -> list[str]:
    said = f"For the budget to hold in {probability:.1%} of years "
    if found.smallest is None:
        lines = [f"{said}even {LARGEST:,} people would be too few."]
    else:
        lines = [f"{said}the group must be at least {found.smallest:,} people (by the normal distribution "
                 f"{found.smallest_normal:,})."]  # fmt: skip
    lines += [
        f"For the {found.people:,.0f} there are it holds in {found.probability_of_group:.1%} of years.",
        f"One person's cost has a standard deviation of £{found.standard_deviation:,.0f}.",
        f"{'people':>12}{'budget':>18}{'holds in':>12}{'(normal)':>12}",
    ]
    for row in found.sizes.itertuples():
        budget = f"£{row.budget:,.0f}"
        lines.append(f"{row.people:>12,}{budget:>18}{row.probability:>12.1%}{row.probability_normal:>12.1%}")
    if not found.sizes["probability"].is_monotonic_increasing:
        lines.append(
            "That a smaller group's budget can hold more often than a larger one's is no mistake: the sum of a few "
            "rare and dear events is lopsided. Most small groups are spared them; one that is not is far over."
        )
    return lines


def _doubts(variation: float) -> Iterator[str]:
    yield (
        "Only the plan's events are in it: no fees of those who live in a care home already, no general practice, "
        "community, planned or mental health care, no drugs; and none of the services a plan buys."
    )
    yield (
        "Chance alone is counted, so groups must be larger than this says: some people are frailer than their group "
        "and stay so, events come together (influenza, heat), rates are known only within limits, and a bad year is "
        "bad for everybody."
    )
    yield (
        f"Costs of one event vary by {variation:.0%} of their mean (coefficient of variation)."
        if variation
        else "Every event is taken to cost its mean; --cost-variation says by how much it varies."
    )
    yield "Those who die in the year count for all of it; those who join or leave the group in it are not counted."
