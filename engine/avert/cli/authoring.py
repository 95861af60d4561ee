"""`avert new`: a starter plan, with its area if that is new too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from avert.cli.options import Evidence, opened_library
from avert.errors import AvertError
from avert.library import Library, districts_called, districts_of
from avert.library.records.figures import identifier
from avert.plan import load_plan
from avert.plan.new_area import DECILE, HEADING, NewArea, area_of_districts, area_of_table, identifier_from
from avert.plan.phrases import financial_years
from avert.plan.schema import plan_schema
from avert.plan.starter import ANSWERS, YEARS, area_starter, plan_starter, population_csv
from avert.reading import is_file

SCHEMA = "plan.schema.json"


def new(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="The file to begin, such as plans/northshire.yaml.")],
    area: Annotated[str, typer.Option("--area", metavar="NAME", help="Name of the area: small letters and '_'.")],
    population: Annotated[
        Path | None,
        typer.Option("--population", metavar="FILE.csv", help=f"Table of people: {HEADING}.", show_default=False),
    ] = None,
    districts: Annotated[
        str | None,
        typer.Option("--districts", metavar='"A, B"', help="English districts that make the area.", show_default=False),
    ] = None,
    board: Annotated[
        str | None,
        typer.Option("--board", metavar="NAME", help="All districts of an integrated care board.", show_default=False),
    ] = None,
    evidence: Evidence = None,
) -> None:
    """Begin a plan: write a commented starter that is in order as it stands, and its area where that is new."""
    from avert.packages import county_of

    _check_names(plan, area)
    library = opened_library(evidence, [])
    label = area.replace("_", " ").title()
    files = {plan: plan_starter(area, label, library)}
    found: NewArea | None = None
    area_path = plan.parent / f"{area}-area.yaml"
    if is_file(area_path):
        _refuse_a_second_area(area_path, population, districts, board)
    else:
        found = _new_area(area, area_path, library, population, districts, board)
        people = plan.parent / f"{area}-population.csv"
        files |= {area_path: area_starter(area, label, found, people.name, library), people: population_csv(found)}
    if not is_file(plan.parent / SCHEMA):
        schema = json.dumps(plan_schema(library), indent=2, ensure_ascii=False)
        files[plan.parent / SCHEMA] = f"{schema}\n"
    with _written(files):
        county_of(load_plan(plan, library))
    _say(plan, area_path, files, found, evidence)


def _check_names(plan: Path, area: str) -> None:
    """Raises AvertError, with all that is wrong, where the plan or its area can't be called so."""
    faults = []
    if plan.suffix != ".yaml":
        faults.append(f"a plan is a file that ends in .yaml; did you mean {plan.with_suffix('.yaml')}?")
    elif plan.name.endswith("-area.yaml"):
        faults.append(f"{plan.name} would be the name of an area's file; give the plan another")
    if plan.exists():
        faults.append(f"{plan} is already there, and was left as it is")
    try:
        identifier(area)
    except ValueError as error:
        faults.append(f"--area: {_better(area) or error}")
    if faults:
        raise AvertError("\n".join(faults))


def _better(area: str) -> str:
    """What is wrong with a name that is no id, and the id it becomes; empty where it can't become one."""
    try:
        meant = identifier_from(area)
    except ValueError:
        return ""
    return f"'{area}' can't be an id: use small letters, digits and single '_'. Did you mean '{meant}'?"


def _refuse_a_second_area(area_path: Path, *given: object) -> None:
    if any(given):
        raise AvertError(
            f"{area_path} is already there, and was left as it is. Leave --population, --districts and --board out to "
            "use it, or choose another name with --area"
        )


def _new_area(
    area: str, area_path: Path, library: Library, population: Path | None, districts: str | None, board: str | None
) -> NewArea:
    """The area from the one option that says who lives there."""
    given = [one for one in (population, districts, board) if one is not None]
    if len(given) > 1:
        raise AvertError("who lives in the area can be said once: with --population, --districts or --board")
    if not given:
        raise AvertError(_who_lives_there(area_path, library))
    if population is not None:
        return area_of_table(population, library, area, financial_years(YEARS)[0])
    if not library.districts:
        raise AvertError("this library has no table of districts; give the people with --population FILE.csv")
    if districts is not None:
        return area_of_districts(districts_called(districts, library.districts))
    assert board is not None  # one of the three is given
    return area_of_districts(*districts_of(board, library.districts))


def _who_lives_there(area_path: Path, library: Library) -> str:
    """What to do where nothing is known of an area."""
    by_name = (
        """
  --districts "Exeter, East Devon"    English districts, counted at mid-2020
  --board "NHS Devon"                 all districts of an integrated care board"""
        if library.districts
        else ""
    )
    return (
        f"there is no {area_path}, so nothing says who lives there. Give one of\n"
        f"  --population FILE.csv               people of your own{by_name}\n"
        f"The file begins with the line\n  {HEADING}\n"
        "and has a row for each place and age band (65-74, 75-84, 85+), such as\n"
        '  North Vale,65-74,12345,2026,"GP registers of Northshire, March 2026"\n'
        "Headings may have capitals, and a space or '-' for '_'.\n"
        f"A further column '{DECILE}' may say how deprived each place is (1 is most deprived)."
    )


@contextmanager
def _written(files: Mapping[Path, str]) -> Iterator[None]:
    """Files as they will stand, all of them; if anything goes wrong meanwhile, none of them."""
    there = [path for path in files if path.exists()]
    if there:
        raise AvertError("\n".join(f"{path} is already there, and was left as it is" for path in there))
    made: list[Path] = []
    folder = next(iter(files)).parent
    try:
        for parent in [*reversed(folder.parents), folder]:
            if not parent.exists():
                parent.mkdir()
                made.append(parent)
        for path, text in files.items():
            with path.open("x", encoding="utf-8", newline="\n") as file:
                made.append(path)
                file.write(text)
        yield
    except BaseException as error:
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        if isinstance(error, OSError):
            raise AvertError(f"{error.filename} can't be written: {error.strerror}") from error
        raise


def _say(plan: Path, area_path: Path, files: Mapping[Path, str], found: NewArea | None, evidence: Path | None) -> None:
    """What was written, what was made of the author's words, and what to do next."""
    print(f"{plan}: a plan to be filled in; it is in order as it stands")
    if found:
        people = sum(one.people for one in found.people)
        places = f"{len(found.places)} places" if len(found.places) > 1 else "1 place"
        print(f"{area_path}: {places}, {people:,.0f} people aged 65 and over")
    else:
        print(f"{area_path}: was there and is used")
    for path in files:
        if path not in (plan, area_path):
            print(
                f"{path}: " + ("the schema, by which editors complete and check" if path.name == SCHEMA else "people")
            )
    for told in found.told if found else ():
        print(f"  {told}")
    print("The money in it is an example, and marked so under 'illustrative', until you change it.")
    also = f" --evidence {evidence}" if evidence else ""
    print(f"Next:\n  answer the {len(ANSWERS)} lines of {plan} that ask for it ('answer 1' to 'answer {len(ANSWERS)}')")
    print(f"  avert validate {plan}{also}\n  avert run {plan}{also}\n  avert book {plan}{also}")
