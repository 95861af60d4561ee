"""Dementia: the Lancet Commission's table, what it costs England, how often people with it are admitted."""

from __future__ import annotations

from pathlib import Path

import pytest
from one_service import ONLY_SERVICE, averted, county_with, table
from pytest import approx

from avert import units
from avert.packages import county_of, events_averted
from avert.programme import optimum_of
from worlds import edge, effect, event, intervention, onset, open_world, state, write_world

TOTAL = 45.3
"""Percent of dementia in the Commission's table of 2024 (recalled to the decimal, 45 seen)."""
NEW_IN_2024 = ("high_ldl", "untreated_vision_loss")


def shared_out() -> dict[str, float]:
    """Factor → its share of the total, in proportion to Levin's fraction of it alone."""
    alone = {
        row["factor"]: units.attributable_fraction(float(row["prevalence_percent"]) / 100, float(row["relative_risk"]))
        for row in table("lancet-2024.csv")
    }
    return {factor: TOTAL * fraction / sum(alone.values()) for factor, fraction in alone.items()}


def test_the_lancet_commission_of_2024_shares_out_its_45_percent() -> None:
    """Livingston and others 2024 (Lancet 404:572), table of fourteen factors: every weighted whole percent.

    Relative risks and prevalences are recalled to one decimal, the fourteen weights were seen in public
    summaries.  The rule (in proportion to the unweighted fractions) was read in part and inferred in part.
    """
    rows, ours = table("lancet-2024.csv"), shared_out()
    assert len(rows) == 14
    for row in rows:
        assert round(ours[row["factor"]]) == int(row["published_weighted_percent"]), row["factor"]


def test_the_two_factors_new_in_2024_add_nine_points() -> None:
    """The same report: twelve older factors 36 %, cholesterol and vision 9 % more."""
    ours = shared_out()
    new = sum(ours[factor] for factor in NEW_IN_2024)
    assert round(new) == 9
    assert round(TOTAL - new) == 36


@pytest.mark.parametrize(
    ("removed", "published", "tolerance"), [(0.49, TOTAL, 0.5), (0.999999, 72.5, 0.05)], ids=["weighted", "alone"]
)
def test_fourteen_factors_removed_together(tmp_path: Path, removed: float, published: float, tolerance: float) -> None:
    """The same report's 1 − Π(1 − w · fraction), through the graph: a service that takes w of each factor away.

    The communalities of the factors are not published.  The four components explain 51 % in all, so
    w = 0.49 everywhere, which lands on 45.75 instead of 45.3: within half a point.  With w = 1 nothing
    overlaps and the fractions come to 72.5 %.  Relative risks and prevalences are recalled.
    """
    rows = table("lancet-2024.csv")
    county = county_with(
        tmp_path,
        [*(state(row["factor"], float(row["prevalence_percent"]) / 100) for row in rows), event("dementia", 1000)],
        *(effect(row["factor"], removed, "share_leaving_state", spread=1e-9) for row in rows),
        edges=[edge(row["factor"], "dementia", float(row["relative_risk"])) for row in rows],
        people=100_000,
    )
    assert 100 * averted(county, "dementia") / 1000 == approx(published, abs=tolerance)


def test_a_register_of_a_thousand_has_900_emergency_admissions_a_year(tmp_path: Path) -> None:
    """Sommerlad 2019 (Eur J Epidemiol 34:567), abstract: 0.90 emergency admissions per person-year with dementia."""
    county = county_with(tmp_path, [event("admission", 90_000)], effect("admission", 0.9))
    assert county.strata.events_today("admission").sum() == approx(900)


def test_people_with_dementia_by_severity_are_what_the_costs_pay_for(tmp_path: Path) -> None:
    """Wittenberg 2019 (Int J Geriatr Psychiatry 34:1095), abstract: £3.2, 6.9 and 14.1 billion in England, 2015.

    At £24,400, £27,450 and £46,050 a person a year these budgets reach 131,000, 251,000 and 306,000
    people at the optimum: within 0.5 % of the 690,000 the paper states, as the budgets are rounded to £0.1 billion.
    """
    reached = []
    for billions, pounds in ((3.2, 24_400), (6.9, 27_450), (14.1, 46_050)):
        county = county_with(
            tmp_path / str(pounds),
            [event("admission", 1000)],
            effect("admission", 0.9),
            people=690_000,
            cost=pounds,
            money=round(billions * 1e9),
        )
        optimum = optimum_of(county)
        reached.append(float(optimum.people[optimum.offers.package == 1].sum()))
    assert [round(people, -3) for people in reached] == [131_000, 251_000, 306_000]
    assert sum(reached) == approx(690_000, rel=0.005)


def test_preventing_dementia_averts_falls_as_in_a_model_of_states_with_deaths(tmp_path: Path) -> None:
    """Dementia begun 7 % less often: 0.07, 0.19, 0.30, 0.38, 0.45 % of falls over five years.

    A four-state model with deaths gave 0.08, 0.21, 0.31, 0.37, 0.41 %; treating the onset as a state
    would give 0.75 % every year.  (Mean 5 years lived with dementia, a tenth of falls hanging on it.)
    No published result: the state model is our own.
    """
    share = 0.0075 / 0.07
    ratio = 1 + share / (1 - share) / 0.07
    plan = write_world(
        tmp_path,
        nodes=[onset("dementia", 0.07, 5), event("fall_admission", 100_000)],
        edges=[edge("dementia", "fall_admission", ratio)],
        interventions=[intervention("prevention", effect("dementia", 0.93), duration_years=5)],
        plan={"years": "2026/27 to 2030/31", "money": {"council": 10**9}},
    )
    county = county_of(open_world(plan))
    averted_by_year = [
        100 * float(events_averted(county, "fall_admission", ONLY_SERVICE, entry=0, start=0, year=year)[0, 0])
        for year in range(5)
    ]
    assert averted_by_year == approx([0.07, 0.19, 0.30, 0.38, 0.45], abs=0.006)
    assert averted_by_year == approx([0.08, 0.21, 0.31, 0.37, 0.41], abs=0.041)
