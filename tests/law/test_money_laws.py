"""Laws of money and of lines: more never hurts, less and less is gained, prices lie between the slopes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_plans import YEARS
from random_worlds import LAW, World, on_disk, optimum_or_refusal, slack, worlds

from avert.packages import county_of
from avert.programme import MONEY_UNIT, optimum_of
from worlds import effect, event, intervention, open_world, write_world

Money = dict[str, dict[str, float]]
RULES = ("each_place_at_least", "offers", "minimum", "equal_access")
FACTORS = st.lists(st.sampled_from([0.0, 0.25, 1.0, 1.7, 4.0]), min_size=8, max_size=8)


def by_year(world: World) -> Money:
    """Contributions of every partner, spelt out year by year."""
    years = YEARS[: YEARS.index(world.plan["years"][-7:]) + 1]
    return {
        partner: {year: float(stated[year] if isinstance(stated, dict) else stated) for year in years}
        for partner, stated in world.plan["money"].items()
    }


def scaled(money: Money, factors: list[float]) -> Money:
    """Every contribution times its own factor."""
    left = iter(factors)
    return {
        partner: {year: amount * next(left) for year, amount in stated.items()} for partner, stated in money.items()
    }


@LAW
@given(worlds(), FACTORS)
def test_more_money_never_averts_less(world: World, factors: list[float]) -> None:
    money = by_year(world)
    with on_disk(world) as opened:
        less = optimum_or_refusal(opened, money=money)
        if less is None:
            return
        more = optimum_or_refusal(opened, money=scaled(money, [1 + factor for factor in factors]))
    assert more is not None
    assert more.objective >= less.objective - slack(more)


@LAW
@given(worlds(), FACTORS)
def test_each_further_pound_averts_no_more_than_the_one_before(world: World, factors: list[float]) -> None:
    low = by_year(world)
    high = scaled(low, factors)
    middle = {m: {year: (low[m][year] + high[m][year]) / 2 for year in low[m]} for m in low}
    with on_disk(world) as opened:
        ends = [optimum_or_refusal(opened, money=money) for money in (low, high)]
        if ends[0] is None or ends[1] is None:
            return
        between = optimum_or_refusal(opened, money=middle)
    assert between is not None
    assert between.objective >= (ends[0].objective + ends[1].objective) / 2 - slack(between)


@LAW
@given(worlds(), st.data())
def test_a_further_line_never_averts_more(world: World, data: st.DataObject) -> None:
    looser = data.draw(st.sampled_from([*_without_a_line(world), world]))
    with on_disk(world) as opened:
        kept = optimum_or_refusal(opened)
        if kept is None:
            return
        left_out = dict.fromkeys(world.plan) | looser.plan
        free = optimum_or_refusal(opened, **left_out)
    assert free is not None
    assert free.objective >= kept.objective - slack(kept)


def _without_a_line(world: World) -> list[World]:
    """The world without each one of the lines that only take away."""
    found = [world.without(line) for line in ("limits", "staff", "ramp_up", "keep_services") if line in world.plan]
    if "target" in world.plan and world.plan["objective"] != "least_cost":
        found.append(world.without("target"))
    if "may_pay" in world.plan:
        found.append(world.without("may_pay"))
    elif "split" in world.plan:  # an agreed split lifts ring-fences, so it only takes away where there are none
        found.append(world.without("split"))
    fairness = world.plan.get("fairness", {})
    for rule in RULES:
        if rule in fairness:
            found.append(world.planned(fairness={key: one for key, one in fairness.items() if key != rule}))
    if "carry_over" not in world.plan:
        found.append(world.planned(carry_over=list(world.plan["money"])))
    return found


@LAW
@given(worlds(), st.data())
def test_a_price_lies_between_what_the_next_pound_adds_and_the_last_one_added(
    world: World, data: st.DataObject
) -> None:
    money = by_year(world)
    partner = data.draw(st.sampled_from(sorted(money)))
    year = data.draw(st.sampled_from(sorted(money[partner])))
    step = money[partner][year] * 0.05
    up, down = ({m: dict(stated) for m, stated in money.items()} for _ in range(2))
    up[partner][year] += step
    down[partner][year] -= step
    with on_disk(world) as opened:
        here = optimum_or_refusal(opened, money=money)
        if here is None:
            return
        after, before = optimum_or_refusal(opened, money=up), optimum_or_refusal(opened, money=down)
    value = -here.price[f"within_contribution__{partner}__{YEARS.index(year)}"]
    steps, doubt = step / MONEY_UNIT, slack(here)
    assert after is not None
    assert value >= (after.objective - here.objective - doubt) / steps
    if before is not None:
        assert value <= (here.objective - before.objective + doubt) / steps


def test_where_money_is_all_that_is_short_its_price_is_what_it_buys(tmp_path: Path) -> None:
    """One service, one place, one partner: £100 buys a hundredth of a fifth of an admission, so £100,000 buys two."""
    services = [intervention("classes", effect("fall_admission", 0.8), cost=100)]
    path = write_world(
        tmp_path, nodes=[event("fall_admission", 1000)], interventions=services, plan={"money": {"council": 150_000}}
    )
    optimum = optimum_of(county_of(open_world(path)))
    assert -optimum.price["within_contribution__council__0"] == pytest.approx(2.0)
