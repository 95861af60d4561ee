"""Telling groups apart by an onset changes who gains, never how much is averted in all."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx
from random_worlds import LAW

from avert.packages import county_of, events_averted
from worlds import edge, effect, event, intervention, onset, open_world, write_world

ONLY_SERVICE = np.array([1])


def averted_in_all(
    *, stratifies: bool, prevalence: float, years_lived: float, ratio: float, remains: float
) -> list[float]:
    """Falls averted each year if everybody is offered a service that prevents the onset."""
    with tempfile.TemporaryDirectory() as folder:
        plan = write_world(
            Path(folder),
            nodes=[onset("dementia", prevalence, years_lived, stratifies=stratifies), event("fall_admission", 2000)],
            edges=[edge("dementia", "fall_admission", ratio)],
            interventions=[intervention("prevention", effect("dementia", remains, spread=0.01), duration_years=4)],
            plan={"years": "2026/27 to 2029/30"},
        )
        county = county_of(open_world(plan))
        each = [
            events_averted(county, "fall_admission", ONLY_SERVICE, entry=0, start=0, year=year)[0] for year in range(4)
        ]
        return [float(one @ county.strata.people) for one in each]


@LAW
@given(
    prevalence=st.floats(0.01, 0.45),
    years_lived=st.floats(1, 12),
    ratio=st.floats(0.5, 4),
    remains=st.floats(0.4, 1.3),
)
def test_an_onset_averts_the_same_events_told_apart_or_not(
    prevalence: float, years_lived: float, ratio: float, remains: float
) -> None:
    figures = {"prevalence": prevalence, "years_lived": years_lived, "ratio": ratio, "remains": remains}
    together = averted_in_all(stratifies=False, **figures)
    assert averted_in_all(stratifies=True, **figures) == approx(together, rel=1e-9, abs=1e-12)
