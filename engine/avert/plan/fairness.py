"""What a plan may say of fairness between places."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from avert.library.records import Id
from avert.plan.phrases import Names, PlanShare, Pounds, Yearly
from avert.reading import Positive, Record


class Minimum(Record):
    """A least amount for one or more places together: of money, or of admissions averted, each year."""

    places: Names = ()
    """Places the amount is for, together."""
    most_deprived: Annotated[int, Field(ge=1)] | None = None
    """Instead of naming places: so many of the most deprived ones."""
    spend: Pounds | None = None
    """Least spend there, each year."""
    admissions_averted: Yearly | None = None
    """Least admissions to avert there, each year."""

    @model_validator(mode="after")
    def _says_where_and_what(self) -> Self:
        if bool(self.places) == (self.most_deprived is not None):
            raise ValueError("a minimum needs either 'places' or 'most_deprived'")
        if (self.spend is None) == (self.admissions_averted is None):
            raise ValueError("a minimum needs either 'spend' or 'admissions_averted'")
        return self


class Fairness(Record):
    """Lines that keep the money from going to one place only."""

    each_place_at_least: PlanShare | None = None
    """Spend in a place is at least this share of what its head count would give it."""
    offers: Literal["best_for_each_place", "same_everywhere"] = "best_for_each_place"
    """`same_everywhere`: one offer rule for each group of people, whatever the place."""
    minimum: tuple[Minimum, ...] = ()
    """Least amounts for one or more places together, each year."""
    equity_weights: dict[Id, Positive] = {}
    """Place → what an event averted there counts for in the objective; 1 for places not named."""
