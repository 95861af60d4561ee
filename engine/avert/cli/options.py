"""Options and steps that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from avert.errors import AvertError, EvidenceError, Fault, FaultsFound
from avert.library import Library, load_library
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
        "--years", min=1, show_default=False, help="How many of the plan's years to optimise together (default: all)."
    ),
]
OutFile = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Write here instead of to standard output.", show_default=False),
]


def opened_library(evidence: Path | None, plans: Sequence[Path]) -> Library:
    """The library; its faults are told together with those that the plans show without it."""
    from avert.pathway import pathway_graph

    try:
        library = load_library(evidence)
        pathway_graph(library)
    except EvidenceError as error:
        raise FaultsFound([*error.faults, *(fault for plan in plans for fault in faults_of_shape(plan))]) from error
    return library


def opened_plan(plan: Path, evidence: Path | None) -> PlanInFull:
    """The plan with its library, every fault of either told at once."""
    return load_plan(plan, opened_library(evidence, [plan]))


def opened_plans(plans: Sequence[Path], library: Library) -> list[PlanInFull]:
    """Several plans on one library, every fault of all of them told at once."""
    opened: list[PlanInFull] = []
    faults: list[Fault] = []
    for plan in plans:
        try:
            opened.append(load_plan(plan, library))
        except FaultsFound as error:
            faults += error.faults
    if faults:
        raise FaultsFound(faults)
    return opened


def write_text(path: Path | None, text: str) -> None:
    """Write words to a file, or to standard output where none is given."""
    if path is None:
        print(text, end="")
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AvertError(f"{path} can't be written: {error.strerror}") from error
