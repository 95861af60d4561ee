"""Linked records: summed as anybody would sum them, known answers come back, and bad lines are all named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from pytest import approx

from avert.cli import main
from avert.library import Library, load_library
from avert.packages import county_of
from avert.population import happened, read_people, summed
from linked import GROUPS, HEADING, records, write_records
from worlds import edge, effect, event, intervention, open_world, state, write_world

Sum = Callable[..., pd.DataFrame]


def write(folder: Path) -> Path:
    """A world whose people are told apart by two factors, 'frail' and 'alone'."""
    plan = write_world(
        folder,
        nodes=[state("frail", 0.2, stratifies=True), state("alone", 0.5, stratifies=True), event("fall")],
        edges=[edge("frail", "fall", 4.0), edge("alone", "fall", 1.0)],
        interventions=[intervention("classes", effect("fall", 0.8))],
    )
    write_records(folder / "records.csv")
    return plan


@pytest.fixture
def library(tmp_path: Path) -> Library:
    write(tmp_path)
    return load_library(tmp_path / "evidence")


def profiles(folder: Path, *more: str) -> int:
    """Exit code of the command that sums the folder's records."""
    out = ["--out", str(folder / "area-profiles.csv"), "--evidence", str(folder / "evidence")]
    with pytest.raises(SystemExit) as end:
        main(["profiles", str(folder / "records.csv"), *out, *more])
    return int(end.value.code or 0)


def test_shares_are_those_a_count_gives(tmp_path: Path, library: Library) -> None:
    counts = Counter((band, frail, alone) for _, band, frail, alone, *_ in records())
    whole = Counter(band for _, band, *_ in records())
    table = summed(read_people(tmp_path / "records.csv", library), library).profiles
    found = {(row.age_band, row.frail, row.alone): row.share for row in table.itertuples()}
    assert found == approx({key: n / whole[key[0]] for key, n in counts.items()})


def test_the_groups_of_the_area_have_the_known_shares_and_odds(tmp_path: Path) -> None:
    """At each age the odds of frailty are three times as high among those who live alone."""
    plan = write(tmp_path)
    assert profiles(tmp_path) == 0
    path = tmp_path / "area-area.yaml"
    path.write_text(path.read_text("utf-8") + "profiles: area-profiles.csv\nobserved: area-burden.csv\n", "utf-8")
    groups = county_of(open_world(plan)).groups
    alone, frail = groups.has("alone")[:4], groups.has("frail")[:4]
    for row, sizes in zip(groups.shares, GROUPS.values(), strict=True):
        neither, only_frail, only_alone, both = (
            float(row[(frail == f) & (alone == a)][0]) for f, a in ((0, 0), (1, 0), (0, 1), (1, 1))
        )
        assert (neither, only_frail, only_alone, both) == approx(tuple(n / sum(sizes) for n in sizes))
        assert neither * both / (only_frail * only_alone) == approx(3)
    assert groups.prevalences["frail"] == approx((0.2, 1 / 3, 0.5))


def test_what_happened_adds_up_as_by_hand(tmp_path: Path, library: Library) -> None:
    """2,100, 1,300 and 600 people with 840,000, 1,340,000 and 1,500,000 pounds: £400, £1,031 and £2,500 each.

    Everyone at the top 2 % (80 people) has both conditions and was admitted: £4,000 each.
    """
    table = happened(read_people(tmp_path / "records.csv", library)).set_index(["by", "group"])
    by = table.loc["conditions"]
    assert list(by.index) == ["0", "1", "2"]
    assert list(by["people"]) == [2100, 1300, 600]
    assert list(by["admissions"]) == [210, 320, 300]
    assert list(by["cost"]) == [840_000, 1_340_000, 1_500_000]
    assert table.loc[("top_by_cost", "0.02"), "cost"] == approx(80 * 4000)
    assert table.loc[("top_by_admissions", "0.02"), "admissions"] == approx(80)
    assert table.loc[("all", "all"), ["people", "admissions", "bed_days", "cost"]].tolist() == [4000, 830, 4980, 3.68e6]


def test_what_happened_is_what_a_few_lines_of_plain_sums_say(tmp_path: Path, library: Library) -> None:
    people = [(frail + alone, band, admitted, cost) for _, band, frail, alone, admitted, _, cost in records()]
    table = happened(read_people(tmp_path / "records.csv", library)).set_index(["by", "group"])
    for share in (0.01, 0.05, 0.1, 0.2, 0.5):
        top = sorted((cost for *_, cost in people), reverse=True)[: round(share * len(people))]
        assert table.loc[("top_by_cost", f"{share:g}"), "cost"] == approx(sum(top))
    for band in GROUPS:
        assert table.loc[("age_band", band), "cost"] == sum(cost for _, b, _, cost in people if b == band)
    assert table.loc[("all", "all"), "squared_cost"] == sum(cost**2 for *_, cost in people)


def test_conditions_explain_more_of_the_cost_than_age_does(tmp_path: Path) -> None:
    """η² of linked people: between groups Σ n (m_k − m)² over Σ (x − m)², here summed person by person."""
    plan = write(tmp_path)
    assert profiles(tmp_path) == 0
    path = tmp_path / "area-area.yaml"
    path.write_text(path.read_text("utf-8") + "observed: area-burden.csv\n", "utf-8")
    observed = open_world(plan).area.observed
    frame = pd.DataFrame(records(), columns=HEADING.split(","))
    frame["conditions"] = frame["frail"] + frame["alone"]
    for by in ("conditions", "age_band"):
        means = frame.groupby(by)["cost"].transform("mean")
        expected = ((means - frame["cost"].mean()) ** 2).sum() / ((frame["cost"] - frame["cost"].mean()) ** 2).sum()
        assert observed.explained(by, "cost") == approx(expected)
    assert observed.explained("conditions", "cost") > 3 * observed.explained("age_band", "cost")


def test_groups_of_a_few_are_not_told_apart(tmp_path: Path, library: Library) -> None:
    """Of 1,000 at each age 900 have neither, 96 live alone, 4 are frail, nobody both: the 4 count as ten.

    Of those ten the library, with 0.2 frail, half of them alone, would have as many with both as frail alone.
    """
    rows = [f"{band},0,0" for band in GROUPS for _ in range(900)]
    rows += [f"{band},0,1" for band in GROUPS for _ in range(96)]
    rows += [f"{band},1,0" for band in GROUPS for _ in range(4)]
    path = tmp_path / "few.csv"
    path.write_text("\n".join(["age_band,frail,alone", *rows]) + "\n", encoding="utf-8")
    people = read_people(path, library)
    found = summed(people, library)
    shares = {(r.frail, r.alone): r.share for r in found.profiles.itertuples() if r.age_band == "85+"}
    left = 0.99 / 0.996
    assert shares == approx({(0, 0): 0.9 * left, (0, 1): 0.096 * left, (1, 0): 0.005, (1, 1): 0.005})
    assert found.people_in_small_groups == 12
    exact = summed(people, library, smallest=1)
    assert {(r.frail, r.alone): r.share for r in exact.profiles.itertuples() if r.age_band == "85+"} == approx(
        {(0, 0): 0.9, (0, 1): 0.096, (1, 0): 0.004}
    )
    assert exact.people_in_small_groups == 0


def test_how_common_a_factor_is_stays_where_that_tells_of_no_few(tmp_path: Path) -> None:
    """Nine people have each of three factors alone, nine each two, 946 none: 27 of the 54 in small groups have each."""
    names = ("a", "b", "c")
    write_world(
        tmp_path,
        nodes=[*(state(name, 0.1, stratifies=True) for name in names), event("fall")],
        edges=[edge(name, "fall", 2.0) for name in names],
        interventions=[intervention("classes", effect("fall", 0.8))],
    )
    kinds = ("1,0,0", "0,1,0", "0,0,1", "1,1,0", "1,0,1", "0,1,1")
    rows = [f"{band},{kind}" for band in GROUPS for kind in kinds for _ in range(9)]
    rows += [f"{band},0,0,0" for band in GROUPS for _ in range(946)]
    path = tmp_path / "few.csv"
    path.write_text("\n".join(["age_band,a,b,c", *rows]) + "\n", encoding="utf-8")
    library = load_library(tmp_path / "evidence")
    found = summed(read_people(path, library), library)
    assert found.people_in_small_groups == 3 * 54
    assert found.prevalence["as_written"].tolist() == approx([0.027] * 9)
    of_all_three = found.profiles[found.profiles[["a", "b", "c"]].sum(axis=1) == 3]["share"]
    assert (of_all_three > 0).all()  # nobody has all three, and the table does not say so


def test_few_with_many_conditions_go_with_the_next(tmp_path: Path, library: Library) -> None:
    rows = [f"{band},0,0,{int(n % 2)},{int(n < 3)},1" for band in GROUPS for n in range(40)]
    path = tmp_path / "few.csv"
    path.write_text("\n".join(["age_band,frail,alone,condition_copd,condition_gout,admissions", *rows]) + "\n", "utf-8")
    people = read_people(path, library)
    assert people.counted == ("condition_copd", "condition_gout")
    table = happened(people)
    # 3 of each age have gout, 1 of them copd too: 3 people have both, fewer than ten
    assert table[table["by"] == "conditions"]["group"].tolist() == ["0", "1+"]
    assert table["cost"].isna().all()
    assert not table["group"].isin(["0.01", "0.02", "0.05"]).any()


def test_ages_in_years_are_put_into_bands(tmp_path: Path, library: Library) -> None:
    rows = [f"{age},0,0" for age in (65, 74, 75, 84, 85, 101)]
    path = tmp_path / "years.csv"
    path.write_text("\n".join(["age,frail,alone", *rows]) + "\n", encoding="utf-8")
    assert read_people(path, library).age.tolist() == [0, 0, 1, 1, 2, 2]


GOOD = ["a,65-74,0,0,1,2,300", "b,75-84,1,0,0,0,0", "c,85+,0,1,2,9,6000.50"]
BAD = {
    "a factor missing": (HEADING.replace("alone", "condition_alone"), GOOD, ["records.csv:1: the column 'alone'"]),
    "a column misspelt": (HEADING.replace("bed_days", "bed_dais"), GOOD, ["Did you mean 'bed_days'?"]),
    "a column twice": (HEADING.replace("bed_days", "cost"), GOOD, ["the column 'cost' stands here twice"]),
    "no age": (HEADING.replace("age_band", "place"), GOOD, ["one column of ages"]),
    "an age band nobody knows": (HEADING, ["a,65-70,0,0,1,2,3"], ["records.csv:2: 'age_band' is '65-70'", "65-74"]),
    "somebody too young": (HEADING.replace("age_band", "age"), ["a,64,0,0,1,2,3"], ["records.csv:2: 'age' is '64'"]),
    "an age in words": (HEADING.replace("age_band", "age"), ["a,old,0,0,1,2,3"], ["records.csv:2: 'age' is 'old'"]),
    "a flag in words": (HEADING, ["a,85+,yes,0,1,2,3"], ["records.csv:2: 'frail' is 'yes'; it should be 0 or 1"]),
    "an empty flag": (HEADING, ["a,85+,,0,1,2,3"], ["records.csv:2: 'frail' is ''"]),
    "half an admission": (HEADING, ["a,85+,0,0,0.5,2,3"], ["records.csv:2: 'admissions' is '0.5'"]),
    "a cost below nought": (HEADING, ["a,85+,0,0,1,2,-3"], ["records.csv:2: 'cost' is '-3'"]),
    "a cost with a sign": (HEADING, ["a,85+,0,0,1,2,£3"], ["records.csv:2: 'cost' is '£3'"]),
    "no number of days": (HEADING, ["a,85+,0,0,1,nan,3"], ["records.csv:2: 'bed_days' is 'nan'"]),
    "a cell too many": (HEADING, ["a,85+,0,0,1,2,3,4"], ["records.csv:2: this row has 8 cells, and the heading 7"]),
    "a person twice": (HEADING, [*GOOD, GOOD[0]], ["records.csv:5: 'a' stands here again; first on line 2"]),
    "a person without a number": (HEADING, [",85+,0,0,1,2,3"], ["records.csv:2: 'person' is empty"]),
    "no people": (HEADING, [], ["records.csv:1: the table has no rows"]),
    "an age without people": (HEADING, GOOD[:2], ["the records hold 1 people aged 65-74"]),
    "several at once": (
        HEADING,
        ["a,65-70,0,2,1,2,3", "a,85+,0,0,one,2,3"],
        ["records.csv:2: 'age_band'", "records.csv:2: 'alone' is '2'", "records.csv:3: 'admissions'", "csv:3: 'a' st"],
    ),
}


@pytest.mark.parametrize(("heading", "rows", "says"), BAD.values(), ids=BAD)
def test_bad_records_are_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], heading: str, rows: list[str], says: list[str]
) -> None:
    write(tmp_path)
    (tmp_path / "records.csv").write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    assert profiles(tmp_path) == 1
    said = capsys.readouterr().err
    assert not [words for words in says if words not in said], said
    assert "Traceback" not in said
    assert not list(tmp_path.glob("area-*.csv"))


def test_of_very_many_faults_the_first_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path)
    (tmp_path / "records.csv").write_text("\n".join([HEADING, *["x,85+,Y,0,1,2,3"] * 500]) + "\n", encoding="utf-8")
    assert profiles(tmp_path) == 1
    said = capsys.readouterr().err
    assert "records.csv: 999 faults; the first 200 are shown." in said
    assert len(said.splitlines()) == 201


def test_a_file_that_is_no_table_of_records_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path)
    (tmp_path / "records.csv").write_bytes(b"age_band,frail,alone\n85+,\xff,0\n")
    assert profiles(tmp_path) == 1
    assert "not in UTF-8" in capsys.readouterr().err
    (tmp_path / "records.csv").unlink()
    assert profiles(tmp_path) == 1
    assert "there is no file" in capsys.readouterr().err


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path)
    files = [tmp_path / "area-profiles.csv", tmp_path / "area-burden.csv"]
    assert profiles(tmp_path) == 0
    first = [path.read_bytes() for path in files]
    assert profiles(tmp_path) == 0
    assert [path.read_bytes() for path in files] == first


PROFILES = "age_band,alone,frail,share\n" + "".join(f"{age},0,0,0.6\n{age},1,1,0.4\n" for age in GROUPS)
OBSERVED = "by,group,people,admissions\nconditions,0,30,4\nconditions,1,20,6\nall,all,50,10\n"
BAD_AREA = {
    "a profile twice": ("profiles", PROFILES + "85+,1,1,0\n", "csv:8: 85+ with alone + frail stands here again"),
    "a column nobody knows": ("profiles", PROFILES.replace("share\n", "share,place\n", 1), "unknown column 'place'"),
    "a factor misspelt": ("profiles", PROFILES.replace("frail", "fraile"), "Did you mean 'fraile'?"),
    "a share above 1": ("profiles", PROFILES.replace("0.6", "60%"), "csv:2: 'share' is '60%'"),
    "an age without profiles": ("profiles", PROFILES.split("85+")[0], "no profiles for 85+"),
    "a kind of group nobody knows": ("observed", OBSERVED.replace("conditions,0", "condition,0"), "Did you mean"),
    "groups that don't add up": ("observed", OBSERVED.replace("0,30", "0,31"), "'people' of conditions adds up to 51"),
    "nobody in all": ("observed", OBSERVED.replace("all,all,50,10\n", ""), "there is no row 'all,all'"),
    "no number": ("observed", OBSERVED.replace("1,20,6", "1,20,few"), "csv:3: 'admissions' is 'few'"),
    "a row twice": ("observed", OBSERVED + "all,all,50,10\n", "csv:5: all all stands here again; first on line 4"),
}


@pytest.mark.parametrize(("kind", "text", "says"), BAD_AREA.values(), ids=BAD_AREA)
def test_bad_files_of_an_area_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str, text: str, says: str
) -> None:
    plan = write(tmp_path)
    path = tmp_path / "area-area.yaml"
    path.write_text(path.read_text("utf-8") + f"{kind}: table.csv\n", "utf-8")
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["validate", str(plan), "--evidence", str(tmp_path / "evidence")])
    assert end.value.code == 1
    assert says in capsys.readouterr().err
