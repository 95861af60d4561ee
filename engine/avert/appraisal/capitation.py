"""A year-of-care budget for a chosen group, and how large the group must be for it to hold.

The budget is what a year of the plan's events costs on average, given today's services.  It leaves out everything
else a year of care costs: the fees of those who live in a care home already, general practice, community services,
planned care, drugs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from avert.appraisal.burden import event_cost
from avert.appraisal.compound import Costs, probability_within
from avert.errors import AvertError, nearest
from avert.library import called, choice_of, nearest_called
from avert.packages import County
from avert.pathway.groups import Floats

NOT = "not_"
SIZES = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000)
LARGEST = 500_000
"""Groups larger than this are not looked for: hardly an English county has so many people of 65 and over."""
FURTHER = (1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2.0, 3.0)
"""Multiples of a size at which a budget that holds must go on holding."""
COLUMNS = {
    "events": {
        "event": "id of the event",
        "label": "the event in words",
        "partner": "id of the partner its cost falls on",
        "events_per_1000": "expected in a year, given today's services [per 1,000 people]",
        "cost_per_event": "reference cost in the plan's prices [£]",
        "cost_per_person": "expected in a year [£]",
    },
    "sizes": {
        "people": "size of the group [people]",
        "budget": "the average with the margin, times people [£]",
        "probability_normal": "that a year's cost stays within it, by the normal distribution [0 to 1]",
        "probability": "the same by the compound distribution [0 to 1]",
    },
}
"""Columns of the two tables and what they hold."""


@dataclass(frozen=True)
class Capitation:
    """The budget of a group, per person and in all."""

    people: float
    """Residents who belong to it now."""
    events: pd.DataFrame
    sizes: pd.DataFrame
    cost_per_person: float
    standard_deviation: float
    """Of one person's cost in a year, drawn at random from the group [£]."""
    smallest: int | None
    """Fewest people for whom the budget holds with the probability asked, and goes on holding for more.

    None if that takes more than `LARGEST`.
    """
    smallest_normal: int
    """The same by the normal distribution, n = (z σ / margin μ)²."""
    probability_of_group: float
    """That the budget holds for as many people as belong to the group now."""


def chosen_group(county: County, words: str, age: str | None = None, place: str | None = None) -> np.ndarray:
    """(strata,): which strata a group is made of, as in 'dementia + not_care_home_resident' at '85+'.

    Factors, by id or label, joined by '+', all of which its people have; 'not_' before one means that they have
    not.  'everyone' is all.  Raises AvertError naming every word nobody knows, with the nearest right one.
    """
    strata, groups = county.strata, county.groups
    labels = {factor: str(county.plan.library.nodes[factor].label) for factor in groups.factors}
    labels |= {NOT + factor: f"not: {label}" for factor, label in labels.items()} | {"everyone": "all people"}
    written = [word.strip() for word in words.split("+")]
    named = [called(word, labels) or word for word in written]
    unknown = [word for word in named if word not in labels]
    wrong = [f"no factor '{word}' tells this plan's people apart.{_advice(word, labels)}" for word in unknown]
    if age is not None and age not in groups.ages:
        wrong.append(f"there is no age band '{age}'.{nearest(age, groups.ages)}")
    if place is not None and place not in strata.places:
        wrong.append(f"there is no place '{place}'.{nearest(place, strata.places)}")
    if wrong:
        raise AvertError(
            "\n".join([*wrong, *([] if all(_advice(word, labels) for word in unknown) else [_all_factors(labels)])])
        )
    chosen = np.ones(len(groups), dtype=bool)
    for word in named:
        if word != "everyone":
            chosen &= ~groups.has(word.removeprefix(NOT)) if word.startswith(NOT) else groups.has(word)
    mask: np.ndarray = chosen[strata.group]
    if age is not None:
        mask = mask & (strata.age == groups.ages.index(age))
    if place is not None:
        mask = mask & (strata.place == strata.places.index(place))
    if not strata.people[mask].sum() > 0:
        raise AvertError(f"nobody in the area is of the group '{words}'" + (f" at {age}" if age else ""))
    return mask


def _advice(word: str, labels: Mapping[str, str]) -> str:
    """The factor that is meant, if one is near; 'not_' is left alone where it is not written."""
    some = {name: label for name, label in labels.items() if name.startswith(NOT) == word.startswith(NOT)}
    found = nearest_called(word, some)
    return found if "Did you mean" in found else ""


def _all_factors(labels: Mapping[str, str]) -> str:
    factors = {name: label for name, label in labels.items() if not name.startswith(NOT)}
    return f"{choice_of(factors)}\n'{NOT}' before one says that they have it not; '+' joins several."


def capitation_of(
    county: County, mask: np.ndarray, *, probability: float = 0.95, margin: float = 0.05, cost_variation: float = 0.0
) -> Capitation:
    """The budget per person of the strata in `mask`, and the fewest people for whom it holds.

    μ   =  Σ_s w_s Σ_e λ_se c_e                     w_s a stratum's share of the group, λ its events a person-year
    σ²  =  Σ_s w_s Σ_e λ_se c_e² (1 + v²)  +  Σ_s w_s (Σ_e λ_se c_e − μ)²
    n   ≥  (z σ / (margin · μ))²                    by the normal distribution

    Events come by chance alone (Poisson, given the stratum), each costs its reference cost c_e, with coefficient of
    variation v = `cost_variation`; who belongs to a group of n is drawn at random from its strata.  `smallest` goes
    by the distribution of the sum itself (`compound.probability_within`), not by the normal one.  Collective risk
    model: Bühlmann 1970; Panjer 1981 for its distribution.  Raises AvertError if nothing is expected to happen.
    """
    if not 0.5 < probability < 1:
        raise AvertError(f"the probability is {probability:g}; it should be above 50% and below 100%")
    if not margin > 0:
        raise AvertError(f"the margin is {margin:g}; without one above 0 the budget is missed every other year")
    if not 0 <= cost_variation <= 5:
        raise AvertError(f"the variation of costs is {cost_variation:g}; it should be from 0 to 5")
    costs = costs_of(county, mask, cost_variation)
    mean, deviation = costs.mean, costs.variance**0.5
    if mean <= 0:
        raise AvertError("nothing that costs anything is expected to happen to this group")
    normal = max(1, int(np.ceil((NormalDist().inv_cdf(probability) * deviation / (margin * mean)) ** 2)))
    people = float(county.strata.people[mask].sum())
    smallest = _smallest(costs, margin, probability, normal)
    sizes = sorted({*SIZES, *([smallest] if smallest else [])})
    rows = [_size(costs, n, margin) for n in sizes]
    return Capitation(
        people,
        _events(county, mask),
        pd.DataFrame(rows, columns=list(COLUMNS["sizes"])),
        mean,
        deviation,
        smallest,
        normal,
        probability_within(costs, max(1, round(people)), margin),
    )


def costs_of(county: County, mask: np.ndarray, cost_variation: float) -> Costs:
    """The group's strata that differ, each with its share of the group and its events a person-year."""
    rates = np.array([county.strata.rates[event][:, 0] * county.strata.today[event] for event in county.pathway.events])
    some = mask & (county.strata.people > 0)
    each = np.array([event_cost(county, event) for event in county.pathway.events])
    kinds, number = np.unique(np.round(rates[:, some].T, 12), axis=0, return_inverse=True)
    share = np.bincount(number.reshape(-1), weights=county.strata.people[some])
    return Costs(share / share.sum(), kinds, each, cost_variation)


def _smallest(costs: Costs, margin: float, probability: float, normal: int) -> int | None:
    """Fewest people for whom the budget holds, by halving between a size at which it does and one at which not.

    Small groups of few and dear events hold by having none, so the search begins at the size the normal
    distribution gives, and a size counts only if larger ones hold too.
    """

    def holds(people: int) -> bool:
        return probability_within(costs, people, margin) >= probability

    high = normal
    while high <= LARGEST and not holds(high):
        high = round(1.1 * high) + 1
    low = round(0.9 * high) - 1
    while low > 0 and holds(low):
        high, low = low, round(0.9 * low) - 1
    low = max(low, 0)
    while high <= LARGEST:
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if holds(middle) else (middle, high)
        larger = [round(high * more) for more in FURTHER]
        missed = [people for people in larger if not holds(people)]
        if not missed:
            return high
        low, high = missed[-1], round(1.1 * missed[-1]) + 1
        while high <= LARGEST and not holds(high):
            low, high = high, round(1.1 * high) + 1
    return None


def _size(costs: Costs, people: int, margin: float) -> tuple[int, float, float, float]:
    spare = margin * costs.mean * people**0.5 / costs.variance**0.5
    return (
        people,
        people * costs.mean * (1 + margin),
        NormalDist().cdf(spare),
        probability_within(costs, people, margin),
    )


def _events(county: County, mask: np.ndarray) -> pd.DataFrame:
    people: Floats = county.strata.people[mask]
    rows = []
    for event in county.pathway.events:
        node, each = county.pathway.node(event), event_cost(county, event)
        rate = float(county.strata.events_today(event)[mask].sum() / people.sum())
        payer = county.plan.library.unit_costs[node.unit_cost].falls_on if node.unit_cost else ""
        rows.append((event, node.label, payer, 1000 * rate, each, rate * each))
    return pd.DataFrame(rows, columns=list(COLUMNS["events"]))


def by_partner(events: pd.DataFrame) -> Sequence[tuple[str, float]]:
    """What each partner pays of the budget per person, the most first."""
    paid = events[events["partner"] != ""].groupby("partner")["cost_per_person"].sum()
    return [(str(name), float(cost)) for name, cost in paid.sort_values(ascending=False, kind="stable").items()]
