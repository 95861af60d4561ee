"""Random small worlds: a pathway, a handful of services, an area and a plan with any of its lines on.

`worlds()` draws one; `on_disk(world)` writes it as files and opens it, as often as wished with
changes to its plan.  Sizes are kept so small that one solve takes a few hundredths of a second.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from random_pathways import pathways
from random_plans import YEARS, plans
from random_services import services

from avert.errors import NoFeasiblePlan
from avert.library import Library, load_library
from avert.packages import County, county_of
from avert.plan import PlanInFull, load_plan
from avert.programme import Optimum, optimum_of
from worlds import AGES, write_world

SHAPES = (
    (1, 1, 1, 2),
    (1, 1, 3, 1),
    (1, 3, 1, 2),
    (2, 1, 2, 2),
    (2, 2, 1, 2),
    (3, 1, 2, 3),
    (1, 2, 2, 3),
    (2, 1, 3, 2),
    (3, 2, 2, 1),
    (1, 1, 4, 1),
    (2, 1, 4, 1),
)
"""(places, stratifying factors, years, age bands with people in them): all of them small."""
LAW = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=40,
    phases=(Phase.generate, *([Phase.shrink] if "SHRINK" in os.environ else [])),
    suppress_health_check=[HealthCheck.too_slow],
)
"""Settings of every law: the same worlds each time, and no clock.  With SHRINK=1 in the environment a failing
world is reduced to a small one first, which takes minutes."""


MOST_TO_DECIDE = 4
"""Decisions to open something in a world with lumpy services: 16 plans to be written out."""


@dataclass(frozen=True)
class World:
    """Everything `write_world` takes, as plain data."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    interventions: list[dict[str, Any]]
    plan: dict[str, Any]
    area: dict[str, Any]
    """The other arguments of `write_world`: people, deaths, growth, odds ratios, rates, prior, prices."""
    deciles: dict[str, float] = field(default_factory=dict)
    """Place → mean deprivation decile, all different so that 'the most deprived' is never a draw."""

    def planned(self, **changes: Any) -> World:
        """The same world with other lines in its plan; None takes a line away."""
        plan = {key: value for key, value in (self.plan | changes).items() if value is not None}
        return replace(self, plan=unshared(plan))

    def without(self, *lines: str) -> World:
        """The same world with these lines of its plan left out."""
        return self.planned(**dict.fromkeys(lines))

    def record(self, service: str) -> dict[str, Any]:
        """The record of a service."""
        return next(one for one in self.interventions if one["id"] == service)


@dataclass(frozen=True)
class Opened:
    """A world on disk with its library read."""

    world: World
    folder: Path
    library: Library

    def plan(self, **changes: Any) -> PlanInFull:
        """The plan, with changes to its lines."""
        path = self.folder / "plan.yaml"
        default = {"area": "area", "years": "2026/27", "pathways": ["main"], "evidence": "published"}
        path.write_text(yaml.safe_dump(default | self.world.planned(**changes).plan, sort_keys=False), encoding="utf-8")
        return load_plan(path, self.library)

    def county(self, **changes: Any) -> County:
        """The plan made ready for the programme."""
        return county_of(self.plan(**changes))

    def optimum(self, **changes: Any) -> Optimum:
        """The optimum of the plan with these changes.  Raises NoFeasiblePlan."""
        return optimum_of(self.county(**changes))


def optimum_or_refusal(opened: Opened, **changes: Any) -> Optimum | None:
    """The optimum under these changes, or None where the plan cannot be kept and the refusal names a line."""
    try:
        return opened.optimum(**changes)
    except NoFeasiblePlan as refusal:
        if "plan.yaml:" not in str(refusal):
            raise AssertionError(f"this refusal names no line of the plan: {refusal}") from refusal
        return None


def slack(optimum: Optimum) -> float:
    """How far an objective may be off: the solver's tolerances, held against all there is to avert."""
    best = optimum.sets.menu.all_there_is
    return 1e-7 * max(best, abs(optimum.objective)) + 1e-9


@contextmanager
def on_disk(world: World) -> Iterator[Opened]:
    """The world written below a temporary folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_world(
            folder,
            nodes=world.nodes,
            edges=world.edges,
            interventions=world.interventions,
            plan=world.plan,
            **world.area,
        )
        area = folder / "area-area.yaml"
        data = yaml.safe_load(area.read_text(encoding="utf-8"))
        for place in data["places"]:
            place["imd_average_decile"] = world.deciles.get(place["id"], 5)
        area.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
        yield Opened(world, folder, load_library(folder / "evidence"))


@st.composite
def worlds(draw: st.DrawFn, *lines: str) -> World:
    """A random world; with names of lines given, only these lines of the plan may be on."""
    place_count, factor_count, years, bands = draw(st.sampled_from(SHAPES))
    places = ["ashby", "brook", "combe"][:place_count]
    nodes, edges, factors = draw(pathways(factor_count))
    ages = draw(st.permutations(AGES))[:bands]
    services_here = draw(services(nodes, factors, sorted(ages), years))
    area = draw(_areas(places, ages, factors, nodes))
    people = sum(count for bands_here in area["people"].values() for count in bands_here.values())
    plan = draw(plans(places, services_here, years, people, frozenset(lines)))
    deciles = {place: 2.5 + n for n, place in enumerate(draw(st.permutations(places)))}
    parts = unshared({"nodes": nodes, "edges": edges, "interventions": services_here, "plan": plan, "area": area})
    return World(**parts, deciles=deciles)


@st.composite
def lumpy_worlds(draw: st.DrawFn) -> World:
    """A world with one or two lumpy services, about whose opening there are at most four things to decide."""
    world = draw(worlds().filter(lambda one: _things_to_decide(one, "everywhere") <= MOST_TO_DECIDE))
    names, lumpy, limits = [one["id"] for one in world.interventions], {}, dict(world.plan.get("limits", {}))
    left = MOST_TO_DECIDE
    for name in draw(st.permutations(names))[: draw(st.integers(1, 2))]:
        ways = [way for way in ("in_each_place", "everywhere") if _things_to_decide(world, way) <= left]
        if ways:
            way = draw(st.sampled_from(ways))
            left -= _things_to_decide(world, way)
            lumpy[name] = draw(_lump(way))
            if lumpy[name].get("all_or_nothing"):
                limits.setdefault(name, draw(st.integers(1, 60)))
    return world.planned(lumpy=lumpy, limits=limits or None)


@st.composite
def _lump(draw: st.DrawFn, way: str) -> dict[str, Any]:
    """How a service comes in lumps: at least one way of the three."""
    ways: dict[str, Any] = {
        "start_up": st.integers(1, 80).map(lambda hundreds: hundreds * 100),
        "smallest": st.integers(1, 60),
        "all_or_nothing": st.just(True),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(ways)), min_size=1, max_size=2, unique=True))
    return {"opens": way} | {one: draw(ways[one]) for one in chosen}


def _things_to_decide(world: World, way: str) -> int:
    """Decisions to open one service."""
    places = 1 if way == "everywhere" else len(world.area["people"])
    return places * (YEARS.index(world.plan["years"][-7:]) + 1)


@st.composite
def worlds_with_covers(draw: st.DrawFn, *lines: str) -> World:
    """A world with at least one service that acts on a whole place."""
    return draw(worlds(*lines).filter(lambda one: any(i.get("level") == "place" for i in one.interventions)))


@st.composite
def listed_worlds(draw: st.DrawFn) -> World:
    """A world whose plan lists two objectives, of which the first comes first."""
    world = draw(worlds())
    first, last = draw(st.permutations(["admissions", "bed_days"]))
    money = {first: 1.0, "spend": 0.0001}
    return world.planned(objective=[draw(st.sampled_from([first, first, money])), last])


def unshared(data: Any) -> Any:
    """A copy in which nothing stands twice, since YAML would write the second as an alias, which avert refuses."""
    return json.loads(json.dumps(data))


@st.composite
def _areas(
    draw: st.DrawFn, places: list[str], ages: list[str], factors: list[str], nodes: list[dict[str, Any]]
) -> dict[str, Any]:
    count = st.integers(50, 600)
    area: dict[str, Any] = {
        "people": {place: {age: draw(count) if age in ages else 0 for age in AGES} for place in places},
        "deaths": draw(st.sampled_from([0.0, 0.05, {"65-74": 0.02, "75-84": 0.06, "85+": 0.15}])),
        "growth": draw(st.sampled_from([0.0, 0.02, -0.01])),
        "price_index": {"2023/24": 0.95, "2024/25": 1.0},
        "cashable": draw(st.sampled_from([0.0, 0.3])),
        "prior": draw(st.sampled_from([(1.0, 0.2), (0.95, 0.1)])),
    }
    if draw(st.booleans()):
        area["deaths_of"] = {factors[0]: 2.0}
    if area["deaths"] == 0.0 or "deaths_of" in area:
        area["growth"] = abs(area["growth"])  # groups shrink by deaths only
    if len(factors) > 1 and draw(st.booleans()):
        area["odds_ratios"] = [(factors[0], factors[1], draw(st.sampled_from([0.5, 3.0])))]
    if draw(st.booleans()):
        event = next(node["id"] for node in nodes if node["kind"] == "event")
        area["local_rates"] = [(place, event, 900 + 200 * n, 1000) for n, place in enumerate(places)]
    return area
