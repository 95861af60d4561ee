"""Results as tidy tables, a workbook and saved runs."""

from avert.results.columns import ALSO, COLUMNS
from avert.results.fairness import concentration_index, fairness_prices, fairness_report
from avert.results.figures import FIGURE_COLUMNS, figures_of, save_figures
from avert.results.frontier import frontier_tables
from avert.results.result import Result, result_of
from avert.results.saving import check_out, save
from avert.results.standing import NOT_SERVICES, rests_on

__all__ = [
    "ALSO",
    "COLUMNS",
    "FIGURE_COLUMNS",
    "NOT_SERVICES",
    "Result",
    "check_out",
    "concentration_index",
    "fairness_prices",
    "fairness_report",
    "figures_of",
    "frontier_tables",
    "rests_on",
    "result_of",
    "save",
    "save_figures",
]
