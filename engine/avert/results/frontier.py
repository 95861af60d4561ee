"""Tables of what each budget buys, with the columns that `COLUMNS` declares."""

from __future__ import annotations

import pandas as pd

from avert.appraisal import Frontier, FrontierPoint
from avert.packages import outcome_weights
from avert.results.columns import COLUMNS
from avert.results.tables import tidy

OUTCOMES = ("admissions", "bed_days", "long_term_care_entries")


def frontier_tables(frontier: Frontier) -> dict[str, pd.DataFrame]:
    """Tables `frontier`, `frontier_services` and `frontier_places`, from the least budget to the largest."""
    rows = [_row(point) | {"steps": frontier.steps} for point in frontier.points]
    made = {
        "frontier": pd.DataFrame(rows, columns=list(COLUMNS["frontier"])),
        "frontier_services": pd.concat([_services(point) for point in frontier.points]),
        "frontier_places": pd.concat([_places(point) for point in frontier.points]),
    }
    return {name: tidy(name, table) for name, table in made.items()}


def _row(point: FrontierPoint) -> dict[str, float | bool]:
    county = point.ledger.county
    averted = {event: float(change.sum()) for event, change in point.ledger.change.items()}
    amounts = {
        f"{name}_averted": sum(weight * averted[event] for event, weight in outcome_weights(county, name).items())
        for name in OUTCOMES
    }
    return {
        "share_of_budget": point.share,
        "budget": point.budget,
        "spend": float(point.ledger.participants["spend"].sum()),
        "objective": point.objective + 0.0,  # + 0.0 turns −0.0 into 0.0
        "upper_bound": point.upper_bound + 0.0,
        "slope": point.slope,
        "gap": point.gap,
        **amounts,
    }


def _services(point: FrontierPoint) -> pd.DataFrame:
    took = point.ledger.participants
    first = took["first"].astype(bool)
    counted = took.assign(
        people_offered=took["people_offered"].where(first, 0.0), participants=took["participants"].where(first, 0.0)
    )
    summed = counted.groupby("intervention", as_index=False)[["people_offered", "participants", "spend"]].sum()
    return summed.assign(share_of_budget=point.share)


def _places(point: FrontierPoint) -> pd.DataFrame:
    ledger = point.ledger
    strata, took = ledger.county.strata, ledger.participants
    spend = took["spend"].groupby(strata.place[took["stratum"].to_numpy(dtype="int64")]).sum()
    averted = sum(ledger.change[event].sum(axis=1) for event in ledger.county.pathway.admissions)
    by_place = pd.Series(averted, index=range(len(strata.people)), dtype=float).groupby(strata.place).sum()
    return pd.DataFrame(
        {
            "share_of_budget": point.share,
            "place": strata.places,
            "spend": [float(spend.get(n, 0.0)) for n in range(len(strata.places))],
            "admissions_averted": [float(by_place.get(n, 0.0)) for n in range(len(strata.places))],
        }
    )
