"""Every service of the library under one plan, as tables: bought or not and why, and what other readings would say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from avert.appraisal import other_readings
from avert.library.records import Intervention
from avert.packages import eligible_groups
from avert.programme import outcome_by_place
from avert.report.explain import averted_each, in_or_out
from avert.results import Result
from avert.results.words import group_in_words

NOTHING = float("nan")


def considered(result: Result) -> pd.DataFrame:
    """A row for each service of the library, with the columns that COLUMNS declares for `considered`."""
    library = result.appraisal.county.plan.library
    rows = [_row(result, one) for one in library.interventions.values()]
    table = pd.DataFrame(rows)
    numbers = table.select_dtypes("float").columns
    table[numbers] = table[numbers].round(6)
    return table


def _row(result: Result, one: Intervention) -> dict[str, object]:
    county = result.appraisal.county
    said = " ".join(in_or_out(result, one))
    row: dict[str, object] = {
        "intervention": one.id,
        "label": one.label,
        "in_plan": said.startswith("In:"),
        "could_be_bought": not county.plan.why_not(one),
        "why": said.split(": ", 1)[1],
        "cost_per_participant": NOTHING,
        "eligible_people": NOTHING,
        "admissions_averted_per_1000": NOTHING,
        "most_averted_per_1000": NOTHING,
        "most_in_group": "",
        "most_in_place": "",
    }
    if one.id not in county.family.ids:
        return row
    bit = county.family.ids.index(one.id)
    eligible = np.tile(eligible_groups(one, county.groups), len(county.strata.places)) & (county.strata.people > 0)
    people = float(county.strata.people[eligible].sum())
    row |= {"cost_per_participant": float(county.cost[bit]), "eligible_people": people}
    if people <= 0:
        return row
    alone = np.array([int(np.flatnonzero(county.family.masks == 1 << bit)[0])])
    each = 1000 * averted_each(county, outcome_by_place(county, "admissions"), alone) / county.uptake[bit]
    best = int(np.argmax(np.where(eligible, each, -np.inf)))
    return row | {
        "admissions_averted_per_1000": float((each * county.strata.people)[eligible].sum() / people),
        "most_averted_per_1000": float(each[best]),
        "most_in_group": group_in_words(county.groups, int(county.strata.group[best])),
        "most_in_place": county.strata.places[county.strata.place[best]],
    }


def readings(result: Result) -> pd.DataFrame:
    """What the same allocation averts where studies disagree: the columns COLUMNS declares for `readings`."""
    now = result.admissions_averted
    rows = [
        {
            "of": one.choice.of,
            "in_force": one.choice.central,
            "instead": one.name,
            "admissions_averted": round(now, 6),
            "admissions_averted_instead": round(one.admissions_averted, 6),
        }
        for one in other_readings(result.appraisal.ledger)
    ]
    names = ("of", "in_force", "instead", "admissions_averted", "admissions_averted_instead")
    return pd.DataFrame(rows, columns=list(names))
