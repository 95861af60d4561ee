"""What the library's shared files may hold: unit costs, prices, odds ratios, the experts' view."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from avert.library.records.figures import Id, Money, PositiveFigure, ReasonedShare, Sources, Verification
from avert.reading import Misplaced, Positive, Record, Share, Words


class UnitCost(Record):
    """What one event costs those who care for it."""

    id: Id
    label: Words
    cost: Money
    cashable_share: ReasonedShare
    """Share of the cost that stops being spent when the event does not happen."""
    falls_on: Id = "icb"


class UnitCosts(Record):
    """The file of unit costs."""

    id: Id
    label: Words | None = None
    note: Words | None = None
    costs: tuple[UnitCost, ...]

    @model_validator(mode="after")
    def _each_stands_once(self) -> Self:
        names = [cost.id for cost in self.costs]
        for number, name in enumerate(names):
            if name in names[:number]:
                raise Misplaced(f"'{name}' stands here twice", "costs", number)
        return self


class PriceIndex(Record):
    """A chained index of NHS prices."""

    id: Id
    label: Words
    basis: Words
    source: Sources
    verification: Verification
    seen_in: Words | None = None
    note: Words | None = None
    index: Annotated[dict[str, Positive], Field(min_length=1)]


class PairedOdds(Record):
    """How far two stratifying factors go together."""

    factors: tuple[Id, Id]
    odds_ratio: PositiveFigure


class Joint(Record):
    """Pairwise odds ratios from which the joint distribution of factors is fitted."""

    id: Id
    label: Words | None = None
    odds_ratios: tuple[PairedOdds, ...]
    note: Words | None = None


class ExpertView(Record):
    """Share of a class of admissions that experts expect can be avoided."""

    mean: Share
    p10: Share
    p90: Share
    note: Words | None = None

    @model_validator(mode="after")
    def _percentiles_are_in_order(self) -> Self:
        if self.p10 > self.p90:
            raise ValueError(f"p10 ({self.p10:g}) is above p90 ({self.p90:g}); they look swapped")
        if not self.p10 <= self.mean <= self.p90:
            raise ValueError(f"the mean ({self.mean:g}) is not between p10 and p90")
        return self


class Plausibility(Record):
    """Experts' view of what can be avoided at all, to hold every answer against."""

    id: Id
    source: Sources
    verification: Verification
    seen_in: Words | None = None
    note: Words | None = None
    classes: dict[Id, ExpertView]
    events: dict[Id, Id] = {}
