"""Results as tidy tables, a workbook and saved runs."""

from avert.results.columns import COLUMNS
from avert.results.result import Result, result_of
from avert.results.saving import check_out, save

__all__ = ["COLUMNS", "Result", "check_out", "result_of", "save"]
