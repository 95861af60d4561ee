"""Tables of who carries the burden, column by column."""

from __future__ import annotations

from avert.plan.observed import COLUMNS as OBSERVED_COLUMNS

BURDEN_COLUMNS: dict[str, dict[str, str]] = {
    "concentration": {
        "ordered_by": "what people are put in order by, most first: expected admissions or hospital cost",
        "share_of_people": "people at the top of that order, of all residents of 65 and over [0 to 1]",
        "people": "how many they are [people]",
        "share_of_admissions": "of all expected emergency admissions, those they are expected to have [0 to 1]",
        "share_of_bed_days": "of all expected days in hospital [0 to 1]",
        "share_of_hospital_cost": "of the reference cost of all expected emergency admissions [0 to 1]",
        "share_of_admissions_in_a_year": "had in a year by those who had most, if by chance at these rates [0 to 1]",
        "observed_share_of_admissions": "what linked people at the top had in a year; empty without records [0 to 1]",
        "observed_share_of_cost": "as above, of the cost of their care [0 to 1]",
        "concentration_index": "Gini coefficient of what they are ordered by; 0 is all alike [0 to 1]",
    },
    "concentration_curve": {
        "ordered_by": "what people are put in order by, most first: expected admissions or hospital cost",
        "share_of_people": "people at the top of that order [0 to 1]",
        "share_of_admissions": "of all expected emergency admissions [0 to 1]",
        "share_of_bed_days": "of all expected days in hospital [0 to 1]",
        "share_of_hospital_cost": "of the reference cost of all expected emergency admissions [0 to 1]",
        "share_of_admissions_in_a_year": "had in a year by those who had most, if by chance at these rates [0 to 1]",
    },
    "burden_by_conditions": {
        "conditions": "how many conditions people have; all",
        "age_band": "age band; all",
        "people": "residents at the start of the plan [people]",
        "share_of_people": "of all residents of 65 and over [0 to 1]",
        "admissions_per_1000": "expected emergency admissions a year, given today's services [per 1,000 people]",
        "bed_days_per_1000": "expected days in hospital a year [days per 1,000 people]",
        "long_term_care_entries_per_1000": "expected entries into long-term care a year [per 1,000 people]",
        "hospital_cost_per_person": "expected emergency admissions a year at reference cost, not cash [£]",
        "ratio_to_one_condition": "that cost over the cost with one condition at all ages [ratio]",
        "share_of_admissions": "of all expected emergency admissions [0 to 1]",
        "share_of_hospital_cost": "of the reference cost of all expected emergency admissions [0 to 1]",
    },
    "burden_explained": {
        "grouped_by": "how people are grouped",
        "explains_of_admissions": "part of the variance of expected admissions between people [0 to 1]",
        "explains_of_hospital_cost": "part of the variance of expected hospital cost between people [0 to 1]",
        "observed_explains_of_admissions": "of admissions of linked people in a year; empty without records [0 to 1]",
        "observed_explains_of_cost": "of the cost of linked people in a year [0 to 1]",
    },
    "burden_by_place": {
        "place": "id of the place",
        "label": "the place in words",
        "people": "residents at the start of the plan [people]",
        "admissions": "expected emergency admissions a year, given today's services [admissions]",
        "admissions_per_1000": "the same [per 1,000 people]",
        "expected_from_age_and_conditions": "if each group there had the whole area's rate [admissions]",
        "ratio": "admissions over those [ratio]",
        "share_of_people": "of all residents of 65 and over [0 to 1]",
        "share_of_admissions": "of all expected emergency admissions [0 to 1]",
        "high_risk_people": "of the 2 % whose age and conditions bring most admissions, those there [people]",
        "share_of_high_risk_people": "of those 2 % [0 to 1]",
    },
    "burden_pairs": {
        "one": "id of a factor",
        "other": "id of another",
        "people_with_both": "residents who have both [people]",
        "expected_by_chance": "if the two had nothing to do with each other [people]",
        "ratio": "people with both over those [ratio]",
        "expected_at_each_age": "if they had nothing to do with each other among people of one age band [people]",
        "ratio_at_each_age": "people with both over those [ratio]",
        "known_from": "linked data, groups given outright, odds ratio, or nothing stated: unrelated at each age",
    },
    "burden_observed": dict(OBSERVED_COLUMNS),
}
