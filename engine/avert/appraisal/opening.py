"""Where lumpy services are open under an allocation, and what it costs to open them.

A service is open where and when somebody starts it.  One without a smallest size stays open in between
and afterwards, so that it is set up once; one with a smallest size would have to be filled to stay open, so
it closes in a year in which nobody starts, and is set up again.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from avert.appraisal.ledger import Ledger
from avert.packages import County

SOMEBODY = 1e-9
"""Participants from which a service counts as started."""


class Openings:
    """Keeps track of what opens as people start services, year by year.  Places are (places,) flags."""

    def __init__(self, county: County) -> None:
        self.county = county
        self.people = county.strata.people.reshape(len(county.strata.places), -1).sum(axis=1)
        self.lumps = {
            bit: county.plan.record.lumpy[name]
            for bit, name in enumerate(county.family.ids)
            if name in county.plan.record.lumpy
        }
        self.started: set[tuple[int, int, int]] = set()
        """(service, number of the place or −1 for everywhere, year) in which somebody starts it."""

    def _where(self, bit: int, places: np.ndarray) -> list[int]:
        """Places, or everywhere, that a service opens in if somebody starts it in some places."""
        if bit not in self.lumps or not places.any():
            return []
        return [-1] if self.lumps[bit].opens == "everywhere" else np.flatnonzero(places).tolist()

    def note(self, bit: int, year: int, places: np.ndarray) -> None:
        """Somebody in these places starts a service in a year."""
        self.started |= {(bit, where, year) for where in self._where(bit, places)}

    def is_open(self, bit: int, where: int, year: int) -> bool:
        """Whether a service is open somewhere in a year, or has stayed open since it was."""
        if (bit, where, year) in self.started:
            return True
        stays = not self.lumps[bit].smallest and not self.lumps[bit].all_or_nothing
        return stays and any((bit, where, before) in self.started for before in range(year))

    def would_cost(self, bit: int, year: int, places: np.ndarray) -> float:
        """Pounds to open a service in some places, where it is not open yet."""
        fresh = [
            where
            for where in self._where(bit, places)
            if (bit, where, year) not in self.started and not (year and self.is_open(bit, where, year - 1))
        ]
        return self.lumps[bit].start_up * len(fresh) if fresh else 0.0

    def paid(self) -> dict[tuple[str, str, int], float]:
        """(service, place, year) → pounds to open it there; what opens everywhere is shared by heads."""
        found: dict[tuple[str, str, int], float] = {}
        heads, whole = self.people.tolist(), float(self.people.sum())
        for bit, where, year in sorted(self.started):
            pounds = self.lumps[bit].start_up
            if not pounds or (year and self.is_open(bit, where, year - 1)):
                continue
            parts = {where: 1.0} if where >= 0 else {n: one / whole for n, one in enumerate(heads)}
            for place, part in parts.items():
                found[self.county.family.ids[bit], self.county.strata.places[place], year] = pounds * part
        return found


def openings_of(county: County, started: np.ndarray) -> Openings:
    """What opens under `started`, participants by (services, places, years)."""
    openings = Openings(county)
    for bit in openings.lumps:
        for year in range(started.shape[2]):
            openings.note(bit, year, started[bit, :, year] > SOMEBODY)
    return openings


def with_openings(ledger: Ledger) -> Ledger:
    """The ledger with what it costs to open the lumpy services in it."""
    county = ledger.county
    if not any(lump.start_up for lump in county.plan.record.lumpy.values()):
        return ledger
    took = ledger.participants
    first = took[took["first"]]
    started = np.zeros((len(county.family.ids), len(county.strata.places), len(county.years)))
    bit = first["intervention"].map({name: n for n, name in enumerate(county.family.ids)}).to_numpy(dtype=int)
    place = county.strata.place[first["stratum"].to_numpy()]
    np.add.at(started, (bit, place, first["year"].to_numpy()), first["participants"].to_numpy())
    return replace(ledger, start_up=openings_of(county, started).paid())
