"""Tidy tables of an appraisal, with the columns that `COLUMNS` declares."""

from __future__ import annotations

import numpy as np
import pandas as pd

from avert.appraisal import Appraisal
from avert.appraisal.optimise import FEWEST
from avert.packages import cover_in_words, covers_of, outcome_weights
from avert.programme import MONEY_UNIT
from avert.results.columns import COLUMNS, UNROUNDED
from avert.results.marginal import marginal_values
from avert.results.standing import standing_of
from avert.results.words import groups_in_words

SHOWN_RULES = 10


def tables_of(appraisal: Appraisal) -> dict[str, pd.DataFrame]:
    """Every table by name, rows in a fixed order, amounts to six decimals."""
    allocated = allocation(appraisal)
    made = {
        "allocation": allocated,
        "offers": offers(appraisal),
        "rules": rules(appraisal, allocated),
        "outcomes": outcomes(appraisal),
        "partners": partners(appraisal),
        "interventions": interventions(appraisal, allocated),
    }
    tables = {name: tidy(name, table) for name, table in made.items()}
    if appraisal.optimum is not None:
        tables["marginal_values"] = tidy("marginal_values", marginal_values(appraisal))
        tables["objectives"] = tidy("objectives", objectives(appraisal))
    return tables


def tidy(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The columns a table declares, in their order, amounts to six decimals."""
    found = table.loc[:, list(COLUMNS[name])].reset_index(drop=True)
    numbers = found.select_dtypes("float").columns.difference(UNROUNDED.get(name, ()))
    found[numbers] = found[numbers].round(6) + 0.0  # + 0.0 turns −0.0 into 0.0
    return found


def _described(appraisal: Appraisal, stratum: pd.Series) -> pd.DataFrame:
    """place, age_band, group and factors of each stratum number."""
    county = appraisal.county
    groups, strata = county.groups, county.strata
    distinct = np.unique(stratum.to_numpy(dtype=np.int64))
    group = strata.group[distinct]
    said = groups_in_words(groups, np.unique(group).tolist())
    words = pd.DataFrame(
        {
            "place": [strata.places[n] for n in strata.place[distinct]],
            "age_band": [groups.ages[n] for n in strata.age[distinct]],
            "group": [said[n] for n in group.tolist()],
            "factors": [groups.factors_of(n) for n in group.tolist()],
        },
        index=distinct,
    )
    return words.loc[stratum.to_numpy(dtype=np.int64)].reset_index(drop=True)


def allocation(appraisal: Appraisal) -> pd.DataFrame:
    """Service × place × age band × group × year: people offered, participants, spend."""
    took = appraisal.ledger.participants
    if appraisal.optimum is not None:  # what the solver leaves of an offer it does not make is no offer
        took = took[(took["people_offered"] > FEWEST) | (took["people_offered"] == 0)]
    first = took["first"].astype(bool)
    counted = took.assign(
        people_offered=took["people_offered"].where(first, 0.0),
        participants=took["participants"].where(first, 0.0),
    )
    keys = ["year", "intervention", "stratum"]
    summed = counted.groupby(keys, as_index=False)[["people_offered", "participants", "spend"]].sum()
    table = pd.concat([summed, _described(appraisal, summed["stratum"])], axis=1)
    table["year"] = [appraisal.county.years[n] for n in table["year"]]
    return table


def offers(appraisal: Appraisal) -> pd.DataFrame:
    """Who is offered which package: what `evaluate` reads back."""
    county, rows = appraisal.county, appraisal.ledger.offers
    table = pd.concat([rows, _described(appraisal, rows["stratum"])], axis=1)
    alive = (1 - county.strata.death_chance[rows["stratum"].to_numpy(dtype=np.int64)]) ** (
        rows["start"] - rows["entry"]
    ).to_numpy()
    table["people_offered"] = rows["people"].to_numpy() * alive
    table["year"] = [county.years[n] for n in rows["start"]]
    table["joined"] = [county.years[n] for n in rows["entry"]]
    named = {n: " + ".join(county.family.named(n)) for n in rows["package"].unique().tolist()}
    table["package"] = [named[n] for n in rows["package"]]
    said = [cover_in_words(county, cover) for cover in covers_of(county)]
    table["place_services"] = [said[n] for n in rows["cover"]]
    order = ["year", "joined", "stratum", "place_services", "package"]
    return table.drop(columns="package").assign(package=table["package"]).sort_values(order, kind="stable")


def rules(appraisal: Appraisal, allocated: pd.DataFrame) -> pd.DataFrame:
    """At most ten offer rules per service: the groups that make up most of it, and the rest in one line."""
    rows = []
    for intervention, part in allocated[allocated["people_offered"] > 0].groupby("intervention"):
        places: dict[str, set[str]] = {}
        for group, place in zip(part["group"].tolist(), part["place"].tolist(), strict=True):
            places.setdefault(group, set()).add(place)
        sizes = part.groupby("group")["people_offered"].sum().sort_values(ascending=False, kind="stable")
        total = float(sizes.sum())
        shown = SHOWN_RULES if len(sizes) <= SHOWN_RULES else SHOWN_RULES - 1
        for rank, (group, people) in enumerate(sizes.iloc[:shown].items(), 1):
            where = _places_in_words(appraisal, sorted(places[group]))
            rows.append((intervention, rank, f"{group}: {where}", float(people), float(people) / total))
        rest = sizes.iloc[shown:]
        if len(rest):
            people = float(rest.sum())
            rows.append((intervention, shown + 1, f"{len(rest)} smaller groups", people, people / total))
    return pd.DataFrame(rows, columns=list(COLUMNS["rules"]))


def _places_in_words(appraisal: Appraisal, places: list[str]) -> str:
    labels = {place.id: place.label for place in appraisal.county.plan.area.places}
    return "everywhere" if len(places) == len(labels) else "in " + ", ".join(labels[place] for place in places)


def outcomes(appraisal: Appraisal) -> pd.DataFrame:
    """Event × place × year: baseline, averted, remaining."""
    county, ledger, rows = appraisal.county, appraisal.ledger, []
    places = len(county.strata.places)
    for event in county.pathway.events:
        label = county.pathway.node(event).label
        base = ledger.baseline[event].reshape(places, -1, len(county.years)).sum(axis=1)
        less = ledger.change[event].reshape(places, -1, len(county.years)).sum(axis=1)
        for y, year in enumerate(county.years):
            for g, place in enumerate(county.strata.places):
                rows.append((year, event, label, place, base[g, y], less[g, y], base[g, y] - less[g, y]))
    return pd.DataFrame(rows, columns=list(COLUMNS["outcomes"])).sort_values(["year", "event", "place"], kind="stable")


def objectives(appraisal: Appraisal) -> pd.DataFrame:
    """What the plan averts, and what the best plan by another outcome would avert instead."""
    optimum, other = appraisal.optimum, appraisal.alternative
    assert optimum is not None  # only an optimum has an objective
    shown = [("the plan", appraisal.ledger, optimum.gap)]
    if other is not None:
        shown.append((f"most {other.outcome.replace('_', ' ')} averted", other.ledger, other.gap))
    rows = []
    for name, ledger, gap in shown:
        averted = {event: float(change.sum()) for event, change in ledger.change.items()}
        amounts = [_weighted(averted, outcome_weights(ledger.county, outcome)) for outcome in _OUTCOMES]
        rows.append((name, *amounts, float(ledger.participants["spend"].sum()), gap))
    return pd.DataFrame(rows, columns=list(COLUMNS["objectives"]))


_OUTCOMES = ("admissions", "bed_days", "long_term_care_entries")


def partners(appraisal: Appraisal) -> pd.DataFrame:
    """Who pays and who gains, in three columns that must not be added: bed days, value, cash."""
    county, plan = appraisal.county, appraisal.county.plan
    gains = _gains(appraisal)
    names = sorted({*plan.partners, *(partner for partner, _ in gains)})
    rows = []
    for partner in names:
        kept = 0.0
        for y, year in enumerate(county.years):
            put_in = plan.contribution(partner, year) if partner in plan.partners else 0.0
            paid = _paid(appraisal, partner, y)
            left = put_in + kept - paid
            kept = left if partner in plan.record.carry_over else 0.0
            days, value, cash = gains.get((partner, y), (0.0, 0.0, 0.0))
            rows.append((year, partner, put_in, paid, left, days, value, cash))
    return pd.DataFrame(rows, columns=list(COLUMNS["partners"])).sort_values(["year", "partner"], kind="stable")


def _paid(appraisal: Appraisal, partner: str, year: int) -> float:
    """Pounds a partner pays in a year; unknown (not a number) for an allocation that names no payers."""
    if appraisal.payments is not None:
        return appraisal.payments.by_partner(partner, year)
    if appraisal.optimum is None:
        return float("nan")
    values = appraisal.optimum.values
    return MONEY_UNIT * sum(values.get(f"paid__{partner}__{i}__{year}", 0.0) for i in appraisal.county.family.ids)


def _gains(appraisal: Appraisal) -> dict[tuple[str, int], tuple[float, float, float]]:
    """(partner, year) → bed days averted, value at reference cost, cashable part."""
    county = appraisal.county
    found: dict[tuple[str, int], tuple[float, float, float]] = {}
    for event in county.pathway.events:
        node = county.pathway.node(event)
        cost = county.plan.library.unit_costs[node.unit_cost] if node.unit_cost else None
        if cost is None:
            continue
        days = node.length_of_stay.value if node.length_of_stay else 0.0
        each = county.in_plan_prices(cost.cost)
        for y in range(len(county.years)):
            averted = float(appraisal.ledger.change[event][:, y].sum())
            before = found.get((cost.falls_on, y), (0.0, 0.0, 0.0))
            gain = (averted * days, averted * each, averted * each * cost.cashable_share.value)
            found[cost.falls_on, y] = (before[0] + gain[0], before[1] + gain[1], before[2] + gain[2])
    return found


def interventions(appraisal: Appraisal, allocated: pd.DataFrame) -> pd.DataFrame:
    """Each service alone and in the plan, and the overlap that makes each column add up to the plan."""
    county, ledger = appraisal.county, appraisal.ledger
    used = allocated.groupby("intervention")[["people_offered", "participants", "spend"]].sum()
    outcomes_ = {name: outcome_weights(county, name) for name in ("admissions", "bed_days")}
    years = len(county.years)
    averted = {event: float(values[:, :years].sum()) for event, values in ledger.averted.items()}
    total = {name: _weighted(averted, weights) for name, weights in outcomes_.items()}
    rows = []
    for bit, service in enumerate(county.family.interventions):
        if service.id not in used.index:
            continue
        alone = {event: float(values[bit]) for event, values in ledger.averted_alone.items()}
        lost = {event: float(values[bit]) for event, values in ledger.lost_without.items()}
        row = {"intervention": service.id, "label": service.label, **used.loc[service.id].to_dict()}
        for name, weights in outcomes_.items():
            row[f"{name}_averted_alone"] = _weighted(alone, weights)
            row[f"{name}_averted_in_plan"] = _weighted(lost, weights)
        row["certainty"], row["effect_seen"] = standing_of(service)
        rows.append(row)
    table = pd.DataFrame(rows, columns=list(COLUMNS["interventions"]))
    stopped = {name: _weighted(ledger.stopped, weights) for name, weights in outcomes_.items()}
    return pd.concat([table, _overlap_and_total(table, total, stopped)], ignore_index=True)


def _weighted(events: dict[str, float], weights: dict[str, float]) -> float:
    return sum(weights[event] * count for event, count in events.items())


def _overlap_and_total(table: pd.DataFrame, total: dict[str, float], lost: dict[str, float]) -> pd.DataFrame:
    """Rows for overlap, for today's services that stop (where money is for everything), and for the plan."""
    columns = [(name, f"{name}_averted_{how}") for name in total for how in ("alone", "in_plan")]
    spent = {name: table[name].sum() for name in ("people_offered", "participants", "spend")}
    overlap = {column: total[name] - table[column].sum() for name, column in columns}
    stopped = {column: lost[name] for name, column in columns}
    whole = {column: total[name] + lost[name] for name, column in columns}
    rows = [{"intervention": "overlap", "label": "what services for the same people take from one another", **overlap}]
    if any(stopped.values()):
        rows.append({"intervention": "stopped", "label": "today's services that stop", **stopped})
    rows.append({"intervention": "total", "label": "the plan", **spent, **whole})
    return pd.DataFrame(rows, columns=list(COLUMNS["interventions"]))
