"""Golden records: they change only when somebody means them to."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest import approx

from avert.library import load_library
from avert.packages import county_of
from avert.plan import Plan, load_plan
from avert.programme import optimum_of
from record import PLAN, current

HERE = Path(__file__).parent


def test_the_somerset_answer_is_the_one_on_record() -> None:
    """If this fails and the change is meant: `python tests/record/record.py`, and a line in the changelog."""
    on_record = json.loads((HERE / "somerset.json").read_text(encoding="utf-8"))
    now = current()
    assert now.keys() == on_record.keys()
    for name, wanted in on_record.items():
        _same(name, now[name], wanted)


def _same(where: str, now: Any, wanted: Any) -> None:
    if isinstance(wanted, dict):
        assert now.keys() == wanted.keys(), where
        for key, value in wanted.items():
            _same(f"{where}.{key}", now[key], value)
    elif isinstance(wanted, list):
        assert len(now) == len(wanted), where
        for number, value in enumerate(wanted):
            _same(f"{where}[{number}]", now[number], value)
    elif isinstance(wanted, float):
        assert now == approx(wanted, rel=1e-6, abs=1e-5), where
    else:
        assert now == wanted, where


def test_rounds_find_what_the_whole_programme_written_out_finds() -> None:
    """Somerset's first year with pairs of services at most, all of its offers in one PuLP programme: the referee."""
    plan = load_plan(PLAN, load_library())
    county = county_of(replace(plan, record=plan.record.model_copy(update={"largest_package": 2})), 1)
    in_rounds, written_out = optimum_of(county), optimum_of(county, at_once=True)
    assert len(written_out.offers) > 100_000
    assert written_out.objective == approx(in_rounds.objective, rel=1e-9)
    assert max(written_out.gap, in_rounds.gap, written_out.max_violation, in_rounds.max_violation) <= 1e-6


def test_the_schema_beside_the_plans_is_the_one_the_engine_checks_by() -> None:
    """If this fails: `avert schema --out plans/plan.schema.json`."""
    path = HERE.parents[1] / "plans" / "plan.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == Plan.model_json_schema(mode="validation")
