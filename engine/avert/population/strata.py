"""Strata: place × age band × risk profile, with people, deaths and event rates given today's services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from avert.errors import AvertError, NoFeasiblePlan
from avert.library.records import PairedOdds, at_age
from avert.pathway import Groups, Pathway, groups_of, node_rates
from avert.plan import Area, PlanInFull
from avert.plan.outright import GivenStratum
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


def plan_groups(plan: PlanInFull, pathway: Pathway, years: int) -> Groups:
    """Groups of the plan's area, with the share of each profile at each age.

    From groups given outright, else a joint table, else margins and pairwise odds ratios.  Of groups given
    outright only the profiles that occur are listed, so that a hundred groups may be told apart by a hundred
    factors.
    """
    area, library = plan.area, plan.library
    local = {
        name: tuple(at_age(figures, age).value for age in area.ages)
        for name, figures in area.record.prevalence.items()
        if name in pathway.graph
    }
    flags = profiles_that_occur(pathway.stratifying, area)
    even = np.full((len(area.ages), len(flags)), 1 / len(flags))
    groups = groups_of(pathway, area.ages, flags, even, years, local)
    found = replace(groups, shares=_shares(area, groups, library.joint.odds_ratios))
    return replace(found, prevalences=_as_counted(found)) if area.strata or area.profiles else found


def _as_counted(groups: Groups) -> dict[str, tuple[float, ...]]:
    """Prevalences of stratifying factors as the given groups have them, so that no two prevalences are in force.

    An age at which nobody lives keeps what the library or the area states; of mere groups neither says anything.
    """
    counted = {factor: groups.shares @ groups.flags[:, n] for n, factor in enumerate(groups.factors)}
    lived_in = groups.shares.sum(axis=1) > 0
    return groups.prevalences | {
        factor: tuple(np.where(lived_in, shares, groups.prevalences.get(factor, shares)).tolist())
        for factor, shares in counted.items()
    }


def profiles_that_occur(factors: tuple[str, ...], area: Area) -> Bools:
    """(profiles, factors): every combination, or those of the groups given outright; 'none of them' first."""
    if not area.strata:
        return all_profiles(factors)
    found = {tuple(factor in given.factors for factor in factors) for given in area.strata}
    return np.array(sorted(found), dtype=bool).reshape(len(found), len(factors))


def _shares(area: Area, groups: Groups, pairs: tuple[PairedOdds, ...]) -> Floats:
    if area.strata:
        given = people_of(area, groups).reshape(len(area.places), *groups.shares.shape).sum(axis=0)
        whole = given.sum(axis=1, keepdims=True)
        outright: Floats = given / np.where(whole > 0, whole, 1.0)
        return outright
    if area.profiles:
        return np.array(
            [[_given_share(area.profiles[age], groups, row) for row in groups.flags] for age in groups.ages]
        )
    stated = {pair.factors: pair.odds_ratio.value for pair in pairs if set(pair.factors) <= set(groups.factors)}
    rows = []
    for number, _ in enumerate(groups.ages):
        margins = {factor: groups.prevalences[factor][number] for factor in groups.factors}
        rows.append(profile_shares(groups.factors, groups.flags, margins, stated))
    return np.array(rows)


def _given_share(profiles: Mapping[frozenset[str], float], groups: Groups, row: Bools) -> float:
    """Share of a profile in a joint table; factors the graph does not use are summed over."""
    wanted = {factor for factor, has in zip(groups.factors, row, strict=True) if has}
    return sum(share for profile, share in profiles.items() if set(profile) & set(groups.factors) == wanted)


def strata_of(plan: PlanInFull, groups: Groups, today: Mapping[str, Floats]) -> Strata:
    """Strata whose rates add up to what is observed, given today's services.

    rate(g,a,r,e) = observed(g,a,e) · ρ(r,e) / Σ_r share(g,a,r) · ρ(r,e) · θ_today(r,e)

    `today` maps event → (groups,) of θ_today.  The observed rate is England's crude rate at that age,
    times the local over the England standardised rate where a local one is known; a group given
    outright keeps the rate it states.
    """
    area, pathway = plan.area, groups.pathway
    people = people_of(area, groups)
    by_place = people.reshape(len(area.places), *groups.shares.shape)
    residents = by_place.sum(axis=2)
    relative = node_rates(groups)
    rates: dict[str, Floats] = {}
    for event in pathway.events:
        rho = np.broadcast_to(relative[event], (len(groups), groups.years, groups.years))[:, :, 0]
        expected = (by_place * (rho[:, 0] * today[event]).reshape(groups.shares.shape)[None]).sum(axis=2)
        scale = _observed(plan, pathway, event, groups.ages) * residents / np.where(expected > 0, expected, 1.0)
        rates[event] = (np.repeat(scale, len(groups.flags), axis=1)[:, :, None] * rho[None]).reshape(-1, groups.years)
    everywhere = {event: np.tile(left, len(area.places)) for event, left in today.items()}
    return Strata(
        groups,
        tuple(place.id for place in area.places),
        people,
        np.tile(_death_chances(plan, groups), len(area.places)),
        plan.population_growth.value,
        _own_rates(rates, relative, area, groups, everywhere),
        everywhere,
    )


def _observed(plan: PlanInFull, pathway: Pathway, event: str, ages: tuple[str, ...]) -> Floats:
    """(places, ages): events per person-year as observed."""
    england = pathway.node(event).england_rate
    if england is None:  # then every group states its own
        return np.zeros((len(plan.area.places), len(ages)))
    national = np.array([at_age(england, age).value / PER_100_000 for age in ages])
    local = [plan.area.rates.get((place.id, event)) for place in plan.area.places]
    ratios = np.array([one.ratio if one else 1.0 for one in local])
    observed: Floats = ratios[:, None] * national[None, :]
    return observed


def _death_chances(plan: PlanInFull, groups: Groups) -> Floats:
    """(groups,): m(a) · RR(r) / Σ_r share(r) · RR(r), so that each age band keeps its own chance."""
    ratio = np.ones((len(groups.ages), len(groups.flags)))
    for factor, group in plan.deaths.groups.items():
        if factor in groups.factors:
            ratio = ratio * np.where(groups.flags[:, groups.factors.index(factor)], group.rate_ratio.value, 1.0)
    by_age = np.array([at_age(plan.deaths.by_age, age).value for age in groups.ages])
    mean = (groups.shares * ratio).sum(axis=1, keepdims=True)
    chances: Floats = by_age[:, None] * ratio / np.where(mean > 0, mean, 1.0)
    if chances.max() > 1:
        raise AvertError(
            f"{plan.area.record.id}: deaths of a group come to more than the whole group a year ({chances.max():.2f})"
        )
    return chances.reshape(-1)


def people_of(area: Area, groups: Groups) -> Floats:
    """(places × groups,): residents × share of each profile, or the people of groups given outright."""
    if not area.strata:
        residents = np.array([[area.people[place.id, age] for age in groups.ages] for place in area.places])
        result: Floats = (residents[:, :, None] * groups.shares[None]).reshape(-1)
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
    rates: dict[str, Floats],
    relative: Mapping[str, Floats],
    area: Area,
    groups: Groups,
    today: Mapping[str, Floats],
) -> dict[str, Floats]:
    """The rates, except where groups given outright state their own (as observed, so given today's services).

    Rows that fall into one stratum, because a factor of theirs is none of the plan's, count by people.
    """
    stated: dict[tuple[str, int], list[tuple[float, float]]] = {}
    _every_group_has_a_rate(area, groups.pathway)
    for given in area.strata:
        for event, observed in given.rates.items():
            if event in rates and given.people:
                stated.setdefault((event, _where(given, area, groups)), []).append((given.people, observed))
    for (event, where), rows in stated.items():
        observed = sum(people * rate for people, rate in rows) / sum(people for people, _ in rows) / PER_100_000
        shape = np.broadcast_to(relative[event], (len(groups), groups.years, groups.years))[where % len(groups), :, 0]
        course = shape / shape[0] if shape[0] else np.ones(groups.years)
        rates[event][where] = observed / today[event][where] * course
    return rates


def _every_group_has_a_rate(area: Area, pathway: Pathway) -> None:
    """Raises AvertError for an event without a rate of England's, if a group does not state its own."""
    for event in pathway.events:
        missing = [one for one in area.strata if one.people and event not in one.rates]
        if pathway.node(event).england_rate is None and (missing or not area.strata):
            who = " + ".join(sorted(missing[0].factors)) or "those with nothing" if missing else "any group"
            raise AvertError(
                f"{area.record.id}: there is no rate of '{event}' for {who}: the library has none of England's, "
                f"so every row under 'strata' needs its own, as 'rate_{event}'"
            )


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
                f"in year {year + 1} some groups would shrink faster than people die: the population is stated "
                f"to change by {strata.growth:.1%} a year. Check 'population_growth' and 'deaths' of the area."
            )
        joined[:, year] = np.maximum(new, 0)
        survivors = stock
    return joined
