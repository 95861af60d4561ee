"""What a pathway file may hold: nodes and the edges between them."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, StrictBool, model_validator

from avert.library.records.figures import (
    Certainty,
    Id,
    NonNegativeFigure,
    PositiveFigure,
    RatesByAge,
    RatiosByAge,
    Reasoned,
    ReasonedShare,
    ShareFigure,
    SharesByAge,
)
from avert.reading import Line, Positive, Record, Words
from avert.reading.records import Number

SMALLEST_CHANGE = 0.01
STRONGEST_PASS_THROUGH = 10


class GroupWords(Record):
    """How a group is named in results."""

    has: Words
    """People with it, as in 'fallen in the last year'."""
    has_not: Words
    """People without it."""


class Prior(Record):
    """What `evidence: shrunk` pulls a pathway's published ratios towards: log θ ~ N(log ratio, sd²)."""

    ratio: Positive
    """The ratio such services usually come to."""
    log_standard_deviation: Positive
    """How far services differ from it, as a standard deviation of log ratios."""
    reason: Words
    """Why this ratio and this spread."""


class Node(Record):
    """A risk factor, a condition or an event of the pathway graph."""

    id: Id
    """Name of the node in the graph: small letters and '_'."""
    label: Words
    """The name people read."""
    kind: Literal["risk_factor", "condition", "event", "group"]
    """A `risk_factor` leads to a `condition`, and that to an `event`, which is what is counted. A `group` is a mark
    that tells people apart and leads to nothing, for areas that give their groups outright."""
    form: Literal["state", "onset", "continuous"] | None = None
    """`state` has a prevalence, `onset` an incidence, `continuous` a unit. Events have none of these."""
    definition: Words
    """What exactly is meant."""
    stratifies: StrictBool = False
    """True where people are told apart by it: groups with and without it get different offers."""
    words: GroupWords | None = None
    """How groups with and without it are named in results."""
    persistence: ShareFigure | None = None
    """For a state that passes: share of those with it who still have it a year later."""
    prevalence: SharesByAge | None = None
    """Share of people who have it, by age."""
    years_lived: PositiveFigure | None = None
    """For an onset: mean years lived with what has begun."""
    unit: Line | None = None
    """For a continuous factor: what it is measured in."""
    prior_standard_deviation: Positive | None = None
    """For a continuous factor: standard deviation of plausible mean differences around 0."""
    group: Id | None = None
    """Factors that define or stand for one another; only one of a group may lead into a given node."""
    counts_as: Literal["emergency_admission", "long_term_care_entry", "other"] | None = None
    """For an event: what it counts as. `other` for what is neither, such as a life year lost: it is never added to
    admissions or days in hospital."""
    harm: StrictBool = False
    """True for an event brought about by treatment, such as a bleed; it still counts as an admission."""
    not_for: tuple[Id, ...] = ()
    """Groups that cannot have the event, such as care-home residents for entry into long-term care."""
    england_rate: RatesByAge | None = None
    """England's events per 100,000 people a year at each age. Events that count as `other` may do without where
    the area gives every group outright, with its own rate."""
    rate_year: Words | None = None
    """Year of England's rate."""
    length_of_stay: NonNegativeFigure | None = None
    """Mean days in hospital."""
    unit_cost: Id | None = None
    """For an event: its entry among the unit costs."""
    plausibility: Id | None = None
    """Class of the experts' table this event is held against."""
    icd10: Words | None = None
    """Codes of the diagnoses meant."""

    @model_validator(mode="before")
    @classmethod
    def _a_group_tells_people_apart(cls, data: Any) -> Any:
        """A group need not say so, nor how it is named twice."""
        if isinstance(data, dict) and data.get("kind") == "group" and isinstance(data.get("label"), str):
            words = {"has": data["label"], "has_not": f"not {data['label']}"}
            return {"stratifies": True, "words": words} | data
        return data

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.kind == "group":
            if self.model_fields_set - {"id", "label", "kind", "definition", "stratifies", "words"}:
                raise ValueError(f"the group '{self.id}' needs an id, a label and a definition, and nothing else")
            return self
        needs: dict[str, object] = {}
        if self.kind == "event":
            needs = {"counts_as": self.counts_as}
            if self.counts_as != "other" or self.england_rate:
                needs |= {"england_rate": self.england_rate, "rate_year": self.rate_year}
            if self.counts_as == "other" and (self.length_of_stay or self.unit_cost):
                raise ValueError(
                    f"'{self.id}' counts as 'other', so it has no 'length_of_stay' and no 'unit_cost': "
                    "it would be added to days in hospital, or to money"
                )
            if self.counts_as == "emergency_admission":
                needs |= {"length_of_stay": self.length_of_stay, "unit_cost": self.unit_cost}
        elif self.form is None:
            needs = {"form": None}
        elif self.form == "state":
            needs = {"prevalence": self.prevalence}
        elif self.form == "continuous":
            needs = {"unit": self.unit, "prior_standard_deviation": self.prior_standard_deviation}
        if self.stratifies:
            needs |= {"words": self.words, "prevalence": self.prevalence}
        missing = [name for name, value in needs.items() if value is None]
        if missing:
            raise ValueError(
                f"the {self.form or ''} {self.kind} '{self.id}' needs {', '.join(missing)}".replace("  ", " ")
            )
        return self


class Per(Record):
    """The change in a continuous factor for which a ratio is stated."""

    value: Number
    """How large the change is; below 0 for a fall."""
    unit: Line
    """What it is measured in."""

    @model_validator(mode="after")
    def _is_a_change(self) -> Self:
        if self.value == 0:
            raise ValueError("a ratio can't be for a change of 0")
        if abs(self.value) < SMALLEST_CHANGE:
            raise ValueError(f"a ratio for a change of {self.value:g} can't be meant")
        return self


class EdgeReading(Record):
    """A reading of the evidence on what one node does to the next."""

    measure: Literal["rate_ratio", "hazard_ratio", "risk_ratio", "odds_ratio", "share"]
    """`share`: the share of the target's events that arise through the source."""
    estimate: RatiosByAge
    """The ratio or share, by age where it differs."""
    baseline_risk: ShareFigure | None = None
    """Share of people with an event over the follow-up among those without the factor."""
    taken_as_rate_ratio: Words | None = None
    """For a risk ratio: why it may be read as a ratio of rates."""
    per: Per | None = None
    """For a continuous factor: the change for which the ratio is stated."""
    scope: Literal["total", "direct"] = "total"
    """`direct` where the estimate is adjusted for the mediators drawn."""
    reversible: ReasonedShare | None = None
    """Part of the excess risk that goes when the factor goes."""
    lag_years: Reasoned
    """Years until a change in the factor is felt, with the reason."""
    causal: Literal["trial", "mendelian", "cohort", "judgement"]
    """What makes it a cause: trials, studies of genes, studies that follow people, or judgement."""
    certainty: Certainty
    """How sure one can be that the estimate is near the truth."""
    pass_through: Reasoned | None = None
    """For shares: the power p with which a change goes through, θ^p."""
    note: Words | None = None
    """Anything a reader should know."""

    @model_validator(mode="after")
    def _is_of_one_form(self) -> Self:
        if self.measure == "share":
            over = [figure.value for figure in self.estimate.values() if figure.value > 1]
            if over:
                raise ValueError(f"{over[0]:g} is not a share between 0 and 1")
            if self.reversible or self.per:
                raise ValueError("a share takes neither 'reversible' nor 'per'")
        elif self.reversible is None and self.per is None:
            raise ValueError("'reversible' is missing: say which part of the excess risk goes, and why")
        elif self.pass_through is not None:
            raise ValueError("'pass_through' belongs to shares")
        if self.pass_through and self.pass_through.value > STRONGEST_PASS_THROUGH:
            raise ValueError(f"a 'pass_through' above {STRONGEST_PASS_THROUGH} can't be meant")
        return self


class AlternativeEdge(EdgeReading):
    """Another reading, which a plan may choose under `evidence_choices`."""

    choice: Id
    """The name by which a plan chooses it."""
    why_not: Words
    """Why it is not the central choice."""


class Edge(EdgeReading):
    """What one node does to the next."""

    from_: Id = Field(alias="from")
    """The node that leads on."""
    to: Id
    """The node it leads to."""
    choice: Id | None = None
    """Name of the central choice, where there are others."""
    why: Words | None = None
    """Why it is the central choice."""
    alternatives: tuple[AlternativeEdge, ...] = ()
    """What else the evidence may be taken to say."""

    @model_validator(mode="after")
    def _says_why_it_is_central(self) -> Self:
        if self.alternatives and not (self.choice and self.why):
            raise ValueError("an edge with 'alternatives' needs a 'choice', its own name, and 'why' it is central")
        names = [self.choice, *(one.choice for one in self.alternatives)]
        if len(set(names)) < len(names):
            raise ValueError("two choices of one edge have the same name")
        return self


class PathwayFile(Record):
    """One file of `evidence/pathways`."""

    id: Id
    """Name of the pathway in tables and plans: small letters and '_'."""
    label: Words
    """The name people read."""
    summary: Words
    """What it is about, in plain words."""
    prior: Prior
    """What `evidence: shrunk` pulls published ratios towards."""
    nodes: tuple[Node, ...]
    """Risk factors, conditions and events."""
    edges: tuple[Edge, ...] = ()
    """What leads to what, and by how much."""
