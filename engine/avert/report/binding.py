"""Which lines of the plan bind, and what one more unit of each would be worth."""

from __future__ import annotations

import pandas as pd

from avert.packages import County
from avert.results import Result


def binding(result: Result) -> list[str]:
    """The money lines, partner by partner, then the other lines that bind, most valuable first."""
    table = result.marginal_values
    unit = objective_in_words(result.appraisal.county)
    money = table[table["line"].str.startswith("within_contribution")]
    partner = money["line"].str.split("__").str[1]
    lines = [_of_partner(str(name), rows, unit) for name, rows in money.groupby(partner)]
    paid = result.partners.groupby("partner")["paid"].sum()
    for name in sorted(set(result.appraisal.county.plan.partners) - set(partner)):
        why = "what it may pay for is already bought" if paid[name] > 0 else "nothing it may pay for is worth its cost"
        lines.append(f"More money from {name} would buy nothing: {why}.")
    reach = table["line"].str.startswith("within_reach")
    others = table[~reach & ~table["line"].str.startswith(("within_contribution", "ring_fence"))]
    lines += [
        f"{row.in_words}: one more {row.unit} is worth {row.value:.4f} {unit}"
        for row in others.sort_values("value", ascending=False, kind="stable").head(8).itertuples()
    ]
    lines += _of_reach(result, table[reach], unit)
    fences = table[table["line"].str.startswith("ring_fence") & ~table["in_words"].str.contains("at most")]
    if len(fences):
        top = fences.sort_values("value", ascending=False, kind="stable").iloc[0]
        rules = len(set(fences["line"].str.rsplit("__", n=1).str[0]))  # a partner and a service, whatever the year
        said = "pair of a partner and a service costs" if rules == 1 else "pairs of a partner and a service cost"
        lines.append(
            f"May not pay: {rules} {said} something; "
            f"the dearest: {top['in_words']} (first £1,000 across it: {top['value']:.3f} {unit})"
        )
    return lines


def _of_partner(partner: str, rows: pd.DataFrame, unit: str) -> str:
    """What more money of one partner would buy: one year's worth, or the least and the most over the years."""
    rows = rows.sort_values("value", kind="stable")
    low, high = rows.iloc[0], rows.iloc[-1]
    if len(rows) == 1:
        return f"£1,000 more in the {low['in_words']} would buy {low['value']:.3f} {unit}{_range(low)}"
    return (
        f"£1,000 more in the money of {partner} would buy {low['value']:.3f} {unit} in {low['in_words'].split()[-1]}"
        f"{_range(low)}, and {high['value']:.3f} in {high['in_words'].split()[-1]}{_range(high)}"
    )


def _of_reach(result: Result, rows: pd.DataFrame, unit: str) -> list[str]:
    """One line for each service that some groups have had already; the table lists the groups."""
    label = {one.id: one.label for one in result.appraisal.county.family.interventions}
    service = rows["line"].str.split("__").str[1]
    return [
        f"people not yet reached by {label[str(name)]}: one more person to offer it to is worth up to "
        f"{mine['value'].max():.4f} {unit} (groups and years: {len(mine)})"
        for name, mine in rows.groupby(service)
    ]


def _range(row: pd.Series) -> str:
    low, high = row["holds_from"], row["holds_to"]
    return f" (the same from £{low:,.0f} to £{high:,.0f})" if low == low and abs(high) < 1e12 and low >= 0 else ""


def objective_in_words(county: County) -> str:
    weights = county.plan.record.weights
    return (
        next(iter(weights)).replace("_", " ") + " averted"
        if len(weights) == 1 and not county.plan.record.weight_of_a_pound
        else "of the objective"
    )
