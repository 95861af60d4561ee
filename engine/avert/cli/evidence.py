"""Commands that look at the evidence library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from avert.cli.options import Evidence
from avert.library import load_library
from avert.report.console import print_sections

evidence_app = typer.Typer(help="Look at the evidence library.", no_args_is_help=True)


@evidence_app.command("list")
def evidence_list(evidence: Evidence = None) -> None:
    """List the interventions: pathway, status, funding, label."""
    for one in load_library(evidence).interventions.values():
        print(f"{one.id:38} {one.pathway:18} {one.status:11} {one.funding:12} {one.label}")


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
