"""Whether each county's plan buys a service, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.book import Book
from avert.book.county import County
from avert.book.pages.evidence_words import FUNDING
from avert.library.records import Intervention

RULES = 5
"""Rules shown; the rest are on the county's own pages."""


def considered_of(county: County, intervention: str) -> Mapping[str, Any] | None:
    """The row of a service in what a county's plan considered."""
    table = county.table("considered")
    found = table[table["intervention"] == intervention]
    return None if found.empty else {str(name): value for name, value in found.iloc[0].items()}


def bought_in(county: County) -> set[str]:
    """Ids of the services that a county's plan buys."""
    table = county.table("considered")
    return set(table.loc[table["in_plan"].astype(bool), "intervention"])


def in_plans(book: Book, one: Intervention) -> Iterator[str]:
    """For each county: in or out, why, and what it would do there."""
    for county in book.counties:
        if not book.alone:
            yield md.heading(county.name, 3)
        row = considered_of(county, one.id)
        if row is None:
            yield "This plan was worked out before the service was in the library."
            continue
        yield _why(county, row, one)
        yield md.items(_figures(county, row))
        if row["in_plan"]:
            yield _rules(county, one.id)


def _why(county: County, row: Mapping[str, Any], one: Intervention) -> str:
    plan, why = md.link(county.label, county.home), str(row["why"])
    if one.reason.rstrip(".") in why:
        why = f"The library keeps it from plans ({FUNDING[one.funding]}). The reason stands at the top of this page."
    why = md.text(wording.first_up(why))
    if row["in_plan"]:
        return f"**In.** {plan} buys it: {md.text(_bought(county, str(row['intervention'])))}."
    return f"**Out.** {plan} does not buy it. {why}"


def _bought(county: County, intervention: str) -> str:
    table = county.table("interventions")
    row = table[table["intervention"] == intervention].iloc[0]
    lost = wording.count(row["admissions_averted_in_plan"])
    return (
        f"{wording.money(row['spend'])} for {wording.count(row['participants'])} people in "
        f"{wording.years(county.years)}. Without it, the plan would avert {lost} fewer admissions"
    )


def _figures(county: County, row: Mapping[str, Any]) -> Iterator[str]:
    cost, people = row["cost_per_participant"], row["eligible_people"]
    each, most = row["admissions_averted_per_1000"], row["most_averted_per_1000"]
    if pd.notna(cost):
        yield f"It costs {wording.pounds(cost)} per participant in the first year, in the plan's prices."
    if pd.notna(people):
        yield f"{wording.count(people)} people in {md.text(county.name)} are eligible."
    if pd.notna(each):
        yield f"1,000 participants would avert {_small(each)} emergency admissions on average."
    if pd.notna(most):
        place = county.places.get(str(row["most_in_place"]), str(row["most_in_place"]))
        group = md.text(f"{row['most_in_group']}, in {place}")
        yield f"It would avert most in this group: {group}. There 1,000 participants would avert {_small(most)}."


def _small(value: float) -> str:
    return wording.count(value) if abs(value) >= 1 else wording.figure(wording.about(value))


def _rules(county: County, intervention: str) -> str:
    table = county.table("rules")
    found = table[table["intervention"] == intervention].sort_values("rank", kind="stable").head(RULES)
    if found.empty:
        return ""
    rows = [
        (md.text(rule), md.text(wording.count(people)), md.text(wording.percent(share)))
        for rule, people, share in found[["rule", "people_offered", "share_of_service"]].itertuples(index=False)
    ]
    shown = md.table(("Offer it to", "People offered", "Share of the service"), rows, right=(1, 2))
    return f"Whom the plan offers it to, largest groups first:\n\n{shown}"
