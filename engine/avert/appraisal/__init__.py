"""Appraise allocations: the best one, or somebody's own."""

from avert.appraisal.evaluate import evaluated
from avert.appraisal.ledger import Ledger
from avert.appraisal.optimise import Appraisal, optimal_appraisal, with_other_evidence

__all__ = ["Appraisal", "Ledger", "evaluated", "optimal_appraisal", "with_other_evidence"]
