"""The steps of the method: words for each, and the functions that state its formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from avert.packages.family import family_of
from avert.packages.offered import remaining_as_offered
from avert.packages.timing import strength, years_occupied
from avert.packages.values import values_beside
from avert.packages.worth import events_averted, outcome_weights
from avert.pathway import propagation
from avert.pathway.effects import own_effects, shrunk_difference, shrunk_ratio
from avert.pathway.influence import influence, lagged, node_rates
from avert.population.profiles import both, profile_shares
from avert.population.strata import entrants, strata_of
from avert.programme.bound import bound_at, gap_between
from avert.programme.check import largest_violation
from avert.programme.fair_lines import equal_access, minimum, place_floor
from avert.programme.lines import (
    agreed_split,
    at_most_per,
    keep_services,
    one_cover,
    one_package_each,
    participants_follow_offers,
    payments_meet_spend,
    ramp_up,
    reach_goals,
    ring_fence,
    spend_follows_participants,
    within_capacity,
    within_contribution,
    within_reach,
    within_workforce,
)
from avert.programme.pricing import best_answer
from avert.programme.rounds import solve_in_rounds
from avert.programme.screening import bound_with_all_packages
from avert.programme.switches import open_to_start, opens_once, smallest_size
from avert.units import rate_ratio

Stated = Callable[..., Any] | ModuleType
"""A function or a module that says in its docstring what it works out."""
STEPS: Sequence[tuple[str, Sequence[str], Sequence[Stated]]] = (
    (
        "From a study to a number",
        (
            "Every figure has a unit, a range or the reason why there is none, and a source or the reason why it is "
            "assumed. Effects are brought to one scale: the ratio of rates. Where a study gives too little to do so, "
            "its effect is refused and not guessed.",
            "Small studies often find large effects that do not last. So a plan may go by shrunk estimates, each moved "
            "towards what such services usually do, the more so the less sure it is.",
            "Each service has at most one estimate for each box of a pathway. One seen close to the hospital door "
            "outranks a chain of steps, if it comes from a controlled study of at least low certainty.",
        ),
        (rate_ratio, shrunk_ratio, shrunk_difference, own_effects),
    ),
    (
        "From a cause to an admission",
        (
            "A change passes along the arrows of a pathway. What remains of a rate is the product of what acts on it "
            "and of what comes down each arrow. Services that act on the same thing multiply, so nothing is "
            "counted twice.",
        ),
        (propagation, influence, lagged, node_rates),
    ),
    (
        "From a county to groups of people",
        (
            "People are told apart by place, age band and what they have. The rates of all groups add up to what is "
            "observed in the place, given the services that are there today.",
        ),
        (both, profile_shares, strata_of, entrants),
    ),
    (
        "From a service to admissions averted",
        (
            "Each person is offered at most one package of services at a time. So the overlap between services is "
            "worked out exactly, and not by a rule of thumb. People die and move into groups as the years go by.",
        ),
        (
            family_of,
            remaining_as_offered,
            strength,
            years_occupied,
            events_averted,
            outcome_weights,
            values_beside,
        ),
    ),
    (
        "The rules of a plan",
        (
            "A plan is a list of rules: what each partner puts in, what it may pay for, how many places and how much "
            "staff there are, what each place must get. Each rule is one line of a linear programme, here "
            "with its formula.",
        ),
        (
            one_package_each,
            one_cover,
            participants_follow_offers,
            spend_follows_participants,
            payments_meet_spend,
            within_contribution,
            ring_fence,
            agreed_split,
            within_reach,
            within_capacity,
            within_workforce,
            keep_services,
            ramp_up,
            at_most_per,
            place_floor,
            equal_access,
            minimum,
            reach_goals,
            open_to_start,
            smallest_size,
            opens_once,
        ),
    ),
    (
        "How we know that the plan is the best",
        (
            "A county has millions of possible offers. The search holds a few thousand at a time. In each round it "
            "works out what money, staff and places are worth, asks every group for its best offers at those prices, "
            "and brings them in.",
            "At any such prices there is a number that no plan can beat: the upper bound. When the plan is worth as "
            "much as the bound, it is proved the best, over every possible offer and not only over those looked at. "
            "What is left between the two is the gap. A plan is only shown as the best if the gap is at most "
            "one in a million.",
            "A second count checks every rule without the solver.",
        ),
        (
            solve_in_rounds,
            best_answer,
            bound_at,
            gap_between,
            bound_with_all_packages,
            largest_violation,
        ),
    ),
)
