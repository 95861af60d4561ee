"""What an allocation does: who is offered what, who takes part, what it costs, what it averts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from avert.packages import County, covers_of, survival
from avert.packages.rows import Rows, averted_by_row, parts_of
from avert.packages.worth import rows_of
from avert.pathway.groups import Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Ledger:
    """People offered packages, stratum by stratum; everything else is counted from them.

    `offers` has the columns stratum, entry, start (numbers of years), package (row of the family), cover
    (services on the whole place beside which it is offered; see `packages.covers`) and people (counted
    at the cohort's entry).  A row of the empty package is people under a cover.
    """

    county: County
    offers: pd.DataFrame
    start_up: Mapping[tuple[str, str, int], float] = field(default_factory=dict)
    """(service, place, year) → pounds paid to open it there, spread over those who start it there then.

    Where nobody does (a service open everywhere, or opened ahead of time), over everyone there it is meant for.
    """

    @cached_property
    def participants(self) -> pd.DataFrame:
        """intervention, stratum, first, year, people offered then, participants then, spend [pounds].

        One row for each year a service is in force for those it was offered to; `first` marks the year it
        starts, later rows carry follow-on cost only.  Follow-on cost past the plan's end, where benefits
        there count, is paid in its last year.
        """
        county, last = self.county, len(self.county.years) - 1
        alive = survival(county, county.groups.years)
        served, bit, begins = self.services
        column = {name: self.offers[name].to_numpy()[served] for name in ("stratum", "entry", "people")}
        lasts = np.minimum(county.in_force.astype(np.int64)[bit], county.groups.years - begins)
        row = np.repeat(np.arange(len(served)), lasts)
        since = np.arange(len(row)) - np.repeat(np.cumsum(lasts) - lasts, lasts)
        stratum, bit, first = column["stratum"][row], bit[row], since == 0
        year = begins[row] + since
        people = column["people"][row] * alive[stratum, year - column["entry"][row]]
        taking = people * county.uptake[bit]
        spend = taking * np.where(first, county.cost[bit], county.follow_on_cost[bit])
        if self.start_up:
            spend, unused = self._setting_up(bit, stratum, year, spend, np.where(first, taking, 0.0))
            bit, stratum, year = (np.concatenate(pair) for pair in zip((bit, stratum, year), unused[:3], strict=True))
            nobody = np.zeros(len(unused[0]))
            spend, people, taking = (np.append(one, more) for one, more in
                                     ((spend, unused[3]), (people, nobody), (taking, nobody)))  # fmt: skip
            first = np.append(first, nobody > 0)
        return pd.DataFrame(
            {
                "intervention": np.array(county.family.ids, dtype=object)[bit],
                "stratum": stratum,
                "first": first,
                "year": np.minimum(year, last),
                "people_offered": people,
                "participants": taking,
                "spend": spend,
            }
        )

    def _setting_up(
        self, bit: Ints, stratum: Ints, year: Ints, spend: Floats, starting: Floats
    ) -> tuple[Floats, tuple[Ints, Ints, Ints, Floats]]:
        """Spend with start-up cost · share of those who start the service in the place and year; and further rows

        of (service, stratum, year, pounds) for what is opened where nobody starts it then.
        """
        county, total = self.county, spend.copy()
        place = county.strata.place[stratum]
        unused: list[tuple[Ints, Ints, Ints, Floats]] = []
        for (service, where, when), pounds in self.start_up.items():
            number, here = county.family.ids.index(service), county.strata.places.index(where)
            share = np.where((bit == number) & (place == here) & (year == when), starting, 0.0)
            if share.sum():
                total += pounds * share / share.sum()
                continue
            meant = np.flatnonzero((county.strata.place == here) & county.family.eligible[number][county.strata.group])
            meant = meant if len(meant) else np.flatnonzero(county.strata.place == here)
            heads = county.strata.people[meant]
            part = heads / heads.sum() if heads.sum() else np.full(len(meant), 1 / len(meant))
            unused.append((np.full(len(meant), number), meant, np.full(len(meant), when), pounds * part))
        none = (np.zeros(0, int), np.zeros(0, int), np.zeros(0, int), np.zeros(0))
        bits, strata, years, paid = (np.concatenate(parts) for parts in zip(none, *unused, strict=True))
        return total, (bits, strata, years, paid)

    @cached_property
    def services(self) -> tuple[Ints, Ints, Ints]:
        """(services offered,) thrice: the row of `offers`, which intervention it holds, and the year it begins."""
        rows = self._rows
        served, bit = np.nonzero(self.county.family.members[rows.package])
        found = [(served, bit, rows.start[served])]
        covered = np.flatnonzero((rows.package == 0) & (rows.cover > 0))
        for mine, part in parts_of(self.county, rows[covered]) if len(covered) else ():
            for acting, year in part:
                found.append((covered[mine], np.full(len(mine), acting), np.full(len(mine), year)))
        served, bit, start = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.lexsort((start, bit, served))
        return served[order], bit[order], start[order]

    @cached_property
    def _rows(self) -> Rows:
        names = ("stratum", "entry", "start", "package", "cover")
        return Rows(*(self.offers[name].to_numpy(dtype=np.int64) for name in names))

    @cached_property
    def averted(self) -> dict[str, Floats]:
        """Event → (strata, years): events averted, harm negative, against nothing being bought."""
        shape = len(self.county.strata), self.county.groups.years
        cell = (self._rows.stratum[:, None] * shape[1] + np.arange(shape[1])).ravel()
        found = {}
        for event, by_row in self._averted_by_row.items():
            summed = np.bincount(cell, by_row.ravel(), shape[0] * shape[1]).astype(np.float64, copy=False)
            found[event] = summed.reshape(shape)
        return found

    @cached_property
    def averted_alone(self) -> dict[str, Floats]:
        """Event → (interventions,): events averted in the plan's years, had each been offered alone to its people."""
        served, bit, begins = self.services
        return self._averted_of_services(self._alone(served, bit, begins))

    @cached_property
    def lost_without(self) -> dict[str, Floats]:
        """Event → (interventions,): events lost in the plan's years, were each left out of its packages.

        A service that acts on a whole place counts for what its cover averts, less what the rest of it would.
        """
        served, bit, begins = self.services
        left = self._averted_of_services(self._without(served, bit, begins))
        return {event: self._by_service(by_row[served]) - left[event] for event, by_row in self._averted_by_row.items()}

    def _averted_of_services(self, rows: Rows) -> dict[str, Floats]:
        people = self.offers["people"].to_numpy(dtype=float)[self.services[0]][:, None]
        return {
            event: self._by_service(people * averted_by_row(self.county, event, rows))
            for event in self.county.pathway.events
        }

    def _alone(self, served: Ints, bit: Ints, begins: Ints) -> Rows:
        """Every service offered by itself, under no cover but its own."""
        family, rows = self.county.family, self._rows[served]
        for_people = family.for_people[bit]
        package = np.where(for_people, rows_of(family, np.where(for_people, family.bits[bit], 0)), 0)
        own = {cover: number for number, cover in enumerate(covers_of(self.county))}
        cover = np.array(
            [0 if mine else own[((i, y),)] for mine, i, y in zip(for_people, bit, begins, strict=True)], int
        )
        return Rows(rows.stratum, rows.entry, begins, package, cover)

    def _without(self, served: Ints, bit: Ints, begins: Ints) -> Rows:
        """Every row without one of its services."""
        family, rows, covers = self.county.family, self._rows[served], covers_of(self.county)
        left = family.masks[rows.package] & ~np.where(family.for_people[bit], family.bits[bit], 0)
        number = {cover: n for n, cover in enumerate(covers)}
        cover, start = rows.cover.copy(), rows.start.copy()
        for n in np.flatnonzero(~family.for_people[bit]).tolist():
            rest = tuple(
                (i, year) for i, year in covers[cover[n]] if (i, year) != (bit[n], begins[n]) and year >= rows.entry[n]
            )
            cover[n], start[n] = number[rest], min((year for _, year in rest), default=start[n])
        return Rows(rows.stratum, rows.entry, start, rows_of(family, left), cover)

    def _by_service(self, averted: Floats) -> Floats:
        """(interventions,): Σ over the plan's years of `averted` (services offered, years)."""
        family, years = self.county.family, len(self.county.years)
        total = np.zeros(len(family.ids))
        np.add.at(total, self.services[1], averted[:, :years].sum(axis=1))
        return total

    @cached_property
    def _averted_by_row(self) -> dict[str, Floats]:
        """Event → (rows, years): events averted by each row of `offers`."""
        people = self.offers["people"].to_numpy(dtype=float)[:, None]
        return {event: people * averted_by_row(self.county, event, self._rows) for event in self.county.pathway.events}

    @cached_property
    def baseline(self) -> dict[str, Floats]:
        """Event → (strata, years): events expected if nothing changes, today's services going on."""
        return {
            event: self._expected(event) * self.county.strata.today[event][:, None]
            for event in self.county.pathway.events
        }

    def _expected(self, event: str) -> Floats:
        """(strata, years): events without any service, over all cohorts."""
        county, years = self.county, len(self.county.years)
        alive, rates = survival(county, years), county.strata.rates[event]
        total = np.zeros((len(county.strata), years))
        for entry, year in product(range(years), repeat=2):
            if entry <= year:
                since = year - entry
                total[:, year] += county.joined[:, entry] * alive[:, since] * rates[:, since]
        return total

    @property
    def stopped(self) -> dict[str, float]:
        """Event → events averted by today's services that stop, as a loss: 0 for additional money."""
        years = len(self.county.years)
        return {event: float((self.change[event] - self.averted[event][:, :years]).sum()) for event in self.change}

    @cached_property
    def change(self) -> dict[str, Floats]:
        """Event → (strata, years): events averted against today.

        For additional money that is what the allocation averts; where the money is for everything,
        what today's services avert now is lost first, unless they go on because the plan cannot buy them.
        """
        years = len(self.county.years)
        averted = {event: values[:, :years] for event, values in self.averted.items()}
        if self.county.plan.record.money_is == "additional":
            return averted
        places = len(self.county.strata.places)
        going_on = {event: np.tile(self.county.goes_on(event), places)[:, None] for event in averted}
        return {
            event: values - (self._expected(event) * going_on[event] - self.baseline[event])
            for event, values in averted.items()
        }


def ledger_of(
    county: County, table: pd.DataFrame, start_up: Mapping[tuple[str, str, int], float] | None = None
) -> Ledger:
    """A ledger over rows of (stratum, entry, start, package, cover, people), in that order, empty rows left out."""
    names = ["stratum", "entry", "start", "package", "cover"]
    kept = table.loc[table["people"] > 0, [*names, "people"]].sort_values(names, kind="stable")
    kept = kept.astype(dict.fromkeys(names, "int64"))
    return Ledger(county, kept.reset_index(drop=True), start_up or {})
