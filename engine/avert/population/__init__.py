"""Who lives in the area: profiles, strata, cohorts, and how unevenly the burden falls on them."""

from avert.population.conditions import conditions_among, conditions_of, number_of_conditions
from avert.population.linked import People, read_people
from avert.population.profiles import all_profiles, both, profile_shares
from avert.population.strata import Strata, entrants, plan_groups, strata_of
from avert.population.summed import Summed, happened, summed

__all__ = [
    "People",
    "Strata",
    "Summed",
    "all_profiles",
    "both",
    "conditions_among",
    "conditions_of",
    "entrants",
    "happened",
    "number_of_conditions",
    "plan_groups",
    "profile_shares",
    "read_people",
    "strata_of",
    "summed",
]
