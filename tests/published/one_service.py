"""Made-up counties with one service for everyone, in which other people's sums are worked again."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from avert.packages import County, county_of, events_averted, outcome_weights, worth
from avert.programme import MONEY_UNIT, Optimum
from worlds import figure, intervention, open_world, write_world

HERE = Path(__file__).parent
ONLY_SERVICE = np.array([1])
"""Row of the package with the only service there is; the empty one comes first."""
AS_A_RATE = "everyone counts once over the period, so the ratio of counts is the ratio of risks"


def table(name: str) -> list[dict[str, str]]:
    """Rows of a table beside this file."""
    return list(csv.DictReader((HERE / name).read_text(encoding="utf-8").splitlines()))


def county_with(
    folder: Path,
    nodes: list[dict[str, Any]],
    *effects: dict[str, Any],
    people: float = 1000,
    edges: list[dict[str, Any]] | None = None,
    years: str = "2026/27",
    unit_costs: dict[str, float] | None = None,
    **more: Any,
) -> County:
    """One place, one age band, nobody dies, one service with these effects.

    `unit_costs` maps names to pounds per event, all of it cashable; a price index and what an
    intervention of `worlds` may hold are passed on.
    """
    plan: dict[str, Any] = {"years": years, "money": {"council": more.pop("money", 10**9)}}
    plan |= {key: more.pop(key) for key in ("prices",) if key in more}
    world = {key: more.pop(key) for key in ("price_index",) if key in more}
    path = write_world(
        folder,
        nodes=nodes,
        edges=edges or [],
        interventions=[intervention("service", *effects, **more)],
        people={"here": {"65-74": people, "75-84": 0, "85+": 0}},
        plan=plan,
        **world,
    )
    if unit_costs:
        costs = [_unit_cost(name, pounds) for name, pounds in unit_costs.items()]
        text = yaml.safe_dump({"id": "unit_costs", "costs": costs})
        (folder / "evidence/costs/unit_costs.yaml").write_text(text, encoding="utf-8")
    return county_of(open_world(path))


def _unit_cost(name: str, pounds: float) -> dict[str, Any]:
    return {
        "id": name,
        "label": name,
        "cost": figure(pounds, unit="GBP/admission", price_year="2024/25"),
        "cashable_share": {"value": 1, "reason": "the published sum counts all of it"},
    }


def averted(county: County, event: str) -> float:
    """Events averted if everyone is offered the service in the first year, over all years of the plan."""
    each = events_averted(county, event, ONLY_SERVICE, entry=0, start=0)
    return float((county.strata.people * each[0]).sum())


def worth_of(county: County, outcome: str) -> float:
    """The same in bed days or pounds saved."""
    each = worth(county, outcome_weights(county, outcome), ONLY_SERVICE, entry=0, start=0)
    return float((county.strata.people * each[0]).sum())


def spent(optimum: Optimum) -> float:
    """Pounds spent at the optimum."""
    return MONEY_UNIT * sum(value for name, value in optimum.values.items() if name.startswith("spend__"))
