"""Who carries the burden today: expected admissions, days, entries into long-term care and cost, group by group.

All of it is what is expected at the start of the plan, given today's services, and nothing is optimised.
Expected means by risk: people of one group are alike.  What happens in a year is far more uneven, since
chance decides who of a group is admitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from avert.packages import County, outcome_weights
from avert.pathway.groups import Floats
from avert.population import number_of_conditions
from avert.population.concentration import (
    TOP_SHARES,
    carried_by_top,
    carried_in_a_year,
    concentration_index,
    explained,
)

ALL = "all"
CURVE = tuple(percent / 100 for percent in range(101))


@dataclass(frozen=True)
class Burden:
    """What each stratum is expected to bring in a year, at the start of the plan, given today's services."""

    county: County
    people: Floats
    """(strata,): residents."""
    amounts: Mapping[str, Floats]
    """admissions, bed_days, long_term_care_entries, hospital_cost → (strata,) totals a year."""
    conditions: np.ndarray
    """(strata,): how many conditions its people have."""

    def each(self, amount: str) -> Floats:
        """(strata,): per person; 0 where nobody lives."""
        result: Floats = np.divide(
            self.amounts[amount], self.people, out=np.zeros(len(self.people)), where=self.people > 0
        )
        return result


def burden_of(county: County) -> Burden:
    """The burden of a plan's strata: Σ over events of people · rate today · what one event counts for.

    An admission counts 1, its mean length of stay in days, and its unit cost in the plan's prices (reference cost,
    which is no cash); an entry into long-term care counts 1 as such and nothing as hospital cost.
    """
    strata = county.strata
    events = {event: strata.events_today(event) for event in county.pathway.events}
    weights = {name: outcome_weights(county, name) for name in ("admissions", "bed_days", "long_term_care_entries")}
    weights["hospital_cost"] = {event: event_cost(county, event) for event in county.pathway.admissions}
    amounts = {
        name: sum((weight * events[event] for event, weight in each.items()), np.zeros(len(strata)))
        for name, each in weights.items()
    }
    return Burden(county, strata.people, amounts, number_of_conditions(county.groups)[strata.group])


def event_cost(county: County, event: str) -> float:
    """Reference cost of one event in the plan's prices; 0 for an event without unit cost."""
    named = county.pathway.node(event).unit_cost
    return county.in_plan_prices(county.plan.library.unit_costs[named].cost) if named else 0.0


def concentration(burden: Burden) -> pd.DataFrame:
    """What the people at the top carry, in order of expected admissions and again of expected hospital cost."""
    observed = burden.county.plan.area.observed
    year = carried_in_a_year(burden.people, burden.each("admissions"), TOP_SHARES)
    rows = []
    for by in ("admissions", "hospital_cost"):
        each = burden.each(by)
        carried = {name: carried_by_top(burden.people, each, burden.amounts[name], TOP_SHARES) for name in _CARRIED}
        index = concentration_index(burden.people, each, burden.amounts[by])
        for n, share in enumerate(TOP_SHARES):
            rows.append(
                {
                    "ordered_by": by,
                    "share_of_people": share,
                    "people": share * float(burden.people.sum()),
                    **{f"share_of_{name}": float(part[n]) for name, part in carried.items()},
                    "share_of_admissions_in_a_year": float(year[n]),
                    "observed_share_of_admissions": observed.top_share(by, share, "admissions"),
                    "observed_share_of_cost": observed.top_share(by, share, "cost"),
                    "concentration_index": index,
                }
            )
    return pd.DataFrame(rows)


_CARRIED = ("admissions", "bed_days", "hospital_cost")


def concentration_curve(burden: Burden) -> pd.DataFrame:
    """The same at every hundredth of the people."""
    parts = []
    for by in ("admissions", "hospital_cost"):
        each = burden.each(by)
        carried = {
            f"share_of_{name}": carried_by_top(burden.people, each, burden.amounts[name], CURVE) for name in _CARRIED
        }
        carried["share_of_admissions_in_a_year"] = carried_in_a_year(burden.people, burden.each("admissions"), CURVE)
        parts.append(pd.DataFrame({"ordered_by": by, "share_of_people": CURVE, **carried}))
    return pd.concat(parts, ignore_index=True)


def by_conditions(burden: Burden) -> pd.DataFrame:
    """A row for each number of conditions, each age band, each of both, and all people."""
    number, age = burden.conditions, burden.county.strata.age
    ages = burden.county.groups.ages
    counts = range(int(number.max(initial=0)) + 1)
    everyone = np.ones(len(number), dtype=bool)
    chosen = [(str(n), ALL, number == n) for n in counts]
    chosen += [(ALL, band, age == a) for a, band in enumerate(ages)]
    chosen += [(str(n), band, (number == n) & (age == a)) for n in counts for a, band in enumerate(ages)]
    rows = [_group(burden, mask, conditions, band) for conditions, band, mask in [*chosen, (ALL, ALL, everyone)]]
    table = pd.DataFrame(rows)
    one = table[(table["conditions"] == "1") & (table["age_band"] == ALL)]["hospital_cost_per_person"]
    least = float(one.iloc[0]) if len(one) and one.iloc[0] > 0 else float("nan")
    return table.assign(ratio_to_one_condition=table["hospital_cost_per_person"] / least)


def _group(burden: Burden, mask: np.ndarray, conditions: str, age: str) -> dict[str, object]:
    people, total = float(burden.people[mask].sum()), {n: float(a[mask].sum()) for n, a in burden.amounts.items()}
    whole = {name: float(amount.sum()) or 1.0 for name, amount in burden.amounts.items()}
    per = {name: amount / people if people else float("nan") for name, amount in total.items()}
    return {
        "conditions": conditions,
        "age_band": age,
        "people": people,
        "share_of_people": people / (float(burden.people.sum()) or 1.0),
        "admissions_per_1000": 1000 * per["admissions"],
        "bed_days_per_1000": 1000 * per["bed_days"],
        "long_term_care_entries_per_1000": 1000 * per["long_term_care_entries"],
        "hospital_cost_per_person": per["hospital_cost"],
        "share_of_admissions": total["admissions"] / whole["admissions"],
        "share_of_hospital_cost": total["hospital_cost"] / whole["hospital_cost"],
    }


def explained_by(burden: Burden) -> pd.DataFrame:
    """η² of each way to group people, among what is expected of the strata, and among linked people where there are."""
    strata, observed = burden.county.strata, burden.county.plan.area.observed
    ways = {
        "conditions": burden.conditions,
        "age_band": strata.age,
        "conditions and age_band": burden.conditions * len(burden.county.groups.ages) + strata.age,
        "place": strata.place,
    }
    rows = []
    for name, label in ways.items():
        part = {a: explained(burden.people, burden.amounts[a], label) for a in ("admissions", "hospital_cost")}
        rows.append(
            {
                "grouped_by": name,
                "explains_of_admissions": part["admissions"],
                "explains_of_hospital_cost": part["hospital_cost"],
                "observed_explains_of_admissions": observed.explained(name, "admissions"),
                "observed_explains_of_cost": observed.explained(name, "cost"),
            }
        )
    return pd.DataFrame(rows)
