"""What a working group proposes to buy, as it would write it: the record of one entry under `proposed`."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from avert.library.records import Id
from avert.plan.phrases import Names, Pounds, Yearly, Years
from avert.reading import Line, Record

EVERYWHERE = "everywhere"


def _by_place(value: Any) -> Any:
    if value == {}:
        raise ValueError("no place is named. Write an amount, or 'place: amount' for each place")
    return value if isinstance(value, dict) else {EVERYWHERE: value}


def _no_money(value: Any) -> Any:
    if isinstance(value, str) and "£" in value:
        raise ValueError(f"'{value}' is money, and people are asked for here. Write it under 'money', or without the £")
    return value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _schema(kind: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [kind, {"type": "object", "additionalProperties": kind}]})


_PEOPLE = {"type": ["string", "number"], "examples": ["300 people a year"]}
_POUNDS = {"type": ["string", "number"], "examples": ["£200k a year"]}
People = Annotated[Yearly, BeforeValidator(_no_money)]
PeopleByPlace = Annotated[dict[Id, People], BeforeValidator(_by_place), _schema(_PEOPLE)]
MoneyByPlace = Annotated[dict[Id, Pounds], BeforeValidator(_by_place), _schema(_POUNDS)]
Ages = Annotated[
    tuple[Line, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Proposed(Record):
    """What is proposed of one service. Nothing said of places, ages, groups or years means all of them."""

    people: PeopleByPlace | None = None
    """People who start the service in each year: one number for all places together, or a number for each place."""
    money: MoneyByPlace | None = None
    """Instead of people: what the service may cost in each year, later years of those who started before included."""
    places: Names = ()
    """Only these places."""
    ages: Ages = ()
    """Only these age bands."""
    who: Names = ()
    """Only people who have all of these risk factors."""
    years: Years | None = None
    """Only these financial years."""

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        if (self.people is None) == (self.money is None):
            raise ValueError("a proposal needs either 'people' or 'money', as in 300 people a year or £200k a year")
        if self.places and EVERYWHERE not in self.by_place:
            raise ValueError("either 'places', or an amount for each place; not both")
        return self

    @property
    def by_place(self) -> dict[str, float]:
        """Place → people, or pounds, a year; `everywhere` for all places taken together."""
        return dict(self.people if self.people is not None else self.money or {})


def _entries(value: Any) -> Any:
    """'£200k a year', '300 people a year', an entry, or a list of them."""
    if value == []:
        raise ValueError("nothing is proposed of it. Write it like '300 people a year' or '£200k a year'")
    return [_entry(one) for one in (value if isinstance(value, list) else [value])]


def _entry(value: Any) -> Any:
    if isinstance(value, dict | Proposed):
        return value
    return {"money" if isinstance(value, str) and "£" in value else "people": value}


class _ShortToo:
    """What an editor should offer: an amount by itself, one entry, or a list of entries."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        listed = handler(core)
        short = {"type": ["string", "number"], "examples": ["300 people a year", "£200k a year"]}
        return {"anyOf": [short, listed["items"], listed]}


Entries = Annotated[tuple[Proposed, ...], BeforeValidator(_entries), _ShortToo()]
ProposedServices = dict[Id, Entries]
"""Service → one entry or several, such as one for each run of years."""
