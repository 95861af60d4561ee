"""What one more unit of each line would be worth, in words and in the units of its author."""

from __future__ import annotations

import pandas as pd

from avert.appraisal import Appraisal
from avert.plan.deprivation import FIFTHS
from avert.programme import MONEY_UNIT
from avert.results.columns import COLUMNS
from avert.results.words import group_in_words

SMALLEST = 1e-9
_MONEY = {"within_contribution", "within_spend", "ring_fence"}
_SHOWN = {
    "within_contribution",
    "within_spend",
    "ring_fence",
    "within_reach",
    "within_capacity",
    "within_workforce",
    "keep_services",
    "ramp_up",
    "at_most_per",
    "place_floor",
    "equal_access",
    "minimum",
}


def marginal_values(appraisal: Appraisal) -> pd.DataFrame:
    """Lines of the plan that bind, with the gain of the objective for one more unit of the limit.

    value = − price of the line (the programme is a minimisation); per £1,000 for lines of money, per
    person or hour otherwise.  right slope ≤ value ≤ left slope, and both equal it within the range.
    """
    optimum = appraisal.optimum
    assert optimum is not None  # only an optimum has prices
    rows = []
    for name, price in optimum.price.items():
        if abs(price) <= SMALLEST:
            continue
        family, *labels = name.split("__")
        if family not in _SHOWN:
            continue
        money = (
            family in _MONEY
            or (family == "minimum" and "spend" in _minimum_kind(appraisal, labels))
            or family == "place_floor"
        )
        unit, scale = ("£1,000", MONEY_UNIT / 1000) if money else (_unit(family), 1.0)
        low, high = optimum.holds.get(name, (float("nan"), float("nan")))
        pounds = MONEY_UNIT if money else 1.0
        rows.append(
            (
                name,
                in_words(appraisal, family, labels) + _at_most(appraisal, family, labels),
                unit,
                -price / scale,
                optimum.limit.get(name, 0.0) * pounds,
                low * pounds,
                high * pounds,
            )
        )
    table = pd.DataFrame(rows, columns=list(COLUMNS["marginal_values"]))
    return table.sort_values(["line"], kind="stable")


def _at_most(appraisal: Appraisal, family: str, labels: list[str]) -> str:
    """A fence round a service nobody takes has no settled value, only one that is surely not too small."""
    if family != "ring_fence":
        return ""
    assert appraisal.optimum is not None  # only an optimum has prices
    _, service, year = labels
    spent = sum(
        appraisal.optimum.values.get(f"spend__{service}__{place.id}__{year}", 0.0)
        for place in appraisal.county.plan.area.places
    )
    return "" if spent > 1e-9 else " (at most: nobody takes it now)"


def _minimum_kind(appraisal: Appraisal, labels: list[str]) -> str:
    wanted = appraisal.county.plan.record.fairness.minimum[int(labels[0])]
    return "spend" if wanted.spend is not None else "admissions"


def _unit(family: str) -> str:
    return {"within_workforce": "hour", "within_reach": "person offered", "minimum": "admission averted"}.get(
        family, "participant"
    )


def in_words(appraisal: Appraisal, family: str, labels: list[str]) -> str:
    """A line as its author would say it."""
    county = appraisal.county
    year = county.years[int(labels[-1])]
    label = {one.id: one.label for one in county.family.interventions}
    place = {one.id: one.label for one in county.plan.area.places}
    if family == "within_contribution":
        return f"money of {labels[0]} in {year}"
    if family == "within_spend":
        return f"what all partners together may spend in {year}"
    if family == "ring_fence":
        return f"{labels[0]} may not pay for {label[labels[1]]} in {year}"
    if family == "within_reach":
        return f"people not yet reached by {label[labels[0]]}, {_block_in_words(appraisal, int(labels[1]))}, {year}"
    if family == "within_capacity":
        return f"places of {label[labels[0]]} in {place[labels[1]]}, {year}"
    if family == "within_workforce":
        return f"hours of {labels[0].replace('_', ' ')} in {year}"
    if family == "keep_services":
        return f"keeping {label.get(labels[0], labels[0])} in {year}"
    if family == "ramp_up":
        return f"growth of {label[labels[0]]} in {year}"
    if family == "at_most_per":
        return f"{label[labels[0]]}, limited by {label.get(labels[1], labels[1])}, in {year}"
    if family == "place_floor":
        return f"least spend in {place[labels[0]]}, {year}"
    if family == "equal_access":
        where = place[labels[1]] if labels[1] in place else f"the {FIFTHS[labels[1]]}"
        return f"equal access to {label[labels[0]]} in {where}, {year}"
    return f"minimum number {int(labels[0]) + 1} of the plan, {year}"


def _block_in_words(appraisal: Appraisal, block: int) -> str:
    """Group and place (or all places) of a block."""
    assert appraisal.optimum is not None  # blocks belong to an optimum
    menu, county = appraisal.optimum.sets.menu, appraisal.county
    region, group = divmod(block, len(county.groups))
    inside = [place.label for n, place in enumerate(county.plan.area.places) if menu.place_share[region, n].any()]
    where = "everywhere" if len(inside) > 1 else "".join(inside)
    return f"{group_in_words(county.groups, group)}, {where}"
