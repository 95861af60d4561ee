"""What a plan may say of fairness between places."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from avert.library.records import Id
from avert.plan.phrases import AccessShare, HeadShare, Names, Pounds, Yearly
from avert.plan.phrases import share as share_of
from avert.reading import Positive, Record
from avert.reading.records import shown

EVERY_SERVICE = "all"


def _so_many(value: Any) -> int | float:
    """2 → so many places; '20% of people' → the share 0.2."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*% of (?:the |all )?(?:people|residents)", str(value).strip())
    if not found or not float(found[1]):
        said = shown(value)
        bare = re.fullmatch(r"(\d+(?:\.\d+)?) ?%", str(value).strip())
        if bare and float(bare[1]):
            raise ValueError(f"{said} does not say of what. Did you mean '{bare[1]}% of people'?")
        raise ValueError(f"{said} is neither a number of places nor a share of people. Write 2, or '20% of people'")
    return share_of(f"{found[1]}%")


MostDeprived = Annotated[
    int | float,
    BeforeValidator(_so_many),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": "^[0-9.]+ *% of (the |all )?(people|residents)$"},
            ],
            "examples": [2, "20% of people"],
        }
    ),
]
Decile = Annotated[int, Field(ge=1, le=10)]
_DECILE = {"type": "integer", "minimum": 1, "maximum": 10}
Deciles = Annotated[
    tuple[Decile, ...],
    BeforeValidator(lambda value: [value] if isinstance(value, int) else value),
    WithJsonSchema({"anyOf": [_DECILE, {"type": "array", "items": _DECILE}]}),
]
_SHARE = {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": "^[0-9.]+ *%"}]}
Access = Annotated[
    dict[Id, AccessShare],
    BeforeValidator(lambda value: value if isinstance(value, dict) else {EVERY_SERVICE: value}),
    WithJsonSchema({"anyOf": [*_SHARE["anyOf"], {"type": "object", "additionalProperties": _SHARE}]}),
]


class Minimum(Record):
    """A least amount for one or more places together: of money, or of admissions averted, each year."""

    places: Names = ()
    """Ids of the places it is for, all of them together."""
    most_deprived: MostDeprived | None = None
    """Instead of naming places: so many of the most deprived ones (2), or as many as hold a share of the people
    ('20% of people')."""
    deprivation: Deciles = ()
    """Instead of naming places: those whose national deprivation decile is one of these; 1 is most deprived."""
    spend: Pounds | None = None
    """Least spend there in each year."""
    admissions_averted: Yearly | None = None
    """Least admissions averted there in each year."""

    @model_validator(mode="after")
    def _says_where_and_what(self) -> Self:
        if bool(self.places) + bool(self.deprivation) + (self.most_deprived is not None) != 1:
            raise ValueError("a minimum needs one of 'places', 'most_deprived' and 'deprivation'")
        if (self.spend is None) == (self.admissions_averted is None):
            raise ValueError("a minimum needs either 'spend' or 'admissions_averted'")
        return self


def _listed_minima(value: Any) -> Any:
    """A list of minima as it is; anything that can't be read as one is answered with an example."""
    if value is None:
        return value
    known = Minimum.model_fields.keys()
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(value, list) or (isinstance(one, dict) and one and not one.keys() & known):
            raise ValueError(
                "this is not a list of minima, each saying where and how much. "
                f"Write it like [{{{_where(one)}, spend: £80k a year}}]"
            )
    return value


def _where(written: Any) -> str:
    """Where a minimum is for, as far as its author's words say it."""
    keys = [str(key) for key in written] if isinstance(written, dict) else []
    by_deprivation = [key for key in ("most_deprived", "deprivation") if key in keys]
    if by_deprivation:
        return f"{by_deprivation[0]}: {written[by_deprivation[0]]}"
    return f"places: [{next((key for key in keys if key not in Minimum.model_fields), 'one, another')}]"


class Fairness(Record):
    """Lines that keep the money from going to one place only."""

    each_place_at_least: HeadShare | None = None
    """Spend in a place is at least this share of what its head count would give it."""
    equal_access: Access = {}
    """Participants per eligible person are in every place at least this share of the county's rate: one share for
    every service, or service by service (`all` stands for those not named)."""
    equal_access_in: Literal["each_place", "each_deprivation_fifth"] = "each_place"
    """Whether equal access is held in each place, or in all the places of a deprivation fifth together."""
    offers: Literal["best_for_each_place", "same_everywhere"] = "best_for_each_place"
    """`same_everywhere`: one offer rule for each group of people, whatever the place."""
    minimum: Annotated[tuple[Minimum, ...], BeforeValidator(_listed_minima)] = ()
    """Least spend, or least admissions averted, in some places together."""
    equity_weights: dict[Id, Positive] = {}
    """Place, or deprivation fifth such as `most_deprived_fifth`, → what an event averted there counts for in the
    objective; 1 for others. A place named by itself has its own weight, whatever its fifth's."""

    def least_access(self, service: str) -> float:
        """Share of the county's rate of participants that a service must reach everywhere; 0 if none is asked."""
        return self.equal_access.get(service, self.equal_access.get(EVERY_SERVICE, 0.0))
