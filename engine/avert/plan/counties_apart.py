"""Two plans for different counties, set side by side by head: row by row there would be nothing to compare."""

from __future__ import annotations

from collections.abc import Iterator

from avert.plan.difference_words import changed_by, in_words
from avert.plan.differences import Difference
from avert.plan.in_full import PlanInFull

COUNTY = ("county",)


def counties_apart(a: PlanInFull, b: PlanInFull) -> Iterator[Difference]:
    """People, their ages, money by head and local rates of two counties; nothing for plans on one area."""
    if a.record.area == b.record.area:
        return
    ours, theirs = figures_of_county(a), figures_of_county(b)
    files = a.area.document.file, b.area.document.file
    for name in {**ours, **theirs}:
        was, now = ours.get(name), theirs.get(name)
        if was == now:
            continue
        kind = "money" if "£" in name else "share" if name.startswith("share") else ""
        label = name.replace(" [£]", "")
        said = [in_words(round(one, 3), kind) if one is not None else "not known" for one in (was, now)]
        by = changed_by(round(was, 3), round(now, 3), kind) if was is not None and now is not None else ""
        words = f"{label}: {said[1]} instead of {said[0]}{by}"
        yield Difference((*COUNTY, label), words, said[0], said[1], files[0], files[1], COUNTY)


def figures_of_county(plan: PlanInFull) -> dict[str, float]:
    """What can be said of a county as a whole, by name; rates are weighted by the people of each place.

    local over England rate of an event = Σ over places people · ratio / Σ over places with a rate people
    """
    people = plan.area.people
    total = sum(people.values())
    found = {"people": total, "places": float(len(plan.area.places))}
    for age in plan.area.ages:
        found[f"share of people aged {age}"] = sum(n for (_, band), n in people.items() if band == age) / total
    yearly = sum(plan.contribution(one, year) for one in plan.partners for year in plan.years) / len(plan.years)
    found["money a head and year [£]"] = yearly / total
    for section in ("limits", "staff", "today"):
        for name, number in sorted(getattr(plan.record, section).items()):
            found[f"{section}, {name}, by 1,000 people"] = 1000 * number / total
    of_place = {place.id: sum(n for (where, _), n in people.items() if where == place.id) for place in plan.area.places}
    for event in sorted({event for _, event in plan.area.rates}):
        known = {place: rate for (place, of), rate in plan.area.rates.items() if of == event}
        weight = sum(of_place[place] for place in known)
        ratio = sum(of_place[place] * rate.ratio for place, rate in known.items()) / weight
        found[f"local rate of {event} over England's"] = ratio
    return found
