"""Who lives in the area: profiles, strata, cohorts."""

from avert.population.profiles import all_profiles, both, profile_shares
from avert.population.strata import Strata, entrants, plan_groups, strata_of

__all__ = ["Strata", "all_profiles", "both", "entrants", "plan_groups", "profile_shares", "strata_of"]
