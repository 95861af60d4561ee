"""Lines of a plan that can do nothing under it, or do something other than they seem to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from avert.errors import Fault
from avert.plan.fairness import EVERY_SERVICE
from avert.plan.in_full import PlanInFull
from avert.plan.records import ALL
from avert.units import financial_year

Path_ = tuple[str | int, ...]


def idle_lines(plan: PlanInFull) -> tuple[Fault, ...]:
    """Every line that an author may take for more than it is, in order of line: to be warned of, not refused."""
    said = (*_of_services(plan), *_of_fences(plan), *_of_money(plan), *_of_the_proposal(plan), *_of_the_rest(plan))
    file, line = plan.document.file, plan.document.line
    return tuple(sorted({Fault(file, line(path), message) for path, message in said}))


def _of_services(plan: PlanInFull) -> Iterator[tuple[Path_, str]]:
    """Lines about services that cannot be bought, and permissions that change nothing."""
    record, library = plan.record, plan.library
    candidates = {one.id for one in plan.candidates}
    for section in ("limits", "ramp_up", "keep_services", "split", "lumpy"):
        for name in getattr(record, section).keys() - candidates:
            why = plan.why_not(library.interventions[name])
            yield (section, name), f"this line does nothing, since '{name}' can't be bought: {why}"
    for name in record.fairness.equal_access.keys() - candidates - {EVERY_SERVICE}:
        why = plan.why_not(library.interventions[name])
        yield ("fairness", "equal_access", name), f"this line does nothing, since '{name}' can't be bought: {why}"
    anyway = replace(plan, record=record.model_copy(update={"leave_out": ()}))
    for number, name in enumerate(record.leave_out):
        why = anyway.why_not(library.interventions[name])
        if why:
            yield ("leave_out", number), f"'{name}' need not be left out; it can't be bought: {why}"
    plainly = replace(plan, record=record.model_copy(update={"buy_anyway": {}}))
    for name in record.buy_anyway:
        one = library.interventions[name]
        if not plainly.why_not(one):
            yield ("buy_anyway", name), f"this line does nothing: '{name}' may be bought without it."
        elif plan.why_not(one):
            yield ("buy_anyway", name), f"'{name}' can't be bought all the same: {plan.why_not(one)}"
    for of in record.evidence_choices:
        if of in library.interventions and of not in candidates and of not in record.today:
            why = plan.why_not(library.interventions[of])
            yield ("evidence_choices", of), f"this line does nothing, since '{of}' can't be bought: {why}"


def _of_fences(plan: PlanInFull) -> Iterator[tuple[Path_, str]]:
    """What partners may pay for, and what nobody may."""
    record = plan.record
    candidates = {one.id for one in plan.candidates}
    for partner, allowed in record.may_pay.items():
        if not allowed:
            yield ("may_pay", partner), f"the money of '{partner}' may go to nothing."
        if ALL in allowed and len(allowed) > 1:
            yield ("may_pay", partner), f"'{partner}' may pay for all, so the names beside 'all' say nothing."
        for name in set(allowed) - candidates - {ALL}:
            why = plan.why_not(plan.library.interventions[name])
            yield ("may_pay", partner), f"{partner} may pay for '{name}', which can't be bought: {why}"
    for name in candidates:
        if not any(plan.may_pay(partner, name) for partner in plan.partners):
            yield ("may_pay",), f"no partner may pay for '{name}', so it can't be bought."


def _of_money(plan: PlanInFull) -> Iterator[tuple[Path_, str]]:
    for partner in plan.partners:
        if not any(plan.contribution(partner, year) for year in plan.years):
            yield ("money", partner), f"'{partner}' puts in nothing in any year."
    if len(plan.years) == 1:
        for number, _ in enumerate(plan.record.carry_over):
            yield ("carry_over", number), "this line does nothing: the plan has one year, and no next one."


def _of_the_proposal(plan: PlanInFull) -> Iterator[tuple[Path_, str]]:
    """Services of which more people are proposed than the plan has places for."""
    for name, entries in plan.record.proposed.items():
        limit = plan.record.limits.get(name)
        for year in plan.years if limit is not None else ():
            people = sum(
                sum(one.by_place.values())
                for one in entries
                if one.people is not None and year in map(financial_year, one.years or plan.record.years)
            )
            if limit is not None and people > limit:
                where = plan.document.line(("limits", name))
                yield (
                    ("proposed", name),
                    f"{people:,.10g} people are proposed in {year}, and 'limits' has {limit:,.10g} places a year "
                    f"(line {where}); 'avert evaluate' names every line the proposal breaks.",
                )
                break


def _of_the_rest(plan: PlanInFull) -> Iterator[tuple[Path_, str]]:
    record = plan.record
    needed = {role for one in plan.candidates for role in one.staff_hours}
    for role in record.staff.keys() - needed:
        yield ("staff", role), f"this line does nothing: no service to choose from needs hours of '{role}'."
    if not plan.candidates:
        yield ("leave_out",) if record.leave_out else ("interventions",), "no service is left to choose from."
    if record.realism == 0:
        yield ("realism",), "no effect is counted on at all, so nothing is worth buying."
