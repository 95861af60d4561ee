"""Closed lists of measures, and the arithmetic that brings each to one scale: the rate ratio.

Everything downstream multiplies rates, so every published effect becomes a ratio of rates
(events per person-year with, over without) or a change in a continuous factor.  Nothing here
guesses: a measure that needs the risk at which it was seen is refused without it.
"""

from __future__ import annotations

from math import isfinite, log
from statistics import NormalDist
from typing import Any, Literal

Measure = Literal[
    "rate_ratio",
    "hazard_ratio",
    "risk_ratio",
    "odds_ratio",
    "percentage_change",
    "mean_difference",
    "share_leaving_state",
    "risk_difference",
    "number_needed_to_treat",
    "events_averted_per_participant_year",
]
NEEDS_BASELINE_RISK = frozenset({"odds_ratio", "risk_ratio", "risk_difference", "number_needed_to_treat"})
NEEDS_BASELINE_RATE = frozenset({"events_averted_per_participant_year"})
PER_100_000 = 100_000.0


def odds_to_risk_ratio(odds_ratio: float, baseline_risk: float) -> float:
    """Risk ratio with the same meaning at `baseline_risk` p: OR / (1 − p + p·OR).  (Zhang and Yu 1998.)"""
    return odds_ratio / (1 - baseline_risk + baseline_risk * odds_ratio)


def risk_to_rate_ratio(risk_ratio: float, baseline_risk: float) -> float:
    """Ratio of constant rates behind a risk ratio: ln(1 − RR·p) / ln(1 − p), p the risk without.

    Raises ValueError where RR·p is not a probability below 1.
    """
    if not 0 < baseline_risk < 1:
        raise ValueError(f"a baseline risk must lie between 0 and 1, not {baseline_risk:g}")
    risk = risk_ratio * baseline_risk
    if not 0 <= risk < 1:
        raise ValueError(
            f"a risk ratio of {risk_ratio:g} at a baseline risk of {baseline_risk:g} makes a risk of "
            f"{risk:g}, which is no probability"
        )
    return log(1 - risk) / log(1 - baseline_risk)


def rate_ratio(
    measure: str,
    value: float,
    *,
    baseline_risk: float | None = None,
    baseline_rate: float | None = None,
    read_as_rate_ratio: bool = False,
) -> float:
    """A published effect as a rate ratio.

    rate_ratio, hazard_ratio                 θ = value
    risk_ratio                               θ = ln(1 − RR·p) / ln(1 − p)
    odds_ratio                               the same, with RR = OR / (1 − p + p·OR)
    percentage_change                        θ = 1 + value/100
    share_leaving_state                      θ = 1 − value  (what remains of the state)
    risk_difference d (negative is fewer)    RR = 1 + d/p
    number_needed_to_treat n                 RR = 1 − 1/(n·p)
    events_averted_per_participant_year a    θ = 1 − a/λ, λ the rate without

    `read_as_rate_ratio` is the author's stated choice to read a risk ratio as it stands.
    Raises ValueError for a missing baseline or an impossible result; nothing is clamped.
    """
    if measure in ("rate_ratio", "hazard_ratio") or (measure == "risk_ratio" and read_as_rate_ratio):
        theta = value
    elif measure == "percentage_change":
        theta = 1 + value / 100
    elif measure == "share_leaving_state":
        theta = 1 - value
    elif measure in NEEDS_BASELINE_RISK:
        theta = _from_risk(measure, value, baseline_risk)
    elif measure in NEEDS_BASELINE_RATE:
        if baseline_rate is None:
            raise ValueError(f"'{measure}' is absolute: it needs the 'baseline_rate' at which it was seen")
        theta = 1 - value / baseline_rate
    else:
        raise ValueError(f"'{measure}' is not a ratio of events")
    if not isfinite(theta) or theta <= 0:
        raise ValueError(f"{measure} {value:g} leaves {theta:g} of the rate, which must be above 0")
    return theta


def _from_risk(measure: str, value: float, baseline_risk: float | None) -> float:
    if baseline_risk is None:
        absolute = measure in ("risk_difference", "number_needed_to_treat")
        why = "is absolute: it" if absolute else "is not a rate ratio: it"
        raise ValueError(f"'{measure}' {why} needs the 'baseline_risk' at which it was seen")
    if not 0 < baseline_risk < 1:
        raise ValueError(f"a baseline risk must lie between 0 and 1, not {baseline_risk:g}")
    if measure == "number_needed_to_treat" and value == 0:
        raise ValueError("a number needed to treat can't be 0")
    if measure == "odds_ratio":
        ratio = odds_to_risk_ratio(value, baseline_risk)
    elif measure == "risk_difference":
        ratio = 1 + value / baseline_risk
    elif measure == "number_needed_to_treat":
        ratio = 1 - 1 / (value * baseline_risk)
    else:
        ratio = value
    if ratio <= 0:
        raise ValueError(f"{measure} {value:g} is more than the whole baseline risk of {baseline_risk:g}")
    return risk_to_rate_ratio(ratio, baseline_risk)


def standard_error(low: float, high: float, level: float = 0.95) -> float:
    """Standard error behind a symmetrical interval: (high − low) / (2 z), z the normal quantile."""
    return (high - low) / (2 * NormalDist().inv_cdf(0.5 + level / 2))


def attributable_fraction(prevalence: Any, ratio: Any) -> Any:
    """Population attributable fraction π(RR−1) / (1 + π(RR−1)), of numbers or of arrays.  (Levin 1953.)"""
    excess = prevalence * (ratio - 1)
    return excess / (1 + excess)


def uprate(amount: float, index: dict[str, float], *, from_year: str, to_year: str) -> float:
    """`amount` in the prices of `to_year`: amount · index[to] / index[from]."""
    return amount * index[to_year] / index[from_year]


def financial_year(start: int) -> str:
    """The financial year that begins in April of `start`: 2026 → '2026/27'."""
    return f"{start}/{(start + 1) % 100:02d}"
