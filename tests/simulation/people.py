"""People, one by one: what they have, what they take up, what befalls them with and without the services.

Each person lives the same years more than once: a *life* is told by the services left out of it.  Chance is
drawn once and shared by all lives of a person, so that lives part only where a service makes the difference:

    states     some people have them from the start; a service takes a state away from some of them
    onsets     begin in people free of them, and end; a service keeps some from beginning
    admissions ring like a bell at the highest rate of any life; a ring is an admission in a life if a mark
               drawn with it lies below that life's rate
"""

from __future__ import annotations

from collections.abc import Sequence
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
    """Node → (ages,) mean risk in the age band, against somebody with no risk at all; filled by `settle`."""
    weight: Floats | None = None
    """(people,): how many real people each stands for while the usual risks are being found, else None."""
    services: dict[str, Service] = field(default_factory=dict)
    takes: dict[str, Bools] = field(default_factory=dict)
    held: dict[str, Floats] = field(default_factory=dict)
    """Service held today → for how many years each has had it."""
    mark: dict[str, Floats] = field(default_factory=dict)
    chance: dict[str, Floats] = field(default_factory=dict)
    had: dict[str, dict[Life, list[Bools]]] = field(default_factory=dict)
    """State or onset → life → who has it at each step; of a state only the life without any service."""
    step: int = -1
    now: float = 0.0
    width: float = 1 / STEPS
    known: dict[tuple[str, str, Life, float], Floats] = field(default_factory=dict)

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
        one = self.services[service]
        if service in self.held:  # whoever ends is followed by somebody who begins
            since = self.held[service] - ago
            in_force = (since >= one.onset) & (since < one.ends)
        else:
            since = self.now - ago - self.start
            first, last = since - self.width / 2, since + self.width / 2
            in_force = np.clip((np.minimum(last, one.ends) - np.maximum(first, one.onset)) / self.width, 0, 1)
        kept = (1 - one.decay) ** np.floor(np.maximum(since, 0))
        return np.where(self.takes[service], one.delivery * kept * in_force, 0.0)

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
        risk, elsewhere, through = np.ones(len(self)), np.ones(len(self)), np.zeros(len(self))
        before = life_before(self, node, life)
        for arrow in self.figures.into[node]:
            size, then = arrow.size[self.age], ago + arrow.lag
            if arrow.kind == "share":
                occurs = self.risk(arrow.source, before, then) / self.usual[arrow.source][self.age]
                elsewhere, through = elsewhere - size, through + size * occurs**arrow.power
            elif arrow.kind == "per unit":
                risk *= size ** (self.shift(arrow.source, before, then) * arrow.reversible / arrow.per)
            else:
                risk *= 1 + (size - 1) * self._felt(arrow, before, then)
        risk *= elsewhere + through
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

    # ---- time goes by ----

    def live(self, rate: dict[str, Floats], years: int, often: int, dying: Floats, all_year: bool) -> dict[str, Floats]:
        """Event → (years, people) admissions without the services less those with them.

        `rate` holds each person's yearly number of events at the usual risk.  Bells ring `often` times as often as
        in life and a ring counts for 1/often: admissions change nothing that follows, so the count is only smoother.
        People die at the turn of the year or, if `all_year`, at any time.
        """
        averted = {event: np.zeros((years, len(self))) for event in rate}
        alive = np.ones(len(self), dtype=bool)
        self._part_lives()
        for self.step in range(-1, years * STEPS):
            if self.step >= 0:
                self._look(self.step + 0.5, 1)
                for event, usual in rate.items():
                    without, with_them = (usual * self.event_risk(event, life) for life in (self.as_now, Life()))
                    averted[event][self.step // STEPS] += self._rings(without, with_them, alive, often)
            turn, whole = (self.step + 1) % STEPS == 0 and self.step >= 0, 1 if self.step >= 0 else 0.5
            self._look(self.step + 1 if whole == 1 else 0.25, whole)  # from the middle of this step to that of the next
            self._conditions_begin_and_end(whole / STEPS)
            if all_year or turn:
                alive &= self.rng.random(len(self)) < (1 - dying) ** (whole / STEPS if all_year else 1)
            self._states_pass(turn)
        return averted

    def _look(self, step: float, wide: float) -> None:
        """Turn to another moment, so many steps after the start, and to the time around it."""
        self.now, self.width = step / STEPS, wide / STEPS
        self.known.clear()

    def _rings(self, without: Floats, with_them: Floats, alive: Bools, often: int) -> Floats:
        """(people,): admissions without less admissions with the services in this step."""
        highest = np.maximum(without, with_them)
        rings = np.repeat(np.arange(len(self)), self.rng.poisson(highest * alive * often / STEPS))
        mark = self.rng.random(len(rings)) * highest[rings]
        difference = (mark < without[rings]).astype(float) - (mark < with_them[rings])
        return np.bincount(rings, difference, len(self)) / often

    def _part_lives(self) -> None:
        """Let every onset have a course in every life in which something asks for it."""
        asked, seen = [(event, life) for event in self.figures.events for life in (self.as_now, Life())], set()
        while asked:
            node, life = asked.pop()
            if (node, life) in seen:
                continue
            seen.add((node, life))
            if self.figures.nodes[node].form == "onset" and node in self.had:
                self.had[node].setdefault(life, [self.had[node][self.nothing][0]])
            before = life_before(self, node, life)
            asked += [(arrow.source, one) for arrow in self.figures.into[node] for one in (before, self.nothing)]

    def _conditions_begin_and_end(self, time: float) -> None:
        """Those free of an onset may get it, at a pace that keeps it as common as it is; those with it may lose it.

        Where people are told apart by it, those who have it from the start have it for good.
        """
        for node, lives in self.had.items():
            record = self.figures.nodes[node]
            if record.form != "onset" or record.years_lived is None:
                continue
            lasts, odds = record.years_lived.value, self.chance[node] / (1 - self.chance[node])
            first = odds / self._risk_at_start(node)
            begins = self.rng.random(len(self))
            ends = self.rng.random(len(self)) < 1 - np.exp(-time / lasts)
            if record.stratifies:
                ends &= ~self.profile[node]
            for life, course in lives.items():
                pace = first * self.risk(node, life, 0.0) / lasts
                course.append(np.where(course[-1], ~ends, begins < 1 - np.exp(-pace * time)))

    def _risk_at_start(self, node: str) -> Floats:
        self.first_risk: dict[str, Floats] = getattr(self, "first_risk", {})
        return self.first_risk.setdefault(node, self.risk(node, self.nothing, 0.0))

    def _states_pass(self, turn: bool) -> None:
        """At the turn of the year a state that passes is drawn anew for those who do not keep it."""
        for node, lives in self.had.items():
            record, now = self.figures.nodes[node], lives[self.nothing][-1]
            if record.form != "state":
                continue
            if turn and record.persistence is not None:
                kept = self.rng.random(len(self)) < record.persistence.value
                now = np.where(kept, now, self.rng.random(len(self)) < self.chance[node])
            lives[self.nothing].append(now)


def life_before(people: People, node: str, life: Life) -> Life:
    """The life that leads up to a node: services with an estimate of all they do to it have done nothing before it."""
    return life | {name for name, one in people.services.items() if node in one.instead_of_chain}


def profiles_of(factors: Sequence[str], names: Sequence[frozenset[str]], repeat: int) -> dict[str, Bools]:
    """Factor → who has it, `repeat` people of each named profile in turn."""
    return {factor: np.repeat(np.array([factor in one for one in names], dtype=bool), repeat) for factor in factors}
