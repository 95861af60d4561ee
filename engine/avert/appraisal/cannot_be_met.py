"""Entries of a proposal for which there are too few people, or too little money: what stands in the way of each.

Entries that can't be met even with nothing else proposed come first.  Others are held against the proposal
without those, so that one number far too large is not told as a fault of its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import floor

from avert.appraisal.spreading import Asked, Spreading
from avert.packages import County
from avert.plan.proposed import EVERYWHERE

HALVINGS = 24
"""Times the most that can be met is narrowed down by half."""
Name = tuple[str, int, str]
Instead = Mapping[Name, float]


def what_cannot_be_met(county: County) -> Iterator[tuple[Asked, str]]:
    """Every entry of the plan's proposal that can't be carried out, with why, and the most it could be, in words."""
    asked = {one.name: one for one in Spreading(county).asked}
    alone = {name: _spread(county, dict.fromkeys(asked.keys() - {name}, 0.0))[name] for name in asked}
    too_much: dict[Name, float] = {name: 0.0 for name, one in alone.items() if one.lacking}
    together = _spread(county, too_much)
    for name, one in asked.items():
        if name in too_much:
            yield one, _alone_in_words(county, alone[name], dict.fromkeys(asked.keys() - {name}, 0.0))
        elif together[name].lacking:
            yield one, _beside_others_in_words(county, together[name], too_much)


def _spread(county: County, instead: Instead) -> dict[Name, Asked]:
    """Every entry once all is placed, some with other amounts than the plan's."""
    return {one.name: one for one in Spreading(county, instead).whole().asked}


def _alone_in_words(county: County, one: Asked, others: Instead) -> str:
    """Why an entry can't be met although nothing else is proposed."""
    if due := _due_in_words(county, one):
        return due
    most = _most_each_year(county, one, others)
    if not most:
        return f"{_asked_in_words(county, one)}: there is nobody it could go to in every year alike."
    return (
        f"{_asked_in_words(county, one)}; the most it can be in every year alike is {_said(one, most)} a year, "
        "even with nothing else proposed: that takes up everybody it is for who lacks it."
    )


def _due_in_words(county: County, one: Asked) -> str:
    """That the money is gone before anybody starts; empty if it is not."""
    due = [pounds for pounds, before_anybody in one.lacking.values() if before_anybody]
    if not due:
        return ""
    return (
        f"{_asked_in_words(county, one)}: {_said(one, max(due))} falls due before anybody starts, for setting it "
        "up and for those who started before."
    )


def _beside_others_in_words(county: County, one: Asked, instead: Instead) -> str:
    """Why an entry can't be met beside what else is proposed, with the services that take its people up."""
    if due := _due_in_words(county, one):
        return due
    taking = [other for other in _spread(county, instead).values() if _is_in_the_way(county, one, other, instead)]
    who = " and ".join(f"'{other.service}' ({_said(other, other.amount)} a year{_where(other)})" for other in taking)
    who = who or "what else is proposed"
    most = _most_each_year(county, one, instead)
    could = f"the most it can be in every year alike is {_said(one, most)} a year" if most else "nobody is left for it"
    takes = "takes" if len(taking) < 2 else "take"
    return (
        f"{_asked_in_words(county, one)}, since {who} {takes} up people it is for. Beside that, {could}; with nothing "
        "else proposed, it could be met."
    )


def _is_in_the_way(county: County, one: Asked, other: Asked, instead: Instead) -> bool:
    """Whether an entry could have more in its first year of lack were another not proposed."""
    if other.name == one.name or other.name in instead:
        return False
    year = min(one.lacking)
    without = _spread(county, {**instead, other.name: 0.0})[one.name].lacking
    return year not in without or without[year][0] > one.lacking[year][0] * (1 + 1e-9)


def _most_each_year(county: County, one: Asked, instead: Instead) -> float:
    """The most whole people, or pounds, that can be met in every year alike: by halving, then rounded down."""

    def met(amount: float) -> bool:
        return not _spread(county, {**instead, one.name: amount})[one.name].lacking

    low, high = 0.0, one.amount
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if met(middle) else (low, middle)
    whole = floor(low)
    return float(whole + 1 if whole + 1 <= one.amount and met(whole + 1) else whole)


def _asked_in_words(county: County, one: Asked) -> str:
    when = ", ".join(county.years[y] for y in sorted(one.lacking))
    return f"'{one.service}': {_said(one, one.amount)} a year{_where(one)} can't be met in {when}"


def _where(one: Asked) -> str:
    return "" if one.place == EVERYWHERE else f" in {one.place}"


def _said(one: Asked, amount: float) -> str:
    return f"£{amount:,.10g}" if one.is_money else f"{amount:,.10g} people"
