"""The groups propagation runs over: age bands × profiles of stratifying factors, and two clocks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from avert.library.records import at_age
from avert.pathway.graph import Pathway, leading_to

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Groups:
    """Age bands × risk profiles, flattened with the profile running fastest.

    Arrays about groups have the shape (groups, waits, years): `waits` are whole years from joining
    a cohort to being offered a package, `years` whole years since the offer.  An axis along which
    nothing changes has length 1.
    """

    pathway: Pathway
    ages: tuple[str, ...]
    factors: tuple[str, ...]
    flags: NDArray[np.bool_]
    """(profiles, factors): who has what."""
    prevalences: dict[str, tuple[float, ...]]
    """Factor → its prevalence at each age, as the area or else the library states it."""
    shares: Floats
    """(ages, profiles): share of each profile among people of an age."""
    years: int

    def __len__(self) -> int:
        return len(self.ages) * len(self.flags)

    def counting(self, events: Collection[str]) -> Groups:
        """The same groups with only some of the events counted, and no more of the graph than leads to these."""
        return replace(self, pathway=leading_to(self.pathway, events))

    def has(self, factor: str) -> NDArray[np.bool_]:
        """(groups,): whether each group has a stratifying factor."""
        return np.tile(self.flags[:, self.factors.index(factor)], len(self.ages))

    def factors_of(self, group: int) -> str:
        """Ids of a group's factors joined by ' + '; empty for none."""
        flags = self.flags[group % len(self.flags)]
        return " + ".join(factor for factor, has in zip(self.factors, flags, strict=True) if has)

    def by_age(self, values: tuple[float, ...] | list[float]) -> Floats:
        """(groups, 1, 1): one value per age band, repeated over profiles."""
        return np.repeat(np.asarray(values, dtype=float), len(self.flags))[:, None, None]

    def prevalence(self, node: str) -> Floats:
        """(groups, 1, 1): how common a state is at each group's age."""
        return self.by_age(self.prevalences[node])

    def over_mean(self, values: Floats, free_of: str = "") -> Floats:
        """`values` (groups, …) over their mean among people of the same age at the start, or those free of a factor."""
        first = np.broadcast_to(values, (len(self), *values.shape[1:]))[:, 0, 0].reshape(self.shares.shape)
        people = self.shares * ~self.has(free_of).reshape(self.shares.shape) if free_of else self.shares
        whole = people.sum(axis=1)
        mean = (people * first).sum(axis=1) / np.where(whole > 0, whole, 1.0)
        return values / self.by_age(list(np.where(mean > 0, mean, 1.0)))

    def membership(self, factor: str) -> Floats:
        """(groups, waits, years) or (groups, 1, 1): expected share of a group that is in the state.

        1 or 0 at the start.  A state with persistence k passes and comes back, so after t years

            with at the start:     k^t + (1 − k^t) π
            without at the start:        (1 − k^t) π

        which leaves the age band's prevalence π as it was.
        """
        has = self.has(factor).astype(float)[:, None, None]
        persistence = self.pathway.node(factor).persistence
        if persistence is None:
            return has
        wait, since = np.arange(self.years)[:, None], np.arange(self.years)[None, :]
        kept = persistence.value ** (wait + since)[None, :, :]
        relaxed: Floats = has * kept + (1 - kept) * self.prevalence(factor)
        return relaxed


def groups_of(
    pathway: Pathway,
    ages: tuple[str, ...],
    flags: NDArray[np.bool_],
    shares: Floats,
    years: int,
    local_prevalences: dict[str, tuple[float, ...]] | None = None,
) -> Groups:
    """Groups over every profile in `flags`, with the library's prevalences unless the area gives its own."""
    prevalences = {}
    for name in pathway.order:
        known = pathway.node(name).prevalence
        if known is not None:
            prevalences[name] = tuple(at_age(known, age).value for age in ages)
    return Groups(pathway, ages, pathway.stratifying, flags, prevalences | (local_prevalences or {}), shares, years)
