"""One mechanism at a time: small libraries in which the engine and simulated people must agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from compare import ERRORS, assert_alike, compared, offer, summed

from worlds import AGES, continuous, edge, effect, event, intervention, leads_to, onset, open_world, state, write_world

HERE = {"here": dict.fromkeys(AGES, 100_000)}
BY = ["event", "age_band", "factors", "year"]
LEAVES = "share_leaving_state"
World = dict[str, Any]
Offers = list[dict[str, object]]


def to(package: str, factors: str = "", age: str = "75-84", people: float = 1000, year: str = "2026/27") -> Any:
    """A package offered to a group here."""
    return offer("here", age, factors, package, people, year)


def lived(folder: Path, world: World, offers: Offers, *, years: int = 1, plan: World | None = None, **how: Any) -> Any:
    """The offers lived through and worked out, in a world of some nodes, edges and services."""
    span = "2026/27" if years == 1 else f"2026/27 to {2025 + years}/{26 + years}"
    path = write_world(folder, **({"people": HERE} | world), plan={"years": span} | (plan or {}))
    how = {"seed": 1, "each": 100_000, "often": 10} | how
    return compared(open_world(path), pd.DataFrame(offers), years=years, **how)


FALLS = {"nodes": [onset("fall"), event("adm", 20_000)], "edges": [leads_to("fall", "adm", 0.8)]}
LASTS = {"duration_years": 5}

MECHANISMS: dict[str, tuple[World, Offers, World]] = {
    "a state leads to a condition, the condition to an event": (
        {
            "nodes": [state("weak", 0.3), onset("fall"), event("adm", 20_000)],
            "edges": [edge("weak", "fall", 2.5), leads_to("fall", "adm", 0.7)],
            "interventions": [intervention("a", effect("weak", 0.4, LEAVES))],
        },
        [to("a")],
        {"each": 300_000},
    ),
    "part of the excess is reversible, some take part, the effect begins late and is delivered in part": (
        {
            "nodes": [state("frail", 0.3, stratifies=True), event("adm", 20_000)],
            "edges": [edge("frail", "adm", 2.5, reversible=0.5)],
            "interventions": [
                intervention("a", effect("frail", 0.4, LEAVES), uptake=0.5, delivery=0.8, onset_months=3)
            ],
        },
        [to("a", "frail")],
        {"each": 200_000},
    ),
    "two services on one node": (
        FALLS
        | {
            "interventions": [
                intervention("a", effect("fall", 0.6), uptake=0.6),
                intervention("b", effect("fall", 0.7), uptake=0.5),
            ]
        },
        [to("a + b"), to("a", age="85+")],
        {},
    ),
    "the same people say yes": (
        FALLS
        | {
            "interventions": [
                intervention("a", effect("fall", 0.6), uptake=0.6),
                intervention("b", effect("fall", 0.7), uptake=0.5),
            ]
        },
        [to("a + b")],
        {"plan": {"take_up": "same_people"}},
    ),
    "one service on two nodes": (
        {
            "nodes": [onset("fall"), onset("infection"), event("adm", 20_000), event("other", 20_000)],
            "edges": [leads_to("fall", "adm", 0.8), leads_to("infection", "other", 0.5)],
            "interventions": [intervention("a", effect("fall", 0.6), effect("infection", 0.8))],
        },
        [to("a")],
        {},
    ),
    "a lag of a year and a half": (
        {
            "nodes": [state("weak", 0.3), event("adm", 20_000)],
            "edges": [edge("weak", "adm", 2.5, lag=1.5)],
            "interventions": [intervention("a", effect("weak", 0.4, LEAVES), **LASTS)],
        },
        [to("a")],
        {"years": 4},
    ),
    "the effect begins late, fades and ends, and people die": (
        {
            "nodes": [state("frail", 0.2, stratifies=True), event("adm", 20_000)],
            "edges": [edge("frail", "adm", 2)],
            "interventions": [
                intervention("a", effect("adm", 0.5), duration_years=2.5, decay_per_year=0.3, onset_months=6)
            ],
            "deaths": 0.1,
            "deaths_of": {"frail": 2.0},
        },
        [to("a", "frail"), to("a", age="85+", year="2027/28")],
        {"years": 4},
    ),
    "a state passes and comes back": (
        {
            "nodes": [state("frail", 0.3, stratifies=True, persistence=0.5), event("adm", 20_000)],
            "edges": [edge("frail", "adm", 2.5)],
            "interventions": [intervention("a", effect("frail", 0.4, LEAVES), **LASTS)],
        },
        [to("a"), to("a", "frail"), to("a", "frail", age="85+", year="2027/28")],
        {"years": 4},
    ),
    "half of an effect passes through": (
        {
            "nodes": [onset("fall"), event("adm", 20_000)],
            "edges": [leads_to("fall", "adm", 0.8, pass_through=0.5)],
            "interventions": [intervention("a", effect("fall", 0.5), uptake=0.6)],
        },
        [to("a")],
        {},
    ),
    "harm": (
        {
            "nodes": [onset("bleed"), event("bleed_adm", 20_000, harm=True)],
            "edges": [leads_to("bleed", "bleed_adm", 0.8)],
            "interventions": [intervention("a", effect("bleed", 1.5), uptake=0.6)],
        },
        [to("a")],
        {},
    ),
    "harm done by a state": (
        {
            "nodes": [state("weak", 0.2), event("adm", 20_000)],
            "edges": [edge("weak", "adm", 3)],
            "interventions": [intervention("a", effect("weak", 1.5), uptake=0.6)],
        },
        [to("a")],
        {"each": 200_000},
    ),
    "a total estimate on one event masks the chain there and only there": (
        {
            "nodes": [state("weak", 0.3), onset("fall"), event("adm", 20_000), event("other", 20_000)],
            "edges": [edge("weak", "fall", 3), leads_to("fall", "adm", 1), leads_to("fall", "other", 1)],
            "interventions": [
                intervention("a", effect("weak", 0.5, LEAVES), effect("adm", 0.9)),
                intervention("b", effect("weak", 0.3, LEAVES)),
            ],
        },
        [to("a"), to("a + b", age="85+")],
        {},
    ),
    "a direct estimate stands beside the chain": (
        {
            "nodes": [state("weak", 0.3), event("adm", 20_000)],
            "edges": [edge("weak", "adm", 3)],
            "interventions": [intervention("a", effect("weak", 0.5, LEAVES), effect("adm", 0.9, scope="direct"))],
        },
        [to("a")],
        {},
    ),
    "a continuous factor": (
        {
            "nodes": [continuous("pressure"), onset("stroke"), event("adm", 20_000)],
            "edges": [
                edge("pressure", "stroke", 1.4, per={"value": 10, "unit": "mmHg"}, lag=1, reversible=0.8),
                leads_to("stroke", "adm", 1),
            ],
            "interventions": [
                intervention("a", effect("pressure", -6, "mean_difference"), duration_years=3, decay_per_year=0.2),
                intervention("b", effect("pressure", -4, "mean_difference"), duration_years=3, delivery=0.5),
            ],
        },
        [to("a + b")],
        {"years": 4},
    ),
    "an onset prevented lowers what follows bit by bit": (
        {
            "nodes": [onset("stroke", 0.04, 6.0), event("adm", 60_000)],
            "edges": [edge("stroke", "adm", 4)],
            "interventions": [intervention("a", effect("stroke", 0.5), **LASTS)],
        },
        [to("a")],
        {"years": 5, "each": 300_000, "often": 4},
    ),
    "some groups have an onset more often than others": (
        {
            "nodes": [state("smokes", 0.2, stratifies=True), onset("stroke", 0.04, 6.0), event("adm", 60_000)],
            "edges": [edge("smokes", "stroke", 3), edge("stroke", "adm", 4)],
            "interventions": [intervention("a", effect("stroke", 0.5), **LASTS)],
        },
        [to("a"), to("a", "smokes")],
        {"years": 3, "each": 200_000, "often": 4},
    ),
    "two paths from a continuous factor, and an onset that follows from it": (
        {
            "nodes": [continuous("pressure"), onset("stroke", 0.03, 6.0), event("adm", 40_000), event("other", 60_000)],
            "edges": [
                edge("pressure", "stroke", 1.4, per={"value": 10, "unit": "mmHg"}, scope="direct"),
                edge("pressure", "adm", 1.2, per={"value": 10, "unit": "mmHg"}, scope="direct"),
                leads_to("stroke", "adm", 0.6),
                edge("stroke", "other", 4, lag=1),
            ],
            "interventions": [intervention("a", effect("pressure", -12, "mean_difference"), **LASTS)],
        },
        [to("a")],
        {"years": 4, "each": 200_000},
    ),
    "two causes of one event, each with its service": (
        {
            "nodes": [state("weak", 0.3), onset("fall"), event("adm", 20_000)],
            "edges": [edge("weak", "adm", 2.5), leads_to("fall", "adm", 0.6)],
            "interventions": [
                intervention("a", effect("weak", 0.4, LEAVES)),
                intervention("b", effect("fall", 0.7), effect("weak", 0.2, LEAVES)),
            ],
        },
        [to("a + b")],
        {},
    ),
    "some have a service today": (
        {
            "nodes": [onset("fall"), event("adm", 20_000)],
            "edges": [leads_to("fall", "adm", 1)],
            "interventions": [
                intervention("a", effect("fall", 0.5), already_reached=0.4, duration_years=2, decay_per_year=0.2),
                intervention("b", effect("fall", 0.6), already_reached=0.2),
            ],
        },
        [to("a"), to("b", age="85+")],
        {"years": 2},
    ),
}


@pytest.mark.parametrize("name", MECHANISMS)
def test_one_mechanism(tmp_path: Path, name: str) -> None:
    """Engine and simulation agree for every group, event and year."""
    world, offers, how = MECHANISMS[name]
    assert_alike(lived(tmp_path, world, offers, **how), BY)


@pytest.mark.parametrize(
    ("name", "node"),
    [
        ("two services on one node", "fall"),
        ("half of an effect passes through", "fall"),
        ("a continuous factor", "pressure"),
        ("an onset prevented lowers what follows bit by bit", "stroke"),
        ("a total estimate on one event masks the chain there and only there", "adm"),
    ],
)
def test_a_wrong_ratio_is_caught(tmp_path: Path, name: str, node: str) -> None:
    """Simulated people who are told twice the ratio do not agree with the engine: these tests are able to fail."""
    world, offers, how = MECHANISMS[name]
    frame = lived(tmp_path, world, offers, **how, wrong=("a", node))
    with pytest.raises(AssertionError, match="simulated"):
        assert_alike(frame, BY)


def test_too_few_people_tell_nothing(tmp_path: Path) -> None:
    """A comparison too blurred to fail is refused."""
    world, offers, _ = MECHANISMS["a state leads to a condition, the condition to an event"]
    with pytest.raises(AssertionError, match="standard error"):
        assert_alike(lived(tmp_path, world, offers, each=1000, often=1), BY)


def test_onset_told_apart_comes_more_often_to_those_at_risk(tmp_path: Path) -> None:
    """Of people without dementia those who smoke get it three times as often, so preventing it averts more there."""
    world = {
        "nodes": [
            state("smokes", 0.2, stratifies=True),
            onset("dementia", 0.02, 4.5, stratifies=True),
            event("adm", 60_000),
        ],
        "edges": [edge("smokes", "dementia", 3), edge("dementia", "adm", 4)],
        "interventions": [intervention("a", effect("dementia", 0.5), **LASTS)],
    }
    assert_alike(lived(tmp_path, world, [to("a"), to("a", "smokes")], years=2, each=300_000, often=4), BY)


# ---- approximations, each with its sign and size ----


def assert_explained(frame: pd.DataFrame, engine_over_simulation: np.ndarray | float, by: list[str]) -> None:
    """The engine differs from the simulation by the factor expected, and visibly so."""
    found = summed(frame, by)
    expected = np.broadcast_to(np.asarray(engine_over_simulation, dtype=float), len(found))
    put_right = found["engine"] / expected
    slack = ERRORS * found["error"] + 0.02 * put_right.abs()
    assert ((found["simulated"] - put_right).abs() <= slack).all(), f"\n{found.assign(expected=expected).to_string()}"
    with pytest.raises(AssertionError):
        assert_alike(frame, by)


def test_those_who_die_in_a_year_count_for_all_of_it(tmp_path: Path) -> None:
    """The engine counts a cohort as at the start of each year: too much by −ln(1 − d)/d, half the chance of dying."""
    world = FALLS | {"interventions": [intervention("a", effect("fall", 0.5), duration_years=3)], "deaths": 0.2}
    assert_explained(lived(tmp_path, world, [to("a")], years=3, all_year=True), -np.log(0.8) / 0.2, ["year"])


def test_shares_of_two_conditions_overlap(tmp_path: Path) -> None:
    """Admissions through a fall or through an infection are apart here; the engine lets some come through both."""
    world = {
        "nodes": [onset("fall"), onset("infection"), event("adm", 40_000)],
        "edges": [leads_to("fall", "adm", 0.5), leads_to("infection", "adm", 0.4)],
        "interventions": [intervention("a", effect("fall", 0.5), effect("infection", 0.5))],
    }
    apart, overlapping = 0.5 * 0.5 + 0.4 * 0.5, 1 - (1 - 0.5 * 0.5) * (1 - 0.4 * 0.5)
    assert_explained(lived(tmp_path, world, [to("a")]), overlapping / apart, [])


def test_pass_through_is_a_power_of_a_group_not_of_a_person(tmp_path: Path) -> None:
    """A power of the mean ratio averts more than the mean of each person's power, where risks differ within a group."""
    world = {
        "nodes": [state("weak", 0.3), onset("fall"), event("adm", 20_000)],
        "edges": [edge("weak", "fall", 4), leads_to("fall", "adm", 1, pass_through=0.5)],
        "interventions": [intervention("a", effect("weak", 0.7, LEAVES))],
    }
    of_the_group = 1 - (1 - 0.7 * 0.9 / 1.9) ** 0.5
    of_each = 0.3 * 0.7 * (2 - 1) / (0.7 + 0.3 * 2)
    assert_explained(lived(tmp_path, world, [to("a")]), of_the_group / of_each, [])


def two_paths(*, stratifies: bool) -> World:
    """A factor that leads to an event by itself and through a condition; a service rids half of it."""
    return {
        "nodes": [state("weak", 0.3, stratifies=stratifies), onset("stroke"), event("adm", 40_000)],
        "edges": [
            edge("weak", "stroke", 3, scope="direct"),
            edge("weak", "adm", 2, scope="direct"),
            leads_to("stroke", "adm", 1),
        ],
        "interventions": [intervention("a", effect("weak", 0.5, LEAVES))],
    }


def test_two_paths_from_a_factor_of_a_whole_group(tmp_path: Path) -> None:
    """Whoever is rid of a factor is rid of both its paths, the second of which has less left to act on.

    The engine lets each path be cut by itself, in people independent of each other, and so averts too much:
    1 − (1 − qA)(1 − qB) against q(1 − (1 − A)(1 − B)), q the share rid of the factor.
    """
    path_by_path, together = 1 - (1 - 0.5 * 2 / 3) * (1 - 0.5 * 1 / 2), 0.5 * (1 - 1 / 6)
    frame = lived(tmp_path, two_paths(stratifies=True), [to("a", "weak")])
    assert_explained(frame, path_by_path / together, [])


def test_two_paths_from_a_factor_within_groups(tmp_path: Path) -> None:
    """Those who have a factor run both risks, so there are more events among them than the engine counts there."""
    path_by_path = 1 - (1 - 0.5 * 0.6 / 1.6) * (1 - 0.5 * 0.3 / 1.3)
    together = 0.5 * 0.3 * 5 / (0.7 + 0.3 * 6)
    assert_explained(lived(tmp_path, two_paths(stratifies=False), [to("a")]), path_by_path / together, [])


def test_what_others_leave_is_taken_at_the_event(tmp_path: Path) -> None:
    """Some have a service today that acts on the same falls, of which only some admissions come.

    The engine takes what it leaves of the admissions, not of the falls: too much where few of them come of falls.
    """
    world = {
        "nodes": [onset("fall"), event("adm", 40_000)],
        "edges": [leads_to("fall", "adm", 0.6)],
        "interventions": [
            intervention("a", effect("fall", 0.5), already_reached=0.5),
            intervention("b", effect("fall", 0.6)),
        ],
    }
    left = 1 - 0.5 * 0.5
    assert_explained(lived(tmp_path, world, [to("b")]), (1 - 0.6 * (1 - left)) / left, [])


def test_half_a_year_of_a_continuous_change(tmp_path: Path) -> None:
    """The engine lets half the change work all year where all of it works for half a year."""
    world = {
        "nodes": [continuous("pressure"), event("adm", 20_000)],
        "edges": [edge("pressure", "adm", 1.4, per={"value": 10, "unit": "mmHg"}, lag=0.5)],
        "interventions": [intervention("a", effect("pressure", -20, "mean_difference"))],
    }
    assert_explained(lived(tmp_path, world, [to("a")]), (1 - 1.4**-1) / (0.5 * (1 - 1.4**-2)), [])


def test_two_delays_within_a_year(tmp_path: Path) -> None:
    """A late start and a part-year lag add up to a year; the engine spreads both evenly over the years they fall in.

    It has a quarter of the effect in the first year, where there is none, and half of it in the second, where there is
    three quarters; what is averted in all is the same.
    """
    world = {
        "nodes": [onset("fall"), event("adm", 40_000)],
        "edges": [leads_to("fall", "adm", 1, lag=0.5)],
        "interventions": [intervention("a", effect("fall", 0.5), onset_months=6, duration_years=1.75)],
    }
    frame = lived(tmp_path, world, [to("a")], years=3)
    found = summed(frame, ["year"])
    assert found["simulated"][0] == 0
    assert found["engine"].to_numpy() == pytest.approx([50, 125, 75])
    assert found["simulated"].to_numpy()[1:] == pytest.approx([200, 50], rel=0.02)
    assert_alike(frame, [])


def test_a_lag_behind_a_state_that_passes(tmp_path: Path) -> None:
    """A year later the risk of those who were frail is still what it was; the engine has it relax at once.

    The lag holds back what a service changes, not the rate it is changed from, so in the years in which a state passes
    the engine counts too little for those who had it.
    """
    world = {
        "nodes": [state("frail", 0.3, stratifies=True, persistence=0.5), event("adm", 20_000)],
        "edges": [edge("frail", "adm", 3, lag=1)],
        "interventions": [intervention("a", effect("adm", 0.5), duration_years=2)],
    }
    relaxed = (1 + 2 * 0.65) / 3
    frame = lived(tmp_path, world, [to("a", "frail")], years=2)
    assert_explained(frame, np.array([1, relaxed]), ["year"])


def living_with_it(begins: list[float], lasts: float, first: float = 0.0) -> np.ndarray:
    """Mean share living with an onset in each year, if it begins at a rate of those free of it that changes by year."""
    steps, share, found = 1000, first, []
    for rate in begins:
        course = []
        for _ in range(steps):
            share += (rate * (1 - share) - share / lasts) / steps
            course.append(share)
        found.append(np.mean(course))
    return np.array(found)


def test_a_group_free_of_an_onset_uses_itself_up(tmp_path: Path) -> None:
    """Of a group free of dementia fewer are left to get it each year; the engine has new people get it for ever.

    Nothing to see in the first two years; a sixth too much in the fifth, where a fifth of the age band has it.
    """
    common, lasts = 0.2, 4.5
    world = {
        "nodes": [onset("dementia", common, lasts, stratifies=True), event("adm", 60_000)],
        "edges": [edge("dementia", "adm", 4)],
        "interventions": [intervention("a", effect("dementia", 0.5), **LASTS)],
    }
    begins = common / (1 - common) / lasts
    truly = living_with_it([begins] * 5, lasts) - living_with_it([begins / 2] * 5, lasts)
    engine = 0.5 * common / (1 - common) * (1 - np.exp(-(np.arange(5) + 0.5) / lasts))
    assert 1.10 < engine[4] / truly[4] < 1.20
    assert_explained(lived(tmp_path, world, [to("a")], years=5, each=200_000, often=4), engine / truly, ["year"])


def test_an_onset_prevented_for_one_year_only(tmp_path: Path) -> None:
    """What a year's prevention is worth later: the engine spreads it evenly over the years since the start.

    Too little in the second year, too much from the fourth on; over the five years together within a tenth.
    """
    common, lasts = 0.04, 4.5
    world = {
        "nodes": [onset("stroke", common, lasts), event("adm", 60_000)],
        "edges": [edge("stroke", "adm", 4)],
        "interventions": [intervention("a", effect("stroke", 0.5))],
    }
    begins = common / (1 - common) / lasts
    truly = common - living_with_it([begins / 2] + [begins] * 4, lasts, common)
    years = np.arange(5)
    engine = 0.5 * common * (1 - np.exp(-(years + 0.5) / lasts)) / (years + 1)
    assert abs(engine.sum() / truly.sum() - 1) < 0.1
    assert_explained(lived(tmp_path, world, [to("a")], years=5, each=400_000, often=4), engine / truly, ["year"])
