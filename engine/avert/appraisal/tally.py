"""What rows of an allocation come to on the lines of a plan: everything that is linear in people.

Rows may be counted apart by a label, and people may be negative: what an exchange takes away.  Start-up
costs are no part of it, since they hang on what is open and not on how many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from avert.appraisal.ledger import Ledger
from avert.appraisal.value import each_row_averts, money_weight
from avert.packages import County, survival
from avert.packages.rows import Rows, averted_by_row
from avert.pathway.groups import Floats
from avert.programme.goals import Goal, goals_of

OFFER = ["stratum", "entry", "start", "package", "cover"]


@dataclass(frozen=True)
class Tally:
    """Amounts by label, the first axis of every array."""

    started: Floats
    """(labels, services, places, years): participants who start."""
    spend: Floats
    """(labels, services, places, years): pounds, without start-up costs."""
    goals: Floats
    """(labels, goals): what is added to each outcome the plan must reach; goals as in `goals_of`."""
    value: Floats
    """(labels,): by the plan's first objective, without start-up costs."""
    admissions: Floats
    """(labels,): emergency admissions averted in the plan's years."""
    people: Floats
    """(labels,): people who are offered something, counted once for each offer."""

    def __len__(self) -> int:
        return len(self.value)

    @property
    def cost(self) -> Floats:
        """(labels,): pounds over all years."""
        result: Floats = self.spend.sum(axis=(1, 2, 3))
        return result

    def weighed(self, weights: Floats) -> Tally:
        """Σ over labels of weight · amounts, as one label."""
        parts = (self.started, self.spend, self.goals, self.value, self.admissions, self.people)
        return Tally(*(np.tensordot(weights, part, axes=1)[None] for part in parts))

    def __add__(self, other: Tally) -> Tally:
        parts = zip(vars(self).values(), vars(other).values(), strict=True)
        return Tally(*(one + more for one, more in parts))


def rows_of_table(offers: pd.DataFrame) -> Rows:
    """Rows of a table of offers."""
    return Rows(*(offers[name].to_numpy(dtype=np.int64) for name in OFFER))


def tally(county: County, offers: pd.DataFrame, label: np.ndarray | None = None, labels: int = 1) -> Tally:
    """Amounts of rows (stratum, entry, start, package, cover, people), by label (all together by default)."""
    label = np.zeros(len(offers), dtype=np.int64) if label is None else label
    people, rows = offers["people"].to_numpy(dtype=float), rows_of_table(offers)
    started, spend = _participants(county, offers, label, labels)

    def by_label(each: Floats) -> Floats:
        return np.bincount(label, weights=each * people, minlength=labels).astype(np.float64)

    goals = [by_label(_towards(county, goal, rows)) for goal in goals_of(county)]
    cost = spend.sum(axis=(1, 2, 3))
    return Tally(
        started,
        spend,
        np.stack(goals, axis=1) if goals else np.zeros((labels, 0)),
        by_label(each_row_averts(county, rows)) - money_weight(county) * cost,
        by_label(each_row_averts(county, rows, outcome="admissions")),
        by_label((rows.package > 0).astype(float)),
    )


def _participants(county: County, offers: pd.DataFrame, label: np.ndarray, labels: int) -> tuple[Floats, Floats]:
    """(labels, services, places, years) twice: participants who start, and pounds."""
    row, bit, begins = Ledger(county, offers).services
    alive, last = survival(county, county.groups.years), len(county.years) - 1
    stratum, entry, people = (offers[name].to_numpy()[row] for name in ("stratum", "entry", "people"))
    place = county.strata.place[stratum]
    shape = labels, len(county.family.ids), len(county.strata.places), len(county.years)
    started, spend = np.zeros(shape), np.zeros(shape)
    for since in range(int(county.in_force[bit].max(initial=0))):
        on = (since < county.in_force[bit]) & (begins + since < county.groups.years)
        year = begins[on] + since
        taking = people[on] * alive[stratum[on], year - entry[on]] * county.uptake[bit[on]]
        where = label[row[on]], bit[on], place[on]
        if since == 0:
            np.add.at(started, (*where, year), taking)
        each = county.cost if since == 0 else county.follow_on_cost
        np.add.at(spend, (*where, np.minimum(year, last)), taking * each[bit[on]])
    return started, spend


def _towards(county: County, goal: Goal, rows: Rows) -> Floats:
    """(rows,): what each person of a row adds to a goal."""
    place, total = county.strata.place[rows.stratum], np.zeros(len(rows))
    for event, weights in goal.weights.items():
        if np.any(weights):
            averted = averted_by_row(county, event, rows)
            total += weights[place] * (averted.sum(axis=1) if goal.year is None else averted[:, goal.year])
    return total


def in_force(county: County, offers: pd.DataFrame) -> dict[int, Floats]:
    """Service some people have today → (strata, years) people alive who are offered it and have it in force."""
    row, bit, begins = Ledger(county, offers).services
    limited = county.limited_by_reach[bit]
    row, bit, begins = row[limited], bit[limited], begins[limited]
    alive, years = survival(county, len(county.years)), len(county.years)
    stratum, entry, people = (offers[name].to_numpy()[row] for name in ("stratum", "entry", "people"))
    found = {int(one): np.zeros((len(county.strata), years)) for one in np.flatnonzero(county.limited_by_reach)}
    for since in range(int(county.in_force[bit].max(initial=0))):
        on = (since < county.in_force[bit]) & (begins + since < years)
        year = begins[on] + since
        living = people[on] * alive[stratum[on], year - entry[on]]
        for one, total in found.items():
            mine = bit[on] == one
            np.add.at(total, (stratum[on][mine], year[mine]), living[mine])
    return found
