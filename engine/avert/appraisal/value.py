"""What an allocation is worth by the plan's own objective."""

from __future__ import annotations

import numpy as np

from avert.appraisal.ledger import Ledger
from avert.packages import County, outcome_weights
from avert.packages.rows import Rows, averted_by_row
from avert.pathway.groups import Floats
from avert.programme import objective_weights


def money_weight(county: County) -> float:
    """What one pound of spend takes off the objective: 0 unless cost counts in it."""
    return county.plan.record.weight_of_a_pound


def value_of(ledger: Ledger) -> float:
    """Σ over events, places and all years of weight · averted  −  weight of money · spend.

    By the first of the plan's objectives, over the years it counts (those beyond its end if it says so), so that for
    an optimum it is the objective of the programme.
    """
    weights, place = objective_weights(ledger.county), ledger.county.strata.place
    gained = sum(float(weights[event][place] @ averted.sum(axis=1)) for event, averted in ledger.averted.items())
    return gained - money_weight(ledger.county) * float(ledger.participants["spend"].sum())


def each_row_averts(county: County, rows: Rows, *, outcome: str | None = None) -> Floats:
    """(rows,): what each person of a row averts, by the plan's first objective before money, or one outcome.

    An outcome is counted in the plan's years, the objective in all years the plan counts.
    """
    place, years = county.strata.place[rows.stratum], len(county.years)
    if outcome is None:
        weights, span = objective_weights(county), county.groups.years
    else:
        same = outcome_weights(county, outcome)
        weights, span = {e: np.full(len(county.strata.places), one) for e, one in same.items()}, years
    total = np.zeros(len(rows))
    for event, by_place in weights.items():
        if np.any(by_place):
            total += by_place[place] * averted_by_row(county, event, rows)[:, :span].sum(axis=1)
    return total
