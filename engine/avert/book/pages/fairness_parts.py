"""Parts of the page on fairness: by need, by deprivation, what the plan asks for and what that costs."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.county import County

ALL_RULES = "all of them"
LEANS = 0.005
"""Concentration index, above or below 0, from which money is said to lean to one side."""
HEAD = ("People", "Admissions expected a year", "Spend for each", "Beside the county", "Averted for every 100 of them")


def by_need(county: County) -> list[str]:
    """Each place by its own need."""
    rows = _of(county, "place").sort_values(["mean_decile", "label"], kind="stable", na_position="last")
    whole = _of(county, "all").iloc[0]
    return [
        "Need is the number of emergency admissions expected in a year if nothing changes, among the causes this plan "
        "counts. A place with twice the need would get twice the money if money followed need alone: then every place "
        "would stand at 100%. What is averted is that of all the plan's years together.",
        md.table(("Place", *HEAD), [_row(row) for _, row in [*rows.iterrows(), ("", whole)]], right=range(1, 6)),
    ]


def by_deprivation(county: County) -> list[str]:
    """Each deprivation fifth, and which way money leans; nothing where deprivation is not known."""
    fifths, index = _of(county, "deprivation fifth"), _of(county, "all").iloc[0]["spend_concentration_index"]
    if fifths.empty:
        return []
    places = [
        "one place" if row.places == 1 else f"{wording.how_many(int(row.places))} places" for row in fifths.itertuples()
    ]
    rows = [_row(row, f" ({said})") for (_, row), said in zip(fifths.iterrows(), places, strict=True)]
    return [
        md.heading("By deprivation"),
        "Fifths are those of all neighbourhoods in England. A place counts as a whole, by the mean of its "
        "neighbourhoods, so people of other fifths may live in it too.",
        md.table(("Deprivation", *HEAD), rows, right=range(1, 6)),
        *([_leaning(float(index))] if index == index else []),
    ]


def _leaning(index: float) -> str:
    side = (
        "the more deprived places"
        if index < -LEANS
        else "the less deprived places"
        if index > LEANS
        else "neither side"
    )
    return (
        f"For each head of need, money leans to {side}: the concentration index is {md.text(f'{index:+.3f}')}. It is "
        "0 where money follows need whatever the deprivation, below 0 where the more deprived get more for the same "
        "need, and never beyond 1 or −1 (Kakwani, Wagstaff and van Doorslaer 1997)."
    )


def asked(county: County) -> str:
    """The plan's rules of fairness in words."""
    stated = _stated(county)
    lines = [f"{md.text(wording.first_up(words))}." for words in stated[stated["rule"] != ALL_RULES]["in_words"]]
    return md.items(lines) if lines else "The plan asks for no least share for any place."


def costs(county: County) -> list[str]:
    """What each rule costs, and what the same offers everywhere would."""
    table = county.table("fairness_prices")
    if table.empty:
        return ["There are no rules to take out, and nothing to compare."]
    rows = [
        [
            md.text(wording.first_up(str(row.in_words)) + ("" if row.stated else " (not asked for)")),
            *([_no_plan()] * 3 if row.why_not else _with_and_without(row)),
        ]
        for row in table.itertuples()
    ]
    return [
        "Each rule was taken out of the plan and the best plan found again. What that averts more is what the rule "
        "costs. Rules can stand in for one another, so their costs do not add up. A rule that costs nothing changes "
        "nothing here: the best plan keeps to it anyway, or another rule sees to it.",
        md.table(("Rule", "Averted with it", "Averted without it", "Cost in admissions"), rows, right=(1, 2, 3)),
        *_how_to_read(county, table),
    ]


def _how_to_read(county: County, table: pd.DataFrame) -> list[str]:
    """What a figure that surprises may come from."""
    said = []
    if not table["stated"].all():
        said.append("A rule that is not asked for was added beside all that are; together they can leave little room.")
    if county.plan.record.weights != {"admissions": 1.0}:
        said.append(
            "The plan's goal is not admissions alone, so a rule may cost less than nothing in admissions: it takes "
            "more elsewhere."
        )
    return [" ".join(said)] if said else []


def _with_and_without(row: object) -> list[str]:
    kept, free, price, share = (
        float(getattr(row, name))
        for name in ("admissions_averted_with", "admissions_averted_without", "price", "price_share")
    )
    part = f" ({wording.percent(share)})" if share == share and abs(share) >= 0.0005 else ""
    return [md.text(wording.count(kept)), md.text(wording.count(free)), md.text(wording.count(price) + part)]


def _no_plan() -> str:
    return "no such plan"


def _row(row: pd.Series, more: str = "") -> list[str]:
    each, ratio = row["spend_per_expected_admission"], row["spend_per_need_ratio"]
    averted = 100 * row["admissions_averted_per_expected_admission"]
    cells = [
        wording.first_up(str(row["label"])) + more,
        wording.count(row["people"]),
        wording.count(row["expected_admissions"]),
        wording.pounds(each) if each == each else "–",
        wording.percent(ratio) if ratio == ratio else "–",
        f"{averted:,.1f}" if averted == averted else "–",
    ]
    return [md.text(cell) for cell in cells]


def _of(county: County, kind: str) -> pd.DataFrame:
    table = county.table("fairness_report")
    return table[table["kind"] == kind]


def _stated(county: County) -> pd.DataFrame:
    table = county.table("fairness_prices")
    return table[table["stated"].astype(bool)]
