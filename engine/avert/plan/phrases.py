"""The plain phrases of a plan as types: money, numbers a year, shares such as '60% of its head share', years."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from avert.library.records import Id
from avert.plan.amounts import money, yearly_count
from avert.reading.records import shown

_SHARE = re.compile(r"(\d+(\.\d+)?|\.\d+)\s*(%|per ?cent\b)(\s+((of|a|per)\s+\S.*))?", re.IGNORECASE)
OF_HEADS = ("of its head share", "of their head share", "of head share")
OF_THE_COUNTY = ("of the county's", "of the county's rate")
OF_TODAY = ("of today's", "of today", "of today's participants", "of today's people")
"""What a share may say it is of, where it is of that."""
_YEARS = re.compile(r"(\d{4})/(\d{2})(?:\s+to\s+(\d{4})/(\d{2}))?")


def _fraction(value: Any, of: Collection[str] = ()) -> float:
    """'60%', '60 per cent', 0.6 → 0.6; so does '60% of its head share' where `of` holds 'of its head share'.

    Any other words behind the sign are refused: they would say a share of something that is not meant.
    """
    if isinstance(value, str):
        plain = value.strip()
        if re.fullmatch(r"0?\.\d+|0|1(\.0*)?", plain):
            return float(plain)
        found = _SHARE.fullmatch(plain)
        if not found:
            raise ValueError(f"'{value}' is not a share.{_nearest_share(plain)} Write it like '60%' or 0.6")
        said = " ".join((found[5] or "").casefold().split())
        if said and said not in of:
            better = " ".join([f"{found[1]}%", *list(of)[:1]])
            raise ValueError(f"'{value}': '{said}' is not what this is a share of. Did you mean '{better}'?")
        return float(found[1]) / 100
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{shown(value)} is not a share. Write it like '60%' or 0.6")
    return float(value)


def _nearest_share(text: str) -> str:
    """The share a common slip stands for."""
    comma = re.fullmatch(r"(\d+),(\d+)\s*%.*", text)
    if comma:
        return f" Did you mean '{comma[1]}.{comma[2]}%'?"
    parts = re.fullmatch(r"(\d+)\s*/\s*(\d+)", text)
    if parts and 0 < int(parts[1]) <= int(parts[2]):
        return f" Did you mean '{100 * int(parts[1]) / int(parts[2]):.3g}%'?"
    bare = re.fullmatch(r"\d+(\.\d+)?", text)
    return f" Did you mean {float(text) / 100:g} or '{float(text):g}%'?" if bare and 1 < float(text) <= 100 else ""


def share(value: Any, of: Collection[str] = ()) -> float:
    """'60%', 0.6 → 0.6; '60% of its head share' too where `of` says so.  A bare 60 is refused: it may be a slip.

    So is '0.6%', which may mean 0.6; less than one in a hundred is written as 0.006.
    """
    part = _fraction(value, of)
    if not 0 <= part <= 1:
        if isinstance(value, str) and not re.fullmatch(r"[\d.]+", value.strip()):
            raise ValueError(f"'{value}' is more than 100%, the whole share there is")
        hint = f" Did you mean {part / 100:g} or '{part:g}%'?" if 1 < part <= 100 else ""
        raise ValueError(f"{part:g} is not a share between 0 and 1.{hint}")
    if isinstance(value, str) and re.match(r"0?\.\d*[1-9]\d*\s*(%|per)", value.strip()):
        raise ValueError(
            f"'{value}' is less than one in a hundred. Did you mean '{part * 1e4:g}%'? If not, write {part:g}"
        )
    return part


def growth(value: Any) -> float:
    """'50%', '150%', 0.5 → growth over a year as a share; more than doubling is possible, ten times over is not."""
    part = _fraction(value, ("a year", "per year"))
    if not 0 <= part <= 10:
        raise ValueError(f"'{value}' is no yearly growth. Write it like '50%'")
    return part


def financial_years(value: Any) -> tuple[int, ...]:
    """'2026/27 to 2030/31' → the years in which they start, (2026, …, 2030)."""
    text = " ".join(str(value).split())
    found = _YEARS.fullmatch(text)
    if not found:
        better = nearest_years(text)
        advice = f"Did you mean '{better}'?" if better else "Write it like '2026/27 to 2030/31'"
        raise ValueError(f"'{value}' is not a run of financial years. {advice}")
    first, last = int(found[1]), int(found[3] or found[1])
    for start, end in ((first, found[2]), (last, found[4] or found[2])):
        if (start + 1) % 100 != int(end):
            raise ValueError(
                f"'{start}/{end}' is not one financial year. Did you mean {start}/{(start + 1) % 100:02d}?"
            )
    if last < first or last - first > 19:
        raise ValueError(f"'{value}' should run forwards, over at most 20 years")
    return tuple(range(first, last + 1))


def nearest_years(text: str) -> str:
    """The run of years a common slip stands for: '2026-27', '2026/2027', '26/27', '2026', two of them with a dash."""
    one = r"((?:20)?\d\d)(?:\s*[/–-]\s*((?:20)?\d\d))?"
    ends = re.fullmatch(rf"{one}(?:\s*(?:to|until|and|–|-)\s*{one})?", text)
    if not ends or (len(ends[1]) == 2 and ends[2] is None):
        return ""
    starts = [int(part) % 100 + 2000 for part in (ends[1], ends[3]) if part]
    closes = [part for part in (ends[2], ends[4]) if part]
    if any(int(end) % 100 != (start + 1) % 100 for start, end in zip(starts, closes, strict=False)):
        return ""
    return " to ".join(f"{start}/{(start + 1) % 100:02d}" for start in starts)


def _written(pattern: str, examples: list[str], **limits: float) -> WithJsonSchema:
    """What an editor should offer: a plain number within `limits`, or the phrase."""
    number = {"type": "number", "minimum": 0, **limits}
    return WithJsonSchema({"anyOf": [number, {"type": "string", "pattern": pattern}], "examples": examples})


Pounds = Annotated[float, BeforeValidator(money), _written("^£? ?[0-9]", ["£1.2m a year", "£600k a year"])]
Yearly = Annotated[
    float, BeforeValidator(yearly_count), _written("^[0-9]", ["1,900 people a year", "4,000 places a year"])
]
_PERCENT = "^[0-9.]+ *(%|per ?cent|$)"


PlanShare = Annotated[float, BeforeValidator(share), _written(_PERCENT, ["60%"], maximum=1)]
HeadShare = Annotated[
    float,
    BeforeValidator(partial(share, of=OF_HEADS)),
    _written(_PERCENT, ["60%", f"60% {OF_HEADS[0]}"], maximum=1),
]
AccessShare = Annotated[
    float, BeforeValidator(partial(share, of=OF_THE_COUNTY)), _written(_PERCENT, ["80%"], maximum=1)
]
TodaysShare = Annotated[float, BeforeValidator(partial(share, of=OF_TODAY)), _written(_PERCENT, ["80%"], maximum=1)]
Growth = Annotated[float, BeforeValidator(growth), _written(_PERCENT, ["50%"], maximum=10)]
Years = Annotated[
    tuple[int, ...],
    BeforeValidator(financial_years),
    WithJsonSchema({"type": "string", "pattern": f"^{_YEARS.pattern}$", "examples": ["2026/27 to 2030/31"]}),
]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_NAMES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
Names = Annotated[tuple[Id, ...], BeforeValidator(_listed), WithJsonSchema(_NAMES)]
"""One name, or a list of them."""
