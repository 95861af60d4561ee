"""`avert diff`: what two plans differ in, and what that does to the answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from avert.cli.options import Evidence, Years, opened_library, opened_plans, write_text
from avert.errors import AvertError, Fault, FaultsFound, NoFeasiblePlan
from avert.plan import Difference, PlanInFull, differences, load_plan
from avert.report.console import print_sections, progressing


def diff(
    plan_a: Annotated[Path, typer.Argument(metavar="A", help="A plan, a YAML file.", show_default=False)],
    plan_b: Annotated[Path, typer.Argument(metavar="B", help="Another plan.", show_default=False)],
    results: Annotated[bool, typer.Option("--results", help="Optimise both, and say what the differences do.")] = False,
    each: Annotated[
        int,
        typer.Option(
            "--each", min=0, metavar="N", help="Optimise A with each of the first N changes alone; implies --results."
        ),
    ] = 0,
    whole: Annotated[bool, typer.Option("--all", help="Print every difference, however many there are.")] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.csv", help="Write the differences here as a table.", show_default=False),
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 where the plans differ.")] = False,
    evidence: Evidence = None,
    evidence_b: Annotated[
        Path | None,
        typer.Option("--evidence-b", metavar="DIR", help="Another evidence library, for B only.", show_default=False),
    ] = None,
    years: Years = None,
) -> None:
    """Say in words what two plans differ in and, with --results, what that does to the answer."""
    from avert.report.compared import differences_in_words
    from avert.results.compared import differences_table

    if out and out.suffix != ".csv":
        raise AvertError(f"{out} should end in .csv")
    a, b = _opened(plan_a, plan_b, evidence, evidence_b)
    found = differences(a, b)
    print_sections(differences_in_words(a, b, found, whole=whole))
    if out:
        write_text(out, differences_table(found).to_csv(index=False, lineterminator="\n"))
    if results or each:
        _compare_answers(a, b, found, each, years, whole=whole)
    if exit_code and found:
        raise typer.Exit(1)


def _opened(
    plan_a: Path, plan_b: Path, evidence: Path | None, evidence_b: Path | None
) -> tuple[PlanInFull, PlanInFull]:
    """Both plans, every fault of either told at once."""
    library = opened_library(evidence, [plan_a, plan_b])
    if evidence_b is None:
        a, b = opened_plans([plan_a, plan_b], library)
        return a, b
    other = opened_library(evidence_b, [plan_b])
    faults: list[Fault] = []
    opened: list[PlanInFull] = []
    for path, of in ((plan_a, library), (plan_b, other)):
        try:
            opened.append(load_plan(path, of))
        except FaultsFound as error:
            faults += error.faults
    if faults:
        raise FaultsFound(faults)
    return opened[0], opened[1]


def _compare_answers(
    a: PlanInFull, b: PlanInFull, found: tuple[Difference, ...], each: int, years: int | None, *, whole: bool
) -> None:
    from avert.appraisal import optimal_appraisal
    from avert.report.compared import answers_compared, steps_in_words
    from avert.results import Result, result_of
    from avert.results.compared import one_by_one, one_by_one_table

    answers: list[Result] = []
    lacking: list[str] = []
    with progressing(quiet=False) as progress:
        for mark, plan in (("A", a), ("B", b)):
            try:
                answers.append(result_of(optimal_appraisal(plan, years=years, progress=progress)))
            except NoFeasiblePlan as error:
                lacking.append(f"{mark}: {error}")
    if lacking:
        print_sections([("No plan keeps all lines, so there are no answers to compare", lacking)])
        return
    print_sections(answers_compared(answers[0], answers[1], whole=whole))
    if not each:
        return
    if a.record.area != b.record.area:
        print_sections([("One by one", ["Plans for different areas can't be changed into one another one by one."])])
        return
    with progressing(quiet=False) as progress:
        steps = list(one_by_one(a, b, found, each, years=years, progress=progress))
    table = one_by_one_table(answers[0], steps)
    left = len({one.change for one in found if one.answers}) - len(steps)
    print_sections(steps_in_words(answers[0], answers[1], table, left))
