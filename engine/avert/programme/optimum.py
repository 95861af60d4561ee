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
from avert.programme.branching import Opened, best_opening
from avert.programme.check import largest_violation
from avert.programme.feasible import has_minima, make_feasible
from avert.programme.goals import Goal, objective_weights
from avert.programme.master import Master
from avert.programme.menu import menu_of
from avert.programme.offers import Offers, offers_of
from avert.programme.prices import prices_of
from avert.programme.pricing import gains, reduced_gain
from avert.programme.rounds import Progress, next_to_nothing, solve_in_rounds, union
from avert.programme.sketch import opening_offers
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
class Optimum:
    """A certified optimum.  `people[j]` is how many are offered the j-th of `offers`; nobody is offered any other."""

    sets: Sets
    offers: Offers
    people: Floats
    covered: Floats
    """Share of a region under a cover, for each column of `sets.covering`."""
    values: Mapping[str, float] = field(repr=False)
    """Variable → its value."""
    price: Mapping[str, float] = field(repr=False)
    """Line → change of the minimum (minus the worth) for one unit more on its right-hand side."""
    objective: float
    """Σ worth · people, less the plan's own weight of money where net cost counts."""
    upper_bound: float
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

    @property
    def gap(self) -> float:
        """max(0, (upper bound − objective) / |objective|)."""
        return gap_between(self.sets, self.upper_bound, self.objective)


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
        goals = (*goals, Goal(f"keep_first__{number}", objective_weights(stage), None, kept))
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
    elif opening is None:
        opening = opening_offers(sets.menu)
    if has_minima(sets) or goals:
        opening = make_feasible(sets, opening)
    if sets.switches:
        return _lumpy(sets, opening, solver, progress)
    if whole:
        first = solve(written_out(sets, offers_of(sets.menu, opening))[0])
        return certified(sets, opening, first.objective, first.price, 1, solver)
    master = Master(sets)
    proof = solve_in_rounds(master, opening, progress=progress)
    return certified(sets, _settled(master), master.objective, master.price_by_name, proof.rounds, solver)


def _lumpy(sets: Sets, opening: Ints, solver: str, progress: Progress) -> Optimum:
    """The best choice of what is open, and the best plan under it; its prices hold as long as that choice does."""
    opened = best_opening(sets, opening, progress)
    master = Master(sets)
    master.decide(opened.decided)
    solve_in_rounds(master, opened.numbers)
    minimum, price = master.objective, master.price_by_name
    return certified(sets, _settled(master), minimum, price, opened.nodes, solver, opened)


def _settled(master: Master) -> Ints:
    """Offers held that the final prices leave in question: those they do not rule out."""
    offers, prices = offers_of(master.sets.menu, master.held), master.prices
    gain = gains(master.sets.menu, prices)[offers.cover, offers.pair, offers.region, offers.slot]
    return union(master.held[reduced_gain(offers, prices, gain) > -next_to_nothing(master)])


def certified(
    sets: Sets,
    numbers: Ints,
    minimum: float,
    price: Mapping[str, float],
    rounds: int,
    solver: str,
    opened: Opened | None = None,
) -> Optimum:
    """The cheapest plan of the known worth over some offers, restated in PuLP, with its certificate at these prices.

    With lumpy services the bound is that of all choices of what to open.  Raises SolverStopped if they don't prove it.
    """
    offers = offers_of(sets.menu, numbers)
    decided = opened.decided if opened else {}
    problem, _ = written_out(sets, offers, worth_of_plan=-minimum, decided=decided)
    values = solve(problem, solver).values
    people = np.array([max(0.0, values[f"people__{j}"]) for j in range(len(offers))])
    names, columns = sets.region_names, sets.covering.columns
    covered = np.array([max(0.0, values[f"covered__{names[r]}__{c}"]) for r, c in columns])
    spend = sum(value for name, value in values.items() if name.startswith("spend__"))
    optimum = Optimum(
        sets=sets,
        offers=offers,
        people=people,
        covered=covered,
        values=values,
        price=price,
        objective=float(offers.worth @ people + sets.covering.worth @ covered) - own_money_weight(sets) * spend,
        upper_bound=opened.upper_bound if opened else upper_bound(sets, price),
        is_open=decided,
        max_violation=largest_violation(sets, offers, people, covered, values),
        rounds=rounds,
        solver=solver,
        ties=ties_of(sets.menu, prices_of(sets.menu, price), values, numbers[people > 1e-9]),
        limit={line.name: -float(line.constant) for line in problem.constraints()},
        holds=ranges(problem),
    )
    if optimum.gap > LARGEST_GAP or optimum.max_violation > LARGEST_GAP:
        raise SolverStopped(
            f"the solver's answer leaves a gap of {optimum.gap:.1e} and breaks a line by {optimum.max_violation:.1e}, "
            "so there is no certified answer to show"
        )
    return optimum
