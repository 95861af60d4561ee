"""Plans that working groups write, their areas, and what they take for granted."""

from avert.plan.area import Area
from avert.plan.area_file import AreaFile
from avert.plan.assumptions import Assumption, assumptions
from avert.plan.load import PlanInFull, faults_of_shape, load_plan
from avert.plan.records import Plan

__all__ = ["Area", "AreaFile", "Assumption", "Plan", "PlanInFull", "assumptions", "faults_of_shape", "load_plan"]
