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
    estimate: RatiosByAge
    contrast: Literal["with_or_without", "between_levels", "per_unit"]
    """Only `with_or_without` goes with the prevalence, so only that gives an attributable fraction."""
    compared: Words
    """With whom, between which levels, or per how much."""
    causal: Literal["trial", "mendelian", "cohort", "judgement"]
    certainty: Certainty
    published_fraction: ShareFigure | None = None
    """Population attributable fraction as published, where one is."""
    note: Words | None = None


class RiskFactor(Record):
    """A factor, how common it is at each age, and what comes with it."""

    id: Id
    label: Words
    definition: Words
    modifiable: StrictBool
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
    label: Words
    note: Words | None = None
    factors: tuple[RiskFactor, ...]
