"""Where the burden lies, and what comes together: high-risk people by place, and factors that go in pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from avert.appraisal.burden import Burden
from avert.packages import County
from avert.pathway.groups import Floats
from avert.population.concentration import part_in_top

HIGH_RISK = 0.02
"""Share of people, those whose age and conditions bring most admissions, who are called high-risk."""
NOTHING = "nothing stated"
"""How two factors are tied that are taken as unrelated at each age."""


def by_place(burden: Burden) -> pd.DataFrame:
    """Admissions in each place beside what ages and conditions alone would lead to, and where high-risk people live.

    expected(g)  =  Σ over groups of  people(g, group) · admissions per person of the group in the whole area
    ratio        =  admissions(g) / expected(g)     (indirectly standardised ratio)

    High-risk people go by the same rates of the whole area: by local ones a place a little above the others would
    have nearly all of those at the edge.
    """
    county = burden.county
    places, groups = len(county.strata.places), len(county.groups)
    people = burden.people.reshape(places, groups)
    admissions = burden.amounts["admissions"].reshape(places, groups)
    living, brought = people.sum(axis=0), admissions.sum(axis=0)
    rate = np.divide(brought, living, out=np.zeros(groups), where=living > 0)
    expected = people @ rate
    high = part_in_top(burden.people, np.tile(rate, places), HIGH_RISK).reshape(places, groups).sum(axis=1)
    heads, events = people.sum(axis=1), admissions.sum(axis=1)
    labels = {place.id: place.label for place in county.plan.area.places}
    return pd.DataFrame(
        {
            "place": county.strata.places,
            "label": [labels[place] for place in county.strata.places],
            "people": heads,
            "admissions": events,
            "admissions_per_1000": 1000 * _over(events, heads),
            "expected_from_age_and_conditions": expected,
            "ratio": _over(events, expected),
            "share_of_people": heads / (heads.sum() or 1.0),
            "share_of_admissions": events / (events.sum() or 1.0),
            "high_risk_people": high,
            "share_of_high_risk_people": high / (high.sum() or 1.0),
        }
    )


def _over(above: Floats, below: Floats) -> Floats:
    result: Floats = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return result


def pairs(burden: Burden) -> pd.DataFrame:
    """Every two factors that tell people apart: how many people have both, beside what chance would give.

    expected_by_chance    N · p · q over everybody
    expected_at_each_age  Σ over ages of N_a · p_a · q_a, so that age alone makes no pair

    Where neither linked data nor an odds ratio ties two factors, they were taken as unrelated at each age but for
    what others bring (two factors tied to a third), and the second ratio says that and nothing else.
    """
    county = burden.county
    groups, age = county.groups, county.strata.age
    has = {factor: groups.has(factor)[county.strata.group] for factor in groups.factors}
    rows = []
    for n, one in enumerate(groups.factors):
        for other in groups.factors[n + 1 :]:
            together = float(burden.people[has[one] & has[other]].sum())
            chance = _by_chance(burden.people, has[one], has[other], np.zeros(len(age), dtype=int))
            at_age = _by_chance(burden.people, has[one], has[other], age)
            rows.append(
                {
                    "one": one,
                    "other": other,
                    "people_with_both": together,
                    "expected_by_chance": chance,
                    "ratio": together / chance if chance else float("nan"),
                    "expected_at_each_age": at_age,
                    "ratio_at_each_age": together / at_age if at_age else float("nan"),
                    "known_from": _known_from(county, one, other),
                }
            )
    columns = ("one", "other", "people_with_both", "expected_by_chance", "ratio", "expected_at_each_age")
    return pd.DataFrame(rows, columns=[*columns, "ratio_at_each_age", "known_from"])


def _by_chance(people: Floats, one: np.ndarray, other: np.ndarray, age: np.ndarray) -> float:
    total = 0.0
    for band in np.unique(age):
        here = people * (age == band)
        if here.sum():
            total += float(here[one].sum() * here[other].sum() / here.sum())
    return total


def _known_from(county: County, one: str, other: str) -> str:
    area = county.plan.area
    if area.strata:
        return "groups given outright"
    if area.profiles:
        return "linked data"
    stated = {frozenset(pair.factors) for pair in county.plan.library.joint.odds_ratios}
    return "odds ratio" if {one, other} in stated else NOTHING
