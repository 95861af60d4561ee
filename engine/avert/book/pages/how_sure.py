"""How sure are we?  What moves the answer, where studies disagree, what experts believe."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Interval, chart_of, intervals, said_of
from avert.book.county import County, evidence_page
from avert.book.page import Chart, Page

SHOWN = 12
SMALLEST = 0.01
"""Share of the answer by which another reading must move it to have a row of its own."""
FIGURES = {
    "onset months": "months until it works",
    "duration years": "years it lasts",
    "decay per year": "share of the effect lost each year",
    "delivery": "share of the studied effect kept in practice",
    "uptake": "share of people who take it up",
    "already reached": "share of people who have it today",
    "ratio": "how strong the link is",
}
"""Figures of a record as a reader would call them."""


def how_sure(county: County) -> Page:
    """The range of the answer, figure by figure."""
    chart = _moves(county)
    parts = [
        _in_words(county),
        md.heading("What moves the answer most"),
        md.chart(chart.name, _caption(county)),
        md.heading("What the evidence is like"),
        _certainty(county),
    ]
    disagree = _readings(county)
    if disagree:
        parts += [md.heading("Where studies disagree"), disagree]
    beside = _experts(county)
    if beside:
        parts += [md.heading("Beside what experts believe"), beside]
    parts += [md.heading("What the range leaves out"), _left_out()]
    return Page(
        county.page("how-sure"),
        "How sure are we?",
        _lead(county),
        parts,
        [chart],
        nav="How sure are we?",
        group=county.name,
        keywords="uncertainty interval range certainty doubt sensitivity tornado",
    )


def _lead(county: County) -> str:
    sure = county.sure
    return (
        f"The plan likely averts between **{wording.count(wording.about(sure.low))} and "
        f"{wording.count(wording.about(sure.high))}** emergency admissions; the middle figure is "
        f"{wording.count(county.total('admissions_averted'))}."
    )


def _in_words(county: County) -> str:
    figures = len(county.table("spread"))
    return (
        f"{figures:,} figures of the evidence bear on this answer. Each has a range. We moved each figure to "
        "the bottom and "
        "to the top of its range, while the same people are offered the same services, and noted what the plan "
        "would then "
        "avert."
    )


def _moves(county: County) -> Chart:
    table = county.table("spread")
    middle = county.total("admissions_averted")
    ends = table[["admissions_averted_at_low", "admissions_averted_at_high"]]
    rows = [
        Interval(
            f"{row.of}: {FIGURES.get(row.what, row.what)}",
            middle,
            min(row.admissions_averted_at_low, row.admissions_averted_at_high, middle),
            max(row.admissions_averted_at_low, row.admissions_averted_at_high, middle),
            wording.span(
                min(row.admissions_averted_at_low, row.admissions_averted_at_high),
                max(row.admissions_averted_at_low, row.admissions_averted_at_high),
            ),
            row.seen == "recalled",
        )
        for row in table.head(SHOWN).itertuples()
    ]
    numbers = pd.DataFrame(
        {
            "Figure": table["of"] + ": " + table["what"].replace(FIGURES),
            "Kind": table["kind"],
            "Certainty": table["certainty"],
            "Standing": table["seen"].map(wording.MARKS),
            "Value": table["value"],
            "Low": table["low"],
            "High": table["high"],
            "Least averted": ends.min(axis=1).round(1),
            "Most averted": ends.max(axis=1).round(1),
        }
    ).head(40)
    first = table.iloc[0]["of"] if len(table) else "nothing"
    return chart_of(
        f"{county.stem}-moves",
        f"Most of the doubt is about one thing: {md.plain(first)}"
        if _leads(table, middle)
        else "What moves the answer",
        "Emergency admissions averted with each figure at the ends of its range; broken lines are assumptions",
        lambda width: intervals(rows, width, ratio=False, neutral=middle),
        said_of(rows),
        numbers,
    )


def _leads(table: pd.DataFrame, middle: float) -> bool:
    """Whether the largest move is more than twice the next that is about something else."""
    moves = (table["admissions_averted_at_high"] - table["admissions_averted_at_low"]).abs()
    if len(table) < 2:
        return len(table) == 1
    others = moves[table["of"] != table.iloc[0]["of"]]
    return bool(moves.iloc[0] > 2 * others.max()) if len(others) else True


def _caption(county: County) -> str:
    shown = min(SHOWN, len(county.table("spread")))
    return (
        f"The {shown} figures that move the answer most. The whole range above takes all moves together, as if "
        "the figures "
        f"were wrong independently of one another. {md.link('Method', 'method')}."
    )


def _certainty(county: County) -> str:
    sure = county.sure
    table = county.services
    rows = [
        [
            md.link(row.label, evidence_page(row.intervention)),
            wording.count(row.admissions_averted_in_plan),
            md.text(row.certainty),
            "yes" if row.effect_seen else md.link("no: an assumption", f"{evidence_page(row.intervention)}"),
        ]
        for row in table.itertuples()
    ]
    said = (
        f"{wording.percent(sure.unsure)} of the admissions averted rest on effects of low or very low certainty, and "
        f"{wording.percent(sure.unseen)} on effects that nobody has yet checked in the study itself."
    )
    head = ["Service", "Admissions averted", "Certainty of its effect", "Effect seen in its source?"]
    return f"{md.text(said)}\n\n{md.table(head, rows, right=(1,))}"


def _readings(county: County) -> str:
    table, library = county.table("readings"), county.library
    moved = (table["admissions_averted_instead"] - table["admissions_averted"]).abs()
    shown = table[moved >= SMALLEST * abs(county.total("admissions_averted"))]
    rows = []
    for row in shown.sort_values(["admissions_averted_instead", "of", "instead"], kind="stable").itertuples():
        record = library.interventions.get(row.of)
        name = md.link(record.label, evidence_page(row.of)) if record else md.text(_edge(county, row.of))
        readings = (md.text(_said(row.in_force)), md.text(_said(row.instead)))
        rows.append([name, *readings, wording.count(row.admissions_averted_instead)])
    if table.empty:
        return ""
    few = len(table) - len(shown)
    rest = f"{few} other readings would change it by less than {wording.percent(SMALLEST)}." if few else ""
    intro = "Some evidence can be read in more than one way. This is what the same plan would avert by another reading."
    head = ["About", "We read it as", "It could be read as", "The plan would then avert"]
    return "\n\n".join(
        part for part in (intro, md.table(head, rows, right=(3,)) if rows else "", md.text(rest)) if part
    )


def _said(name: str) -> str:
    return name.replace("_", " ")


def _edge(county: County, name: str) -> str:
    start, _, end = name.partition(" to ")
    nodes = county.library.nodes
    return f"{nodes[start].label} → {nodes[end].label}" if start in nodes and end in nodes else _said(name)


def _experts(county: County) -> str:
    view, nodes = county.library.plausibility, county.library.nodes
    sums = county.table("outcomes").groupby("event")[["baseline", "averted"]].sum()
    rows = []
    for event, name in sorted(view.events.items()):
        if event in sums.index and sums.loc[event, "baseline"]:
            share, expert = float(sums.loc[event, "averted"] / sums.loc[event, "baseline"]), view.classes[name]
            verdict = (
                "more than experts believe"
                if share > expert.p90
                else "above their mean"
                if share > expert.mean
                else "within what they believe"
            )
            believed = (
                f"{wording.percent(expert.mean)} ({wording.percent(expert.p10)} to {wording.percent(expert.p90)})"
            )
            rows.append([md.text(nodes[event].label), md.text(wording.percent(share)), md.text(believed), verdict])
    if not rows:
        return ""
    intro = "NHS experts were asked what share of some admissions could be avoided at all, over many years."
    head = ["Cause", "This plan averts", "Experts: mean (range)", "So the plan is"]
    return f"{intro}\n\n{md.table(head, rows, right=(1, 2))}"


def _left_out() -> str:
    return md.items(
        [
            "Whether figures that are wrong are wrong together. If they are, the range is wider.",
            "Whether the pathways are drawn right, and whether services work here as they did in the studies.",
            "Good and bad luck from year to year.",
            f"What no study measured at all. {md.link('Limits', 'limits')} has the list.",
        ]
    )
