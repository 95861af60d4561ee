"""Who carries the burden: the few at the top, number of conditions, places, and what comes together."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Bar, bars, chart_of, concentration_chart, said_of
from avert.book.county import County
from avert.book.page import Chart, Page
from avert.book.pages.burden_limits import can_not_show, observed
from avert.book.pages.burden_places import HIGH_RISK, label_of, pairs, places
from avert.pathway import pathway_graph, restricted
from avert.population import conditions_among
from avert.results.words import age_in_words


def burden(county: County) -> Page | None:
    """None where nothing is expected to happen to anybody."""
    top = county.table("concentration")
    top = top[top["ordered_by"] == "admissions"].set_index("share_of_people")
    if not top["share_of_admissions"].max() > 0:
        return None
    few, conditions = _few(county, top), _conditions(county)
    half = _people_with_half(county)
    return Page(
        county.page("burden"),
        "Who carries the burden",
        f"The {HIGH_RISK:.0%} of older residents most at risk are expected to have "
        f"{md.text(wording.percent(top.loc[HIGH_RISK, 'share_of_admissions']))} of emergency admissions; half of all "
        f"admissions come from {md.text(wording.percent(half))} of people.",
        [
            _what_is_counted(county),
            md.chart(few.name, _key(top)),
            md.note(
                "warning",
                "Expected is not what happened",
                "These are shares by risk: people of the same age and conditions count as alike. In any one year "
                "admissions fall on far fewer people, since chance decides who of a group is admitted: at these rates "
                f"the {HIGH_RISK:.0%} who have most admissions in a year would by chance alone have "
                f"{md.text(wording.percent(top.loc[HIGH_RISK, 'share_of_admissions_in_a_year']))} of them, and mostly "
                "others the year after. A plan can only go by risk; looking back, the few always seem more.",
            ),
            *observed(county, top),
            md.heading("By number of conditions and by age"),
            md.chart(conditions.name, _counted(county)),
            _ages(county),
            _explained(county),
            *places(county),
            *pairs(county),
            md.heading("What this page can't show"),
            can_not_show(county),
        ],
        [few, conditions],
        nav="Who carries the burden",
        group=county.name,
        keywords="concentration high risk frequent conditions multimorbidity cluster top two per cent",
    )


def _key(top: pd.DataFrame) -> str:
    dots = " Dots are what people in linked records had." if top["observed_share_of_admissions"].notna().any() else ""
    return (
        "The line is what is expected by risk; the dotted line what a year brings if chance alone decides who of a "
        f"group is admitted, those with most admissions first.{dots} On the grey line all would be alike."
    )


def _what_is_counted(county: County) -> str:
    events = county.table("outcomes").drop_duplicates("event")
    admissions = set(county.events("emergency_admission"))
    named = [
        f"{label[:1].lower()}{label[1:]}"
        for event, label in zip(events["event"], events["label"], strict=True)
        if event in admissions
    ]
    who = "the people of the groups given" if county.plan.area.strata else "residents aged 65 and over"
    return (
        f"Counted are, of {who}, in a year at the start of the plan with today's services: "
        f"{md.text('; '.join(named))}. Hospital cost is those admissions at reference cost in "
        f"{md.text(county.manifest['prices'])} prices, which is not cash."
    )


def _people_with_half(county: County) -> float:
    """Share of people, most at risk first, who are expected to have half of all admissions."""
    curve = county.table("concentration_curve")
    curve = curve[curve["ordered_by"] == "admissions"]
    below = curve[curve["share_of_admissions"] < 0.5].iloc[-1]
    above = curve[curve["share_of_admissions"] >= 0.5].iloc[0]
    part = (0.5 - below["share_of_admissions"]) / (above["share_of_admissions"] - below["share_of_admissions"])
    return float(below["share_of_people"] + part * (above["share_of_people"] - below["share_of_people"]))


def _few(county: County, top: pd.DataFrame) -> Chart:
    curve = county.table("concentration_curve")
    curve = curve[curve["ordered_by"] == "admissions"]
    seen = top["observed_share_of_admissions"].dropna()
    year = list(zip(curve["share_of_people"], curve["share_of_admissions_in_a_year"], strict=True))
    line = list(zip(curve["share_of_people"], curve["share_of_admissions"], strict=True))
    dots = [(float(share), float(part)) for share, part in seen.items()]
    numbers = pd.DataFrame(
        {
            "Share of people, most at risk first": [f"{share:.0%}" for share in top.index],
            "People": top["people"].round(0).to_numpy(),
            "Share of expected admissions": top["share_of_admissions"].round(4).to_numpy(),
            "Share of expected days in hospital": top["share_of_bed_days"].round(4).to_numpy(),
            "Share of expected hospital cost": top["share_of_hospital_cost"].round(4).to_numpy(),
            "Had in a year by those who had most, by chance": top["share_of_admissions_in_a_year"].round(4).to_numpy(),
        }
    )
    if dots:
        numbers["Share of admissions in linked records"] = top["observed_share_of_admissions"].round(4).to_numpy()
    said = [
        f"top {share:.0%} of people: {wording.percent(part)} of admissions"
        for share, part in top["share_of_admissions"].items()
        if share < 1
    ]
    tenth = wording.percent(top.loc[0.1, "share_of_admissions"])
    return chart_of(
        f"{county.stem}-concentration",
        f"The 10% of people most at risk are expected to have {tenth} of admissions",
        "Share of expected emergency admissions by share of residents aged 65 and over, most at risk first",
        lambda width: concentration_chart(line, year, dots, width),
        "; ".join(said),
        numbers,
    )


def _conditions(county: County) -> Chart:
    table = county.table("burden_by_conditions")
    table = table[(table["age_band"] == "all") & (table["conditions"] != "all") & (table["people"] >= 0.5)]
    rows = [
        Bar(
            _how_many(str(row.conditions)),
            row.admissions_per_1000,
            f"{row.admissions_per_1000:,.0f} per 1,000; {wording.pounds(row.hospital_cost_per_person)} each",
        )
        for row in table.itertuples()
    ]
    numbers = pd.DataFrame(
        {
            "Conditions": table["conditions"].astype(str),
            "People": table["people"].round(0),
            "Admissions per 1,000 people": table["admissions_per_1000"].round(1),
            "Days in hospital per 1,000 people": table["bed_days_per_1000"].round(0),
            "Entries into long-term care per 1,000 people": table["long_term_care_entries_per_1000"].round(1),
            "Hospital cost per person (£)": table["hospital_cost_per_person"].round(0),
            "Cost over that with one condition": table["ratio_to_one_condition"].round(2),
        }
    )
    return chart_of(
        f"{county.stem}-conditions",
        "The more conditions, the more admissions",
        "Expected emergency admissions a year per 1,000 people aged 65 and over, and hospital cost for each of them",
        lambda width: bars(rows, width),
        said_of(rows),
        numbers,
    )


def _how_many(number: str) -> str:
    return {"0": "No condition", "1": "One condition"}.get(
        number, f"{wording.first_up(wording.how_many(int(number)))} conditions"
    )


def _counted(county: County) -> str:
    names = conditions_among(_factors(county), county.library.nodes)
    named = wording.listed([label_of(county, name) for name in names])
    return f"Counted as conditions are what the plan tells people apart by, except where they live: {md.text(named)}."


def _factors(county: County) -> tuple[str, ...]:
    """What the plan tells people apart by."""
    graph = restricted(pathway_graph(county.library), set(county.plan.record.pathways), county.library)
    return graph.stratifying


def _ages(county: County) -> str:
    table = county.table("burden_by_conditions")
    table = table[(table["conditions"] == "all") & (table["people"] > 0)]
    rows = [
        [
            "Everybody" if row.age_band == "all" else age_in_words(str(row.age_band)),
            wording.count(row.people),
            wording.count(row.admissions_per_1000),
            wording.count(row.bed_days_per_1000),
            wording.pounds(row.hospital_cost_per_person),
            md.text(wording.percent(row.share_of_admissions)),
        ]
        for row in table.itertuples()
    ]
    head = ["Age", "People", "Admissions per 1,000", "Days per 1,000", "Hospital cost each", "Share of admissions"]
    return md.table(head, rows, right=range(1, 6))


def _explained(county: County) -> str:
    share = county.table("burden_explained").set_index("grouped_by")["explains_of_hospital_cost"]
    age, number, both = (
        md.text(wording.percent(share[way])) for way in ("age_band", "conditions", "conditions and age_band")
    )
    return (
        f"Of the differences in expected hospital cost, age explains {age}, number of conditions {number}, both "
        f"together {both}. That is no finding: expected cost was worked out from rates by age and from the few "
        "conditions above. A linked data set with many more conditions can say otherwise, and only such a data set can "
        "tell which matters more."
    )
