"""The same allocation under another reading of the evidence, worked out for its own packages alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from avert.appraisal.ledger import Ledger
from avert.library import Choice, choices_in, with_choices
from avert.packages import County, Family, county_of, remaining_as_offered, strengths_of
from avert.packages.worth import rows_of
from avert.pathway import own_effects, subsets
from avert.pathway.groups import Floats
from avert.plan import PlanInFull


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
    small = ledger_under(ledger, county.plan)
    for choice in choices_in(county.plan.library):
        if choice.of in bought | edges and of in (None, choice.of):
            averted = _averted_by_readings(small, choice)
            yield from (OtherReading(choice, name, one) for name, one in zip(choice.others, averted, strict=True))


def _averted_by_readings(ledger: Ledger, choice: Choice) -> list[float]:
    """Admissions the same allocation averts by each other reading at one place.

    Where only a service differs that is offered person by person and that nobody has today, only the offers
    that hold it do.  `ledger` must itself come from `ledger_under`.
    """
    county, family = ledger.county, ledger.county.family
    plans = [
        replace(county.plan, library=with_choices(county.plan.library, {choice.of: (name,)})) for name in choice.others
    ]
    bit = family.ids.index(choice.of) if choice.of in family.ids else None
    if bit is None or choice.of in county.today or not family.for_people[bit]:
        return [admissions_of(ledger_under(ledger, plan).change, county) for plan in plans]
    part = _narrowed(ledger, family.members[ledger.offers["package"], bit])
    rest = admissions_of(ledger.change, county) - admissions_of(part.averted, county)
    return [rest + admissions_of(ledger_with_services(part, plan).averted, county) for plan in plans]


def admissions_of(by_event: Mapping[str, Floats], county: County) -> float:
    """Σ over admissions, groups and the plan's years."""
    return sum(float(by_event[event][:, : len(county.years)].sum()) for event in county.pathway.admissions)


def ledger_under(ledger: Ledger, plan: PlanInFull) -> Ledger:
    """The same people offered the same packages under a plan with other evidence.

    Its county's family holds the packages in use and their parts, and no others: all the ledger asks for.
    """
    county = ledger.county
    family, rows = _in_use(county.family, ledger.offers["package"].to_numpy(dtype=np.int64))
    family = replace(family, interventions=tuple(plan.library.interventions[name] for name in family.ids))
    again = county_of(plan, len(county.years), family=family)
    return Ledger(again, ledger.offers.assign(package=rows), ledger.start_up)


def _narrowed(ledger: Ledger, chosen: np.ndarray) -> Ledger:
    """Some rows of a ledger by themselves, in a county that holds no other packages than theirs."""
    offers = ledger.offers[chosen]
    family, rows = _in_use(ledger.county.family, offers["package"].to_numpy(dtype=np.int64))
    return Ledger(replace(ledger.county, family=family, seen_beside={}), offers.assign(package=rows))


def ledger_with_services(ledger: Ledger, plan: PlanInFull) -> Ledger:
    """`ledger_under` for a plan in which only figures of services differ that nobody has today.

    Groups, rates and today's services are kept.  `ledger` must itself come from `ledger_under`.
    """
    county = ledger.county
    record = plan.record
    services = tuple(plan.library.interventions[name] for name in county.family.ids)
    effects, _ = own_effects(plan.library, county.pathway, services, rule=record.evidence_rule, use=record.evidence)
    strengths = strengths_of(services, county.groups, record)
    masks, offered = county.family.masks, county.family.offered_to()
    remaining = remaining_as_offered(county.groups, services, effects, strengths, masks, offered, record)
    again = replace(
        county,
        plan=plan,
        family=replace(county.family, interventions=services),
        effects=effects,
        strengths=strengths,
        remaining=remaining,
        seen_beside={},
    )
    return Ledger(again, ledger.offers, ledger.start_up)


def _in_use(family: Family, packages: np.ndarray) -> tuple[Family, np.ndarray]:
    """The packages given, the empty one and every part of them, in the family's order; and where those given stand."""
    parts = {0}.union(*(subsets(mask) for mask in np.unique(family.masks[packages]).tolist()))
    kept = np.isin(family.masks, np.array(sorted(parts), dtype=family.masks.dtype))
    small = replace(family, masks=family.masks[kept], members=family.members[kept])
    return small, rows_of(small, family.masks[packages])
