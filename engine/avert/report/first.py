"""What must be read together with the answer: money that is left, and what the answer hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from avert.appraisal import OtherReading
from avert.plan.records import ALL
from avert.results import NOT_SERVICES, Result, Unspent, rests_on, unspent

NAMED = 3
"""Services a partner may pay for up to which they are named."""
MATTERS = 0.01
"""Share of the admissions by which another reading must move the plan to stand beside the answer."""


def money_left(result: Result) -> Iterator[str]:
    """A line for each partner of whose money more than change is left."""
    for one in unspent(result.partners, result.appraisal.county.plan.record.carry_over):
        when = one.years[0] if len(one.years) == 1 else f"{one.years[0]} to {one.years[-1]}"
        yield (
            f"£{one.pounds:,.0f} of the £{one.put_in:,.0f} that {one.partner} puts in is not spent ({when})"
            f"{_why_left(result, one)}."
        )


def _why_left(result: Result, one: Unspent) -> str:
    """What can be said for sure of why money is left: nothing where services come in lumps."""
    plan = result.appraisal.county.plan
    record = plan.record
    if result.appraisal.optimum is None or record.lumpy:
        return ""
    if record.weight_of_a_pound:
        return ": the objective counts money spent against"
    if any(f"within_spend__{result.manifest['years'].index(year)}" in _binding(result) for year in one.years):
        return ": the plan says how much all partners together may spend (spend_at_most)"
    why = ": more of it would add nothing to the objective while the plan's other lines stand"
    if ALL in record.may_pay.get(one.partner, (ALL,)):
        return why
    services = [service.label for service in plan.candidates if plan.may_pay(one.partner, service.id)]
    named = ", ".join(services) if len(services) <= NAMED else f"{len(services)} services"
    return f"{why} (it may pay for {named or 'nothing that can be bought'})"


def _binding(result: Result) -> set[str]:
    return set(result.marginal_values["line"])


def hangs_on(result: Result, readings: Sequence[OtherReading]) -> Iterator[str]:
    """The service most is due to, the reading that changes most, and how much rests on weak or unseen effects."""
    yield from _largest_service(result)
    yield from _other_reading(result, readings)
    shares = rests_on(result.interventions)["share_of_admissions"].tolist()
    if shares:
        low, unseen = shares
        yield (
            f"{low:.0%} of the admissions averted rest on effects of low or very low certainty, "
            f"and {unseen:.0%} on effects nobody saw in their source (recalled or assumed)."
        )


def _largest_service(result: Result) -> Iterator[str]:
    table = result.interventions
    services = table[~table["intervention"].isin(NOT_SERVICES)]
    averted = services["admissions_averted_in_plan"]
    if not len(services) or not averted.max() > 0:
        return
    most = services.loc[averted.idxmax()]
    seen = "were seen in their source" if most["effect_seen"] else "not all of them were seen in their source"
    yield (
        f"It hangs most on one service: without '{most['label']}' the plan would avert {_number(averted.max())} fewer. "
        f"Its effects are of {most['certainty']} certainty and {seen}."
    )


def _other_reading(result: Result, readings: Sequence[OtherReading]) -> Iterator[str]:
    """The other reading of the evidence that moves the answer most."""
    now = result.admissions_averted
    most = max(readings, key=lambda one: abs(one.admissions_averted - now), default=None)
    if most is None or not abs(most.admissions_averted - now) > MATTERS * abs(now):
        return
    choice, library = most.choice, result.appraisal.county.plan.library
    of = f"'{library.interventions[choice.of].label}'" if choice.of in library.interventions else f"'{choice.of}'"
    yield (
        f"Studies disagree, most of all for {of}: by another reading of them ('{most.name}') the same plan averts "
        f"{_number(most.admissions_averted)} admissions, not {_number(now)}."
    )


def _number(value: float) -> str:
    """A count with as many figures as it deserves."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{round(value, 1) + 0.0:,.1f}"
