"""A table of services: rows are records like any other, and are refused at their line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytest import approx

from avert import optimise
from avert.appraisal import beside_optimum
from avert.errors import AvertError, EvidenceError, PlanError
from avert.library import Library, load_library
from avert.plan import PlanInFull, load_plan

FOLDER = Path(__file__).parents[1] / "published" / "regular_and_severe"
TABLE = "evidence/services.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a problem stated by a table of two services."""
    shutil.copytree(FOLDER, tmp_path / "problem")
    return tmp_path / "problem"


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")


def library(folder: Path) -> Library:
    return load_library(folder / "evidence")


def plan(folder: Path) -> PlanInFull:
    return load_plan(folder / "plan.yaml", library(folder))


def test_a_row_is_a_record_with_its_papers(folder: Path) -> None:
    record = library(folder).interventions["see_severe"]
    effect = record.effects[0]
    assert (effect.estimate.value, effect.estimate.interval) == (3, (1.5, 4.5))
    assert effect.estimate.interval_basis == "assumed"
    assert effect.estimate.source == ("crown_2017",)
    assert record.cost is not None
    assert (record.cost.value, record.cost.unit) == (50, "USD/participant")
    assert record.staff_hours["clinician"].value == 0.25
    assert record.uptake is not None
    assert record.uptake.is_assumption
    assert record.eligible.requires == ("severe",)
    assert library(folder).line("see_severe", "cost") == (TABLE, 3)
    assert TABLE in library(folder).hashes


def test_rows_stand_beside_files(folder: Path) -> None:
    (folder / "evidence/interventions").mkdir()
    other = Path(__file__).parents[1] / "fifth_pathway/evidence/interventions/weighing-leaflet.yaml"
    text = other.read_text("utf-8").replace("heart_failure", "health")
    (folder / "evidence/interventions/leaflet.yaml").write_text(text, "utf-8")
    assert list(library(folder).interventions) == ["see_regular", "see_severe", "weighing_leaflet"]
    (folder / "evidence/interventions/leaflet.yaml").write_text(text.replace("weighing_leaflet", "see_severe"), "utf-8")
    with pytest.raises(EvidenceError, match=r"services.csv:3: the id 'see_severe' is already used in evidence/interv"):
        library(folder)


def test_uptake_limits_who_takes_part(folder: Path) -> None:
    """1 % of 100 severe patients come: one, and three regular ones; 9 units."""
    change(folder, TABLE, "hours_clinician", "uptake,hours_clinician")
    change(folder, TABLE, "USD,0.25,2", "USD,1,0.25,2")
    change(folder, TABLE, "USD,0.25,3", "USD,0.01,0.25,3")
    result = optimise(plan(folder))
    took = result.allocation.set_index("intervention")["participants"].to_dict()
    assert took == approx({"see_regular": 3, "see_severe": 1})
    assert result.manifest["objective"] == approx(9)


def test_every_fault_of_a_table_is_named_at_once(folder: Path) -> None:
    change(folder, TABLE, "USD,0.25,2,10", "USD,much,2,0")
    change(folder, TABLE, "USD,0.25,3,10", "USD,0.25,three,10")
    change(folder, TABLE, ",50,2016/17", ",-50,2061/17")
    with pytest.raises(EvidenceError) as refused:
        library(folder)
    for expected in (
        f"{TABLE}:2: 'hours_clinician' is 'much'; it should be a number, 0 or more",
        f"{TABLE}:2: 'of_health_unit' is '0'; it should be a number above 0",
        f"{TABLE}:3: 'averts_health_unit' is 'three'; it should be a number",
        f"{TABLE}:3: 'cost' is '-50'; it should be a number, 0 or more",
    ):
        assert expected in str(refused.value), refused.value


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("0.25,3,10,crown_2017", "0.25,3,10,crown_2018", "3: the source 'crown_2018' is not in the bibliography"),
        (",50,2016/17", ",50,2061/62", "3: there is no price index for '2061/62'"),
        ("see_severe", "See severe", "3: id: 'See severe' can't be an id: use small letters"),
        ("see_severe", "see_regular", "3: the id 'see_regular' stands here a second time"),
        ("patient,severe,50", "patient,sever,50", "3: 'sever' is not a factor that tells groups apart. Did you mean"),
        (",of_health_unit", ",of_nothing", "1: 'averts_health_unit' is absolute: it needs 'of_health_unit' beside it"),
        ("0.25,3,10,", "0.25,30,10,", "3: events_averted_per_participant_year 30 leaves -2 of the rate"),
        ("seen_in,", "sen_in,", "1: unknown column 'sen_in'. Did you mean 'seen_in'?"),
        ("id,label", "id,lable", "1: the column 'label' is missing. Did you mean 'lable'?"),
    ],
)
def test_a_fault_of_a_table_is_named_at_its_line(folder: Path, old: str, new: str, says: str) -> None:
    change(folder, TABLE, old, new)
    with pytest.raises(EvidenceError) as refused:
        library(folder)
    assert f"services.csv:{says}" in str(refused.value), refused.value


def test_a_group_only_tells_people_apart(folder: Path) -> None:
    file = "evidence/pathways/health.yaml"
    change(folder, file, "kind: group, label: severe patients", "kind: group, unit: mmHg, label: severe patients")
    with pytest.raises(EvidenceError, match="the group 'severe' needs an id, a label and a definition, and nothing"):
        library(folder)


def test_groups_are_told_apart_only_where_people_are_given_outright(folder: Path) -> None:
    """With a population and no groups given outright nobody is known to be a severe patient."""
    rows = [f"centre,{age},100,2016,crown_2017" for age in ("65-74", "75-84", "85+")]
    (folder / "people.csv").write_text("\n".join(["place,age_band,people,year,source", *rows]) + "\n", "utf-8")
    change(folder, "centre-area.yaml", "strata: centre-strata.csv", "population: people.csv")
    rate = "england_rate: {value: 1000000, no_interval: Made up., source: crown_2017, verification: recalled}"
    change(folder, "evidence/pathways/health.yaml", "counts_as: other", f"counts_as: other, {rate}, rate_year: '2017'")
    assert optimise(plan(folder)).allocation.empty


def test_without_a_rate_of_england_every_group_needs_its_own(folder: Path) -> None:
    change(folder, "centre-strata.csv", "severe,100,1000000", "severe,100,")
    with pytest.raises(AvertError, match="there is no rate of 'health_unit' for severe: the library has none"):
        optimise(plan(folder))


def test_studies_of_any_kind_count_only_where_the_plan_says_so(folder: Path) -> None:
    change(folder, "plan.yaml", "evidence_rule: as_stated\n", "")
    assert optimise(plan(folder)).allocation.empty


def test_one_service_limited_by_another(folder: Path) -> None:
    """Half a severe patient for each regular one: a + b ≤ 4 binds, so 8/3 and 4/3; 28/3 units."""
    change(
        folder, "plan.yaml", "largest_package: 1", "largest_package: 1\nat_most_per: {see_severe: {see_regular: 0.5}}"
    )
    result = optimise(plan(folder))
    took = result.allocation.set_index("intervention")["participants"].to_dict()
    assert took == approx({"see_regular": 8 / 3, "see_severe": 4 / 3})
    values = result.marginal_values.set_index("in_words")["value"]
    row = [name for name in values.index if name.startswith("Seeing a severe patient, limited by Seeing a regular")]
    assert values[row[0]] == approx(2 / 3)


def test_a_proposal_that_breaks_such_a_limit_is_told_so(folder: Path) -> None:
    """Two severe patients for two regular ones, where one is allowed."""
    lines = (
        "largest_package: 1\nat_most_per: {see_severe: {see_regular: 0.5}}\nproposed: {see_severe: 2, see_regular: 2}"
    )
    change(folder, "plan.yaml", "largest_package: 1", lines)
    broken = beside_optimum(plan(folder)).kept.broken
    assert [(line.path, line.limit, line.comes_to) for line in broken] == [
        (("at_most_per", "see_severe", "see_regular"), approx(1), approx(2))
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{see_sever: {see_regular: 1}}", "there is no service 'see_sever'. Did you mean 'see_severe'?"),
        ("{see_severe: {see_regulr: 1}}", "there is no service 'see_regulr'. Did you mean 'see_regular'?"),
        ("{see_severe: {see_severe: 1}}", "'see_severe' can't be limited by itself"),
        ("{see_severe: {see_regular: 0}}", "it should be above 0"),
    ],
)
def test_a_limit_by_another_service_that_makes_no_sense_is_refused(folder: Path, line: str, says: str) -> None:
    change(folder, "plan.yaml", "largest_package: 1", f"largest_package: 1\nat_most_per: {line}")
    with pytest.raises(PlanError) as refused:
        plan(folder)
    assert says in str(refused.value)
    assert "plan.yaml:12: " in str(refused.value)


def test_more_services_than_bits_of_a_machine_word(folder: Path) -> None:
    """A hundred further services for nobody change nothing, packages of two included."""
    change(folder, "plan.yaml", "largest_package: 1", "largest_package: 2")
    few = optimise(plan(folder))
    row = "far_{n},Far {n},far,1,2016/17,USD,0,1,10,crown_2017,seen,Row {n},secondary\n"
    with (folder / TABLE).open("a", encoding="utf-8") as table:
        table.writelines(row.format(n=n) for n in range(100))
    group = "  - {id: far, kind: group, label: far away, definition: Nobody here}\n"
    change(folder, "evidence/pathways/health.yaml", "nodes:\n", f"nodes:\n{group}")
    many = optimise(plan(folder))
    assert many.manifest["objective"] == few.manifest["objective"] == approx(10)
    assert many.allocation.equals(few.allocation)
    assert many.interventions.equals(few.interventions)
