"""Attributable fractions: sums by hand, laws, and tables with faults."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx
from test_bad_input import AVERT, ended

import avert


def table(*rows: tuple[str, float, float, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["factor", "relative_risk", "prevalence", "communality"]).astype(
        {"communality": float}
    )


def test_three_factors_by_hand() -> None:
    """f: 0.2·1/(1.2) = 1/6; 0.5·0.5/1.25 = 0.2; RR 0.5 at 0.4: −0.2/0.8 = −0.25.  w: 0.5, 1 (missing), 0.8."""
    found = avert.attributable_fractions(table(("a", 2, 0.2, 0.5), ("b", 1.5, 0.5, None), ("c", 0.5, 0.4, 0.2)))
    assert found["factor"].tolist() == ["a", "b", "c", "all"]
    assert found["fraction"].tolist() == approx([1 / 6, 0.2, -0.25, 1 - 5 / 6 * 0.8 * 1.25])
    assert found["weighted_fraction"].tolist() == approx([1 / 12, 0.2, -0.2, 1 - 11 / 12 * 0.8 * 1.2])
    total, together = 1 / 6 + 0.2 - 0.25, 1 - 11 / 12 * 0.8 * 1.2
    assert found["share"].tolist() == approx([f / total * together for f in (1 / 6, 0.2, -0.25)] + [together])


@given(
    st.lists(
        st.tuples(st.floats(1.01, 9), st.floats(0.01, 0.99), st.floats(0, 1)),
        min_size=1,
        max_size=8,
    )
)
def test_weights_only_take_away_and_shares_add_up(rows: list[tuple[float, float, float]]) -> None:
    found = avert.attributable_fractions(table(*((f"factor {n}", *row) for n, row in enumerate(rows))))
    parts, last = found.iloc[:-1], found.iloc[-1]
    assert (parts["weighted_fraction"] <= parts["fraction"] + 1e-12).all()
    assert 0 <= last["weighted_fraction"] <= last["fraction"] + 1e-12 < 1 + 1e-12
    assert last["fraction"] <= parts["fraction"].sum() + 1e-12
    assert parts["share"].sum() == approx(last["share"])


def test_intervals_hold_their_value_and_are_the_same_each_time() -> None:
    """ln RR normal: the fraction's limits are those of the ratio's limits, to the noise of the draws."""
    factors = table(("a", 2, 0.2, None)).assign(relative_risk_low=1.5, relative_risk_high=8 / 3)
    found = avert.attributable_fractions(factors).iloc[0]
    assert found["fraction_low"] == approx(0.1 / 1.1, abs=0.003)
    assert found["fraction_high"] == approx((1 / 3) / (4 / 3), abs=0.003)
    pd.testing.assert_frame_equal(avert.attributable_fractions(factors), avert.attributable_fractions(factors))
    shares = table(("a", 2, 0.2, None)).assign(prevalence_low=0.1, prevalence_high=0.36)
    found = avert.attributable_fractions(shares).iloc[0]
    assert (found["fraction_low"], found["fraction_high"]) == approx((0.1 / 1.1, 0.36 / 1.36), abs=0.003)


def test_the_command_prints_and_writes_what_the_function_gives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "factors.csv", tmp_path / "fractions.csv"
    file.write_text("factor,relative_risk,prevalence,communality\nHearing loss,1.4,0.5,0.6\nSport,0.8,0.3,\n")
    avert_main(["attributable", str(file), "--out", str(out)])
    said = capsys.readouterr().out
    assert "Hearing loss" in said
    assert "counted in full (w = 1): Sport" in said
    assert "below 0 (cases it prevents today): Sport" in said
    written = pd.read_csv(out)
    pd.testing.assert_frame_equal(written, avert.attributable_fractions(avert.read_factors(file)))


def avert_main(arguments: list[str]) -> None:
    from avert.cli import main

    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert not end.value.code


BAD = """\
factor,relative_risk,prevalence,communality,relative_risk_low,relative_risk_high
a,-1,0.2,,,
a,1.2,20,0.1,,
,x,0.1,2,,
d,1.2,0.1,,1.3,1.5
e,1.2,0.1,,1.1,
"""
SAID = {
    2: ["'relative_risk' is '-1'; it should be a number above 0"],
    3: ["'prevalence' is '20'", "'a' already stands on line 2"],
    4: ["'relative_risk' is 'x'", "'communality' is '2'", "no name"],
    5: ["1.2, outside 1.3 to 1.5"],
    6: ["one limit; give both or none"],
}


def test_every_fault_of_a_table_is_said_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(BAD)
    done = ended([*AVERT, "attributable", str(tmp_path / "bad.csv"), "--out", str(tmp_path / "out.csv")])
    assert done.code == 1
    assert not (tmp_path / "out.csv").exists()
    for line, words in SAID.items():
        said = done.faults("bad.csv", line)
        assert not [one for one in words if one not in said], done.said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("factor,relative_risk\na,2\n", "the column 'prevalence' is missing"),
        ("factor,relative_risk,prevalence\n", "no rows"),
        ("factor,relative_risk,prevalence\na,1,0.3\n", "add up to nothing"),
    ],
)
def test_a_table_without_what_it_takes_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "bad.csv").write_text(text)
    done = ended([*AVERT, "attributable", str(tmp_path / "bad.csv")])
    assert done.code == 1
    assert says in done.said


def test_there_is_no_such_table(tmp_path: Path) -> None:
    assert "no such file" in ended([*AVERT, "attributable", str(tmp_path / "none.csv")]).said
