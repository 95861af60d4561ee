"""What an intervention file may hold."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import StrictBool, model_validator

from avert.library.records.figures import (
    AgeBand,
    Certainty,
    Figure,
    Id,
    Money,
    NonNegativeFigure,
    PositiveFigure,
    ShareFigure,
    SharesByAge,
)
from avert.reading import Misplaced, NonNegative, Positive, Record, Words
from avert.units import Measure


class Effect(Record):
    """What an intervention does to one node among those who take part."""

    acts_on: Id
    """A node, or `all_emergency_admissions` for each admission that is not a harm."""
    measure: Measure
    estimate: Figure
    baseline_risk: ShareFigure | None = None
    baseline_rate: PositiveFigure | None = None
    taken_as_rate_ratio: Words | None = None
    """For a risk ratio: why it may be read as a ratio of rates."""
    follow_up_years: Positive | None = None
    design: Literal["randomised", "controlled", "uncontrolled", "modelled"]
    certainty: Certainty
    certainty_basis: Literal["review", "assigned"] = "assigned"
    scope: Literal["total", "direct"] = "total"
    trials: NonNegative | None = None
    participants: NonNegative | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _has_an_interval(self) -> Self:
        if self.estimate.interval is None:
            raise ValueError("an effect needs an 'interval'; assume a wide one with 'interval_basis: assumed'")
        return self

    @property
    def admissible(self) -> bool:
        """A controlled study of at least low certainty: fit to outrank the chain at an event."""
        return self.design in ("randomised", "controlled") and self.certainty != "very_low"


class Eligible(Record):
    """Whom a service is for, in terms of age and the stratifying factors."""

    ages: tuple[AgeBand, ...] = ("65-74", "75-84", "85+")
    requires: tuple[Id, ...] = ()
    requires_any: tuple[Id, ...] = ()
    excludes: tuple[Id, ...] = ()


class Partners(Record):
    """Who usually pays and who gains; the plan decides."""

    pays: tuple[Id, ...]
    gains: tuple[Id, ...] = ()


class Intervention(Record):
    """One file of `evidence/interventions`."""

    id: Id
    label: Words
    pathway: Id
    summary: Words
    population: Words
    also_known_as: tuple[Words, ...] = ()
    level: Literal["person", "place"] = "person"
    """`place` for campaigns and hubs that act on everyone who lives there."""
    eligible: Eligible = Eligible()
    uptake: ShareFigure
    """Share of those offered who take part."""
    already_reached: SharesByAge | None = None
    """Share of eligible people who have it today."""
    delivery: ShareFigure
    """Share of the studied effect that ordinary delivery keeps."""
    effects: tuple[Effect, ...] = ()
    cost: Money
    """Per participant, in the first year; for a place-level service per resident it is meant for."""
    follow_on_cost: Money | None = None
    """Per participant for each later year the service is in force."""
    staff_hours: dict[Id, NonNegativeFigure] = {}
    """Hours per participant in the first year, by role."""
    onset_months: NonNegativeFigure
    duration_years: PositiveFigure
    decay_per_year: ShareFigure
    """Share of the effect lost with each later year."""
    once_only: StrictBool = False
    substitutes: Id | None = None
    contains: tuple[Id, ...] = ()
    verdict: Literal["works", "uncertain", "no_benefit", "harm"]
    funding: Literal["candidate", "do_not_fund", "national"]
    reason: Words
    partners: Partners

    @model_validator(mode="after")
    def _somebody_takes_it_up(self) -> Self:
        if self.uptake.value == 0:
            raise Misplaced("an uptake of 0 means that nobody takes part", "uptake")
        return self

    @model_validator(mode="after")
    def _effect_does_not_end_before_it_begins(self) -> Self:
        if self.onset_months.value / 12 >= self.duration_years.value and self.effects:
            raise Misplaced("the effect starts only after it has ended: see onset_months", "duration_years")
        return self
