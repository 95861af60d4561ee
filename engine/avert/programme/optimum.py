"""The optimum over every column, with its certificate.

A small programme is solved as it is written.  A large one is solved over a choice of its columns;
the prices then say of every other column whether it would pay, those that would are brought in,
and so on until none does.  The bound proves it: at any prices no plan is worth more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from pulp import LpProblem

from avert.errors import SolverStopped
from avert.packages import County
from avert.pathway.groups import Floats
from avert.programme.certificate import gap_between, ties_of, upper_bound
from avert.programme.check import largest_violation
from avert.programme.feasible import has_minima, make_feasible
from avert.programme.offers import Offers, offers_of
from avert.programme.prices import MOST_ROUNDS, Coefficients, best_newcomers, coefficients_of, next_to_nothing
from avert.programme.rounds import WarmProgramme
from avert.programme.solve import ranges, solve
from avert.programme.uses import Ints
from avert.programme.variables import Sets
from avert.programme.written import own_money_weight, written_out

WRITTEN_OUT_UP_TO = 6_000
"""Columns up to which the programme is written out at once."""
LARGEST_GAP = 1e-6
"""Gap above which there is no answer."""
CLOSE_ENOUGH = 1e-8
"""Gap at which no more columns are looked for."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Optimum:
    """A certified optimum.  `people[j]` is how many are offered column j of the offers."""

    sets: Sets
    people: Floats
    values: Mapping[str, float] = field(repr=False)
    """Variable → its value."""
    price: Mapping[str, float] = field(repr=False)
    """Line → change of the minimum (minus the worth) for one unit more on its right-hand side."""
    gain: Floats = field(repr=False)
    """(columns,): what each would add per person at the plan's prices; never above 0 by more than the gap."""
    objective: float
    """Σ worth · people, less the plan's own weight of money where net cost counts."""
    upper_bound: float
    max_violation: float
    """Largest relative violation of any line, counted without the solver."""
    rounds: int
    solver: str
    ties: tuple[int, ...]
    """Columns not used that would do exactly as well as some that are."""
    limit: Mapping[str, float] = field(repr=False)
    """Line → its right-hand side."""
    holds: Mapping[str, tuple[float, float]] = field(repr=False)
    """Line → right-hand sides between which its price stays the same, where the solver says."""

    @property
    def offers(self) -> Offers:
        return self.sets.offers

    @property
    def gap(self) -> float:
        """max(0, (upper bound − objective) / |objective|)."""
        return gap_between(self.sets, self.upper_bound, self.objective)


def optimum_of(
    county: County, *, solver: str = "highs", at_once: bool | None = None, progress: Progress = lambda _: None
) -> Optimum:
    """The best allocation of a county's money, certified over every column.

    `at_once` says whether to write the whole programme out at once; by default that depends on its
    size.  Raises NoFeasiblePlan, naming what the minima lack, and SolverStopped where no certificate
    can be given.
    """
    offers = offers_of(county)
    sets = Sets(county, offers)
    progress(f"{len(offers):,} offers to {len(county.strata):,} strata")
    everything = np.arange(len(offers))
    coefficients = coefficients_of(sets)
    frame, _ = written_out(sets, np.zeros(0, dtype=np.int64))
    if at_once or (at_once is None and len(offers) <= WRITTEN_OUT_UP_TO):
        if has_minima(sets):
            make_feasible(coefficients, everything)
        first = solve(written_out(sets, everything)[0])
        return _certified(coefficients, frame, everything, first.objective, first.price, 1, solver)
    chosen = _first_choice(offers)
    if has_minima(sets):
        chosen = make_feasible(coefficients, chosen)
    chosen, value, prices, rounds = _rounds(coefficients, frame, chosen, progress)
    return _certified(coefficients, frame, chosen, value, prices, rounds, solver)


def _rounds(
    coefficients: Coefficients, frame: LpProblem, chosen: Ints, progress: Progress
) -> tuple[Ints, float, dict[str, float], int]:
    """Bring in columns until the bound meets the objective: (columns in question, minimum, prices, rounds)."""
    sets = coefficients.sets
    problem, _ = written_out(sets, chosen)
    solve(problem)
    warm = WarmProgramme.from_solved(problem, chosen, coefficients)
    for number in range(1, MOST_ROUNDS + 1):
        value, prices = warm.run()
        gain = coefficients.gain(prices)
        gap = gap_between(sets, upper_bound(sets, frame, prices, gain), -value)
        progress(f"round {number}: {len(warm.held):,} offers considered, gap {gap:.1e}")
        held = np.array(sorted(warm.held), dtype=np.int64)
        newcomers = best_newcomers(sets.offers, held, gain)
        if gap <= CLOSE_ENOUGH or not len(newcomers):
            return held[gain[held] > -next_to_nothing(sets.offers)], value, prices, number
        warm.add(newcomers)
    raise SolverStopped(f"no certificate after {MOST_ROUNDS} rounds, so there is no answer to show")


def _first_choice(offers: Offers) -> Ints:
    """Single services, and what acts on whole places: they show what each line is worth."""
    family = offers.county.family
    on_people = family.members[:, [one.level == "person" for one in family.interventions]].sum(axis=1)
    sizes = family.members.sum(axis=1)
    chosen: Ints = np.flatnonzero((sizes == 1)[offers.package] | (on_people == 0)[offers.package])
    return chosen


def _certified(
    coefficients: Coefficients,
    frame: LpProblem,
    chosen: Ints,
    minimum: float,
    prices: Mapping[str, float],
    rounds: int,
    solver: str,
) -> Optimum:
    """The cheapest plan of the known worth, with its certificate at `prices`.

    Raises SolverStopped if they don't prove it.
    """
    sets, offers = coefficients.sets, coefficients.sets.offers
    problem, _ = written_out(sets, chosen, worth_of_plan=-minimum)
    values = solve(problem, solver).values
    people = np.zeros(len(offers))
    people[chosen] = [max(0.0, values[f"people__{j}"]) for j in chosen.tolist()]
    spend = sum(value for name, value in values.items() if name.startswith("spend__"))
    gain = coefficients.gain(prices)
    optimum = Optimum(
        sets=sets,
        people=people,
        values=values,
        price=prices,
        gain=gain,
        objective=float(offers.worth @ people) - own_money_weight(sets) * spend,
        upper_bound=upper_bound(sets, frame, prices, gain),
        max_violation=largest_violation(sets, people, values),
        rounds=rounds,
        solver=solver,
        ties=ties_of(sets, people, values, gain),
        limit={line.name: -float(line.constant) for line in frame.constraints()},
        holds=ranges(problem),
    )
    if optimum.gap > LARGEST_GAP or optimum.max_violation > LARGEST_GAP:
        raise SolverStopped(
            f"the solver's answer leaves a gap of {optimum.gap:.1e} and breaks a line by {optimum.max_violation:.1e}, "
            "so there is no certified answer to show"
        )
    return optimum
