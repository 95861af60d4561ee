"""What a study found: effects on nodes, other readings of them, and results that no sum uses."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from avert.library.records.figures import Certainty, Figure, Id, PositiveFigure, ShareFigure
from avert.reading import NonNegative, Positive, Record, Words
from avert.units import Measure

Design = Literal["randomised", "controlled", "uncontrolled", "modelled"]


class Study(Record):
    """How a result was come by."""

    follow_up_years: Positive | None = None
    """How long people were followed."""
    design: Design
    """How the study was done; of several, that of the best of them."""
    certainty: Certainty
    """How sure one can be that the result is near the truth."""
    certainty_basis: Literal["review", "assigned"] = "assigned"
    """`review` where its authors graded it, `assigned` where we did."""
    trials: NonNegative | None = None
    """How many trials stand behind it."""
    participants: NonNegative | None = None
    """How many people took part in them."""
    note: Words | None = None
    """Anything a reader should know."""


class Finding(Study):
    """A result on a node, on its published scale, with what it takes to read it as a ratio of rates."""

    measure: Measure
    """The scale on which it was published."""
    estimate: Figure
    """The result, with its interval."""
    baseline_risk: ShareFigure | None = None
    """Share of people with an event over the follow-up among those without the service: for ratios of risks."""
    baseline_rate: PositiveFigure | None = None
    """Events for each person and year among those without the service; turns differences into ratios."""
    taken_as_rate_ratio: Words | None = None
    """For a risk ratio: why it may be read as a ratio of rates."""
    scope: Literal["total", "direct"] = "total"
    """`total`, or `direct` where the estimate is adjusted for the mediators drawn."""

    @model_validator(mode="after")
    def _has_an_interval(self) -> Self:
        if self.estimate.interval is None:
            raise ValueError("an effect needs an 'interval'; assume a wide one with 'interval_basis: assumed'")
        return self

    @property
    def admissible(self) -> bool:
        """A controlled study of at least low certainty: fit to outrank the chain at an event."""
        return self.design in ("randomised", "controlled") and self.certainty != "very_low"


class Alternative(Finding):
    """Another reading of the evidence, which a plan may choose under `evidence_choices`."""

    choice: Id
    """The name by which a plan chooses it."""
    why_not: Words
    """Why it is not the central choice."""


class Effect(Finding):
    """What an intervention does to one node among those who take part."""

    acts_on: Id
    """A node, or `all_emergency_admissions` for each admission that is not a harm."""
    choice: Id | None = None
    """Name of the central choice, where there are others."""
    why: Words | None = None
    """Why it is the central choice."""
    alternatives: tuple[Alternative, ...] = ()
    """What else the evidence may be taken to say."""

    @model_validator(mode="after")
    def _says_why_it_is_central(self) -> Self:
        if self.alternatives and not (self.choice and self.why):
            raise ValueError("an effect with 'alternatives' needs a 'choice', its own name, and 'why' it is central")
        return self


class OtherOutcome(Study):
    """A result on something no pathway counts, kept for the reader; no sum uses it."""

    outcome: Words
    """What was measured, in words."""
    measure: Literal[
        "rate_ratio",
        "risk_ratio",
        "odds_ratio",
        "hazard_ratio",
        "risk_difference",
        "mean_difference",
        "standardised_mean_difference",
        "percentage_change",
        "share",
        "count",
        "amount",
    ]
    """The scale on which it was published."""
    unit: Words
    """Of the estimate; `ratio` for ratios."""
    estimate: Figure
    """The result."""
