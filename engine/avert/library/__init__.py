"""The evidence library: every number with its interval, certainty and source."""

from avert.library.library import Library, Placed, figures_in
from avert.library.load import evidence_folder, load_library

__all__ = ["Library", "Placed", "evidence_folder", "figures_in", "load_library"]
