"""What an answer's evidence is worth: the share of it that rests on what is uncertain, or on what nobody saw."""

from __future__ import annotations

import pandas as pd

NOT_SERVICES = ("overlap", "stopped", "total")
LOW_CERTAINTY, UNSEEN = "effects of low or very low certainty", "effects nobody saw in their source"


def rests_on(interventions: pd.DataFrame) -> pd.DataFrame:
    """rests_on and share_of_admissions [0 to 1], from the table `interventions`; no rows where nothing is averted.

    share  =  Σ over services of that standing of what each averts alone / Σ over all services,
    services that avert nothing, or do harm, left out
    """
    services = interventions[~interventions["intervention"].isin(NOT_SERVICES)]
    gain = services["admissions_averted_alone"].clip(lower=0)
    if gain.sum() <= 0:
        return pd.DataFrame({"rests_on": [], "share_of_admissions": []})
    low = gain[services["certainty"].isin(["low", "very low"])].sum() / gain.sum()
    unseen = gain[~services["effect_seen"].astype(bool)].sum() / gain.sum()
    return pd.DataFrame({"rests_on": [LOW_CERTAINTY, UNSEEN], "share_of_admissions": [float(low), float(unseen)]})
