"""`avert run`: the best use of a plan's money, in words and as a run folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from avert.cli.options import Evidence, PlanPath, Solver, Years, opened_plan
from avert.report.console import print_sections, progressing, timed

if TYPE_CHECKING:  # these are slow to import, and no other command waits for them
    from avert.appraisal import Appraisal
    from avert.report.answer import Section
    from avert.results import Result

RunFolder = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help="Run folder (default: runs/<name of the plan>).", show_default=False),
]
WrittenOut = Annotated[
    bool,
    typer.Option("--written-out", help="Solve over every offer at once instead of in rounds: slower, same answer."),
]
Check = Annotated[
    str | None,
    typer.Option("--check", metavar="SOLVER", help="Solve the final programme again with cbc.", show_default=False),
]
ProgrammeFile = Annotated[
    Path | None,
    typer.Option("--write-lp", metavar="FILE", help="Write the final programme, as .lp or .mps.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the manifest as JSON instead of words.")]


def run(
    plan: PlanPath,
    out: RunFolder = None,
    evidence: Evidence = None,
    solver: Solver = "highs",
    years: Years = None,
    written_out: WrittenOut = False,
    check: Check = None,
    write_lp: ProgrammeFile = None,
    as_json: AsJson = False,
) -> None:
    """Find the best use of the plan's money, print it in plain words, and write a run folder."""
    from avert.appraisal import optimal_appraisal
    from avert.programme import check_solver
    from avert.results import check_out

    timings: dict[str, float] = {}
    folder = out or Path("runs") / plan.stem
    for name in (solver, *([check] if check else [])):
        check_solver(name)
    with timed(timings, "read"):
        opened = opened_plan(plan, evidence)
        check_out(folder)
    at_once = True if written_out else None
    with timed(timings, "optimise"), progressing(quiet=as_json) as progress:
        appraisal = optimal_appraisal(
            opened, years=years, solver=solver, at_once=at_once, alternative=True, progress=progress
        )
    checked = _written_and_checked(appraisal, write_lp, check)
    result, said = _saved(appraisal, folder, timings)
    if as_json:
        print(json.dumps(result.manifest, indent=2, ensure_ascii=False))
    else:
        _tell(said, checked, folder, plan)


def _tell(said: Sequence[Section], checked: str, folder: Path, plan: Path) -> None:
    print_sections(said)
    if checked:
        print(f"\n{checked}")
    print(f"\nResults: {folder}/ (workbook.xlsx, answer.svg, tables as CSV and Parquet, manifest.json)")
    print(f"Book: 'avert book {plan}' makes book/index.html for boards and the public")


def _written_and_checked(appraisal: Appraisal, write_lp: Path | None, check: str | None) -> str:
    """Write the final programme and solve it again, where that is asked; what the other solver found, in words."""
    from avert.programme import check_with, write_programme

    optimum = appraisal.optimum
    assert optimum is not None  # an optimal appraisal has one
    if write_lp:
        write_programme(optimum, write_lp)
    return check_with(optimum, check) if check else ""


def _saved(appraisal: Appraisal, folder: Path, timings: dict[str, float]) -> tuple[Result, list[Section]]:
    """The result with the answer in words, both saved in the run folder."""
    from avert.report import answer, picture
    from avert.results import result_of, save

    with timed(timings, "tables"):
        result = result_of(appraisal)
    with timed(timings, "words"):
        said = list(answer(result))
    with timed(timings, "save"):
        save(result, folder, timings, {"answer.svg": picture(result)}, said)
    return result, said
