"""The commands: to check, run, explain and draw a plan here, and the others beside."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from avert.cli.authoring import new
from avert.cli.book import book
from avert.cli.burden import burden, capitation, profiles
from avert.cli.comparing import diff
from avert.cli.evaluate import evaluate
from avert.cli.evidence import evidence_app
from avert.cli.fairness import fairness
from avert.cli.options import Evidence, OutFile, PlanPath, Solver, Years, opened_plan, write_text
from avert.cli.running import run
from avert.errors import AvertError, PlanError, nearest
from avert.library import Library, load_library, nearest_called
from avert.library.records import EVIDENCE_FILES
from avert.plan import AreaFile, Plan, PlanInFull, assumptions, idle_lines, load_plan, minima_beyond_the_money
from avert.plan.schema import plan_schema
from avert.plan.starter import BEYOND_PATHWAYS
from avert.reading import Record
from avert.report.console import print_sections


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
app.add_typer(evidence_app, name="evidence")
app.command()(new)
app.command()(book)
app.command()(diff)
app.command()(evaluate)
app.command()(burden)
app.command()(profiles)
app.command()(capitation)
app.command()(fairness)
SCHEMAS: dict[str, type[Record]] = {"plan": Plan, "area": AreaFile, **EVIDENCE_FILES}


@app.command()
def validate(
    plan: PlanPath,
    evidence: Evidence = None,
    list_assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Sum up what the plan takes for granted.")
    ] = False,
    every_one: Annotated[bool, typer.Option("--all", help="With --assumptions: list every one.")] = False,
) -> None:
    """Check a plan, its area and the library; say what is wrong, with file and line."""
    from avert.appraisal import faults_of_proposal
    from avert.packages import county_of
    from avert.report import assumptions_in_words

    opened = opened_plan(plan, evidence)
    county_of(opened)  # what only shows when people and rates are put together
    if short := minima_beyond_the_money(opened):
        raise PlanError(short)
    years, places, services = len(opened.years), len(opened.area.places), len(opened.candidates)
    on_all = sum(one.pathway == BEYOND_PATHWAYS for one in opened.candidates)
    also = f", of which {on_all} {'acts' if on_all == 1 else 'act'} on all causes" if on_all else ""
    print(f"{plan}: in order. {years} years, {places} places, {services} services to choose from{also}.")
    idle = [*idle_lines(opened), *faults_of_proposal(opened)]
    if idle:
        print(f"{len(idle)} {'lines are' if len(idle) > 1 else 'line is'} worth a look:")
        for line in idle:
            print(f"  {line}")
    if list_assumptions:
        print("\n".join(assumptions_in_words(assumptions(opened), every_one=every_one)))


app.command()(run)  # here, since help lists commands in the order in which they come


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
    from avert.report import explain as explained
    from avert.results import result_of

    opened = opened_plan(plan, evidence)
    known = opened.library.interventions
    if intervention not in known:
        labels = {one.id: one.label for one in known.values()}
        raise AvertError(f"there is no intervention '{intervention}'.{nearest_called(intervention, labels)}")
    result = result_of(optimal_appraisal(opened, years=years, solver=solver))
    print_sections(explained(result, intervention))


@app.command()
def graph(
    what: Annotated[
        str,
        typer.Argument(metavar="PLAN|PATHWAY", help="A plan's file, or the id of a pathway.", show_default=False),
    ],
    output: Annotated[str, typer.Option("--format", help="svg")] = "svg",
    out: OutFile = None,
    evidence: Evidence = None,
) -> None:
    """Draw the pathway graph of a plan or of one pathway."""
    from avert.report import drawn

    if output != "svg":
        raise AvertError(f"'{output}' is not a format that can be drawn; use svg")
    library = load_library(evidence)
    picture = drawn(_subject(what, library), library)
    write_text(out, picture)


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
        write_text(out, table.to_csv(index=False))
    print_sections(fractions_in_words(table, factors))


@app.command()
def schema(
    of: Annotated[str, typer.Option("--of", metavar="FILE", help=f"One of {', '.join(SCHEMAS)}.")] = "plan",
    out: OutFile = None,
    evidence: Annotated[
        Path | None,
        typer.Option("--evidence", metavar="DIR", help="Offer this library's names in a plan.", show_default=False),
    ] = None,
) -> None:
    """Print a JSON Schema, with which an editor completes and checks a plan or an evidence file as you type."""
    if of not in SCHEMAS:
        raise AvertError(f"there is no schema of '{of}'.{nearest(of, SCHEMAS)}")
    if evidence and of != "plan":
        raise AvertError("only the schema of a plan takes names from a library; leave --evidence out")
    of_plan = plan_schema(load_library(evidence) if evidence else None)
    found = of_plan if of == "plan" else SCHEMAS[of].model_json_schema(mode="validation")
    write_text(out, json.dumps(found, indent=2, ensure_ascii=False) + "\n")
