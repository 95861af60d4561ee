"""Why no plan that keeps every line spends as little as a proposal, in words about the proposal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from avert.errors import NoFeasiblePlan, Repair
from avert.plan import PlanInFull, first_year_beyond
from avert.programme.repairs import NONE_ENOUGH


def minima_above_spend(plan: PlanInFull, what: str, spend: Mapping[str, float]) -> str:
    """That the minima of the plan ask for more than the proposal spends in some year; empty if they do not.

    `plan` is that of the optimum at the same spend, and `spend` what the proposal costs by year [£].
    """
    found = first_year_beyond(plan)
    if found is None or found.there < spend[found.year]:
        return ""
    lines = " and ".join(f"line {line}" for line in found.lines)
    minima = "the minimum of" if len(found.lines) == 1 else "the minima of"
    asks = "asks" if len(found.lines) == 1 else "ask"
    return (
        f"{_first_up(what)} spends only £{spend[found.year]:,.0f} in {found.year}, less than the £{found.least:,.0f} "
        f"that {minima} {lines} of {plan.document.file} {asks} for."
    )


def why_no_optimum(error: NoFeasiblePlan, what: str, spend: Mapping[str, float]) -> str:
    """The refusal of the optimum, in which the cap at a year's spend is told as what the proposal spends.

    `spend` are the years whose cap is the proposal's own.
    """
    said = str(error)
    for repair, year in _of_own_spend(error, spend):
        amount = f"what {what} spends in {year} (£{spend[year]:,.0f})"
        if repair.enough and isinstance(repair.new, float | int):
            said = said.replace(f"{repair}.", f"{_first_up(what)} would have to spend £{repair.new:,.0f} in {year}.")
        else:
            said = said.replace(f"{repair}.", f"It was not shown that more money than {amount} is enough.")
            said = said.replace(NONE_ENOUGH.format(subject=f"spend_at_most in {year}", where=repair.where), amount)
    return said


def _of_own_spend(error: NoFeasiblePlan, spend: Mapping[str, float]) -> Iterator[tuple[Repair, str]]:
    """Repairs of the caps that no author wrote, each with its year."""
    for repair in error.repairs:
        for year in spend:
            if f"spend_at_most in {year} " in repair.words:
                yield repair, year


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]
