"""Commands about who carries the burden: the tables, linked records summed up, and the budget of a group."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from avert.cli.options import Evidence, PlanPath, opened_library, opened_plan, write_text
from avert.errors import AvertError
from avert.report.console import print_sections


def burden(
    plan: PlanPath,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the tables here, as CSV.", show_default=False),
    ] = None,
    evidence: Evidence = None,
) -> None:
    """Say who carries the burden today: by risk, number of conditions, age and place. Nothing is optimised."""
    from avert.packages import county_of
    from avert.report.burden import burden_in_words
    from avert.results import burden_tables

    county = county_of(opened_plan(plan, evidence), years=1)
    tables = burden_tables(county)
    if out:
        _write_tables(out, tables)
    print_sections(burden_in_words(county, tables))
    if out:
        print(f"\nTables: {out}/ ({len(tables)} CSV files)")


def _write_tables(out: Path, tables: dict[str, pd.DataFrame]) -> None:
    if out.exists() and not out.is_dir():
        raise AvertError(f"{out} is a file; choose a folder with --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AvertError(f"{out} can't be written: {error.strerror}") from error
    for name, table in tables.items():
        write_text(out / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))


def profiles(
    records: Annotated[
        Path, typer.Argument(metavar="RECORDS.csv", help="Linked records, one line a person.", show_default=False)
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE.csv", help="Where shares go: <area>-profiles.csv.", show_default=False),
    ],
    smallest: Annotated[
        int, typer.Option("--smallest", min=1, metavar="N", help="Fewest people of a group that is told apart.")
    ] = 10,
    evidence: Evidence = None,
) -> None:
    """Sum linked records up: shares of every profile for an area's 'profiles', and what happened to whom in the year.

    What happened goes to <area>-burden.csv beside the shares, for the area's 'observed', if the records hold
    admissions, bed_days or cost.
    """
    from avert.population import happened, read_people, summed
    from avert.report.burden import summed_in_words

    if out.suffix != ".csv":
        raise AvertError(f"{out} should end in .csv")
    if not records.is_file():
        raise AvertError(f"there is no file {records}")
    beside = out.with_name(f"{out.stem.removesuffix('profiles').rstrip('-_') or 'area'}-burden.csv")
    if records.resolve() in (out.resolve(), beside.resolve()):
        raise AvertError(f"{records} would be written over; choose another file with --out")
    library = opened_library(evidence, [])
    people = read_people(records, library)
    result, year = summed(people, library, smallest), happened(people, smallest)
    write_text(out, result.profiles.to_csv(index=False, lineterminator="\n"))
    if people.amounts:
        write_text(beside, year.to_csv(index=False, lineterminator="\n"))
    print_sections(summed_in_words(people, result, year, smallest))
    print(f"\nIn the area file: profiles: {out.name}")
    if people.amounts:
        print(f"                  observed: {beside.name}")
