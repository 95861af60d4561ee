"""Commands that look at the evidence library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from avert.cli.options import Evidence, PlanPath, Years, opened_plan, write_text
from avert.errors import AvertError
from avert.library import load_library
from avert.report.console import print_sections, progressing

evidence_app = typer.Typer(help="Look at the evidence library.", no_args_is_help=True)


@evidence_app.command("list")
def evidence_list(
    pathway: Annotated[
        str | None,
        typer.Option("--pathway", metavar="ID", help="Only services of this pathway.", show_default=False),
    ] = None,
    candidates: Annotated[bool, typer.Option("--candidates", help="Only services a plan can buy.")] = False,
    evidence: Evidence = None,
) -> None:
    """List the interventions under their pathways: id, status, funding, label."""
    from avert.report import evidence_list_in_words

    print_sections(evidence_list_in_words(load_library(evidence), pathway, candidates=candidates))


@evidence_app.command("show")
def evidence_show(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id of an intervention or pathway.", show_default=False)],
    evidence: Evidence = None,
) -> None:
    """Show one intervention or pathway: every number with its interval, certainty and source."""
    from avert.report import evidence_card

    print_sections(evidence_card(load_library(evidence), name))


@evidence_app.command("check")
def evidence_check(evidence: Evidence = None) -> None:
    """Run every cross-check of the library."""
    from avert.pathway import pathway_graph
    from avert.report import library_in_words

    library = load_library(evidence)
    pathway_graph(library)
    print(library_in_words(library))


@evidence_app.command("new")
def evidence_new(
    kind: Annotated[str, typer.Argument(metavar="intervention|pathway", help="What is new.", show_default=False)],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its id: small letters and '_'.", show_default=False)],
    evidence: Annotated[Path, typer.Option("--evidence", metavar="DIR", help="The library's folder.")] = Path(
        "evidence"
    ),
) -> None:
    """Write a commented starter file into a library."""
    from avert.library.starter import write_starter

    path = write_starter(kind, name, evidence)
    print(f"{path} is there to be filled in. Then: avert evidence check --evidence {evidence}")


@evidence_app.command("export")
def evidence_export(
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="A file ending in .csv, .parquet or .xlsx.", show_default=False),
    ],
    evidence: Evidence = None,
) -> None:
    """Write every figure of the library as one tidy table: a row for each, with unit, interval, mark and source."""
    from avert.results import save_figures

    count = save_figures(load_library(evidence), out)
    print(f"{out}: {count:,} figures")


@evidence_app.command("gaps")
def evidence_gaps(
    plan: PlanPath,
    by: Annotated[
        str,
        typer.Option("--by", metavar="swing|certainty", help="One list, or a block for each certainty with its total."),
    ] = "swing",
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="How many lines to print.")] = 25,
    again: Annotated[
        int,
        typer.Option(
            "--again",
            min=0,
            metavar="N",
            help="Optimise afresh for the N largest, for N that could bring a service in, and by each other reading.",
        ),
    ] = 0,
    years: Years = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.csv", help="Write the whole table here.", show_default=False),
    ] = None,
    evidence: Evidence = None,
) -> None:
    """List the plan's assumptions by how far its answer moves with each: what to find out first."""
    from avert.appraisal import gaps_of, optimised_again
    from avert.report import gaps_in_words

    if by not in ("swing", "certainty"):
        raise AvertError(f"the list can't go by '{by}'; use swing or certainty")
    if out and out.suffix != ".csv":
        raise AvertError(f"{out} should end in .csv")
    opened = opened_plan(plan, evidence)
    with progressing(quiet=False) as progress:
        found = gaps_of(opened, years=years, progress=progress)
        found, readings = optimised_again(found, again, progress=progress) if again else (found, ())
    if out:
        write_text(out, found.table.to_csv(index=False, lineterminator="\n"))
    print_sections(gaps_in_words(found, top=top, by_certainty=by == "certainty", readings=readings))
