"""What an area file may hold: places, and the CSV files and figures that say who lives there."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from avert.library.records import Figure, Id, PositiveFigure, SharesByAge
from avert.reading import Line, Positive, Record, Words


class Place(Record):
    """One locality of the area."""

    id: Id
    label: Words
    imd_average_decile: Positive | None = None
    """Mean decile of the Index of Multiple Deprivation; 1 is the most deprived."""
    note: Words | None = None


class RateRatio(Record):
    """How much higher a group's rate is than that of others."""

    rate_ratio: PositiveFigure


class Deaths(Record):
    """Yearly chance of dying, by age and for groups far from their age band."""

    by_age: SharesByAge
    groups: dict[Id, RateRatio] = {}


class AreaFile(Record):
    """Population and baselines of an area."""

    id: Id
    label: Words
    places: Annotated[tuple[Place, ...], Field(min_length=1)]
    population: Line
    """CSV beside this file: place, age_band, people, year, source."""
    rates: Line | None = None
    """CSV beside this file: place, event, local_standardised_rate, england_standardised_rate, year, source."""
    profiles: Line | None = None
    """CSV beside this file with a joint table: age_band, one column of 0 and 1 per factor, share."""
    strata: Line | None = None
    """CSV beside this file with groups given outright: place, age_band, factors, people, rate_<event> per 100,000."""
    observed: Line | None = None
    """CSV beside this file with what happened to linked people in a year, as 'avert profiles' writes it."""
    prevalence: dict[Id, SharesByAge] = {}
    """Local shares of a factor, in place of the library's."""
    deaths: Deaths
    population_growth: Figure
    """Yearly growth of every group, as a share."""
    notes: tuple[Words, ...] = ()
