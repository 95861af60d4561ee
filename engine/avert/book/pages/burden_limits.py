"""What linked records saw of the burden, and what the page on it can't show."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.county import County
from avert.results.words import age_in_words

KINDS = {"conditions": "Conditions", "age_band": "Age"}


def observed(county: County, top: pd.DataFrame) -> list[str]:
    """What happened to linked people in a year, beside what is expected; nothing without their records."""
    table = county.table("burden_observed")
    if table.empty:
        return []
    return [md.heading("What happened in linked records"), *_top(county, top), _groups(table), *_explained(county)]


def _top(county: County, top: pd.DataFrame) -> list[str]:
    """What the people at the top had in the year, beside what is expected by risk."""
    table = county.table("concentration").set_index(["ordered_by", "share_of_people"])
    rows = [
        [
            f"{share:.0%}",
            _said(table.loc[("admissions", share), "observed_share_of_admissions"]),
            md.text(wording.percent(top.loc[share, "share_of_admissions"])),
            _said(table.loc[("hospital_cost", share), "observed_share_of_cost"]),
        ]
        for share in top.index
        if share < 1
    ]
    head = ["Share of people", "Had, of all admissions", "Expected by risk", "Had, of all cost"]
    shown = [row for row in rows if row[1] or row[3]]
    if not shown:
        return []
    return [
        "People are in order of what they had in the year: of their admissions in the second column, of their cost in "
        "the last.",
        md.table(head, shown, right=(1, 2, 3)),
    ]


def _said(share: float) -> str:
    return md.text(wording.percent(share)) if share == share else ""


def _groups(table: pd.DataFrame) -> str:
    rows = []
    for row in table[table["by"].isin(KINDS)].to_dict("records"):
        name = age_in_words(row["group"]) if row["by"] == "age_band" else row["group"]
        admissions, cost = row["admissions"] / row["people"], row["cost"] / row["people"]
        rows.append(
            [
                KINDS[row["by"]],
                md.text(name),
                wording.count(row["people"]),
                wording.count(1000 * admissions) if admissions == admissions else "",
                wording.pounds(cost) if cost == cost else "",
            ]
        )
    return md.table(["By", "Group", "People", "Admissions per 1,000", "Cost each"], rows, right=(2, 3, 4))


def _explained(county: County) -> list[str]:
    share = county.table("burden_explained").set_index("grouped_by")["observed_explains_of_cost"]
    age, conditions = float(share["age_band"]), float(share["conditions"])
    if age != age or conditions != conditions:
        return []
    return [
        f"In these records number of conditions explains {md.text(wording.percent(conditions))} of the differences in "
        f"cost between people, and age {md.text(wording.percent(age))}."
    ]


def can_not_show(county: County) -> str:
    """What stands behind the page, and what does not."""
    area = county.plan.area
    pairs = county.table("burden_pairs")
    lines = ["Conditions that the plan does not tell apart, such as heart failure or cancer, count for nothing here."]
    if area.strata:
        lines.append("The groups were given outright with the area.")
    elif area.profiles:
        lines.append("Who has which conditions together comes from linked records of the area.")
    else:
        given = int((pairs["known_from"] == "odds ratio").sum())
        lines.append(
            "Who has which conditions together was inferred: from England's or the area's shares at each age, odds "
            f"ratios for {wording.how_many(given)} of {wording.how_many(len(pairs))} pairs, nothing for the others. "
            "Where conditions really cluster, more of the burden lies on fewer people than shown."
        )
    local = sorted({event for _, event in area.rates} & set(county.table("outcomes")["event"]))
    labels = [county.library.nodes[event].label for event in local]
    said = wording.listed([f"{label[:1].lower()}{label[1:]}" for label in labels])
    lines.append(
        f"Local rates are known for {said}. All other rates are England's at each age."
        if local
        else "No local rates are known: places differ here by age alone."
    )
    lines.append("Cost is that of emergency admissions. Most of what care costs is not in it.")
    return md.items(md.text(line) for line in lines)
