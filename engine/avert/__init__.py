"""avert: which prevention services should a county's pooled budget buy, for whom and where?

library = avert.load_library()
plan = avert.load_plan("plans/somerset.yaml", library)
result = avert.optimise(plan)
result.allocation            # pandas frames; avert.COLUMNS says what each column holds
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

# Products of matrices here are many and small: a second thread mostly waits, and keeps a processor from others.
# It has to be said before numpy is loaded; whoever has said otherwise is heard.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from avert.errors import AvertError, EvidenceError, NoFeasiblePlan, PlanError, SolverStopped

if TYPE_CHECKING:
    import pandas as pd

    from avert.attributable import attributable_fractions, read_factors
    from avert.library import Library, load_library
    from avert.plan import PlanInFull
    from avert.results import Result
    from avert.results.columns import COLUMNS
else:
    _WHERE = {
        "COLUMNS": "avert.results.columns",
        "Library": "avert.library",
        "PlanInFull": "avert.plan",
        "attributable_fractions": "avert.attributable",
        "load_library": "avert.library",
        "read_factors": "avert.attributable",
    }

    def __getattr__(name: str) -> object:
        """A public name that comes with much else, imported when somebody asks for it."""
        if name in _WHERE:
            return getattr(import_module(_WHERE[name]), name)
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")


__version__ = "0.1.0"
__all__ = [
    "COLUMNS",
    "AvertError",
    "EvidenceError",
    "Library",
    "NoFeasiblePlan",
    "PlanError",
    "PlanInFull",
    "SolverStopped",
    "attributable_fractions",
    "bracket",
    "burden",
    "compare",
    "diff",
    "evaluate",
    "fairness",
    "frontier",
    "gaps",
    "load_library",
    "load_plan",
    "optimise",
    "read_factors",
    "spread",
]


def load_plan(path: str | Path, library: Library | None = None) -> PlanInFull:
    """The plan in `path`, checked; with avert's own evidence library unless another is given."""
    from avert.library import load_library
    from avert.plan import load_plan as loaded

    return loaded(path, library or load_library())


def optimise(
    plan: PlanInFull,
    *,
    years: int | None = None,
    solver: str = "highs",
    alternative: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Result:
    """The best use of the plan's money over its first `years` years (all by default), certified.

    With `alternative` the best plan by bed days comes beside it (table `objectives`).  Returns a Result
    whose tables (allocation, offers, rules, outcomes, partners, marginal_values, objectives,
    interventions) are pandas frames with the columns in `COLUMNS`.  Raises NoFeasiblePlan or
    SolverStopped instead of returning numbers that mean nothing.
    """
    from avert.appraisal import optimal_appraisal
    from avert.results import result_of

    appraisal = optimal_appraisal(plan, years=years, solver=solver, alternative=alternative, progress=progress)
    return result_of(appraisal)


def evaluate(plan: PlanInFull, offers: pd.DataFrame | None = None, *, years: int | None = None) -> Result:
    """What an allocation of one's own does: a table of offers, like `result.offers` of a run, or the plan's proposal.

    Raises AvertError for unknown names, for more people than there are, and for a proposal that can't be
    carried out or isn't there.
    """
    from avert.appraisal import evaluated, proposal_appraisal
    from avert.results import result_of

    return result_of(proposal_appraisal(plan, years=years) if offers is None else evaluated(plan, offers, years=years))


def compare(
    plan: PlanInFull,
    offers: pd.DataFrame | None = None,
    *,
    today: bool = False,
    years: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, pd.DataFrame]:
    """The plan's proposal, other offers, or today's services, beside the optimum at the same spend.

    Tables `proposal`, `proposal_outcomes`, `proposal_places`, `proposal_lines`, `proposal_payments` and `moves`,
    with the columns in `COLUMNS`.  Raises AvertError as `evaluate` does.
    """
    from avert.appraisal import beside_optimum
    from avert.results import proposal_tables

    return proposal_tables(beside_optimum(plan, offers=offers, today=today, years=years, progress=progress))


def diff(plan_a: PlanInFull, plan_b: PlanInFull) -> pd.DataFrame:
    """What plan B says otherwise than plan A, by meaning: a row for each difference, none if they say the same.

    The columns (path, in_words, in_a, in_b, where_a, where_b, bears_on_answer) are described in
    `avert.results.BETWEEN_PLANS`.
    """
    from avert.plan import differences
    from avert.results.compared import differences_table

    return differences_table(differences(plan_a, plan_b))


def gaps(plan: PlanInFull, years: int | None = None, *, jobs: int = 1) -> pd.DataFrame:
    """The plan's assumptions by how far its answer moves when each goes to either end of its interval.

    The optimal offers are held, and what they use is charged at the optimum's prices.  The columns are in
    `avert.appraisal.GAP_COLUMNS`.  With several `jobs` a script needs the usual `if __name__ == "__main__"`.
    """
    from avert.appraisal import gaps_of

    return gaps_of(plan, years=years, jobs=jobs).table.reset_index(drop=True)


def fairness(result: Result, *, progress: Callable[[str], None] = lambda _: None) -> dict[str, pd.DataFrame]:
    """Who gets what per head of need (`fairness_report`), and what each rule of fairness costs (`fairness_prices`).

    For every rule the plan is optimised once more without it, and once with `same_everywhere` where it is without.
    Raises AvertError for an allocation of one's own, which is no optimum.
    """
    from avert.appraisal import rule_prices_of
    from avert.results import fairness_prices, fairness_report

    found = rule_prices_of(result.appraisal, progress=progress)
    return {"fairness_report": fairness_report(result), "fairness_prices": fairness_prices(found, result)}


def frontier(
    result: Result, *, points: int = 25, most: float = 2.0, progress: Callable[[str], None] = lambda _: None
) -> dict[str, pd.DataFrame]:
    """What each budget buys, from none to `most` times the plan's: the best plan at `points` of them, certified.

    Tables `frontier`, `frontier_services` and `frontier_places`, with the columns in `COLUMNS`; `bracket`
    reads the first between its rows.  Of a list of objectives the first counts.
    """
    from avert.appraisal import frontier_of
    from avert.results import frontier_tables

    return frontier_tables(frontier_of(result.appraisal, points=points, most=most, progress=progress))


def bracket(frontier: pd.DataFrame, budget: float) -> tuple[float, float]:
    """What the best plan of a budget is worth, between (low, high); raises AvertError beyond the table's ends."""
    from avert.appraisal import bracket as bracketed

    return bracketed(frontier, budget)


def burden(plan: PlanInFull) -> dict[str, pd.DataFrame]:
    """Who carries the burden, as expected at the start of the plan given today's services; nothing is optimised.

    Tables `concentration`, `concentration_curve`, `burden_by_conditions`, `burden_explained`, `burden_by_place`,
    `burden_pairs` and `burden_observed` (empty without linked data), with the columns in `COLUMNS`.
    """
    from avert.packages import county_of
    from avert.results import burden_tables

    return burden_tables(county_of(plan, years=1))


def spread(
    result: Result, *, jobs: int = 1, progress: Callable[[str], None] = lambda _: None
) -> tuple[pd.DataFrame, tuple[float, float]]:
    """How sure the answer is: each figure at either end of its interval, and all of them combined.

    The table has the columns `COLUMNS` declares; beside it (low, high), between which the admissions the plan
    averts lie if the figures err independently.  With several `jobs` a script needs the usual
    `if __name__ == "__main__"`.
    """
    from avert.appraisal import combined, spread_of
    from avert.results.tables import tidy

    table = tidy("spread", spread_of(result.appraisal, jobs=jobs, progress=progress))
    return table, combined(table, result.admissions_averted)
