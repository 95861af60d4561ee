"""People given outright are the same people: nothing else about a plan changes."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from random_worlds import LAW, Opened, World, on_disk, optimum_or_refusal, slack, worlds

from avert.packages import County


@LAW
@given(worlds())
def test_a_county_given_outright_has_the_same_optimum(world: World) -> None:
    """Every group with people as a row of its own, without its rate, and no other group."""
    with on_disk(world) as opened:
        before = opened.county()
        first = optimum_or_refusal(opened)
        _give_outright(opened, before)
        after = opened.county()
        again = optimum_or_refusal(opened)
    there = before.strata.people > 0
    assert after.strata.people[after.strata.people > 0] == pytest.approx(before.strata.people[there], rel=1e-9)
    for event, rates in before.strata.rates.items():
        assert after.strata.rates[event][after.strata.people > 0] == pytest.approx(rates[there], rel=1e-9)
    assert (first is None) == (again is None)
    if first is not None and again is not None:
        assert again.objective == pytest.approx(first.objective, abs=2 * slack(first))


def _give_outright(opened: Opened, county: County) -> None:
    """The people of a county as rows, in place of its population."""
    strata, groups = county.strata, county.groups
    rows = ["place,age_band,factors,people"]
    for number, people in enumerate(strata.people.tolist()):
        if people:
            place, age = strata.places[strata.place[number]], groups.ages[strata.age[number]]
            rows.append(f"{place},{age},{groups.factors_of(int(strata.group[number]))},{people!r}")
    (opened.folder / "strata.csv").write_text("\n".join(rows) + "\n", "utf-8")
    area = opened.folder / "area-area.yaml"
    record = yaml.safe_load(area.read_text("utf-8")) | {"strata": "strata.csv"}
    del record["population"]
    area.write_text(yaml.safe_dump(record, sort_keys=False), "utf-8")
