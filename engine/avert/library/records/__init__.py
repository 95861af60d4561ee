"""What evidence files may hold.  Field notes here are the reference the schema and the book print."""

from avert.library.records.figures import (
    AGE_BANDS,
    ALL_ADMISSIONS,
    ALL_AGES,
    AgeBand,
    Figure,
    Id,
    Money,
    NonNegativeFigure,
    PositiveFigure,
    ShareFigure,
    SharesByAge,
    at_age,
)
from avert.library.records.interventions import Effect, Eligible, Intervention
from avert.library.records.pathways import Edge, Node, PathwayFile, Per, Prior
from avert.library.records.tables import ExpertView, Joint, PairedOdds, Plausibility, PriceIndex, UnitCost, UnitCosts

__all__ = [
    "AGE_BANDS",
    "ALL_ADMISSIONS",
    "ALL_AGES",
    "AgeBand",
    "Edge",
    "Effect",
    "Eligible",
    "ExpertView",
    "Figure",
    "Id",
    "Intervention",
    "Joint",
    "Money",
    "Node",
    "NonNegativeFigure",
    "PairedOdds",
    "PathwayFile",
    "Per",
    "Plausibility",
    "PositiveFigure",
    "PriceIndex",
    "Prior",
    "ShareFigure",
    "SharesByAge",
    "UnitCost",
    "UnitCosts",
    "at_age",
]
