"""Plans that cannot be kept: proof of it, what they lack, which entries clash, and the smallest repair of each."""

from avert.programme.repairs.feasible import NONE_ENOUGH, has_minima, make_feasible
from avert.programme.repairs.shortfall import LACKS

__all__ = ["LACKS", "NONE_ENOUGH", "has_minima", "make_feasible"]
