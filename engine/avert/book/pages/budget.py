"""What each budget buys: a curve through certified plans, with a slider between them."""

from __future__ import annotations

import json
from html import escape

import numpy as np
import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import chart_of, frontier_chart, peak_of
from avert.book.county import County, evidence_page
from avert.book.page import Chart, Page

UNITS = {
    "admissions": "admissions averted",
    "bed_days": "days in hospital averted",
    "long_term_care_entries": "entries into long-term care averted",
}


def budget(county: County) -> Page | None:
    """The frontier of a county's plan; None where cost counts, so that more money is no gain past some point."""
    if county.plan.record.weight_of_a_pound:
        return None
    chart = _chart(county)
    return Page(
        county.page("budget"),
        "What each budget buys",
        _lead(county),
        [
            "Move the slider, or type an amount, to see what that money would buy and what it would avert.",
            md.chart(chart.name, _caption(county)),
            md.heading("How to read it"),
            md.items(_how_to_read(county)),
            *([] if _steps(county) else [md.heading("What the next pound buys"), _next_pounds(county)]),
        ],
        [chart],
        nav="What each budget buys",
        group=county.name,
        keywords="frontier slider money more less budget",
    )


def unit_of(county: County) -> str:
    """What the plan's objective counts, in words."""
    weights = county.plan.record.weights
    names = list(weights)
    if len(names) == 1 and names[0] in UNITS:
        return UNITS[names[0]]
    return "points averted (" + wording.listed([f"{_one(n)} counts {w:g}" for n, w in weights.items()]) + ")"


def counts_admissions(county: County) -> bool:
    """Whether the plan's objective is admissions and nothing else."""
    return list(county.plan.record.weights) == ["admissions"]


def _one(outcome: str) -> str:
    return {
        "admissions": "an admission",
        "bed_days": "a day in hospital",
        "long_term_care_entries": "an entry into long-term care",
        "net_cost": "£1 of net cost",
        "spend": "£1 spent, which counts against,",
    }.get(outcome, outcome.replace("_", " "))


def _lead(county: County) -> str:
    half, now = _at(county, 0.5), _at(county, 1.0)
    if half is None or now is None or not now["objective"]:
        return "The first pounds do most: the best buys come first, and each further pound brings a little less."
    share = float(half["objective"]) / float(now["objective"])
    return (
        f"The first pounds do most. Half of this budget would still bring {wording.percent(share)} of the gain, "
        "if it is spent on the services that do most for their cost."
    )


def _at(county: County, share: float) -> pd.Series | None:
    """The certified plan at just this share of the budget; None where there is none, and never that of another."""
    table = county.table("frontier")
    found = table[(table["share_of_budget"] - share).abs() < 1e-6]
    return None if found.empty else found.iloc[0]


def _near(table: pd.DataFrame, share: float) -> pd.Series:
    return table.loc[(table["share_of_budget"] - share).abs().idxmin()]


def _chart(county: County) -> Chart:
    table, unit, steps = county.table("frontier"), unit_of(county), _steps(county)
    now = float(county.table("partners")["contribution"].sum())
    budgets, worth, bound = (table[name].tolist() for name in ("budget", "objective", "upper_bound"))
    at = _near(table, 1.0)
    numbers = pd.DataFrame(
        {
            "Budget (£)": table["budget"].round(0),
            UNITS["admissions"].capitalize(): table["admissions_averted"].round(1),
            wording.first_up(unit): table["objective"].round(1),
            "No plan can bring more than": table["upper_bound"].round(1),
            "Days in hospital averted": table["bed_days_averted"].round(0),
        }
    )
    last = table.iloc[-1]
    return chart_of(
        f"{county.stem}-budget-curve",
        f"{wording.money(float(at['budget']))} averts {wording.count(float(at['admissions_averted']))} admissions; "
        f"{wording.money(float(last['budget']))} averts {wording.count(float(last['admissions_averted']))}",
        f"{wording.first_up(unit.split(' (')[0])} by budget, {wording.years(county.years)}",
        lambda width: frontier_chart(budgets, worth, bound, now, unit.split(" (")[0], width, steps=steps),
        f"A curve that rises steeply and then flattens. At {wording.money(now)}, the plan's budget, "
        f"{wording.count(float(at['objective']))} {unit}.",
        numbers,
        after=_slider(county, steps),
        wrapped="frontier",
    )


def _steps(county: County) -> bool:
    return bool(county.manifest["also"]["frontier"]["steps"])


def _slider(county: County, steps: bool) -> str:
    table = county.table("frontier")
    services = _services(county)
    first, most, now = (
        float(table["budget"].iloc[0]),
        float(table["budget"].iloc[-1]),
        float(_near(table, 1.0)["budget"]),
    )
    data = {
        "unit": unit_of(county),
        "admissions": [] if counts_admissions(county) else table["admissions_averted"].round(6).tolist(),
        "steps": steps,
        "budget": table["budget"].round(2).tolist(),
        "worth": table["objective"].round(6).tolist(),
        "bound": table["upper_bound"].round(6).tolist(),
        "slope": [] if steps else [float(f"{v:.12g}") for v in table["slope"]],
        "most": most,
        "top": peak_of(table["upper_bound"].tolist()),
        "mostSpend": round(max((max(s["spend"]) for s in services), default=1.0), 2),
        "services": [{"spend": s["spend"], "people": s["people"]} for s in services],
    }
    name = f"{county.stem}-budget"
    rows = "".join(
        f'<tr data-service="{n}"><th scope="row"><a '
        f'href="{evidence_page(s["id"])}.html">{escape(s["label"], quote=False)}</a>'
        f'</th><td class="number spend">{wording.money(s["now"])}</td><td class="number '
        f'people">{wording.count(s["people_now"])}</td>'
        f'<td class="track"><i style="width:{100 * s["now"] / max(data["mostSpend"], 1e-9):.1f}%"></i></td></tr>\n'
        for n, s in enumerate(services)
    )
    said = json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return f"""<div class="slider needs-js">
<label for="{name}-slider">Budget over all years</label>
<input id="{name}-slider" type="range" min="{first:.0f}" max="{most:.0f}" step="1000" value="{now:.0f}">
<p class="row"><label for="{name}-box">Or type an amount in pounds</label>
<input id="{name}-box" type="number" inputmode="numeric" min="{first:.0f}" max="{most:.0f}" step="any"
value="{now:.0f}"></p>
<p class="status" role="status"></p>
</div>
<div class="scrolls" role="region" aria-label="What the chosen budget buys" tabindex="0">
<table class="moving">
<caption>What {wording.money(now)} buys<span class="needs-js inline">, or the budget you choose</span></caption>
<thead><tr><th scope="col">Service</th>
<th scope="col" class="number">Spend</th><th scope="col" class="number">People</th>
<td></td></tr></thead>
<tbody>{rows}</tbody></table></div>
<script type="application/json">{said}</script>"""


def _services(county: County) -> list[dict]:  # type: ignore[type-arg]
    """Every service some budget buys: spend and people at each point, those with most money today first."""
    table, shares = county.table("frontier_services"), county.table("frontier")["share_of_budget"].to_numpy()
    labels = {one.id: one.label for one in county.library.interventions.values()}
    middle = int(np.abs(shares - 1.0).argmin())
    found = []
    for name, part in table.groupby("intervention"):
        by_share = part.set_index("share_of_budget")
        spend, people = (
            by_share[c].reindex(shares, fill_value=0.0).round(1).tolist() for c in ("spend", "participants")
        )
        if max(spend) < 1:
            continue
        found.append(
            {
                "id": name,
                "label": labels[str(name)],
                "spend": spend,
                "people": people,
                "now": spend[middle],
                "people_now": people[middle],
            }
        )
    return sorted(found, key=lambda one: (-one["now"], -max(one["spend"]), one["id"]))


def _caption(county: County) -> str:
    table = county.table("frontier")
    gap = float(county.manifest["also"]["frontier"]["largest_gap"])
    proof = "to less than one part in a million" if gap < 1e-6 else f"to within {wording.percent(gap)}"
    certified = f"Each of the {len(table)} dots is a best plan, with proof: no plan for that money is better, {proof}."
    between = (
        "Some services come in lumps, so nothing is drawn between two dots: the plan of the smaller budget is shown."
        if _steps(county)
        else "Between two dots the mix of the two plans is shown, which that money can pay for."
    )
    start = float(table["budget"].iloc[0])
    begins = (
        f" It begins at {wording.money(start)}: smaller budgets that were tried can't meet the plan's own minimums."
    )
    return f"{md.text(certified)} {between}{begins if start > 0 else ''}"


def _how_to_read(county: County) -> list[str]:
    return [
        "All partners' money grows or shrinks in the same proportion; every other rule of the plan stays.",
        "The curve flattens because the best buys run out: first the people who gain most, then places and staff.",
        f"The numbers are middle figures. {md.link('How sure are we?', county.page('how-sure'))} shows the range.",
    ]


def _next_pounds(county: County) -> str:
    rows = []
    for share in (0.25, 0.5, 1.0, 1.5):
        row = _at(county, share)
        if row is None:
            continue
        slope = float(row["slope"]) * 10_000
        rows.append(
            [
                md.text(wording.money(float(row["budget"]))),
                md.text(f"{slope:.2f}" if slope < 10 else wording.count(slope)),
            ]
        )
    head = ["At a budget of", f"£10,000 more brings ({md.text(unit_of(county).split(' (')[0])})"]
    return md.table(head, rows, right=(1,))
