"""`avert fairness`: who gets what per head of need, and what each rule of fairness costs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from avert.cli.options import Evidence, PlanPath, Solver, Years, opened_plan
from avert.errors import AvertError
from avert.report.console import print_sections, progressing


def fairness(
    plan: PlanPath,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write both tables here too, as CSV.", show_default=False),
    ] = None,
    evidence: Evidence = None,
    solver: Solver = "highs",
    years: Years = None,
) -> None:
    """Say who gets what per head of need, and what each rule of fairness costs in admissions averted."""
    import avert
    from avert.programme import check_solver
    from avert.report.fairness import fairness_in_words

    check_solver(solver)
    opened = opened_plan(plan, evidence)
    with progressing(quiet=False) as progress:
        result = avert.optimise(opened, years=years, solver=solver, progress=progress)
        tables = avert.fairness(result, progress=progress)
    if out:
        try:
            out.mkdir(parents=True, exist_ok=True)
            for name, table in tables.items():
                table.to_csv(out / f"{name}.csv", index=False, lineterminator="\n")
        except OSError as error:
            raise AvertError(f"{out} can't be written: {error.strerror}") from error
    print_sections(fairness_in_words(tables))
