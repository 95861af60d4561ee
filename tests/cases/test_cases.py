"""Sums worked by hand, one in each YAML file beside this one: its comments hold the whole arithmetic.

name: …    story: one sentence
world:     nodes, edges, interventions as calls of builders in `worlds`: `{event: [fall_admission, 1000], harm: true}`
           is event("fall_admission", 1000, harm=True); an effect may name its `source`.  Anything else is
           handed to `write_world` (people, deaths, deaths_of, odds_ratios, local_rates, prior, price_index).
plan:      what differs from the default plan (£1m a year, 2026/27, published evidence)
expect:    a list; each entry is checked by the function of the same name below.  Years, starts and waits count from 0;
           `group` lists the factors people have (default none), `age` defaults to 65-74, `place` to the first.

    averted: n         admissions averted at the optimum
    spend: £           at the optimum, of a `year` and `service` or of all
    offered: n         people offered `package` at the optimum, from `start`, in `group`, `age` and `place`, or in all of them
    averted_by: n      events per person offered `package` at `start`; only those of a `year`, if one is given
    remaining: θ       what `package` as offered leaves of `event`, `year` years after the offer, offered after `wait`
    rate_of_group: n   events per 100,000 without any service, `year` years after joining
    people: n          in a group
    events_today: n    a year in the whole area
    cost: £            of a service, per participant, in the plan's prices
    set_aside: id      the service whose own estimate on `event` is not used
    refused: words     in the message with which the library is refused
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import worlds
import yaml

from avert.errors import EvidenceError
from avert.library import load_library
from avert.packages import County, county_of, events_averted
from avert.programme import MONEY_UNIT, Optimum, optimum_of

CASES = sorted(Path(__file__).parent.glob("*.yaml"))
BUILDERS: dict[str, Callable[..., dict[str, Any]]] = {
    name: getattr(worlds, name)
    for name in ("event", "state", "onset", "continuous", "edge", "leads_to", "effect", "intervention")
}


def built(call: dict[str, Any]) -> dict[str, Any]:
    """The record a builder makes of `{builder: [arguments], option: value}`."""
    (name, arguments), *options = call.items()
    more = dict(options)
    effects = [built(one) for one in more.pop("effects", [])]
    source = more.pop("source", None)
    record = BUILDERS[name](*arguments, *effects, **more)
    if source:
        record["estimate"]["source"] = source
    return record


def write_case(folder: Path, case: dict[str, Any]) -> Path:
    """Write the case's world below `folder` and return the path of its plan."""
    world = dict(case["world"])
    graph = {part: [built(call) for call in world.pop(part, [])] for part in ("nodes", "edges", "interventions")}
    plan = worlds.write_world(folder, **graph, **world, plan=case.get("plan"))
    text = "@misc{other_trial,\n  author = {Nobody Else},\n  title = {Another},\n  year = {2026}\n}\n"
    (folder / "evidence" / "more.bib").write_text(text, encoding="utf-8")
    return plan


class Sums:
    """What public functions say of a world, asked in the words of a case."""

    def __init__(self, plan: Path) -> None:
        self.county: County = county_of(worlds.open_world(plan))

    @cached_property
    def optimum(self) -> Optimum:
        """The certified optimum."""
        found = optimum_of(self.county)
        assert found.gap <= 1e-6
        assert found.max_violation <= 1e-6
        return found

    def _group(self, group: list[str] = [], age: str = "65-74", **_: object) -> int:  # noqa: B006
        groups = self.county.groups
        profile = [factor in group for factor in groups.factors]
        assert set(group) <= set(groups.factors)
        row = int(np.flatnonzero((groups.flags == profile).all(axis=1))[0])
        return groups.ages.index(age) * len(groups.flags) + row

    def _stratum(self, place: str = "", **which: Any) -> int:
        places = self.county.strata.places
        return (places.index(place) if place else 0) * len(self.county.groups) + self._group(**which)

    def _package(self, ids: list[str]) -> int:
        family = self.county.family
        return next(n for n in range(len(family)) if set(family.named(n)) == set(ids))

    def averted(self) -> float:
        return self.optimum.objective

    def spend(self, year: int | None = None, service: str = "") -> float:
        values = self.optimum.solution.values
        parts = {name: name.split("__") for name in values if name.startswith("spend__")}
        wanted = [n for n, (_, i, _, y) in parts.items() if service in ("", i) and year in (None, int(y))]
        return MONEY_UNIT * sum(values[name] for name in wanted)

    def offered(self, package: list[str], start: int | None = None, **which: Any) -> float:
        offers = self.optimum.offers
        chosen = offers.package == self._package(package)
        if start is not None:
            chosen &= offers.start == start
        if which:
            chosen &= offers.block == self._stratum(**which)
        return float(self.optimum.people[chosen].sum())

    def averted_by(
        self, package: list[str], event: str, start: int = 0, year: int | None = None, entry: int = 0, **which: Any
    ) -> float:
        one = np.array([self._package(package)])
        each = events_averted(self.county, event, one, entry=entry, start=start, year=year)
        return float(each[0, self._stratum(**which)])

    def remaining(self, package: list[str], event: str, year: int = 0, wait: int = 0, **which: Any) -> float:
        mask = self.county.family.masks[[self._package(package)]]
        theta = self.county.remaining[event].of(mask)[0]
        every = np.broadcast_to(theta, (len(self.county.groups), self.county.groups.years, self.county.groups.years))
        return float(every[self._group(**which), wait, year])

    def rate_of_group(self, event: str, year: int = 0, **which: Any) -> float:
        return float(self.county.strata.rates[event][self._stratum(**which), year]) * 100_000

    def people(self, **which: Any) -> float:
        return float(self.county.strata.people[self._stratum(**which)])

    def events_today(self, event: str) -> float:
        return float(self.county.strata.events_today(event).sum())

    def cost(self, service: str) -> float:
        return float(self.county.cost[self.county.family.ids.index(service)])

    def set_aside(self, event: str) -> list[str]:
        return [one.intervention for one in self.county.set_aside if one.node == event]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_engine_agrees_with_the_sum_by_hand(path: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    plan, expected = write_case(tmp_path, case), case["expect"]
    if "refused" in expected[0]:
        with pytest.raises(EvidenceError) as refusal:
            load_library(plan.parent / "evidence")
        assert expected[0]["refused"] in str(refusal.value)
        return
    sums = Sums(plan)
    wrong = []
    for one in expected:
        (what, wanted), *which = one.items()
        got = getattr(sums, what)(**dict(which))
        right = wanted in got if what == "set_aside" else got == pytest.approx(wanted, rel=1e-6, abs=1e-15)
        if not right:
            wrong.append(f"{one}: the engine says {got}")
    assert not wrong, "\n".join([case["story"], *wrong])
