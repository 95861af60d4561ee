"""Time goes by for simulated people, and is counted.

states     some people have them from the start; a service takes a state away from some of them
onsets     begin in people free of them, and end; a service keeps some from beginning
admissions ring like a bell at the highest rate of any life; a ring is an admission in a life if a mark
           drawn with it lies below that life's rate
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from figures import Floats
from people import STEPS, Bools, Life, People


@dataclass
class Living(People):
    """People whose years are lived through with and without the services they are offered."""

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
            before = self.before(node, life)
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
            first = odds / self.first_risk.setdefault(node, self.risk(node, self.nothing, 0.0))
            begins = self.rng.random(len(self))
            ends = self.rng.random(len(self)) < 1 - np.exp(-time / lasts)
            if record.stratifies:
                ends &= ~self.profile[node]
            for life, course in lives.items():
                pace = first * self.risk(node, life, 0.0) / lasts
                course.append(np.where(course[-1], ~ends, begins < 1 - np.exp(-pace * time)))

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
