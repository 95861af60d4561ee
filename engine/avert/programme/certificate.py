"""The plan that was found, stated once more as a programme of its own and held against its bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from avert.errors import SolverStopped
from avert.pathway.groups import Floats
from avert.programme.bound import gap_between
from avert.programme.check import largest_violation
from avert.programme.master import Master
from avert.programme.offers import Offers, offers_of
from avert.programme.prices import Prices
from avert.programme.solve import ranges, solve
from avert.programme.ties import ties_of
from avert.programme.uses import Ints
from avert.programme.variables import Sets, Switch
from avert.programme.written import own_money_weight, written_out

LONG = 6_000
"""Offers from which HiGHS is quicker with presolve even where nearly every one of them is in use."""
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


@dataclass(frozen=True)
class Found:
    """What a search came to, before it is restated and certified."""

    sets: Sets
    numbers: Ints
    """Offers among which the optimum is."""
    minimum: float
    price: Mapping[str, float]
    prices: Prices
    """The same as arrays."""
    upper_bound: float
    rounds: int
    """Rounds of pricing; with lumpy services the choices of what to open that were looked at."""
    decided: Mapping[Switch, int] = field(default_factory=dict)
    """Lumpy service, where, year → 1 if it is open."""
    master: Master | None = None
    """The master it was found with, to go on from; none where the programme was written out at once."""
    proved_at: Prices | None = None
    """The prices at which the bound holds; none where it is that of many choices of what to open."""

    @property
    def worth(self) -> float:
        return -self.minimum


def certified(found: Found, solver: str = "highs") -> Optimum:
    """The cheapest plan of the known worth over the offers found, restated in PuLP, with its certificate.

    With lumpy services the bound is that of all choices of what to open.  Few offers are solved quicker without
    presolve, but HiGHS now and then keeps its tolerance only in a scale of its own then, and breaks a line; so it is
    asked again with presolve.  Raises SolverStopped if the bound does not prove the plan, or it breaks a line still.
    """
    quick = _restated(found, solver, presolve=len(found.numbers) > LONG)
    optimum = quick if quick.max_violation <= LARGEST_GAP else _restated(found, solver, presolve=True)
    if optimum.gap > LARGEST_GAP or optimum.max_violation > LARGEST_GAP:
        raise SolverStopped(
            f"the solver's answer leaves a gap of {optimum.gap:.1e} and breaks a line by {optimum.max_violation:.1e}, "
            "so there is no certified answer to show"
        )
    return optimum


def _restated(found: Found, solver: str, *, presolve: bool) -> Optimum:
    sets, numbers, price = found.sets, found.numbers, found.price
    offers = offers_of(sets.menu, numbers)
    problem, _ = written_out(sets, offers, worth_of_plan=found.worth, decided=found.decided)
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
        ties=ties_of(sets, found.prices, values, numbers[people > 1e-9]),
        limit={line.name: -float(line.constant) for line in problem.constraints()},
        holds=ranges(problem),
    )
