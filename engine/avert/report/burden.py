"""Who carries the burden, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from avert.packages import County
from avert.population import People, Summed, conditions_of
from avert.report.answer import Section
from avert.results.words import age_in_words

NAMED = {
    "conditions": "Number of conditions explains",
    "age_band": "Age explains",
    "conditions and age_band": "Both together explain",
    "place": "Place explains",
}
MOST_PAIRS = 8
MOST_PLACES = 15
EXPECTED = (
    "All of this is by risk: people of one group count as alike. What happens in a year is far more uneven, since "
    "chance decides who of a group is admitted. The last column is what those who have most in a year would have by "
    "chance alone, at these rates; frailty that no group shows makes it more."
)


def burden_in_words(county: County, tables: Mapping[str, pd.DataFrame]) -> Iterator[Section]:
    """Sections of (heading, lines) about the tables of `burden`."""
    yield "What is counted", _counted(county)
    yield "Those with most expected admissions", _top(tables["concentration"])
    yield "By number of conditions", _by_conditions(tables["burden_by_conditions"], county)
    yield "What tells people's expected admissions apart", _explained(tables["burden_explained"])
    yield "By place", _by_place(tables["burden_by_place"])
    yield "What comes together", _pairs(tables["burden_pairs"])
    yield "What to doubt", doubts(county)


def label_of(county: County, node: str) -> str:
    """A factor in words."""
    return str(county.pathway.node(node).label)


def _counted(county: County) -> list[str]:
    events = [county.pathway.node(event).label for event in county.pathway.admissions]
    who = "the people of the groups given" if county.plan.area.strata else "residents aged 65 and over"
    return [
        f"Expected in a year at the start of the plan, given today's services, of {who}, for: {'; '.join(events)}.",
        f"Hospital cost is those admissions at reference cost in {county.plan.record.prices} prices, which is no cash.",
    ]


def _top(table: pd.DataFrame) -> list[str]:
    first = table[table["ordered_by"] == "admissions"]
    lines = [
        f"{'Share of people':>16}{'people':>12}{'admissions':>12}{'bed days':>12}{'hospital cost':>15}{'in a year':>12}"
    ]
    for row in first.itertuples():
        lines.append(
            f"{row.share_of_people:>16.0%}{row.people:>12,.0f}{row.share_of_admissions:>12.1%}"
            f"{row.share_of_bed_days:>12.1%}{row.share_of_hospital_cost:>15.1%}"
            f"{row.share_of_admissions_in_a_year:>12.1%}"
        )
    index = float(first["concentration_index"].iloc[0])
    lines += [f"Gini coefficient of expected admissions: {index:.2f} (0 is all alike, 1 is all on one).", EXPECTED]
    seen = first.dropna(subset=["observed_share_of_admissions"])
    for row in seen.itertuples():
        cost = f" and {row.observed_share_of_cost:.0%} of cost" if row.observed_share_of_cost >= 0 else ""
        lines.append(
            f"Observed in linked records: {row.share_of_people:.0%} of people had "
            f"{row.observed_share_of_admissions:.0%} of admissions{cost}."
        )
    return lines


def _by_conditions(table: pd.DataFrame, county: County) -> list[str]:
    lines = [
        f"Counted as conditions: {', '.join(label_of(county, factor) for factor in conditions_of(county.groups))}.",
        f"{'':>12}{'people':>12}{'admissions':>12}{'bed days':>12}{'hospital':>12}{'against':>10}",
        f"{'':>12}{'':>12}{'per 1,000':>12}{'per 1,000':>12}{'cost each':>12}{'one':>10}",
    ]
    for row in table[(table["age_band"] == "all") | (table["conditions"] == "all")].itertuples():
        name = str(row.conditions) if row.age_band == "all" else age_in_words(str(row.age_band))
        if row.people < 0.5:
            continue
        ratio = f"{row.ratio_to_one_condition:.2f}" if row.ratio_to_one_condition >= 0 else ""
        lines.append(
            f"{'everybody' if name == 'all' else name:>12}{row.people:>12,.0f}{row.admissions_per_1000:>12,.0f}"
            f"{row.bed_days_per_1000:>12,.0f}{f'£{row.hospital_cost_per_person:,.0f}':>12}{ratio:>10}"
        )
    return lines


def _explained(table: pd.DataFrame) -> list[str]:
    lines = [
        f"{NAMED[str(row.grouped_by)]} {row.explains_of_admissions:.0%} of the variance of expected admissions, "
        f"{row.explains_of_hospital_cost:.0%} of that of hospital cost."
        for row in table.itertuples()
    ]
    lines.append(
        "That is no finding: expected admissions were worked out from the library's rates by age and its links, so it "
        "says what those hold. Which of the two matters more only linked records can tell."
    )
    for row in table.dropna(subset=["observed_explains_of_cost"]).itertuples():
        lines.append(
            f"In linked records: {NAMED[str(row.grouped_by)].lower()} {row.observed_explains_of_cost:.1%} of the "
            "variance of people's cost in the year."
        )
    return lines


def _by_place(table: pd.DataFrame) -> list[str]:
    if len(table) < 2:
        return []
    lived_in = table[table["people"] > 0]
    ordered = lived_in.sort_values(["ratio", "place"], ascending=[False, True], kind="stable")
    shown = lived_in if len(lived_in) <= MOST_PLACES else ordered.iloc[:MOST_PLACES]
    more = [f"The {MOST_PLACES} places with most for their people; {len(lived_in) - len(shown)} more in the table."]
    return [
        *(more if len(shown) < len(lived_in) else []),
        "High-risk people are the 2 % of residents whose age and conditions bring most admissions.",
        *(
            f"{row.label}: {row.admissions_per_1000:,.0f} admissions per 1,000, {row.ratio:.2f} times what its ages "
            f"and conditions alone lead to; {row.share_of_high_risk_people:.1%} of high-risk people, "
            f"{row.share_of_people:.1%} of residents."
            for row in shown.itertuples()
        ),
    ]


def _pairs(table: pd.DataFrame) -> list[str]:
    known = table[(table["ratio_at_each_age"] > 1.005) & (table["people_with_both"] >= 1)]
    ordered = known.sort_values(["ratio_at_each_age", "one", "other"], ascending=[False, True, True], kind="stable")
    lines = [
        f"{row.one.replace('_', ' ')} and {row.other.replace('_', ' ')}: {row.people_with_both:,.0f} people have both, "
        f"{row.ratio:.1f} times what chance would give, {row.ratio_at_each_age:.1f} times at each age "
        f"({row.known_from})."
        for row in ordered.iloc[:MOST_PAIRS].itertuples()
    ]
    return lines + ([f"{len(ordered) - MOST_PAIRS} more in the table."] if len(ordered) > MOST_PAIRS else [])


def doubts(county: County) -> list[str]:
    """What the tables can't show: where shares come from, and what local rates are known."""
    area, lines = county.plan.area, []
    if area.strata:
        lines.append("Groups were given outright with the area.")
    elif area.profiles:
        lines.append("Who has which factors together comes from the area's linked records.")
    else:
        stated = [" and ".join(p.factors).replace("_", " ") for p in county.plan.library.joint.odds_ratios
                  if set(p.factors) <= set(county.groups.factors)]  # fmt: skip
        known = f"{len(stated)} pairs ({'; '.join(stated)})" if stated else "no pair"
        lines.append(
            f"Who has which factors together was inferred: England's shares at each age, odds ratios for {known}, and "
            f"all else unrelated at each age. Conditions that really come together are then spread too thinly."
        )
    local = sorted({event for _, event in area.rates} & set(county.pathway.events))
    said = ", ".join(local).replace("_", " ") or "none"
    lines.append(
        f"Places differ by age, by groups where given, and by local rates, which are known for: {said}. All else is "
        "England's."
    )
    lines.append("Only the conditions the library tells apart are counted; many others bring people to hospital.")
    return lines


def summed_in_words(people: People, result: Summed, happened: pd.DataFrame, smallest: int) -> Iterator[Section]:
    """Sections of (heading, lines) about linked records summed up."""
    small, moved = result.people_in_small_groups, result.prevalence
    groups = len(result.profiles)
    lines = [f"{len(people):,} people in {groups} groups of age and factors. Shares add up to 1 at each age."]
    if small:
        change = (moved["as_written"] - moved["in_records"]).abs()
        worst = moved.loc[change.idxmax()]
        lines += [
            f"{small:,} of them are in groups of fewer than {smallest} people. Those groups are not told apart: their "
            "people are spread as the library would spread them.",
            f"By this no factor's share at any age changes by more than {100 * change.max():.2f} percentage points "
            f"({worst['factor']} at {worst['age_band']}).",
        ]
    yield "What the records say", lines
    yield "What happened in the year", _happened(happened, people) if people.amounts else []


def _happened(table: pd.DataFrame, people: People) -> list[str]:
    lines = [f"Counted as conditions: {', '.join(people.counted)}."]
    whole = table[table["by"] == "all"].iloc[0]
    for row in table[table["by"].isin(("conditions", "age_band"))].to_dict("records"):
        name = f"{row['group']} conditions" if row["by"] == "conditions" else age_in_words(row["group"])
        parts = [f"{row['people']:,.0f} people"]
        if "admissions" in people.amounts:
            parts.append(f"{1000 * row['admissions'] / row['people']:,.0f} admissions per 1,000")
        if "cost" in people.amounts:
            parts.append(f"£{row['cost'] / row['people']:,.0f} each")
        lines.append(f"{name}: {', '.join(parts)}")
    for row in table[table["by"].str.startswith("top_by_")].to_dict("records"):
        by = row["by"].removeprefix("top_by_")
        if float(row["group"]) < 1 and whole[by] > 0:
            lines.append(f"{float(row['group']):.0%} of people had {row[by] / whole[by]:.1%} of {by}")
    return lines
