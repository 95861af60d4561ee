"""The linear programme: offers, lines, pricing, master, bound, optimum."""

from avert.programme.check import largest_violation
from avert.programme.goals import Goal, Weights, objective_weights, outcome_by_place, places_of
from avert.programme.lines import CONSTRAINTS
from avert.programme.menu import Menu, menu_of
from avert.programme.offers import Offers, offers_of
from avert.programme.optimum import Optimum, optimum_of
from avert.programme.prices import MONEY_UNIT
from avert.programme.solve import SOLVERS, check_solver
from avert.programme.variables import Sets
from avert.programme.written import written_out

__all__ = [
    "CONSTRAINTS",
    "MONEY_UNIT",
    "SOLVERS",
    "Goal",
    "Menu",
    "Offers",
    "Optimum",
    "Sets",
    "Weights",
    "check_solver",
    "largest_violation",
    "menu_of",
    "objective_weights",
    "offers_of",
    "optimum_of",
    "outcome_by_place",
    "places_of",
    "written_out",
]
