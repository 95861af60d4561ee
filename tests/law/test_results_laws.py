"""What tables say of a plan is what the programme says of it, and evaluating its offers says it again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from random_worlds import LAW, Opened, World, on_disk, worlds_with_covers

from avert.appraisal import evaluated, optimal_appraisal
from avert.errors import NoFeasiblePlan
from avert.programme import MONEY_UNIT
from avert.results import Result, result_of

SIMPLE: dict[str, Any] = {"objective": "admissions", "money_is": "additional", "years_counted_beyond": 0}
"""A plan whose objective is what its table of outcomes adds up."""
ROUNDED = 1e-6
"""Tables are rounded to so much, row by row."""


def result_or_none(opened: Opened) -> Result | None:
    """The result of the plan, or None if it cannot be kept."""
    try:
        return result_of(optimal_appraisal(opened.plan(**SIMPLE, keep_services=None)))
    except NoFeasiblePlan:
        return None


@settings(LAW, max_examples=25)
@given(worlds_with_covers())
def test_tables_add_up_to_the_spend_and_the_objective_of_the_programme(world: World) -> None:
    with on_disk(world) as opened:
        result = result_or_none(opened)
    if result is None:
        return
    optimum = result.appraisal.optimum
    assert optimum is not None
    spent = sum(value for name, value in optimum.values.items() if name.startswith("spend__")) * MONEY_UNIT
    allowed = ROUNDED * (1 + len(result.allocation)) + people_left_out(result) * 1000
    assert result.allocation["spend"].sum() == pytest.approx(spent, rel=1e-6, abs=allowed)
    equity = world.plan.get("fairness", {}).get("equity_weights", {})
    admission = {n["id"]: n.get("counts_as") == "emergency_admission" for n in world.nodes}
    counted = result.outcomes[result.outcomes["event"].map(admission)]
    weights = counted["place"].map(lambda place: equity.get(place, 1.0))
    averted = float((counted["averted"] * weights).sum())
    assert averted == pytest.approx(optimum.objective, rel=1e-6, abs=ROUNDED * (1 + len(counted)))


def people_left_out(result: Result) -> float:
    """Rows of fewer people than count as an offer."""
    optimum = result.appraisal.optimum
    assert optimum is not None
    return float(optimum.people[optimum.people <= 1e-6].sum() + optimum.covered[optimum.covered <= 1e-6].sum() * 1e4)


@settings(LAW, max_examples=25)
@given(worlds_with_covers())
def test_evaluating_the_offers_of_a_plan_says_again_what_it_averts(world: World) -> None:
    with on_disk(world) as opened:
        result = result_or_none(opened)
        if result is None:
            return
        again = result_of(evaluated(opened.plan(**SIMPLE, keep_services=None), result.offers, years=None))
    keys = ["year", "event", "place"]
    first, second = (one.outcomes.set_index(keys)["averted"] for one in (result, again))
    assert second.to_numpy() == pytest.approx(first.loc[second.index].to_numpy(), rel=1e-6, abs=1e-5)
    assert again.spend == pytest.approx(result.spend, rel=1e-6, abs=1e-2)
