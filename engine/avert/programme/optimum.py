"""The optimum over every offer, with its certificate.

A small programme is solved as it is written.  A large one is solved over some of its offers; the
prices then say of every other one whether it would pay, those that would are brought in, and so on
until none does.  The bound proves it: at any prices no plan is worth more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from avert.packages import County
from avert.pathway.groups import Floats
from avert.programme.bound import gap_between, upper_bound
from avert.programme.branching import best_opening, penalty_of
from avert.programme.certificate import Allocation, Found, Optimum, certified
from avert.programme.goals import Goal, objective_weights
from avert.programme.master import Master
from avert.programme.menu import by_another_objective, menu_of
from avert.programme.offers import offers_of
from avert.programme.prices import prices_of
from avert.programme.pricing import gain_of, reduced_gain
from avert.programme.repairs import LACKS, has_minima, make_feasible
from avert.programme.rounds import Progress, Proof, asked_at, next_to_nothing, solve_in_rounds, union
from avert.programme.sketch import Opening, opening_of
from avert.programme.solve import solve
from avert.programme.uses import Ints
from avert.programme.variables import Sets
from avert.programme.written import written_out

KEPT = 1e-7
"""Part of an earlier objective that a later one may cost, so that rounding leaves it room."""
STILL_NEAR = 0.1
"""Gap up to which prices restated for another objective are as good a beginning as a sketch."""
WRITTEN_OUT_UP_TO = 6_000
"""Offers up to which the programme is written out at once."""


def optimum_of(
    county: County,
    *,
    solver: str = "highs",
    at_once: bool | None = None,
    opening: Ints | None = None,
    progress: Progress = lambda _: None,
) -> Optimum:
    """The best allocation of a county's money, certified over every offer.

    `at_once` says whether to write the whole programme out at once; by default that depends on its
    size.  `opening` are offers to begin with, where good ones are known.  Where the plan lists several
    objectives, each is made as large as those before it allow.  Raises NoFeasiblePlan, naming what the
    minima lack, and SolverStopped where no certificate can be given.
    """
    found = best_found(county, solver=solver, at_once=at_once, opening=opening, progress=progress)
    return certified(found, solver)


def best_found(
    county: County,
    *,
    solver: str = "highs",
    at_once: bool | None = None,
    opening: Ints | None = None,
    near: Mapping[str, float] | None = None,
    progress: Progress = lambda _: None,
) -> Found:
    """What `optimum_of` certifies, before it does so; of several objectives those before the last are certified.

    `near` are prices of a sketch of the county by its first objective, by line, where there is one.
    """
    *before, last = county.plan.record.objective
    goals: tuple[Goal, ...] = ()
    for number, outcomes in enumerate(before):
        stage = _by_objective(county, outcomes)
        optimum = certified(_one_objective(stage, goals, at_once, opening, near, progress), solver)
        kept = optimum.objective - KEPT * abs(optimum.objective)
        money = county.plan.record.weight_of_a_pound
        goals = (*goals, Goal(f"keep_first__{number}", objective_weights(stage), None, kept, money))
        opening = optimum.offers.number
    return _one_objective(_by_objective(county, last), goals, at_once, opening, near, progress)


def _by_objective(county: County, outcomes: Mapping[str, float]) -> County:
    record = county.plan.record.model_copy(update={"objective": (outcomes,)})
    return replace(county, plan=replace(county.plan, record=record))


def _one_objective(
    county: County,
    goals: tuple[Goal, ...],
    at_once: bool | None,
    opening: Ints | None,
    near: Mapping[str, float] | None,
    progress: Progress,
) -> Found:
    sets = Sets(menu_of(county, goals))
    progress(f"{len(sets.menu):,} possible offers to {len(county.strata):,} strata")
    whole = at_once or (at_once is None and len(sets.menu) <= WRITTEN_OUT_UP_TO)
    if whole:
        opening = sets.menu.everything()
    begin = Opening(opening, {}) if opening is not None else opening_of(sets.menu, near)
    if sets.switches:
        return lumpy_found(sets, make_feasible(sets, begin.numbers), progress)
    if whole:
        opening = make_feasible(sets, begin.numbers) if has_minima(sets) else begin.numbers
        first = solve(written_out(sets, offers_of(sets.menu, opening))[0])
        bound, prices = upper_bound(sets, first.price), prices_of(sets.menu, first.price)
        return Found(sets, opening, first.objective, first.price, prices, bound, 1, proved_at=prices)
    master, proof = _solved(sets, begin, progress)
    return replace(_found(master, proof.upper_bound, proof.rounds), proved_at=proof.prices)


def _solved(sets: Sets, begin: Opening, progress: Progress) -> tuple[Master, Proof]:
    """A master solved over every offer, whose minima are met.

    They may be missed at a penalty to begin with, which spares a search for a first plan.  Where the
    best plan misses one after all, phase 1 says whether it can be met: if so the penalty was too small.
    """
    penalty, opening = penalty_of(sets) if has_minima(sets) else None, begin.numbers
    while True:
        master = Master(sets, penalty=penalty)
        proof = solve_in_rounds(master, opening, near=begin.price, progress=progress)
        if penalty is None or sum(master.values("shortfall__").values()) <= LACKS:
            return master, proof
        opening, penalty = union(opening, make_feasible(sets, master.held, master)), 100 * penalty


def lumpy_found(sets: Sets, opening: Ints, progress: Progress) -> Found:
    """The best choice of what is open, and the best plan under it; its prices hold as long as that choice does."""
    opened = best_opening(sets, opening, progress)
    master = Master(sets)
    master.decide(opened.decided)
    solve_in_rounds(master, opened.numbers)
    return replace(_found(master, opened.upper_bound, opened.nodes), decided=opened.decided)


def near_optimum_of(county: County, near: Found, *, within: float) -> Allocation:
    """A plan within a share `within` of the best by another objective, begun from what was found by the first.

    It keeps every line; lumpy services are open where they are in the plan it is near to, whose master
    goes on to the new objective and is of no more use for the old one.
    """
    in_turn = any(goal.name.startswith("keep_first") for goal in near.sets.menu.goals)
    sets = Sets(menu_of(county) if in_turn else by_another_objective(near.sets.menu, county))
    master = None if in_turn else near.master
    if master is None:
        master = Master(sets, penalty=penalty_of(sets) if has_minima(sets) else None)
        master.decide(near.decided)
        begin = Opening(near.numbers, {})
    else:
        restated = master.restated(sets)
        master.pursue(sets)
        begin = _begin_again(master, restated)
    proof = solve_in_rounds(master, begin.numbers, near=begin.price, close_enough=within)
    offers, (people, covered) = offers_of(sets.menu, master.held), master.allocation
    return Allocation(sets, offers, people, covered, -master.objective, proof.upper_bound, proof.prices)


def _begin_again(master: Master, restated: tuple[float, Floats] | None) -> Opening:
    """Best answers at the former prices restated, where these bound the new objective well; else those of a sketch."""
    if restated:
        worth, price = restated
        asked = asked_at(master, price)
        if gap_between(master.sets, asked.bound, worth) <= STILL_NEAR:
            return Opening(asked.answer.numbers, {})
    return opening_of(master.sets.menu)


def _found(master: Master, upper_bound: float, rounds: int) -> Found:
    by_name, prices = master.price_by_name, master.prices
    return Found(master.sets, _settled(master), master.objective, by_name, prices, upper_bound, rounds, master=master)


def _settled(master: Master) -> Ints:
    """Offers held that are in use, or that the final prices do not rule out."""
    offers, prices = offers_of(master.sets.menu, master.held), master.prices
    reduced = reduced_gain(offers, prices, gain_of(offers, prices))
    in_use = master.allocation[0] > 0
    return union(master.held[in_use | (reduced > -next_to_nothing(master))])
