"""Services that come in lumps: a cost to set up, a smallest size, all or nothing; and other ways to choose."""

from pathlib import Path
from typing import Any

from pytest import approx

from avert.packages import county_of
from avert.programme import Optimum, optimum_of
from worlds import effect, event, intervention, open_world, write_world

YOUNG = {"65-74": 1000, "75-84": 0, "85+": 0}


def solved(folder: Path, *services: dict[str, Any], people: dict[str, Any] | None = None, **plan: Any) -> Optimum:
    path = write_world(
        folder, nodes=[event("fall_admission", 1000)], interventions=list(services), plan=plan,
        people=people or {"here": YOUNG},
    )  # fmt: skip
    return optimum_of(county_of(open_world(path)))


def test_a_start_up_cost_is_paid_once_while_a_service_stays_open(tmp_path: Path) -> None:
    """£2,000 a year for two years: £1,000 to set up, then £1,000 and £2,000 of places at £10, 100 and 200 people.

    10 falls per 1,000, half averted: 300 · 0.005 = 1.5.
    """
    classes = intervention("classes", effect("fall_admission", 0.5), cost=10)
    optimum = solved(
        tmp_path, classes, years="2026/27 to 2027/28", money={"council": 2000}, lumpy={"classes": {"start_up": 1000}}
    )
    assert optimum.objective == approx(1.5)
    assert optimum.is_open == {("classes", "here", 0): 1, ("classes", "here", 1): 1}
    assert optimum.max_violation <= 1e-9


def test_a_service_below_its_smallest_size_is_not_opened(tmp_path: Path) -> None:
    """£1,000 buys 100 places of classes, which need 120; so visits, which avert a fifth instead of half."""
    services = [
        intervention("classes", effect("fall_admission", 0.5), cost=10),
        intervention("visits", effect("fall_admission", 0.8), cost=10),
    ]
    lumpy = {"classes": {"smallest": 120}}
    assert solved(tmp_path, *services, money={"council": 1000}, lumpy=lumpy).objective == approx(100 * 0.002)
    assert solved(tmp_path / "b", *services, money={"council": 1200}, lumpy=lumpy).objective == approx(120 * 0.005)


def test_all_or_nothing_fills_the_places_of_some_places(tmp_path: Path) -> None:
    """100 places by 500 and 1,500 people: 25 and 75.  £800 fills the 75 for £750; the rest stays unspent."""
    classes = intervention("classes", effect("fall_admission", 0.5), cost=10)
    people = {"coast": {**YOUNG, "65-74": 500}, "hills": {**YOUNG, "65-74": 1500}}
    optimum = solved(
        tmp_path, classes, people=people, money={"council": 800}, limits={"classes": 100},
        lumpy={"classes": {"all_or_nothing": True}},
    )  # fmt: skip
    assert optimum.objective == approx(75 * 0.005)
    assert optimum.gap <= 1e-6


def test_a_county_opens_a_service_once_for_all_places(tmp_path: Path) -> None:
    """£1,000 to open everywhere leaves £1,000: 100 people.  Two places of their own would cost £2,000."""
    classes = intervention("classes", effect("fall_admission", 0.5), cost=10)
    people = {"coast": {**YOUNG, "65-74": 50}, "hills": {**YOUNG, "65-74": 50}}
    plan: dict[str, Any] = {"money": {"council": 2000}}
    once = {"classes": {"start_up": 1000, "opens": "everywhere"}}
    assert solved(tmp_path, classes, people=people, lumpy=once, **plan).objective == approx(100 * 0.005)
    each = {"classes": {"start_up": 1000}}
    assert solved(tmp_path / "b", classes, people=people, lumpy=each, **plan).objective == approx(50 * 0.005)


def test_the_least_cost_of_a_target(tmp_path: Path) -> None:
    """1 admission: 200 people at £10, though £5,000 is there."""
    classes = intervention("classes", effect("fall_admission", 0.5), cost=10)
    optimum = solved(tmp_path, classes, money={"council": 5000}, objective="least_cost", target={"admissions": 1})
    assert -optimum.objective == approx(2000)


def test_the_second_objective_decides_between_equals_of_the_first(tmp_path: Path) -> None:
    """Two events of the same rate: classes avert the one with the longer stay, visits the other, both as many."""
    nodes = [event("fall_admission", 1000), event("stroke_admission", 1000)]
    nodes[1]["length_of_stay"] = {**nodes[1]["length_of_stay"], "value": 20, "interval": [10, 30]}
    services = [
        intervention("a_visits", effect("fall_admission", 0.5), cost=10),
        intervention("classes", effect("stroke_admission", 0.5), cost=10),
    ]
    plan = {"money": {"council": 1000}, "largest_package": 1, "objective": ["admissions", "bed_days"]}
    path = write_world(tmp_path, nodes=nodes, interventions=services, plan=plan, people={"here": YOUNG})
    optimum = optimum_of(county_of(open_world(path)))
    assert optimum.objective == approx(100 * 0.005 * 20, rel=1e-6)


def test_an_equity_weight_moves_money_to_a_place(tmp_path: Path) -> None:
    classes = intervention("classes", effect("fall_admission", 0.5), cost=10)
    people = {"coast": {**YOUNG, "65-74": 100}, "hills": {**YOUNG, "65-74": 100}}
    fairness = {"equity_weights": {"hills": 1.5}}
    optimum = solved(tmp_path, classes, people=people, money={"council": 1500}, fairness=fairness)
    assert optimum.objective == approx(100 * 0.005 * 1.5 + 50 * 0.005)
