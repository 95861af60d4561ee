"""Results as tidy tables, a workbook and saved runs."""

from avert.results.columns import COLUMNS
from avert.results.figures import FIGURE_COLUMNS, figures_of, save_figures
from avert.results.result import Result, result_of
from avert.results.saving import check_out, save

__all__ = [
    "COLUMNS",
    "FIGURE_COLUMNS",
    "Result",
    "check_out",
    "figures_of",
    "result_of",
    "save",
    "save_figures",
]
