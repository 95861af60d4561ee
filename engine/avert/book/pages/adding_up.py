"""What adding up would have claimed: benefits counted twice, and taken off again."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Bar, bars, chart_of, said_of
from avert.book.county import County, evidence_page
from avert.book.page import Chart, Page


def adding_up(county: County) -> Page:
    """Each service alone, the sum of them, and what they avert together."""
    alone, together = _claims(county)
    chart = _chart(county, alone, together)
    share = (alone - together) / alone if alone else 0.0
    lead = (
        f"A spreadsheet that adds up each service by itself would claim {wording.count(alone)} admissions "
        "averted; together they "
        f"avert {wording.count(together)}."
    )
    return Page(
        county.page("adding-up"),
        "What adding up would have claimed",
        lead,
        [
            "One fall can be averted only once. Where two services reach the same people, each averts part of "
            "what the other "
            f"would have. In this plan {md.text(wording.percent(abs(share)))} of the claim would be counted twice."
            if share >= 0
            else "In this plan services help one another: together they avert more than each alone.",
            md.chart(
                chart.name,
                "The first bar adds up services as if each were the only one. The second is what the plan says.",
            ),
            md.heading("Service by service"),
            _table(county),
            "“Alone” is what a service would avert if it were the only one offered to the same people. “In the "
            "plan” is what "
            "would be lost if it were left out. The gap is overlap.",
        ],
        [chart],
        nav="What adding up would claim",
        group=county.name,
        keywords="double counting overlap twice spreadsheet",
    )


def _claims(county: County) -> tuple[float, float]:
    rows = county.table("interventions").set_index("intervention")["admissions_averted_alone"]
    bought = float(rows["total"]) - float(rows.get("stopped", 0.0))
    return bought - float(rows["overlap"]), bought


def _chart(county: County, alone: float, together: float) -> Chart:
    rows = [
        Bar("Each service by itself, added up", alone, wording.count(alone), unsure=True),
        Bar("What they avert together", together, wording.count(together)),
    ]
    numbers = pd.DataFrame(
        {"Count": [row.label for row in rows], "Admissions averted": [round(row.value, 2) for row in rows]}
    )
    return chart_of(
        f"{county.stem}-adding-up",
        f"Adding up would claim {wording.count(alone - together)} admissions too many"
        if alone > together
        else "Together they avert more than alone",
        "Emergency admissions averted",
        lambda width: bars(rows, width),
        said_of(rows),
        numbers,
    )


def _table(county: County) -> str:
    rows = [
        [
            md.link(row.label, evidence_page(row.intervention)),
            md.text(f"{row.admissions_averted_alone:,.1f}"),
            md.text(f"{row.admissions_averted_in_plan:,.1f}"),
        ]
        for row in county.services.itertuples()
    ]
    return md.table(["Service", "Alone", "In the plan"], rows, right=(1, 2))
