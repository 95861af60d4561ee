"""The year-of-care budget of a group: sums by hand, exact distributions worked out another way, and drawn people."""

from __future__ import annotations

from math import exp, floor, lgamma, log, sqrt
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
import yaml
from pytest import approx

import avert
from avert.appraisal.capitation import Capitation, _smallest, by_partner, capitation_of, chosen_group
from avert.appraisal.compound import Costs, probability_within
from avert.cli import main
from avert.errors import AvertError
from avert.packages import County, county_of
from worlds import edge, effect, event, figure, intervention, open_world, state, write_world

COST = 3000
"""Of an admission, in pounds."""


def plan(folder: Path) -> Path:
    """Frail people are admitted four times as often: 0.25 a year against 0.0625 at an average of 0.1."""
    return write_world(
        folder,
        nodes=[
            state("frail", 0.2, stratifies=True),
            state("home", {"65-74": 0.0, "75-84": 0.0, "85+": 0.5}, stratifies=True),
            event("fall", 10_000),
            event("entry", 2_000, counts_as="long_term_care_entry", not_for=["home"]),
        ],
        edges=[edge("frail", "fall", 4.0), edge("home", "fall", 1.0), edge("frail", "entry", 1.0)],
        interventions=[intervention("classes", effect("fall", 0.8))],
        people={"north": {"65-74": 500, "75-84": 200, "85+": 100}, "south": {"65-74": 300, "75-84": 100, "85+": 100}},
    )


@pytest.fixture
def county(tmp_path: Path) -> County:
    return county_of(open_world(plan(tmp_path)), years=1)


def poisson_up_to(mean: float, most: int) -> float:
    return sum(exp(n * log(mean) - mean - lgamma(n + 1)) for n in range(most + 1))


@pytest.mark.parametrize(
    ("words", "age", "place", "people"),
    [
        ("frail", None, None, 260),
        ("not_frail", None, None, 1040),
        ("frail + home", None, None, 20),
        ("frail+not_home", "85+", "south", 10),
        ("everyone", "75-84", None, 300),
    ],
)
def test_the_group_is_who_it_says(county: County, words: str, age: str | None, place: str | None, people: int) -> None:
    mask = chosen_group(county, words, age, place)
    assert county.strata.people[mask].sum() == approx(people)


def test_the_budget_of_the_frail_as_on_paper(county: County) -> None:
    """0.25 admissions a year at £3,000 are £750; variance 0.25 · 3,000², as all are alike.

    n = (1.645 · 1,500 / 37.5)² = 4,329 by the normal distribution.
    """
    found = capitation_of(county, chosen_group(county, "frail"))
    assert found.cost_per_person == approx(750)
    assert found.standard_deviation == approx(1500)
    assert found.smallest_normal == int(np.ceil((NormalDist().inv_cdf(0.95) * 1500 / 37.5) ** 2))
    assert found.smallest == approx(found.smallest_normal, rel=0.05)
    events = found.events.set_index("event")
    assert events.loc["fall", "events_per_1000"] == approx(250)
    assert events.loc["fall", "cost_per_person"] == approx(750)
    assert events.loc["entry", "cost_per_person"] == 0
    assert by_partner(found.events) == [("icb", approx(750))]


def test_a_group_of_two_kinds_varies_by_who_is_in_it_too(county: County) -> None:
    """Everyone: μ = 300; within 0.1 · 3,000², between 0.2 · 450² + 0.8 · 112.5²; with v = 1 the first doubles."""
    mask = chosen_group(county, "everyone")
    between = 0.2 * 450**2 + 0.8 * 112.5**2
    assert capitation_of(county, mask).standard_deviation == approx(sqrt(0.1 * COST**2 + between))
    varied = capitation_of(county, mask, cost_variation=1.0)
    assert varied.standard_deviation == approx(sqrt(2 * 0.1 * COST**2 + between))
    assert varied.smallest is not None
    assert varied.smallest > 1.5 * (capitation_of(county, mask).smallest or 0)


@pytest.mark.parametrize("people", [1, 7, 40, 400, 5000])
def test_events_of_one_cost_are_a_poisson_count(people: int) -> None:
    """P(3,000 N ≤ 1.05 · 750 n), N Poisson with mean 0.25 n."""
    costs = Costs(np.array([1.0]), np.array([[0.25]]), np.array([3000.0]))
    exact = poisson_up_to(0.25 * people, floor(1.05 * 0.25 * people + 1e-9))
    assert probability_within(costs, people, 0.05) == approx(exact, abs=1e-7)


def test_the_fewest_people_are_the_fewest_by_counting() -> None:
    """With μ = 3 and one cost, every larger n up to twice as many holds too, and one fewer does not."""
    found = _capitation_of_one_kind(0.2)
    assert found is not None

    def holds(people: int) -> bool:
        return poisson_up_to(0.2 * people, floor(1.2 * 0.2 * people + 1e-9)) >= 0.9

    assert holds(found)
    assert not holds(found - 1)
    assert all(holds(round(found * more)) for more in (1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2.0, 3.0))


def _capitation_of_one_kind(rate: float) -> int | None:
    costs = Costs(np.array([1.0]), np.array([[rate]]), np.array([500.0]))
    normal = int(np.ceil((NormalDist().inv_cdf(0.9) * costs.variance**0.5 / (0.2 * costs.mean)) ** 2))
    return _smallest(costs, 0.2, 0.9, normal)


def test_two_costs_and_one_stratum_by_the_recursion_of_panjer() -> None:
    """Costs of 2 and 5 lattice steps; g(s) = Σ_x (λ x / s) f(x) g(s − x), written out beside the transform."""
    rates, each, people = np.array([0.3, 0.1]), np.array([200.0, 500.0]), 60
    budget = 1.1 * people * float(rates @ each)
    means = {2: people * 0.3, 5: people * 0.1}
    chance = [exp(-sum(means.values()))]
    for s in range(1, floor(budget / 100 + 1e-9) + 1):
        chance.append(sum(x * mean / s * chance[s - x] for x, mean in means.items() if s >= x))
    found = probability_within(Costs(np.array([1.0]), rates[None, :], each), people, 0.1)
    assert found == approx(sum(chance), abs=2e-3)


def test_people_drawn_one_by_one_cost_what_it_says() -> None:
    """20,000 years of 150 people of two kinds, with events of gamma costs."""
    costs = Costs(np.array([0.3, 0.7]), np.array([[0.8, 0.1], [0.2, 0.01]]), np.array([2500.0, 60_000.0]), 0.8)
    random, years, people = np.random.default_rng(7), 20_000, 150
    frail = random.binomial(people, 0.3, years)
    total = np.zeros(years)
    for n, cost in enumerate(costs.each):
        rate = frail * costs.rates[0, n] + (people - frail) * costs.rates[1, n]
        count = random.poisson(rate)
        shape = count / 0.64
        total += np.where(count > 0, random.gamma(np.maximum(shape, 1e-9), cost * 0.64), 0.0)
    assert total.mean() == approx(people * costs.mean, rel=0.01)
    assert total.std() == approx((people * costs.variance) ** 0.5, rel=0.02)
    for margin in (0.05, 0.3, 0.6):
        share = float((total <= (1 + margin) * people * costs.mean).mean())
        error = sqrt(share * (1 - share) / years)
        assert probability_within(costs, people, margin) == approx(share, abs=4 * error + 0.002)


def test_a_larger_group_a_wider_margin_and_less_certainty_are_easier(county: County) -> None:
    mask = chosen_group(county, "frail")
    found = capitation_of(county, mask)
    sizes = found.sizes[found.sizes["people"] >= 300]
    assert sizes["probability"].is_monotonic_increasing
    assert _people(capitation_of(county, mask, margin=0.1)) < _people(found) / 3
    assert _people(capitation_of(county, mask, probability=0.8)) < _people(found)


def _people(found: Capitation) -> int:
    assert found.smallest is not None
    return found.smallest


def test_a_group_that_would_have_to_be_larger_than_any_is_not_looked_for(county: County) -> None:
    found = capitation_of(county, chosen_group(county, "not_frail"), margin=0.001)
    assert found.smallest is None
    assert found.smallest_normal > 1_000_000


def test_an_entry_into_care_falls_on_who_pays_it(tmp_path: Path) -> None:
    path = plan(tmp_path)
    file = tmp_path / "evidence/pathways/main.yaml"
    file.write_text(
        file.read_text("utf-8").replace(
            "counts_as: long_term_care_entry", "counts_as: long_term_care_entry\n  unit_cost: place"
        ),
        "utf-8",
    )
    costs = tmp_path / "evidence/costs/unit_costs.yaml"
    record = yaml.safe_load(costs.read_text("utf-8"))
    place = {
        "id": "place", "label": "A place", "falls_on": "council", "cashable_share": {"value": 0, "reason": "made up"},
        "cost": figure(50_000, unit="GBP/entry", price_year="2024/25"),
    }  # fmt: skip
    record["costs"].append(place)
    costs.write_text(yaml.safe_dump(record, sort_keys=False), "utf-8")
    county = county_of(open_world(path), years=1)
    found = capitation_of(county, chosen_group(county, "everyone", "65-74"))
    assert by_partner(found.events) == [("council", approx(1000)), ("icb", approx(300))]


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["capitation", *arguments])
    return int(end.value.code or 0)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--group", "frale"], "no factor 'frale' tells this plan's people apart. Did you mean 'frail'?"),
        (["--group", "frail + not_hom"], "Did you mean 'not_home'?"),
        (["--group", ""], "no factor ''"),
        (
            ["--group", "diabetes"],
            "Choose from:\n  frail     frail\n  home      home\n  everyone  all people\n'not_' before",
        ),
        (["--group", "frail", "--age", "85"], "Did you mean '85+'?"),
        (["--group", "frail", "--place", "nort"], "Did you mean 'north'?"),
        (["--group", "home", "--age", "65-74"], "nobody in the area is of the group 'home' at 65-74"),
        (["--group", "frail + not_frail"], "nobody in the area"),
        (["--group", "frail", "--probability", "95"], "it should be above 50% and below 100%"),
        (["--group", "frail", "--probability", "most"], "--probability is 'most'; write a share, as 95% or 0.95"),
        (["--group", "frail", "--margin", "0"], "without one above 0"),
        (["--group", "frail", "--margin", "-5%"], "--margin is '-5%'"),
        (["--group", "frail", "--cost-variation", "9"], "it should be from 0 to 5"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    assert call(str(plan(tmp_path)), "--evidence", str(tmp_path / "evidence"), *options) == 1
    said = capsys.readouterr().err
    assert says in said
    assert "Traceback" not in said


def test_several_wrong_words_are_named_at_once(county: County) -> None:
    with pytest.raises(AvertError) as fault:
        chosen_group(county, "frale + hom", "86+")
    assert len(str(fault.value).splitlines()) == 3


def test_the_command_says_it_in_words_and_writes_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = plan(tmp_path), tmp_path / "tables"
    evidence = ["--evidence", str(tmp_path / "evidence")]
    assert call(str(path), "--group", "frail", *evidence, "--out", str(out)) == 0
    said = capsys.readouterr().out
    assert "260 people are of the group 'frail'" in said
    assert "£750 a person" in said
    assert "Chance alone is counted" in said
    assert sorted(file.name for file in out.iterdir()) == ["capitation_events.csv", "capitation_sizes.csv"]


def test_a_factor_may_be_called_by_its_label_and_small_groups_are_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = plan(tmp_path)
    file = tmp_path / "evidence/pathways/main.yaml"
    file.write_text(file.read_text("utf-8").replace("label: frail\n", "label: Frail (score 5+)\n"), "utf-8")
    assert call(str(path), "--group", "frail, score 5", "--evidence", str(tmp_path / "evidence")) == 0
    said = capsys.readouterr().out
    assert "260 people are of the group" in said
    assert "is no mistake: the sum of a few rare and dear events is lopsided" in said


def test_somersets_care_home_residents_with_dementia() -> None:
    county = county_of(avert.load_plan(Path(__file__).parents[2] / "plans" / "somerset.yaml"), years=1)
    found = capitation_of(county, chosen_group(county, "care_home_resident + dementia"))
    assert 1000 < (found.smallest or 0) < 2000
    assert found.events.set_index("event").loc["long_term_care_entry", "events_per_1000"] == 0
