"""Amounts as people write them, '£1.2m a year' and '4,000 places a year', as numbers; what is ambiguous is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from avert.reading.records import shown

LARGEST = 1e12
SMALLEST_BARE = 100
"""Pounds below which an amount without k, m or pence is taken for a slip: '1.2' is likely millions left out."""
_SCALE = {"": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_WORD = "(k|m|bn|thousand|million|billion)"
_AMOUNT = re.compile(
    r"(?P<sign>[-−])?\s*(?P<pound>£)?\s*(?P<sign2>[-−])?(?P<number>\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?)"
    rf"\s*(?P<scale>{_WORD}(?![a-z]))?(?P<rest>[^\d.,].*)?",
    re.IGNORECASE,
)
_A_YEAR = re.compile(r"(pounds? ?|gbp ?)?((a|per|each|every) (financial )?year|/ ?year|p\.?a\.?|per annum)?")
_PENCE = re.compile(r"£\s*\d[\d,]*\.\d\d(?!\d)")


@dataclass(frozen=True)
class _Read:
    """An amount as it is written: its number, the word of its size, and what follows."""

    value: float
    number: str
    scale: str
    rest: str


def _amount(text: str, what: str, example: str) -> _Read:
    plain = " ".join(text.split())
    found = _AMOUNT.fullmatch(plain)
    if not found:
        better = _nearest_amount(plain)
        raise ValueError(
            f"'{text}' is not {what}. " + (f"Did you mean {better}?" if better else f"Write it like '{example}'")
        )
    if found["sign"] or found["sign2"]:
        raise ValueError(f"'{text}' is negative; {what} can't be")
    scale = (found["scale"] or "").casefold()
    number = found["number"]
    if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", number) and not scale:
        joined = number.replace(".", ",")
        raise ValueError(f"'{text}': is the dot for thousands? Write '{joined}', or fewer digits behind the dot")
    value = float(number.replace(",", "")) * _SCALE[scale]
    if value > LARGEST:
        raise ValueError(f"'{text[:20]}…' is larger than {what} can be")
    return _Read(value, number, scale, (found["rest"] or "").strip().casefold())


def _nearest_amount(text: str) -> str:
    """The amount a common slip stands for, between quotes; empty where it can't be told."""
    dots = re.fullmatch(r"(£?)\s*(\d{1,3}(?:\.\d{3}){2,})(.*)", text)
    if dots:  # 1.200.000
        return f"'{dots[1]}{dots[2].replace('.', ',')}{dots[3]}'"
    comma = re.fullmatch(rf"(£?)\s*(\d+),(\d{{1,2}})\s*{_WORD}(.*)", text, re.IGNORECASE)
    if comma:  # £1,2m
        return f"'{comma[1]}{comma[2]}.{comma[3]}{comma[4]}{comma[5]}'"
    short = re.fullmatch(r"£\s*([1-9]\d{0,2}),(\d\d)((?![\d,.]).*)", text)
    if short:  # £500,00: a nought too few, or pence behind a comma
        return f"'£{short[1]},{short[2]}0{short[3]}' or '£{short[1]}.{short[2]}{short[3]}'"
    odd = re.fullmatch(r"(£?)\s*(\d+(?:\.\d+)?)\s*(mn|mio|mill|mil|thou|tsd)\b(.*)", text, re.IGNORECASE)
    if odd:  # 1.2mn
        return f"'{odd[1]}{odd[2]}{'k' if odd[3].casefold().startswith('t') else 'm'}{odd[4]}'"
    return ""


def money(value: Any) -> float:
    """'£1.2m a year', '£600k', 250000 → pounds.  A bare 1.2 is refused: it likely leaves the million out."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value < 0:
            raise ValueError(f"{value} is negative; an amount of money can't be")
        _size_is_told(value, f"{value:g}", str(value))
        return float(value)
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is not an amount of money. Write it like '£1.2m a year'")
    read = _amount(value, "an amount of money", "£1.2m a year")
    if not _A_YEAR.fullmatch(read.rest):
        raise ValueError(f"'{value}': only amounts 'a year' are understood, not '{read.rest}'.{_a_year(read, value)}")
    if not read.scale and not _PENCE.match(value.strip()):
        _size_is_told(read.value, read.number, value)
    return read.value


def _size_is_told(pounds: float, number: str, written: str) -> None:
    """Raises ValueError for an amount so small, or so broken, that its k or m was likely left out: 1.2, 238.5."""
    one_decimal = pounds != int(pounds) and 10 * pounds == int(10 * pounds)
    if 0 < pounds < SMALLEST_BARE or (pounds < 10 * SMALLEST_BARE and one_decimal):
        raise ValueError(
            f"'{written}' is {pounds:g} pounds. Did you mean '£{number}m' or '£{number}k'? "
            f"If not, write the pence too: '£{pounds:.2f}'"
        )


def _a_year(read: _Read, written: str) -> str:
    """The same money a year, where it is told by the month or over some years."""
    over = re.fullmatch(r"(?:over|for|in) (\d{1,2}) years", read.rest)
    if over and int(over[1]):
        return f" Did you mean {_written_out(read.value / int(over[1]))}?"
    if re.fullmatch(r"(a|per|each|every) month|/ ?month", read.rest):
        return f" Did you mean {_written_out(read.value * 12)}?"
    better = _nearest_amount(" ".join(written.split()))
    return f" Did you mean {better}?" if better else ""


def _written_out(pounds: float) -> str:
    """'£240k a year', exact to the pound."""
    for word, size in (("m", 1e6), ("k", 1e3)):
        if pounds >= size and round(pounds / size, 3) * size == pounds:
            return f"'£{pounds / size:g}{word} a year'"
    return f"'£{pounds:,.0f} a year'"


def yearly_count(value: Any) -> float:
    """'1,900 people a year', '4,000 places a year', '3,000 hours a year', 250 → a number a year."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value < 0:
            raise ValueError(f"{value} is negative; a number a year can't be")
        return float(value)
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is not a number a year. Write it like '4,000 places a year'")
    read = _amount(value, "a number a year", "4,000 places a year")
    if not re.fullmatch(rf"(people|places|hours|participants)? ?{_A_YEAR.pattern}", read.rest) or "£" in value:
        raise ValueError(
            f"'{value}': write people, places or hours 'a year', not '{'£' if '£' in value else read.rest}'"
        )
    return read.value
