"""What columns use of every line, and so what each would add at given prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from avert.pathway.groups import Floats
from avert.programme.lines import places_of
from avert.programme.offers import Offers
from avert.programme.uses import Ints, Uses
from avert.programme.variables import MONEY_UNIT, Sets

MOST_ROUNDS = 200
PAYS = 1e-9
"""A column pays if it adds more than this to the objective per person, relative to the most one can be worth."""

SMALLEST_COEFFICIENT = 1e-9
"""Below this the solver counts a coefficient as nothing, and so do we."""


@dataclass(frozen=True)
class Coefficients:
    """The columns' part of the programme's matrix: `amount[n]` stands at line `names[row[n]]`, column `column[n]`."""

    sets: Sets
    names: tuple[str, ...]
    row: Ints
    column: Ints
    amount: Floats

    def gain(self, price: Mapping[str, float], *, feasibility_only: bool = False) -> Floats:
        """(columns,): what each column adds to the objective per person at these prices; above 0 it pays.

        worth[j] + Σ over lines of price · amount, prices being those of a minimisation (none above 0
        for a ≤ line), for every column whether or not it stood in the programme that gave them.
        """
        worth = np.zeros(len(self.sets.offers)) if feasibility_only else self.sets.offers.worth
        prices = np.array([price.get(name, 0.0) for name in self.names])
        result: Floats = worth + np.bincount(self.column, weights=self.amount * prices[self.row], minlength=len(worth))
        return result

    @cached_property
    def by_column(self) -> tuple[Ints, Ints]:
        """Order of the entries by column, and where each column's entries begin."""
        order = np.argsort(self.column, kind="stable")
        return order, np.searchsorted(self.column[order], np.arange(len(self.sets.offers) + 1))


def coefficients_of(sets: Sets) -> Coefficients:
    """Every coefficient of every column, with the sign it has in `lines`."""
    offers, follow_on = sets.offers, sets.county.follow_on_cost / MONEY_UNIT
    parts: list[tuple[list[str], Uses, Floats]] = [
        (_names("one_package_each", offers.people), offers.people, offers.people.amount),
        (
            _names("participants_follow_offers", offers.participants),
            offers.participants,
            -offers.participants.amount,
        ),
        (_names("within_reach", offers.reached), offers.reached, offers.reached.amount),
        (_names("whole_place", offers.whole), offers.whole, offers.whole.amount),
    ]
    later = offers.continuing
    if later.labels:
        each = np.array([follow_on[sets.services.index(str(i))] for i, *_ in later.labels])
        names = [f"spend_follows_participants__{i}__{g}__{y}" for i, g, _, y in later.labels]
        parts.append((names, later, -later.amount * each[later.row]))
    for number, wanted in enumerate(sets.county.plan.record.fairness.minimum):
        if wanted.admissions_averted is not None:
            inside = np.array([float(place in places_of(wanted, sets)) for place, _ in offers.averted.labels])
            names = [f"minimum__{number}__{year}" for _, year in offers.averted.labels]
            parts.append((names, offers.averted, offers.averted.amount * inside[offers.averted.row]))
    names = sorted({name for labels, *_ in parts for name in labels})
    index = {name: n for n, name in enumerate(names)}
    rows = np.concatenate(
        [np.array([index[name] for name in labels], dtype=np.int64)[uses.row] for labels, uses, _ in parts]
    )
    columns = np.concatenate([uses.column for _, uses, _ in parts])
    amounts = np.concatenate([amount for *_, amount in parts])
    past_the_plan = sets.county.groups.years > len(sets.county.years)
    if past_the_plan or offers.averted.labels:
        rows, columns, amounts = _merged(rows, columns, amounts)
    used = np.abs(amounts) > SMALLEST_COEFFICIENT
    return Coefficients(sets, tuple(names), rows[used], columns[used], amounts[used])


def _merged(rows: Ints, columns: Ints, amounts: Floats) -> tuple[Ints, Ints, Floats]:
    """One entry for what a column uses of one line in several ways.

    Follow-on costs of years past the plan fall due in one year; a minimum over places has a row for each.
    """
    lines = int(rows.max(initial=0)) + 1
    place, which = np.unique(columns * lines + rows, return_inverse=True)
    column, row = np.divmod(place, lines)
    return row, column, np.bincount(which, weights=amounts, minlength=len(place)).astype(np.float64)


def _names(family: str, uses: Uses) -> list[str]:
    return ["__".join(map(str, (family, *label))) for label in uses.labels]


def next_to_nothing(offers: Offers) -> float:
    """A gain per person that is rounding beside the most anybody's offer is worth."""
    return PAYS * max(1.0, float(np.abs(offers.worth).max(initial=0.0)))


def best_newcomers(offers: Offers, chosen: Ints, gain: Floats, each: int = 2) -> Ints:
    """Of the columns that would pay, the best few of every block, cohort and start."""
    pays = gain > next_to_nothing(offers)
    pays[chosen] = False
    candidates = np.flatnonzero(pays)
    order = candidates[np.lexsort((candidates, -gain[candidates], offers.slot[candidates]))]
    slots = offers.slot[order]
    first = np.flatnonzero(np.diff(slots, prepend=-1))
    rank = np.arange(len(slots)) - np.repeat(first, np.diff([*first, len(slots)]))
    newcomers: Ints = order[rank < each]
    return newcomers
