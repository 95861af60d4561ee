"""The plain phrases of a plan, such as '£1.2m a year' and '60% of its head share', as numbers."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from avert.library.records import Id
from avert.reading.records import shown

LARGEST = 1e12
_SCALE = {"": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_AMOUNT = re.compile(
    r"(?P<sign>[-−])?\s*£?\s*(?P<sign2>[-−])?(?P<number>\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?)\s*(?P<scale>k|m|bn|thousand|million|billion)?"
    r"(?P<rest>\b.*)?",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(\d{4})/(\d{2})(?:\s+to\s+(\d{4})/(\d{2}))?")


def _amount(text: str, what: str, example: str) -> tuple[float, str]:
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"'{text}' is not {what}. Write it like '{example}'")
    value = float(found["number"].replace(",", "")) * _SCALE[(found["scale"] or "").casefold()]
    if value > LARGEST:
        raise ValueError(f"'{text[:20]}…' is larger than {what} can be")
    if found["sign"] or found["sign2"]:
        raise ValueError(f"'{text}' is negative; {what} can't be")
    return value, (found["rest"] or "").strip().casefold()


def money(value: Any) -> float:
    """'£1.2m a year', '£600k', 250000 → pounds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value < 0:
            raise ValueError(f"{value} is negative; an amount of money can't be")
        return float(value)
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is not an amount of money. Write it like '£1.2m a year'")
    amount, rest = _amount(value, "an amount of money", "£1.2m a year")
    if rest.startswith(","):
        raise ValueError(f"'{value}' is not an amount of money. Write it like '£1.2m a year'")
    if rest not in ("", "a year", "per year", "each year", "/year"):
        raise ValueError(f"'{value}': only amounts 'a year' are understood, not '{rest}'")
    return amount


def yearly_count(value: Any) -> float:
    """'1,900 people a year', '4,000 places a year', '3,000 hours a year', 250 → a number a year."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value < 0:
            raise ValueError(f"{value} is negative; a number a year can't be")
        return float(value)
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is not a number a year. Write it like '4,000 places a year'")
    count, rest = _amount(value, "a number a year", "4,000 places a year")
    if rest and not re.fullmatch(r"(people|places|hours|participants)?\s*((a|per|each) year)?", rest):
        raise ValueError(f"'{value}': write people, places or hours 'a year', not '{rest}'")
    return count


def _fraction(value: Any) -> float:
    """'60%', '60% of its head share', 0.6 → 0.6."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d+(\.\d+)?)\s*%(\s+\S.*)?", value.strip())
        if not found:
            raise ValueError(f"'{value}' is not a share. Write it like '60%' or 0.6")
        return float(found[1]) / 100
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{shown(value)} is not a share. Write it like '60%' or 0.6")
    return float(value)


def share(value: Any) -> float:
    """'60%', '60% of its head share', 0.6 → 0.6.  A bare 60 is refused: it may mean 0.6 or a slip."""
    part = _fraction(value)
    if not 0 <= part <= 1:
        if isinstance(value, str):
            raise ValueError(f"'{value}' is more than 100%, the whole share there is")
        hint = f" Did you mean {part / 100:g} or '{part:g}%'?" if 1 < part <= 100 else ""
        raise ValueError(f"{part:g} is not a share between 0 and 1.{hint}")
    return part


def growth(value: Any) -> float:
    """'50%', '150%', 0.5 → growth over a year as a share; more than doubling is possible, ten times over is not."""
    part = _fraction(value)
    if not 0 <= part <= 10:
        raise ValueError(f"'{value}' is no yearly growth. Write it like '50%'")
    return part


def financial_years(value: Any) -> tuple[int, ...]:
    """'2026/27 to 2030/31' → the years in which they start, (2026, …, 2030)."""
    found = _YEARS.fullmatch(str(value).strip())
    if not found:
        raise ValueError(f"'{value}' is not a run of financial years. Write it like '2026/27 to 2030/31'")
    first, last = int(found[1]), int(found[3] or found[1])
    for start, end in ((first, found[2]), (last, found[4] or found[2])):
        if (start + 1) % 100 != int(end):
            raise ValueError(
                f"'{start}/{end}' is not one financial year. Did you mean {start}/{(start + 1) % 100:02d}?"
            )
    if last < first or last - first > 19:
        raise ValueError(f"'{value}' should run forwards, over at most 20 years")
    return tuple(range(first, last + 1))


def _written(pattern: str, examples: list[str]) -> WithJsonSchema:
    """What an editor should offer: a plain number, or the phrase."""
    return WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": pattern}], "examples": examples}
    )


Pounds = Annotated[float, BeforeValidator(money), _written("^£?[0-9]", ["£1.2m a year", "£600k a year"])]
Yearly = Annotated[
    float, BeforeValidator(yearly_count), _written("^[0-9]", ["1,900 people a year", "4,000 places a year"])
]
PlanShare = Annotated[float, BeforeValidator(share), _written("^[0-9.]+ *%", ["60%", "60% of its head share"])]
Growth = Annotated[float, BeforeValidator(growth), _written("^[0-9.]+ *%", ["50%"])]
Years = Annotated[
    tuple[int, ...],
    BeforeValidator(financial_years),
    WithJsonSchema({"type": "string", "pattern": _YEARS.pattern, "examples": ["2026/27 to 2030/31"]}),
]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_NAMES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
Names = Annotated[tuple[Id, ...], BeforeValidator(_listed), WithJsonSchema(_NAMES)]
"""One name, or a list of them."""
