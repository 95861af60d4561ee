"""Appraise allocations: the best one, or somebody's own."""

from avert.appraisal.evaluate import evaluated
from avert.appraisal.ledger import Ledger
from avert.appraisal.optimise import Appraisal, optimal_appraisal, with_other_effects
from avert.appraisal.other_evidence import OtherReading, ledger_under, other_readings

__all__ = [
    "Appraisal",
    "Ledger",
    "OtherReading",
    "evaluated",
    "ledger_under",
    "optimal_appraisal",
    "other_readings",
    "with_other_effects",
]
