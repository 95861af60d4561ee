"""Money that a plan leaves where it is: whose, how much of what was put in, and in which years."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pandas as pd

WORTH_SAYING = 0.01
"""Share of what a partner puts in below which what is left is change."""


@dataclass(frozen=True)
class Unspent:
    """What one partner puts in and the plan does not spend."""

    partner: str
    pounds: float
    put_in: float
    """Over all years [£]."""
    years: tuple[str, ...]
    """Those at whose end it is left."""


def unspent(partners: pd.DataFrame, carry_over: Collection[str]) -> Iterator[Unspent]:
    """A partner for which more than `WORTH_SAYING` of its money is left, by name, from the table of partners.

    left  =  Σ over years of what is not spent, or of the last year alone where a partner keeps it for the next
    Nothing is said of an allocation that names no payers.
    """
    for partner, rows in partners.groupby("partner"):
        mine, put_in = rows.sort_values("year", kind="stable"), float(rows["contribution"].sum())
        kept = mine.tail(1) if partner in carry_over else mine
        pounds = float(kept["not_spent"].sum(skipna=False))
        if put_in > 0 and pounds > WORTH_SAYING * put_in:
            years = kept[kept["not_spent"] > WORTH_SAYING * put_in / len(mine)]["year"]
            yield Unspent(str(partner), pounds, put_in, tuple(years))
