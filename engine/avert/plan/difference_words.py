"""What a plan says, value by value, in the words of a working group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic.fields import FieldInfo

from avert.plan.phrases import AccessShare, Growth, HeadShare, PlanShare, Pounds, TodaysShare, Yearly
from avert.reading import Record

SHARES = (PlanShare, HeadShare, AccessShare, TodaysShare, Growth)
KINDS = (("money", Pounds), ("a year", Yearly), *(("share", one) for one in SHARES))
IS_NOW = {
    "money": ("{} puts in", "a year", "nothing"),
    "interventions": ("services that may be bought:", "", "all"),
    "buy_anyway": ("{}, although the library would not buy it:", "", "not to be bought"),
    "evidence_choices": ("the evidence on {} is read by", "", "the library's own choice"),
    "may_pay": ("{} may pay for", "", "anything"),
    "split": ("{} is paid", "", "by any partner who may pay for it"),
    "today": ("{} today:", "people a year", "nobody"),
    "limits": ("{}:", "places a year", "no limit"),
    "staff": ("{}:", "hours a year", "no limit"),
    "keep_services": ("{}, least share of today's participants to keep:", "", "none"),
    "ramp_up": ("{}, growth from year to year:", "", "as fast as may be"),
    "lumpy": ("{}, in lumps:", "", "in any amount"),
    "target": ("to be averted at least, {}:", "", "no target"),
    "equity_weights": ("an event averted in {} counts for", "", "1"),
    "each_place_at_least": ("least share of its head count's money to be spent in each place:", "", "0%"),
    "actions": ("to be done, {}:", "", "not on the list"),
}
"""Section → how a sentence begins, the unit of its numbers, and what is said where nothing is written."""
IS_THERE = {
    "carry_over": "{} may keep unspent money for the next year",
    "pathways": "the pathway {} is taken",
    "leave_out": "{} is left out",
    "illustrative": "the figures under `{}` are marked as examples",
    "minimum": "a minimum: {}",
    "notes": "a note: {}",
}
"""Section of names → what it means that a name stands there."""


def pounds(amount: float) -> str:
    """An amount of money as people write it: £1.2m, £600k, £1,234.56."""
    for scale, letter in ((1e6, "m"), (1e3, "k")):
        if abs(amount) >= scale and abs(amount / scale * 100 - round(amount / scale * 100)) < 1e-9:
            return f"£{amount / scale:,.10g}{letter}"
    return f"£{amount:,.2f}".removesuffix(".00")


def kind_of(field: FieldInfo) -> str:
    """'money', 'a year' or 'share' by the phrases a field takes; '' for anything else."""
    found = [*field.metadata, *_metadata(field.annotation)]
    return next((kind for kind, phrase in KINDS if get_args(phrase)[1] in found), "")


def _metadata(annotation: Any) -> Iterator[Any]:
    for part in get_args(annotation):
        yield part
        yield from _metadata(part)


def in_words(value: Any, kind: str = "", unit: str = "") -> str:
    """A value of a plan's record in words; `unit` follows its numbers."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{_number_in_words(value, kind)} {unit}".strip()
    if isinstance(value, Record):
        return record_in_words(value) or "as it comes"
    if isinstance(value, dict):
        return " and ".join(f"{_plain(key)} {in_words(one, kind, unit)}" for key, one in value.items()) or "nothing"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(in_words(one, kind, unit) for one in value) or "nothing"
    return str(value)


def _number_in_words(value: float, kind: str) -> str:
    if kind == "money":
        return pounds(value)
    return f"{value * 100:,.10g}%" if kind == "share" else f"{value:,.10g}"


def record_in_words(record: Record, but: tuple[str, ...] = ()) -> str:
    """The fields of a record that say something else than by default, but for some."""
    said = []
    for name, field in type(record).model_fields.items():
        value = getattr(record, name)
        if name in but:
            continue
        if field.is_required() or value != field.default:
            value = sorted(value) if isinstance(value, tuple) and all(isinstance(one, str) for one in value) else value
            said.append(f"{_plain(name)} {in_words(value, kind_of(field))}")
    return ", ".join(said)


def _plain(name: object) -> str:
    return str(name).replace("_", " ")


def changed_by(was: Any, now: Any, kind: str) -> str:
    """' (+£200k)' for two numbers; '' for anything else."""
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in (was, now)):
        return ""
    sign = "+" if now > was else "−"
    if kind == "share":
        return f" ({sign}{abs(now - was) * 100:,.10g} percentage points)"
    return f" ({sign}{in_words(abs(now - was), kind)})"
