"""Plans that working groups write, their areas, and what they take for granted."""

from avert.plan.area import Area
from avert.plan.assumptions import Assumption, assumptions
from avert.plan.load import PlanInFull, load_plan
from avert.plan.records import Plan

__all__ = ["Area", "Assumption", "Plan", "PlanInFull", "assumptions", "load_plan"]
