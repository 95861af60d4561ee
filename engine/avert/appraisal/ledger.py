"""What an allocation does: who is offered what, who takes part, what it costs, what it averts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from avert.packages import County, events_averted, survival
from avert.pathway.groups import Floats


@dataclass(frozen=True)
class Ledger:
    """People offered packages, stratum by stratum; everything else is counted from them.

    `offers` has the columns stratum, entry, start (numbers of years), package (row of the family) and
    people (counted at the cohort's entry).
    """

    county: County
    offers: pd.DataFrame

    @cached_property
    def participants(self) -> pd.DataFrame:
        """intervention, stratum, first, year, people offered then, participants then, spend [pounds].

        One row for each year a service is in force for those it was offered to; `first` marks the year it
        starts, later rows carry follow-on cost only.  Follow-on cost past the plan's end, where benefits
        there count, is paid in its last year.
        """
        county, years = self.county, len(self.county.years)
        alive = survival(county, county.groups.years)
        rows = []
        for offer in self.offers.itertuples(index=False):
            for bit in np.flatnonzero(county.family.members[offer.package]).tolist():
                for year in range(offer.start, min(offer.start + int(county.in_force[bit]), county.groups.years)):
                    people = offer.people * alive[offer.stratum, year - offer.entry]
                    taking = people * county.uptake[bit]
                    each = county.cost[bit] if year == offer.start else county.follow_on_cost[bit]
                    first, due = year == offer.start, min(year, years - 1)
                    rows.append((county.family.ids[bit], offer.stratum, first, due, people, taking, taking * each))
        names = ["intervention", "stratum", "first", "year", "people_offered", "participants", "spend"]
        return pd.DataFrame(rows, columns=names)

    @cached_property
    def averted(self) -> dict[str, Floats]:
        """Event → (strata, years): events averted, harm negative, against nothing being bought."""
        return {event: self._averted(event, self.offers["package"].to_numpy()) for event in self.county.pathway.events}

    def averted_with(self, packages: np.ndarray) -> dict[str, float]:
        """Event → events averted within the plan's years, had each row of `offers` been of another package."""
        years = len(self.county.years)
        return {event: float(self._averted(event, packages)[:, :years].sum()) for event in self.county.pathway.events}

    def averted_by_row(self, event: str, packages: np.ndarray) -> Floats:
        """(rows, years): events averted by each row of `offers`, had it been of the given package."""
        county, years = self.county, len(self.county.years)
        span = years + county.plan.record.years_counted_beyond
        result = np.zeros((len(self.offers), span))
        entry, start = self.offers["entry"].to_numpy(), self.offers["start"].to_numpy()
        stratum, people = self.offers["stratum"].to_numpy(), self.offers["people"].to_numpy()
        distinct, which = np.unique(packages, return_inverse=True)
        for first, begun in sorted(set(zip(entry.tolist(), start.tolist(), strict=True))):
            here = (entry == first) & (start == begun)
            for year in range(begun, span):
                each = events_averted(county, event, distinct, entry=first, start=begun, year=year)
                result[here, year] = people[here] * each[which[here], stratum[here]]
        return result

    def _averted(self, event: str, packages: np.ndarray) -> Floats:
        by_row = self.averted_by_row(event, packages)
        total = np.zeros((len(self.county.strata), by_row.shape[1]))
        np.add.at(total, self.offers["stratum"].to_numpy(), by_row)
        return total

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


def ledger_of(county: County, table: pd.DataFrame) -> Ledger:
    """A ledger over rows of (stratum, entry, start, package, people), in that order, empty rows left out."""
    names = ["stratum", "entry", "start", "package", "people"]
    kept = table.loc[table["people"] > 0, names].sort_values(names[:4], kind="stable")
    kept = kept.astype(dict.fromkeys(names[:4], "int64"))
    return Ledger(county, kept.reset_index(drop=True))
