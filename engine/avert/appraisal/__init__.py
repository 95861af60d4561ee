"""Appraise allocations: the best one, or somebody's own."""

from avert.appraisal.again import Reading, optimised_again
from avert.appraisal.evaluate import evaluated
from avert.appraisal.gaps import GAP_COLUMNS, Gaps, could_come_in, gaps_of
from avert.appraisal.ledger import Ledger
from avert.appraisal.optimise import Appraisal, optimal_appraisal, with_other_effects
from avert.appraisal.other_evidence import OtherReading, ledger_under, other_readings

__all__ = [
    "GAP_COLUMNS",
    "Appraisal",
    "Gaps",
    "Ledger",
    "OtherReading",
    "Reading",
    "could_come_in",
    "evaluated",
    "gaps_of",
    "ledger_under",
    "optimal_appraisal",
    "optimised_again",
    "other_readings",
    "with_other_effects",
]
