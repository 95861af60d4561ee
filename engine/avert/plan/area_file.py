"""What an area file may hold: places, and the CSV files and figures that say who lives there."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from avert.library.records import Deaths, Figure, Id, SharesByAge
from avert.reading import Line, Misplaced, Record, Words
from avert.reading.records import Number


class Place(Record):
    """One locality of the area."""

    id: Id
    """Name of the place in tables and plans: small letters and '_'."""
    label: Words
    """What people call it."""
    imd_average_decile: Annotated[Number, Field(ge=1, le=10)] | None = None
    """Mean decile of the Index of Multiple Deprivation; 1 is the most deprived."""
    note: Words | None = None
    """Anything a reader should know of the place."""


class AreaFile(Record):
    """Population and baselines of an area."""

    id: Id
    """Name of the area, as the file's own name has it."""
    label: Words
    """What people call it."""
    places: Annotated[tuple[Place, ...], Field(min_length=1)]
    """The localities it is made of, one or more; offers and rules of fairness can differ between them."""
    population: Line | None = None
    """CSV beside this file: place, age_band, people, year, source. Not needed beside `strata`."""
    rates: Line | None = None
    """CSV beside this file: place, event, local_standardised_rate, england_standardised_rate, year, source."""
    profiles: Line | None = None
    """CSV beside this file with a joint table: age_band, one column of 0 and 1 per factor, share."""
    strata: Line | None = None
    """CSV beside this file with groups given outright: place, age_band, people, factors, rate_<event> per 100,000."""
    observed: Line | None = None
    """CSV beside this file with what happened to linked people in a year, as 'avert profiles' writes it."""
    prevalence: dict[Id, SharesByAge] = {}
    """Local shares of a factor, in place of the library's."""
    deaths: Deaths | None = None
    """Yearly chances of dying; without this line, those the evidence library holds for any area."""
    population_growth: Figure | None = None
    """Yearly growth of every group, as a share; without this line, what the evidence library holds for any area."""
    sources: dict[Id, Line] = {}
    """Sources of this area's own that stand in no bibliography: a short name → what it is, in words."""
    notes: tuple[Words, ...] = ()
    """Sentences on these figures that are shown with the results."""

    @model_validator(mode="after")
    def _has_people(self) -> Self:
        if not (self.population or self.strata):
            raise Misplaced("'population' is missing (or groups given outright under 'strata')", "id")
        return self
