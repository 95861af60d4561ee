"""Packages of interventions: which exist, what they avert, what they cost."""

from avert.packages.county import County, county_of
from avert.packages.covers import Cover, barred_beside, beside, cover_in_words, covers_of, reaching
from avert.packages.family import Family, eligible_groups, family_of
from avert.packages.offered import remaining_as_offered, strengths_of
from avert.packages.timing import strength, years_in_force, years_occupied
from avert.packages.worth import events_averted, outcome_weights, survival, worth

__all__ = [
    "County",
    "Cover",
    "Family",
    "barred_beside",
    "beside",
    "county_of",
    "cover_in_words",
    "covers_of",
    "eligible_groups",
    "events_averted",
    "family_of",
    "outcome_weights",
    "reaching",
    "remaining_as_offered",
    "strength",
    "strengths_of",
    "survival",
    "worth",
    "years_in_force",
    "years_occupied",
]
