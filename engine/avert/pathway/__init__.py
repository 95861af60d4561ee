"""Risk factors, conditions and events as a graph, and what changes along it."""

from avert.pathway.effects import EvidenceRule, EvidenceUse, OwnEffect, SetAside, own_effects
from avert.pathway.graph import Pathway, pathway_graph, restricted
from avert.pathway.groups import Groups, groups_of
from avert.pathway.influence import node_rates
from avert.pathway.propagation import MOST_INTERVENTIONS, Propagation, RemainingOffered, masks_of, subsets

__all__ = [
    "MOST_INTERVENTIONS",
    "EvidenceRule",
    "EvidenceUse",
    "Groups",
    "OwnEffect",
    "Pathway",
    "Propagation",
    "RemainingOffered",
    "SetAside",
    "groups_of",
    "masks_of",
    "node_rates",
    "own_effects",
    "pathway_graph",
    "restricted",
    "subsets",
]
