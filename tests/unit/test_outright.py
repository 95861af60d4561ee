"""Groups given outright: only those that occur are told apart, and each keeps its people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest import approx

from avert.errors import AvertError, PlanError
from avert.packages import county_of
from avert.plan import PlanInFull
from avert.programme import optimum_of
from worlds import edge, effect, event, intervention, open_world, state, write_world


def outright(folder: Path, rows: Sequence[str], factors: int = 3, *, keep: tuple[str, ...] = (), **plan: Any) -> Path:
    """A world whose people are those of strata.csv: one service and one factor for each group, a0, a1, …"""
    names = [f"a{n}" for n in range(factors)]
    path = write_world(
        folder,
        nodes=[event("fall_admission", 1000), *(state(name, 0.1, stratifies=True) for name in names)],
        edges=[edge(name, "fall_admission", 2.0) for name in names],
        interventions=[
            intervention(f"service_{name}", effect("fall_admission", 0.8, spread=0.1 + n / 1000), eligible=_for(name))
            for n, name in enumerate(names)
        ],
        plan=plan,
    )
    area = folder / "area-area.yaml"
    record = yaml.safe_load(area.read_text("utf-8")) | {"strata": "strata.csv"}
    for name in {"population"} - set(keep):
        del record[name]
    area.write_text(yaml.safe_dump(record, sort_keys=False), "utf-8")
    (folder / "strata.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return path


def _for(factor: str) -> dict[str, list[str]]:
    return {"requires": [factor]}


def refusal(path: Path) -> str:
    with pytest.raises(PlanError) as refused:
        open_world(path)
    return str(refused.value)


def test_a_hundred_groups_told_apart_by_a_hundred_factors_are_a_hundred_profiles(tmp_path: Path) -> None:
    """Each of 100 services is for its own group of 10 people at 2,000 per 100,000 and averts a fifth: 0.04 each.

    £100 a head: £20,000 pays for 20 of the groups, 0.8 in all.
    """
    rows = [f"here,65-74,a{n},10,2000" for n in range(100)]
    heading = "place,age_band,factors,people,rate_fall_admission"
    path = outright(tmp_path, [heading, *rows], 100, money={"council": 20_000}, largest_package=1)
    plan = open_world(path)
    county = county_of(plan)
    assert county.groups.flags.shape == (100, 100)
    assert county.groups.ages == ("65-74",)
    assert county.strata.people.sum() == approx(1000)
    assert optimum_of(county).objective == approx(0.8)


def test_groups_are_the_same_written_as_names_or_as_columns(tmp_path: Path) -> None:
    named = ["place,age_band,factors,people", "here,65-74,,100", "here,85+,a0 + a2,30", "here,85+,a1,20"]
    marked = ["place,age_band,a0,a1,a2,people", "here,65-74,0,0,0,100", "here,85+,1,0,1,30", "here,85+,0,1,0,20"]
    one, other = (
        county_of(open_world(outright(tmp_path / name, rows))) for name, rows in (("n", named), ("m", marked))
    )
    assert one.strata.people.tolist() == other.strata.people.tolist()
    assert one.groups.flags.tolist() == other.groups.flags.tolist() == [[0, 0, 0], [0, 1, 0], [1, 0, 1]]
    assert one.groups.ages == ("65-74", "85+")


def test_groups_of_nobody_change_nothing(tmp_path: Path) -> None:
    few = ["place,age_band,factors,people", "here,65-74,,100", "here,65-74,a0,30"]
    more = [*few, "here,65-74,a1,0", "here,75-84,a0 + a1,0"]
    first, second = (
        optimum_of(county_of(open_world(outright(tmp_path / str(len(rows)), rows)))) for rows in (few, more)
    )
    assert first.objective == approx(second.objective, rel=1e-12)


def test_people_of_all_ages(tmp_path: Path) -> None:
    path = outright(tmp_path, ["place,age_band,factors,people", "here,all ages,,100", "here,all ages,a0,30"])
    county = county_of(open_world(path))
    assert county.groups.ages == ("all ages",)
    assert county.family.eligible[0].tolist() == [False, True]


def test_people_of_all_ages_have_no_figure_that_goes_by_age(tmp_path: Path) -> None:
    path = outright(tmp_path, ["place,age_band,factors,people", "here,all ages,,100"])
    area = tmp_path / "area-area.yaml"
    record = yaml.safe_load(area.read_text("utf-8"))
    figure = record["deaths"]["by_age"]
    record["deaths"]["by_age"] = {age: dict(figure, value=0.1) for age in ("65-74", "75-84", "85+")}
    area.write_text(yaml.dump(record, Dumper=_Plain), "utf-8")
    with pytest.raises(AvertError, match="people are of 'all ages' here, and a figure stands only for 65-74"):
        county_of(open_world(path))


class _Plain(yaml.SafeDumper):
    """Writes what stands twice twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def test_the_population_need_not_be_given_twice_and_must_agree(tmp_path: Path) -> None:
    rows = ["place,age_band,factors,people", "here,65-74,,600", "here,65-74,a0,400"]
    ages = [*rows, "here,75-84,,1000", "here,85+,a1,1000"]
    plan: PlanInFull = open_world(outright(tmp_path / "agree", ages, keep=("population",)))
    assert plan.area.people["here", "65-74"] == 1000
    said = refusal(outright(tmp_path / "differ", rows, keep=("population",)))
    assert "area-area.yaml:" in said
    assert "have 0 people of here at 75-84, and the population has 1,000" in said


def test_without_people_of_any_kind_an_area_is_refused(tmp_path: Path) -> None:
    path = outright(tmp_path, ["place,age_band,factors,people", "here,65-74,,600"])
    area = tmp_path / "area-area.yaml"
    area.write_text(area.read_text("utf-8").replace("strata: strata.csv\n", ""), "utf-8")
    assert "'population' is missing" in refusal(path)


def test_every_fault_of_the_groups_is_named_at_once(tmp_path: Path) -> None:
    rows = [
        "place,age_band,factors,people,rate_fal_admission,source",
        "heer,65-74,,100,,made_up",
        "here,65-75,a0,100,,made_up",
        "here,all ages,a0 + aa1,many,,maid_up",
    ]
    said = refusal(outright(tmp_path, rows))
    for expected in (
        "strata.csv:1: unknown column 'rate_fal_admission'. Did you mean 'rate_fall_admission'?",
        "strata.csv:2: there is no place 'heer'. Did you mean 'here'?",
        "strata.csv:3: there is no age_band '65-75'. Did you mean '65-74'?",
        "strata.csv:4: 'aa1' is not a factor that tells groups apart. Did you mean 'a1'?",
        "strata.csv:4: 'people' is 'many'",
        "strata.csv:4: the source 'maid_up' is not in the bibliography. Did you mean 'made_up'?",
        "strata.csv:4: 'all ages' stands beside age bands",
    ):
        assert expected in said, said


def test_who_has_what_is_said_in_one_way(tmp_path: Path) -> None:
    said = refusal(outright(tmp_path, ["place,age_band,factors,a0,people", "here,65-74,a1,1,10"]))
    assert "strata.csv:1: 'a0' has a column of its own beside 'factors'" in said


def test_a_dot_that_may_be_for_thousands_is_asked_about_unless_another_count_settles_it(tmp_path: Path) -> None:
    rows = ["place,age_band,factors,people", "here,65-74,a1,6.120", "here,65-74,,12"]
    assert "'6.120': is the dot for thousands? Write 6120; if not, write 6.1200." in refusal(outright(tmp_path, rows))
    plan = open_world(outright(tmp_path / "settled", [*rows[:2], "here,65-74,,12.5"]))
    assert [one.people for one in plan.area.strata] == [6.12, 12.5]
