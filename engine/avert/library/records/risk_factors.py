"""What a file of risk factors may hold: every factor of the notes, drawn in the graph or not."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import StrictBool, model_validator

from avert.library.records.figures import Certainty, Id, RatiosByAge, ShareFigure, SharesWhereKnown
from avert.reading import Misplaced, Record, Words


class Link(Record):
    """How much more often an outcome comes with a factor than without it."""

    to: Words
    """A node's id, or an outcome in words where no node stands for it."""
    measure: Literal["rate_ratio", "hazard_ratio", "risk_ratio", "odds_ratio"]
    """The scale on which it was published."""
    estimate: RatiosByAge
    """The ratio, by age where it differs."""
    contrast: Literal["with_or_without", "between_levels", "per_unit"]
    """Only `with_or_without` goes with the prevalence, so only that gives an attributable fraction."""
    compared: Words
    """With whom, between which levels, or per how much."""
    causal: Literal["trial", "mendelian", "cohort", "judgement"]
    """What makes it a cause: trials, studies of genes, studies that follow people, or judgement."""
    certainty: Certainty
    """How sure one can be that the estimate is near the truth."""
    published_fraction: ShareFigure | None = None
    """Population attributable fraction as published, where one is."""
    note: Words | None = None
    """Anything a reader should know."""


class RiskFactor(Record):
    """A factor, how common it is at each age, and what comes with it."""

    id: Id
    """Name of the factor: small letters and '_'."""
    label: Words
    """The name people read."""
    definition: Words
    """What exactly is meant."""
    modifiable: StrictBool
    """Whether anything can be done about it."""
    prevalence: SharesWhereKnown | None = None
    """At the ages for which it is known."""
    not_found: Words | None = None
    """What was looked for in vain, where there is no prevalence."""
    group: Id | None = None
    """Factors that define or stand for one another: their ratios must not be multiplied."""
    node: Id | None = None
    """The node that stands for it in the graph."""
    not_drawn: Words | None = None
    """Why no node stands for it."""
    links: tuple[Link, ...] = ()
    """What comes with it, and how much more often."""

    @model_validator(mode="after")
    def _says_what_is_missing(self) -> Self:
        if (self.prevalence is None) == (self.not_found is None):
            raise Misplaced("a factor needs either 'prevalence' or 'not_found', with what was looked for", "id")
        if (self.node is None) == (self.not_drawn is None):
            raise Misplaced("a factor needs either its 'node' or 'not_drawn', the reason why it has none", "id")
        return self


class RiskFactorFile(Record):
    """One file of `evidence/risk_factors`."""

    id: Id
    """Name of the list: small letters and '_'."""
    label: Words
    """The name people read."""
    note: Words | None = None
    """Anything a reader should know."""
    factors: tuple[RiskFactor, ...]
    """Every factor of the list."""
