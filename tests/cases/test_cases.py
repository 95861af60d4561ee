"""Sums worked by hand, one in each YAML file beside this one; its comments hold the whole arithmetic.

`world` calls builders of `worlds` for nodes, edges and interventions: `{event: [bleed, 200], harm: true}` is
event("bleed", 200, harm=True); an effect may name its `source`.  The rest of it goes to `write_world`.
`plan` says how the plan differs from the default.  `expect` lists numbers, each found by the method of `Sums`
with its name, or `refused` with words of the message.  Years and starts count from 0, `group` lists factors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import worlds
from avert.errors import EvidenceError
from avert.library import load_library
from avert.packages import County, county_of, events_averted
from avert.programme import MONEY_UNIT, Optimum, optimum_of

Words = Sequence[str]
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
    for part in world.keys() & {"nodes", "edges", "interventions"}:
        world[part] = [built(call) for call in world[part]]
    plan = worlds.write_world(folder, **world, plan=case.get("plan"))
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
        assert max(found.gap, found.max_violation) <= 1e-6
        return found

    def _stratum(self, group: Words = (), age: str = "65-74", place: str = "") -> int:
        groups, places = self.county.groups, self.county.strata.places
        assert set(group) <= set(groups.factors)
        profile = [factor in group for factor in groups.factors]
        row = int(np.flatnonzero((groups.flags == profile).all(axis=1))[0])
        number = places.index(place) if place else 0
        return number * len(groups) + groups.ages.index(age) * len(groups.flags) + row

    def _package(self, ids: Words) -> int:
        family = self.county.family
        return next(n for n in range(len(family)) if set(family.named(n)) == set(ids))

    def averted(self) -> float:
        """Admissions averted at the optimum."""
        return self.optimum.objective

    def spend(self, year: int | None = None, service: str = "") -> float:
        """Pounds at the optimum, in one year and on one service or in all and on all."""
        values = self.optimum.values
        parts = {name: name.split("__") for name in values if name.startswith("spend__")}
        wanted = [n for n, (_, i, _, y) in parts.items() if service in ("", i) and year in (None, int(y))]
        return MONEY_UNIT * sum(values[name] for name in wanted)

    def offered(self, package: Words, start: int | None = None, **which: Any) -> float:
        """People offered a package at the optimum, of one stratum if it is named."""
        offers = self.optimum.offers
        chosen = offers.package == self._package(package)
        chosen &= True if start is None else offers.start == start
        chosen &= offers.block == self._stratum(**which) if which else True
        return float(self.optimum.people[chosen].sum())

    def averted_by(self, package: Words, event: str, year: int | None = None, start: int = 0, **which: Any) -> float:
        """Events per person offered a package at `start`, those of one year of the plan or of all."""
        one = np.array([self._package(package)])
        each = events_averted(self.county, event, one, entry=0, start=start, year=year)
        return float(each[0, self._stratum(**which)])

    def remaining(self, package: Words, event: str) -> float:
        """θ of a package as offered, in its first year, in people with none of the factors."""
        mask = self.county.family.masks[[self._package(package)]]
        return float(self.county.remaining[event].of(mask)[0, 0, 0, 0])

    def rate_of_group(self, event: str, year: int = 0, **which: Any) -> float:
        """Events per 100,000 without any service, `year` years after joining."""
        return float(self.county.strata.rates[event][self._stratum(**which), year]) * 100_000

    def people(self, **which: Any) -> float:
        """Residents of a stratum."""
        return float(self.county.strata.people[self._stratum(**which)])

    def events_today(self, event: str) -> float:
        """Events a year in the whole area, given today's services."""
        return float(self.county.strata.events_today(event).sum())

    def cost(self, service: str) -> float:
        """Pounds per participant, in the plan's prices."""
        return float(self.county.cost[self.county.family.ids.index(service)])

    def set_aside(self, event: str) -> list[str]:
        """Services whose own estimate on an event is not used."""
        return [one.intervention for one in self.county.set_aside if one.node == event]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_engine_agrees_with_the_sum_by_hand(path: Path, tmp_path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    plan, expected = write_case(tmp_path, case), case["expect"]
    if "refused" in expected[0]:
        with pytest.raises(EvidenceError, match=expected[0]["refused"]):
            load_library(plan.parent / "evidence")
        return
    sums, wrong = Sums(plan), []
    for one in expected:
        (what, wanted), *which = one.items()
        got = getattr(sums, what)(**dict(which))
        right = wanted in got if what == "set_aside" else got == pytest.approx(wanted, rel=1e-6, abs=1e-15)
        if not right:
            wrong.append(f"{one}: the engine says {got}")
    assert not wrong, "\n".join([case["story"], *wrong])
