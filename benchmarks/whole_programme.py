"""The whole programme, every offer in it, as one matrix that HiGHS takes at once: what column generation is held to.

PuLP writes only the frame without offers; the offers' columns come from arrays.  So neither side is charged for
writing hundreds of thousands of variables in Python, and HiGHS gets the very lines the plan states.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter, process_time

import highspy
import numpy as np
from pulp import LpConstraintGE, LpConstraintLE, LpProblem

from avert.programme import Offers, Sets, offers_of, written_out

ROOM = 1.0
"""Bounds of offers lie this far above the line of their people, as the programme's own do."""


@dataclass(frozen=True)
class Solved:
    """What HiGHS made of a whole programme."""

    seconds: float
    """Of its `run` alone."""
    processor: float
    """The same in processor time, which a busy machine does not stretch."""
    value: float | None
    """What the best plan is worth; None if it was stopped first."""
    lines: int
    columns: int
    entries: int


@dataclass(frozen=True)
class Matrix:
    """Costs, bounds and entries of a programme; those without offers stand first."""

    cost: np.ndarray
    most: np.ndarray
    low: np.ndarray
    high: np.ndarray
    row: np.ndarray
    column: np.ndarray
    amount: np.ndarray


def solved_whole(sets: Sets, seconds: float, *, presolve: bool = True) -> Solved:
    """The whole programme solved by HiGHS with its default options, but stopped after so many seconds.

    Its presolve, on by default, takes most of that time on some programmes, so it may be turned off.
    """
    matrix = matrix_of(sets)
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("time_limit", seconds)
    if not presolve:
        model.setOptionValue("presolve", "off")
    _pass(model, matrix)
    started, worked = perf_counter(), process_time()
    model.run()
    took, work = perf_counter() - started, process_time() - worked
    optimal = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    value = -float(model.getInfo().objective_function_value) if optimal else None
    return Solved(took, work, value, len(matrix.low), len(matrix.cost), len(matrix.row))


def matrix_of(sets: Sets) -> Matrix:
    """The programme over every offer of the menu."""
    frame, _ = written_out(sets, offers_of(sets.menu, np.zeros(0, dtype=np.int64)))
    first, line = _of_frame(frame)
    offers = offers_of(sets.menu, sets.menu.everything())
    row, column, amount, fresh = _of_offers(sets, offers, line)
    return Matrix(
        np.concatenate([first.cost, -offers.worth]),
        np.concatenate([first.most, offers.limit + ROOM]),
        np.concatenate([first.low, np.full(len(fresh), -np.inf)]),
        np.concatenate([first.high, fresh]),
        np.concatenate([first.row, row]),
        np.concatenate([first.column, column + len(first.cost)]),
        np.concatenate([first.amount, amount]),
    )


def _of_frame(frame: LpProblem) -> tuple[Matrix, dict[str, int]]:
    """The programme without any offer, and the row of each of its lines."""
    variables, lines = frame.variables(), list(frame.constraints())
    place = {one.name: n for n, one in enumerate(variables)}
    entries = [(n, place[one.name], amount) for n, line in enumerate(lines) for one, amount in line.items()]
    row, column, amount = (np.array(part) for part in zip(*entries, strict=True))
    limit = np.array([-float(line.constant) for line in lines])
    sense = np.array([line.sense for line in lines])
    cost = np.zeros(len(variables))
    for one, weight in frame.objective.items():
        cost[place[one.name]] = weight
    matrix = Matrix(
        cost,
        np.array([float(one.upBound) for one in variables]),
        np.where(sense == LpConstraintLE, -np.inf, limit),
        np.where(sense == LpConstraintGE, np.inf, limit),
        row,
        column,
        amount,
    )
    return matrix, {line.name: n for n, line in enumerate(lines)}


def _of_offers(
    sets: Sets, offers: Offers, line: dict[str, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Row, column and amount of every entry of the offers, and the limits of the rows that come with them."""
    rows, columns, amounts, fresh = [], [], [], []
    for constraint, uses in offers.uses.items():
        where = np.zeros(len(uses.labels), dtype=np.int64)
        for n, label in enumerate(uses.labels):
            name = "__".join((constraint, *map(str, label)))
            if name not in line:
                line[name] = len(line)
                fresh.append(_limit(sets, constraint, label))
            where[n] = line[name]
        rows.append(where[uses.row])
        columns.append(uses.column)
        amounts.append(uses.amount)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(amounts), np.array(fresh)


def _limit(sets: Sets, constraint: str, label: tuple[str | int, ...]) -> float:
    """Right-hand side of a line that only offers stand on: both kinds are ≤ lines."""
    if constraint == "one_package_each":
        return float(sets.menu.block_people[int(label[0]), int(label[1])])
    assert constraint == "within_reach", f"{constraint} is not known here"
    return float(sets.reach_limit[sets.services.index(str(label[0])), int(label[1]), int(label[2])])


def _pass(model: highspy.Highs, matrix: Matrix) -> None:
    """Hand a matrix over, column by column."""
    order = np.lexsort((matrix.row, matrix.column))
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(matrix.cost), len(matrix.low)
    program.col_cost_, program.col_lower_, program.col_upper_ = matrix.cost, np.zeros(len(matrix.cost)), matrix.most
    program.row_lower_, program.row_upper_ = matrix.low, matrix.high
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    starts = np.searchsorted(matrix.column[order], np.arange(len(matrix.cost) + 1))
    program.a_matrix_.start_ = starts.astype(np.int32)
    program.a_matrix_.index_ = matrix.row[order].astype(np.int32)
    program.a_matrix_.value_ = matrix.amount[order]
    assert model.passModel(program) == highspy.HighsStatus.kOk
