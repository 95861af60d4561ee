"""Key messages: the answer first, how sure it is, what to buy, what it costs and who gains."""

from __future__ import annotations

from html import escape

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Bar, Interval, bars, chart_of, intervals, said_of
from avert.book.county import County, evidence_page
from avert.book.page import Chart, Page, Piece
from avert.plan.records import MEASURES, OUTCOMES, SPEND

SECTIONS = {
    "money": "sums of money",
    "may_pay": "rules on who may pay for what",
    "today": "numbers of people reached today",
    "limits": "numbers of places",
    "staff": "staff hours",
}
"""Sections of a plan as a reader would call them."""
LARGE = 0.1
"""Share of the money that belongs among the key messages if it is left."""
SHOWN = 8
"""Services named; the rest are one line."""


def key_messages(county: County) -> Page:
    """The first page of a county."""
    years = wording.how_many_years(len(county.years))
    averted, spend = county.total("admissions_averted"), county.total("spend")
    lead = (
        f"{md.text(wording.money(spend))} over {years} could avert about **{wording.count(wording.about(averted))} "
        f"emergency hospital admissions** of older people in {md.text(county.name)}."
    )
    figures, sure, services = _figures(county), _how_sure_chart(county), _services_chart(county)
    bought = f"Spending and admissions averted in {wording.years(county.years)}. Overlap is taken off."
    parts = [
        md.piece(figures.name),
        _what_it_counts(county),
        _planning_figures(county),
        md.heading("How sure are we?"),
        _how_sure(county),
        md.chart(sure.name, _sure_caption(county)),
        md.heading("What should be bought?"),
        _what_to_buy(county),
        md.chart(services.name, bought),
        md.heading("What does it cost, and who gains?"),
        _who_gains(county),
        md.heading("What to keep in mind"),
        _caveats(county),
    ]
    title = "Key messages" if county.alone else f"{county.name}: key messages"
    return Page(
        county.home,
        title,
        lead,
        parts,
        [figures, sure, services],
        nav="Key messages",
        group=county.name,
        keywords="summary answer headline",
    )


def _figures(county: County) -> Piece:
    sure = county.sure
    shown = [
        (wording.count(wording.about(county.total("admissions_averted"))), "emergency admissions averted"),
        (
            f"{wording.count(wording.about(sure.low))} to {wording.count(wording.about(sure.high))}",
            "is the likely range",
        ),
        (wording.count(wording.about(county.total("bed_days_averted"))), "days in hospital averted"),
        (wording.money(county.total("spend")), f"spent in {wording.years(county.years)}"),
    ]
    rows = "".join(
        f'<li><span class="big">{escape(big)}</span> <span class="small">{escape(small)}</span></li>'
        for big, small in shown
    )
    return Piece(f"{county.stem}-figures", f'<ul class="figures">{rows}</ul>')


def _what_it_counts(county: County) -> str:
    """For an objective that names single events or money spent: what they count for, and what the plan is worth."""
    weights = county.plan.record.weights
    if set(weights) <= set(MEASURES) - {SPEND}:
        return ""
    nodes = county.library.nodes
    said = [f"“{nodes[name].label}” averted counts {w:g}" for name, w in weights.items() if name in nodes]
    said += [f"{name.replace('_', ' ')} averted counts {w:g}" for name, w in weights.items() if name in OUTCOMES]
    money = {SPEND: "£1 spent", "net_cost": "£1 of net cost"}
    said += [f"{money[name]} counts {w:g} against" for name, w in weights.items() if name in money]
    return md.note(
        "note",
        "What this plan is meant to do",
        f"{md.text(wording.first_up(wording.listed(said)))}. By that, what it buys is worth "
        f"{wording.count(float(county.manifest['objective']))}. Admissions are shown beside it.",
    )


def _planning_figures(county: County) -> str:
    if not county.plan.record.illustrative:
        return ""
    sections = wording.listed([SECTIONS.get(one, one.replace("_", " ")) for one in county.plan.record.illustrative])
    return md.note(
        "warning",
        "Planning figures, not promises",
        f"The {md.text(sections)} in this plan are examples. No partner has decided on them. "
        f"{md.link('See every assumption', county.page('assumptions'))}.",
    )


def _how_sure(county: County) -> str:
    sure, averted = county.sure, county.total("admissions_averted")
    if not averted and not sure.high:
        return "The plan averts no emergency admissions, so there is no number of them to be sure of."
    wide = (sure.high - sure.low) / averted if averted else 0.0
    said = "not very sure" if wide > 0.8 else "fairly sure" if wide > 0.3 else "quite sure"
    lines = [
        f"We are {said} of the number. It could be as low as {wording.count(wording.about(sure.low))} or as high as "
        f"{wording.count(wording.about(sure.high))}.",
        f"{wording.first_up(wording.in_ten(sure.unsure))} of the admissions averted rest on evidence of low "
        f"{md.link('certainty', 'glossary#term-certainty')}. "
        f"{wording.first_up(wording.in_ten(sure.unseen))} rest on effects that nobody has checked in the study "
        "itself "
        "yet.",
        "Of one thing we are sure: with these figures, no other way to spend this money does better. "
        f"{md.link('The method page says how that is proved', 'method')}.",
    ]
    return "\n\n".join(lines)


def _how_sure_chart(county: County) -> Chart:
    sure, averted = county.sure, county.total("admissions_averted")
    said = f"{wording.count(averted)} ({wording.span(sure.low, sure.high)})"
    rows = [Interval("The whole plan", averted, sure.low, sure.high, said, sure.unseen > 0.5)]
    numbers = pd.DataFrame(
        {"What": ["Emergency admissions averted"], "Low": [sure.low], "Middle": [averted], "High": [sure.high]}
    )
    low, high = wording.count(wording.about(sure.low)), wording.count(wording.about(sure.high))
    return chart_of(
        f"{county.stem}-how-sure-in-short",
        f"Likely between {low} and {high} admissions averted",
        "Emergency admissions averted: low, middle and high",
        lambda width: intervals(rows, width, ratio=False, neutral=0.0),
        f"Middle {said}. The scale begins at 0.",
        numbers,
    )


def _sure_caption(county: County) -> str:
    return (
        "Each figure that bears on the answer was moved to both ends of its range. The moves are then put together as "
        f"if independent. {md.link('How sure are we?', county.page('how-sure'))} shows them one by one."
    )


def _what_to_buy(county: County) -> str:
    lines = [
        f"{md.link(row.label, evidence_page(row.intervention))}: {wording.money(row.spend)} for "
        f"{wording.count(row.participants)} people, averting about "
        f"{wording.count(row.admissions_averted_in_plan)} admissions."
        for row in county.services.head(3).itertuples()
    ]
    rest = county.services.iloc[3:]
    if len(rest):
        lines.append(
            f"{len(rest)} more services for {wording.money(rest['spend'].sum())}, averting about "
            f"{wording.count(rest['admissions_averted_in_plan'].sum())} admissions."
        )
    return md.items(lines) if lines else "Nothing that the plan may buy averts an admission."


def _services_chart(county: County) -> Chart:
    table = county.services
    top, rest = table.head(SHOWN), table.iloc[SHOWN:]
    rows = [
        Bar(
            row.label,
            row.admissions_averted_in_plan,
            f"{wording.count(row.admissions_averted_in_plan)} for {wording.money(row.spend)}",
            row.certainty in ("low", "very low"),
        )
        for row in top.itertuples()
    ]
    if len(rest):
        value = float(rest["admissions_averted_in_plan"].sum())
        said = f"{wording.count(value)} for {wording.money(rest['spend'].sum())}"
        rows.append(Bar(f"{len(rest)} more services", value, said))
    whole = max(float(table["admissions_averted_in_plan"].sum()), 1e-9)
    share = float(top["admissions_averted_in_plan"].max()) / whole if len(top) else 0.0
    headline = f"One service averts {wording.percent(share)} of all" if share > 0.5 else "What each service averts"
    return chart_of(
        f"{county.stem}-services",
        headline,
        "Emergency admissions averted by each service, and what it costs",
        lambda width: bars(rows, width),
        said_of(rows),
        _service_numbers(county),
        key=CERTAINTY_KEY,
    )


CERTAINTY_KEY = (
    '<ul class="key"><li><span style="background:var(--accent)"></span>moderate or high certainty</li>'
    '<li><span style="background:var(--pale)"></span>low or very low certainty</li></ul>'
)


def _service_numbers(county: County) -> pd.DataFrame:
    table = county.services
    return pd.DataFrame(
        {
            "Service": table["label"],
            "People taking part": table["participants"].round(1),
            "Spend (£)": table["spend"].round(0),
            "Admissions averted": table["admissions_averted_in_plan"].round(2),
            "Certainty": table["certainty"],
        }
    )


def _who_gains(county: County) -> str:
    sums = county.table("partners").groupby("partner")[["contribution", "value_at_reference_cost", "cashable"]].sum()
    pays = [
        f"{md.text(county.partner(str(partner)))} puts in {wording.money(row['contribution'])} and gains care worth "
        f"{wording.money(row['value_at_reference_cost'])}."
        for partner, row in sums.iterrows()
        if row["contribution"] or row["value_at_reference_cost"]
    ]
    cash = float(sums["cashable"].sum())
    said = "None of that worth is cash" if cash < 1 else f"Of that worth {wording.money(cash)} is cash"
    page = md.link("Who pays, who gains", county.page("partners"))
    left = sum(one.pounds for one in county.unspent)
    if left > LARGE * float(sums["contribution"].sum()):
        said = f"The plan leaves {wording.money(left)} of the money unspent. {said}"
    return f"{md.items(pays)}\n\n{said}: a bed that is freed is soon used by somebody else. See {page}."


def _caveats(county: County) -> str:
    lines = [
        "These are averages. Real years have good and bad luck.",
        "Services do worse if fewer people take them up, or if they are run less well than in the studies. "
        f"{md.link('Limits', 'limits')} lists what the sums leave out.",
    ]
    if not county.plan.record.years_counted_beyond:
        end = f"Only what happens by the end of {county.years[-1]} is counted. Slow and lasting gains look too small."
        lines.insert(0, end)
    return md.items(lines)
