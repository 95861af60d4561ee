"""Random plans: every kind of line on or off, sized so that most plans can be kept."""

from __future__ import annotations

from math import ceil
from typing import Any

from hypothesis import strategies as st
from random_pathways import Node, hundredths

YEARS = ("2026/27", "2027/28", "2028/29", "2029/30")
PARTNERS = ("council", "icb")


@st.composite
def plans(
    draw: st.DrawFn, places: list[str], services: list[Node], years: int, people: int, lines: frozenset[str]
) -> dict[str, Any]:
    """A plan for these places and services; with `lines` given, only these of its lines may be on."""
    names = [one["id"] for one in services]
    partners = PARTNERS[: draw(st.integers(1, 2))]
    span = YEARS[0] if years == 1 else f"{YEARS[0]} to {YEARS[years - 1]}"
    plan: dict[str, Any] = {"years": span, "money": {one: draw(_money(years)) for one in partners}}
    plan |= draw(_ways_of_counting())
    if draw(st.booleans()):
        plan["money_is"] = "everything"
    options = {
        "carry_over": st.just(list(partners[:1])),
        "may_pay": _fences(names, partners),
        "split": _split(names, partners),
        "limits": _limits(names, people),
        "staff": st.fixed_dictionaries({"nurse": st.integers(20, 4000)}),
        "ramp_up": _ramp(names, people),
        "at_most_per": _per(names),
        "today": _today(services, people),
        "fairness": _fairness(places, names),
        "target": _target(),
        "spend_at_most": _money(years),
    }
    for line, strategy in options.items():
        if (not lines or line in lines) and draw(st.booleans()):
            plan[line] = draw(strategy)
    if "staff" in plan and not any("nurse" in one.get("staff_hours", {}) for one in services):
        del plan["staff"]
    if "target" in plan and draw(st.booleans()):
        plan["objective"] = "least_cost"
    if plan.get("money_is") == "everything" and "today" in plan and not lines and draw(st.integers(0, 3)):
        plan["keep_services"] = {name: draw(hundredths(0.1, 1)) for name in plan["today"]}
    return plan


@st.composite
def _money(draw: st.DrawFn, years: int) -> Any:
    amount = st.integers(2, 60).map(lambda thousands: thousands * 1000)
    if years > 1 and draw(st.booleans()):
        return {year: draw(amount) for year in YEARS[:years]}
    return draw(amount)


@st.composite
def _ways_of_counting(draw: st.DrawFn) -> dict[str, Any]:
    objectives = [
        *["admissions"] * 3, "bed_days", "net_cost", {"admissions": 1.0, "bed_days": 0.2}, "fall_admission",
        {"admissions": 1.0, "spend": 0.0001}, {"fall_admission": 300.0, "admissions": 500.0, "spend": 0.2},
    ]  # fmt: skip
    return {
        "objective": draw(st.sampled_from(objectives)),
        "evidence": draw(st.sampled_from(["published", "shrunk"])),
        "evidence_rule": draw(st.sampled_from(["nearest_outcome", "nearest_outcome", "chain", "chain", "as_stated"])),
        "take_up": draw(st.sampled_from(["independent", "same_people"])),
        "realism": draw(st.sampled_from([1.0, 0.8])),
        "largest_package": draw(st.integers(1, 3)),
        "years_counted_beyond": draw(st.sampled_from([0, 0, 2])),
    }


def _fences(names: list[str], partners: tuple[str, ...]) -> st.SearchStrategy[Any]:
    fence = st.one_of(st.just("all"), st.lists(st.sampled_from(names), min_size=1, unique=True))
    return st.dictionaries(st.sampled_from(partners), fence, min_size=1)


def _split(names: list[str], partners: tuple[str, ...]) -> st.SearchStrategy[Any]:
    shares = {1: [{"council": 1.0}], 2: [{"council": 0.3, "icb": 0.7}, {"council": 0.5, "icb": 0.5}]}
    return st.dictionaries(st.sampled_from(names), st.sampled_from(shares[len(partners)]), min_size=1, max_size=2)


def _limits(names: list[str], people: int) -> st.SearchStrategy[Any]:
    places = st.integers(1, max(2, people // 3))
    return st.dictionaries(st.sampled_from(names), places, min_size=1, max_size=2)


def _per(names: list[str]) -> st.SearchStrategy[Any]:
    """One service limited by the next, and it may be the other way round too."""
    pairs = {one: names[n - 1] for n, one in enumerate(names) if names[n - 1] != one}
    if not pairs:
        return st.just({})
    one = st.sampled_from(sorted(pairs))
    return st.dictionaries(one, hundredths(0.1, 3), min_size=1, max_size=2).map(
        lambda found: {name: {pairs[name]: most} for name, most in found.items()}
    )


def _target() -> st.SearchStrategy[Any]:
    """So little that most plans can reach it."""
    least = {"admissions": hundredths(0.01, 0.3), "bed_days": hundredths(0.05, 1)}
    return st.sampled_from(sorted(least)).flatmap(lambda outcome: st.fixed_dictionaries({outcome: least[outcome]}))


def _ramp(names: list[str], people: int) -> st.SearchStrategy[Any]:
    limit = st.fixed_dictionaries({"first_year": st.integers(1, max(2, people // 4)), "growth": hundredths(0, 1)})
    return st.dictionaries(st.sampled_from(names), limit, min_size=1, max_size=2)


@st.composite
def _today(draw: st.DrawFn, services: list[Node], people: int) -> dict[str, float]:
    """Today's starts, well below those eligible whatever the rule."""
    found = {}
    for one in services:
        rare = 0.02 if one.get("eligible") else 0.5
        most = int(people * rare / ceil(one["duration_years"]["value"]))
        if most and draw(st.booleans()):
            found[one["id"]] = float(draw(st.integers(1, most)))
    return found


@st.composite
def _fairness(draw: st.DrawFn, places: list[str], names: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if draw(st.booleans()):
        found["each_place_at_least"] = draw(hundredths(0.1, 0.9))
    if draw(st.booleans()):
        found["offers"] = "same_everywhere"
    if draw(st.booleans()):
        where: dict[str, Any] = {"places": draw(st.permutations(places))[:1]}
        if draw(st.booleans()):
            share = st.sampled_from(["20% of people", "50% of people", "100% of people"])
            where = {"most_deprived": draw(st.one_of(st.integers(1, len(places)), share))}
        what: dict[str, Any] = {"spend": draw(st.integers(1, 20)) * 100}
        if draw(st.booleans()):
            what = {"admissions_averted": draw(hundredths(0.01, 0.1))}
        found["minimum"] = [where | what]
    if draw(st.integers(0, 2)) == 0:
        weight = st.sampled_from([0.5, 1.5, 3.0])
        found["equity_weights"] = draw(st.dictionaries(st.sampled_from(places), weight, min_size=1))
    if draw(st.integers(0, 2)) == 0:
        least = st.sampled_from([0.5, 0.8, 0.95, 1.0])
        one = st.dictionaries(st.sampled_from([*names, "all"]), least, min_size=1, max_size=2)
        found["equal_access"] = draw(st.one_of(least, one))
        if draw(st.integers(0, 3)) == 0:
            found["equal_access_in"] = "each_deprivation_fifth"
    return found
