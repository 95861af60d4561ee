"""Appraise allocations: the best one, or somebody's own."""

from avert.appraisal.again import Reading, optimised_again
from avert.appraisal.beside import Beside, beside_optimum, proposal_appraisal
from avert.appraisal.burden import Burden, burden_of, event_cost
from avert.appraisal.evaluate import evaluated
from avert.appraisal.fairness import (
    Rule,
    RulePrice,
    minimum_in_words,
    rule_prices_of,
    rules_of,
    weights_in_words,
)
from avert.appraisal.frontier import Frontier, FrontierPoint, bracket, frontier_of
from avert.appraisal.gaps import GAP_COLUMNS, Gaps, could_come_in, gaps_of
from avert.appraisal.ledger import Ledger
from avert.appraisal.moves import Move, Moves
from avert.appraisal.optimise import Appraisal, optimal_appraisal, with_other_effects
from avert.appraisal.other_evidence import OtherReading, ledger_under, other_readings
from avert.appraisal.proposal import can_be_carried_out, faults_of_proposal
from avert.appraisal.spread import SPREAD_COLUMNS, combined, spread_of
from avert.appraisal.value import value_of

__all__ = [
    "GAP_COLUMNS",
    "SPREAD_COLUMNS",
    "Appraisal",
    "Beside",
    "Burden",
    "Frontier",
    "FrontierPoint",
    "Gaps",
    "Ledger",
    "Move",
    "Moves",
    "OtherReading",
    "Reading",
    "Rule",
    "RulePrice",
    "beside_optimum",
    "bracket",
    "burden_of",
    "can_be_carried_out",
    "combined",
    "could_come_in",
    "evaluated",
    "event_cost",
    "faults_of_proposal",
    "frontier_of",
    "gaps_of",
    "ledger_under",
    "minimum_in_words",
    "optimal_appraisal",
    "optimised_again",
    "other_readings",
    "proposal_appraisal",
    "rule_prices_of",
    "rules_of",
    "spread_of",
    "value_of",
    "weights_in_words",
    "with_other_effects",
]
