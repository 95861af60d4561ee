"""Random small libraries, each with several mechanisms at once, lived through by simulated people.

What the engine is known to approximate is left out, since it has tests of its own: no factor reaches an event by two
paths, no event comes through two conditions, no lag is part of a year or of a state that passes, only what acts in a
straight line begins part-way through a year, and nothing leads into an onset by which groups are told apart.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from compare import assert_alike, compared, offer

from worlds import AGES, continuous, edge, effect, event, intervention, leads_to, onset, open_world, state, write_world

YEARS = 3
CAUSED = ("stroke", "fall", "fall_adm", "stroke_adm")


def between(chance: Random, low: float, high: float) -> float:
    """A number with two decimals."""
    return round(chance.uniform(low, high), 2)


def random_world(chance: Random) -> dict[str, Any]:
    """Factors of every form, two conditions and two events; what leads to what, and how strongly, is random."""
    passing = {"persistence": between(chance, 0.3, 0.9)} if chance.random() < 0.5 else {}
    nodes = [
        state("frail", between(chance, 0.1, 0.4), stratifies=True, **passing),
        onset("dementia", between(chance, 0.03, 0.08), 5.0, stratifies=True),
        state("weak", {age: between(chance, 0.1, 0.3) for age in AGES}),
        continuous("pressure"),
        onset("stroke", between(chance, 0.01, 0.04), 6.0),
        onset("fall"),
        event("fall_adm", chance.randint(20_000, 40_000)),
        event("stroke_adm", {age: chance.randint(10_000, 40_000) for age in AGES}),
    ]
    edges = [
        leads_to("fall", "fall_adm", between(chance, 0.5, 1), chance.choice([1, 0.5])),
        leads_to("stroke", "stroke_adm", between(chance, 0.5, 1)),
        edge("stroke", "fall_adm", between(chance, 1.5, 3), reversible=between(chance, 0.4, 1), scope="direct"),
    ]
    for source in ("frail", "dementia", "weak", "pressure"):
        more = {"per": {"value": 10, "unit": "mmHg"}} if source == "pressure" else {}
        ratio: Any = between(chance, 1.2, 2)
        if chance.random() < 0.5:
            ratio = {age: ratio + 0.2 * n for n, age in enumerate(AGES)}
        lag = 0 if source == "frail" and passing else chance.choice([0, 0, 1])
        far = {"reversible": between(chance, 0.4, 1), "lag": lag, "scope": "direct"}
        edges.append(edge(source, chance.choice(CAUSED), ratio, **far, **more))
    services = [_service(chance, name) for name in ("classes", "medicines", "visits")]
    deaths = {"deaths": between(chance, 0.02, 0.15), "deaths_of": {"dementia": 2.0}, "growth": 0.01}
    return {
        "nodes": nodes,
        "edges": edges,
        "interventions": services,
        "odds_ratios": [("dementia", "frail", 2.0)],
    } | deaths


def _service(chance: Random, name: str) -> dict[str, Any]:
    effects = []
    for node in chance.sample(["frail", "weak", "pressure", "stroke", "fall", "fall_adm", "dementia"], 2):
        how = {"scope": chance.choice(["total", "direct"]), "design": chance.choice(["randomised", "uncontrolled"])}
        if node == "pressure":
            effects.append(effect(node, -between(chance, 3, 8), "mean_difference", **how))
        elif node in ("frail", "weak"):
            effects.append(effect(node, between(chance, 0.1, 0.5), "share_leaving_state", **how))
        else:
            harm = node == "stroke" and chance.random() < 0.3
            effects.append(effect(node, between(chance, 1.1, 1.3) if harm else between(chance, 0.5, 0.9), **how))
    duration = chance.choice([1, 2, 3])
    straight = {one["acts_on"] for one in effects} <= {"frail", "weak", "fall_adm"}
    late = [0, 3, 6] if straight else [0, 0, 12][: 2 + (duration > 1)]
    return intervention(
        name,
        *effects,
        uptake=between(chance, 0.4, 1),
        delivery=between(chance, 0.6, 1),
        onset_months=chance.choice(late),
        duration_years=duration,
        decay_per_year=chance.choice([0, 0.1, 0.3]),
        already_reached=chance.choice([0.05, 0.1]),
    )


def random_offers(chance: Random) -> pd.DataFrame:
    """Packages offered to some groups of two age bands, this year or next."""
    packages = ["classes", "medicines", "visits", "classes + medicines", "medicines + visits", "classes + visits"]
    groups = product(("75-84", "85+"), ("", "frail", "dementia", "dementia + frail"))
    rows = [
        offer("here", age, has, chance.choice(packages), 100, chance.choice(["2026/27", "2027/28"]))
        for age, has in groups
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize("seed", range(10))
def test_a_random_library(tmp_path: Path, seed: int) -> None:
    """Engine and simulation agree for every event and year, and for every event and group."""
    chance = Random(seed)
    people = {"here": dict.fromkeys(AGES, 50_000)}
    choices = {
        "evidence": chance.choice(["published", "shrunk"]),
        "take_up": chance.choice(["independent", "same_people"]),
    }
    plan = {"years": "2026/27 to 2028/29"} | choices
    path = write_world(tmp_path, **random_world(chance), people=people, plan=plan)
    frame = compared(open_world(path), random_offers(chance), years=YEARS, seed=seed, each=10_000, often=10)
    assert_alike(frame, ["event", "year"])
    assert_alike(frame, ["event", "age_band", "factors"], pool=0.1)
