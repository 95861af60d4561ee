"""What a plan is to make as large as it can, and what it must reach at the least: both are weights on events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from avert.packages import County, outcome_weights
from avert.pathway.groups import Floats
from avert.plan.deprivation import equity_by_place, places_meant
from avert.plan.fairness import Minimum
from avert.plan.records import LEAST_COST

Weights = Mapping[str, Floats]
"""Event → (places,): what one event averted there counts for."""


@dataclass(frozen=True)
class Goal:
    """An outcome to reach at the least:  Σ over events and places of weight · averted  −  money · spend  ≥  amount."""

    name: str
    """Name of its line in the programme."""
    weights: Weights
    year: int | None
    """The year of the plan it speaks of; all of them together if None."""
    amount: float
    money: float = 0.0
    """What a pound spent counts against, in an objective that is kept while another is pursued."""


def outcome_by_place(county: County, outcome: str) -> Weights:
    """Weights of one outcome, everywhere alike."""
    return {event: np.full(len(county.strata.places), one) for event, one in outcome_weights(county, outcome).items()}


def objective_weights(county: County) -> Weights:
    """Event → (places,):  equity weight of the place · Σ over outcomes of weight · what the event counts for."""
    equity = equity_by_place(county.plan.record.fairness, county.plan.area)
    by_place = np.array([equity.get(place, 1.0) for place in county.strata.places])
    total = {event: np.zeros(len(by_place)) for event in county.pathway.events}
    for outcome, weight in county.plan.record.weights.items():
        if outcome == LEAST_COST:  # money is counted where it is spent, and nothing else counts
            continue
        for event, one in outcome_by_place(county, outcome).items():
            total[event] = total[event] + weight * one * by_place
    return total


def goals_of(county: County) -> tuple[Goal, ...]:
    """The plan's minima of admissions averted, year by year, and its target."""
    admissions, found = outcome_by_place(county, "admissions"), []
    for number, wanted in enumerate(county.plan.record.fairness.minimum):
        if wanted.admissions_averted is None:
            continue
        inside = np.isin(county.strata.places, places_of(wanted, county))
        weights = {event: one * inside for event, one in admissions.items()}
        amount = float(wanted.admissions_averted)
        found += [Goal(f"minimum__{number}__{year}", weights, year, amount) for year in range(len(county.years))]
    for outcome, amount in sorted(county.plan.record.target.items()):
        found.append(Goal(f"target__{outcome}", outcome_by_place(county, outcome), None, amount))
    return tuple(found)


def places_of(wanted: Minimum, county: County) -> tuple[str, ...]:
    """Places a minimum speaks of: those named, those of some deprivation deciles, or the most deprived ones."""
    return places_meant(wanted, county.plan.area)
