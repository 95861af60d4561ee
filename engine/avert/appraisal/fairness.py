"""What each rule of fairness costs: the plan optimised with it and without it, both certified.

    price of a rule  =  best plan without it  −  best plan with it

A rule the plan states is taken out, one at a time and then all together; `same_everywhere` is put in where the
plan does not have it.  Rules that bind together do not add up: taking one out may gain nothing while the other
stands, so the price of all is no sum.  Both plans of a row are counted by the objective of the plan without the
rule, so that equity weights are priced in events that count alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from avert.appraisal.lagrangian import counted
from avert.appraisal.ledger import Ledger, ledger_of
from avert.appraisal.optimise import Appraisal, by_stratum, optimal_appraisal
from avert.appraisal.other_evidence import admissions_of
from avert.errors import AvertError, NoFeasiblePlan
from avert.plan import PlanInFull
from avert.plan.deprivation import FIFTHS, where_in_words
from avert.plan.fairness import EVERY_SERVICE, Fairness, Minimum
from avert.programme import objective_weights, optimum_of, start_up_paid
from avert.programme.rounds import CLOSE_ENOUGH, Progress
from avert.programme.screening import bound_with_all_packages

ALL_RULES = "all of them"
SAME = "same_everywhere"


@dataclass(frozen=True)
class Rule:
    """A rule of fairness."""

    name: str
    """Its key in the plan."""
    in_words: str
    path: tuple[str | int, ...]
    """Where the plan states it; of a rule it does not state, where it would stand."""
    other: Fairness
    """What the plan says of fairness without it; of a rule it does not state, with it."""
    stated: bool


@dataclass(frozen=True)
class RulePrice:
    """What a rule costs.  Without the rule the plan is worth at least as much, to within its gap."""

    rule: Rule
    objective_with: float
    objective_without: float
    """Units of the objective, counted as the plan without the rule counts them; costs count below 0."""
    admissions_with: float
    admissions_without: float
    spend_with: float
    spend_without: float
    why_not: str = ""
    """Why there is no plan on the other side; then its figures are no numbers."""


def rules_of(plan: PlanInFull) -> tuple[Rule, ...]:
    """The rules of fairness a plan states, all of them together where there are several, and `same_everywhere`."""
    fairness = plan.record.fairness
    stated = tuple(_stated(plan))
    if len(stated) > 1:
        stated = (*stated, Rule(ALL_RULES, "all these rules", ("fairness",), Fairness(), True))
    if fairness.offers == SAME or len(plan.area.places) < 2:
        return stated
    other = fairness.model_copy(update={"offers": SAME})
    return (*stated, Rule(SAME, _SAME_IN_WORDS, ("fairness", "offers"), other, False))


_SAME_IN_WORDS = "the same offers to the same people in every place"


def _stated(plan: PlanInFull) -> Iterator[Rule]:
    fairness = plan.record.fairness

    def rule(name: str, in_words: str, path: tuple[str | int, ...], **other: object) -> Rule:
        return Rule(name, in_words, ("fairness", *path), fairness.model_copy(update=other), True)

    if fairness.each_place_at_least:
        words = f"at least {fairness.each_place_at_least:.0%} of its head share of the money in every place"
        yield rule("each_place_at_least", words, ("each_place_at_least",), each_place_at_least=None)
    for service in fairness.equal_access:
        rest = {one: share for one, share in fairness.equal_access.items() if one != service}
        words = _access_in_words(plan, service)
        yield rule("equal_access", words, ("equal_access", service), equal_access=rest)
    for number, wanted in enumerate(fairness.minimum):
        rest_ = fairness.minimum[:number] + fairness.minimum[number + 1 :]
        yield rule("minimum", minimum_in_words(wanted, plan), ("minimum", number), minimum=rest_)
    if fairness.offers == SAME:
        yield rule(SAME, _SAME_IN_WORDS, ("offers",), offers="best_for_each_place")
    if any(weight != 1 for weight in fairness.equity_weights.values()):
        yield rule("equity_weights", weights_in_words(plan), ("equity_weights",), equity_weights={})


def _access_in_words(plan: PlanInFull, service: str) -> str:
    fairness = plan.record.fairness
    where = "every place" if fairness.equal_access_in == "each_place" else "every deprivation fifth"
    others = " other" if len(fairness.equal_access) > 1 else ""
    what = f"every{others} service" if service == EVERY_SERVICE else plan.library.interventions[service].label
    share = fairness.equal_access[service]
    return f"access to {what} in {where} at least {share:.0%} of the county's, per eligible person"


def minimum_in_words(wanted: Minimum, plan: PlanInFull) -> str:
    """A minimum as its author would say it."""
    amount = (
        f"£{wanted.spend:,.0f}" if wanted.spend is not None else f"{wanted.admissions_averted:g} admissions averted"
    )
    return f"at least {amount} a year in {where_in_words(wanted, plan.area)}"


def weights_in_words(plan: PlanInFull) -> str:
    """Equity weights as their author would say them."""
    label = {place.id: place.label for place in plan.area.places}
    said = [
        f"{label.get(name, FIFTHS.get(name, name))} {w:g}" for name, w in plan.record.fairness.equity_weights.items()
    ]
    return f"an event averted counts for more or less in some places ({', '.join(said)})"


def rule_prices_of(appraisal: Appraisal, *, progress: Progress = lambda _: None) -> tuple[RulePrice, ...]:
    """The price of every rule of fairness of an optimal plan, each from a certified optimum of its own.

    Raises AvertError for an allocation that is no optimum.
    """
    if appraisal.optimum is None:
        raise AvertError("what fairness costs is asked of an optimum, and this is an allocation of one's own")
    found = []
    for rule in rules_of(appraisal.county.plan):
        progress(f"the plan {'without' if rule.stated else 'with'} {rule.in_words}")
        found.append(_priced(appraisal, rule))
    return tuple(found)


def _priced(appraisal: Appraisal, rule: Rule) -> RulePrice:
    plan, ledger = appraisal.county.plan, appraisal.ledger
    changed = replace(plan, record=plan.record.model_copy(update={"fairness": rule.other}))
    free = changed if rule.stated else plan
    here = _worth(ledger, free), admissions_of(ledger.change, ledger.county), _spend(ledger)
    why_not, none = "", (float("nan"), float("nan"), float("nan"))
    try:
        other = _solved(appraisal, changed)
        there = _worth(other, free), admissions_of(other.change, other.county), _spend(other)
    except NoFeasiblePlan as refusal:
        there, why_not = none, " ".join(str(refusal).split())
    kept, free_of_it = (here, there) if rule.stated else (there, here)
    return RulePrice(
        rule,
        objective_with=kept[0],
        objective_without=free_of_it[0],
        admissions_with=kept[1],
        admissions_without=free_of_it[1],
        spend_with=kept[2],
        spend_without=free_of_it[2],
        why_not=why_not,
    )


def _solved(appraisal: Appraisal, plan: PlanInFull) -> Ledger:
    """What the best allocation of the same county under another plan's rules does.

    The packages listed for the appraisal are tried first; where its bound over all packages does not prove
    them enough, the plan is optimised afresh.
    """
    before, years = appraisal.optimum, len(appraisal.county.years)
    assert before is not None  # asked before
    same_regions = plan.record.fairness.offers == appraisal.county.plan.record.fairness.offers
    county = replace(appraisal.county, plan=plan)
    try:
        found = optimum_of(county, opening=before.offers.number if same_regions else None)
    except NoFeasiblePlan:
        return optimal_appraisal(plan, years=years).ledger
    if (county.family.eligible & ~county.family.combined).any():
        proved = replace(found, upper_bound=bound_with_all_packages(found))
        if proved.gap > CLOSE_ENOUGH:
            return optimal_appraisal(plan, years=years).ledger
    return ledger_of(county, by_stratum(found), start_up_paid(found.sets, found.is_open))


def _worth(ledger: Ledger, plan: PlanInFull) -> float:
    """What a ledger's purchases are worth by a plan's objective, its weight of money included."""
    by_event = objective_weights(replace(ledger.county, plan=plan))
    return counted(ledger, by_event, None) - plan.record.weight_of_a_pound * _spend(ledger)


def _spend(ledger: Ledger) -> float:
    return float(ledger.participants["spend"].sum())
