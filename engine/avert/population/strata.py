"""Strata: place × age band × risk profile, with people, deaths and event rates given today's services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from avert.errors import AvertError, NoFeasiblePlan
from avert.library.records import at_age
from avert.pathway import Groups, Pathway, groups_of, relative_rates
from avert.plan import Area, PlanInFull
from avert.plan.area import GivenStratum
from avert.population.profiles import Bools, Floats, all_profiles, profile_shares
from avert.units import PER_100_000


@dataclass(frozen=True)
class Strata:
    """People and rates of every stratum.  Arrays run over strata = places × groups (groups fastest)."""

    groups: Groups
    places: tuple[str, ...]
    people: Floats
    """(strata,): residents at the start of the plan."""
    death_chance: Floats
    """(strata,): chance of dying within a year."""
    growth: float
    """Yearly growth of every stratum's stock, as a share."""
    rates: dict[str, Floats]
    """Event → (strata, years): events per person-year without any service, t years after joining a cohort."""
    today: dict[str, Floats]
    """Event → (strata,): what today's services leave of those rates (1 where there are none)."""

    def __len__(self) -> int:
        return len(self.people)

    @property
    def place(self) -> np.ndarray:
        """(strata,): index of each stratum's place."""
        return np.repeat(np.arange(len(self.places)), len(self.groups))

    @property
    def group(self) -> np.ndarray:
        """(strata,): index of each stratum's group (age × profile)."""
        return np.tile(np.arange(len(self.groups)), len(self.places))

    @property
    def age(self) -> np.ndarray:
        """(strata,): index of each stratum's age band."""
        ages: np.ndarray = self.group // len(self.groups.flags)
        return ages

    def events_today(self, event: str) -> Floats:
        """(strata,): events a year at the start, given today's services: what is observed."""
        result: Floats = self.people * self.rates[event][:, 0] * self.today[event]
        return result


def plan_groups(plan: PlanInFull, pathway: Pathway, years: int) -> tuple[Groups, Floats]:
    """Groups of the plan's area and (ages, profiles) shares of each profile at each age."""
    area, library = plan.area, plan.library
    factors = pathway.stratifying
    flags = all_profiles(factors)
    local = {
        name: tuple(at_age(figures, age).value for age in area.ages)
        for name, figures in area.record.prevalence.items()
        if name in pathway.graph
    }
    groups = groups_of(pathway, area.ages, flags, years, local)
    return groups, _shares(area, groups, library.joint.odds_ratios)


def _shares(area: Area, groups: Groups, pairs: tuple) -> Floats:  # type: ignore[type-arg]
    if area.profiles:
        return np.array(
            [[_given_share(area.profiles[age], groups, row) for row in groups.flags] for age in groups.ages]
        )
    stated = {
        pair.factors: pair.odds_ratio.value for pair in pairs if set(pair.factors) <= set(groups.factors)
    }
    rows = []
    for number, _ in enumerate(groups.ages):
        margins = {factor: groups.prevalences[factor][number] for factor in groups.factors}
        rows.append(profile_shares(groups.factors, groups.flags, margins, stated))
    return np.array(rows)


def _given_share(profiles: Mapping[frozenset[str], float], groups: Groups, row: Bools) -> float:
    """Share of a profile in a joint table; factors the graph does not use are summed over."""
    wanted = {factor for factor, has in zip(groups.factors, row, strict=True) if has}
    return sum(share for profile, share in profiles.items() if set(profile) & set(groups.factors) == wanted)


def strata_of(plan: PlanInFull, groups: Groups, shares: Floats, today: Mapping[str, Floats]) -> Strata:
    """Strata whose rates add up to what is observed, given today's services.

    rate(g,a,r,e) = observed(g,a,e) · ρ(r,e) / Σ_r share(r) · ρ(r,e) · θ_today(r,e)

    `today` maps event → (groups,) of θ_today.  The observed rate is England's crude rate at that age,
    times the local over the England standardised rate where a local one is known.
    """
    area, pathway = plan.area, groups.pathway
    profiles = len(groups.flags)
    people = people_of(area, groups, shares)
    relative = relative_rates(groups)
    rates: dict[str, Floats] = {}
    for event in pathway.events:
        rho = np.broadcast_to(relative[event], (len(groups), groups.years, groups.years))[:, :, 0]
        rho = rho.reshape(len(groups.ages), profiles, groups.years)
        left = today[event].reshape(len(groups.ages), profiles)
        weight = (shares * rho[:, :, 0] * left).sum(axis=1)
        observed = _observed(plan, pathway, event, groups.ages)
        scale = observed / np.where(weight > 0, weight, 1.0)[None, :]
        rates[event] = (scale[:, :, None, None] * rho[None]).reshape(-1, groups.years)
    everywhere = {event: np.tile(left, len(area.places)) for event, left in today.items()}
    return Strata(
        groups,
        tuple(place.id for place in area.places),
        people,
        np.tile(_death_chances(area, groups, shares), len(area.places)),
        area.record.population_growth.value,
        _own_rates(rates, area, groups, everywhere),
        everywhere,
    )


def _observed(plan: PlanInFull, pathway: Pathway, event: str, ages: tuple[str, ...]) -> Floats:
    """(places, ages): events per person-year as observed."""
    england = pathway.node(event).england_rate
    assert england is not None  # every event states it
    national = np.array([at_age(england, age).value / PER_100_000 for age in ages])
    local = [plan.area.rates.get((place.id, event)) for place in plan.area.places]
    ratios = np.array([one.ratio if one else 1.0 for one in local])
    return ratios[:, None] * national[None, :]


def _death_chances(area: Area, groups: Groups, shares: Floats) -> Floats:
    """(groups,): m(a) · RR(r) / Σ_r share(r) · RR(r), so that each age band keeps its own chance."""
    ratio = np.ones((len(groups.ages), len(groups.flags)))
    for factor, group in area.record.deaths.groups.items():
        if factor in groups.factors:
            ratio = ratio * np.where(
                groups.flags[:, groups.factors.index(factor)], group.rate_ratio.value, 1.0
            )
    by_age = np.array([at_age(area.record.deaths.by_age, age).value for age in groups.ages])
    chances: Floats = by_age[:, None] * ratio / (shares * ratio).sum(axis=1, keepdims=True)
    if chances.max() > 1:
        raise AvertError(
            f"{area.record.id}: deaths of a group come to more than the whole group a year ({chances.max():.2f})"
        )
    return chances.reshape(-1)


def people_of(area: Area, groups: Groups, shares: Floats) -> Floats:
    """(places × groups,): residents × share of each profile, or the people of groups given outright."""
    if not area.strata:
        residents = np.array([[area.people[place.id, age] for age in groups.ages] for place in area.places])
        result: Floats = (residents[:, :, None] * shares[None]).reshape(-1)
        return result
    people = np.zeros(len(area.places) * len(groups))
    for given in area.strata:
        people[_where(given, area, groups)] += given.people
    return people


def _where(given: GivenStratum, area: Area, groups: Groups) -> int:
    profile = [factor in given.factors for factor in groups.factors]
    row = int(np.flatnonzero((groups.flags == profile).all(axis=1))[0])
    place = [one.id for one in area.places].index(given.place)
    return place * len(groups) + groups.ages.index(given.age) * len(groups.flags) + row


def _own_rates(
    rates: dict[str, Floats], area: Area, groups: Groups, today: Mapping[str, Floats]
) -> dict[str, Floats]:
    """The rates, except where a group given outright states its own (as observed, so given today's services)."""
    for given in area.strata:
        where = _where(given, area, groups)
        for event, observed in given.rates.items():
            if event in rates:
                calibrated = rates[event][where, 0] * today[event][where]
                rates[event][where] *= observed / PER_100_000 / calibrated if calibrated else 0.0
    return rates


def entrants(strata: Strata, years: int) -> Floats:
    """(strata, years): people who join each stratum at the start of each year, as cohorts with fixed membership.

    stock(s, y) − survivors(s, y), where the stock grows at the area's rate and each cohort is thinned
    by deaths.  Raises NoFeasiblePlan if a stratum would have to lose people otherwise than by death.
    """
    joined = np.zeros((len(strata), years))
    joined[:, 0] = strata.people
    survival = 1 - strata.death_chance
    survivors = strata.people.copy()
    for year in range(1, years):
        survivors = survivors * survival
        stock = strata.people * (1 + strata.growth) ** year
        new = stock - survivors
        if (new < -1e-9 * np.maximum(stock, 1)).any():
            raise NoFeasiblePlan(
                f"in year {year + 1} some groups would shrink faster than people die: the population is stated to change by "
                f"{strata.growth:.1%} a year. Check 'population_growth' and 'deaths' of the area."
            )
        joined[:, year] = np.maximum(new, 0)
        survivors = stock
    return joined
