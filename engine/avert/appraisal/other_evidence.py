"""The same allocation under another reading of the evidence, worked out for its own packages alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from avert.appraisal.ledger import Ledger
from avert.library import Choice, choices_in, with_choices
from avert.library.records import ALL_ADMISSIONS
from avert.packages import County, Family, county_of, remaining_as_offered, strengths_of
from avert.packages.today import left_by_all, left_by_today, reached_today
from avert.pathway import own_effects, subsets
from avert.pathway.groups import Floats
from avert.plan import PlanInFull
from avert.population import strata_of


@dataclass(frozen=True)
class OtherReading:
    """What an allocation would avert were the evidence read in another way at one place."""

    choice: Choice
    name: str
    """Of the other reading."""
    admissions_averted: float


def ledger_with_other_effects(ledger: Ledger) -> Ledger:
    """The ledger with published effects where the plan shrinks them, or the other way round."""
    plan = ledger.county.plan
    other = {"published": "shrunk", "shrunk": "published"}[plan.record.evidence]
    return ledger_under(ledger, replace(plan, record=plan.record.model_copy(update={"evidence": other})))


def other_readings(ledger: Ledger, of: str | None = None) -> Iterator[OtherReading]:
    """The same allocation under each other reading the library holds of what bears on it: its services and edges.

    `of` names one service or edge to look at alone.  Edges bear on it that lie behind what a service in use
    acts on, or behind a factor that tells groups apart.
    """
    county = ledger.county
    used = county.family.members[np.unique(ledger.offers["package"])].any(axis=0)
    bought = {name for name, has in zip(county.family.ids, used, strict=True) if has}
    acting = bought | county.today.keys()
    roots = {effect.node for effect in county.effects if effect.intervention in acting} | set(county.groups.factors)
    edges = {
        f"{start} to {end}"
        for start, end in county.pathway.graph.edges
        if start in roots or any(county.pathway.leads_to(root, start) for root in roots)
    }
    held, now = _held_in(county, ledger.offers), admissions_of(ledger.change, county)
    for choice in choices_in(county.plan.library):
        if choice.of in bought | edges and of in (None, choice.of):
            gains = _gains(held, choice, ledger.change)
            yield from (OtherReading(choice, name, now + gain) for name, gain in zip(choice.others, gains, strict=True))


def _gains(ledger: Ledger, choice: Choice, change: Mapping[str, Floats]) -> list[float]:
    """Admissions the same allocation averts more than `change` by each other reading at one place.

    Only events that hang on the place are worked out.  Where only a service differs that is offered person by
    person and that nobody has today, only the offers that hold it differ.
    """
    seen, family = ledger.county.counting(_hanging_on(choice, ledger.county)), ledger.county.family
    library = seen.plan.library
    plans = [replace(seen.plan, library=with_choices(library, {choice.of: (name,)})) for name in choice.others]
    if choice.of not in family.ids:  # an edge
        again = [ledger_under(ledger, plan, seen.pathway.events) for plan in plans]
    else:
        part, bit = Ledger(seen, ledger.offers), family.ids.index(choice.of)
        if choice.of not in seen.today and family.for_people[bit]:
            part = _held_in(seen, ledger.offers[family.members[ledger.offers["package"], bit]])
            change = part.change
        again = [ledger_with_services(part, plan) for plan in plans]
    before = admissions_of(change, seen)
    return [admissions_of(one.change, seen) - before for one in again]


def _hanging_on(choice: Choice, county: County) -> list[str]:
    """Admissions that what a choice speaks of can change."""
    service = county.plan.library.interventions.get(choice.of)
    nodes = {effect.acts_on for effect in service.effects} if service else {choice.acts_on}
    pathway = county.pathway
    behind = nodes & set(pathway.order)
    return [
        event
        for event in pathway.admissions
        if ALL_ADMISSIONS in nodes or any(pathway.leads_to(node, event) for node in behind)
    ]


def admissions_of(by_event: Mapping[str, Floats], county: County) -> float:
    """Σ over admissions, groups and the plan's years."""
    return sum(float(by_event[event][:, : len(county.years)].sum()) for event in county.pathway.admissions)


def ledger_under(ledger: Ledger, plan: PlanInFull, events: Collection[str] | None = None) -> Ledger:
    """The same people offered the same packages under a plan with other evidence.

    Its county's family holds the packages in use and their parts, and no others: all the ledger asks for.
    With `events` only these are counted.
    """
    county = ledger.county
    family, rows = _in_use(county.family, ledger.offers["package"].to_numpy(dtype=np.int64))
    family = replace(family, interventions=tuple(plan.library.interventions[name] for name in family.ids))
    again = county_of(plan, len(county.years), family=family, events=events)
    return Ledger(again, ledger.offers.assign(package=rows), ledger.start_up)


def _held_in(county: County, offers: pd.DataFrame) -> Ledger:
    """Some rows of a ledger by themselves, in a county that holds no other packages than theirs."""
    family, rows = _in_use(county.family, offers["package"].to_numpy(dtype=np.int64))
    return Ledger(replace(county, family=family, seen_beside={}), offers.assign(package=rows))


def ledger_with_services(ledger: Ledger, plan: PlanInFull) -> Ledger:
    """`ledger_under` for a plan in which only figures of services that can be bought differ.

    `ledger` must itself hold no packages but those in use.
    """
    family, record = ledger.county.family, plan.record
    services = tuple(plan.library.interventions[name] for name in family.ids)
    other = {one.id: one for one, before in zip(services, family.interventions, strict=True) if one is not before}
    county = _with_today(ledger.county, plan, other.keys() & ledger.county.today.keys())
    found, _ = own_effects(plan.library, county.pathway, other.values(), rule=record.evidence_rule, use=record.evidence)
    effects = [*found, *(effect for effect in county.effects if effect.intervention not in other)]
    effects.sort(key=lambda effect: family.ids.index(effect.intervention))
    strengths = {**county.strengths, **strengths_of(tuple(other.values()), county.groups, record)}
    masks, offered = family.masks, family.offered_to()
    remaining = remaining_as_offered(county.groups, services, tuple(effects), strengths, masks, offered, record)
    again = replace(
        county,
        plan=plan,
        family=replace(family, interventions=services),
        effects=tuple(effects),
        strengths=strengths,
        remaining=remaining,
        seen_beside={},
    )
    return Ledger(again, ledger.offers, ledger.start_up)


def _with_today(county: County, plan: PlanInFull, services: Collection[str]) -> County:
    """The county as some of today's services are under another plan, and with the rates that follow from it."""
    if not services:
        return county
    reached = reached_today(plan, county.groups)
    left = left_by_today(plan, county.groups, {name: reached[name] for name in services})
    today = {**county.today, **left}
    strata = strata_of(plan, county.groups, left_by_all(county.groups, today))
    return replace(county, strata=strata, today=today, reached_today=reached)


def _in_use(family: Family, packages: np.ndarray) -> tuple[Family, np.ndarray]:
    """The packages given, the empty one and every part of them, in the family's order; and where those given stand."""
    parts = {0}.union(*(subsets(mask) for mask in family.masks[np.unique(packages)].tolist()))
    kept = np.isin(family.masks, np.array(sorted(parts), dtype=family.masks.dtype))
    small = replace(family, masks=family.masks[kept], members=family.members[kept])
    return small, (np.cumsum(kept) - 1)[packages]
