"""What a service does, in words and drawn with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

from avert.book import markdown as md
from avert.book import wording
from avert.book.charts import Interval, chart_of, intervals, said_of
from avert.book.page import Chart, Piece
from avert.book.pages.evidence_words import DESIGNS, in_words, node_name, percent
from avert.library import Library
from avert.library.records import Effect, Finding, Intervention

RATIOS = ("rate_ratio", "risk_ratio", "hazard_ratio", "odds_ratio", "percentage_change")


@dataclass(frozen=True)
class Change:
    """A change in words: so much, in which direction, of what."""

    amount: str
    direction: str
    tail: str = ""

    def __str__(self) -> str:
        return f"{self.amount} {self.direction}{self.tail}".strip()


def change_of(measure: str, value: float, unit: str) -> Change:
    """One point on the scale of a measure, as people say it."""
    size = f"{wording.figure(abs(value))} {unit}".strip()
    if measure in RATIOS:
        return _ratio(measure, as_ratio(measure, value))
    if measure == "mean_difference":
        return Change(size, "lower" if value < 0 else "higher") if value else Change("no", "difference")
    if measure == "share_leaving_state":
        return Change(percent(value), "no longer have it")
    if measure == "risk_difference":
        amount = percent(abs(value)).removesuffix("%")
        return Change(amount, "fewer" if value < 0 else "more", " in every 100 people")
    if measure == "number_needed_to_treat":
        return Change(f"{wording.figure(value)} people", "take part", " for one event averted")
    return Change(wording.figure(abs(value)), "caused" if value < 0 else "averted", " a year for each participant")


def _ratio(measure: str, ratio: float) -> Change:
    odds = measure == "odds_ratio"
    less, more = ("lower", "higher") if odds else ("fewer", "more")
    if abs(ratio - 1) < 5e-4:
        return Change("no", "difference")
    return Change(percent(abs(ratio - 1)), less if ratio < 1 else more, " (odds)" if odds else "")


def as_ratio(measure: str, value: float) -> float:
    return 1 + value / 100 if measure == "percentage_change" else value


def finding_in_words(one: Finding, unit: str, whom: str) -> str:
    """'about 24% fewer among those who take part; likely between 19% and 30% fewer'."""
    middle = change_of(one.measure, one.estimate.value, unit)
    said = str(middle) if middle.amount == "no" else f"about {middle}"
    assert one.estimate.interval  # a finding has one: its validator sees to it
    low, high = (change_of(one.measure, end, unit) for end in one.estimate.interval)
    if low.direction == high.direction:
        ends = sorted((low, high), key=lambda end: _size(end.amount))
        between = f"{ends[0].amount} and {ends[1]}"
    else:
        between = f"{low} and {high}"
    if one.measure in ("share_leaving_state", "number_needed_to_treat"):
        said, between = f"about {middle}", f"{low.amount} and {high.amount}"
    known = "we assume between" if one.estimate.interval_basis == "assumed" else "likely between"
    return f"{said} {whom}; {known} {between}"


def _size(amount: str) -> float:
    digits = "".join(letter for letter in amount.split(" ")[0] if letter.isdigit() or letter == ".")
    return float(digits or 0)


def unit_of_node(library: Library, node: str) -> str:
    return (library.nodes[node].unit or "") if node in library.nodes else ""


def whom(one: Intervention) -> str:
    return "among everyone who lives there" if one.level == "place" else "among those who take part"


def study_in_words(one: Finding) -> str:
    """Design, how many trials and people, how long, and how certain."""
    many = [f"{one.trials:.0f} trial{'s' if one.trials != 1 else ''}"] if one.trials else []
    many += [f"{one.participants:,.0f} people"] if one.participants else []
    if one.follow_up_years:
        time = f"{one.follow_up_years:g} year{'s' if one.follow_up_years != 1 else ''}"
        many.append(f"followed for about {time}")
    graded = "as the review's authors grade it" if one.certainty_basis == "review" else "as we judge it"
    certainty = md.link("certainty", "glossary#term-certainty")
    design = md.text(f"{DESIGNS[one.design]}{f' ({wording.listed(many)})' if many else ''}.")
    return f"{design} {wording.first_up(wording.CERTAINTY[one.certainty])} {certainty}, {graded}."


def effect_piece(one: Intervention, effect: Effect, library: Library, name: str) -> tuple[Piece, str]:
    """The effect in a sentence with its badge, and its place."""
    said = wording.first_up(finding_in_words(effect, unit_of_node(library, effect.acts_on), whom(one))) + "."
    badge = ' <a class="badge" href="#every-number">assumption</a>' if effect.estimate.is_assumption else ""
    return Piece(name, f"<p>{escape(md.plain(said), quote=False)}{badge}</p>"), md.piece(name, md.text(said))


def notes_of(effect: Effect) -> str:
    notes = [effect.note, effect.taken_as_rate_ratio and f"Read as a ratio of rates: {effect.taken_as_rate_ratio}"]
    return " ".join(md.text(note) for note in notes if note)


def effect_chart(effect: Effect, library: Library, name: str) -> Chart:
    """The estimate in use and the other readings on the same scale."""
    unit, node = unit_of_node(library, effect.acts_on), node_name(library, effect.acts_on)
    ratio = effect.measure in RATIOS
    used = f"In use: {in_words(effect.choice)}" if effect.choice else "The estimate"
    named: list[tuple[str, Finding]] = [(used, effect)]
    named += [(f"Not used: {in_words(a.choice)}", a) for a in effect.alternatives if _same_scale(effect, a)]
    rows = [_row(label, finding, unit) for label, finding in named]
    neutral, ends = _no_change(effect.measure)
    return chart_of(
        name,
        f"{node}: {change_of(effect.measure, effect.estimate.value, unit)}",
        _under(effect.measure, unit),
        lambda width: intervals(rows, width, ratio=ratio, neutral=neutral, ends=ends),
        said_of(rows) + (f". {neutral:g} means no change." if ratio else "."),
        _numbers(named),
    )


def _same_scale(effect: Effect, other: Finding) -> bool:
    return other.measure == effect.measure or (other.measure in RATIOS and effect.measure in RATIOS)


def _row(label: str, one: Finding, unit: str) -> Interval:
    assert one.estimate.interval
    value, low, high = (as_ratio(one.measure, v) for v in (one.estimate.value, *one.estimate.interval))
    tail = f" {unit}" if unit and one.measure == "mean_difference" else ""
    said = f"{wording.figure(value)}{tail} ({wording.span(low, high, wording.figure)})"
    return Interval(label, value, low, high, said, one.estimate.is_assumption)


def _no_change(measure: str) -> tuple[float | None, tuple[str, str]]:
    if measure in RATIOS:
        return 1.0, ("lower odds", "higher odds") if measure == "odds_ratio" else ("fewer", "more")
    if measure == "mean_difference":
        return 0.0, ("lower", "higher")
    if measure == "risk_difference":
        return 0.0, ("fewer", "more")
    if measure == "share_leaving_state":
        return 0.0, ("more have it", "fewer have it")
    if measure == "number_needed_to_treat":
        return None, ("", "")
    return 0.0, ("caused", "averted")


def _under(measure: str, unit: str) -> str:
    if measure in RATIOS:
        kind = "ratio of rates" if measure == "percentage_change" else in_words(measure)
        return f"{wording.first_up(kind)} with its interval; 1 means no change"
    return f"{wording.first_up(in_words(measure))}{f' in {unit}' if unit else ''}, with its interval"


def _numbers(named: list[tuple[str, Finding]]) -> pd.DataFrame:
    rows = [
        (label, in_words(one.measure), one.estimate.value, *(one.estimate.interval or ()), in_words(one.certainty))
        for label, one in named
    ]
    return pd.DataFrame(rows, columns=["Reading", "Measure", "Value", "Low", "High", "Certainty"])
