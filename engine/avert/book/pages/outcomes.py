"""Outcomes: what is expected if nothing changes, what the plan averts, and the targets it has."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Bar, bars, chart_of, said_of
from avert.book.county import County
from avert.book.page import Chart, Page

TARGETS = {
    "admissions": ("admissions_averted", "emergency admissions averted"),
    "bed_days": ("bed_days_averted", "days in hospital averted"),
    "long_term_care_entries": ("long_term_care_entries_averted", "entries into long-term care averted"),
}


def outcomes(county: County) -> Page:
    """Baselines, what is averted and what remains, by cause and year."""
    sums = _sums(county)
    chart = _chart(county, sums)
    return Page(
        county.page("outcomes"),
        "Actions and outcomes" if county.plan.record.actions else "Outcomes against today's baseline",
        _lead(county, sums),
        [
            md.chart(chart.name, f"{wording.years(county.years)}. Below zero is a harm: treatment brings some bleeds."),
            md.heading("All causes"),
            _table(sums),
            md.heading("Year by year"),
            _by_year(county),
            *_targets(county),
            *_actions(county),
            md.heading("Where the baselines come from"),
            _baselines(county),
        ],
        [chart],
        nav="Actions and outcomes" if county.plan.record.actions else "Outcomes",
        group=county.name,
        keywords="outcomes baseline target expected remaining causes",
    )


def _sums(county: County) -> pd.DataFrame:
    table = (
        county.table("outcomes").groupby(["event", "label"], as_index=False)[["baseline", "averted", "remaining"]].sum()
    )
    return table.sort_values(["averted", "event"], ascending=[False, True], kind="stable")


def _lead(county: County, sums: pd.DataFrame) -> str:
    admissions = sums[sums["event"].isin(county.events("emergency_admission"))]
    base, less = float(admissions["baseline"].sum()), float(admissions["averted"].sum())
    return (
        f"About {wording.count(wording.about(base, 3))} emergency admissions are expected in "
        f"{wording.how_many_years(len(county.years))} if nothing changes; the plan averts "
        f"{md.text(wording.percent(less / base if base else 0))} of "
        "them."
    )


def _chart(county: County, sums: pd.DataFrame) -> Chart:
    rows = [Bar(row.label, row.averted, wording.averted_of(row.averted, row.baseline)) for row in sums.itertuples()]
    numbers = sums.rename(
        columns={
            "label": "Outcome",
            "baseline": "Expected if nothing changes",
            "averted": "Averted",
            "remaining": "Remaining",
        }
    ).drop(columns="event")
    numbers[numbers.columns[1:]] = numbers[numbers.columns[1:]].round(1)
    return chart_of(
        f"{county.stem}-outcomes",
        f"Most of what is averted: {_most(sums)}",
        "Events averted, of those expected if nothing changes",
        lambda width: bars(rows, width),
        said_of(rows),
        numbers,
    )


def _most(sums: pd.DataFrame) -> str:
    words = md.plain(sums.iloc[0]["label"])
    return words[:1].lower() + words[1:]


def _table(sums: pd.DataFrame) -> str:
    rows = [
        [
            md.text(row.label),
            wording.count(row.baseline),
            wording.averted(row.averted),
            md.text(wording.averted_share(row.averted, row.baseline)),
        ]
        for row in sums.itertuples()
    ]
    return md.table(["Outcome", "Expected if nothing changes", "Averted", "Share"], rows, right=(1, 2, 3))


def _by_year(county: County) -> str:
    table = county.table("outcomes")
    kinds = (("Emergency admissions", "emergency_admission"), ("Entries into long-term care", "long_term_care_entry"))
    rows = []
    for name, kind in kinds:
        by_year = table[table["event"].isin(county.events(kind))].groupby("year")[["baseline", "averted"]].sum()
        rows += [
            [name, md.text(year), wording.count(row["baseline"]), wording.averted(row["averted"])]
            for year, row in by_year.iterrows()
        ]
    return md.table(["Outcome", "Year", "Expected if nothing changes", "Averted"], rows, right=(2, 3))


def _targets(county: County) -> list[str]:
    rows = []
    for outcome, least in sorted(county.plan.record.target.items()):
        total, words = TARGETS[outcome]
        reached = county.total(total)
        rows.append(
            [
                md.text(words),
                wording.count(least),
                wording.count(reached),
                "yes" if reached >= least * (1 - 1e-6) else "no",
            ]
        )
    if not rows:
        return []
    return [
        md.heading("Targets of the plan"),
        md.table(["Target", "At least", "The plan", "Reached?"], rows, right=(1, 2)),
    ]


def _actions(county: County) -> list[str]:
    """Who does what by when, the next day first."""
    actions = sorted(county.plan.record.actions, key=lambda one: one.by)
    if not actions:
        return []
    rows = [
        [md.text(one.what), md.text(one.who), wording.day(one.by), "yes" if one.done else "not yet"] for one in actions
    ]
    return [md.heading("Who does what by when"), md.table(["Action", "Who", "By", "Done?"], rows)]


def _baselines(county: County) -> str:
    nodes, local = county.library.nodes, county.plan.area.rates
    rows = []
    for event in sorted(set(county.table("outcomes")["event"])):
        node = nodes[event]
        own = sorted({rate.year for (_, name), rate in local.items() if name == event})
        whose = f"local rates of {wording.listed(own)}, at England's ages" if own else "England's rates"
        whose = whose if node.england_rate else "what the groups themselves state"
        rows.append([md.text(node.label), md.text(whose), md.text(node.rate_year or "")])
    year = county.plan.area.population_year
    people = f"Residents are those of {md.text(year)}." if year else "The year its people are of is not stated."
    known = county.library.sources
    said = md.items(md.text(str(known[key])) for key in county.plan.area.cited)
    sources = f"\n\nPeople and local figures are from:\n\n{said}" if said else ""
    return f"{people}{sources}\n\n{md.table(['Outcome', 'Rates', 'England’s rates are of'], rows)}"
