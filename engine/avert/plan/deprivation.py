"""Places by how deprived they are: each counts as a whole, by the mean decile of its neighbourhoods.

Decile 1 of the Index of Multiple Deprivation is the most deprived tenth of England's neighbourhoods, 10 the
least; fifths are pairs of deciles.  A place of many neighbourhoods holds people of several deciles, so groups
of deprivation say most where places are small, or are made of neighbourhoods of one fifth.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import floor

from avert.plan.area import Area
from avert.plan.area_file import Place
from avert.plan.fairness import Fairness, Minimum

FIFTHS = {
    "most_deprived_fifth": "most deprived fifth",
    "second_most_deprived_fifth": "second most deprived fifth",
    "middle_fifth": "middle fifth",
    "second_least_deprived_fifth": "second least deprived fifth",
    "least_deprived_fifth": "least deprived fifth",
}
"""Name of a fifth in a plan → the fifth in words, most deprived first."""
ROUNDING = 1e-9
"""Part of all people by which a sum of people may be off."""


def decile_of(place: Place) -> int | None:
    """The decile nearest to a place's mean decile, a half counting upwards; None where it is not known."""
    mean = place.imd_average_decile
    return None if mean is None else floor(mean + 0.5)


def fifth_of(place: Place) -> str | None:
    """Name of the fifth a place counts in: deciles 1 and 2 are the most deprived fifth."""
    decile = decile_of(place)
    return None if decile is None else list(FIFTHS)[(decile - 1) // 2]


def by_fifth(area: Area) -> dict[str, tuple[str, ...]]:
    """Fifth → ids of its places, most deprived fifth first; fifths without a place are left out."""
    found: dict[str, list[str]] = defaultdict(list)
    for place in area.places:
        fifth = fifth_of(place)
        if fifth is not None:
            found[fifth].append(place.id)
    return {name: tuple(found[name]) for name in FIFTHS if name in found}


def residents(area: Area) -> dict[str, float]:
    """Place → its people at the start."""
    people = dict.fromkeys((place.id for place in area.places), 0.0)
    for (place, _), count in area.people.items():
        people[place] += count
    return people


def ranked(area: Area) -> tuple[Place, ...]:
    """Places with a known decile, most deprived first; of equals, the first by id."""
    known = [place for place in area.places if place.imd_average_decile is not None]
    return tuple(sorted(known, key=lambda place: (place.imd_average_decile, place.id)))


def most_deprived(area: Area, wanted: int | float) -> tuple[str, ...]:
    """The most deprived places: so many of them, or (not a whole number) those that hold a share of the people.

    The fewest of them, most deprived first, that together hold at least the share.
    """
    order = [place.id for place in ranked(area)]
    if isinstance(wanted, int):
        return tuple(order[:wanted])
    people = residents(area)
    needed, held = wanted * sum(people.values()) * (1 - ROUNDING), 0.0
    for number, place in enumerate(order):
        held += people[place]
        if held >= needed:
            return tuple(order[: number + 1])
    return tuple(order)


def in_deciles(area: Area, deciles: Iterable[int]) -> tuple[str, ...]:
    """Ids of the places whose decile is one of these."""
    wanted = set(deciles)
    return tuple(place.id for place in area.places if decile_of(place) in wanted)


def places_meant(wanted: Minimum, area: Area) -> tuple[str, ...]:
    """Ids of the places a minimum speaks of: those named, those of some deciles, or the most deprived ones."""
    if wanted.deprivation:
        return in_deciles(area, wanted.deprivation)
    if wanted.most_deprived is not None:
        return most_deprived(area, wanted.most_deprived)
    return tuple(dict.fromkeys(wanted.places))


def equity_by_place(fairness: Fairness, area: Area) -> dict[str, float]:
    """Place → what an event averted there counts for: its own weight, else that of its fifth, else 1."""
    weights = fairness.equity_weights
    return {place.id: weights.get(place.id, weights.get(fifth_of(place) or "", 1.0)) for place in area.places}


def where_in_words(wanted: Minimum, area: Area) -> str:
    """The places a minimum speaks of, as its author would say it."""
    label = {place.id: place.label for place in area.places}
    if wanted.deprivation:
        deciles = _and([str(one) for one in sorted(set(wanted.deprivation))])
        return f"places of deprivation decile {deciles}"
    if wanted.most_deprived is None:
        return _and([label[name] for name in dict.fromkeys(wanted.places)])
    if isinstance(wanted.most_deprived, float):
        return f"the most deprived places with {100 * wanted.most_deprived:g}% of the people"
    if wanted.most_deprived == 1:
        return "the most deprived place"
    return f"the {wanted.most_deprived} most deprived places"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
