"""What an intervention file may hold."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, StrictBool, model_validator

from avert.library.records.figures import (
    AgeBand,
    Figure,
    Id,
    Money,
    NonNegativeFigure,
    PositiveFigure,
    ShareFigure,
    SharesByAge,
)
from avert.library.records.findings import Effect, OtherOutcome
from avert.reading import Misplaced, Record, Words

LONGEST = 100  # years
Needed = Literal["uptake", "delivery", "cost", "onset_months", "duration_years", "decay_per_year"]
NEEDED: tuple[Needed, ...] = ("uptake", "delivery", "cost", "onset_months", "duration_years", "decay_per_year")
"""Figures without which a service can't be bought."""
NEVER_BOUGHT = ("no_benefit", "harm")
"""Statuses of what a plan buys only if it says so out loud."""


class Eligible(Record):
    """Whom a service is for, in terms of age and the stratifying factors."""

    ages: tuple[AgeBand, ...] = ("65-74", "75-84", "85+")
    """Age bands it is for."""
    requires: tuple[Id, ...] = ()
    """Factors a person must have, every one."""
    requires_any: tuple[Id, ...] = ()
    """Factors of which a person must have one."""
    excludes: tuple[Id, ...] = ()
    """Factors a person must not have."""


class Partners(Record):
    """Who usually pays and who gains; the plan decides."""

    pays: tuple[Id, ...]
    """Partners that usually pay."""
    gains: tuple[Id, ...] = ()
    """Partners that gain by it."""


class PaidElsewhere(Record):
    """Who pays already, and what is left for a local pool to buy."""

    by: Words
    """Whose money it is, national or ring-fenced."""
    local_pool_can_buy: Words
    """Recall, outreach and the like; or that nothing is left to buy."""
    marginal_cost: Money | None = None
    """Of what the pool can buy, for each further participant."""
    service: Id | None = None
    """The intervention of this library that stands for what the pool can buy."""


class Intervention(Record):
    """One file of `evidence/interventions`."""

    id: Id
    """Name of the service in tables and plans: small letters and '_'."""
    label: Words
    """The name people read."""
    pathway: Id
    """The pathway to whose conditions it belongs; `all_causes` if to several."""
    summary: Words
    """What is done, in plain words."""
    population: Words
    """For whom it was studied."""
    also_known_as: tuple[Words, ...] = ()
    """Other names it goes by."""
    setting: tuple[
        Literal[
            "home",
            "community_venue",
            "general_practice",
            "pharmacy",
            "hospital",
            "care_home",
            "workplace",
            "telephone",
            "online",
            "whole_population",
            "not_stated",
        ],
        ...,
    ] = Field(min_length=1)
    """Where it is given."""
    delivered_by: Words
    """Who gives it: professions and organisations."""
    level: Literal["person", "place"] = "person"
    """`place` for campaigns and hubs that act on everyone who lives there."""
    eligible: Eligible = Eligible()
    """Whom it is for; everybody of 65 and over unless it says otherwise."""
    uptake: ShareFigure | None = None
    """Share of those offered who take part."""
    completion: ShareFigure | None = None
    """Share of those who start who finish. No sum uses it: effects are of all who start."""
    already_reached: SharesByAge | None = None
    """Share of eligible people who have it today."""
    delivery: ShareFigure | None = None
    """Share of the studied effect that ordinary delivery keeps."""
    effects: tuple[Effect, ...] = ()
    """What it does, node by node."""
    other_outcomes: tuple[OtherOutcome, ...] = ()
    """Results that no pathway here can carry to an admission."""
    cost: Money | None = None
    """Per participant, in the first year; for a place-level service per resident it is meant for."""
    follow_on_cost: Money | None = None
    """Per participant for each later year the service is in force."""
    staff_hours: dict[Id, NonNegativeFigure] = {}
    """Hours per participant in the first year, by role."""
    onset_months: NonNegativeFigure | None = None
    """Months until the effect begins."""
    duration_years: PositiveFigure | None = None
    """Years the effect lasts."""
    decay_per_year: ShareFigure | None = None
    """Share of the effect lost with each later year."""
    not_found: dict[Needed | Literal["completion"], Words] = {}
    """Figures that were looked for and not found, with what was tried; such a service can't be bought."""
    once_only: StrictBool = False
    """True where a person can have it once only."""
    substitutes: Id | None = None
    """A word shared by services of which one person has only one."""
    contains: tuple[Id, ...] = ()
    """Services it includes, so that nobody is offered those beside it."""
    status: Literal["recommended", "promising", "uncertain", "no_benefit", "harm"]
    """What the evidence comes to. The last two are never bought unless a plan says so."""
    funding: Literal["candidate", "awaits_figures", "do_not_fund", "national"]
    """Whether a plan may buy it; `awaits_figures` where it would be a candidate if its missing figures were found."""
    reason: Words
    """Why this status and this funding."""
    guidance: Words | None = None
    """What national guidance says of it."""
    conflicts: tuple[Words, ...] = ()
    """Where studies disagree, in words."""
    unknown: tuple[Words, ...] = ()
    """What nobody knows and a reader should."""
    partners: Partners
    """Who usually pays and who gains."""
    paid_elsewhere: PaidElsewhere | None = None
    """For what is paid nationally: whose money it is, and what is left to buy."""

    def figure(self, name: Needed) -> Figure:
        """One of the figures a service needs to be bought; whatever a plan may buy has them all."""
        found: Figure | None = getattr(self, name)
        assert found is not None, f"{self.id} has no {name}"
        return found

    @model_validator(mode="after")
    def _has_its_figures_or_says_why_not(self) -> Self:
        for name in NEEDED:
            given = getattr(self, name) is not None
            if given and name in self.not_found:
                raise Misplaced(f"'{name}' is given, so it was found", "not_found", name)
            if not given and name not in self.not_found:
                raise Misplaced(f"'{name}' is missing; if it was looked for in vain, say so under 'not_found'", "id")
        if self.funding == "candidate" and any(name in self.not_found for name in NEEDED):
            raise Misplaced("a candidate needs every figure; what has not all of them can't be bought", "funding")
        return self

    @model_validator(mode="after")
    def _funding_goes_with_status(self) -> Self:
        if self.status in NEVER_BOUGHT and self.funding == "candidate":
            raise Misplaced(f"what has the status '{self.status}' is no candidate", "funding")
        if self.funding == "awaits_figures" and not any(name in self.not_found for name in NEEDED):
            raise Misplaced("it has every figure it needs, so it awaits none", "funding")
        if self.funding == "national" and self.paid_elsewhere is None:
            why = "what is paid nationally says by whom, and what is left to buy: 'paid_elsewhere'"
            raise Misplaced(why, "funding")
        return self

    @model_validator(mode="after")
    def _somebody_takes_it_up(self) -> Self:
        if self.uptake and self.uptake.value == 0:
            raise Misplaced("an uptake of 0 means that nobody takes part", "uptake")
        return self

    @model_validator(mode="after")
    def _effect_does_not_end_before_it_begins(self) -> Self:
        onset, duration = self.onset_months, self.duration_years
        if duration and duration.value > LONGEST:
            raise Misplaced(f"nothing is in force for more than {LONGEST} years", "duration_years")
        if onset and duration and onset.value / 12 >= duration.value and self.effects:
            raise Misplaced("the effect starts only after it has ended: see onset_months", "duration_years")
        return self

    @model_validator(mode="after")
    def _choices_can_be_told_apart(self) -> Self:
        for number, effect in enumerate(self.effects):
            names = [effect.choice, *(one.choice for one in effect.alternatives)]
            if len(set(names)) < len(names):
                raise Misplaced("two choices of one effect have the same name", "effects", number)
        return self
