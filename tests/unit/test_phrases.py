"""Every way of writing money, numbers a year, shares and years that a plan takes, and what it refuses and says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx
from test_bad_input import assert_refused, good_world

import avert
from avert.plan.amounts import money, yearly_count
from avert.plan.phrases import OF_HEADS, OF_TODAY, financial_years, growth, share

MONEY: dict[Any, float] = {
    "£1.2m a year": 1_200_000, "£1.2M": 1_200_000, "1.2 million a year": 1_200_000, "£1,200,000": 1_200_000,
    "£1.2m per year": 1_200_000, "£1.2m/year": 1_200_000, "£1.2m p.a.": 1_200_000, "1200k": 1_200_000,
    "850k": 850_000, "£850k": 850_000, "£850K a year": 850_000, "£ 850k": 850_000, "850k pounds a year": 850_000,
    "0.5m": 500_000, "1bn": 1e9, "600 thousand a year": 600_000, "£0": 0, 0: 0, 250_000: 250_000, 250_000.5: 250_000.5,
    "£500 a year": 500, 500: 500, "£12.50": 12.5, "£1.20": 1.2, "£1,200.50": 1200.5,
}  # fmt: skip
NO_MONEY: dict[Any, str] = {
    1.2: "'£1.2m' or '£1.2k'", "1.2": "'£1.2m' or '£1.2k'", "£1.2": "'£1.20'", "£1.2 a year": "'£1.2m'",
    5: "'£5m' or '£5k'", "£99": "'£99.00'", 120.5: "'£120.5k'", "1.20": "'£1.20'",
    "£1.200": "'1,200'", "1.200.000": "'1,200,000'", "£1.200.000 a year": "'£1,200,000 a year'",
    "£1,2m": "'£1.2m'", "£1,25m a year": "'£1.25m a year'", "£12,00": "'£12,000' or '£12.00'",
    "£1,20,000": "£1.2m a year",
    "£1.2m over 5 years": "'£240k a year'", "£1m over 3 years": "'£333,333 a year'", "12k/month": "'£144k a year'",
    "£100k a month": "'£1.2m a year'", "£20k a week": "'a week'", "1.2mn": "'1.2m'", "£1.2mil a year": "'£1.2m a year'",
    "$1.2m": "£1.2m a year", "€5m": "£1.2m a year", "about £1m": "£1.2m a year", "£1m to £2m": "'to £2m'",
    "£1m-£2m": "'-£2m'", "1 200 000": "'200 000'", "-£5k": "negative", "£-5k": "negative", -5: "negative",
    "1e6": "'e6'", "£5,000bn": "larger", "": "£1.2m a year", "plenty": "£1.2m a year", True: "true", None: "nothing",
}  # fmt: skip
COUNTS: dict[Any, float] = {
    "1,900 people a year": 1900, "4,000 places a year": 4000, "3,000 hours per year": 3000, "250": 250, 250: 250,
    "4k places": 4000, "0": 0, "1.5 a year": 1.5, 0.5: 0.5, "200 participants a year": 200,
}  # fmt: skip
NO_COUNTS: dict[Any, str] = {
    "1.900 people a year": "'1,900'", "£5 a year": "not '£'",
    "800 places a month": "'places a month'", "1.900.000 people": "'1,900,000 people'", "some people": "4,000 places",
    -3: "negative", None: "nothing", "30%": "'%'",
}  # fmt: skip
SHARES: dict[Any, float] = {
    "45%": 0.45, "45 %": 0.45, "45 per cent": 0.45, "45 percent": 0.45, 0.45: 0.45, "0.45": 0.45,
    ".45": 0.45, "12.5%": 0.125, "1%": 0.01, "100%": 1, 1: 1, 0: 0, "0%": 0, 0.004: 0.004,
}  # fmt: skip
NO_SHARES: dict[Any, str] = {
    45: "0.45 or '45%'", "45": "0.45 or '45%'", "4500%": "more than 100%", "101%": "more than 100%", 1.2: "'1.2%'",
    "0.45%": "'45%'", ".5%": "'50%'", "0.5 %": "0.005", "45,5%": "'45.5%'", "1/2": "'50%'", "half": "'60%'",
    "-5%": "'60%'", -0.5: "between 0 and 1", "45% now": "'60%'", True: "true", None: "nothing",
    "60% of its banana": "Did you mean '60%'?",
}  # fmt: skip
YEARS: dict[Any, tuple[int, ...]] = {
    "2026/27": (2026,), "2026/27 to 2028/29": (2026, 2027, 2028), "2099/00": (2099,),
}  # fmt: skip
NO_YEARS: dict[Any, str] = {
    "2026-27": "'2026/27'", "2026–27": "'2026/27'", "2026/2027": "'2026/27'", "26/27": "'2026/27'", 2026: "'2026/27'",
    "2026-27 to 2030-31": "'2026/27 to 2030/31'", "2026/27 - 2030/31": "'2026/27 to 2030/31'",
    "2026 to 2030": "'2026/27 to 2030/31'", "2026/27 and 2027/28": "'2026/27 to 2027/28'",
    "2026-2030": "'2026/27 to 2030/31'", "2026/28": "2026/27?", "2030/31 to 2026/27": "forwards",
    "2026/27 to 2050/51": "20 years", "next year": "'2026/27 to 2030/31'", "26": "'2026/27 to 2030/31'",
}  # fmt: skip
TAKEN = [(read, text, value) for read, table in (
    (money, MONEY), (yearly_count, COUNTS), (share, SHARES), (financial_years, YEARS))
    for text, value in table.items()]  # fmt: skip
REFUSED = [(read, text, words) for read, table in (
    (money, NO_MONEY), (yearly_count, NO_COUNTS), (share, NO_SHARES), (financial_years, NO_YEARS))
    for text, words in table.items()]  # fmt: skip


def _said(one: Any) -> str:
    """A test's name, the same in every process: functions by name, not by where they lie in memory."""
    return one.__name__ if callable(one) else str(one)


@pytest.mark.parametrize(("read", "text", "value"), TAKEN, ids=_said)
def test_what_can_mean_one_thing_only_is_taken(read: Any, text: Any, value: Any) -> None:
    assert read(text) == approx(value, rel=1e-12)


@pytest.mark.parametrize(("read", "text", "words"), REFUSED, ids=_said)
def test_what_can_mean_several_things_is_refused_with_the_nearest_right_one(read: Any, text: Any, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        read(text)


def test_the_nearest_right_thing_is_one_that_is_taken() -> None:
    for text in ("£240k a year", "£333,333 a year", "£144k a year", "1,200,000", "£1.25m a year", "£1.20", "1.2m"):
        assert money(text) > 0


def test_a_share_may_say_what_it_is_of_where_it_is_of_that() -> None:
    assert share("45 percent of its head share", OF_HEADS) == share("45%  of its Head share", OF_HEADS) == 0.45
    assert share("80% of today's", OF_TODAY) == 0.8
    with pytest.raises(ValueError, match="Did you mean '80% of its head share'"):
        share("80% of today's", OF_HEADS)


def test_growth_may_be_small_or_more_than_the_whole() -> None:
    assert (growth("0.5%"), growth("150%"), growth("50% a year"), growth(0.5)) == (0.005, 1.5, 0.5, 0.5)
    with pytest.raises(ValueError, match="Write it like '50%'"):
        growth(50)


@given(st.integers(1, 10**9))
def test_pounds_come_back_however_they_are_written(pounds: int) -> None:
    assert money(f"£{pounds:,}.00 a year") == pounds
    assert money(f"{pounds}k") == approx(pounds * 1000)
    if pounds >= 100:
        assert money(pounds) == money(f"£{pounds:,}") == money(str(pounds)) == pounds


@given(st.integers(1, 100))
def test_a_share_is_the_same_in_per_cent_and_as_a_fraction(hundredths: int) -> None:
    assert share(f"{hundredths}%") == approx(share(hundredths / 100)) == approx(share(f"{hundredths} per cent"))


@pytest.mark.parametrize(("old", "new", "words"), [
    ("£120k a year", "1.2", "council: '1.2' is 1.2 pounds. Did you mean '£1.2m'"),
    ("£120k a year", "£1.2m over 5 years", "'£240k a year'"),
    ("50% of its head share", "0.5%", "Did you mean '50%'?"),
    ("2026/27 to 2027/28", "2026-27 to 2027-28", "Did you mean '2026/27 to 2027/28'?"),
    ("{2026/27: £50k, 2027/28: £60k}", "{2026-27: £50k, 2027-28: £60k}", "Did you mean '2026/27'?"),
    ("50% of its head share", "50% of its need share", "Did you mean '50% of its head share'?"),
    ("council: 40%", "council: 40% of its head share", "Did you mean '40%'?"),
    ("£120k a year", "£120,00 a year", "Did you mean '£120,000 a year' or '£120.00 a year'?"),
    ("{2026/27: £50k, ", "{2026/27: £500,00 a year, ", "2026/27: '£500,00 a year' is not an amount of money."),
    ("800 places a year", "1.900", "'1.900': is the dot for thousands? Write 1,900, or 1.9."),
    ("800 places a year", "4.000", "Write 4,000, or 4."),
    ("£120k a year", "850.000", "Write 850,000, or 850."),
])  # fmt: skip
def test_a_plan_that_says_so_is_refused_at_its_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    world = good_world(tmp_path)
    line = world.change("plan.yaml", old, new)
    done = world.run()
    assert_refused(world, done)
    assert words in done.faults("plan.yaml", line)


@pytest.mark.parametrize("text", [key for key in {**MONEY} if isinstance(key, str)])
def test_money_between_braces_is_what_it_is_by_itself(tmp_path: Path, text: str) -> None:
    """YAML ends a value at a comma between braces; thousands are joined again."""
    world = good_world(tmp_path)
    amounts = "  council: £120k a year\n  icb: {2026/27: £50k, 2027/28: £60k}"
    world.change("plan.yaml", amounts, f"  {{council: {text}, icb: 1k}}")
    plan = avert.load_plan(tmp_path / "plan.yaml", avert.load_library(tmp_path / "evidence"))
    assert plan.contribution("council", "2026/27") == approx(MONEY[text])
