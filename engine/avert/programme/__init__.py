"""The linear programme: columns, lines, optimum, certificate."""

from avert.programme.check import largest_violation
from avert.programme.lines import CONSTRAINTS
from avert.programme.offers import Offers, offers_of
from avert.programme.optimum import Optimum, optimum_of
from avert.programme.solve import SOLVERS, check_solver
from avert.programme.variables import MONEY_UNIT, Sets
from avert.programme.written import written_out

__all__ = [
    "CONSTRAINTS",
    "MONEY_UNIT",
    "SOLVERS",
    "Offers",
    "Optimum",
    "Sets",
    "check_solver",
    "largest_violation",
    "offers_of",
    "optimum_of",
    "written_out",
]
