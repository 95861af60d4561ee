"""Tables of an allocation of one's own beside the optimum at the same spend, with the columns `COLUMNS` declares."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from avert.appraisal import Appraisal, Beside, Ledger
from avert.packages import County, outcome_weights
from avert.pathway.groups import Floats
from avert.programme import Payments
from avert.results.columns import COLUMNS
from avert.results.standing import standing_of
from avert.results.tables import allocation, interventions, tidy

UNITS = {
    "admissions": "emergency admissions averted",
    "bed_days": "days in hospital averted",
    "long_term_care_entries": "entries into long-term care averted",
}
NOBODY = "nobody"
STANDING = ("certainty", "effect_seen")


def proposal_tables(beside: Beside) -> dict[str, pd.DataFrame]:
    """Every table by name; where there is no optimum at the same spend its columns hold no numbers."""
    county = beside.proposal.county
    made = {
        "proposal": _services(beside),
        "proposal_outcomes": _outcomes(beside),
        "proposal_places": _places(beside),
        "proposal_lines": beside.kept.by_entry(county),
        "proposal_payments": payments_table(county, beside.kept.payments),
        "moves": _moves(beside),
    }
    return {name: tidy(name, table) for name, table in made.items()}


def _services(beside: Beside) -> pd.DataFrame:
    """Each service in either allocation, the dearest of the proposal first; then overlap and the total."""
    own = _by_service(beside.proposal)
    best = _by_service(beside.optimum).add_prefix("optimum_") if beside.optimum else pd.DataFrame()
    both = own.join(best, how="outer") if len(best) else own
    labels = {one.id: one.label for one in beside.proposal.county.family.interventions}
    labels |= {"overlap": "what services for the same people take from one another", "total": "all of it"}
    standing = {one.id: standing_of(one) for one in beside.proposal.county.family.interventions}
    wanted = [name for name in COLUMNS["proposal"] if name not in ("intervention", "label", *STANDING)]
    both = both.reindex(columns=wanted)
    services = both.drop(["overlap", "total"]).fillna(0.0 if beside.optimum else {})
    services = services.assign(name=services.index).sort_values(
        ["spend", "optimum_spend", "name"], ascending=[False, False, True], kind="stable"
    )
    table = pd.concat([services[wanted], both.loc[["overlap", "total"]]])
    told = [standing.get(name, ("", True)) for name in table.index]
    table = table.assign(**{name: [one[n] for one in told] for n, name in enumerate(STANDING)})
    return table.assign(intervention=table.index, label=[labels[name] for name in table.index])


def _by_service(appraisal: Appraisal) -> pd.DataFrame:
    """The table of interventions by id, today's services that stop left out of the total."""
    table = interventions(appraisal, allocation(appraisal)).set_index("intervention")
    if "stopped" in table.index:
        columns = [name for name in table if "averted" in str(name)]
        table.loc["total", columns] = table.loc["total", columns] - table.loc["stopped", columns]
        table = table.drop("stopped")
    names = ["participants", "spend", "admissions_averted_alone", "admissions_averted_in_plan"]
    return table[names].astype(float)


def _outcomes(beside: Beside) -> pd.DataFrame:
    """The objective, what is spent, and what is averted of each outcome and event."""
    ledgers = [beside.proposal.ledger, beside.optimum.ledger if beside.optimum else None]
    nothing = float("nan")
    bound = beside.optimum.optimum.upper_bound if beside.optimum and beside.optimum.optimum else nothing
    county = beside.proposal.county
    rows: list[tuple[object, ...]]
    rows = [("objective", _objective_in_words(county), beside.value, beside.best_value, bound)]
    spent = [float(one.participants["spend"].sum()) if one else nothing for one in ledgers]
    rows.append(("spend", "cost over the years [£]", *spent, nothing))
    for outcome, words in UNITS.items():
        weights = outcome_weights(county, outcome)
        amounts = [_averted(one, weights) if one else nothing for one in ledgers]
        rows.append((outcome, words, *amounts, nothing))
    for event in county.pathway.events:
        amounts = [_averted(one, {event: 1.0}) if one else nothing for one in ledgers]
        rows.append((event, f"{county.pathway.node(event).label} averted", *amounts, nothing))
    return pd.DataFrame(rows, columns=list(COLUMNS["proposal_outcomes"]))


def _objective_in_words(county: County) -> str:
    weights = county.plan.record.weights
    if len(weights) == 1:
        name = next(iter(weights))
        words = {"net_cost": "cash saved less cost [£]", "least_cost": "cost, as less than nothing [£]", **UNITS}
        event = f"{county.pathway.node(name).label} averted" if name in county.pathway.events else name
        return f"{words.get(name, event)}: the plan's objective"
    return "the plan's objective, a weighted sum"


def _averted(ledger: Ledger, weights: dict[str, float]) -> float:
    years = len(ledger.county.years)
    return sum(weight * float(ledger.averted[event][:, :years].sum()) for event, weight in weights.items())


def _places(beside: Beside) -> pd.DataFrame:
    """Year × place: cost and admissions averted."""
    county, nothing = beside.proposal.county, np.full((0, 0), np.nan)
    own = _by_place(beside.proposal.ledger)
    best = _by_place(beside.optimum.ledger) if beside.optimum else (nothing, nothing)
    rows = []
    for y, year in enumerate(county.years):
        for g, place in enumerate(county.strata.places):
            amounts = [float(one[g, y]) if one.size else float("nan") for one in (*own, *best)]
            rows.append((year, place, *amounts))
    return pd.DataFrame(rows, columns=list(COLUMNS["proposal_places"]))


def _by_place(ledger: Ledger) -> tuple[Floats, Floats]:
    """(places, years) twice: pounds, and admissions averted."""
    county, took = ledger.county, ledger.participants
    shape = len(county.strata.places), len(county.years)
    spend, averted = np.zeros(shape), np.zeros(shape)
    place = county.strata.place[took["stratum"].to_numpy(dtype=int)]
    np.add.at(spend, (place, took["year"].to_numpy(dtype=int)), took["spend"].to_numpy())
    for event, weight in outcome_weights(county, "admissions").items():
        by_stratum = ledger.averted[event][:, : shape[1]]
        averted += weight * by_stratum.reshape(shape[0], -1, shape[1]).sum(axis=1)
    return spend, averted


def payments_table(county: County, payments: Payments) -> pd.DataFrame:
    """Year × partner: what it puts in and pays; and what nobody pays."""
    rows = []
    for y, year in enumerate(county.years):
        for partner in county.plan.partners:
            rows.append((year, partner, county.plan.contribution(partner, year), payments.by_partner(partner, y)))
        unpaid = payments.left_unpaid(y)
        if unpaid > 0.5:
            rows.append((year, NOBODY, 0.0, unpaid))
    return pd.DataFrame(rows, columns=list(COLUMNS["proposal_payments"]))


def _moves(beside: Beside) -> pd.DataFrame:
    return pd.DataFrame(list(_of_moves(beside)), columns=list(COLUMNS["moves"]))


def _of_moves(beside: Beside) -> Iterator[tuple[object, ...]]:
    moves, so_far = beside.moves, 0.0
    if moves is None:
        return
    total = sum(move.gain for move in moves.moves)
    for rank, move in enumerate(moves.moves, 1):
        so_far += move.gain
        entries = dict.fromkeys(".".join(map(str, line.path)) for line in moves.kept_after(rank).broken)
        said = (" + ".join(move.stop), " + ".join(move.start), " + ".join(move.whole_places))
        amounts = (move.money, move.cost, move.people, move.gain, move.admissions, so_far)
        yield rank, *said, *amounts, so_far / total if total > 0 else float("nan"), ", ".join(entries)
