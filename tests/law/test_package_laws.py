"""Laws of packages: who may be offered more, or more together, never averts less."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from random_worlds import LAW, World, on_disk, optimum_or_refusal, slack, worlds


@LAW
@given(worlds(), st.integers(1, 3))
def test_larger_packages_never_avert_less(world: World, size: int) -> None:
    with on_disk(world) as opened:
        small = optimum_or_refusal(opened, largest_package=size)
        if small is None:
            return
        large = optimum_or_refusal(opened, largest_package=size + 1)
    assert large is not None
    assert large.objective >= small.objective - slack(large)


@LAW
@given(worlds("carry_over", "may_pay", "split", "staff", "ramp_up", "fairness"), st.integers(0, 4))
def test_a_service_open_to_more_people_never_averts_less(world: World, number: int) -> None:
    """Without lines that speak of those eligible today: they would mean something else.

    A service for a whole place costs more where it is meant for more people, so it is left as it is.
    """
    closed = [_plain(one) for one in world.interventions]
    wide = [dict(one) for one in closed]
    for_people = [one for one in wide if one.get("level") != "place"]
    for_people[number % len(for_people)].pop("eligible", None)
    values = []
    for services in (closed, wide):
        with on_disk(World(**(vars(world) | {"interventions": services}))) as opened:
            values.append(optimum_or_refusal(opened))
    narrow, open_to_more = values
    if narrow is not None:
        assert open_to_more is not None
        assert open_to_more.objective >= narrow.objective - slack(open_to_more)


@LAW
@given(worlds(), st.integers(0, 4))
def test_a_service_with_nothing_to_replace_it_never_averts_more(world: World, number: int) -> None:
    """Leaving a service out of the plan takes a choice away, unless a minimum wants it."""
    service = world.interventions[number % len(world.interventions)]["id"]
    free = world.without("today", "keep_services", "limits")
    bare = World(**(vars(free) | {"interventions": [_plain(one) for one in world.interventions]}))
    with on_disk(bare) as opened:
        fewer = optimum_or_refusal(opened, leave_out=[service])
        if fewer is None:
            return
        every = optimum_or_refusal(opened)
    assert every is not None
    assert every.objective >= fewer.objective - slack(every)


def _plain(service: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in service.items() if key != "already_reached"}
