"""Options and steps that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from avert.errors import AvertError, EvidenceError, FaultsFound
from avert.library import load_library
from avert.plan import PlanInFull, faults_of_shape, load_plan

PlanPath = Annotated[Path, typer.Argument(metavar="PLAN", help="The plan, a YAML file.", show_default=False)]
Evidence = Annotated[
    Path | None,
    typer.Option("--evidence", metavar="DIR", help="Another evidence library.", show_default=False),
]
Solver = Annotated[str, typer.Option("--solver", metavar="NAME", help="highs, or cbc as a check.")]
Years = Annotated[
    int | None,
    typer.Option(
        "--years", min=1, show_default=False, help="How many of the plan's years to optimise together [default: all]."
    ),
]
OutFile = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write here instead of to standard output.", show_default=False),
]


def opened_plan(plan: Path, evidence: Path | None) -> PlanInFull:
    """The plan with its library, every fault of either told at once."""
    from avert.pathway import pathway_graph

    try:
        library = load_library(evidence)
        pathway_graph(library)
    except EvidenceError as error:
        raise FaultsFound([*error.faults, *faults_of_shape(plan)]) from error
    return load_plan(plan, library)


def write_text(path: Path | None, text: str) -> None:
    """Write words to a file, or to standard output where none is given."""
    if path is None:
        print(text, end="")
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AvertError(f"{path} can't be written: {error.strerror}") from error
