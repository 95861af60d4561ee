"""Fairness between places, by hand: equal access, deprivation, what rules cost, who gets what per head of need."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from pytest import approx

import avert
from avert.appraisal import optimal_appraisal, rules_of
from avert.cli import main
from avert.plan import PlanInFull
from avert.plan.deprivation import FIFTHS, decile_of, equity_by_place, fifth_of, places_meant, where_in_words
from avert.results import COLUMNS, Result, concentration_index, result_of
from worlds import effect, event, intervention, open_world, write_world

DECILES = {"poor": 1.5, "mixed": 4.4, "rich": 9.0}
OLD = {place: {"65-74": 1000, "75-84": 0, "85+": 0} for place in DECILES}
RATES = [("mixed", "fall", 1000.0, 1000.0), ("poor", "fall", 500.0, 1000.0), ("rich", "fall", 2000.0, 1000.0)]


def world(folder: Path, deciles: dict[str, float | None] = DECILES, **plan: Any) -> PlanInFull:  # type: ignore[assignment]
    """A thousand people in each of three places; 10 falls a year in 'mixed', half of it in 'poor', twice in 'rich'.

    One service halves falls and costs £100; £60,000 pays for 600 of 3,000 people.
    """
    path = write_world(
        folder, nodes=[event("fall", 1000)], interventions=[intervention("classes", effect("fall", 0.5))],
        people=OLD, local_rates=RATES, plan={"money": {"council": 60_000}} | plan,
    )  # fmt: skip
    area = folder / "area-area.yaml"
    data = yaml.safe_load(area.read_text(encoding="utf-8"))
    for place in data["places"]:
        place["imd_average_decile"] = deciles[place["id"]]
    area.write_text(yaml.safe_dump(data), encoding="utf-8")
    return open_world(path)


def best(folder: Path, **plan: Any) -> Result:
    return result_of(optimal_appraisal(world(folder, **plan)))


def started(result: Result) -> dict[str, float]:
    """Place → people who take part."""
    found = result.allocation.groupby("place")["participants"].sum()
    return {place: float(found.get(place, 0.0)) for place in DECILES}


def test_without_fairness_all_goes_where_most_is_averted(tmp_path: Path) -> None:
    result = best(tmp_path)
    assert started(result) == approx({"poor": 0, "mixed": 0, "rich": 600})
    assert result.admissions_averted == approx(600 * 0.02 * 0.5)


def test_equal_access_keeps_every_place_at_a_share_of_the_rate(tmp_path: Path) -> None:
    """At 80 % of 600/3000 each of the others has 160 of 1,000 people, and 'rich' the other 280."""
    result = best(tmp_path, fairness={"equal_access": {"classes": "80%"}})
    assert started(result) == approx({"poor": 160, "mixed": 160, "rich": 280})
    assert result.admissions_averted == approx(0.5 * (160 * 0.005 + 160 * 0.01 + 280 * 0.02))


def test_full_equal_access_is_the_same_rate_everywhere(tmp_path: Path) -> None:
    assert started(best(tmp_path, fairness={"equal_access": 1.0})) == approx(dict.fromkeys(DECILES, 200))


def test_one_share_for_all_stands_back_behind_a_services_own(tmp_path: Path) -> None:
    result = best(tmp_path, fairness={"equal_access": {"all": "80%", "classes": "50%"}})
    assert started(result) == approx({"poor": 100, "mixed": 100, "rich": 400})


def test_equal_access_by_fifth_lets_places_of_a_fifth_stand_in_for_one_another(tmp_path: Path) -> None:
    """'poor' and 'mixed' are of one fifth: 2,000 people, who need 0.8 · 2/3 · 600 = 320 participants together."""
    plan = world(
        tmp_path, {"poor": 3, "mixed": 4, "rich": 9},
        fairness={"equal_access": "80%", "equal_access_in": "each_deprivation_fifth"},
    )  # fmt: skip
    assert started(result_of(optimal_appraisal(plan))) == approx({"poor": 0, "mixed": 320, "rich": 280})


def test_equal_access_has_its_price_among_the_marginal_values(tmp_path: Path) -> None:
    """One participant more asked for in 'poor' is taken from 'rich': 0.5 · (0.005 − 0.02) admissions."""
    table = best(tmp_path, fairness={"equal_access": "80%"}).marginal_values.set_index("line")
    row = table.loc["equal_access__classes__poor__0"]
    assert (row["value"], row["unit"]) == (approx(-0.0075), "participant")
    assert row["in_words"] == "equal access to classes in poor, 2026/27"


@pytest.mark.parametrize(
    ("asked", "path"), [("80%", ("equal_access",)), ({"classes": "80%"}, ("equal_access", "classes"))]
)
def test_equal_access_that_a_minimum_cannot_stand_is_told_how_far_to_go_down(
    tmp_path: Path, asked: Any, path: tuple[str, ...]
) -> None:
    """5 averted in 'rich' take 500 of 600 people, which leaves 50 for each of the others: a quarter of 200."""
    minimum = [{"places": ["rich"], "admissions_averted": 5}]
    with pytest.raises(avert.NoFeasiblePlan) as refusal:
        best(tmp_path, fairness={"equal_access": asked, "minimum": minimum})
    found = {repair.path: repair for repair in refusal.value.repairs}
    assert found["fairness", *path].new == approx(0.25, rel=1e-3)


def test_a_mean_decile_counts_as_the_nearest_decile_and_its_fifth(tmp_path: Path) -> None:
    places = world(tmp_path).area.places
    assert {place.id: decile_of(place) for place in places} == {"poor": 2, "mixed": 4, "rich": 9}
    assert [fifth_of(place) for place in places] == [list(FIFTHS)[n] for n in (0, 1, 4)]


@pytest.mark.parametrize(
    ("where", "places", "words"),
    [
        ({"deprivation": [1, 2, 9]}, {"poor", "rich"}, "places of deprivation decile 1, 2 and 9"),
        ({"deprivation": 4}, {"mixed"}, "places of deprivation decile 4"),
        ({"most_deprived": 1}, {"poor"}, "the most deprived place"),
        ({"most_deprived": "20% of people"}, {"poor"}, "the most deprived places with 20% of the people"),
        ({"most_deprived": "34% of people"}, {"poor", "mixed"}, "the most deprived places with 34% of the people"),
        ({"most_deprived": "100% of people"}, set(DECILES), "the most deprived places with 100% of the people"),
        ({"places": ["rich"]}, {"rich"}, "rich"),
    ],
)
def test_a_minimum_speaks_of_the_places_its_author_means(
    tmp_path: Path, where: dict[str, Any], places: set[str], words: str
) -> None:
    plan = world(tmp_path, fairness={"minimum": [where | {"spend": "£1k a year"}]})
    wanted = plan.record.fairness.minimum[0]
    assert set(places_meant(wanted, plan.area)) == places
    assert where_in_words(wanted, plan.area) == words


def test_a_minimum_by_decile_is_met(tmp_path: Path) -> None:
    result = best(tmp_path, fairness={"minimum": [{"deprivation": [1, 2], "spend": "£20k a year"}]})
    assert started(result) == approx({"poor": 200, "mixed": 0, "rich": 400})


def test_a_place_has_its_own_weight_before_that_of_its_fifth(tmp_path: Path) -> None:
    weights = {"most_deprived_fifth": 5.0, "least_deprived_fifth": 3.0, "rich": 2.0}
    plan = world(tmp_path, fairness={"equity_weights": weights})
    assert equity_by_place(plan.record.fairness, plan.area) == {"poor": 5.0, "mixed": 1.0, "rich": 2.0}
    assert started(result_of(optimal_appraisal(plan))) == approx({"poor": 0, "mixed": 0, "rich": 600})


RULES: dict[str, Any] = {
    "each_place_at_least": "60% of its head share",
    "equal_access": "80%",
    "minimum": [{"places": ["poor"], "spend": "£18k a year"}],
    "equity_weights": {"poor": 5},
}


def prices(folder: Path, **fairness: Any) -> pd.DataFrame:
    return avert.fairness(best(folder, fairness=fairness))["fairness_prices"].set_index("rule")


def test_a_rule_costs_what_the_plan_without_it_averts_more(tmp_path: Path) -> None:
    """£18,000 in 'poor' is 180 people who avert 0.45 there and would avert 1.8 in 'rich'."""
    table = prices(tmp_path, minimum=RULES["minimum"])
    row = table.loc["minimum"]
    assert (row["admissions_averted_with"], row["admissions_averted_without"]) == (approx(4.65), approx(6.0))
    assert (row["price"], row["price_share"]) == (approx(1.35), approx(1.35 / 6))
    assert row["in_words"] == "at least £18,000 a year in poor"
    file, line = row["where"].rsplit(":", 1)
    assert "places:" in Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]


def test_what_same_everywhere_would_cost(tmp_path: Path) -> None:
    """One rule for all spreads 600 people alike: 200 in each place."""
    row = prices(tmp_path).loc["same_everywhere"]
    assert not row["stated"]
    assert row["where"] == ""
    assert (row["admissions_averted_with"], row["admissions_averted_without"]) == (approx(3.5), approx(6.0))
    stated = prices(tmp_path, offers="same_everywhere").loc["same_everywhere"]
    assert stated["stated"]
    assert stated["price"] == approx(row["price"]) == approx(2.5)


def test_rules_that_stand_in_for_one_another_cost_nothing_alone(tmp_path: Path) -> None:
    """80 % equal access is 160 people in each place, which also gives each 60 % of its head share of the money."""
    table = prices(tmp_path, each_place_at_least=0.6, equal_access="80%")
    assert table.loc["each_place_at_least", "price"] == approx(0.0, abs=1e-6)
    access = 6.0 - 0.5 * (160 * 0.005 + 160 * 0.01 + 280 * 0.02)
    floors = 6.0 - 0.5 * (120 * 0.005 + 120 * 0.01 + 360 * 0.02)
    assert table.loc["equal_access", "price"] == approx(access - floors)
    assert table.loc["all of them", "price"] == approx(access)


def test_equity_weights_are_priced_in_events_that_count_alike(tmp_path: Path) -> None:
    """Five times 'poor' at 0.0025 beats once 'rich' at 0.01: the plan averts 1.5 where it could avert 6."""
    row = prices(tmp_path, equity_weights={"poor": 5}).loc["equity_weights"]
    assert (row["admissions_averted_with"], row["price"]) == (approx(1.5), approx(4.5))
    assert (row["objective_with"], row["objective_without"]) == (approx(1.5), approx(6.0))


def test_every_rule_is_priced_by_itself_and_all_together(tmp_path: Path) -> None:
    plan = world(tmp_path, fairness=RULES)
    named = [rule.name for rule in rules_of(plan)]
    assert set(named) == {*RULES, "all of them", "same_everywhere"}


def test_where_same_everywhere_cannot_be_had_the_table_says_why(tmp_path: Path) -> None:
    """All the money for 'rich' leaves none for one rule everywhere."""
    row = prices(tmp_path, minimum=[{"places": ["rich"], "spend": "£60k a year"}]).loc["same_everywhere"]
    assert "can't all be met" in row["why_not"]
    assert row["price"] != row["price"]


def test_what_a_rule_costs_where_money_counts(tmp_path: Path) -> None:
    """A fall at £30,000: £200 net a person in 'rich', £50 in 'mixed', −£25 in 'poor'.

    600 in 'rich' are worth £120,000.  A tenth of the money in each place: £96,000 + £3,000 − £1,500.
    """
    fairness = {"each_place_at_least": "30%"}
    found = avert.fairness(best(tmp_path, objective={"fall": 30_000, "spend": 1}, fairness=fairness))
    row = found["fairness_prices"].set_index("rule").loc["each_place_at_least"]
    assert (row["objective_with"], row["objective_without"]) == (approx(97_500), approx(120_000))


def test_who_gets_what_per_head_of_need(tmp_path: Path) -> None:
    """Expected: 5, 10 and 20 falls a year; £16k, £16k and £28k; so £3,200, £1,600 and £1,400 a fall."""
    tables = avert.fairness(best(tmp_path, fairness={"equal_access": "80%"}))
    report = tables["fairness_report"]
    assert list(report.columns) == list(COLUMNS["fairness_report"])
    rows = report.set_index("of")
    assert rows.loc[["poor", "mixed", "rich", "all"], "expected_admissions"].tolist() == approx([5, 10, 20, 35])
    each = rows["spend_per_expected_admission"]
    assert each[["poor", "mixed", "rich"]].tolist() == approx([3200, 1600, 1400])
    assert rows.loc["poor", "spend_per_need_ratio"] == approx(3200 / (60_000 / 35))
    assert rows.loc["most_deprived_fifth", "people"] == 1000
    assert rows.loc["least_deprived_fifth", "admissions_averted"] == approx(2.8)
    assert rows.loc["all", "eligible_people"] == 3000
    # Ranks by need: 2.5/35, 10/35, 25/35.  2/60 · (16 · 2.5 + 16 · 10 + 28 · 25)/35 − 1
    assert rows.loc["all", "spend_concentration_index"] == approx(2 / 60 * 900 / 35 - 1, abs=1e-6)


def test_the_concentration_index_by_hand() -> None:
    assert concentration_index([1, 2], [1, 1], [1, 1]) == approx(0)
    assert concentration_index([1, 2], [1, 1], [1, 0]) == approx(-0.5)
    assert concentration_index([2, 1], [1, 1], [1, 0]) == approx(0.5)
    assert concentration_index([1, 1], [1, 1], [1, 0]) == approx(0)
    assert concentration_index([1, 2, float("nan")], [1, 3, 9], [1, 3, 7]) == approx(0)
    assert concentration_index([1, 2], [1, 1], [0, 0]) != concentration_index([1, 2], [1, 1], [0, 0])


def test_the_command_says_it_in_words_and_writes_both_tables(tmp_path: Path) -> None:
    world(tmp_path, fairness={"equal_access": "80%"})
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(StringIO()), pytest.raises(SystemExit) as end:
        main(
            ["fairness", str(tmp_path / "plan.yaml"), "--evidence", str(tmp_path / "evidence"), "--out", str(tmp_path)]
        )
    assert not end.value.code
    said = out.getvalue()
    assert "poor: 1,000 people, 5 admissions expected a year; £16,000, £3,200 for each (187% of the county's)" in said
    assert "access to every service in every place at least 80% of the county's, per eligible person" in said
    assert "costs 2.00 admissions, 33.33% (4.0 averted with it, 6.0 without)" in said
    assert "money leans to the more deprived" in said
    for name in ("fairness_report", "fairness_prices"):
        assert list(pd.read_csv(tmp_path / f"{name}.csv").columns) == list(COLUMNS[name])


BAD: dict[str, tuple[dict[str, Any], dict[str, float | None], tuple[str, ...]]] = {
    "a decile without a place": (
        {"minimum": [{"deprivation": [7, 8], "spend": "£5k"}]}, DECILES, ("decile 7 or 8", "are of 2, 4, 9"),
    ),
    "a decile there is not": ({"minimum": [{"deprivation": [11], "spend": "£5k"}]}, DECILES, ("11", "10")),
    "a bare share of people": ({"minimum": [{"most_deprived": 0.2, "spend": "£5k"}]}, DECILES, ("'20% of people'",)),
    "a share of nothing": ({"minimum": [{"most_deprived": "20%", "spend": "£5k"}]}, DECILES, ("'20% of people'",)),
    "no places": ({"minimum": [{"most_deprived": 0, "spend": "£5k"}]}, DECILES, ("0 is neither",)),
    "two ways of saying where": (
        {"minimum": [{"most_deprived": 1, "deprivation": 2, "spend": "£5k"}]}, DECILES, ("needs one of 'places'",),
    ),
    "more people than are ranked": (
        {"minimum": [{"most_deprived": "50% of people", "spend": "£5k"}]}, DECILES | {"mixed": None, "rich": None},
        ("50% of people", "hold 33.3%"),
    ),
    "a fifth without a place": ({"equity_weights": {"middle_fifth": 2}}, DECILES, ("no place is in the middle fifth",)),
    "a fifth misspelt": ({"equity_weights": {"most_deprived_fith": 2}}, DECILES, ("'most_deprived_fifth'",)),
    "a service misspelt": ({"equal_access": {"clases": 0.8}}, DECILES, ("Did you mean 'classes'?",)),
    "more than equal": ({"equal_access": "120%"}, DECILES, ("more than 100%",)),
    "a fifth unknown": (
        {"equal_access": 0.8, "equal_access_in": "each_deprivation_fifth"}, DECILES | {"rich": None},
        ("needs a decile of every place", "none of rich"),
    ),
    "a decile beyond ten": ({"equal_access": 0.8}, DECILES | {"rich": 12}, ("'imd_average_decile' is 12", "10")),
}  # fmt: skip


@pytest.mark.parametrize(("fairness", "deciles", "words"), BAD.values(), ids=BAD)
def test_a_rule_that_cannot_be_meant_is_refused_at_its_line(
    tmp_path: Path, fairness: dict[str, Any], deciles: dict[str, float | None], words: tuple[str, ...]
) -> None:
    with pytest.raises(avert.AvertError) as refusal:
        world(tmp_path, deciles, fairness=fairness)
    said = str(refusal.value)
    assert ".yaml:" in said
    assert [word for word in words if word not in said] == [], said
