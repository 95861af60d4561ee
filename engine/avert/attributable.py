"""Population attributable fractions of several factors: each by itself, its weight, and all together.

For reports only: the engine works on the graph, where what overlaps is drawn and not weighted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd

from avert.errors import AvertError, FaultCollector, PlanError
from avert.reading import Row, Table
from avert.units import attributable_fraction

COLUMNS = ("factor", "relative_risk", "prevalence", "communality")
LIMITS = tuple(f"{name}_{end}" for name in ("relative_risk", "prevalence") for end in ("low", "high"))
DRAWS = 20_000
SEED = 1953
"""Levin's year; the draws are the same every time."""
INSIDE = (1e-12, 1 - 1e-12)
Floats = np.ndarray


def read_factors(path: Path | str) -> pd.DataFrame:
    """A CSV file of factors as a frame with the columns `COLUMNS`, and `LIMITS` where the file has them.

    `relative_risk` is above 0, `prevalence` and `communality` are shares from 0 to 1; an empty communality is
    missing (NaN).  Limits come in pairs around their value and may be empty.
    Raises PlanError with the line of every fault.
    """
    path, faults = Path(path), FaultCollector(PlanError)
    if not path.is_file():
        faults.add(path, 0, "there is no such file.")
        faults.raise_if_any()
    table = Table(path, COLUMNS[:3], faults)
    faults.raise_if_any()
    with_limits = [name for name in LIMITS if name in table.header]
    rows = [_read(row, table, with_limits) for row in table.rows]
    seen: dict[str, int] = {}
    for row in table.rows:
        name = row.cells["factor"]
        if not name or name in seen:
            why = f"the factor '{name}' already stands on line {seen[name]}." if name else "the factor has no name."
            faults.add(table.file, row.line, why)
        seen.setdefault(name, row.line)
    faults.raise_if_any()
    return pd.DataFrame(rows, columns=[*COLUMNS, *with_limits])


def _read(row: Row, table: Table, with_limits: Iterable[str]) -> dict[str, str | float]:
    risk, share = (lambda x: x > 0, "a number above 0"), (lambda x: 0 <= x <= 1, "a share between 0 and 1")
    found: dict[str, str | float] = {"factor": row.cells["factor"]}
    found["relative_risk"] = table.number(row, "relative_risk", *risk)
    found["prevalence"] = table.number(row, "prevalence", *share)
    given = row.cells.get("communality", "")
    found["communality"] = table.number(row, "communality", *share) if given else float("nan")
    inside = (lambda x: 0 < x < 1, "a share above 0 and below 1")
    for name in with_limits:
        allowed = risk if name.startswith("relative_risk") else inside
        found[name] = table.number(row, name, *allowed) if row.cells[name] else float("nan")
    for name in ("relative_risk", "prevalence"):
        low, high = (float(found.get(f"{name}_{end}", "nan")) for end in ("low", "high"))
        if isfinite(low) != isfinite(high):
            table.faults.add(table.file, row.line, f"'{name}' has one limit; give both or none.")
        elif isfinite(low) and not low <= float(found[name]) <= high:
            table.faults.add(table.file, row.line, f"'{name}' is {found[name]:g}, outside {low:g} to {high:g}.")
    return found


def attributable_fractions(factors: pd.DataFrame) -> pd.DataFrame:
    """Attributable fractions of factors, one row each and a last row for all of them.

    fraction            f = π(RR − 1) / (1 + π(RR − 1))              (Levin 1953)
    weight              w = 1 − communality; 1 where communality is missing
    weighted_fraction   w · f
    combined            1 − Π (1 − f), and 1 − Π (1 − w · f) weighted   (last row, factor 'all')
    share               f / Σ f · combined weighted: what each adds to it  (as in Livingston and others 2020)

    `factors` has the columns that `read_factors` gives.  With limits, `<column>_low` and `<column>_high` stand
    beside: the 2.5th and 97.5th percentile of independent draws, ln RR and logit π normal.
    A relative risk below 1 gives a fraction below 0: cases there would be more without the factor.
    Raises AvertError for missing columns, or if the fractions add up to nothing, of which no factor has a share.
    """
    missing = [name for name in COLUMNS[:3] if name not in factors.columns]
    if missing:
        raise AvertError(f"the table of factors has no column {', '.join(missing)}; it needs {', '.join(COLUMNS)}")
    risk, share = (factors[name].to_numpy(dtype=float) for name in ("relative_risk", "prevalence"))
    communality = factors.get("communality", pd.Series(np.nan, index=factors.index)).to_numpy(dtype=float)
    weight = np.where(np.isnan(communality), 1.0, 1 - communality)
    central = _fractions(risk, share, weight)
    table = {"factor": [*factors["factor"], "all"], "weight": [*weight, np.nan]}
    table |= {name: value[0] for name, value in central.items()}
    if any(name in factors.columns for name in LIMITS):
        drawn = _fractions(*_draws(factors, risk, share), weight)
        for name, values in drawn.items():
            table[f"{name}_low"], table[f"{name}_high"] = np.quantile(values, (0.025, 0.975), axis=0)
    return pd.DataFrame(table)


def _fractions(risk: Floats, share: Floats, weight: Floats) -> dict[str, Floats]:
    """Name → (draws, factors and all)."""
    fraction = np.atleast_2d(attributable_fraction(share, risk))
    weighted = weight * fraction
    total = fraction.sum(axis=1, keepdims=True)
    together = 1 - np.prod(1 - fraction, axis=1, keepdims=True)
    all_weighted = 1 - np.prod(1 - weighted, axis=1, keepdims=True)
    if (total == 0).any():
        raise AvertError("the fractions add up to nothing, so no factor has a share of it")
    shares = fraction / total * all_weighted
    return {
        "fraction": np.hstack([fraction, together]),
        "weighted_fraction": np.hstack([weighted, all_weighted]),
        "share": np.hstack([shares, all_weighted]),
    }


def _draws(factors: pd.DataFrame, risk: Floats, share: Floats) -> tuple[Floats, Floats]:
    """(draws, factors) of relative risks and prevalences; those without limits stay as they are."""
    random = np.random.default_rng(SEED)
    log_risk = _drawn(factors, "relative_risk", np.log, np.log(risk), random)
    logit = _drawn(factors, "prevalence", _logit, _logit(np.clip(share, *INSIDE)), random)
    exact = np.isnan(_limit(factors, "prevalence", "low"))
    return np.exp(log_risk), np.where(exact, share, 1 / (1 + np.exp(-logit)))


def _drawn(
    factors: pd.DataFrame, name: str, scale: Callable[[Floats], Floats], middle: Floats, random: np.random.Generator
) -> Floats:
    """Normal draws on a scale on which the limits lie evenly about the middle."""
    low, high = (scale(_limit(factors, name, end)) for end in ("low", "high"))
    error = np.nan_to_num((high - low) / (2 * NormalDist().inv_cdf(0.975)))
    drawn: Floats = middle + error * random.standard_normal((DRAWS, len(middle)))
    return drawn


def _limit(factors: pd.DataFrame, name: str, end: str) -> Floats:
    if f"{name}_{end}" not in factors.columns:
        return np.full(len(factors), np.nan)
    limits: Floats = factors[f"{name}_{end}"].to_numpy(dtype=float)
    return limits


def _logit(share: Floats) -> Floats:
    result: Floats = np.log(share / (1 - share))
    return result
