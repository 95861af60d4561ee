"""Two plans side by side as tables: what differs between them, and what that does to their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import pandas as pd

from avert.appraisal import optimal_appraisal
from avert.errors import NoFeasiblePlan, PlanError
from avert.plan import Difference, PlanInFull, taken_over
from avert.results.columns import BETWEEN_PLANS
from avert.results.result import Result, result_of
from avert.results.standing import NOT_SERVICES

Progress = Callable[[str], None]


def differences_table(found: Iterable[Difference]) -> pd.DataFrame:
    """A row for each difference, with the columns of BETWEEN_PLANS['differences']."""
    rows = [
        (" / ".join(map(str, one.path)), one.in_words, one.in_a, one.in_b, one.where_a, one.where_b, one.answers)
        for one in found
    ]
    return pd.DataFrame(rows, columns=list(BETWEEN_PLANS["differences"]))


def services_compared(a: Result, b: Result) -> pd.DataFrame:
    """Services that either plan buys, the one whose spend differs most first."""
    names = {"participants": "participants", "spend": "spend", "admissions_averted_in_plan": "admissions_averted"}
    sides = [
        one.interventions[~one.interventions["intervention"].isin(NOT_SERVICES)]
        .set_index(["intervention", "label"])[list(names)]
        .rename(columns={name: f"{said}_{mark}" for name, said in names.items()})
        for one, mark in ((a, "a"), (b, "b"))
    ]
    both = sides[0].join(sides[1], how="outer").fillna(0.0).reset_index()
    moved = (both["spend_b"] - both["spend_a"]).abs().round(2)
    order = both.assign(moved=-moved).sort_values(["moved", "intervention"], kind="stable").index
    return _tidy("services_compared", both.loc[order])


def partners_compared(a: Result, b: Result) -> pd.DataFrame:
    """What each partner puts in, pays and gains under either plan, over the years optimised."""
    names = ["contribution", "paid", "bed_days_averted"]
    sides = [
        one.partners.groupby("partner")[names].sum(min_count=1).add_suffix(f"_{mark}")
        for one, mark in ((a, "a"), (b, "b"))
    ]
    return _tidy("partners_compared", sides[0].join(sides[1], how="outer").fillna(0.0).reset_index())


@dataclass(frozen=True)
class Step:
    """Plan A with one change from B: its certified answer, or why it has none."""

    change: str
    in_words: str
    result: Result | None
    why_not: str = ""


def one_by_one(
    a: PlanInFull,
    b: PlanInFull,
    found: Iterable[Difference],
    most: int,
    *,
    years: int | None = None,
    progress: Progress = lambda _: None,
) -> Iterator[Step]:
    """The first `most` changes that could bear on the answer, each alone applied to A and optimised."""
    changes: dict[tuple[str | int, ...], list[str]] = {}
    for one in found:
        if one.answers:
            changes.setdefault(one.change, []).append(one.in_words)
    for change, words in list(changes.items())[:most]:
        name, said = " / ".join(map(str, change)), "; ".join(words[:3]) + ("; …" if len(words) > 3 else "")
        progress(f"A with {said}")
        try:
            plan = taken_over(a, b, [change])
            yield Step(name, said, result_of(optimal_appraisal(replace(plan, path=a.path), years=years)))
        except PlanError as error:
            yield Step(name, said, None, "; ".join(fault.message for fault in error.faults))
        except NoFeasiblePlan as error:
            yield Step(name, said, None, str(error))


def one_by_one_table(a: Result, steps: Iterable[Step]) -> pd.DataFrame:
    """A row for each step, with the columns of BETWEEN_PLANS['one_by_one']."""
    nothing = float("nan")
    rows = []
    for step in steps:
        one = step.result
        averted = one.admissions_averted if one else nothing
        gap = one.appraisal.optimum.gap if one and one.appraisal.optimum else nothing
        spend = one.spend if one else nothing
        rows.append((step.change, step.in_words, averted, averted - a.admissions_averted, spend, gap, step.why_not))
    return pd.DataFrame(rows, columns=list(BETWEEN_PLANS["one_by_one"]))


def _tidy(name: str, table: pd.DataFrame) -> pd.DataFrame:
    found = table.loc[:, list(BETWEEN_PLANS[name])].reset_index(drop=True)
    numbers = found.select_dtypes("float").columns
    found[numbers] = found[numbers].round(6) + 0.0
    return found
