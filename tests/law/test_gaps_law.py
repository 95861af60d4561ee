"""The held allocation's Lagrangian moves as the true optimum does, and no held plan beats one found afresh."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from pytest import approx
from random_worlds import LAW, World, on_disk, optimum_or_refusal, slack, worlds, worlds_with_covers

from avert.appraisal import gaps_of, ledger_under
from avert.appraisal.gaps import Gaps, answer_of, gain_at, with_services
from avert.appraisal.in_force import InForce, under
from avert.appraisal.lagrangian import counted, stopped
from avert.appraisal.newcomers import stays_out
from avert.appraisal.optimise import optimal_appraisal
from avert.errors import AvertError
from avert.plan import PlanInFull
from avert.programme import objective_weights
from worlds import AGES, edge, effect, event, intervention, open_world, state, write_world

STEP = 1e-3
"""Half of a small move, as a share of the figure."""
JUDGED = {"verification": "recalled", "assumption": "made up", "interval_basis": "assumed"}


def assumed(data: Any) -> Any:
    """The same records with every figure an assumption, none too precise."""
    if isinstance(data, list):
        return [assumed(one) for one in data]
    if not isinstance(data, dict):
        return data
    if "interval" in data and "value" in data:
        kept = {key: one for key, one in data.items() if key not in ("source", "seen_in", "seen_as")}
        low, high = kept["interval"]
        if high - low < 0.3 * abs(kept["value"]):
            kept["interval"] = sorted((0.7 * kept["value"], 1.3 * kept["value"]))
        return kept | JUDGED
    return {key: assumed(one) for key, one in data.items()}


def tight_world(folder: Path, **plan: Any) -> PlanInFull:
    """Three services of which money, places and hours each bind one, over two years in two places."""
    classes = intervention(
        "classes", effect("fall", 0.7), uptake=0.4, delivery=0.8, cost=120, follow_on_cost=20, duration_years=2,
        decay_per_year=0.3, already_reached=0.1, onset_months=2,
    )  # fmt: skip
    visits = intervention("visits", effect("fracture", 0.5), uptake=0.5, cost=200, staff_hours={"nurse": 3})
    pills = intervention("pills", effect("stroke", 0.8), uptake=0.6, cost=40, follow_on_cost=30, duration_years=1.5)
    record = {
        "years": "2026/27 to 2027/28",
        "money": {"council": 60_000, "icb": 45_000},
        "may_pay": {"icb": ["pills", "visits"]},
        "limits": {"pills": 350},
        "staff": {"nurse": 500},
        "largest_package": 2,
    }
    path = write_world(
        folder,
        nodes=assumed(
            [
                state("frail", {"65-74": 0.1, "75-84": 0.2, "85+": 0.4}, stratifies=True),
                state("weak", 0.3),
                event("fall", {"65-74": 900, "75-84": 2000, "85+": 5000}),
                event("fracture", 800),
                event("stroke", {"65-74": 500, "75-84": 900, "85+": 1500}),
            ]
        ),
        edges=assumed([edge("frail", "fall", 2.5), edge("weak", "fracture", 1.8), edge("frail", "stroke", 1.3)]),
        interventions=assumed([classes, visits, pills]),
        plan=record | plan,
        people={"ashby": {"65-74": 900, "75-84": 500, "85+": 210}, "brook": {"65-74": 610, "75-84": 470, "85+": 260}},
        deaths={"65-74": 0.02, "75-84": 0.05, "85+": 0.14},
        growth=0.02,
    )
    area = folder / "area-area.yaml"
    area.write_text(yaml.safe_dump(assumed(yaml.safe_load(area.read_text(encoding="utf-8")))), encoding="utf-8")
    return open_world(path)


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Gaps:
    return gaps_of(tight_world(tmp_path_factory.mktemp("tight")), jobs=1)


def figure_of(gaps: Gaps, record: str, *where: str) -> InForce:
    return next(one for one in gaps.figures if one.record == record and one.placed.names == where)


def optimum_at(gaps: Gaps, figure: InForce, value: float) -> float:
    return answer_of(optimal_appraisal(under(gaps.plan, figure, value)))


def test_money_places_and_hours_all_bind(tight: Gaps) -> None:
    for family in ("within_contribution", "within_capacity", "within_workforce"):
        assert min(price for line, price in tight.held.price.items() if line.startswith(family)) < -1e-6
    assert len(tight.held.bought) == 3


def test_the_lagrangian_as_things_stand_differs_from_the_optimum_by_a_constant_only(tight: Gaps) -> None:
    """Complementary slackness: Σ price · (use − limit) is what the fixed limits of the plan are worth."""
    limits = sum(
        price * limit
        for line, price in tight.held.price.items()
        if line.split("__")[0] in ("within_contribution", "within_workforce")
        for limit in [tight.appraisal.optimum.limit[line]]  # type: ignore[union-attr]
    )
    assert tight.held.as_it_stands == approx(tight.answer + limits, rel=1e-6)


KINDS = (
    ("classes", "cost"), ("classes", "follow_on_cost"), ("pills", "cost"), ("visits", "cost"),
    ("classes", "uptake"), ("visits", "uptake"), ("pills", "uptake"),
    ("classes", "delivery"), ("classes", "decay_per_year"), ("classes", "onset_months"),
    ("classes", "effects", "fall", "estimate"), ("visits", "effects", "fracture", "estimate"),
    ("pills", "duration_years"), ("visits", "staff_hours", "nurse"), ("classes", "already_reached", "all ages"),
    ("main", "nodes", "frail", "prevalence", "85+"), ("main", "nodes", "fracture", "england_rate", "all ages"),
    ("main", "edges", "frail → fall", "estimate", "all ages"), ("area", "deaths", "by_age", "75-84"),
    ("area", "population_growth"),
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: " ".join(kind))
def test_small_moves_move_the_optimum_as_they_move_the_lagrangian(tight: Gaps, kind: tuple[str, ...]) -> None:
    figure = figure_of(tight, *kind)
    value = figure.placed.figure.value
    low, high = value * (1 - STEP), value * (1 + STEP)
    true = optimum_at(tight, figure, high) - optimum_at(tight, figure, low)
    held = gain_at(tight.held, figure, high) - gain_at(tight.held, figure, low)
    assert held == approx(true, rel=0.02, abs=1e-6)
    assert true != 0


LINES: dict[str, dict[str, Any]] = {
    "for everything": {"money_is": "everything", "keep_services": {"classes": "80%"}, "today": {"classes": 90}},
    "the same everywhere": {"fairness": {"offers": "same_everywhere"}},
    "least spend in places": {"fairness": {"each_place_at_least": "97% of its head share"}},
    "least averted somewhere": {"fairness": {"minimum": [{"places": ["brook"], "admissions_averted": 2.42}]}},
    "equal access": {"fairness": {"equal_access": "97%"}},
    "equity": {"fairness": {"equity_weights": {"brook": 1.5}}},
    "cost counts": {"objective": {"admissions": 1, "net_cost": 0.00002}},
    "least cost": {"objective": "least_cost", "target": {"admissions": 8}},
    "one after the other": {"objective": ["bed_days", "admissions"]},
    "benefits later on": {"years_counted_beyond": 2},
    "kept for later": {"carry_over": ["council", "icb"]},
    "growing slowly": {"ramp_up": {"visits": {"first_year": 60, "growth": "20%"}}},
    "pulled together": {"evidence": "shrunk"},
    "the same people": {"take_up": "same_people"},
    "in lumps": {"lumpy": {"pills": {"start_up": 4000, "smallest": 50, "opens": "everywhere"}}},
    "agreed shares": {"split": {"pills": {"council": "50%", "icb": "50%"}}},
}
FEW = (
    ("classes", "uptake"), ("classes", "cost"), ("classes", "effects", "fall", "estimate"), ("pills", "uptake"),
    ("visits", "staff_hours", "nurse"), ("main", "nodes", "frail", "prevalence", "85+"),
    ("area", "deaths", "by_age", "75-84"), ("classes", "already_reached", "all ages"),
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_the_same_under_every_kind_of_line(tmp_path: Path, line: str) -> None:
    """A step to either side: where the optimum has a kink, the Lagrangian lies between its two slopes."""
    gaps = gaps_of(tight_world(tmp_path, **LINES[line]), jobs=1)
    for kind in FEW:
        found = [one for one in gaps.figures if one.record == kind[0] and one.placed.names == kind[1:]]
        for figure in found:
            value = figure.placed.figure.value
            ends = value * (1 - STEP), value * (1 + STEP)
            true = [optimum_at(gaps, figure, end) - gaps.answer for end in ends]
            held = [gain_at(gaps.held, figure, end) for end in ends]
            slopes = sorted((-true[0], true[1]))
            room = 0.03 * max(abs(one) for one in slopes) + 2e-6 * abs(gaps.answer)
            assert slopes[0] - room <= held[1] <= slopes[1] + room, (kind, true, held)


def test_the_same_for_a_service_on_a_whole_place(tmp_path: Path) -> None:
    campaign = intervention(
        "campaign", effect("fracture", 0.6), uptake=0.3, cost=9, level="place", follow_on_cost=2, duration_years=2
    )
    classes = intervention("classes", effect("fall", 0.7), uptake=0.4, cost=120)
    path = write_world(
        tmp_path, nodes=assumed([state("frail", 0.2, stratifies=True), event("fall", 2000), event("fracture", 800)]),
        edges=assumed([edge("frail", "fall", 2.5), edge("frail", "fracture", 1.5)]),
        interventions=assumed([campaign, classes]), deaths=0.04, people={"here": dict.fromkeys(AGES, 1000)},
        plan={"money": {"council": 20_000}, "years": "2026/27 to 2027/28"},
    )  # fmt: skip
    gaps = gaps_of(open_world(path), jobs=1)
    assert gaps.held.covered.sum() > 0
    tried = 0
    for figure in gaps.figures:
        value = figure.placed.figure.value
        if value and figure.placed.field != "duration_years" and value not in figure.placed.figure.interval:
            ends = value * (1 - STEP), value * (1 + STEP)
            true = optimum_at(gaps, figure, ends[1]) - optimum_at(gaps, figure, ends[0])
            held = gain_at(gaps.held, figure, ends[1]) - gain_at(gaps.held, figure, ends[0])
            assert held == approx(true, rel=0.02, abs=2e-6), figure.placed.names
            tried += 1
    assert tried >= 10


def test_the_table_does_not_depend_on_how_the_work_is_shared(tight: Gaps) -> None:
    again = gaps_of(tight.plan, jobs=2)
    assert again.table.equals(tight.table)


def held_value(gaps: Gaps, figure: InForce, value: float) -> float:
    """What the held offers are worth under the figure, nothing charged."""
    ledger = gaps.held.ledger_in(ledger_under(gaps.held.ledger, under(gaps.plan, figure, value)))
    return counted(ledger, objective_weights(ledger.county), None) + stopped(ledger)


def uses_no_more(figure: InForce, value: float) -> bool:
    """Whether the held plan stays feasible for certain: the figure is of what is averted, or less is used."""
    placed = figure.placed
    if placed.field in ("cost", "follow_on_cost", "staff_hours"):
        return value <= placed.figure.value
    return bool(figure.service) and placed.field in ("delivery", "decay_per_year", "onset_months", "estimate")


def refused_or_optimum(gaps: Gaps, figure: InForce, value: float) -> float | None:
    try:
        return optimum_at(gaps, figure, value)
    except AvertError:
        return None


def counts_money(gaps: Gaps) -> bool:
    """Whether the objective counts what is spent, of which `held_value` knows nothing."""
    return bool({"net_cost", "least_cost", "spend"} & gaps.plan.record.objective[0].keys())


def must_avert(gaps: Gaps) -> bool:
    """Whether a plan must avert so much at the least, which held offers may miss where they avert less."""
    record = gaps.plan.record
    return bool(record.target) or any(one.admissions_averted is not None for one in record.fairness.minimum)


def no_held_plan_beats_the_best(gaps: Gaps, most: int) -> int:
    tried = 0
    for figure in gaps.figures:
        for end in figure.placed.figure.interval or ():
            if tried < most and uses_no_more(figure, end):
                afresh = refused_or_optimum(gaps, figure, end)
                if afresh is not None:
                    optimum = gaps.appraisal.optimum
                    assert optimum is not None
                    assert afresh >= held_value(gaps, figure, end) - 10 * slack(optimum) - 1e-6 * abs(afresh)
                    tried += 1
    return tried


def test_no_held_plan_beats_the_one_found_afresh(tight: Gaps) -> None:
    assert no_held_plan_beats_the_best(tight, 40) > 20


@given(worlds())
@LAW
def test_in_any_world_every_swing_is_a_number_and_what_nobody_is_offered_moves_nothing(world: World) -> None:
    judged = replace(world, interventions=assumed(world.interventions))
    with on_disk(judged) as opened:
        if optimum_or_refusal(opened) is None:
            return
        gaps = gaps_of(opened.plan(), jobs=1)
        table = gaps.table
        assert np.isfinite(table["swing"]).all()
        assert (table["swing"] >= 0).all()
        outside = (table["in_plan"] == "not bought") & ~table["record"].isin(gaps.held.county.reached_today)
        assert (table.loc[outside, "swing"] == 0).all()


@given(worlds())
@settings(LAW, max_examples=15)
def test_what_is_proved_to_stay_out_stays_out(world: World) -> None:
    """Services that pay for nobody by themselves at the prices leave the optimum as it is, whatever the figure."""
    judged = replace(world, interventions=assumed(world.interventions)).without("lumpy")
    with on_disk(judged) as opened:
        if optimum_or_refusal(opened) is None:
            return
        gaps = gaps_of(opened.plan(), jobs=1)
        held, optimum = gaps.held, gaps.appraisal.optimum
        assert optimum is not None
        for figure in gaps.figures:
            for end in (figure.placed.figure.interval or ()) if figure.service in held.not_bought else ():
                try:
                    county = with_services(held.county, under(gaps.plan, figure, end))
                    if stays_out(held, gaps.appraisal.county, county, figure.service):
                        assert optimum_at(gaps, figure, end) <= gaps.answer + 10 * slack(optimum)
                except (AvertError, ValueError):  # an end the model refuses, such as a baseline risk of 0
                    continue


@given(worlds_with_covers())
@settings(LAW, max_examples=5)
def test_covers_are_held_too(world: World) -> None:
    judged = replace(world, interventions=assumed(world.interventions))
    with on_disk(judged) as opened:
        if optimum_or_refusal(opened) is None:
            return
        gaps = gaps_of(opened.plan(), jobs=1)
        if not counts_money(gaps) and not must_avert(gaps):
            no_held_plan_beats_the_best(gaps, 6)
