"""From one allocation to another by moves of money, each said by itself: from what, to what, how much more averted.

Everyone whose schedule differs goes over from theirs to another (`appraisal.schedules`).  Value and cost
are linear in people, so what such an exchange changes is exact, whatever else is done.  Exchanges that drop
and add the same services are taken together.  Some free money and some need it:

    worth of a pound  =  change of value / change of cost

Those that need it, most worth first, are paired with those that free it, least worth first, pound for pound.
Each pair is a move that costs nothing over all years; what is left over is a move by itself.  Moves that
take most money from the same service, and give most to the same, are told as one.  All moves together lead
from the one allocation to the other, and any of them can be made without the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from avert.appraisal.kept import Kept, kept_by_amounts
from avert.appraisal.schedules import LEAST, Cell, Pairing, Schedule, cells_of, differing_places, people_in_cells
from avert.appraisal.tally import OFFER, Tally, in_force, tally
from avert.packages import County
from avert.pathway.groups import Floats

PENNY = 0.01
"""Pounds below which a change of cost is rounding."""
SMALL_PART = 0.1
"""Share of the largest change of spend below which a move does not name a service."""
Services = tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """Money moved from some services to others."""

    stop: Services
    """Services on which less is spent, that with most money first."""
    start: Services
    """Services on which more is spent; the same as `stop` where only people or years change."""
    whole_places: tuple[str, ...]
    """Places of which all goes over at once, because services for the whole place change."""
    money: float
    """Pounds freed and spent again; what is only freed, or only spent, where nothing stands on the other side."""
    cost: float
    """Change of what all services cost [£]: nothing for a move that frees as much as it needs."""
    people: float
    """People whose offers change."""
    gain: float
    """Change of the plan's objective."""
    admissions: float
    """Change of emergency admissions averted."""
    parts: Floats
    """(groups,): which part of each group of exchanges it makes."""


@dataclass(frozen=True)
class Moves:
    """Moves from one allocation to another, the one that gains most first."""

    county: County
    before: pd.DataFrame
    after: pd.DataFrame
    rows: pd.DataFrame
    """Offers that change, with `group` and signed people."""
    groups: Tally
    """What each group of exchanges changes."""
    moves: tuple[Move, ...]

    def offers_after(self, count: int) -> pd.DataFrame:
        """The allocation once the first so many moves are made: rows as `ledger_of` takes them."""
        part = sum((move.parts for move in self.moves[:count]), np.zeros(len(self.groups)))
        changed = self.rows.assign(people=self.rows["people"] * part[self.rows["group"].to_numpy(dtype=int)])
        both = pd.concat([self.before[[*OFFER, "people"]], changed[[*OFFER, "people"]]])
        summed = both.groupby(OFFER, as_index=False)["people"].sum()
        return summed[summed["people"] > LEAST].reset_index(drop=True)

    @cached_property
    def start(self) -> Tally:
        """Amounts of the allocation the moves begin with."""
        return tally(self.county, self.before)

    def kept_after(self, count: int) -> Kept:
        """Which lines the plan keeps after the first so many moves."""
        part = sum((move.parts for move in self.moves[:count]), np.zeros(len(self.groups)))
        return kept_by_amounts(
            self.county, self.start + self.groups.weighed(part), in_force(self.county, self.offers_after(count))
        )

    def enough_for(self, share: float) -> int:
        """The fewest first moves that bring a share of the gain of all of them."""
        gains = np.cumsum([move.gain for move in self.moves])
        reached = np.flatnonzero(gains >= share * gains[-1] - 1e-12) if len(gains) else np.zeros(0)
        return int(reached[0]) + 1 if len(reached) else 0


def moves_between(county: County, before: pd.DataFrame, after: pd.DataFrame) -> Moves:
    """Moves from one table of offers to another; both over packages of `county`."""
    names, rows = _exchanged(county, before, after)
    groups = tally(county, rows, rows["group"].to_numpy(dtype=int), len(names))
    over = rows["goes_over"].to_numpy(dtype=float)
    people = np.bincount(rows["group"].to_numpy(dtype=int), weights=over, minlength=len(names))
    groups = replace(groups, people=people.astype(np.float64))
    ids = county.family.ids
    merged = _merged(names, groups, ids, _paired(names, groups, ids))
    found = sorted(merged, key=lambda move: (-move.gain, move.cost, move.stop, move.start))
    return Moves(county, before, after, rows, groups, tuple(found))


@dataclass(frozen=True, order=True)
class _Name:
    """What exchanges of a group have in common."""

    stop: Services
    start: Services
    same: Services = ()
    """Services both hold, where nothing else differs."""
    whole_places: tuple[str, ...] = ()


def _exchanged(county: County, before: pd.DataFrame, after: pd.DataFrame) -> tuple[list[_Name], pd.DataFrame]:
    """Names of the groups of exchanges, and the offers that change, with their group and signed people."""
    at_once = differing_places(county, before, after)
    place = county.strata.place
    whole = [table[at_once[place[table["stratum"].to_numpy(dtype=int)]]] for table in (before, after)]
    rest = [table[~at_once[place[table["stratum"].to_numpy(dtype=int)]]] for table in (before, after)]
    pairing = Pairing(county)
    cells = set(cells_of(rest[0])) | set(cells_of(rest[1]))
    numbers: dict[_Name, int] = {}
    rows: list[tuple[int, int, int, int, int, float, int, float]] = []
    for cell, one, other, people in pairing.exchanges(rest[0], rest[1], people_in_cells(county, rest[0], cells)):
        group = numbers.setdefault(_name(pairing, one, other), len(numbers))
        rows += _rows(cell, one, -people, group, people)
        rows += _rows(cell, other, people, group, 0.0 if one else people)
    table = pd.DataFrame(rows, columns=[*_COLUMNS, "people", "group", "goes_over"])
    tables = [table.astype(dict.fromkeys((*_COLUMNS, "group"), "int64"))]
    for block in _blocks(county, at_once):
        mine = [part[np.isin(place[part["stratum"].to_numpy(dtype=int)], block)] for part in whole]
        name = _block_name(county, block, *mine)
        group = numbers.setdefault(name, len(numbers))
        for sign, part in zip((-1.0, 1.0), mine, strict=True):
            over = part["people"] if sign < 0 else 0.0
            tables.append(part.assign(people=sign * part["people"], group=group, goes_over=over))
    return list(numbers), pd.concat(tables, ignore_index=True)


_COLUMNS = ("stratum", "entry", "cover", "start", "package")


def _rows(
    cell: Cell, schedule: Schedule, people: float, group: int, over: float
) -> list[tuple[int, int, int, int, int, float, int, float]]:
    return [
        (*cell, start, package, people, group, over if n == 0 else 0.0) for n, (start, package) in enumerate(schedule)
    ]


def _name(pairing: Pairing, one: Schedule, other: Schedule) -> _Name:
    """Services of which the one has more than the other, and the other way round."""
    a, b = ([name for _, name in pairing.services(schedule)] for schedule in (one, other))
    stop, start = _more(a, b), _more(b, a)
    return _Name(stop, start, () if stop or start else tuple(sorted(set(a))))


def _more(these: list[str], those: list[str]) -> Services:
    return tuple(sorted(name for name in set(these) if these.count(name) > those.count(name)))


def _blocks(county: County, at_once: np.ndarray) -> list[list[int]]:
    """Places that go over at once: each by itself, or all together where offers are the same everywhere."""
    numbers = np.flatnonzero(at_once).tolist()
    together = county.plan.record.fairness.offers == "same_everywhere"
    return ([numbers] if numbers else []) if together else [[n] for n in numbers]


def _block_name(county: County, block: list[int], before: pd.DataFrame, after: pd.DataFrame) -> _Name:
    amounts = [tally(county, part).started[0].sum(axis=(1, 2)) for part in (before, after)]
    change, ids = amounts[1] - amounts[0], county.family.ids
    stop, start = (tuple(ids[i] for i in np.flatnonzero(sign * change > 1e-9)) for sign in (-1, 1))
    return _Name(stop, start, whole_places=tuple(county.strata.places[n] for n in block))


def _paired(names: list[_Name], groups: Tally, ids: Services) -> list[Move]:
    """Groups that need money with groups that free it, pound for pound; the rest by themselves."""
    cost, value = groups.cost, groups.value
    worth = np.where(np.abs(cost) > PENNY, value / np.where(np.abs(cost) > PENNY, cost, 1.0), 0.0)
    needs = sorted(np.flatnonzero(cost > PENNY).tolist(), key=lambda g: (-worth[g], names[g]))
    frees = sorted(np.flatnonzero(cost < -PENNY).tolist(), key=lambda g: (worth[g], names[g]))
    left = np.abs(cost)
    found: list[Move] = []

    def move(pounds: float, *chosen: int) -> None:
        parts = np.zeros(len(groups))
        for g in chosen:
            parts[g] = min(1.0, pounds / abs(cost[g])) if abs(cost[g]) > PENNY else 1.0
            left[g] = 0.0 if parts[g] == 1.0 else left[g] - pounds
        found.append(_move(names, groups, ids, parts, pounds))

    for g in np.flatnonzero(np.abs(cost) <= PENNY).tolist():
        move(0.0, g)
    while needs and frees:
        pounds = float(min(left[needs[0]], left[frees[0]]))
        if pounds > 0:
            move(pounds, needs[0], frees[0])
        for side in (needs, frees):
            if left[side[0]] <= PENNY * 1e-6:
                side.pop(0)
    for g in (*needs, *frees):
        move(float(left[g]), g)
    return _whole(names, groups, ids, found)


def _whole(names: list[_Name], groups: Tally, ids: Services, found: list[Move]) -> list[Move]:
    """The moves with parts of every group that add up to all of it, whatever was rounded on the way."""
    total = sum((move.parts for move in found), np.zeros(len(groups)))
    scale = 1 / np.where(total > 0, total, 1.0)
    return [_move(names, groups, ids, move.parts * scale, move.money) for move in found]


def _move(names: list[_Name], groups: Tally, ids: Services, parts: Floats, pounds: float) -> Move:
    chosen, amounts = [names[g] for g in np.flatnonzero(parts).tolist()], groups.weighed(parts)
    spend = amounts.spend[0].sum(axis=(1, 2))
    least = max(PENNY, SMALL_PART * float(np.abs(spend).max(initial=0.0)))
    order = np.argsort(-np.abs(spend), kind="stable").tolist()
    stop, start = (tuple(ids[i] for i in order if sign * spend[i] > least) for sign in (-1, 1))
    if not stop and not start:
        stop = start = tuple(sorted({name for one in chosen for name in (*one.stop, *one.start, *one.same)}))
    return Move(
        stop,
        start,
        tuple(sorted({place for one in chosen for place in one.whole_places})),
        pounds,
        float(amounts.cost[0]),
        float(amounts.people[0]),
        float(amounts.value[0]),
        float(amounts.admissions[0]),
        parts,
    )


def _merged(names: list[_Name], groups: Tally, ids: Services, found: list[Move]) -> list[Move]:
    """Moves whose largest services are the same, as one."""
    same: dict[tuple[Services, Services, tuple[str, ...]], Move] = {}
    for one in found:
        key = one.stop[:1], one.start[:1], one.whole_places
        was = same.get(key)
        same[key] = _move(names, groups, ids, one.parts + was.parts, one.money + was.money) if was else one
    return list(same.values())
