"""What an evidence file may hold.  Field notes here are the reference the schema and the book print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, model_validator

from avert.reading import Misplaced, NonNegative, Positive, Record, Share, Words
from avert.reading.records import Number
from avert.units import Measure

AGE_BANDS = ("65-74", "75-84", "85+")
AgeBand = Literal["65-74", "75-84", "85+"]
Verification = Literal["seen", "derived", "recalled"]
Certainty = Literal["high", "moderate", "low", "very_low"]
ALL_AGES = "all ages"
ALL_ADMISSIONS = "all_emergency_admissions"
_ID = re.compile(r"[a-z][a-z0-9_]*")


def _identifier(value: str) -> str:
    if not _ID.fullmatch(value) or "__" in value:
        better = re.sub(r"[^a-z0-9]+", "_", value.casefold()).strip("_")
        raise ValueError(f"'{value}' can't be an id: use small letters, digits and single '_', as in '{better}'")
    return value


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _by_age(value: Any) -> Any:
    if isinstance(value, dict) and not any(key in AGE_BANDS for key in value):
        return {ALL_AGES: value}
    return value


Id = Annotated[str, AfterValidator(_identifier)]
Sources = Annotated[tuple[Words, ...], BeforeValidator(_as_list)]


class Figure(Record):
    """A number somebody measured or judged, with the papers that came with it."""

    value: Number
    """The figure itself, on the scale its place in the file names. Shares run from 0 to 1."""
    interval: tuple[Number, Number] | None = None
    """Lower and upper limit on the same scale."""
    level: Annotated[Number, Field(gt=0, lt=1)] = 0.95
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
    interval: tuple[Share, Share] | None = None


class PositiveFigure(Figure):
    """A figure above 0."""

    value: Positive


class NonNegativeFigure(Figure):
    """A figure of 0 or more."""

    value: NonNegative


class Money(NonNegativeFigure):
    """An amount of money in the prices of a stated year."""

    unit: Words
    """Per what, for example GBP/participant."""
    price_year: Words
    """Financial year of the prices, for example 2024/25."""


F = TypeVar("F")
AgeKey = Literal["65-74", "75-84", "85+", "all ages"]
SharesByAge = Annotated[dict[AgeKey, ShareFigure], BeforeValidator(_by_age)]
RatiosByAge = Annotated[dict[AgeKey, PositiveFigure], BeforeValidator(_by_age)]
RatesByAge = Annotated[dict[AgeKey, NonNegativeFigure], BeforeValidator(_by_age)]


def at_age(figures: Mapping[Any, F], band: str) -> F:
    """The figure for an age band, or the one that holds at all ages."""
    return figures[band] if band in figures else figures[ALL_AGES]


class Reasoned(Record):
    """A modelling choice with its reason."""

    value: NonNegative
    reason: Words


class ReasonedShare(Record):
    """A share from 0 to 1 chosen for a stated reason."""

    value: Share
    reason: Words


class GroupWords(Record):
    """How a group is named in results."""

    has: Words
    has_not: Words


class Prior(Record):
    """What `evidence: shrunk` pulls a pathway's published ratios towards: log θ ~ N(log ratio, sd²)."""

    ratio: Positive
    log_standard_deviation: Positive
    reason: Words


class Node(Record):
    """A risk factor, a condition or an event of the pathway graph."""

    id: Id
    label: Words
    kind: Literal["risk_factor", "condition", "event"]
    form: Literal["state", "onset", "continuous"] | None = None
    """`state` has a prevalence, `onset` an incidence, `continuous` a unit. Events have none of these."""
    definition: Words
    stratifies: StrictBool = False
    """True where people are told apart by it: groups with and without it get different offers."""
    words: GroupWords | None = None
    persistence: ShareFigure | None = None
    """For a state that passes: share of those with it who still have it a year later."""
    prevalence: SharesByAge | None = None
    years_lived: PositiveFigure | None = None
    """For an onset: mean years lived with what has begun."""
    unit: Words | None = None
    prior_standard_deviation: Positive | None = None
    """For a continuous factor: standard deviation of plausible mean differences around 0."""
    group: Id | None = None
    """Factors that define or stand for one another; only one of a group may lead into a given node."""
    counts_as: Literal["emergency_admission", "long_term_care_entry"] | None = None
    harm: StrictBool = False
    """True for an event brought about by treatment, such as a bleed; it still counts as an admission."""
    not_for: tuple[Id, ...] = ()
    """Groups that cannot have the event, such as care-home residents for entry into long-term care."""
    england_rate: RatesByAge | None = None
    """England's events per 100,000 people a year at each age."""
    rate_year: Words | None = None
    length_of_stay: NonNegativeFigure | None = None
    """Mean days in hospital."""
    unit_cost: Id | None = None
    plausibility: Id | None = None
    """Class of the experts' table this event is held against."""
    icd10: Words | None = None

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        needs: dict[str, object] = {}
        if self.kind == "event":
            needs = {
                "counts_as": self.counts_as,
                "england_rate": self.england_rate,
                "rate_year": self.rate_year,
            }
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
    unit: Words

    @model_validator(mode="after")
    def _is_a_change(self) -> Self:
        if self.value == 0:
            raise ValueError("a ratio can't be for a change of 0")
        return self


class Edge(Record):
    """What one node does to the next."""

    from_: Id = Field(alias="from")
    to: Id
    measure: Literal["rate_ratio", "hazard_ratio", "risk_ratio", "odds_ratio", "share"]
    """`share`: the share of the target's events that arise through the source."""
    estimate: RatiosByAge
    baseline_risk: ShareFigure | None = None
    taken_as_rate_ratio: Words | None = None
    per: Per | None = None
    scope: Literal["total", "direct"] = "total"
    """`direct` where the estimate is adjusted for the mediators drawn."""
    reversible: ReasonedShare | None = None
    """Part of the excess risk that goes when the factor goes."""
    lag_years: Reasoned
    causal: Literal["trial", "mendelian", "cohort", "judgement"]
    certainty: Certainty
    pass_through: Reasoned | None = None
    """For shares: the power p with which a change goes through, θ^p."""
    note: Words | None = None

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
        return self


class PathwayFile(Record):
    """One file of `evidence/pathways`."""

    id: Id
    label: Words
    summary: Words
    prior: Prior
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()


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


class PriceIndex(Record):
    """A chained index of NHS prices."""

    id: Id
    label: Words
    basis: Words
    source: Sources
    verification: Verification
    seen_in: Words | None = None
    note: Words | None = None
    index: dict[str, Positive]


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
