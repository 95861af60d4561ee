"""How much commoner a condition or an event is in one group than in its age band, slowly, from the plain data.

ρ_v = Π over parents u of what u makes of it, over its mean among people of that age at the start
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from random_worlds import World
from slow_effects import at_age, edge_ratio

from avert.packages import County

Profile = frozenset[str]


def profile_of(county: County, group: int) -> tuple[str, Profile]:
    """Age band of a group and the factors it has."""
    age, row = divmod(group % len(county.groups), len(county.groups.flags))
    has = county.groups.flags[row]
    return county.groups.ages[age], frozenset(f for f, here in zip(county.groups.factors, has, strict=True) if here)


@dataclass
class Rates:
    """ρ of every node for every profile, with `shares`: (age, profile) → share of that age."""

    world: World
    shares: dict[tuple[str, Profile], float]
    known: dict[tuple[str, str, Profile, int], float] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World, county: County) -> Rates:
        """With the shares of profiles the county has."""
        shares = county.groups.shares.reshape(-1)
        return cls(world, {profile_of(county, group): float(share) for group, share in enumerate(shares)})

    def node(self, name: str) -> dict[str, Any]:
        """The record of a node."""
        return next(one for one in self.world.nodes if one["id"] == name)

    def membership(self, name: str, age: str, has: Profile, elapsed: int) -> float:
        """Chance that someone of a profile is in a state so many years on: a state that passes comes back."""
        node = self.node(name)
        kept = at_age(node["persistence"], age) ** elapsed if "persistence" in node else 1.0
        return float(name in has) * kept + (1 - kept) * at_age(node["prevalence"], age)

    def rho(self, name: str, age: str, has: Profile, elapsed: int) -> float:
        """Rate of a node in a group over the mean of its age band."""
        key = name, age, has, elapsed
        if key not in self.known:
            mean = sum(
                share * self._product(name, age, profile, 0)
                for (band, profile), share in self.shares.items()
                if band == age
            )
            self.known[key] = self._product(name, age, has, elapsed) / (mean or 1.0)
        return self.known[key]

    def _product(self, name: str, age: str, has: Profile, elapsed: int) -> float:
        if any(barred in has for barred in self.node(name).get("not_for", [])):
            return 0.0
        result = 1.0
        for edge in self.world.edges:
            if edge["to"] == name:
                result *= self._made_of_it(edge, age, has, elapsed)
        return result

    def _made_of_it(self, edge: dict[str, Any], age: str, has: Profile, elapsed: int) -> float:
        source = edge["from"]
        node = self.node(source)
        if edge["measure"] == "share":
            part = at_age(edge["estimate"], age)
            return 1 - part + part * self.rho(source, age, has, elapsed) ** edge["pass_through"]["value"]
        if node["form"] == "continuous":
            return 1.0
        if node.get("stratifies"):
            common = self.membership(source, age, has, elapsed)
        else:
            common = at_age(node["prevalence"], age) * self.rho(source, age, has, elapsed)
        return 1 + common * (edge_ratio(edge, age) - 1)
