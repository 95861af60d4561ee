"""One plan at one budget after another: the master, its offers and its prices go on from each to the next.

At a share t every partner's contribution in every year is t times the plan's, and all else is held.  Then

    contribution(t)[m,y]  =  t · contribution[m,y]

is all that depends on t, so that the optimum is concave in t, and at fixed prices the bound is a straight line:

    bound(t)  =  bound(s)  −  (t − s) · Σ over partners and years of price[m,y] · contribution[m,y]

which no plan at any budget is worth more than.  Lumpy services break the first, since a choice of what to
open is not convex, and are optimised at each budget by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from avert.errors import NoFeasiblePlan, SolverStopped
from avert.packages.worth import rows_of
from avert.pathway.groups import Floats
from avert.programme.branching import penalty_of
from avert.programme.certificate import LARGEST_GAP, Allocation, certified
from avert.programme.check import largest_violation
from avert.programme.lines import line_name
from avert.programme.master import Master
from avert.programme.menu import Menu
from avert.programme.offers import Offers, offers_of
from avert.programme.optimum import lumpy_found
from avert.programme.repairs import LACKS, has_minima, make_feasible
from avert.programme.repairs.shortfall import Shortfall
from avert.programme.rounds import Progress, Proof, solve_in_rounds
from avert.programme.screening import bound_with_all_packages
from avert.programme.uses import Ints
from avert.programme.variables import Sets, Switch
from avert.programme.written import TIE_BREAK, own_money_weight

CLOSE_ENOUGH = 1e-7
"""Gap over the offers listed at which the next budget is gone on to."""


@dataclass(frozen=True)
class AtBudget(Allocation):
    """The optimum at a share of the plan's money."""

    share: float
    slope: float
    """Change of the bound for one share more, at its prices; no number where services come in lumps."""
    max_violation: float
    is_open: Mapping[Switch, int] = field(repr=False)


def at_share(menu: Menu, share: float) -> Menu:
    """The menu of a plan in which every contribution is so many times what it is."""
    plan = menu.county.plan
    money = {m: {year: share * pounds for year, pounds in years.items()} for m, years in plan.record.money.items()}
    plan = replace(plan, record=plan.record.model_copy(update={"money": money}))
    return replace(menu, county=replace(menu.county, plan=plan))


def along_budgets(
    menu: Menu, opening: Ints, shares: Sequence[float], *, progress: Progress = lambda _: None
) -> Iterator[AtBudget]:
    """The optimum at each share of the plan's money, in the order given, beginning with the offers of `opening`.

    Ends before the first share at which the plan's minima cannot be met, by a proof of phase 1.  Raises
    SolverStopped where no certificate can be given.
    """
    found = _each_by_itself if menu.county.plan.record.lumpy else _warm
    for one in found(menu, opening, shares):
        progress(f"{one.share:.0%} of the money: worth {one.objective:,.6g}, gap {one.gap:.1e}")
        yield one


def _warm(menu: Menu, opening: Ints, shares: Sequence[float]) -> Iterator[AtBudget]:
    # the variables' upper bounds follow from all the money there is, so they are those of the largest budget
    top = Sets(at_share(menu, max(shares, default=1.0)))
    penalty = penalty_of(top) if has_minima(top) else None
    sweep = _Sweep(Sets(menu), Master(top, penalty=penalty))
    for share in shares:
        sets = Sets(at_share(menu, share))
        proof = sweep.solved(share, opening)
        while penalty is not None and sum(sweep.master.values("shortfall__").values()) > LACKS:
            if Shortfall(sets).settle(sweep.master.held) is not None:
                return
            opening, penalty = sweep.master.held, 100 * penalty
            sweep = _Sweep(Sets(menu), Master(top, penalty=penalty))
            proof = sweep.solved(share, opening)
        yield _settled(sets, share, sweep, proof)


class _Sweep:
    """A master of the largest budget, whose contributions are moved."""

    def __init__(self, plan: Sets, master: Master) -> None:
        self.master = master
        self.put_in: dict[int, float] = {
            master.line[line_name("within_contribution", (m, y))]: plan.contribution(m, y)
            for m, y in product(plan.partners, plan.years)
        }
        """Line of the master → contribution as the plan has it."""

    def solved(self, share: float, opening: Ints) -> Proof:
        """The master at a share of the money, solved over every offer listed."""
        for row, amount in self.put_in.items():
            self.master.arrays.limit[row] = share * amount
            self.master.limit_line(row, share * amount)
        if len(self.master.held):
            self.master.run(limits_moved=True)
            opening = self.master.held
        return solve_in_rounds(self.master, opening, close_enough=CLOSE_ENOUGH)

    def slope(self, proof: Proof) -> float:
        """− Σ price · contribution: change of the bound for one share more."""
        return -sum(float(proof.price[row]) * amount for row, amount in self.put_in.items())


def _settled(sets: Sets, share: float, sweep: _Sweep, proof: Proof) -> AtBudget:
    """The cheapest plan of the worth found, with every line counted again and the bound over all packages.

    Raises SolverStopped where the plan breaks a line, or falls short of the bound over the offers listed.
    """
    people, covered, values = _cheapest(sets, sweep.master)
    used = people > 0
    offers, people = offers_of(sets.menu, sweep.master.held[used]), people[used]
    spend = sum(value for name, value in values.items() if name.startswith("spend__"))
    worth = float(offers.worth @ people + sets.covering.worth @ covered) - own_money_weight(sets) * spend
    broken = largest_violation(sets, offers, people, covered, values)
    found = AtBudget(
        sets, offers, people, covered, worth, max(worth, proof.upper_bound), proof.prices, share, sweep.slope(proof),
        broken, {},
    )  # fmt: skip
    if found.gap > LARGEST_GAP or broken > LARGEST_GAP:
        raise SolverStopped(
            f"at {share:.0%} of the money the solver's answer leaves a gap of {found.gap:.1e} and breaks a line by "
            f"{broken:.1e}, so there is no certified answer to show"
        )
    family = sets.county.family
    left_out = bool((family.eligible & ~family.combined).any())
    return replace(found, upper_bound=max(worth, bound_with_all_packages(found))) if left_out else found


def _cheapest(sets: Sets, master: Master) -> tuple[Floats, Floats, dict[str, float]]:
    """People, covers and variables of the plan that costs least of those worth as much."""
    own = own_money_weight(sets)
    master.weigh_money(own + TIE_BREAK * max(abs(master.objective), TIE_BREAK) / max(sets.money, 1e-9))
    master.run()
    people, covered = master.allocation
    values = master.values("")
    master.weigh_money(own)
    return people, covered, values


def _each_by_itself(menu: Menu, opening: Ints, shares: Sequence[float]) -> Iterator[AtBudget]:
    """With lumpy services the choice of what to open is made anew at every budget."""
    for share in shares:
        sets = Sets(at_share(menu, share))
        try:
            found = certified(lumpy_found(sets, make_feasible(sets, opening), lambda _: None))
        except NoFeasiblePlan:
            return
        opening = found.offers.number
        yield AtBudget(
            sets, found.offers, found.people, found.covered, found.objective, max(found.objective, found.upper_bound),
            None, share, float("nan"), found.max_violation, found.is_open,
        )  # fmt: skip


def same_offers(offers: Offers, menu: Menu) -> Ints:
    """Numbers of the same offers in a menu that lists at least their packages."""
    old, groups = offers.menu.county.family, len(menu.county.groups)
    package = rows_of(menu.county.family, old.masks[offers.package])
    listed, wanted = menu.package * groups + menu.group, package * groups + offers.group
    order = np.argsort(listed)
    pair = order[np.searchsorted(listed[order], wanted)]
    return menu.numbers(pair, offers.region, offers.slot, offers.cover)
