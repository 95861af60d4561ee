"""What an answer's evidence is worth: the share of it that rests on what is uncertain, or on what nobody saw."""

from __future__ import annotations

import pandas as pd

from avert.library.records import Intervention

NOT_SERVICES = ("overlap", "stopped", "total")
LOW_CERTAINTY, UNSEEN = "effects of low or very low certainty", "effects nobody saw in their source"


def standing_of(service: Intervention) -> tuple[str, bool]:
    """(lowest certainty of a service's effects, whether all of them were seen in their source)."""
    order = ("very_low", "low", "moderate", "high")
    worst = min((effect.certainty for effect in service.effects), key=order.index, default="very_low")
    return worst.replace("_", " "), not any(effect.estimate.is_assumption for effect in service.effects)


def rests_on(interventions: pd.DataFrame, averted: str = "admissions_averted_alone") -> pd.DataFrame:
    """rests_on and share_of_admissions [0 to 1], from a table of services; no rows where nothing is averted.

    share  =  Σ over services of that standing of what each averts / Σ over all services,
    services that avert nothing, or do harm, left out; `averted` is the column that says what each averts
    """
    services = interventions[~interventions["intervention"].isin(NOT_SERVICES)]
    gain = services[averted].fillna(0.0).clip(lower=0)
    if gain.sum() <= 0:
        return pd.DataFrame({"rests_on": [], "share_of_admissions": []})
    low = gain[services["certainty"].isin(["low", "very low"])].sum() / gain.sum()
    unseen = gain[~services["effect_seen"].astype(bool)].sum() / gain.sum()
    return pd.DataFrame({"rests_on": [LOW_CERTAINTY, UNSEEN], "share_of_admissions": [float(low), float(unseen)]})
