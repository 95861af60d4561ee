"""A first sum by hand through every floor: ten pounds a head buys a known number of admissions."""

from pathlib import Path

from pytest import approx

from avert.packages import county_of
from avert.programme import optimum_of
from worlds import effect, event, intervention, open_world, write_world


def test_a_budget_for_half_the_people_averts_half_of_what_the_service_can(tmp_path: Path) -> None:
    plan = write_world(
        tmp_path,
        nodes=[event("fall_admission", 1000)],
        interventions=[intervention("classes", effect("fall_admission", 0.8), cost=100)],
        plan={"money": {"council": 150_000}},
    )
    optimum = optimum_of(county_of(open_world(plan)))
    # 3,000 people at 10 admissions per 1,000; £150,000 reaches 1,500; 15 × 0.2 = 3 averted
    assert optimum.objective == approx(3.0, rel=1e-9)
    assert optimum.gap <= 1e-6
