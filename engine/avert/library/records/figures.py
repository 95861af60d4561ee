"""A figure with its papers, and the small words records are made of."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from math import isfinite
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from avert.errors import AvertError, nearest
from avert.reading import Line, NonNegative, Positive, Record, Share, Words
from avert.reading.records import Number

AGE_BANDS = ("65-74", "75-84", "85+")
AgeBand = Literal["65-74", "75-84", "85+"]
Verification = Literal["seen", "derived", "recalled"]
Certainty = Literal["high", "moderate", "low", "very_low"]
ALL_AGES = "all ages"
ALL_ADMISSIONS = "all_emergency_admissions"
_ID = re.compile(r"[a-z][a-z0-9_]*")


def identifier(value: str) -> str:
    """`value` if it can be an id.  Raises ValueError with a better one if it can't."""
    if not _ID.fullmatch(value) or "__" in value:
        better = plain_id(value)
        raise ValueError(f"'{value}' can't be an id: use small letters, digits and single '_', as in '{better}'")
    return value


def plain_id(words: str) -> str:
    """'Strength & balance' → 'strength_balance'."""
    return re.sub(r"[^a-z0-9]+", "_", words.casefold()).strip("_")


def _known_id(value: str, error: ValueError, known: Collection[str]) -> ValueError:
    """What to say of a name that can't be an id, where only the `known` ones can stand: none that does not exist."""
    better = plain_id(value)
    if better in known:
        return error
    advice = nearest(better, known) or " 'avert evidence list' shows all there are."
    return ValueError(f"'{value}' can't be an id, and there is no '{better}'.{advice}")


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _by_age(value: Any) -> Any:
    if isinstance(value, dict) and not any(key in AGE_BANDS for key in value):
        return {ALL_AGES: value}
    return value


def _every_age(value: dict[str, Any]) -> dict[str, Any]:
    missing = [band for band in AGE_BANDS if band not in value]
    if missing and ALL_AGES not in value:
        raise ValueError(f"there is no figure for {' and '.join(missing)}")
    return value


def _named(value: str, info: ValidationInfo) -> str:
    """An id; where a label was written instead, the fault says whose."""
    try:
        return identifier(value)
    except ValueError as error:
        labels: Mapping[str, str] = (info.context or {}).get("labels", {})
        folded = {label.casefold(): label for label in labels}
        found = get_close_matches(value.casefold(), list(folded), n=1, cutoff=0.8)
        known = {one.casefold() for one in labels.values()}
        if not found or value.casefold().replace("-", "_").replace(" ", "_") in known:
            known = (info.context or {}).get("ids", {}).get(info.field_name)
            raise _known_id(value, error, known) if known else error from None
        label = folded[found[0]]
        raise ValueError(f"'{value}' can't be an id. Did you mean '{labels[label]}' ({label})?") from None


Id = Annotated[str, AfterValidator(_named)]
Sources = Annotated[tuple[Line, ...], BeforeValidator(_as_list, json_schema_input_type=str | list[Words])]


class Figure(Record):
    """A number somebody measured or judged, with the papers that came with it."""

    value: Number
    """The figure itself, on the scale its place in the file names. Shares run from 0 to 1."""
    interval: tuple[Number, Number] | None = None
    """Lower and upper limit on the same scale."""
    level: Annotated[Number, Field(ge=0.5, le=0.999)] = 0.95
    """Coverage of the interval."""
    interval_basis: Literal["published", "assumed"] = "published"
    """`assumed` where no interval was published and a wide one was judged."""
    source: Sources = ()
    """Key, or keys, in the bibliography."""
    assumption: Words | None = None
    """The reason, where no source stands behind the figure."""
    verification: Verification
    """`seen` in its source, `derived` by arithmetic, or `recalled` and so shown as an assumption."""
    seen_in: Words | None = None
    """Page, table or abstract in which it was read."""
    seen_as: Literal["abstract", "table", "paper", "official_page", "secondary"] | None = None
    """What kind of place that is; `secondary` where others report the figure."""
    no_interval: Words | None = None
    """Why there is no interval, where there is none."""
    note: Words | None = None
    """Anything a reader should know; the arithmetic of a derived figure."""

    @model_validator(mode="after")
    def _papers_are_in_order(self) -> Self:
        if not isfinite(self.value):
            raise ValueError(f"{self.value} is not a number that can be used")
        if self.interval is not None:
            low, high = self.interval
            if not low <= self.value <= high:
                raise ValueError(f"{self.value:g} lies outside its own interval, {low:g} to {high:g}")
        if bool(self.source) == bool(self.assumption):
            raise ValueError("a figure needs either a 'source' or, if it has none, 'assumption' with the reason")
        if self.assumption and self.verification != "recalled":
            raise ValueError("an assumption can't be marked seen or derived; write 'verification: recalled'")
        if self.interval is not None and self.no_interval:
            raise ValueError("'no_interval' says why there is none, and there is one")
        if self.assumption and self.interval is None:
            raise ValueError("an assumption needs an 'interval', and a wide one")
        if self.verification == "derived" and not self.note:
            raise ValueError("a derived figure needs a 'note' with its arithmetic")
        return self

    @property
    def is_assumption(self) -> bool:
        """True where nobody saw the figure in a source: such figures are always shown as assumptions."""
        return self.verification == "recalled"


class ShareFigure(Figure):
    """A figure between 0 and 1."""

    value: Share
    """The figure itself: a share from 0 to 1."""
    interval: tuple[Share, Share] | None = None
    """Lower and upper limit, both shares from 0 to 1."""


class PositiveFigure(Figure):
    """A figure above 0."""

    value: Positive
    """The figure itself, above 0."""


class NonNegativeFigure(Figure):
    """A figure of 0 or more."""

    value: NonNegative
    """The figure itself, 0 or more."""


class Money(NonNegativeFigure):
    """An amount of money in the prices of a stated year."""

    unit: Line
    """Per what, for example GBP/participant."""
    price_year: Line
    """Financial year of the prices, for example 2024/25."""


F = TypeVar("F")
AgeKey = Literal["65-74", "75-84", "85+", "all ages"]
SharesWhereKnown = Annotated[
    dict[AgeKey, ShareFigure],
    BeforeValidator(_by_age, json_schema_input_type=ShareFigure | dict[AgeBand, ShareFigure]),
]
SharesByAge = Annotated[SharesWhereKnown, AfterValidator(_every_age)]
RatiosByAge = Annotated[
    dict[AgeKey, PositiveFigure],
    BeforeValidator(_by_age, json_schema_input_type=PositiveFigure | dict[AgeBand, PositiveFigure]),
    AfterValidator(_every_age),
]
RatesByAge = Annotated[
    dict[AgeKey, NonNegativeFigure],
    BeforeValidator(_by_age, json_schema_input_type=NonNegativeFigure | dict[AgeBand, NonNegativeFigure]),
    AfterValidator(_every_age),
]


def at_age(figures: Mapping[Any, F], band: str) -> F:
    """The figure for an age band, or the one that holds at all ages.

    Raises AvertError for people whose age is not told where figures go by age.
    """
    if band not in figures and ALL_AGES not in figures:
        raise AvertError(
            f"people are of '{band}' here, and a figure stands only for {', '.join(figures)}: "
            "give people by age band, or one figure for all ages"
        )
    return figures[band] if band in figures else figures[ALL_AGES]


class Reasoned(Record):
    """A modelling choice with its reason."""

    value: NonNegative
    """The number chosen, 0 or more."""
    reason: Words
    """Why it was chosen."""


class ReasonedShare(Record):
    """A share from 0 to 1 chosen for a stated reason."""

    value: Share
    """The share chosen, from 0 to 1."""
    reason: Words
    """Why it was chosen."""
