"""Numbers, money and doubt in plain British English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import floor, isfinite, log10

CERTAINTY = {
    "high": "high",
    "moderate": "moderate",
    "low": "low",
    "very_low": "very low",
}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
LEAST_SHOWN = 0.05
"""Events below which a count is 'under 0.1'."""
MARKS = {"seen": "seen in its source", "derived": "worked out from its source", "recalled": "assumption"}


def about(value: float, figures: int = 2) -> float:
    """A number with so many significant figures."""
    if value == 0 or not isfinite(value):
        return 0.0
    return round(value, figures - 1 - floor(log10(abs(value))))


def count(value: float) -> str:
    """A count as a reader can use it: '1,234', '12', '3.4', 'under 0.1'."""
    size = abs(value)
    if size >= 100:
        return _minus(f"{value:,.0f}")
    if size >= 10:
        return _minus(f"{value:,.0f}")
    if size >= 0.05:
        return _minus(f"{value:,.1f}".removesuffix(".0"))
    return "0" if size < 1e-9 else ("under 0.1" if value > 0 else "a little below 0")


def averted(value: float) -> str:
    """Events averted: '12', or '4.3 more' where there are more of them than without the plan."""
    return f"{count(-value)} more" if value <= -LEAST_SHOWN else count(value)


def averted_share(fewer: float, baseline: float) -> str:
    """The same as a share of the events without the plan: '1.4%', or '0.1% more'; '–' where there are none."""
    if not baseline:
        return "–"
    return f"{percent(-fewer / baseline)} more" if fewer <= -LEAST_SHOWN else percent(fewer / baseline)


def averted_of(fewer: float, baseline: float) -> str:
    """'12 of 340', or '4.3 more, beside 340'."""
    return f"{averted(fewer)}{', beside' if fewer <= -LEAST_SHOWN else ' of'} {count(baseline)}"


def money(value: float) -> str:
    """Pounds as boards write them: '£1.2 million', '£850,000', '£1,230'."""
    size = abs(value)
    if size >= 999_500:
        return _minus(f"{'-' if value < 0 else ''}£{size / 1e6:,.1f} million".replace(".0 million", " million"))
    if size >= 10_000:
        return _minus(f"{'-' if value < 0 else ''}£{about(size, 3):,.0f}")
    return _minus(f"{'-' if value < 0 else ''}£{size:,.0f}")


def pounds(value: float) -> str:
    """Pounds to the pound."""
    return _minus(f"{'-' if value < -0.5 else ''}£{abs(value):,.0f}")


def percent(share: float) -> str:
    """A share as a percentage: '92%', '1.4%'."""
    size = abs(100 * share)
    said = f"{100 * share:.0f}" if size >= 9.95 or size == 0 else f"{100 * share:.1f}"
    return _minus(f"{said}%")


def figure(value: float) -> str:
    """A figure of the evidence as it stands: at most four significant figures."""
    return _minus(f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}")


def span(low: float, high: float, how: object = count) -> str:
    """'from 230 to 1,430'."""
    say = how if callable(how) else count
    return f"{say(low)} to {say(high)}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """'a, b and c'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def years(named: Sequence[str]) -> str:
    """'2026/27 to 2030/31'."""
    return named[0] if len(named) == 1 else f"{named[0]} to {named[-1]}"


def how_many_years(number: int) -> str:
    small = ("one year", "two years", "three years", "four years", "five years")
    return small[number - 1] if number <= len(small) else f"{number} years"


def in_ten(share: float) -> str:
    """A share as people say it: '9 in every 10', 'nearly all', 'about half'."""
    if share >= 0.95:
        return "nearly all"
    if share <= 0.05:
        return "hardly any"
    tenths = round(10 * share)
    return "about half" if tenths == 5 else f"about {tenths} in every 10"


def first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def _minus(said: str) -> str:
    return said.replace("-", "−")


def how_many(number: int) -> str:
    """Small numbers in letters."""
    small = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return small[number] if 0 <= number < len(small) else f"{number:,}"


def day(iso: str) -> str:
    """'2026-09-30' → '30 September 2026'."""
    found = date.fromisoformat(iso)
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"
