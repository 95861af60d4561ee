"""The same allocation under the other reading of the evidence, worked out for its own packages alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avert.appraisal.ledger import Ledger
from avert.packages import County, Family, county_of, remaining_as_offered, strengths_of
from avert.packages.worth import rows_of
from avert.pathway import Remaining, own_effects, subsets
from avert.plan import PlanInFull


def ledger_with_other_evidence(ledger: Ledger) -> Ledger:
    """The ledger with published effects where the plan shrinks them, or the other way round.

    Its county's family holds the packages in use and their parts, and no others: all the ledger asks for.
    """
    county, record = ledger.county, ledger.county.plan.record
    other = {"published": "shrunk", "shrunk": "published"}[record.evidence]
    plan = replace(county.plan, record=record.model_copy(update={"evidence": other}))
    packages = ledger.offers["package"].to_numpy(dtype=np.int64)
    family = _in_use(county.family, packages)
    rows = rows_of(family, county.family.masks[packages])
    again = replace(_without_packages(plan, len(county.years)), plan=plan, family=family)
    again = replace(again, remaining=_remaining(again))
    return Ledger(again, ledger.offers.assign(package=rows), ledger.start_up)


def _in_use(family: Family, packages: np.ndarray) -> Family:
    """The packages given, the empty one, and every part of them, in the family's order."""
    parts = {0}.union(*(subsets(mask) for mask in np.unique(family.masks[packages]).tolist()))
    kept = np.isin(family.masks, np.array(sorted(parts), dtype=np.int64))
    return replace(family, masks=family.masks[kept], members=family.members[kept])


def _without_packages(plan: PlanInFull, years: int) -> County:
    """Groups, rates and today's services of a plan; of its packages only those that act on whole places.

    Today's services work by the same evidence, so the rates without them are worked out anew.
    """
    return county_of(replace(plan, record=plan.record.model_copy(update={"largest_package": 0})), years)


def _remaining(county: County) -> dict[str, Remaining]:
    """Event → θ of every package of the county's family as offered, take-up included."""
    record, services = county.plan.record, county.family.interventions
    effects, _ = own_effects(
        county.plan.library, county.pathway, services, rule=record.evidence_rule, use=record.evidence
    )
    strengths = strengths_of(services, county.groups, record)
    return remaining_as_offered(county.groups, services, effects, strengths, county.family.masks, record)
