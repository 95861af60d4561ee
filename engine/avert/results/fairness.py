"""Who gets what per head of need, and what fairness costs, with the columns that `COLUMNS` declares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from avert.appraisal import RulePrice
from avert.packages import County, eligible_groups
from avert.plan.deprivation import FIFTHS, by_fifth, fifth_of
from avert.results.columns import COLUMNS
from avert.results.result import Result
from avert.results.tables import tidy

AMOUNTS = ("people", "expected_admissions", "eligible_people", "spend", "participants", "admissions_averted")
PER_NEED = ("spend", "participants", "admissions_averted")


def fairness_report(result: Result) -> pd.DataFrame:
    """Table `fairness_report`: each place, each deprivation fifth, and the whole county.

    Need is the emergency admissions expected there in a year at the start of the plan, today's services counted.
    """
    county = result.appraisal.county
    places = _by_place(result)
    rows = [_row("place", one.id, one.label, fifth_of(one), places.loc[[one.id]]) for one in county.plan.area.places]
    for fifth, inside in by_fifth(county.plan.area).items():
        rows.append(_row("deprivation fifth", fifth, FIFTHS[fifth], fifth, places.loc[list(inside)]))
    rows.append(_row("all", "all", county.plan.area.record.label, None, places))
    table = pd.DataFrame(rows)
    whole = table.iloc[-1]
    for name in PER_NEED:
        table[f"{name}_per_expected_admission"] = _over(table[name], table["expected_admissions"])
        each = _over(whole[name], whole["expected_admissions"])
        table[f"{name}_per_need_ratio"] = _over(table[f"{name}_per_expected_admission"], each)
    table["spend_per_person"] = _over(table["spend"], table["people"])
    table["admissions_averted_per_1000"] = 1000 * _over(table["admissions_averted"], table["people"])
    index = {
        name: concentration_index(places["decile"], places["expected_admissions"], places[name]) for name in PER_NEED
    }
    for name, value in index.items():
        table[f"{name}_concentration_index"] = np.where(table["kind"] == "all", value, np.nan)
    return tidy("fairness_report", table)


def concentration_index(decile: Sequence[float], need: Sequence[float], amount: Sequence[float]) -> float:
    """How much an amount leans to the more or the less deprived beyond what need would give them; −1 to 1.

    C  =  2/μ · Σ f · x · R  −  1        R  =  need of all who are more deprived, and half that of one's own decile

    f is a decile's part of all need, x its amount per head of need, μ = Σ f · x, R in parts of all need.  Below 0
    the more deprived get more than their need's share, above 0 less.  Places of one mean decile count together,
    those without one are left out.  No number where there is no need or no amount.
    (Concentration index for grouped data: Kakwani, Wagstaff and van Doorslaer 1997.)
    """
    table = pd.DataFrame({"decile": np.asarray(decile, dtype=float), "need": need, "amount": amount})
    summed = table.dropna(subset=["decile"]).groupby("decile")[["need", "amount"]].sum()
    need_, amount_ = summed["need"].to_numpy(dtype=float), summed["amount"].to_numpy(dtype=float)
    if not need_.sum() or not amount_.sum():
        return float("nan")
    rank = (np.cumsum(need_) - need_ / 2) / need_.sum()
    return float(2 * (amount_ * rank).sum() / amount_.sum() - 1)


def fairness_prices(found: Sequence[RulePrice], result: Result) -> pd.DataFrame:
    """Table `fairness_prices`: a row for each rule."""
    plan, rows = result.appraisal.county.plan, []
    for one in found:
        price = one.admissions_without - one.admissions_with
        rows.append(
            {
                "rule": one.rule.name,
                "in_words": one.rule.in_words,
                "stated": one.rule.stated,
                "where": plan.line(*plan.document.written(one.rule.path)) if one.rule.stated else "",
                "admissions_averted_with": one.admissions_with,
                "admissions_averted_without": one.admissions_without,
                "price": price,
                "price_share": price / one.admissions_without if one.admissions_without else float("nan"),
                "objective_with": one.objective_with,
                "objective_without": one.objective_without,
                "spend_with": one.spend_with,
                "spend_without": one.spend_without,
                "why_not": one.why_not,
            }
        )
    return tidy("fairness_prices", pd.DataFrame(rows, columns=list(COLUMNS["fairness_prices"])))


def _by_place(result: Result) -> pd.DataFrame:
    """Amounts by place: need at the start, and what the plan does there over its years."""
    county = result.appraisal.county
    admissions, strata = county.pathway.admissions, county.strata
    expected = sum(strata.events_today(event) for event in admissions)
    eligible = strata.people * np.tile(_eligible_for_any(county), len(strata.places))
    averted = sum(result.appraisal.ledger.change[event].sum(axis=1) for event in admissions)
    took = result.allocation.groupby("place")[["spend", "participants"]].sum().reindex(strata.places, fill_value=0.0)
    found = pd.DataFrame(
        {
            name: np.asarray(values).reshape(len(strata.places), -1).sum(axis=1)
            for name, values in {
                "people": strata.people,
                "expected_admissions": expected,
                "eligible_people": eligible,
                "admissions_averted": averted,
            }.items()
        },
        index=list(strata.places),
    )
    decile = {place.id: place.imd_average_decile for place in county.plan.area.places}
    return found.join(took).assign(decile=[decile[place] for place in strata.places])


def _eligible_for_any(county: County) -> np.ndarray:
    """(groups,): whether a group is one that any service the plan may buy is meant for."""
    found: np.ndarray = np.any([eligible_groups(one, county.groups) for one in county.family.interventions], axis=0)
    return found


def _row(kind: str, name: str, label: str, fifth: str | None, places: pd.DataFrame) -> dict[str, object]:
    known = places.dropna(subset=["decile"])
    weight = known["people"].sum()
    decile = float((known["decile"] * known["people"]).sum() / weight) if weight else float("nan")
    sums = {amount: float(places[amount].sum()) for amount in AMOUNTS}
    words = {"kind": kind, "of": name, "label": label, "places": len(places), "mean_decile": decile}
    return {**words, "fifth": FIFTHS[fifth] if fifth else "", **sums}


def _over(amount: pd.Series, by: pd.Series) -> pd.Series:
    """A quotient; no number where there is nothing to divide by."""
    return amount / np.where(np.asarray(by, dtype=float) > 0, by, np.nan)
