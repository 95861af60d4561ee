"""Tables of who carries the burden, with the columns that `COLUMNS` declares."""

from __future__ import annotations

import pandas as pd

from avert.appraisal import Burden, burden_of
from avert.appraisal.burden import by_conditions, concentration, concentration_curve, explained_by
from avert.appraisal.clustering import by_place, pairs
from avert.packages import County
from avert.plan.observed import Observed
from avert.results.columns import BURDEN, COLUMNS
from avert.results.tables import tidy


def burden_tables(county: County) -> dict[str, pd.DataFrame]:
    """Every table in `BURDEN` by name: what people are expected to bring in a year, given today's services."""
    burden: Burden = burden_of(county)
    made = {
        "concentration": concentration(burden),
        "concentration_curve": concentration_curve(burden),
        "burden_by_conditions": by_conditions(burden),
        "burden_explained": explained_by(burden),
        "burden_by_place": by_place(burden),
        "burden_pairs": pairs(burden),
        "burden_observed": observed_table(county.plan.area.observed),
    }
    return {name: tidy(name, made[name]) for name in BURDEN}


def observed_table(observed: Observed) -> pd.DataFrame:
    """The area's file of what happened to linked people; no rows where it has none."""
    columns = list(COLUMNS["burden_observed"])
    rows = [(by, group, *amounts.values()) for by, group, amounts in observed.rows]
    table = pd.DataFrame(rows, columns=columns)
    return table.astype({name: "object" if name in columns[:2] else "float64" for name in columns})
