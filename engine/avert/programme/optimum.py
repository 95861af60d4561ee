"""The optimum over every offer, with its certificate.

A small programme is solved as it is written.  A large one is solved over some of its offers; the
prices then say of every other one whether it would pay, those that would are brought in, and so on
until none does.  The bound proves it: at any prices no plan is worth more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from avert.errors import SolverStopped
from avert.packages import County
from avert.pathway.groups import Floats
from avert.programme.bound import gap_between, upper_bound
from avert.programme.branching import best_opening, penalty_of
from avert.programme.check import largest_violation
from avert.programme.goals import Goal, objective_weights
from avert.programme.master import Master
from avert.programme.menu import by_another_objective, menu_of
from avert.programme.offers import Offers, offers_of
from avert.programme.prices import Prices, prices_of
from avert.programme.pricing import gain_of, reduced_gain
from avert.programme.repairs import LACKS, has_minima, make_feasible
from avert.programme.rounds import Progress, Proof, next_to_nothing, solve_in_rounds, union
from avert.programme.sketch import opening_of
from avert.programme.solve import ranges, solve
from avert.programme.ties import ties_of
from avert.programme.uses import Ints
from avert.programme.variables import Sets, Switch
from avert.programme.written import own_money_weight, written_out

KEPT = 1e-7
"""Part of an earlier objective that a later one may cost, so that rounding leaves it room."""
WRITTEN_OUT_UP_TO = 6_000
"""Offers up to which the programme is written out at once."""
LARGEST_GAP = 1e-6
"""Gap above which there is no answer."""


@dataclass(frozen=True)
class Allocation:
    """Who is offered what, under which covers, what that is worth and what nothing can exceed."""

    sets: Sets
    offers: Offers
    people: Floats
    """(offers,): people offered each; nobody is offered anything else."""
    covered: Floats
    """Share of a region under a cover, for each column of `sets.covering`."""
    objective: float
    """Σ worth · people, less the plan's own weight of money where cost counts."""
    upper_bound: float
    proved_at: Prices | None = field(repr=False, compare=False)
    """The prices at which the bound holds; none where it is that of many choices of what to open."""

    @property
    def gap(self) -> float:
        """max(0, (upper bound − objective) / |objective|)."""
        return gap_between(self.sets, self.upper_bound, self.objective)


@dataclass(frozen=True)
class Optimum(Allocation):
    """A certified optimum."""

    values: Mapping[str, float] = field(repr=False)
    """Variable → its value."""
    price: Mapping[str, float] = field(repr=False)
    """Line → change of the minimum (minus the worth) for one unit more on its right-hand side."""
    max_violation: float
    """Largest relative violation of any line, counted without the solver."""
    is_open: Mapping[Switch, int] = field(repr=False)
    """Lumpy service, where, year → 1 if it is open."""
    rounds: int
    """Rounds of pricing; with lumpy services the choices of what to open that were looked at."""
    solver: str
    ties: Ints
    """Numbers of offers not used that would do exactly as well as some that are."""
    limit: Mapping[str, float] = field(repr=False)
    """Line → its right-hand side."""
    holds: Mapping[str, tuple[float, float]] = field(repr=False)
    """Line → right-hand sides between which its price stays the same, where the solver says."""
    master: Master | None = field(repr=False, compare=False)
    """The master it was found with, to go on from; none where the programme was written out at once."""


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
    stages = county.plan.record.objective
    goals: tuple[Goal, ...] = ()
    for number, outcomes in enumerate(stages):
        record = county.plan.record.model_copy(update={"objective": (outcomes,)})
        stage = replace(county, plan=replace(county.plan, record=record))
        optimum = _one_objective(stage, goals, solver, at_once, opening, progress)
        kept = optimum.objective - KEPT * abs(optimum.objective)
        money = record.weight_of_a_pound
        goals = (*goals, Goal(f"keep_first__{number}", objective_weights(stage), None, kept, money))
        opening = optimum.offers.number
    return optimum


def _one_objective(
    county: County, goals: tuple[Goal, ...], solver: str, at_once: bool | None, opening: Ints | None, progress: Progress
) -> Optimum:
    sets = Sets(menu_of(county, goals))
    progress(f"{len(sets.menu):,} possible offers to {len(county.strata):,} strata")
    whole = at_once or (at_once is None and len(sets.menu) <= WRITTEN_OUT_UP_TO)
    if whole:
        opening = sets.menu.everything()
    near: Mapping[str, float] = {}
    if opening is None:
        begin = opening_of(sets.menu)
        opening, near = begin.numbers, begin.price
    if sets.switches:
        return lumpy_optimum(sets, make_feasible(sets, opening), solver, progress)
    if whole:
        opening = make_feasible(sets, opening) if has_minima(sets) else opening
        first = solve(written_out(sets, offers_of(sets.menu, opening))[0])
        bound, at = upper_bound(sets, first.price), prices_of(sets.menu, first.price)
        return certified(sets, Found(opening, first.objective, first.price, bound, 1, proved_at=at), solver)
    master, proof = _solved(sets, opening, near, progress)
    value, price = master.objective, master.price_by_name
    found = Found(
        _settled(master), value, price, proof.upper_bound, proof.rounds, master=master, proved_at=proof.prices
    )
    return certified(sets, found, solver)


def _solved(sets: Sets, opening: Ints, near: Mapping[str, float], progress: Progress) -> tuple[Master, Proof]:
    """A master solved over every offer, whose minima are met.

    They may be missed at a penalty to begin with, which spares a search for a first plan.  Where the
    best plan misses one after all, phase 1 says whether it can be met: if so the penalty was too small.
    """
    penalty = penalty_of(sets) if has_minima(sets) else None
    while True:
        master = Master(sets, penalty=penalty)
        proof = solve_in_rounds(master, opening, near=near, progress=progress)
        if penalty is None or sum(master.values("shortfall__").values()) <= LACKS:
            return master, proof
        opening, penalty = union(opening, make_feasible(sets, master.held, master)), 100 * penalty


def lumpy_optimum(sets: Sets, opening: Ints, solver: str, progress: Progress) -> Optimum:
    """The best choice of what is open, and the best plan under it; its prices hold as long as that choice does."""
    opened = best_opening(sets, opening, progress)
    master = Master(sets)
    master.decide(opened.decided)
    solve_in_rounds(master, opened.numbers)
    found = Found(
        _settled(master),
        master.objective,
        master.price_by_name,
        opened.upper_bound,
        opened.nodes,
        opened.decided,
        master,
    )
    return certified(sets, found, solver)


def near_optimum_of(county: County, near: Optimum, *, within: float) -> Allocation:
    """A plan within a share `within` of the best by another objective, begun from what another plan offers.

    It keeps every line; lumpy services are open where they are in the plan it is near to, whose master
    goes on to the new objective and is of no more use for the old one.
    """
    in_turn = any(goal.name.startswith("keep_first") for goal in near.sets.menu.goals)
    sets = Sets(menu_of(county) if in_turn else by_another_objective(near.sets.menu, county))
    master = None if in_turn else near.master
    if master is None:
        master = Master(sets, penalty=penalty_of(sets) if has_minima(sets) else None)
        master.decide(near.is_open)
        opening = near.offers.number
    else:
        master.pursue(sets)
        opening = master.held
    proof = solve_in_rounds(master, opening, close_enough=within)
    offers, (people, covered) = offers_of(sets.menu, master.held), master.allocation
    return Allocation(sets, offers, people, covered, -master.objective, proof.upper_bound, proof.prices)


def _settled(master: Master) -> Ints:
    """Offers held that are in use, or that the final prices do not rule out."""
    offers, prices = offers_of(master.sets.menu, master.held), master.prices
    reduced = reduced_gain(offers, prices, gain_of(offers, prices))
    in_use = master.allocation[0] > 0
    return union(master.held[in_use | (reduced > -next_to_nothing(master))])


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    numbers: Ints
    """Offers among which the optimum is."""
    minimum: float
    price: Mapping[str, float]
    upper_bound: float
    rounds: int
    decided: Mapping[Switch, int] = field(default_factory=dict)
    master: Master | None = None
    proved_at: Prices | None = None


def certified(sets: Sets, found: Found, solver: str) -> Optimum:
    """The cheapest plan of the known worth over the offers found, restated in PuLP, with its certificate.

    With lumpy services the bound is that of all choices of what to open.  Few offers are solved quicker without
    presolve, but HiGHS now and then keeps its tolerance only in a scale of its own then, and breaks a line; so it is
    asked again with presolve.  Raises SolverStopped if the bound does not prove the plan, or it breaks a line still.
    """
    quick = _restated(sets, found, solver, presolve=len(found.numbers) > WRITTEN_OUT_UP_TO)
    optimum = quick if quick.max_violation <= LARGEST_GAP else _restated(sets, found, solver, presolve=True)
    if optimum.gap > LARGEST_GAP or optimum.max_violation > LARGEST_GAP:
        raise SolverStopped(
            f"the solver's answer leaves a gap of {optimum.gap:.1e} and breaks a line by {optimum.max_violation:.1e}, "
            "so there is no certified answer to show"
        )
    return optimum


def _restated(sets: Sets, found: Found, solver: str, *, presolve: bool) -> Optimum:
    numbers, price = found.numbers, found.price
    offers = offers_of(sets.menu, numbers)
    problem, _ = written_out(sets, offers, worth_of_plan=-found.minimum, decided=found.decided)
    values = solve(problem, solver, presolve=presolve).values
    people = np.array([max(0.0, values[f"people__{j}"]) for j in range(len(offers))])
    names, columns = sets.region_names, sets.covering.columns
    covered = np.array([max(0.0, values[f"covered__{names[r]}__{c}"]) for r, c in columns])
    spend = sum(value for name, value in values.items() if name.startswith("spend__"))
    return Optimum(
        sets=sets,
        offers=offers,
        people=people,
        covered=covered,
        values=values,
        price=price,
        objective=float(offers.worth @ people + sets.covering.worth @ covered) - own_money_weight(sets) * spend,
        upper_bound=found.upper_bound,
        proved_at=found.proved_at,
        is_open=found.decided,
        max_violation=largest_violation(sets, offers, people, covered, values),
        rounds=found.rounds,
        solver=solver,
        ties=ties_of(sets.menu, prices_of(sets.menu, price), values, numbers[people > 1e-9]),
        limit={line.name: -float(line.constant) for line in problem.constraints()},
        holds=ranges(problem),
        master=found.master,
    )
