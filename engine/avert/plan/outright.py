"""Groups of people given outright: one row for each, as a linked data set or a published study has them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from avert.errors import nearest
from avert.library import Library
from avert.library.records import AGE_BANDS, ALL_AGES, Node
from avert.plan.counts import dots_are_decimal, people_of
from avert.reading import Row, Table

NEEDED = ("place", "age_band", "people")
FACTORS = "factors"
CLOSE_ENOUGH = 1e-6
"""Share by which the people of all rows may differ from the population, as rounding."""


@dataclass(frozen=True)
class GivenStratum:
    """A group of people given outright, with its own rates per 100,000 where they are known."""

    place: str
    age: str
    factors: frozenset[str]
    people: float
    rates: dict[str, float]


def read_strata(
    table: Table, places: list[str], library: Library, sources: Collection[str]
) -> tuple[tuple[GivenStratum, ...], str]:
    """Every group of the table, and the years its people are of; faults are collected.

    Columns: place, age_band (a band, or 'all ages' in every row), people; who has what, either as `factors`
    (ids joined by ' + ') or as a column of 0 and 1 for each factor; and where known rate_<event> per 100,000,
    year, source (one of `sources`).
    """
    factors = {name: node for name, node in library.nodes.items() if node.stratifies}
    events = {f"rate_{name}": name for name, node in library.nodes.items() if node.kind == "event"}
    _columns_are_known(table, factors, events)
    decimal = dots_are_decimal(table)
    strata = tuple(_stratum(table, row, places, factors, events, decimal) for row in table.rows)
    _ages_agree(table)
    for place in places:
        if table.rows and not any(one.place == place for one in strata):
            table.faults.add(table.file, 1, f"there are no people of {place}.")
    for row in table.rows:
        source = row.cells.get("source", "")
        if source and source not in sources:
            advice = nearest(source, sources)
            table.faults.add(table.file, row.line, f"the source '{source}' is not in the bibliography.{advice}")
    years = sorted({row.cells["year"] for row in table.rows if row.cells.get("year")})
    return strata, ", ".join(years)


def ages_of(strata: tuple[GivenStratum, ...]) -> tuple[str, ...]:
    """Age bands that occur, youngest first; all of them if there are no groups."""
    found = {one.age for one in strata}
    return tuple(age for age in (*AGE_BANDS, ALL_AGES) if age in found) or AGE_BANDS


def people_in(strata: tuple[GivenStratum, ...]) -> dict[tuple[str, str], float]:
    """(place, age band) → people of all its groups."""
    people: dict[tuple[str, str], float] = {}
    for one in strata:
        people[one.place, one.age] = people.get((one.place, one.age), 0.0) + one.people
    return people


def unlike(people: Mapping[tuple[str, str], float], strata: tuple[GivenStratum, ...]) -> str:
    """Where a population does not have the people of the groups given outright, in words; empty if it does."""
    given = people_in(strata)
    for place, age in sorted(people.keys() | given.keys()):
        stated, added = people.get((place, age), 0.0), given.get((place, age), 0.0)
        if abs(stated - added) > CLOSE_ENOUGH * max(stated, added):
            return (
                f"the groups given outright under 'strata' have {added:,.10g} people of {place} at {age}, and the "
                f"population has {stated:,.10g}. Leave 'population' out, or make them agree."
            )
    return ""


def _columns_are_known(table: Table, factors: Mapping[str, Node], events: Mapping[str, str]) -> None:
    header = getattr(table, "header", ())
    known = {*NEEDED, FACTORS, "year", "source", *factors, *events}
    for column in header:
        if column not in known:
            table.faults.add(table.file, 1, f"unknown column '{column}'.{nearest(column, known)}")
        elif FACTORS in header and column in factors:
            why = f"'{column}' has a column of its own beside 'factors'; say who has it in one of them."
            table.faults.add(table.file, 1, why)


def _stratum(
    table: Table, row: Row, places: list[str], factors: Mapping[str, Node], events: Mapping[str, str], decimal: bool
) -> GivenStratum:
    named = [name.strip() for name in row.cells.get(FACTORS, "").split("+") if name.strip()]
    for name in named:
        if name not in factors:
            advice = nearest(name, factors)
            table.faults.add(table.file, row.line, f"'{name}' is not a factor that tells groups apart.{advice}")
    marked = [name for name in factors if name in row.cells and table.one_of(row, name, ("0", "1")) == "1"]
    rates = {
        events[column]: table.number(row, column, lambda n: n >= 0, "a rate per 100,000, 0 or more")
        for column in row.cells
        if column in events and row.cells[column] != ""
    }
    return GivenStratum(
        table.one_of(row, "place", places),
        table.one_of(row, "age_band", (*AGE_BANDS, ALL_AGES)),
        frozenset((*named, *marked)),
        people_of(table, row, decimal=decimal),
        rates,
    )


def _ages_agree(table: Table) -> None:
    """People are told apart by age in every row, or in none."""
    ages = {row.cells["age_band"] for row in table.rows}
    if ALL_AGES in ages and ages & set(AGE_BANDS):
        line = next(row.line for row in table.rows if row.cells["age_band"] == ALL_AGES)
        table.faults.add(table.file, line, f"'{ALL_AGES}' stands beside age bands; give every row a band, or none.")
