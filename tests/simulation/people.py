"""People, one by one: what they have, what they take up, what risks they run with and without the services.

Each person lives the same years more than once: a *life* is told by the services left out of it.  Chance is
drawn once and shared by all lives of a person, so that lives part only where a service makes the difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

import numpy as np
from figures import Arrow, Figures, Floats, Service, meant_for
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Life = frozenset[str]
"""Ids of the services left out; those held today are called 'today' and their id."""
STEPS = 4
"""Steps a year, each seen from its middle."""


@dataclass
class People:
    """So many people of known age and profile, offered packages in known years."""

    figures: Figures
    age: NDArray[np.int64]
    """(people,): number of the age band."""
    profile: dict[str, Bools]
    """Factor that tells groups apart → who has it at the start."""
    offered: dict[str, Bools]
    """Service → who is offered it."""
    start: Floats
    """(people,): year of the offer."""
    rng: np.random.Generator
    usual: dict[str, Floats]
    """Node → (ages,) mean risk in the age band, against somebody without any risk; found where `weight` is given."""
    weight: Floats | None = None
    """(people,): how many real people each stands for while the usual risks are being found, else None."""
    services: dict[str, Service] = field(default_factory=dict)
    takes: dict[str, Bools] = field(default_factory=dict)
    held: dict[str, Floats] = field(default_factory=dict)
    """Service held today → for how many years each has had it."""
    mark: dict[str, Floats] = field(default_factory=dict)
    """State → a number from 0 to 1 drawn for each: a service takes the state from those whose mark is high."""
    chance: dict[str, Floats] = field(default_factory=dict)
    """State or onset → how likely each is to have it."""
    had: dict[str, dict[Life, list[Bools]]] = field(default_factory=dict)
    """State or onset → life → who has it at each step; of a state only the life without any service."""
    first_risk: dict[str, Floats] = field(default_factory=dict)
    step: int = -1
    """The last step begun; −1 at the start."""
    now: float = 0.0
    width: float = 1 / STEPS
    """The moment looked at, in years since the start, and how much time around it."""
    known: dict[tuple[str, str, Life, float], Floats] = field(default_factory=dict)
    """What has been worked out about this moment."""

    def __post_init__(self) -> None:
        self._take_up()
        self.nothing: Life = frozenset(self.services)
        self.as_now: Life = frozenset(self.figures.services)
        self._settle()

    def __len__(self) -> int:
        return len(self.age)

    # ---- the start ----

    def _take_up(self) -> None:
        """Who takes what they are offered, and who has a service already."""
        alike = self.rng.random(len(self))
        for name, one in self.figures.services.items():
            mood = alike if self.figures.same_people else self.rng.random(len(self))
            offered = self.offered.get(name, np.zeros(len(self), dtype=bool))
            self.services[name], self.takes[name] = one, offered & (mood < one.uptake)
            if one.reached.any():
                meant = meant_for(one, self.figures.ages, self.age, self.profile) & ~offered
                self.services[f"today {name}"] = one
                self.takes[f"today {name}"] = meant & (self.rng.random(len(self)) < one.reached[self.age])
                self.held[f"today {name}"] = self.rng.random(len(self)) * ceil(one.ends)

    def _settle(self) -> None:
        """Give people the states and onsets they have at the start, causes first."""
        for name, node in self.figures.nodes.items():
            if node.form == "continuous":
                continue
            risk = self.risk(name, self.nothing, 0.0)
            if self.weight is not None:
                self.usual[name] = self._mean(risk if node.kind != "event" else self.event_risk(name, self.as_now))
            if name not in self.figures.prevalence:
                continue
            common = self.figures.prevalence[name][self.age]
            against_usual = risk / self.usual[name][self.age]
            self.mark[name] = self.rng.random(len(self))
            if node.stratifies:
                odds, first = against_usual * common / (1 - common), self.profile[name]
                self.chance[name] = odds / (1 + odds) if node.form == "onset" else common
            else:
                self.chance[name] = np.minimum(common * against_usual, 0.99)
                first = self.rng.random(len(self)) < self.chance[name]
            self.had[name] = {self.nothing: [first]}

    def _mean(self, risk: Floats) -> Floats:
        assert self.weight is not None
        bands = [self.age == number for number in range(len(self.figures.ages))]
        return np.array([np.average(risk[mine], weights=self.weight[mine]) if mine.any() else 1.0 for mine in bands])

    # ---- a moment of a life, `ago` years before now ----

    def strength(self, service: str, ago: float) -> Floats:
        """(people,): share of a service's effect that those who take it feel."""
        key = "strength", service, Life(), ago
        if key in self.known:
            return self.known[key]
        one, who = self.services[service], np.flatnonzero(self.takes[service])
        if service in self.held:  # whoever ends is followed by somebody who begins
            since = self.held[service][who] - ago
            in_force: Floats | Bools = (since >= one.onset) & (since < one.ends)
        else:
            since = self.now - ago - self.start[who]
            first, last = since - self.width / 2, since + self.width / 2
            in_force = np.clip((np.minimum(last, one.ends) - np.maximum(first, one.onset)) / self.width, 0, 1)
        felt = np.zeros(len(self))
        felt[who] = one.delivery * (1 - one.decay) ** np.floor(np.maximum(since, 0)) * in_force
        self.known[key] = felt
        return felt

    def shift(self, factor: str, life: Life, ago: float) -> Floats:
        """(people,): by how much the services of a life change a continuous factor."""
        total = np.zeros(len(self))
        for name, one in self.services.items():
            if name not in life and factor in one.on:
                total += self.strength(name, ago) * one.on[factor]
        return total

    def risk(self, node: str, life: Life, ago: float) -> Floats:
        """(people,): how many times the risk of somebody without any factor or service each of them runs."""
        key = "risk", node, life, ago
        if key in self.known:
            return self.known[key]
        risk, shared = np.ones(len(self)), [np.ones(len(self))] * 3
        before = self.before(node, life)
        for arrow in self.figures.into[node]:
            size, then = arrow.size[self.age], ago + arrow.lag
            if arrow.kind == "share":
                occurs = self.risk(arrow.source, before, then) / self.usual[arrow.source][self.age]
                elsewhere, apart, overlapping = shared
                part = 1 - size + size * occurs**arrow.power
                shared = [elsewhere - size, apart + part - 1, overlapping * part]
            elif arrow.kind == "per unit":
                risk *= size ** (self.shift(arrow.source, before, then) * arrow.reversible / arrow.per)
            else:
                risk *= 1 + (size - 1) * self._felt(arrow, before, then)
        risk *= np.where(shared[0] > -1e-9, shared[1], shared[2])  # parts of more than all overlap
        for name, one in self.services.items():
            if name not in life and node in one.on:
                risk *= 1 - self.strength(name, ago) * (1 - one.on[node])
        self.known[key] = risk
        return risk

    def _felt(self, arrow: Arrow, life: Life, ago: float) -> Floats:
        """(people,): share of the excess risk each runs: of those rid of a factor the part that stays."""
        return arrow.reversible * self.has(arrow.source, life, ago) + (1 - arrow.reversible) * self.has(
            arrow.source, self.nothing, ago
        )

    def has(self, node: str, life: Life, ago: float) -> Bools:
        """(people,): who is in a state, or lives with what has begun."""
        then = max(0, self.step + 1 - round(ago * STEPS))
        if self.figures.nodes[node].form == "onset":
            course = self.had[node].get(life)  # until an onset's lives part there is one course only
            return (course or self.had[node][self.nothing])[then]
        naturally = self.had[node][self.nothing][then]
        if life == self.nothing:
            return naturally
        left = self.risk(node, life, ago) / self.risk(node, self.nothing, ago)
        chance = self.chance[node]
        others = self.mark[node] < (left - 1) * chance / (1 - chance)
        return np.where(naturally, self.mark[node] < left, others)

    def event_risk(self, event: str, life: Life) -> Floats:
        """(people,): the risk of an event, none for those who cannot have it."""
        barred = np.zeros(len(self), dtype=bool)
        for factor in self.figures.nodes[event].not_for:
            barred |= self.profile.get(factor, barred)
        return np.where(barred, 0.0, self.risk(event, life, 0.0))

    def before(self, node: str, life: Life) -> Life:
        """The life that leads up to a node: services with an estimate there of all they do have done nothing before."""
        return life | {name for name, one in self.services.items() if node in one.instead_of_chain}
