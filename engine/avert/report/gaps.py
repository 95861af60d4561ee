"""What to find out first, in words: assumptions by how far the answer moves with them."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from avert.appraisal import Gaps, Reading, could_come_in
from avert.appraisal.in_force import ORDER
from avert.plan.records import LEAST_COST
from avert.report.answer import Section

UNMOVED = 1e-5
"""Part of the answer by which a reading may move it and still leave it as it is."""
UNGRADED = "no certainty stated (how common, how often, how long; not an effect or a link)"


def gaps_in_words(gaps: Gaps, *, top: int, by_certainty: bool, readings: tuple[Reading, ...] = ()) -> Iterator[Section]:
    """Sections of (heading, lines): the answer, the assumptions that move it, what could come in, other readings."""
    table = gaps.table
    moving = table[table["swing"] > 0]
    unit = _unit(gaps)
    yield (
        "What to find out first",
        [
            f"The plan comes to {_number(gaps.answer, gaps)} {unit}. It rests on {len(table)} assumptions, figures "
            f"nobody saw in a source; {len(moving)} of them move it.",
            "Each is moved to either end of its interval, the offers held as they are; what they then use more or",
            "less of money, staff, places and people is charged at what one unit of it is worth to the plan.",
        ],
    )
    if by_certainty:
        yield from _blocks(gaps, moving, top)
    else:
        yield f"Assumptions by how far the answer moves: {_shown(moving, top)}", _lines(gaps, moving, top)
    yield "Services the plan does not buy", _outside(gaps, top)
    if readings:
        yield "Other readings of the evidence", list(_readings(gaps, readings))


def _shown(table: pd.DataFrame, top: int) -> str:
    return f"the first {top} of {len(table)}" if top < len(table) else f"all {len(table)}"


def _blocks(gaps: Gaps, moving: pd.DataFrame, top: int) -> Iterator[Section]:
    """A block for each certainty, the one with the largest total swing first."""
    blocks = {name: moving[moving["certainty"] == name] for name in (*ORDER, "")}
    for name, mine in sorted(blocks.items(), key=lambda pair: -float(pair[1]["swing"].sum())):
        if len(mine):
            said = f"{name.replace('_', ' ')} certainty" if name else UNGRADED
            total = f"total swing {_number(float(mine['swing'].sum()), gaps)} {_unit(gaps)}"
            yield f"{said[0].upper()}{said[1:]}: {total}, {_shown(mine, top)}", _lines(gaps, mine, top)


def _lines(gaps: Gaps, table: pd.DataFrame, top: int) -> list[str]:
    return [_line(gaps, row) for _, row in table.head(top).iterrows()]


def _line(gaps: Gaps, row: pd.Series) -> str:
    certainty = f", {row['certainty'].replace('_', ' ')} certainty" if row["certainty"] else ""
    again = [_number(row[name], gaps) for name in ("optimum_at_low", "optimum_at_high")]
    known = row["optimum_at_low"] == row["optimum_at_low"] or row["optimum_at_high"] == row["optimum_at_high"]
    afresh = f"; optimised afresh {again[0]} to {again[1]}" if known else ""
    refused = f" ({row['why_not']})" if row["why_not"] else ""
    return (
        f"{row['what']} of {row['of']}: {row['value']:g} ({row['low']:g} to {row['high']:g}) → "
        f"{_number(row['answer_at_low'], gaps)} to {_number(row['answer_at_high'], gaps)} {_unit(gaps)}{afresh}, "
        f"{row['file']}:{row['line']}{certainty}{refused}"
    )


def _outside(gaps: Gaps, top: int) -> list[str]:
    """What the list cannot show of services not bought, and which a better figure could bring in."""
    table = gaps.table[gaps.table["in_plan"] == "not bought"]
    if not len(table):
        return []
    lines = [
        f"Of {table['record'].nunique()} services it does not buy, the list shows only what the plan gains or loses "
        "through those who have them today. Whether a better figure would bring one in takes --again.",
    ]
    better = could_come_in(gaps.table)
    for row in better.head(top).itertuples():
        best = row.optimum_at_low if row.better_end == row.low else row.optimum_at_high
        afresh = f"; optimised afresh {_number(best, gaps)} {_unit(gaps)}" if best == best else ""
        lines.append(
            f"{row.of} could come in with {row.what} at {row.better_end:g} instead of {row.value:g}: to those whom it "
            f"helps most it would then be worth {row.best_benefit_per_charge:.2f} times what it takes "
            f"({row.benefit_per_charge:.2f} now){afresh}, {row.file}:{row.line}"
        )
    if not len(better):
        lines.append("No one assumption among them, at its better end, would make a service pay that does not now.")
    return lines


def _readings(gaps: Gaps, readings: tuple[Reading, ...]) -> Iterator[str]:
    """Readings that move the answer, in the library's order, and how many do not."""
    least = UNMOVED * max(1.0, abs(gaps.answer))
    still = [one for one in readings if abs(one.held - gaps.answer) + abs(one.optimum - gaps.answer) <= least]
    yield from (_reading(gaps, one) for one in readings if one not in still)
    if still:
        yield f"{len(still)} more readings leave the plan and its answer as they are."


def _reading(gaps: Gaps, one: Reading) -> str:
    return (
        f"{one.choice.of.replace('_', ' ')}, {one.choice.acts_on.replace('_', ' ')}: by '{one.name}' instead of "
        f"'{one.choice.central}' the same plan comes to {_number(one.held, gaps)} {_unit(gaps)}, "
        f"optimised afresh {_number(one.optimum, gaps)}"
    )


def _number(value: float, gaps: Gaps) -> str:
    if value != value:
        return "no plan"
    return f"{value:,.0f}" if abs(gaps.answer) >= 100 else f"{value:,.3g}"


def _unit(gaps: Gaps) -> str:
    """'admissions', 'bed days', or the objective itself where it is more than one outcome."""
    record = gaps.plan.record
    weights = record.weights
    if LEAST_COST in weights:
        return "pounds (spent, so below 0)"
    if len(weights) > 1 or record.weight_of_a_pound or record.fairness.equity_weights or set(weights.values()) != {1.0}:
        return "units of the objective"
    return next(iter(weights)).replace("_", " ")
