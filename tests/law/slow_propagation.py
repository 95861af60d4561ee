"""Propagation once more, slowly: a plain recursion over nodes, sets and years for one group of people.

Written from the formulas of the method alone, on the plain data of a world.

    θ_v(T) = Π own_i,v · Π over parents u of [ 1 − A(u→v) · (1 − θ_u(T∖M_v)^p) ]
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import exp
from typing import Any

from random_worlds import World
from slow_effects import Own, at_age, edge_ratio, effects_on
from slow_rates import Rates

Services = frozenset[str]


@dataclass
class OneGroup:
    """One age band and one risk profile, so many years after joining a cohort when the offer comes."""

    rates: Rates
    age: str
    has: frozenset[str]
    wait: int = 0
    begun: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Service on the whole place → the years, counted from the offer, in which it was begun there."""
    known: dict[tuple[str, Services, int], float] = field(default_factory=dict)

    @property
    def world(self) -> World:
        """The plain data it all comes from."""
        return self.rates.world

    def offered(self, event: str, package: Services, since: int) -> float:
        """θ(P) = Σ over subsets T of P of Pr(T) · θ(T)."""
        return sum(chance * self.left(event, taken, since) for taken, chance in self._taken(package).items())

    def left(self, node: str, taken: Services, since: int) -> float:
        """θ of a node (for a continuous one its change) in a year since the start, for those who take part."""
        key = node, taken, since
        if key not in self.known:
            self.known[key] = self._worked_out(node, taken, since)
        return self.known[key]

    def strength(self, service: str, since: int) -> float:
        """Strength in a year since the offer; of a service on the whole place, whatever is left of each of its runs."""
        runs = self.begun.get(service, (0,))
        return sum(self._strength_of_run(service, since - begun) for begun in runs if since >= begun)

    def _strength_of_run(self, service: str, since: int) -> float:
        """w(t) = delivery · realism · overlap of [t, t+1] with [onset, duration] · (1 − decay)^t."""
        one = self.world.record(service)
        begins, ends = one["onset_months"]["value"] / 12, one["duration_years"]["value"]
        overlap = min(max(min(since + 1, ends) - max(since, begins), 0), 1)
        kept = (1 - one["decay_per_year"]["value"]) ** since
        return one["delivery"]["value"] * self.world.plan.get("realism", 1.0) * overlap * kept

    def _node(self, name: str) -> dict[str, Any]:
        return self.rates.node(name)

    def _worked_out(self, node: str, taken: Services, since: int) -> float:
        own = {s: effects_on(self.world, self.world.record(s)).get(node) for s in taken}
        used: dict[str, Own] = {service: one for service, one in own.items() if one}
        if self._node(node).get("form") == "continuous":
            return sum(self.strength(service, since) * one.value for service, one in used.items())
        result = 1.0
        for service, one in used.items():
            result *= 1 - self.strength(service, since) * (1 - one.value)
        upstream = frozenset(s for s in taken if not (s in used and used[s].total))
        for edge in self.world.edges:
            if edge["to"] == node:
                result *= self._through(edge, upstream, since)
        return result

    def _through(self, edge: dict[str, Any], taken: Services, since: int) -> float:
        """What an edge lets through, `lag` years late: a part-year lag is split between two years."""
        whole, part = divmod(edge["lag_years"]["value"], 1)
        early, late = since - int(whole), since - int(whole) - 1
        if self._node(edge["from"]).get("form") == "continuous":
            steps = (1 - part) * self._change(edge, taken, early) + part * self._change(edge, taken, late)
            exponent = steps * edge["reversible"]["value"] / edge["per"]["value"]
            return edge_ratio(edge, self.age) ** exponent
        return 1 - (1 - part) * self._prevented(edge, taken, early) - part * self._prevented(edge, taken, late)

    def _change(self, edge: dict[str, Any], taken: Services, since: int) -> float:
        return self.left(edge["from"], taken, since) if since >= 0 else 0.0

    def _prevented(self, edge: dict[str, Any], taken: Services, since: int) -> float:
        """A(u→v) times what is prevented of u, an onset's averaged over the years since the start."""
        if since < 0:
            return 0.0
        source = edge["from"]
        if edge["measure"] == "share":
            power = edge["pass_through"]["value"]
            through = at_age(edge["estimate"], self.age) * self._rho(source, since) ** power
            part = through / (1 - at_age(edge["estimate"], self.age) + through)
            return part * (1 - self.left(source, taken, since) ** power)
        if self._node(source)["form"] == "onset":
            lives = [1 - self.left(source, taken, year) for year in range(since + 1)]
            return self._influence(edge, since) * sum(lives) / len(lives)
        return self._influence(edge, since) * (1 - self.left(source, taken, since))

    def _influence(self, edge: dict[str, Any], since: int) -> float:
        """A(u→v) of a ratio: the part of v's rate that hangs on u, of an onset as far as it has begun."""
        source, node = edge["from"], self._node(edge["from"])
        common, extra = at_age(node["prevalence"], self.age), edge_ratio(edge, self.age) - 1
        begun = 1 - exp(-(since + 0.5) / node["years_lived"]["value"]) if node["form"] == "onset" else 1.0
        if not node.get("stratifies"):
            common *= self._rho(source, since)
            part = common * extra / (1 + common * extra)
        elif node["form"] == "onset":
            part = 0.0 if source in self.has else common / (1 - common) * extra * self._rho_of_free(source, since)
        else:
            here = self.rates.membership(source, self.age, self.has, self.wait + since)
            part = here * extra / (1 + here * extra)
        return edge["reversible"]["value"] * begun * part

    def _rho_of_free(self, onset: str, since: int) -> float:
        """ρ over its mean among people of the age who are free of the onset at the start."""
        free = {p: s for (age, p), s in self.rates.shares.items() if age == self.age and onset not in p}
        mean = sum(s * self.rates.rho(onset, self.age, p, 0) for p, s in free.items()) / (sum(free.values()) or 1.0)
        return self._rho(onset, since) / (mean or 1.0)

    def _rho(self, node: str, since: int) -> float:
        return self.rates.rho(node, self.age, self.has, self.wait + since)

    def _taken(self, package: Services) -> dict[Services, float]:
        uptake = {service: self.world.record(service)["uptake"]["value"] for service in package}
        if self.world.plan.get("take_up") == "same_people":
            # people stand in a row; the first u_i of them accept service i
            marks = sorted({0.0, 1.0, *uptake.values()})
            return {frozenset(s for s in package if uptake[s] >= high): high - low for low, high in pairwise(marks)}
        found = {}
        for size in range(len(package) + 1):
            for some in combinations(sorted(package), size):
                chance = 1.0
                for service in package:
                    chance *= uptake[service] if service in some else 1 - uptake[service]
                found[frozenset(some)] = chance
        return found
