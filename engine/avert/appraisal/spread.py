"""How sure the answer is: every figure with an interval moved to either end of it, the plan held as it is.

Seen, derived and recalled alike.  The same people are offered the same packages; what they avert is worked
out anew.  So this is no plan found afresh, and what the offers use of money and staff is not asked.  Figures
that bear on no admission, such as costs and lengths of stay, are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from math import exp, sqrt

import numpy as np
import pandas as pd

from avert.appraisal.gaps import EMPTY, shared_out
from avert.appraisal.in_force import InForce, figures_in_force, under, what_it_is
from avert.appraisal.lagrangian import Held, held_of
from avert.appraisal.ledger import Ledger
from avert.appraisal.optimise import Appraisal
from avert.appraisal.other_evidence import admissions_of, ledger_under, ledger_with_services
from avert.errors import AvertError
from avert.library.records import Edge, Effect
from avert.programme.rounds import Progress

SPREAD_COLUMNS = (
    "what", "of", "record", "where", "kind", "certainty", "seen", "value", "low", "high",
    "admissions_averted_at_low", "admissions_averted_at_high", "why_not",
)  # fmt: skip
TAKE_UP = ("uptake", "delivery", "already_reached")
RATES = ("prevalence", "england_rate", "years_lived", "persistence", "by_age", "rate_ratio", "population_growth")
STILL = 1e-9
"""Change of the answer, as a share of it, that is rounding."""


@dataclass(frozen=True)
class Averting:
    """A held plan with what it averts, small enough to be sent about."""

    held: Held
    averted: float
    """Admissions, over the plan's years."""


def spread_of(appraisal: Appraisal, *, jobs: int | None = None, progress: Progress = lambda _: None) -> pd.DataFrame:
    """A row for each figure that moves what the plan averts, the one that moves it furthest first.

    `jobs` is how many processes share the work, all cores by default; the table is the same for any number.
    Raises AvertError for an allocation that is no optimum.
    """
    if appraisal.optimum is None:
        raise AvertError("how sure an answer is can be asked of an optimum, and this is an allocation of one's own")
    held = held_of(appraisal.optimum, appraisal.ledger)
    now = admissions_of(appraisal.ledger.change, appraisal.county)
    figures = [one for one in figures_in_force(appraisal.county, assumptions_only=False) if _may_matter(held, one)]
    progress(f"{len(figures):,} figures with an interval, each at either end of it")
    ends = shared_out(partial(_at_ends, Averting(held, now)), figures, jobs)
    rows = [_row(figure, *found) for figure, found in zip(figures, ends, strict=True)]
    table = pd.DataFrame(rows, columns=list(SPREAD_COLUMNS))
    at = table[["admissions_averted_at_low", "admissions_averted_at_high"]]
    moves = (at - now).abs().max(axis=1).fillna(0.0)
    kept = (moves > STILL * max(1.0, abs(now))) | (table["why_not"] != "")
    order = table.assign(moves=moves)[kept].sort_values(
        ["moves", "record", "where"], ascending=[False, True, True], kind="stable"
    )
    return table.loc[order.index].reset_index(drop=True)


def combined(table: pd.DataFrame, admissions_averted: float) -> tuple[float, float]:
    """Where the answer m lies if its figures err independently of one another.

    low   =  m · exp(−√ Σ ln(m / the lesser end)²)
    high  =  m · exp(√ Σ ln(the greater end / m)²)

    each sum over figures that move m that way.  First-order propagation of uncertainty on the scale of
    logarithms, where figures that multiply one another (an effect, its delivery, how long it lasts) add up
    (law of propagation, JCGM 100:2008, 5.1.2 and 5.1.6, side by side for asymmetric intervals).  Where m or an
    end is no number above 0, the same on the scale as it is: m − √ Σ (m − the lesser end)², and so on.  Left
    out: figures that err together, choices of structure and doubts that no interval holds, and that the plan
    would be chosen otherwise if they were known.  An end the model refuses counts as no move.
    """
    ends = table[["admissions_averted_at_low", "admissions_averted_at_high"]]
    least = ends.min(axis=1).fillna(admissions_averted).clip(upper=admissions_averted).to_numpy(dtype=float)
    most = ends.max(axis=1).fillna(admissions_averted).clip(lower=admissions_averted).to_numpy(dtype=float)
    if admissions_averted > 0 and (least > 0).all():
        down, up = np.log(admissions_averted / least), np.log(most / admissions_averted)
        return admissions_averted * exp(-sqrt(float(down @ down))), admissions_averted * exp(sqrt(float(up @ up)))
    down, up = admissions_averted - least, most - admissions_averted
    return admissions_averted - sqrt(float(down @ down)), admissions_averted + sqrt(float(up @ up))


def _may_matter(held: Held, figure: InForce) -> bool:
    """Not what is only charged, nor days in hospital, nor figures of services neither bought nor had today."""
    if figure.only_charged or figure.placed.field == "length_of_stay":
        return False
    return not figure.service or figure.service in held.bought or figure.service in held.county.reached_today


def _at_ends(averting: Averting, figure: InForce) -> tuple[list[float], str]:
    """Admissions averted with a figure at either end; an end the model refuses is no number, and why."""
    found, refused = [], []
    assert figure.placed.figure.interval is not None  # without one it is not moved
    for end in figure.placed.figure.interval:
        try:
            with np.errstate(all="ignore"):
                averted = _averted(averting, figure, end)
        except (AvertError, ValueError, ArithmeticError) as error:
            averted = EMPTY
            refused.append(f"at {end:g}: {' '.join(str(error).split())}")
        found.append(averted if np.isfinite(averted) else EMPTY)
    return found, "; ".join(refused)


def _averted(averting: Averting, figure: InForce, value: float) -> float:
    """Admissions the same offers avert with a figure at another value.

    Where it belongs to a service offered person by person that nobody has today, only the offers that hold
    the service differ.
    """
    held = averting.held
    county, ledger, plan = held.county, held.ledger, under(held.county.plan, figure, value)
    if not figure.service or figure.service in county.reached_today:
        return _admissions(held, ledger_under(ledger, plan))
    bit = county.family.ids.index(figure.service)
    if not county.family.for_people[bit] or held.covered.any():
        return _admissions(held, ledger_with_services(ledger, plan))
    holding = county.family.members[ledger.offers["package"], bit]
    part = ledger_under(replace(ledger, offers=ledger.offers[holding]), county.plan)
    rest = averting.averted - admissions_of(part.averted, county)
    return rest + admissions_of(ledger_with_services(part, plan).averted, county)


def _admissions(held: Held, ledger: Ledger) -> float:
    return admissions_of(held.ledger_in(ledger).change, ledger.county)


def _row(figure: InForce, ends: list[float], why_not: str) -> dict[str, object]:
    placed = figure.placed
    assert placed.figure.interval is not None  # without one it is not moved
    return {
        "what": what_it_is(figure),
        "of": figure.label,
        "record": figure.record,
        "where": " / ".join(placed.names),
        "kind": kind_of(figure),
        "certainty": figure.certainty,
        "seen": placed.figure.verification,
        "value": float(placed.figure.value),
        "low": float(placed.figure.interval[0]),
        "high": float(placed.figure.interval[1]),
        "admissions_averted_at_low": ends[0],
        "admissions_averted_at_high": ends[1],
        "why_not": why_not,
    }


def kind_of(figure: InForce) -> str:
    """effect, link, rate, take-up or other."""
    placed = figure.placed
    if isinstance(placed.holder, Effect):
        return "effect"
    if isinstance(placed.holder, Edge):
        return "link"
    if placed.field in TAKE_UP:
        return "take-up"
    return "rate" if not figure.service and placed.field in RATES else "other"
