"""Tables of an allocation of one's own beside the optimum at the same spend, column by column."""

from __future__ import annotations

PROPOSAL_COLUMNS: dict[str, dict[str, str]] = {
    "proposal": {
        "intervention": "id of the service; or overlap, or total",
        "label": "the service in words",
        "participants": "people who start it over the years, as proposed [people]",
        "spend": "cost over the years, as proposed [£]",
        "admissions_averted_alone": "if each had been offered alone to the same people [admissions]",
        "admissions_averted_in_plan": "lost without it [admissions]",
        "optimum_participants": "people who start it in the best plan at the same spend [people]",
        "optimum_spend": "cost there [£]",
        "optimum_admissions_averted_in_plan": "lost there without it [admissions]",
    },
    "proposal_outcomes": {
        "outcome": "objective, spend, admissions, bed_days, long_term_care_entries, or the id of an event",
        "label": "the outcome in words, with its unit",
        "proposal": "what is bought averts, or costs, over the years, as proposed",
        "optimum": "the same of the best plan at the same spend",
        "upper_bound": "of the objective: no plan at the same spend is worth more",
    },
    "proposal_places": {
        "year": "financial year",
        "place": "id of the place",
        "spend": "cost there, as proposed [£]",
        "admissions_averted": "by what is bought, as proposed [admissions]",
        "optimum_spend": "cost there in the best plan at the same spend [£]",
        "optimum_admissions_averted": "by that plan [admissions]",
    },
    "proposal_lines": {
        "entry": "entry of the plan, names from the outside in, joined by '.'",
        "where": "file and line of the entry",
        "state": "broken or kept",
        "in_words": "its line that is broken most, or the first",
        "unit": "unit of the amounts",
        "limit": "the limit, or the least there must be, in that unit",
        "comes_to": "what the allocation comes to, in that unit",
        "broken_by": "how far it is the wrong side of the limit; 0 if it is kept",
        "lines_broken": "how many lines of the entry (places, years) are broken",
    },
    "proposal_payments": {
        "year": "financial year",
        "partner": "id of the partner; or nobody: what can't be paid within contributions, fences and shares",
        "contribution": "put in [£]",
        "paid": "one way of paying that keeps contributions, fences and agreed shares [£]",
    },
    "moves": {
        "rank": "the move that gains most first",
        "stop": "ids of services on which less is spent, that with most money first, joined by ' + '",
        "start": "ids of services on which more is spent, likewise",
        "whole_places": "places of which all changes at once, since a service for the whole place changes",
        "money": "freed and spent again over the years; or only freed, or only spent [£]",
        "cost": "change of what all services cost [£]",
        "people": "people whose offers change [people]",
        "gain": "change of the objective [units of the objective, by default admissions]",
        "admissions_averted": "change of admissions averted [admissions]",
        "gain_so_far": "of this move and those before it [units of the objective]",
        "share_of_gain": "that, as a share of the gain of all moves [ratio]",
        "lines_broken": "entries of the plan that are broken once it and those before it are made; empty if none is",
    },
}
