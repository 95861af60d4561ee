"""Results as tidy tables, a workbook and saved runs."""

from avert.results.burden import burden_tables, observed_table
from avert.results.columns import ALSO, ASIDE, BETWEEN_PLANS, BURDEN, COLUMNS
from avert.results.fairness import concentration_index, fairness_prices, fairness_report
from avert.results.figures import FIGURE_COLUMNS, figures_of, save_figures
from avert.results.frontier import frontier_tables
from avert.results.proposal import proposal_tables
from avert.results.result import Result, result_of
from avert.results.saving import check_out, save
from avert.results.standing import LOW_CERTAINTY, NOT_SERVICES, UNSEEN, rests_on
from avert.results.unspent import Unspent, unspent

__all__ = [
    "ALSO",
    "ASIDE",
    "BETWEEN_PLANS",
    "BURDEN",
    "COLUMNS",
    "FIGURE_COLUMNS",
    "LOW_CERTAINTY",
    "NOT_SERVICES",
    "UNSEEN",
    "Result",
    "Unspent",
    "burden_tables",
    "check_out",
    "concentration_index",
    "fairness_prices",
    "fairness_report",
    "figures_of",
    "frontier_tables",
    "observed_table",
    "proposal_tables",
    "rests_on",
    "result_of",
    "save",
    "save_figures",
    "unspent",
]
