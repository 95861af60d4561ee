"""What the library says of people in any area: deaths and growth where an area's own file states none."""

from __future__ import annotations

from avert.library.records.figures import Figure, Id, PositiveFigure, SharesByAge
from avert.reading import Record, Words


class RateRatio(Record):
    """How much higher a group's rate is than that of others."""

    rate_ratio: PositiveFigure
    """Rate of the group over the rate of people at the same age who are not in it."""


class Deaths(Record):
    """Yearly chance of dying, by age and for groups far from their age band."""

    by_age: SharesByAge
    """Chance of dying within a year, for everybody of an age band together."""
    groups: dict[Id, RateRatio] = {}
    """Factor → how many times as likely people who have it are to die."""


class PopulationDefaults(Record):
    """The file of figures on people that hold for an area until its own file says otherwise."""

    id: Id
    """Name of the record: `population`."""
    label: Words | None = None
    """What people read."""
    note: Words | None = None
    """Anything a reader should know."""
    notes_for_areas: tuple[Words, ...] = ()
    """Sentences with which the file of a new area begins."""
    deaths: Deaths
    """Yearly chances of dying."""
    population_growth: Figure
    """Yearly growth of every group, as a share."""
