"""The command line."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from avert.errors import AvertError, EvidenceError, FaultsFound
from avert.library import Library, load_library
from avert.plan import Plan, PlanInFull, assumptions, faults_of_shape, load_plan
from avert.report.console import print_sections, progressing, timed


class Commands(TyperGroup):
    """Commands that, when interrupted, say so in one line."""

    def invoke(self, context: Any) -> Any:
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            print("interrupted; a run is written whole or not at all", file=sys.stderr)
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=Commands,
    help="Which prevention services should a pooled budget buy, for whom and where?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
evidence_app = typer.Typer(help="Look at the evidence library.", no_args_is_help=True)
app.add_typer(evidence_app, name="evidence")

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


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; faults go to standard error in the author's words, with exit code 1."""
    gc.freeze()  # what is imported stays to the end, and a run makes millions of objects that do not
    gc.set_threshold(100_000, 20, 20)
    try:
        app(args=arguments)
    except AvertError as error:
        print(error, file=sys.stderr)
        sys.exit(1)


def _open(plan: Path, evidence: Path | None) -> PlanInFull:
    from avert.pathway import pathway_graph

    try:
        library = load_library(evidence)
        pathway_graph(library)
    except EvidenceError as error:
        raise FaultsFound([*error.faults, *faults_of_shape(plan)]) from error
    return load_plan(plan, library)


@app.command()
def validate(
    plan: PlanPath,
    evidence: Evidence = None,
    list_assumptions: Annotated[
        bool, typer.Option("--assumptions", help="List everything the plan takes for granted.")
    ] = False,
) -> None:
    """Check a plan, its area and the library; say what is wrong, with file and line."""
    from avert.packages import county_of

    opened = _open(plan, evidence)
    county_of(opened)  # what only shows when people and rates are put together
    years, places, services = len(opened.years), len(opened.area.places), len(opened.candidates)
    print(f"{plan}: in order. {years} years, {places} places, {services} services to choose from.")
    if list_assumptions:
        found = assumptions(opened)
        print(f"{len(found)} assumptions:")
        for one in found:
            print(f"  {one.where}: {one.what} = {one.value} — {one.why}")


@app.command()
def run(
    plan: PlanPath,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Run folder [default: runs/<name of the plan>].", show_default=False),
    ] = None,
    evidence: Evidence = None,
    solver: Solver = "highs",
    years: Years = None,
    written_out: Annotated[
        bool,
        typer.Option("--written-out", help="Solve over every offer at once instead of in rounds: slower, same answer."),
    ] = False,
    check: Annotated[
        str | None,
        typer.Option("--check", metavar="SOLVER", help="Solve the final programme again with cbc.", show_default=False),
    ] = None,
    write_lp: Annotated[
        Path | None,
        typer.Option(
            "--write-lp", metavar="FILE", help="Write the final programme, as .lp or .mps.", show_default=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest as JSON instead of words.")] = False,
) -> None:
    """Find the best use of the plan's money, print it in plain words, and write a run folder."""
    from avert.appraisal import optimal_appraisal
    from avert.programme import check_solver, check_with, write_programme
    from avert.report import answer, picture
    from avert.results import check_out, result_of, save

    timings: dict[str, float] = {}
    folder = out or Path("runs") / plan.stem
    for name in (solver, *([check] if check else [])):
        check_solver(name)
    with timed(timings, "read"):
        opened = _open(plan, evidence)
        check_out(folder)
    at_once = True if written_out else None
    with timed(timings, "optimise"), progressing(quiet=as_json) as progress:
        appraisal = optimal_appraisal(
            opened, years=years, solver=solver, at_once=at_once, alternative=True, progress=progress
        )
    optimum = appraisal.optimum
    assert optimum is not None  # an optimal appraisal has one
    if write_lp:
        write_programme(optimum, write_lp)
    checked = check_with(optimum, check) if check else ""
    with timed(timings, "tables"):
        result = result_of(appraisal)
    with timed(timings, "words"):
        said = list(answer(result))
    with timed(timings, "save"):
        save(result, folder, timings, {"answer.svg": picture(result)}, said)
    if as_json:
        print(json.dumps(result.manifest, indent=2, ensure_ascii=False))
        return
    print_sections(said)
    if checked:
        print(f"\n{checked}")
    print(f"\nResults: {folder}/ (workbook.xlsx, answer.svg, tables as CSV and Parquet, manifest.json)")


@app.command()
def explain(
    plan: PlanPath,
    intervention: Annotated[str, typer.Argument(metavar="INTERVENTION", help="Id of the service.", show_default=False)],
    evidence: Evidence = None,
    solver: Solver = "highs",
    years: Years = None,
) -> None:
    """Say of one service by what route it works, on what numbers, and why it is in or out."""
    from avert.appraisal import optimal_appraisal
    from avert.errors import nearest
    from avert.report import explain as explained
    from avert.results import result_of

    opened = _open(plan, evidence)
    known = opened.library.interventions
    if intervention not in known:
        raise AvertError(f"there is no intervention '{intervention}'.{nearest(intervention, known)}")
    result = result_of(optimal_appraisal(opened, years=years, solver=solver))
    print_sections(explained(result, intervention))


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


@app.command()
def graph(
    what: Annotated[
        str,
        typer.Argument(metavar="PLAN|PATHWAY", help="A plan's file, or the id of a pathway.", show_default=False),
    ],
    output: Annotated[str, typer.Option("--format", help="svg")] = "svg",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write here instead of to standard output.", show_default=False),
    ] = None,
    evidence: Evidence = None,
) -> None:
    """Draw the pathway graph of a plan or of one pathway."""
    from avert.report import drawn

    if output != "svg":
        raise AvertError(f"'{output}' is not a format that can be drawn; use svg")
    library = load_library(evidence)
    picture = drawn(_subject(what, library), library)
    if out is None:
        print(picture, end="")
    else:
        _write_text(out, picture)


def _subject(what: str, library: Library) -> PlanInFull | str:
    return load_plan(Path(what), library) if what.endswith((".yaml", ".yml")) else what


@app.command()
def attributable(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A table of factors.", show_default=False)],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write the table here too, as CSV.", show_default=False),
    ] = None,
) -> None:
    """Attributable fractions of the factors in a table: each, weighted by communality, and all together.

    Columns: factor, relative_risk, prevalence, communality (may be empty), and limits if there are any:
    relative_risk_low, relative_risk_high, prevalence_low, prevalence_high.
    """
    from avert.attributable import attributable_fractions, read_factors
    from avert.report import fractions_in_words

    factors = read_factors(file)
    table = attributable_fractions(factors)
    if out:
        _write_text(out, table.to_csv(index=False))
    print_sections(fractions_in_words(table, factors))


@app.command()
def schema(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write here instead of to standard output.", show_default=False),
    ] = None,
) -> None:
    """Print the JSON Schema of a plan, with which an editor completes and checks as you type."""
    text = json.dumps(Plan.model_json_schema(mode="validation"), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        print(text, end="")
    else:
        _write_text(out, text)


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AvertError(f"{path} can't be written: {error.strerror}") from error


if __name__ == "__main__":
    main()
