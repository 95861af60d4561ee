"""The evidence library: every number with its interval, certainty and source."""

from avert.library.called import called, choice_of, nearest_called
from avert.library.choices import Choice, choices_in, with_choices
from avert.library.districts import District, districts_called, districts_of
from avert.library.library import POPULATION, Library, Placed, figures_in
from avert.library.load import evidence_folder, load_library
from avert.library.provenance import placed_in, unit_of

__all__ = [
    "POPULATION",
    "Choice",
    "District",
    "Library",
    "Placed",
    "called",
    "choice_of",
    "choices_in",
    "districts_called",
    "districts_of",
    "evidence_folder",
    "figures_in",
    "load_library",
    "nearest_called",
    "placed_in",
    "unit_of",
    "with_choices",
]
