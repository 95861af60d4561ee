"""Saved runs for the book: whether one is still of its plan, and a fresh one if not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from avert.appraisal import beside_optimum, frontier_of, optimal_appraisal, rule_prices_of, spread_of
from avert.book.notebook import run_example
from avert.library import evidence_folder
from avert.plan import PlanInFull
from avert.report import answer, picture
from avert.report.considered import considered, readings
from avert.results import (
    ALSO,
    ASIDE,
    burden_tables,
    fairness_prices,
    fairness_report,
    frontier_tables,
    proposal_tables,
    result_of,
    save,
)
from avert.results.result import inputs_of, versions_now

Progress = Callable[[str], None]


def why_stale(plan: PlanInFull, folder: Path) -> str:
    """Why the run in `folder` can't stand in a book of this plan, in words; empty if it can."""
    path = folder / "manifest.json"
    if not path.is_file():
        return f"there is no run in {folder}"
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return f"{path} can't be read"
    now = inputs_of(plan)
    was = manifest.get("inputs", {})
    changed = sorted(name for name in now.keys() | was.keys() if now.get(name) != was.get(name))
    if changed:
        more = f" and {len(changed) - 3} more files" if len(changed) > 3 else ""
        return f"the run in {folder} is older than {', '.join(changed[:3])}{more}"
    other = sorted(name for name, number in versions_now().items() if manifest.get("versions", {}).get(name) != number)
    if other:
        return f"the run in {folder} was made with another version of {', '.join(other)}"
    wanted = ALSO if plan.record.proposed else tuple(name for name in ALSO if name not in ASIDE)
    lacking = [name for name in wanted if not (folder / f"{name}.parquet").is_file()]
    if lacking:
        return f"the run in {folder} has no {lacking[0].replace('_', ' ')} table: it was made by 'avert run' alone"
    return ""


def fresh_run(plan: PlanInFull, folder: Path, progress: Progress) -> None:
    """Optimise the plan, find what other budgets buy, how sure it is and what fairness costs, and save all of it."""
    appraisal = optimal_appraisal(plan, alternative=True, progress=progress)
    result = result_of(appraisal)
    found = frontier_of(appraisal, progress=progress)
    moved = spread_of(appraisal, progress=progress)
    fair = rule_prices_of(appraisal, progress=progress)
    more = {"considered": considered(result), "readings": readings(result), **frontier_tables(found), "spread": moved}
    if plan.record.proposed:
        more |= proposal_tables(beside_optimum(plan, progress=progress))
    more |= burden_tables(appraisal.county)
    more |= {"fairness_report": fairness_report(result), "fairness_prices": fairness_prices(fair, result)}
    texts = {"answer.svg": picture(result)}
    if plan.library.folder.resolve() == evidence_folder().resolve():  # whoever runs it has avert's own library
        progress("the worked example, a notebook")
        texts["worked-example.ipynb"] = run_example(plan)
    save(result, folder, None, texts, list(answer(result)), more=more)
