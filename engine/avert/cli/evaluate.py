"""`avert evaluate`: a group's own allocation, or today's, beside the best use of the same money."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from avert.cli.options import Evidence, PlanPath, Years, opened_plan
from avert.errors import AvertError
from avert.report.console import print_sections, progressing


def evaluate(
    plan: PlanPath,
    offers: Annotated[
        Path | None,
        typer.Option(
            "--offers",
            metavar="FILE.csv",
            help="A table of offers, such as a run's offers.csv with changes, instead of what the plan proposes.",
            show_default=False,
        ),
    ] = None,
    today: Annotated[bool, typer.Option("--today", help="Today's services instead of what the plan proposes.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write a run folder with all tables here.", show_default=False),
    ] = None,
    evidence: Evidence = None,
    years: Years = None,
) -> None:
    """Say what the plan's proposal does, which lines it breaks, and what the same money could do at best."""
    from avert.appraisal import beside_optimum
    from avert.report import beside_in_words
    from avert.results import check_out, proposal_tables, result_of, save

    if offers and today:
        raise AvertError("choose one of --offers and --today")
    if out:
        check_out(out)
    opened = opened_plan(plan, evidence)
    table = read_offers(offers) if offers else None
    with progressing(quiet=False) as progress:
        beside = beside_optimum(opened, offers=table, today=today, years=years, progress=progress)
        tables = proposal_tables(beside)
    said = list(beside_in_words(beside, tables))
    print_sections(said)
    if out:
        save(result_of(beside.proposal), out, answer=said, more=tables)
        print(
            f"\nResults: {out}/ (proposal.csv, proposal_lines.csv, moves.csv and others, workbook.xlsx, manifest.json)"
        )


def read_offers(path: Path) -> pd.DataFrame:
    """A table of offers.  Raises AvertError if it can't be read."""
    try:
        return pd.read_csv(path, keep_default_na=False)
    except OSError as error:
        raise AvertError(f"{path} can't be read: {error.strerror}") from error
    except (ValueError, pd.errors.ParserError) as error:
        raise AvertError(f"{path} is no table of offers: {error}") from error
