"""Plans that working groups write, their areas, and what they take for granted."""

from avert.plan.area import Area
from avert.plan.area_file import AreaFile
from avert.plan.assumptions import Assumption, assumptions
from avert.plan.differences import Difference, services_to_choose
from avert.plan.idle import idle_lines
from avert.plan.in_full import PlanInFull
from avert.plan.inputs_differences import differences
from avert.plan.load import faults_of_shape, load_plan
from avert.plan.minima import first_year_beyond, minima_beyond_the_money
from avert.plan.records import Plan
from avert.plan.taken_over import taken_over

__all__ = [
    "Area",
    "AreaFile",
    "Assumption",
    "Difference",
    "Plan",
    "PlanInFull",
    "assumptions",
    "differences",
    "faults_of_shape",
    "first_year_beyond",
    "idle_lines",
    "load_plan",
    "minima_beyond_the_money",
    "services_to_choose",
    "taken_over",
]
