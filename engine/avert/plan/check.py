"""A plan checked against its area and the library: every name is known, every year has its money."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from avert.errors import FaultCollector, nearest
from avert.library import Library, called, choices_in
from avert.library.records import NEEDED
from avert.library.records.figures import plain_id
from avert.plan.area import Area
from avert.plan.counts import later_than
from avert.plan.deprivation import FIFTHS, ROUNDING, by_fifth, decile_of, places_meant, ranked, residents
from avert.plan.fairness import EVERY_SERVICE, Minimum
from avert.plan.in_full import PlanInFull
from avert.plan.phrases import nearest_years
from avert.plan.proposed import EVERYWHERE
from avert.plan.records import ALL, MEASURES, OUTCOMES, Plan
from avert.reading import Document
from avert.units import financial_year

NO_DECILES = "no place has a deprivation decile; add 'imd_average_decile' to each place in the area's file."
BY_SERVICE = ("today", "proposed", "limits", "keep_services", "ramp_up", "split", "lumpy", "at_most_per")
"""Sections that say something service by service."""


def roles_in(library: Library) -> set[str]:
    """Roles of staff whose hours some service takes."""
    return {role for intervention in library.interventions.values() for role in intervention.staff_hours}


def ids_by_field(library: Library, document: Document, area: Area | None) -> dict[str, Collection[str]]:
    """Field of a plan → the ids that can stand in it; fields whose ids the plan itself chooses are left out."""
    services, money = library.interventions.keys(), document.data.get("money")
    partners = {plain_id(str(name)) for name in money} if isinstance(money, dict) else set()
    found: dict[str, Collection[str]] = dict.fromkeys((*BY_SERVICE, "leave_out", "buy_anyway"), services)
    found |= {name: {*services, ALL} for name in ("interventions", "equal_access")}
    found |= {name: {*services, *partners, ALL} for name in ("may_pay", "split")}
    found |= {"pathways": library.pathways.keys(), "staff": roles_in(library)}
    return found | ({"places": {place.id for place in area.places}} if area else {})


def check_names(plan: Plan, document: Document, library: Library, faults: FaultCollector) -> None:
    def known(names: Iterable[str], choices: Iterable[str], what: str, *path: str) -> None:
        options = set(choices)
        for number, name in enumerate(names):
            if name not in options:
                line = max(document.line((*path, name)), document.line((*path, number)))
                faults.add(
                    document.file, line, f"there is no {what} '{name}'.{_advice(name, options, path[0], library)}"
                )

    services, partners = library.interventions, plan.money
    known(plan.pathways, library.pathways, "pathway", "pathways")
    for section in BY_SERVICE:
        known(getattr(plan, section), services, "service", section)
    known(plan.leave_out, services, "service", "leave_out")
    known(plan.buy_anyway, services, "service", "buy_anyway")
    known(() if plan.interventions == ALL else plan.interventions, services, "service", "interventions")
    access = [name for name in plan.fairness.equal_access if name != EVERY_SERVICE]
    known(access, services, "service", "fairness", "equal_access")
    known(plan.may_pay, partners, "partner with money in this plan called", "may_pay")
    known(plan.carry_over, partners, "partner with money in this plan called", "carry_over")
    for partner, allowed in plan.may_pay.items():
        known(allowed, {*services, ALL}, "service", "may_pay", partner)
    for service, per in plan.at_most_per.items():
        known(per, services, "service", "at_most_per", service)
    for service, shares in plan.split.items():
        known(shares, partners, "partner with money in this plan called", "split", service)
    _check_choices(plan, document, library, faults)
    _check_outcomes(plan, document, library, faults)
    known(plan.staff, roles_in(library), "staff role in the library", "staff")
    _check_prices(plan, document, library, faults)
    _check_years(plan, document, faults)
    for service in plan.keep_services:
        if service not in plan.today:
            faults.add(
                document.file,
                document.line(("keep_services", service)),
                f"'{service}' has no number under 'today' to keep a share of.",
            )
    for service in plan.today.keys() & services.keys():
        missing = [name.replace("_", " ") for name in NEEDED if name in services[service].not_found]
        if missing:
            message = f"what '{service}' does today can't be reckoned: the library has no {', '.join(missing)} for it."
            faults.add(document.file, document.line(("today", service)), message)
    if plan.illustrative:
        known(plan.illustrative, Plan.model_fields, "section of a plan", "illustrative")


def _advice(name: str, options: Iterable[str], section: str, library: Library) -> str:
    """The nearest right thing: also where a label was made an id, or services and partners changed places."""
    if section == "interventions" and name == ALL:
        return " Write 'interventions: all', without brackets."
    if section == "may_pay" and name in library.interventions:
        return " Under 'may_pay' the partner comes first, then the services it may pay for."
    meant = called(name, {one.id: one.label for one in library.interventions.values()})
    if meant in options and meant:
        return f" Did you mean '{meant}'?"
    every = f" Choose from: {', '.join(sorted(options))}." if section == "staff" else ""
    return nearest(name, options) or every


def _check_prices(plan: Plan, document: Document, library: Library, faults: FaultCollector) -> None:
    """The year of prices is one of the index; a far-off year is answered with those there are."""
    years = library.price_index.index
    if plan.prices not in years:
        message = f"there is no price index for the year '{plan.prices}'; it runs from {min(years)} to {max(years)}."
        better = nearest_years(plan.prices)
        advice = f" Did you mean '{better}'?" if better in years else ""
        faults.add(document.file, document.line(("prices",)), message + advice)


def _check_outcomes(plan: Plan, document: Document, library: Library, faults: FaultCollector) -> None:
    """Objective and target speak of outcomes, or of events that this plan's pathways count."""
    chosen = (library.pathways[name] for name in (*plan.pathways, "all_causes") if name in library.pathways)
    events = {node.id for pathway in chosen for node in pathway.nodes if node.kind == "event"}
    named = [("objective", name, {*MEASURES, *events}) for one in plan.objective for name in one]
    named += [("target", name, {*OUTCOMES, *events}) for name in plan.target]
    for section, name, known in named:
        places = [(section, name), (section,), *((section, number, name) for number in range(len(plan.objective)))]
        line = max(document.line(place) for place in places)
        if name not in known:
            why = f"there is no outcome '{name}', and no event of the plan's pathways is called so."
            faults.add(document.file, line, f"'{section}': {why}{nearest(name, known)}")
        elif name in MEASURES and name in events:
            why = f"'{name}' is a word of plans and an event of the library; give the event another id."
            faults.add(document.file, line, f"'{section}': {why}")


def _check_choices(plan: Plan, document: Document, library: Library, faults: FaultCollector) -> None:
    """Every choice names a place where the evidence can be read in several ways, and one of its readings."""
    readings: dict[str, set[str]] = {}
    for choice in choices_in(library):
        readings.setdefault(choice.of, set()).update((choice.central, *choice.others))
    for of, names in plan.evidence_choices.items():
        line = document.line(("evidence_choices", of))
        if of not in readings:
            message = f"the library holds one reading of '{of}', so there is nothing to choose.{nearest(of, readings)}"
            if " to " not in of and of not in library.interventions:
                message = f"there is no service '{of}'.{nearest(of, library.interventions)}"
            faults.add(document.file, line, message)
        for name in names if of in readings else ():
            if name not in readings[of]:
                faults.add(document.file, line, f"'{of}' has no reading '{name}'.{nearest(name, readings[of])}")


def check_places(plan: Plan, document: Document, area: Area, faults: FaultCollector) -> None:
    """What a plan says of places and of deprivation, against the places there are."""
    places = {place.id for place in area.places}
    _check_counts(plan, document, area, faults)
    for number, wanted in enumerate(plan.fairness.minimum):
        problem = _no_such_people(wanted, area)
        if problem:
            named = "deprivation" if wanted.deprivation else "most_deprived"
            faults.add(document.file, document.line(("fairness", "minimum", number, named)), problem)
        for name in wanted.places:
            if name not in places:
                line = document.line(("fairness", "minimum", number, "places"))
                faults.add(document.file, line, f"there is no place '{name}'.{nearest(name, places)}")
    for name in plan.fairness.equity_weights:
        line = document.line(("fairness", "equity_weights", name))
        if name not in places | FIFTHS.keys():
            advice = nearest(name, places | FIFTHS.keys())
            faults.add(document.file, line, f"there is no place or deprivation fifth '{name}'.{advice}")
        elif name not in places | by_fifth(area).keys():
            faults.add(document.file, line, f"no place is in the {FIFTHS[name]}.{_deciles_there(area)}")
    unknown = [place.id for place in area.places if place.imd_average_decile is None]
    if plan.fairness.equal_access_in == "each_deprivation_fifth" and unknown:
        line = document.line(("fairness", "equal_access_in"))
        message = f"'each_deprivation_fifth' needs a decile of every place, and there is none of {', '.join(unknown)}."
        faults.add(document.file, line, message)


def _check_counts(plan: Plan, document: Document, area: Area, faults: FaultCollector) -> None:
    """Nobody was counted, and no rate observed, after the year in which the plan begins."""
    first = financial_year(plan.years[0])
    years = {"people of its area are counted in": set(area.population_year.split(", "))}
    years["rates of its area are of"] = {rate.year for rate in area.rates.values()}
    for what, written in years.items():
        late = [year for year in sorted(written) if later_than(plan.years[0], year)]
        if late:
            message = f"the plan begins in '{first}', and {what} {', '.join(late)}, later. Correct one of them."
            faults.add(document.file, document.line(("years",)), message)


def _no_such_people(wanted: Minimum, area: Area) -> str:
    """Why a minimum by deprivation speaks of nobody, or of more than can be ranked; empty if it does not."""
    order, asked = ranked(area), wanted.most_deprived
    if not order and (wanted.deprivation or asked is not None):
        return NO_DECILES
    if wanted.deprivation and not places_meant(wanted, area):
        deciles = " or ".join(map(str, sorted(set(wanted.deprivation))))
        return f"no place is of deprivation decile {deciles}.{_deciles_there(area)}"
    if isinstance(asked, int) and asked > len(order):
        return f"{asked} places are asked for, and {len(order)} places have a deprivation decile."
    if isinstance(asked, float):
        people = residents(area)
        held, whole = sum(people[place.id] for place in order), sum(people.values())
        if held < asked * whole * (1 - ROUNDING):
            part = held / whole if whole else 0.0
            asked_, held_ = f"{100 * asked:g}%", f"{100 * part:.3g}%"
            return f"{asked_} of people are asked for, and places with a deprivation decile hold {held_} of them."
    return ""


def _deciles_there(area: Area) -> str:
    """The deciles of the places of an area, as a hint."""
    found = sorted({decile for place in area.places if (decile := decile_of(place)) is not None})
    return (
        f" By their mean decile, places are of {', '.join(map(str, found))}."
        if found
        else f" {NO_DECILES[0].upper()}{NO_DECILES[1:]}"
    )


def check_proposed(plan: PlanInFull, faults: FaultCollector) -> None:
    """Every service proposed can be bought, and what its entries say of places, ages, groups and years is known."""
    document, services = plan.document, plan.library.interventions
    tell_apart = [node.id for node in plan.library.nodes.values() if getattr(node, "stratifies", False)]
    for service, entries in plan.record.proposed.items():
        why = plan.why_not(services[service]) if service in services else ""
        if service in services and services[service].level == "place":
            why = (
                "it acts on whole places and on everyone who lives there; a proposal names people one by one. "
                "Put it into a table of offers and evaluate that with --offers"
            )
        if why:
            message = f"'{service}' can't be proposed: {why.rstrip('.')}."
            faults.add(document.file, document.line(("proposed", service)), message)
        for number, entry in enumerate(entries):
            here = ("proposed", service, number)
            places = [place.id for place in plan.area.places]
            stated = "people" if entry.people is not None else "money"
            for word, names, known, key in (
                ("place", entry.places, places, "places"),
                ("place", [name for name in entry.by_place if name != EVERYWHERE], places, stated),
                ("age band", entry.ages, plan.area.ages, "ages"),
                ("risk factor that tells groups apart", entry.who, tell_apart, "who"),
                ("year of this plan", [financial_year(one) for one in entry.years or ()], plan.years, "years"),
            ):
                for place, name in enumerate(names):
                    if name not in known:
                        line = max(document.line((*here, key, name)), document.line((*here, key, place)))
                        faults.add(document.file, line, f"there is no {word} '{name}'.{nearest(name, known)}")


def _check_years(plan: Plan, document: Document, faults: FaultCollector) -> None:
    years = [financial_year(start) for start in plan.years]
    by_year_stated = {("money", partner): by_year for partner, by_year in plan.money.items()}
    for path, by_year in (*by_year_stated.items(), (("spend_at_most",), plan.spend_at_most)):
        for year in by_year:
            if year not in (*years, "every year"):
                line = document.line((*path, year))
                faults.add(document.file, line, f"'{year}' is not a year of this plan.{nearest(year, years)}")
    for partner, by_year in plan.money.items():
        missing = [year for year in years if year not in by_year and "every year" not in by_year]
        if missing:
            line = document.line(("money", partner))
            faults.add(
                document.file,
                line,
                f"'{partner}' has no amount for {', '.join(missing)}; write £0 if it pays nothing.",
            )
