"""The master programme over the offers known so far, kept warm in HiGHS between rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import highspy
import numpy as np

from avert.errors import SolverStopped
from avert.pathway.groups import Floats
from avert.programme.frame import FrameArrays
from avert.programme.linear import columns_of
from avert.programme.lines import line_name, people_there, reach_left
from avert.programme.offers import Offers, offers_of
from avert.programme.prices import LineIndex, Prices
from avert.programme.solve import LOOSE, TIGHT, model_of
from avert.programme.switches import name_of
from avert.programme.uses import Ints, Label, Uses, labels_of
from avert.programme.variables import ROOM, Sets, Switch
from avert.programme.written import own_money_weight, written_out

PRIMAL_SIMPLEX, DUAL_SIMPLEX = 4, 1
"""The one goes on from the plan in hand, which new offers only make better; the other from prices that still hold."""
NOTHING: Ints = np.zeros(0, dtype=np.int64)


class Master:
    """The programme in PuLP's names without any offer, taken over by HiGHS; offers and their lines are added.

    A line of one_package_each comes with the first offer that starts in its year, one of within_reach with the
    first that stands on it: before that they hold whatever happens, and their price is nothing.
    """

    def __init__(self, sets: Sets, *, feasibility_only: bool = False, penalty: float | None = None) -> None:
        self.sets, self.counts = sets, not feasibility_only
        nothing = offers_of(sets.menu, NOTHING)
        self.frame, _ = written_out(sets, nothing, feasibility_only=feasibility_only, penalty=penalty)
        self.model: highspy.Highs = model_of(self.frame)
        self.line = {line.name: number for number, line in enumerate(self.frame.constraints())}
        """Line of the frame → where it stands in the model."""
        self.index = LineIndex(sets.menu, self.line)
        self.later: list[str] = []
        """Names of the lines that came with offers, which stand after those of the frame."""
        self.held: Ints = NOTHING
        """Numbers of the offers, in the order of their columns, which stand last in the model."""
        self.objective = 0.0
        self.price: Floats = np.zeros(len(self.line))
        self.afresh = True
        """Whether it is to be solved for the first time by its objective."""
        self.iterations = 0
        self.passes = 0
        """How often all offers were priced at its prices."""
        self._set("simplex_strategy", PRIMAL_SIMPLEX)

    def _set(self, option: str, value: str | float) -> None:
        self.model.setOptionValue(option, value)

    def pursue(self, sets: Sets) -> None:
        """Another objective over the same lines and offers, of which the plan in hand says next to nothing."""
        self.sets, self.afresh = sets, True
        money, covers = own_money_weight(sets), sets.covering.worth
        for name, column in self._column.items():
            if name.startswith("spend__"):
                self.arrays.cost[column] = money
        self.arrays.cost[self._covered] = -covers
        cost = np.concatenate([self.arrays.cost, -offers_of(sets.menu, self.held).worth])
        self._accepted(self.model.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost))

    def only_what_is_lacking(self) -> None:
        """From here on minimise what the minima lack, each unit alike, and nothing else: the objective of phase 1."""
        self.counts = False
        for name, column in self._column.items():
            self.arrays.cost[column] = float(name.startswith("shortfall__"))
        cost = np.concatenate([self.arrays.cost, np.zeros(len(self.held))])
        self._accepted(self.model.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost))

    def decide(self, decided: Mapping[Switch, int]) -> None:
        """Open or close lumpy services; those not named are open again to decision."""
        for switch in self.sets.switches:
            column = self._column[name_of("is_open", switch)]
            least, most = (decided[switch], decided[switch]) if switch in decided else (0, 1)
            self.arrays.least[column], self.arrays.most[column] = least, most
            self.model.changeColBounds(column, least, most)

    @cached_property
    def _column(self) -> dict[str, int]:
        """Variable of the frame → where it stands in the model."""
        return {variable.name: n for n, variable in enumerate(columns_of(self.frame))}

    @cached_property
    def arrays(self) -> FrameArrays:
        return FrameArrays(self.frame)

    def add(self, numbers: Ints) -> int:
        """Bring in those of these offers that are not held yet; how many they were."""
        fresh = np.setdiff1d(numbers, self.held)
        if not len(fresh):
            return 0
        offers = offers_of(self.sets.menu, fresh)
        self._begin(offers)
        used = {**offers.uses, "one_package_each": offers.occupies}
        entries = [self._entries(constraint, uses) for constraint, uses in used.items()]
        row, column, amount = (np.concatenate(parts) for parts in zip(*entries, strict=True))
        order = np.lexsort((row, column))
        row, column, amount = row[order], column[order], amount[order]
        begins = np.searchsorted(column, np.arange(len(fresh)))
        worth = offers.worth if self.counts else np.zeros(len(fresh))
        nothing, most = np.zeros(len(fresh)), offers.limit + ROOM
        self._accepted(
            self.model.addCols(
                len(fresh), -worth, nothing, most, len(row), begins.astype(np.int32), row.astype(np.int32), amount
            )
        )
        self.held = np.concatenate([self.held, fresh])
        return len(fresh)

    def _begin(self, offers: Offers) -> None:
        """Lines of one_package_each for the years in which offers start, with those held that go on then."""
        lines = np.unique(offers.begins)
        lines = lines[self.index.of_lines("one_package_each", lines) < 0]
        if not len(lines):
            return
        held = offers_of(self.sets.menu, self.held).occupies
        going_on = held.only(lines)
        row = np.searchsorted(lines, going_on.line)[going_on.row]
        column = self.model.getNumCol() - len(self.held) + going_on.column
        self._add_lines("one_package_each", held.names, lines, (row, column, going_on.amount))

    def _entries(self, constraint: str, uses: Uses) -> tuple[Ints, Ints, Floats]:
        where = self.index.of_lines(constraint, uses.line)
        if constraint != "one_package_each" and (where < 0).any():
            self._add_lines(constraint, uses.names, uses.line[where < 0], (NOTHING, NOTHING, np.zeros(0)))
            where = self.index.of_lines(constraint, uses.line)
        stands = where[uses.row] >= 0
        return where[uses.row][stands], uses.column[stands], uses.amount[stands]

    def _add_lines(
        self, constraint: str, names: Sequence[Sequence[str | int]], line: Ints, held: tuple[Ints, Ints, Floats]
    ) -> None:
        """Lines with the covers that stand on them and with (row, column, amount) of what is held already."""
        limit = {"one_package_each": people_there, "within_reach": reach_left}[constraint]
        labels = labels_of(names, line)
        most = np.array([limit(self.sets, label) for label in labels])
        covers = [(n, *one) for n, label in enumerate(labels) for one in self._covers_on(constraint, label)]
        of_covers = zip(*covers, strict=True) if covers else ((), (), ())
        row, column, amount = (np.concatenate(both) for both in zip(held, map(np.array, of_covers), strict=True))
        order = np.argsort(row, kind="stable")
        row, column, amount = row[order], column[order].astype(np.int32), amount[order].astype(np.float64)
        begins = np.searchsorted(row, np.arange(len(line))).astype(np.int32)
        least = np.full(len(line), -np.inf)
        self._accepted(self.model.addRows(len(line), least, most, len(column), begins, column, amount))
        self.index.add(constraint, line, len(self.line) + len(self.later))
        self.later += [line_name(constraint, label) for label in labels]

    def _covers_on(self, constraint: str, label: Label) -> list[tuple[int, float]]:
        """(column of the model, amount) of the covers on a new line."""
        if constraint != "one_package_each" or not len(self.sets.covering):
            return []
        return [(int(self._covered[n]), amount) for n, amount in self.sets.covering.room_for_packages(label)]

    @cached_property
    def _covered(self) -> Ints:
        """Where in the model the share of each cover stands."""
        names = self.sets.region_names
        where = [self._column[f"covered__{names[r]}__{c}"] for r, c in self.sets.covering.columns]
        return np.array(where, dtype=np.int64)

    def _accepted(self, status: highspy.HighsStatus) -> None:
        if status != highspy.HighsStatus.kOk:
            raise SolverStopped("the solver would not take a change of the programme, so there is no answer to show")

    def run(self, *, limits_moved: bool = False) -> None:
        """Solve from where it stands, or afresh, and read objective and prices.

        Afresh the dual simplex method is quickest, since nearly all that is offered first is of use.
        Where only limits moved since, the plan in hand may break them, but its prices are still good.  Now and then
        HiGHS ends without an answer; then it starts cold, goes by the other simplex method, and at last may break a
        line by `LOOSE`: whatever it finds is held against every line again before it counts.
        """
        dual_first, presolve = self.afresh or limits_moved, "on" if self.afresh else "off"
        first, other = (DUAL_SIMPLEX, PRIMAL_SIMPLEX) if dual_first else (PRIMAL_SIMPLEX, DUAL_SIMPLEX)
        if self.afresh:
            self.model.clearSolver()
        for strategy, tolerance in ((first, TIGHT), (first, TIGHT), (other, TIGHT), (first, LOOSE), (other, LOOSE)):
            if self._is_optimal(strategy, tolerance, presolve=presolve):
                break
            said = self.model.modelStatusToString(self.model.getModelStatus())
            self.model.clearSolver()
        else:
            raise SolverStopped(f"the solver stopped with '{said}', so there is no answer to show")
        self._read()

    def run_from_prices(self, at_most: int) -> bool:
        """Solve by the dual simplex method if that takes no more than so many iterations; whether it did.

        It is by far the quicker where little has to move, and by far the slower where nearly everything may.
        """
        self._set("simplex_iteration_limit", at_most)
        optimal = self._is_optimal(DUAL_SIMPLEX, TIGHT)
        self._set("simplex_iteration_limit", highspy.kHighsIInf)
        if optimal:
            self._read()
        return optimal

    def _is_optimal(self, strategy: int, tolerance: float, *, presolve: str = "off") -> bool:
        """Solve in one way; whether that ended with an answer."""
        self._set("simplex_strategy", strategy)
        self._set("presolve", presolve)
        self._set("primal_feasibility_tolerance", tolerance)
        self.model.run()
        return bool(self.model.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _read(self) -> None:
        """Objective and prices of the solve just ended."""
        self.afresh = False
        info = self.model.getInfo()
        self.objective = float(info.objective_function_value)
        self.iterations += max(0, int(info.simplex_iteration_count))
        solution = self.model.getSolution()
        self.price = self.arrays.settled(np.array(solution.row_dual), np.array(solution.col_dual))

    def limit_line(self, row: int, limit: float) -> None:
        """Give a line of the frame another right-hand side; an infinite one lets go of the line altogether."""
        sense = self.arrays.sense[row]
        least = limit if sense >= 0 and np.isfinite(limit) else -np.inf
        most = limit if sense <= 0 and np.isfinite(limit) else np.inf
        self._accepted(self.model.changeRowBounds(row, least, most))

    def weigh_money(self, weight: float) -> None:
        """Give spend another weight in what is minimised; the bound goes on reckoning with the former one."""
        columns = np.array([n for name, n in self._column.items() if name.startswith("spend__")], dtype=np.int32)
        self._accepted(self.model.changeColsCost(len(columns), columns, np.full(len(columns), weight)))

    def limit_variable(self, column: int, most: float) -> None:
        """Give a variable of the frame another upper bound."""
        self._accepted(self.model.changeColBounds(column, 0.0, most))

    def set_amount(self, row: int, column: int, amount: float) -> None:
        """Give a variable of the frame another amount on a line of the frame."""
        self._accepted(self.model.changeCoeff(row, column, amount))

    def padded(self, price: Mapping[str, float]) -> Floats:
        """Prices given by name for the lines as they now stand; nothing for lines not named."""
        return self.arrays.signed(self.pad(np.array([price.get(name, 0.0) for name in self.line])))

    def pad(self, price: Floats) -> Floats:
        """Prices with nothing for the lines that came since."""
        return np.pad(price, (0, len(self.line) + len(self.later) - len(price)))

    @property
    def prices(self) -> Prices:
        return self.index.read(self.price)

    def restated(self, sets: Sets) -> tuple[float, Floats] | None:
        """What the plan in hand is worth by another objective, and the prices of the lines in terms of that.

        price · worth by the other objective / worth by its own;  none where it is worth nothing by either.
        """
        people, covered = self.allocation
        worth = float(offers_of(sets.menu, self.held).worth @ people + sets.covering.worth @ covered)
        return (worth, self.price * (worth / -self.objective)) if worth > 0 > self.objective else None

    @property
    def price_by_name(self) -> dict[str, float]:
        return dict(zip((*self.line, *self.later), self.price.tolist(), strict=True))

    def values(self, prefix: str) -> dict[str, float]:
        """Variables whose name begins so, without it, and what they came to."""
        solved = self.model.getSolution().col_value
        return {name.removeprefix(prefix): solved[n] for name, n in self._column.items() if name.startswith(prefix)}

    @property
    def allocation(self) -> tuple[Floats, Floats]:
        """(held,) people offered each of the offers held, and the share of regions under each cover."""
        solved = np.maximum(np.array(self.model.getSolution().col_value), 0)
        return solved[len(solved) - len(self.held) :], solved[self._covered]
