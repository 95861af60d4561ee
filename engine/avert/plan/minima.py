"""Minima of spend held against all the money there is: a sum that needs no optimisation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from avert.errors import Fault
from avert.plan.deprivation import places_meant
from avert.plan.difference_words import pounds
from avert.plan.in_full import PlanInFull

ROUNDING = 1e-9
Minima = list[tuple[int, float]]
"""(number of the minimum, least spend in each year [£]), the largest first."""


@dataclass(frozen=True)
class Beyond:
    """A year in which minima of places apart ask for more money than there is."""

    year: str
    least: float
    """What they ask for together [£]."""
    there: float
    """The most that all partners can spend in it [£]."""
    lines: tuple[int, ...]
    """Where the plan states the minima, the largest first."""


def first_year_beyond(plan: PlanInFull) -> Beyond | None:
    """The first year whose money is less than minima of places apart ask for; none where there is enough in all.

    Σ over minima of places apart of least spend  >  money that year and carried over, within spend_at_most
    """
    asked = _apart(plan)
    least = sum(amount for _, amount in asked)
    lines = tuple(plan.document.line(("fairness", "minimum", number, "spend")) for number, _ in asked)
    found = (Beyond(year, least, there, lines) for year, there in _money_there(plan, least))
    return next((one for one in found if least > one.there * (1 + ROUNDING)), None)


def minima_beyond_the_money(plan: PlanInFull) -> tuple[Fault, ...]:
    """At the line of the largest of them: minima that ask for more than all partners can spend in some year.

    A plan with none of these may ask for too much all the same, by its fences, limits or targets: a run says so.
    """
    found = first_year_beyond(plan)
    if found is None:
        return ()
    others = ", ".join(map(str, found.lines[1:]))
    whose = f"this minimum and those of line {others} ask" if others else "this minimum asks"
    message = (
        f"{whose} for {pounds(found.least)} a year, and no more than {pounds(found.there)} can be spent in "
        f"{found.year} by all partners together. Ask for less, or put in more."
    )
    return (Fault(plan.document.file, found.lines[0], message),)


def _apart(plan: PlanInFull) -> Minima:
    """Minima of spend no two of which have a place in common, chosen from the largest down."""
    stated = enumerate(plan.record.fairness.minimum)
    spend = sorted(((n, one.spend) for n, one in stated if one.spend), key=lambda one: (-one[1], one[0]))
    found: Minima = []
    taken: set[str] = set()
    for number, amount in spend:
        places = set(places_meant(plan.record.fairness.minimum[number], plan.area))
        if places and not places & taken:
            taken |= places
            found.append((number, amount))
    return found


def _money_there(plan: PlanInFull, least: float) -> Iterator[tuple[str, float]]:
    """Year → the most that can be spent in it where every year before spends so much at the least [£]."""
    kept = 0.0
    for year in plan.years:
        stays = sum(plan.contribution(one, year) for one in plan.partners if one in plan.record.carry_over)
        gone = sum(plan.contribution(one, year) for one in plan.partners if one not in plan.record.carry_over)
        most = plan.spend_at_most(year)
        there = kept + stays + gone
        yield year, there if most is None else min(there, most)
        kept = min(kept + stays, max(0.0, there - least))
