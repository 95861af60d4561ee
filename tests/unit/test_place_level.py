"""Services that act on a whole place: they cover a share of everyone who lives there."""

from pathlib import Path

from pytest import approx

from avert.packages import county_of
from avert.programme import optimum_of
from worlds import effect, event, intervention, leads_to, onset, open_world, state, write_world

TWO_PLACES = {"coast": {"65-74": 1000, "75-84": 0, "85+": 0}, "hills": {"65-74": 3000, "75-84": 0, "85+": 0}}


def test_a_campaign_pays_for_residents_and_reaches_those_who_notice_it(tmp_path: Path) -> None:
    """£2 a head, £4,000: 2,000 of 4,000 residents covered, a quarter notice; 2,000 · 0.25 · 0.01 · 0.4 = 2."""
    campaign = intervention("campaign", effect("fall_admission", 0.6), level="place", uptake=0.25, cost=2)
    plan = write_world(
        tmp_path, nodes=[event("fall_admission", 1000)], interventions=[campaign], people=TWO_PLACES,
        plan={"money": {"council": 4000}},
    )  # fmt: skip
    optimum = optimum_of(county_of(open_world(plan)))
    assert optimum.objective == approx(2.0)
    spent = sum(value for name, value in optimum.values.items() if name.startswith("spend__")) * 100_000
    assert spent == approx(4000)


def test_a_campaign_cannot_pick_out_those_at_risk(tmp_path: Path) -> None:
    """It covers those with and without the factor alike: half the money, half of everyone.

    2,000 people at 10 per 1,000 in all: 20 falls; covering half of each group averts half of 20 · 0.5 = 5.
    Picking out the 400 at risk (RR 3, 8.57 a year) would have averted 4.29 for a fifth of the people.
    """
    campaign = intervention("campaign", effect("fall", 0.5), level="place", cost=1)
    plan = write_world(
        tmp_path,
        nodes=[state("frail", 0.2, stratifies=True), onset("fall"), event("fall_admission", 1000)],
        edges=[leads_to("fall", "fall_admission"), _edge()],
        interventions=[campaign], people={"here": {"65-74": 2000, "75-84": 0, "85+": 0}},
        plan={"money": {"council": 1000}},
    )  # fmt: skip
    optimum = optimum_of(county_of(open_world(plan)))
    assert optimum.objective == approx(5.0)
    assert optimum.max_violation <= 1e-9


def test_a_campaign_and_classes_overlap_exactly(tmp_path: Path) -> None:
    """£1 a head for 1,000 people and £2 for classes for 500 of them: 10 falls, 0.5 and 0.8.

    Campaign alone: 10 · 0.5 = 5.  Classes for 500 who have the campaign too: 5 · 0.5 · 0.2 = 0.5.  In all 5.5.
    """
    services = [
        intervention("campaign", effect("fall_admission", 0.5), level="place", cost=1),
        intervention("classes", effect("fall_admission", 0.8), cost=2),
    ]
    plan = write_world(
        tmp_path, nodes=[event("fall_admission", 1000)], interventions=services,
        people={"here": {"65-74": 1000, "75-84": 0, "85+": 0}}, plan={"money": {"council": 2000}},
    )  # fmt: skip
    optimum = optimum_of(county_of(open_world(plan)))
    assert optimum.objective == approx(5.5)
    sifted = optimum_of(county_of(open_world(plan)), at_once=False)
    assert sifted.objective == approx(5.5)


def _edge() -> dict[str, object]:
    from worlds import edge

    return edge("frail", "fall", 3)
