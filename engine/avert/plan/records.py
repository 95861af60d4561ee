"""What a plan may hold, field by field; the schema for editors is made from this."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from avert.library.records import Id
from avert.plan.fairness import Fairness
from avert.plan.phrases import Growth, Names, PlanShare, Pounds, TodaysShare, Yearly, Years
from avert.plan.proposed import ProposedServices
from avert.reading import Line, Misplaced, Positive, Record, Words

ALL = "all"
Outcome = Literal["admissions", "bed_days", "long_term_care_entries"]
Measure = Literal["admissions", "bed_days", "long_term_care_entries", "net_cost", "spend"]
LEAST_COST, SPEND = "least_cost", "spend"
OUTCOMES: tuple[str, ...] = get_args(Outcome)
"""What a target may speak of, besides single events."""
MEASURES: tuple[str, ...] = (*get_args(Measure), LEAST_COST)
"""What an objective may speak of, besides single events."""


def _each_year(value: Any) -> Any:
    return value if isinstance(value, dict) else {"every year": value}


_AMOUNT = {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": "^£? ?[0-9]"}]}
ByYear = Annotated[
    dict[str, Pounds],
    BeforeValidator(_each_year),
    WithJsonSchema({"anyOf": [*_AMOUNT["anyOf"], {"type": "object", "additionalProperties": _AMOUNT}]}),
]


def _in_turn(value: Any) -> Any:
    """One outcome, several with weights, or a list of these of which the first comes first."""
    listed = value if isinstance(value, list) else [value]
    return [{one: 1.0} if isinstance(one, str) else one for one in listed]


_EVENT = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_ONE_OBJECTIVE = [
    {"anyOf": [{"enum": [name for name in MEASURES if name != SPEND]}, _EVENT]},
    {"type": "object", "propertyNames": {"anyOf": [{"enum": list(get_args(Measure))}, _EVENT]}},
]
Objectives = Annotated[
    tuple[Annotated[dict[Id, Positive], Field(min_length=1)], ...],
    Field(min_length=1),
    BeforeValidator(_in_turn),
    WithJsonSchema({"anyOf": [*_ONE_OBJECTIVE, {"type": "array", "items": {"anyOf": _ONE_OBJECTIVE}}]}),
]


class RampUp(Record):
    """How fast a service may grow."""

    first_year: Yearly
    """Participants in the plan's first year, at most."""
    growth: Growth
    """Most that participants may grow from one year to the next, as a share."""


class Lumpy(Record):
    """How a service comes in lumps. In each year it is open in a place, or it is not."""

    start_up: Pounds = 0.0
    """Paid in the year in which it opens, and again if it closes and reopens."""
    smallest: Yearly = 0.0
    """Participants a year, at least, where it is open."""
    all_or_nothing: bool = False
    """Where it is open, all its places (under `limits`) are filled."""
    opens: Literal["in_each_place", "everywhere"] = "in_each_place"
    """Whether each place decides by itself, or the county opens it once for all."""


def _a_day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError(f"'{value}' is no day; write it as in 2026-09-30") from None


class Action(Record):
    """Something to be done."""

    what: Words
    """What is to be done, in words."""
    who: Words
    """Who answers for it."""
    by: Annotated[Line, AfterValidator(_a_day)]
    """The day by which it is to be done, as in 2026-09-30."""
    done: bool = False
    """Whether it has been done."""


class Plan(Record):
    """A county's plan: money, partners, services, limits and fairness. Short by default."""

    also_called: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("budget", "budgets", "contributions", "partners", "funding"), "money"),
        **dict.fromkeys(("services", "options", "include"), "interventions"),
        **dict.fromkeys(("exclude", "excluded", "without"), "leave_out"),
        **dict.fromkeys(("capacity", "capacities", "places"), "limits"),
        **dict.fromkeys(("workforce", "hours"), "staff"),
        **dict.fromkeys(("conditions", "causes"), "pathways"),
        **dict.fromkeys(("title", "name"), "label"),
        **dict.fromkeys(("county", "council"), "area"),
        **dict.fromkeys(("period", "year"), "years"),
        **dict.fromkeys(("ring_fence", "ring_fences", "pays"), "may_pay"),
        **dict.fromkeys(("equity", "equality"), "fairness"),
        **dict.fromkeys(("goal", "aim", "outcome", "maximise"), "objective"),
        **dict.fromkeys(("current", "baseline", "existing"), "today"),
    }

    label: Words | None = None
    """Title on every table, picture and page."""
    area: Id
    """Name of the area; its file stands beside the plan as `<area>-area.yaml`."""
    years: Years
    """Financial years of the plan, one or a run: `2026/27 to 2030/31`."""
    prices: Line = "2024/25"
    """Financial year of the prices in which all money is stated."""
    money: dict[Id, ByYear]
    """What each partner puts in: the same every year, or by year."""
    money_is: Literal["additional", "everything"] = "additional"
    """`everything` where the money also pays for today's services, so that they stop unless bought."""
    spend_at_most: ByYear = {}
    """Most that all partners together spend in a year, whatever they put in. Years not named have no such limit."""
    carry_over: Names = ()
    """Partners who may keep unspent money for the next year."""
    pathways: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Groups of conditions whose events count."""
    interventions: tuple[Id, ...] | Literal["all"] = "all"
    """Only these services may be bought; `all` is every service of the plan's pathways."""
    leave_out: Names = ()
    """Services not to be bought."""
    buy_anyway: dict[Id, Words] = {}
    """Service the library would not buy → why this plan may buy it all the same."""
    evidence_choices: dict[Words, Names] = {}
    """Service, or `one_node to another`, → the reading of its evidence to use where the library holds several."""
    may_pay: dict[Id, Names] = {}
    """Partner → services it may pay for, or `all`. A partner not named may pay for all."""
    split: dict[Id, dict[Id, PlanShare]] = {}
    """Service → fixed shares in which partners pay for it."""
    today: dict[Id, Yearly] = {}
    """Service → people who start it each year already."""
    proposed: ProposedServices = {}
    """Service → what a working group proposes: people who start it in each year, or money a year."""
    limits: dict[Id, Yearly] = {}
    """Service → places a year, spread over the county by eligible people."""
    staff: dict[Id, Yearly] = {}
    """Role → hours a year that can be had."""
    keep_services: dict[Id, TodaysShare] = {}
    """Service → least share of today's participants to keep."""
    ramp_up: dict[Id, RampUp] = {}
    """Services that can only grow so fast: most participants in the first year, and growth from year to year."""
    at_most_per: dict[Id, dict[Id, Positive]] = {}
    """Service → another one → most participants of the first for each participant of the other, year by year."""
    lumpy: dict[Id, Lumpy] = {}
    """Services that cannot be bought in any amount: a cost to set up, a smallest size, all or nothing."""
    fairness: Fairness = Fairness()
    """What every place is due: least shares and amounts, the same offers everywhere, weights."""
    objective: Objectives = ({"admissions": 1.0},)
    """One outcome, several with a weight each, or a list: the first comes first, the next decides between equals.
    An outcome is admissions, bed_days, long_term_care_entries, net_cost, or one event by its id; beside others
    `spend` is a pound spent, which counts against. `least_cost`: reach the target for the least money."""
    target: dict[Id, Positive] = {}
    """Outcome, or one event by its id → the least the plan must avert of it over all its years."""
    evidence: Literal["published", "shrunk"] = "shrunk"
    """Effects as `published`, or `shrunk` towards what such services usually do."""
    evidence_rule: Literal["nearest_outcome", "chain", "as_stated"] = "nearest_outcome"
    """Which estimate counts where several lead to one event: `nearest_outcome`, or the `chain` of links. `as_stated`:
    every estimate, whatever the study, for a problem somebody else has stated."""
    take_up: Literal["independent", "same_people"] = "independent"
    """Whether people who accept one service are the same who accept another."""
    realism: PlanShare = 1.0
    """Share of every delivered effect the plan dares to count on."""
    largest_package: Annotated[int, Field(ge=1, le=4)] = 3
    """Most services one person may be offered together."""
    years_counted_beyond: Annotated[int, Field(ge=0, le=20)] = 0
    """Years past the plan's end in which benefits still count."""
    actions: tuple[Action, ...] = ()
    """What is to be done, by whom and by when; the book shows it."""
    illustrative: tuple[Line, ...] = ()
    """Sections of this plan whose figures are examples and not decisions."""
    notes: tuple[Words, ...] = ()
    """Sentences to be shown with the results."""

    @model_validator(mode="after")
    def _shares_add_up(self) -> Self:
        for service, shares in self.split.items():
            if abs(sum(shares.values()) - 1) > 1e-9:
                raise Misplaced(
                    f"the shares of '{service}' add up to {sum(shares.values()):g}, not 1", "split", service
                )
        return self

    @model_validator(mode="after")
    def _limits_one_by_another(self) -> Self:
        for service, per in self.at_most_per.items():
            if service in per:
                raise Misplaced(f"'{service}' can't be limited by itself", "at_most_per", service, service)
        return self

    @model_validator(mode="after")
    def _keeps_only_what_would_stop(self) -> Self:
        if self.money_is == "additional" and self.keep_services:
            why = "this needs 'money_is: everything'; additional money leaves today's services alone"
            raise Misplaced(why, "keep_services")
        return self

    @model_validator(mode="after")
    def _objectives_make_sense(self) -> Self:
        if any(LEAST_COST in one for one in self.objective):
            if len(self.objective) > 1 or len(self.objective[0]) > 1:
                raise Misplaced("'least_cost' stands alone, without other outcomes or weights", "objective")
            if not self.target:
                raise Misplaced("'least_cost' needs a 'target', or nothing would be the cheapest", "objective")
        if {SPEND} in [one.keys() for one in self.objective]:
            why = "money spent counts against what it averts, so 'spend' needs an outcome beside it"
            raise Misplaced(f"{why}; for the cheapest way to a target write 'least_cost'", "objective")
        if len(self.objective) > 1 and self.lumpy:
            raise Misplaced("a list of objectives can't be combined with 'lumpy' services", "objective")
        return self

    @model_validator(mode="after")
    def _all_of_something(self) -> Self:
        for service, lump in self.lumpy.items():
            if lump.all_or_nothing and service not in self.limits:
                why = f"'{service}' has no places under 'limits' to fill"
                raise Misplaced(why, "lumpy", service, "all_or_nothing")
        return self

    @property
    def weights(self) -> dict[str, float]:
        """Outcome → its weight in the objective that comes first."""
        return {str(outcome): weight for outcome, weight in self.objective[0].items()}

    @property
    def weight_of_a_pound(self) -> float:
        """What a pound spent counts against in the objective that comes first: 0 unless cost counts."""
        return sum(self.weights.get(name, 0.0) for name in ("net_cost", LEAST_COST, SPEND))
