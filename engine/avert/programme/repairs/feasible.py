"""Can the plan's minima be met at all?  If not: proof of it, what they lack, and what would mend the plan."""

from __future__ import annotations

from avert.errors import NoFeasiblePlan, Repair
from avert.programme.master import Master
from avert.programme.prices import MONEY_UNIT
from avert.programme.repairs.repair import repairs_of
from avert.programme.repairs.shortfall import LACKS, Priced, Shortfall
from avert.programme.repairs.wording import NO_CHANGE
from avert.programme.uses import Ints
from avert.programme.variables import Sets

NONE_ENOUGH = "{subject} ({where})"
"""How an entry is named of which no amount is enough."""


def has_minima(sets: Sets) -> bool:
    record = sets.county.plan.record
    return bool(record.keep_services or record.fairness.minimum or sets.menu.goals)


def make_feasible(sets: Sets, opening: Ints, master: Master | None = None) -> Ints:
    """Offers with which every minimum can be met (phase 1), begun from a `master` that missed some at a penalty.

    Raises NoFeasiblePlan, with what is lacking and the smallest repair of every clashing entry, where a
    positive bound proves that they cannot; SolverStopped where neither is shown.
    """
    shortfall = Shortfall(sets, master)
    priced = shortfall.settle(opening)
    if priced is None:
        return shortfall.master.held
    raise _refusal(shortfall, priced)


def _refusal(shortfall: Shortfall, priced: Priced) -> NoFeasiblePlan:
    """What is lacking, read before the programme is changed to find what would mend it."""
    passes = shortfall.master.passes
    lacking = _what_is_lacking(shortfall.sets, shortfall.master.values("shortfall__"))
    repairs = repairs_of(shortfall, priced)
    said = ["The plan's minima can't all be met with its money, fences and limits:", *lacking]
    enough = [one for one in repairs if one.enough]
    if enough:
        said += ["Any one of these changes is enough, all else as it is:" if len(enough) > 1 else "This is enough:"]
        said += _lines(enough)
    if others := [one for one in repairs if not one.enough]:
        said += ["They clash with these lines as well, of which no change alone is enough:", *_not_enough(others)]
    return NoFeasiblePlan("\n".join(said), repairs, priced.lower, passes)


def _not_enough(repairs: list[Repair]) -> list[str]:
    """Entries of which no amount is enough, all in one line; then, each by itself, those that need words."""
    begins, ends = NO_CHANGE.split("{subject}")
    plain = [one for one in repairs if one.words.startswith(begins) and one.words.endswith(ends)]
    subjects = [one.words.removeprefix(begins).removesuffix(ends) for one in plain]
    named = [NONE_ENOUGH.format(subject=what, where=one.where) for what, one in zip(subjects, plain, strict=True)]
    together = [f"{', '.join(named)}."] if named else []
    return together + _lines([one for one in repairs if one not in plain])


def _lines(repairs: list[Repair]) -> list[str]:
    return [f"{repair}." for repair in repairs]


def _what_is_lacking(sets: Sets, lacking: dict[str, float]) -> list[str]:
    """The minima that can't be met together, in words, with where the plan states them."""
    plan, found = sets.county.plan, []
    for name, short in lacking.items():
        if short <= LACKS:
            continue
        family, key, *rest = name.split("__")
        if family == "target":
            found.append(f"{plan.line('target', key)}: this target lacks {_sized(short)}.")
            continue
        if family not in ("keep_services", "minimum"):
            found.append(f"{plan.path}: {family.replace('_', ' ')} of '{key}' lacks {_sized(short)}.")
            continue
        when = sets.county.years[int(rest[0])]
        if family == "keep_services":
            found.append(f"{plan.line(family, key)}: keeping '{key}' lacks {_sized(short)} participants in {when}.")
            continue
        wanted = plan.record.fairness.minimum[int(key)]
        amount = f"£{_sized(short * MONEY_UNIT)}" if wanted.spend is not None else f"{_sized(short)} admissions averted"
        found.append(f"{plan.line('fairness', 'minimum', int(key))}: this minimum lacks {amount} in {when}.")
    return found


def _sized(value: float) -> str:
    """A number with the figures it takes to see it."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
