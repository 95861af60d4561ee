"""Your proposal beside the optimum: what the group's own allocation does, and what the same money could do."""

from __future__ import annotations

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Bar, bars, chart_of, said_of
from avert.book.county import County, evidence_page
from avert.book.page import Chart, Page
from avert.report import lines_in_words, move_in_words, nothing_to_gain, resting
from avert.results import NOT_SERVICES

SHOWN_MOVES = 12
MOST_OF_IT = 0.8
"""The share of the gain for which the fewest moves are counted."""


def proposal(county: County) -> Page | None:
    """None where the plan proposes nothing."""
    if not county.plan.record.proposed:
        return None
    outcomes = county.table("proposal_outcomes").set_index("outcome")
    compared = bool(outcomes["optimum"].notna().any())
    chart = _chart(county, outcomes)
    return Page(
        county.page("proposal"),
        "Your proposal beside the best plan",
        _lead(outcomes, compared),
        [
            *_on_which_terms(county, compared),
            md.chart(
                chart.name,
                "The best plan spends no more than the proposal in any year, and keeps every rule of the plan.",
            ),
            md.heading("Service by service"),
            _services(county, compared),
            md.heading("What it rests on"),
            _rests(county),
            md.heading("Rules of the plan that the proposal breaks"),
            _broken(county),
            md.heading("Who could pay for it"),
            _payments(county),
            *_moves(county),
            md.heading("What this page can't show"),
            md.items(_limits(county)),
        ],
        [chart],
        nav="Your proposal",
        group=county.name,
        keywords="proposal own allocation working group optimum moves compare",
    )


def _lead(outcomes: pd.DataFrame, compared: bool) -> str:
    own, best = outcomes["proposal"], outcomes["optimum"]
    said = f"The proposal costs {wording.money(own['spend'])} and averts {wording.count(own['admissions'])} admissions."
    if not compared:
        return f"{said} No plan that keeps every rule costs as little, so there is none beside it."
    if best["objective"] - own["objective"] <= 1e-6 * max(1.0, abs(best["objective"])):
        return f"{said} No other use of the same money that keeps every rule of the plan is worth more."
    return f"{said} The best use of the same money averts {wording.count(best['admissions'])}."


def _on_which_terms(county: County, compared: bool) -> list[str]:
    if not compared or not len(_broken_lines(county)):
        return []
    broken = "The proposal breaks rules of the plan, which the best plan keeps. So the two are not on the same terms."
    return [md.note("warning", "Not on the same terms", broken)]


def _chart(county: County, outcomes: pd.DataFrame) -> Chart:
    amounts = outcomes.loc["admissions"]
    rows = [Bar("Your proposal", float(amounts["proposal"]), wording.count(amounts["proposal"]))]
    if amounts["optimum"] == amounts["optimum"]:
        rows.append(Bar("The best plan for the same money", amounts["optimum"], wording.count(amounts["optimum"])))
    kept = outcomes.rename(columns={"label": "Outcome", "proposal": "Your proposal", "optimum": "Best plan"})
    numbers = kept[["Outcome", "Your proposal", "Best plan"]].round(2).reset_index(drop=True)
    return chart_of(
        f"{county.stem}-proposal",
        "Admissions averted by your proposal, and by the best plan for the same money",
        "Emergency admissions averted over the years of the plan",
        lambda width: bars(rows, width),
        said_of(rows),
        numbers,
    )


def _services(county: County, compared: bool) -> str:
    table = county.table("proposal")
    rows = []
    for row in table[~table["intervention"].isin(NOT_SERVICES)].itertuples():
        cells = [wording.count(row.participants), wording.money(row.spend), f"{row.admissions_averted_in_plan:,.1f}"]
        if compared:
            averted = f"{row.optimum_admissions_averted_in_plan:,.1f}"
            cells += [wording.count(row.optimum_participants), wording.money(row.optimum_spend), averted]
        rows.append([md.link(row.label, evidence_page(row.intervention)), *map(md.text, cells)])
    head = ["Service", "Your proposal: people", "Cost", "Admissions averted"]
    head += ["Best plan: people", "Cost in the best plan", "Admissions averted by the best plan"] if compared else []
    alone = table.set_index("intervention")["admissions_averted_alone"]
    together = float(alone["total"])
    claim = (
        f"Adding up each of your services by itself would claim {wording.count(together - float(alone['overlap']))} "
        f"admissions; together they avert {wording.count(together)}."
    )
    return md.table(head, rows, right=tuple(range(1, len(head)))) + "\n\n" + md.text(claim)


def _rests(county: County) -> str:
    said = resting(county.table("proposal"), ("your proposal", "the best plan"))
    how = md.link("How sure are we?", county.page("how-sure"))
    return md.text(" ".join(said)) + f" {how} says more." if said else "Neither averts anything."


def _broken_lines(county: County) -> pd.DataFrame:
    table = county.table("proposal_lines")
    return table[table["state"] == "broken"]


def _broken(county: County) -> str:
    broken = _broken_lines(county)
    if not len(broken):
        return "None: the proposal keeps every limit and minimum of the plan."
    rows = [
        [
            md.text(wording.first_up(row.in_words)),
            *(md.text(_amount(v, row.unit)) for v in (row.limit, row.comes_to, row.broken_by)),
        ]
        for row in broken.itertuples()
    ]
    return md.table(["Rule", "The plan says", "The proposal comes to", "Off by"], rows, right=(1, 2, 3))


def _amount(value: float, unit: str) -> str:
    return wording.money(value) if unit == "£" else f"{wording.count(value)} {unit}"


def _payments(county: County) -> str:
    table = county.table("proposal_payments").groupby("partner", sort=True)[["contribution", "paid"]].sum()
    unpaid = float(table["paid"].get("nobody", 0.0))
    rows = [
        [
            md.text(county.partner(str(name))),
            md.text(wording.money(row["contribution"])),
            md.text(wording.money(row["paid"])),
        ]
        for name, row in table.drop("nobody", errors="ignore").iterrows()
    ]
    said = "One way of paying that keeps what each partner puts in and what it may pay for:"
    if unpaid:
        said = f"{wording.money(unpaid)} can't be paid within what partners put in and may pay for. Of the rest:"
    return f"{md.text(said)}\n\n" + md.table(["Partner", "Puts in", "Pays"], rows, right=(1, 2))


def _moves(county: County) -> list[str]:
    table = county.table("moves")
    best = float(county.table("proposal_outcomes").set_index("outcome").loc["objective", "optimum"])
    if not len(table) or nothing_to_gain(table, best):
        return []
    labels = {one.id: one.label for one in county.library.interventions.values()}
    unit = _unit(county)
    rows = [
        [
            str(row.rank),
            md.text(move_in_words(row.stop, row.start, row.money, labels)),
            md.text(_signed(row.gain)),
            md.text(_signed(row.gain_so_far)),
            md.text(f"Breaks {lines_in_words(row.lines_broken, labels)}" if row.lines_broken else "All kept"),
        ]
        for row in table.head(SHOWN_MOVES).itertuples()
    ]
    head = ["Number", "Move", f"Gain ({unit})", "Gain so far", "Rules of the plan, after this move"]
    return [
        md.heading("Moves from one to the other"),
        md.text(_few(table)),
        md.table(head, rows, right=(2, 3)),
        md.text(
            f"There are {len(table)} moves in all; after the last, the proposal has become the best plan. A move costs "
            "nothing over the years: it frees as much money as it needs, unless it says “less” or “more”. In a single "
            "year it may cost more or less."
        ),
    ]


def _unit(county: County) -> str:
    weights = county.plan.record.weights
    return (
        f"{next(iter(weights)).replace('_', ' ')} averted"
        if len(weights) == 1 and "net_cost" not in weights
        else "objective"
    )


def _few(table: pd.DataFrame) -> str:
    if float(table["gain"].sum()) <= 0:
        return "No set of moves gains anything: they are what it takes to keep every rule."
    few = int((table["share_of_gain"] >= MOST_OF_IT - 1e-9).to_numpy().argmax()) + 1
    share = wording.percent(float(table["share_of_gain"].iloc[few - 1]))
    if few == 1:
        return f"One move brings {share} of all that could be gained."
    return f"The first {wording.how_many(few)} moves bring {share} of all that could be gained."


def _signed(value: float) -> str:
    return f"{value:+,.1f}".replace("-", "−")


def _limits(county: County) -> list[str]:
    return [
        "Where the proposal does not say whom a service is for, it is offered to the same share of everybody who may "
        "have it and has not got it. A group that knows whom it would choose can do better.",
        "People offered one service while another still lasts are not counted on, though some may be.",
        "The best plan is best by the plan's own goal and figures. What a group knows beyond them is not in it.",
        f"The numbers are middle figures. {md.link('How sure are we?', county.page('how-sure'))} shows the range.",
    ]
