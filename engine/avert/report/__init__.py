"""Answers, explanations and evidence cards in words."""

from avert.report.answer import answer
from avert.report.assumptions import assumptions_in_words
from avert.report.evidence import drawn, evidence_card, figure_in_words, library_in_words
from avert.report.evidence_list import evidence_list_in_words
from avert.report.explain import explain
from avert.report.fractions import fractions_in_words
from avert.report.gaps import gaps_in_words
from avert.report.picture import picture
from avert.report.proposal import beside_in_words, lines_in_words, move_in_words, nothing_to_gain, resting

__all__ = [
    "answer",
    "assumptions_in_words",
    "beside_in_words",
    "drawn",
    "evidence_card",
    "evidence_list_in_words",
    "explain",
    "figure_in_words",
    "fractions_in_words",
    "gaps_in_words",
    "library_in_words",
    "lines_in_words",
    "move_in_words",
    "nothing_to_gain",
    "picture",
    "resting",
]
