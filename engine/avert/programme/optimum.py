"""The optimum over every column, with its certificate.

A small programme is solved as it is written.  A large one is solved over a choice of its columns;
the prices then say of every other column whether it would pay, those that would are brought in,
and so on until none does.  The bound proves it: at any prices no plan is worth more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from pulp import LpProblem

from avert.errors import NoFeasiblePlan, SolverStopped
from avert.packages import County
from avert.programme.check import largest_violation
from avert.programme.lines import MINIMA
from avert.programme.offers import Floats, Ints, Offers, offers_of
from avert.programme.solve import Solution, ranges, solve
from avert.programme.variables import MONEY_UNIT, Sets
from avert.programme.written import own_money_weight, reduced_worth, tie_break, written_out

WRITTEN_OUT_UP_TO = 6_000
"""Columns up to which the programme is written out at once."""
MOST_ROUNDS = 200
CLOSE_ENOUGH = 1e-8
"""Gap at which no more columns are looked for."""
PAYS = 1e-9
"""A column pays if it adds more than this to the objective per person."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Optimum:
    """A certified optimum.  `people[j]` is how many are offered column j of the offers."""

    sets: Sets
    people: Floats
    solution: Solution = field(repr=False)
    gain: Floats = field(repr=False)
    """(columns,): what each would add per person at the plan's prices; never above 0 by more than the gap."""
    objective: float
    """Σ worth · people, less the plan's own weight of money where net cost counts."""
    upper_bound: float
    rounds: int
    solver: str
    ties: tuple[int, ...]
    """Columns not used that would do exactly as well as some that are."""
    max_violation: float = float("nan")
    """Largest relative violation of any line, counted without the solver."""
    holds: Mapping[str, tuple[float, float]] = field(default_factory=dict, repr=False)
    """Line → right-hand sides between which its price stays the same, where the solver says."""

    @property
    def offers(self) -> Offers:
        return self.sets.offers

    @property
    def gap(self) -> float:
        """max(0, (upper bound − objective) / |objective|)."""
        return max(0.0, (self.upper_bound - self.objective) / max(abs(self.objective), 1e-9))


def optimum_of(
    county: County, *, solver: str = "highs", at_once: bool = False, progress: Progress = lambda _: None
) -> Optimum:
    """The best allocation of a county's money, certified over every column.

    `at_once` writes the whole programme out whatever its size.  Raises NoFeasiblePlan, naming what
    the minima lack, and SolverStopped where no certificate can be given.
    """
    offers = offers_of(county)
    sets = Sets(county, offers)
    progress(f"{len(offers):,} offers to {len(county.strata):,} strata")
    everything = np.arange(len(offers))
    small = at_once or len(offers) <= WRITTEN_OUT_UP_TO
    chosen = everything if small else _first_choice(offers)
    if _has_minima(sets):
        chosen = _make_feasible(sets, chosen, solver)
    frame, _ = written_out(sets, np.zeros(0, dtype=np.int64))
    bound, rounds = np.inf, 0
    while rounds < MOST_ROUNDS:
        rounds += 1
        problem, _ = written_out(sets, chosen)
        solution = solve(problem, solver)
        gain = reduced_worth(sets, solution)
        bound = min(bound, upper_bound(sets, frame, solution, gain))
        optimum = _optimum(sets, chosen, solution, gain, bound, rounds, solver)
        progress(f"round {rounds}: {len(chosen):,} offers considered, gap {optimum.gap:.1e}")
        newcomers = _best_newcomers(offers, chosen, gain)
        if optimum.gap <= CLOSE_ENOUGH or not len(newcomers):
            return replace(optimum, max_violation=largest_violation(sets, optimum.people, solution), holds=ranges(problem))
        chosen = np.union1d(chosen, newcomers)
    raise SolverStopped(f"no certificate after {MOST_ROUNDS} rounds, so there is no answer to show")


def _first_choice(offers: Offers) -> Ints:
    """Single services: they show what each line is worth."""
    sizes = offers.county.family.members.sum(axis=1)
    chosen: Ints = np.flatnonzero(sizes[offers.package] == 1)
    return chosen


def _best_newcomers(offers: Offers, chosen: Ints, gain: Floats, each: int = 2) -> Ints:
    """Of the columns that would pay, the best few of every block, cohort and start."""
    pays = gain > PAYS * max(1.0, float(np.abs(offers.worth).max(initial=0.0)))
    pays[chosen] = False
    candidates = np.flatnonzero(pays)
    order = candidates[np.lexsort((candidates, -gain[candidates], offers.slot[candidates]))]
    slots = offers.slot[order]
    first = np.flatnonzero(np.diff(slots, prepend=-1))
    rank = np.arange(len(slots)) - np.repeat(first, np.diff([*first, len(slots)]))
    newcomers: Ints = order[rank < each]
    return newcomers


def _has_minima(sets: Sets) -> bool:
    record = sets.county.plan.record
    return bool(record.keep_services or record.fairness.minimum)


def _make_feasible(sets: Sets, chosen: Ints, solver: str) -> Ints:
    """Columns with which every minimum can be met (phase 1), or NoFeasiblePlan saying what is lacking."""
    for _ in range(MOST_ROUNDS):
        problem, v = written_out(sets, chosen, feasibility_only=True)
        solution = solve(problem, solver)
        newcomers = _best_newcomers(sets.offers, chosen, reduced_worth(sets, solution, feasibility_only=True))
        if solution.objective <= 1e-7:
            return chosen
        if not len(newcomers):
            lacking = {name: solution.values[short.name] for name, short in v.shortfall.items()}
            raise NoFeasiblePlan(_what_is_lacking(sets, lacking))
        chosen = np.union1d(chosen, newcomers)
    raise SolverStopped(f"no certificate after {MOST_ROUNDS} rounds, so there is no answer to show")


def _what_is_lacking(sets: Sets, lacking: dict[str, float]) -> str:
    """The minima that can't be met together, in words, with where the plan states them."""
    plan, found = sets.county.plan, []
    assert {constraint.__name__ for constraint in MINIMA} == {"keep_services", "minimum"}
    for name, short in lacking.items():
        if short <= 1e-7:
            continue
        family, key, year = name.split("__")
        when = sets.county.years[int(year)]
        if family == "keep_services":
            found.append(f"{plan.line(family, key)}: keeping '{key}' lacks {short:,.0f} participants in {when}.")
            continue
        wanted = plan.record.fairness.minimum[int(key)]
        amount = f"£{short * MONEY_UNIT:,.0f}" if wanted.spend is not None else f"{short:,.1f} admissions averted"
        found.append(f"{plan.line('fairness', 'minimum', int(key))}: this minimum lacks {amount} in {when}.")
    return "The plan's minima can't all be met with its money, fences and limits:\n" + "\n".join(found)


def _optimum(
    sets: Sets, chosen: Ints, solution: Solution, gain: Floats, bound: float, rounds: int, solver: str
) -> Optimum:
    offers = sets.offers
    people = np.zeros(len(offers))
    people[chosen] = [solution.values[f"people__{j}"] for j in chosen.tolist()]
    spend = sum(value for name, value in solution.values.items() if name.startswith("spend__"))
    return Optimum(
        sets=sets,
        people=people,
        solution=solution,
        gain=gain,
        objective=float(offers.worth @ people) - own_money_weight(sets) * spend,
        upper_bound=bound,
        rounds=rounds,
        solver=solver,
        ties=_ties(sets, people, solution, gain),
    )


def _ties(sets: Sets, people: Floats, solution: Solution, gain: Floats) -> tuple[int, ...]:
    """Columns not used whose gain is 0 at prices that are settled.

    A service nobody takes has no settled price (any high enough would do), so only columns all of
    whose services have participants in that place, age band and year count.
    """
    offers, years = sets.offers, len(sets.years)
    unused = np.flatnonzero((people <= 1e-9) & (np.abs(gain) <= 1e-12 * max(1.0, float(np.abs(offers.worth).max(initial=0.0)))))
    found = []
    for j in unused.tolist():
        block, entry = int(offers.block[j]), int(offers.entry[j])
        age, year = int(offers.block_age[block]), min(int(offers.start[j]), years - 1)
        places = [g for n, g in enumerate(sets.places) if offers.place_share[block, n, entry] > 0]
        names = sets.county.family.named(int(offers.package[j]))
        if all(solution.values.get(f"participants__{i}__{g}__{age}__{year}", 0.0) > 1e-6 for i in names for g in places):
            found.append(j)
    return tuple(found)


def upper_bound(sets: Sets, frame: LpProblem, solution: Solution, gain: Floats) -> float:
    """A value no plan can exceed, from the prices alone.  `frame` is the programme without any column.

    Σ over lines of price · limit  +  Σ over blocks, cohorts and starts of people · max(0, best gain)
    +  Σ over other variables of what their reduced cost could still bring within their bounds.
    Weak duality: true at any prices of the right sign, and equal to the optimum at its own.
    """
    offers, prices = sets.offers, solution.price
    total = float(offers.best_of_slots(gain).sum()) + tie_break(sets) * sets.money
    reduced = {variable.name: cost for variable, cost in frame.objective.items()}
    limits = {variable.name: float(variable.upBound) for variable in frame.variables()}
    for line in frame.constraints():
        price = prices.get(line.name, 0.0)
        total += price * float(line.constant)
        for variable, amount in line.items():
            reduced[variable.name] = reduced.get(variable.name, 0.0) - price * amount
    total += sum(-cost * limits[name] for name, cost in reduced.items() if cost < 0)
    return total
