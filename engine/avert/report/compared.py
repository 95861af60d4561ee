"""Two plans side by side, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from avert.plan import Difference, PlanInFull, services_to_choose
from avert.plan.difference_words import pounds
from avert.report.answer import Section
from avert.report.proposal import rests_in_words
from avert.results import Result
from avert.results.compared import partners_compared, services_compared

MOST_LINES = 30
"""Differences printed under one heading unless all are asked for."""
MOST_SERVICES = 12
"""Services bought under both plans that are printed unless all are asked for."""
FEWEST = 1
"""Participants over the years below which a service counts as not bought."""
HEADINGS = {"the area": "The area", "county": "The counties", "the evidence": "The evidence"}


def number_in_words(value: float) -> str:
    """A count with as many figures as it deserves."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{round(value, 1) + 0.0:,.1f}"


def differences_in_words(
    a: PlanInFull, b: PlanInFull, found: Iterable[Difference], *, whole: bool = False
) -> Iterator[Section]:
    """Sections of (heading, lines): what the plans, their areas and their evidence differ in."""
    found = list(found)
    yield "Compared", [f"A is {a.path}", f"B is {b.path}"]
    if not found:
        yield "No difference", ["The two plans say the same, however they are written."]
        return
    of = {"The plans": [one for one in found if str(one.path[0]) not in HEADINGS and one.answers]}
    of |= {heading: [one for one in found if one.path[0] == key and one.answers] for key, heading in HEADINGS.items()}
    of["In words only"] = [one for one in found if not one.answers]
    for heading, ones in of.items():
        shown = ones if whole else ones[:MOST_LINES]
        lines = [f"{one.in_words}  [{_places(one)}]" for one in shown]
        more = [f"and {len(ones) - len(shown)} more; --all prints them"] if len(ones) > len(shown) else []
        yield heading, lines + more
    yield "Services to choose from", _choice(a, b)


def _places(one: Difference) -> str:
    return one.where_a if one.where_a == one.where_b else f"A {one.where_a}, B {one.where_b}"


def _choice(a: PlanInFull, b: PlanInFull) -> list[str]:
    only_a, only_b = services_to_choose(a, b)
    if not only_a and not only_b:
        return [f"The same {len(a.candidates)} in both."]
    said = [f"{len(a.candidates)} in A, {len(b.candidates)} in B."]
    said += [f"Only in A: {', '.join(only_a)}"] if only_a else []
    return said + ([f"Only in B: {', '.join(only_b)}"] if only_b else [])


def answers_compared(a: Result, b: Result, *, whole: bool = False) -> Iterator[Section]:
    """Sections of (heading, lines): what two plans' best answers avert, cost and buy, and who pays.

    `whole` prints every service bought under both.
    """
    yield (
        "What the differences do to the answer",
        [*_totals(a, b), *_by_head(a, b), *_rests(a, b), *_certificates(a, b)],
    )
    services = services_compared(a, b)
    bought = {mark: services[f"participants_{mark}"] >= FEWEST for mark in "ab"}
    yield "Bought only under A", _names(services[bought["a"] & ~bought["b"]])
    yield "Bought only under B", _names(services[bought["b"] & ~bought["a"]])
    moved = services[bought["a"] & bought["b"] & ((services["spend_b"] - services["spend_a"]).abs() >= 1)]
    shown = moved if whole else moved.head(MOST_SERVICES)
    more = [f"and {len(moved) - len(shown)} more; --all prints them"] if len(moved) > len(shown) else []
    yield "Bought under both, most changed first", [*(_service(row._asdict()) for row in shown.itertuples()), *more]
    yield "Who pays, who gains", [_partner(row._asdict()) for row in partners_compared(a, b).itertuples()]


def _totals(a: Result, b: Result) -> list[str]:
    rows = (
        ("emergency admissions averted", a.admissions_averted, b.admissions_averted),
        ("days in hospital averted", a.bed_days_averted, b.bed_days_averted),
        ("long-term care entries averted", a.long_term_care_entries_averted, b.long_term_care_entries_averted),
    )
    lines = [f"{what}: {_moved(was, now)}" for what, was, now in rows]
    return [*lines, f"spent: {_money_moved(a.spend, b.spend)}"]


def _by_head(a: Result, b: Result) -> list[str]:
    """For two counties, by 1,000 people: totals of unlike populations say little."""
    plans = [one.appraisal.county.plan for one in (a, b)]
    if plans[0].record.area == plans[1].record.area:
        return []
    each = [sum(plan.area.people.values()) / 1000 for plan in plans]
    averted = [one.admissions_averted / people for one, people in zip((a, b), each, strict=True)]
    spent = [one.spend / people for one, people in zip((a, b), each, strict=True)]
    return [
        f"by 1,000 people: {averted[1]:.2f} admissions averted instead of {averted[0]:.2f}, "
        f"for £{spent[1]:,.0f} instead of £{spent[0]:,.0f}"
    ]


def _rests(a: Result, b: Result) -> list[str]:
    """What either answer rests on, counted as a run counts it: each service by what it averts alone."""
    column = "admissions_averted_alone"
    return [
        line
        for name, one in (("the plan of A", a), ("the plan of B", b))
        for line in rests_in_words(one.interventions, name, column)
    ]


def _certificates(a: Result, b: Result) -> list[str]:
    gaps = [one.appraisal.optimum.gap for one in (a, b) if one.appraisal.optimum]
    return [f"Both are certified optima of their plans: gap {gaps[0]:.1e} and {gaps[1]:.1e}."]


def _moved(was: float, now: float) -> str:
    if number_in_words(was) == number_in_words(now):
        return f"{number_in_words(now)} in both"
    by = f"{'+' if now >= was else '−'}{number_in_words(abs(now - was))}"
    return f"{number_in_words(now)} instead of {number_in_words(was)} ({by})"


def _money_moved(was: float, now: float) -> str:
    if round(was) == round(now):
        return f"£{now:,.0f} in both"
    by = f"{'+' if now >= was else '−'}£{abs(now - was):,.0f}"
    return f"£{now:,.0f} instead of £{was:,.0f} ({by})"


def _names(rows: pd.DataFrame) -> list[str]:
    return [
        f"{row['label']}: {number_in_words(row['participants_a'] + row['participants_b'])} take part, "
        f"£{row['spend_a'] + row['spend_b']:,.0f}"
        for _, row in rows.iterrows()
    ]


def _service(row: dict[str, float | str]) -> str:
    people = _moved(float(row["participants_a"]), float(row["participants_b"]))
    return f"{row['label']}: {people} take part; {_money_moved(float(row['spend_a']), float(row['spend_b']))}"


def _partner(row: dict[str, float | str]) -> str:
    was, now = float(row["paid_a"]), float(row["paid_b"])
    days = _moved(float(row["bed_days_averted_a"]), float(row["bed_days_averted_b"]))
    puts = [pounds(round(float(row[f"contribution_{mark}"]))) for mark in "ab"]
    put = f"puts in {puts[1]} instead of {puts[0]}" if puts[0] != puts[1] else f"puts in {puts[0]} in both"
    return f"{row['partner']}: {put}; pays {_money_moved(was, now)}; gains {days} bed days"


def steps_in_words(a: Result, b: Result, table: pd.DataFrame, left_out: int) -> Iterator[Section]:
    """Which difference does how much: each alone, and what is left for the others and for their interplay."""
    lines = []
    for row in table.itertuples():
        if row.why_not:
            lines.append(f"{row.in_words}: can't be taken over alone: {row.why_not}")
        else:
            lines.append(
                f"{row.in_words}: {_signed(row.more_than_a)} admissions, £{row.spend - a.spend:+,.0f} spent "
                f"(certified, gap {row.gap:.1e})".replace("£+", "+£").replace("£-", "−£")
            )
    rest = b.admissions_averted - a.admissions_averted - float(table["more_than_a"].sum())
    others = f"the other {left_out} changes, and " if left_out else ""
    lines.append(f"{others}what they do to one another: {_signed(rest)} admissions")
    yield "One by one: A with a single change from B", lines


def _signed(value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{number_in_words(abs(value))}"
