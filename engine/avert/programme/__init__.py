"""The linear programme: offers, lines, pricing, master, bound, optimum."""

from avert.programme.budgets import AtBudget, along_budgets, at_share, same_offers
from avert.programme.certificate import Allocation, Found, Optimum, certified
from avert.programme.check import largest_violation
from avert.programme.goals import Goal, Weights, objective_weights, outcome_by_place, places_of
from avert.programme.lines import CONSTRAINTS
from avert.programme.menu import Menu, menu_of
from avert.programme.offers import Offers, offers_of
from avert.programme.optimum import best_found, near_optimum_of, optimum_of
from avert.programme.payments import Payments, payments_for
from avert.programme.prices import MONEY_UNIT
from avert.programme.restated import check_with, write_programme
from avert.programme.solve import SOLVERS, check_solver
from avert.programme.switches import start_up_paid
from avert.programme.variables import Sets
from avert.programme.written import written_out

__all__ = [
    "CONSTRAINTS",
    "MONEY_UNIT",
    "SOLVERS",
    "Allocation",
    "AtBudget",
    "Found",
    "Goal",
    "Menu",
    "Offers",
    "Optimum",
    "Payments",
    "Sets",
    "Weights",
    "along_budgets",
    "at_share",
    "best_found",
    "certified",
    "check_solver",
    "check_with",
    "largest_violation",
    "menu_of",
    "near_optimum_of",
    "objective_weights",
    "offers_of",
    "optimum_of",
    "outcome_by_place",
    "payments_for",
    "places_of",
    "same_offers",
    "start_up_paid",
    "write_programme",
    "written_out",
]
