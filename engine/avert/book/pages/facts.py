"""What a service costs and takes: one row for each fact, with a badge where it is an assumption."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from avert.book import markdown as md
from avert.book import wording
from avert.book.page import Piece
from avert.book.pages.evidence_words import MARKS, in_words, percent, range_of, with_range
from avert.library.records import ALL_AGES, Figure, Intervention, Money

FROM_SHARES = {
    "uptake": ("Who says yes", "{} of those offered it take part"),
    "completion": ("Who finishes", "{} of those who start finish"),
    "delivery": ("In everyday use", "{} of the effect in the studies is kept"),
    "decay_per_year": ("How it fades", "{} of the effect is lost in each later year"),
}

NOT_FOUND = {field: what for field, (what, _) in FROM_SHARES.items()} | {
    "cost": "What it costs",
    "onset_months": "When it starts to work",
    "duration_years": "How long it lasts",
}


@dataclass(frozen=True)
class Fact:
    """A row: what, in words, and the figure it rests on."""

    what: str
    said: str
    figure: Figure | None


def facts_of(one: Intervention) -> Iterator[Fact]:
    yield from _costs(one)
    yield from _shares(one, "uptake", "completion")
    if one.already_reached:
        for age, figure in one.already_reached.items():
            at = "" if age == ALL_AGES else f" at {age}"
            yield Fact("Who has it today", f"{with_range(figure, percent)} of eligible people{at}", figure)
    for role, hours in one.staff_hours.items():
        said = f"{counted(hours, 'hour')} for each participant in the first year"
        yield Fact(f"Staff: {in_words(role)}", said, hours)
    yield from _shares(one, "delivery")
    if one.onset_months:
        yield Fact("When it starts to work", f"after {counted(one.onset_months, 'month')}", one.onset_months)
    if one.duration_years:
        once = "; it can be given only once" if one.once_only else ""
        yield Fact("How long it lasts", f"{counted(one.duration_years, 'year')}{once}", one.duration_years)
    yield from _shares(one, "decay_per_year")
    for name, why in one.not_found.items():
        yield Fact(NOT_FOUND.get(name, wording.first_up(in_words(name))), f"not found: {why}", None)


def counted(figure: Figure, unit: str) -> str:
    """'2 years (assumed range 1 to 3)'."""
    span = range_of(figure, wording.figure)
    many = f"{wording.figure(figure.value)} {unit}{'' if figure.value == 1 else 's'}"
    return f"{many} ({span})" if span else many


def _costs(one: Intervention) -> Iterator[Fact]:
    if one.cost:
        yield Fact("What it costs", f"{_money(one.cost)}, in the first year", one.cost)
    if one.follow_on_cost:
        yield Fact("Later years", f"{_money(one.follow_on_cost)}, in each later year", one.follow_on_cost)


def _money(cost: Money) -> str:
    _, _, per = cost.unit.partition("/")
    each = f" per {per.split('/')[0]}" if per else f" {cost.unit}"
    return f"{with_range(cost, _pounds)}{each}, in {cost.price_year} prices"


def _pounds(value: float) -> str:
    return wording.pounds(value) if value >= 100 or value == round(value) else f"£{value:,.2f}"


def _shares(one: Intervention, *fields: str) -> Iterator[Fact]:
    for field in fields:
        figure = getattr(one, field)
        if figure is not None:
            what, said = FROM_SHARES[field]
            yield Fact(what, said.format(with_range(figure, percent)), figure)


def facts_piece(one: Intervention, name: str) -> tuple[Piece, str]:
    """The table as HTML, and its place with the same rows in Markdown for other themes."""
    rows = list(facts_of(one))
    head = ("What", "In figures", "Standing")
    body = "".join(
        f'<tr><th scope="row">{escape(fact.what, quote=False)}</th><td>{escape(fact.said, quote=False)}</td>'
        f"<td>{_standing(fact.figure)}</td></tr>\n"
        for fact in rows
    )
    top = "".join(f'<th scope="col">{words}</th>' for words in head)
    html = (
        '<div class="scrolls" role="region" aria-label="What it costs and takes" tabindex="0">'
        f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )
    cells = [(md.text(f.what), md.text(f.said), MARKS[f.figure.verification] if f.figure else "") for f in rows]
    return Piece(name, html), md.piece(name, md.table(head, cells))


def _standing(figure: Figure | None) -> str:
    if figure is None:
        return "missing"
    words = MARKS[figure.verification]
    return f'<a class="badge" href="#every-number">{words}</a>' if figure.is_assumption else words
