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


def capitation(
    plan: PlanPath,
    group: Annotated[
        str,
        typer.Option(
            "--group", metavar="FACTORS", help="As in 'dementia + not_care_home_resident'.", show_default=False
        ),
    ],
    age: Annotated[
        str | None, typer.Option("--age", metavar="BAND", help="Only people of this age.", show_default=False)
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", metavar="ID", help="Only people who live there.", show_default=False)
    ] = None,
    probability: Annotated[
        str, typer.Option("--probability", metavar="SHARE", help="In how many of all years the budget is to hold.")
    ] = "95%",
    margin: Annotated[
        str, typer.Option("--margin", metavar="SHARE", help="What the budget has over the average.")
    ] = "5%",
    cost_variation: Annotated[
        str,
        typer.Option("--cost-variation", metavar="SHARE", help="Standard deviation of an event's cost over its mean."),
    ] = "0",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the tables here, as CSV.", show_default=False)
    ] = None,
    evidence: Evidence = None,
) -> None:
    """Say what a year of a group's events costs a person, and how large a group must be for that budget to hold."""
    from avert.appraisal.capitation import capitation_of, chosen_group
    from avert.packages import county_of
    from avert.report.capitation import capitation_in_words

    shares = {
        "probability": _share(probability, "--probability"),
        "margin": _share(margin, "--margin"),
        "cost_variation": _share(cost_variation, "--cost-variation"),
    }
    county = county_of(opened_plan(plan, evidence), years=1)
    found = capitation_of(county, chosen_group(county, group, age, place), **shares)
    if out:
        _write_tables(out, {"capitation_events": found.events, "capitation_sizes": found.sizes})
    said = ", ".join(part for part in (group, age, place) if part)
    prices, variation = county.plan.record.prices, shares["cost_variation"]
    print_sections(
        capitation_in_words(
            found, said, prices, probability=shares["probability"], margin=shares["margin"], variation=variation
        )
    )


def _share(said: str, option: str) -> float:
    """'95%' or '0.95' as a number."""
    try:
        value = float(said.removesuffix("%").strip()) / (100 if said.strip().endswith("%") else 1)
    except ValueError:
        value = float("nan")
    if not 0 <= value < float("inf"):
        raise AvertError(f"{option} is '{said}'; write a share, as 95% or 0.95")
    return value
