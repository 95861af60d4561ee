"""Results as tidy tables, a workbook and saved runs."""

from avert.results.columns import ALSO, BETWEEN_PLANS, COLUMNS
from avert.results.figures import FIGURE_COLUMNS, figures_of, save_figures
from avert.results.frontier import frontier_tables
from avert.results.result import Result, result_of
from avert.results.saving import check_out, save
from avert.results.standing import NOT_SERVICES, rests_on

__all__ = [
    "ALSO",
    "BETWEEN_PLANS",
    "COLUMNS",
    "FIGURE_COLUMNS",
    "NOT_SERVICES",
    "Result",
    "check_out",
    "figures_of",
    "frontier_tables",
    "rests_on",
    "result_of",
    "save",
    "save_figures",
]
