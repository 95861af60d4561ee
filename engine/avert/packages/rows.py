"""What rows of an allocation avert: people of a cohort offered a package, beside a cover or covered by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from avert.packages.county import County
from avert.packages.covers import Cover, beside, covers_of, reaching
from avert.packages.worth import averted_by_offer
from avert.pathway.groups import Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Rows of an allocation.  Arrays run over them; a row of the empty package is people under a cover."""

    stratum: Ints
    entry: Ints
    start: Ints
    package: Ints
    cover: Ints
    """Number of the cover in `covers_of` the county; 0 is the empty one."""

    def __getitem__(self, chosen: Ints) -> Rows:
        return Rows(*(getattr(self, name)[chosen] for name in ("stratum", "entry", "start", "package", "cover")))

    def __len__(self) -> int:
        return len(self.stratum)


def averted_by_row(county: County, event: str, rows: Rows) -> Floats:
    """(rows, years): events averted in each year of the plan per person of a row's cohort.

    Beside a cover an offer counts for what both avert less what the cover does; a row of the empty
    package counts for the cover itself.
    """
    result = np.zeros((len(rows), county.groups.years))
    for mine, part in parts_of(county, rows):
        some = rows[mine]
        seen = beside(county, part, int(some.start[0])) if part else county
        both = averted_by_offer(seen, event, some.package, some.stratum, some.entry, some.start)
        if part:
            nothing = np.zeros_like(some.package)
            alone = averted_by_offer(seen, event, nothing, some.stratum, some.entry, some.start)
            both = np.where(some.package[:, None] > 0, both - alone, both)
        result[mine] = both
    return result


def parts_of(county: County, rows: Rows) -> Iterator[tuple[Ints, Cover]]:
    """Rows (by number) that see the same part of the same cover, with that part; beside a cover, of one start."""
    plain = np.flatnonzero(rows.cover == 0)
    if len(plain):
        yield plain, ()
    covered = np.flatnonzero(rows.cover)
    if not len(covered):
        return
    covers = covers_of(county)
    keys = np.stack([rows.cover, rows.entry, rows.start], axis=1)[covered]
    for cover, entry, start in np.unique(keys, axis=0).tolist():
        same = covered[(keys == (cover, entry, start)).all(axis=1)]
        for part, groups in reaching(county, covers[cover], entry):
            mine = same[groups[rows.stratum[same] % len(county.groups)]]
            if len(mine):
                yield mine, part
