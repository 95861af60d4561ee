"""An allocation of one's own beside the optimum at the same spend, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from avert.appraisal import Beside
from avert.report.answer import Section
from avert.report.binding import objective_in_words
from avert.results import LOW_CERTAINTY, NOT_SERVICES, UNSEEN, rests_on

SHOWN_MOVES = 10
SMALLEST_GAIN = 1e-6
"""Share of what the best plan is worth that is rounding."""
MOST_OF_IT = 0.8
"""The share of the gain for which the fewest moves are counted."""
NAMES = {"the proposal": "The proposal", "the offers": "These offers", "today": "Today's services"}


def beside_in_words(beside: Beside, tables: Mapping[str, pd.DataFrame]) -> Iterator[Section]:
    """Sections of (heading, lines): what it does, line by line, who pays, the best for the same money, the moves."""
    name = NAMES[beside.what]
    yield name, _headline(beside, tables)
    also = ", and what the best plan for the same money buys" if beside.optimum else ""
    yield f"What it buys{also}", _services(tables["proposal"])
    yield "What adding up would have claimed", _adding_up(tables["proposal"])
    yield "Lines of the plan that it breaks", _broken(beside, tables["proposal_lines"])
    yield "Who could pay", _payments(beside, tables["proposal_payments"])
    yield "Moves, the one that gains most first", _moves(beside, tables["moves"])
    yield "How to read this", _notes(beside)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{round(value, 2) + 0.0:,.2f}"


def _headline(beside: Beside, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    outcomes = tables["proposal_outcomes"].set_index("outcome")
    years = beside.proposal.county.years
    when = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
    lines = [f"In {when} {_does(outcomes['proposal'])}, in expectation."]
    if beside.optimum is None:
        lines += resting(tables["proposal"], _names(beside))
        lines.append("No plan that keeps every line spends as little, so there is none to compare.")
        lines += beside.why_none.splitlines()
        return lines
    lines.append(f"The best plan for the same money: {_does(outcomes['optimum'])}.")
    more = beside.best_value - beside.value
    unit = objective_in_words(beside.proposal.county)
    if beside.kept.broken:
        lines.append("It breaks lines of the plan, which the best plan keeps; the two are not on the same terms.")
    if more > SMALLEST_GAIN * max(1.0, abs(beside.best_value)):
        lines.append(f"The same money could bring {_number(more)} more {unit}: {_from_to(beside)}.")
    elif more < -SMALLEST_GAIN * max(1.0, abs(beside.value)):
        lines.append(f"It is worth {_number(-more)} {unit} more than the best plan that keeps every line.")
    else:
        lines.append("No other use of the same money is worth more.")
    return lines + resting(tables["proposal"], _names(beside))


def _from_to(beside: Beside) -> str:
    """'160 instead of 13, in all 12 times as much': the whole of both sides, so that nobody takes it for the gain."""
    said = f"{_number(beside.best_value)} instead of {_number(beside.value)}"
    if beside.value <= 0:
        return said
    times = beside.best_value / beside.value
    return f"{said}, in all {times:,.1f} times as much" if times >= 2 else f"{said} ({times - 1:+.1%})"


def _does(amounts: pd.Series) -> str:
    averted = [_number(amounts[name]) for name in ("admissions", "bed_days", "long_term_care_entries")]
    return (
        f"£{amounts['spend']:,.0f} averts {averted[0]} emergency admissions, {averted[1]} days in hospital and "
        f"{averted[2]} entries into long-term care"
    )


def _services(table: pd.DataFrame) -> list[str]:
    lines = []
    for row in table[~table["intervention"].isin(NOT_SERVICES)].itertuples():
        line = f"{row.label}: {_bought(row.participants, row.spend, row.admissions_averted_in_plan)}"
        if row.optimum_spend == row.optimum_spend:
            best = (row.optimum_participants, row.optimum_spend, row.optimum_admissions_averted_in_plan)
            line += f"; best plan: {_bought(*best)}"
        lines.append(line)
    return lines


def _names(beside: Beside) -> tuple[str, str]:
    return NAMES[beside.what].lower(), "the best plan for the same money"


def resting(table: pd.DataFrame, names: tuple[str, str]) -> list[str]:
    """How much of either allocation, called by these names, rests on effects that nobody saw in their source."""
    columns = ("admissions_averted_in_plan", "optimum_admissions_averted_in_plan")
    return [
        line for whose, averted in zip(names, columns, strict=True) for line in rests_in_words(table, whose, averted)
    ]


def rests_in_words(table: pd.DataFrame, whose: str, averted: str) -> list[str]:
    """The same of one allocation, from its table of services and the column of what each averts; none without any."""
    shares = rests_on(table, averted).set_index("rests_on")["share_of_admissions"]
    if not len(shares):
        return []
    return [
        f"Of what {whose} would avert, {shares[UNSEEN]:.0%} rests on effects that nobody saw in their source, "
        f"and {shares[LOW_CERTAINTY]:.0%} on effects of low or very low certainty."
    ]


def _bought(people: float, spend: float, averted: float) -> str:
    return f"{_number(people)} people, £{spend:,.0f}, {_number(averted)} admissions" if people > 0 else "nobody"


def _adding_up(table: pd.DataFrame) -> list[str]:
    rows = table.set_index("intervention")["admissions_averted_alone"]
    together, overlap = float(rows["total"]), float(rows["overlap"])
    return [
        f"Each service counted alone, added up: {_number(together - overlap)} admissions. "
        f"What they avert together: {_number(together)}."
    ]


def _broken(beside: Beside, table: pd.DataFrame) -> list[str]:
    broken = table[table["state"] == "broken"]
    if not len(broken):
        return [f"None: it keeps all {len(table)} entries that limit it."]
    return [
        f"{row.where}: {row.in_words}: {_amount(row.comes_to, row.unit)}, and the plan says "
        f"{_amount(row.limit, row.unit)} (off by {_amount(row.broken_by, row.unit)}"
        + (f"; {row.lines_broken} such lines are broken)" if row.lines_broken > 1 else ")")
        for row in broken.itertuples()
    ]


def _amount(value: float, unit: str) -> str:
    return f"£{value:,.0f}" if unit == "£" else f"{_number(value)} {unit}"


def _payments(beside: Beside, table: pd.DataFrame) -> list[str]:
    lines = []
    for partner, rows in table.groupby("partner", sort=False):
        paid, given = float(rows["paid"].sum()), float(rows["contribution"].sum())
        if partner == "nobody":
            lines.append(f"£{paid:,.0f} can't be paid within contributions, fences and agreed shares.")
        elif beside.what != "today":
            lines.append(f"{partner}: £{paid:,.0f} of £{given:,.0f}")
        else:
            lines.append(f"{partner}: £{paid:,.0f}")
    return [*lines, "This is one way of paying; others may keep the lines as well."] if lines else []


def _moves(beside: Beside, table: pd.DataFrame) -> list[str]:
    if beside.moves is None or not len(table):
        return []
    labels = {one.id: one.label for one in beside.proposal.county.family.interventions}
    if nothing_to_gain(table, beside.best_value):
        return ["Nothing would be gained by any."]
    few, unit = beside.moves.enough_for(MOST_OF_IT), objective_in_words(beside.proposal.county)
    lines = []
    if float(table["gain"].sum()) > 0:
        those = "move brings" if few == 1 else f"{few} moves bring"
        lines.append(
            f"The first {those} {table['share_of_gain'].iloc[few - 1]:.0%} of the gain; there are {len(table)}."
        )
    for row in table.head(SHOWN_MOVES).itertuples():
        gain = f"{row.gain:+,.2f} {unit}, {row.gain_so_far:+,.2f} so far"
        broken = lines_in_words(row.lines_broken, labels)
        lines.append(
            f"{row.rank}. {move_in_words(row.stop, row.start, row.money, labels)}: {gain}"
            + (f" (until later moves are made, breaks {broken})" if broken else "")
        )
    return lines


def nothing_to_gain(table: pd.DataFrame, best: float) -> bool:
    """Whether the moves of a table gain nothing, all together and each, but rounding."""
    return bool((table["gain"].abs() <= SMALLEST_GAIN * max(1.0, abs(best))).all())


def move_in_words(stop: str, start: str, money: float, labels: Mapping[str, str]) -> str:
    """'£20,000 from Tai Chi to Home hazard visits', of a row of the table of moves."""
    if stop == start:
        return f"{_named(stop, labels)} to other people or in other years" + (f", £{money:,.0f}" if money >= 1 else "")
    stop, start = _named(stop, labels), _named(start, labels)
    if not start:
        return f"£{money:,.0f} less on {stop}"
    if not stop:
        return f"£{money:,.0f} more on {start}"
    return f"£{money:,.0f} from {stop} to {start}"


def lines_in_words(joined: str, labels: Mapping[str, str]) -> str:
    """'limits of Tai Chi, minimum 1 of fairness', of the entries a row of the table of moves says are broken."""
    return ", ".join(_line_in_words(entry.split("."), labels) for entry in joined.split(", ") if entry)


def _line_in_words(path: Sequence[str], labels: Mapping[str, str]) -> str:
    section, *names = [name.replace("_", " ") if name not in labels else labels[name] for name in path]
    if path[0] == "fairness":
        what, *number = names
        return f"{what} {int(number[0]) + 1} of fairness" if number else what
    if path[0] == "at_most_per":
        return f"{section} {names[1]} of {names[0]}"
    return f"{section} of {names[0]}" if names else section


def _named(joined: str, labels: Mapping[str, str]) -> str:
    """Services in words, those with most money first."""
    names = [labels[name] for name in joined.split(" + ") if name]
    return " and ".join(names) if len(names) < 3 else f"{names[0]}, {names[1]} and {len(names) - 2} more"


def _notes(beside: Beside) -> list[str]:
    lines = []
    if beside.what == "the proposal":
        lines.append(
            "A service goes to the same share of everybody it is for who lacks it and is free, new residents too, "
            "wherever the proposal does not say; people offered several services are those whom chance would give them."
        )
    if beside.what == "today":
        lines.append(
            "Compared are two ways of spending what today's services cost: as many starts a year as now, or the best "
            "use. What people gain who started before is left out on both sides; limits and staff are taken to be "
            "today's plus what the plan states; its minimums and targets are left aside; any partner may put in the "
            "money, on what it may pay for."
        )
        if beside.not_counted:
            lines.append(f"Left as they are on both sides: {', '.join(beside.not_counted)}.")
    lines.append(
        "The best plan spends no more than this in any year and keeps every line of the plan. Each move frees as much "
        "money over all years as it needs; one that only frees or only needs money says so."
    )
    return lines
