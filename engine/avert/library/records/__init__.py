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
from avert.library.records.findings import Alternative, Effect, Finding, OtherOutcome
from avert.library.records.interventions import NEEDED, NEVER_BOUGHT, Eligible, Intervention
from avert.library.records.pathways import AlternativeEdge, Edge, EdgeReading, Node, PathwayFile, Per, Prior
from avert.library.records.population import Deaths, PopulationDefaults, RateRatio
from avert.library.records.risk_factors import Link, RiskFactor, RiskFactorFile
from avert.library.records.tables import ExpertView, Joint, PairedOdds, Plausibility, PriceIndex, UnitCost, UnitCosts
from avert.reading import Record

EVIDENCE_FILES: dict[str, type[Record]] = {
    "intervention": Intervention,
    "pathway": PathwayFile,
    "risk_factors": RiskFactorFile,
}
"""Kinds of evidence file that authors write by hand, and their records."""

__all__ = [
    "AGE_BANDS",
    "ALL_ADMISSIONS",
    "ALL_AGES",
    "EVIDENCE_FILES",
    "NEEDED",
    "NEVER_BOUGHT",
    "AgeBand",
    "Alternative",
    "AlternativeEdge",
    "Deaths",
    "Edge",
    "EdgeReading",
    "Effect",
    "Eligible",
    "ExpertView",
    "Figure",
    "Finding",
    "Id",
    "Intervention",
    "Joint",
    "Link",
    "Money",
    "Node",
    "NonNegativeFigure",
    "OtherOutcome",
    "PairedOdds",
    "PathwayFile",
    "Per",
    "Plausibility",
    "PopulationDefaults",
    "PositiveFigure",
    "PriceIndex",
    "Prior",
    "RateRatio",
    "RiskFactor",
    "RiskFactorFile",
    "ShareFigure",
    "SharesByAge",
    "UnitCost",
    "UnitCosts",
    "at_age",
]
