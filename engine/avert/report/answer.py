"""The answer in plain words, written from a result and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from avert.appraisal import can_be_carried_out, other_readings, with_other_effects
from avert.plan import idle_lines
from avert.plan.records import LEAST_COST, OUTCOMES, SPEND
from avert.programme import offers_of, places_of
from avert.report.binding import binding
from avert.report.disagreements import disagreements
from avert.report.first import hangs_on, money_left
from avert.results import NOT_SERVICES, Result, rests_on

LEAST_SHOWN = 0.05
"""Events below which a number is printed as 0.0."""
HANDFUL = 20
"""Participants a year below which a service is a handful of people."""
Section = tuple[str, list[str]]


def answer(result: Result) -> Iterator[Section]:
    """Sections of (heading, lines): spend, what is averted, who pays and gains, what binds, what to doubt."""
    readings = list(other_readings(result.appraisal.ledger))
    yield "The answer", [*_headline(result), *money_left(result), *hangs_on(result, readings), *_proof(result)]
    yield "What it buys", _services(result)
    yield "Averted by cause", _causes(result)
    yield "If another outcome came first", _alternative(result)
    yield "Who pays, who gains", _partners(result)
    if result.appraisal.optimum is not None:
        yield "What binds", binding(result)
    yield "What adding up would have claimed", _adding_up(result)
    yield "Where studies disagree", disagreements(result, readings)
    yield (
        "What to doubt",
        [
            *_examples(result),
            *_horizon(result),
            *_certainty(result),
            *_beside_experts(result),
            *_ties(result),
            *_handfuls(result),
            *_idle_lines(result),
            *_proposal(result),
        ],
    )


def _number(value: float) -> str:
    """A count with as many figures as it deserves."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{round(value, 1) + 0.0:,.1f}"


def _headline(result: Result) -> list[str]:
    years, plan = result.manifest["years"], result.appraisal.county.plan
    when = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
    first = "first year" if len(years) == 1 else f"first {len(years)} years"
    extent = "" if len(years) == len(plan.years) else f" (the {first} of the plan's {len(plan.years)})"
    lines = [
        f"In {when}{extent}, £{result.spend:,.0f} averts {_number(result.admissions_averted)} emergency admissions, "
        f"{_number(result.bed_days_averted)} days in hospital and "
        f"{_number(result.long_term_care_entries_averted)} entries into long-term care, in expectation.",
    ]
    lines += _own_objective(result)
    lost = -sum(result.appraisal.ledger.stopped[event] for event in result.appraisal.county.pathway.admissions)
    if abs(lost) > 1e-6:
        lines.append(
            f"That is net: what the plan buys averts {_number(result.admissions_averted + lost)}, and today's services "
            f"that it does not buy stop averting {_number(lost)}."
        )
    return lines


def _proof(result: Result) -> list[str]:
    optimum = result.appraisal.optimum
    if optimum is None:
        return []
    return [
        f"No other use of this money under the plan's lines can be worth more: gap {optimum.gap:.1e} "
        f"({len(optimum.sets.menu):,} offers compared; largest breach of any line {optimum.max_violation:.1e})."
    ]


def _own_objective(result: Result) -> list[str]:
    """What the plan is worth by an objective that speaks of single events or of money spent."""
    optimum, weights = result.appraisal.optimum, result.appraisal.county.plan.record.weights
    if optimum is None or set(weights) <= {*OUTCOMES, "net_cost", LEAST_COST}:
        return []
    said = [f"one {name.replace('_', ' ')} averted counts {weight:g}" for name, weight in weights.items()]
    if SPEND in weights:
        said[list(weights).index(SPEND)] = f"£1 spent counts −{weights[SPEND]:g}"
    return [f"By the plan's own objective ({', '.join(said)}) what it buys is worth {_number(optimum.objective)}."]


def _services(result: Result) -> list[str]:
    table = result.interventions
    services = table[~table["intervention"].isin(NOT_SERVICES)].sort_values("spend", ascending=False, kind="stable")
    return [
        f"{row.label}: {_number(row.participants)} take part of {_number(row.people_offered)} offered, "
        f"£{row.spend:,.0f}, {_number(row.admissions_averted_in_plan)} admissions"
        for row in services.itertuples()
    ] or ["Nothing: no offer averts anything within the plan's lines."]


def _causes(result: Result) -> list[str]:
    table = result.outcomes.groupby(["event", "label"], as_index=False)[["baseline", "averted"]].sum()
    return [
        f"{row.label}: {_number(abs(row.averted))}{' more, beside' if row.averted <= -LEAST_SHOWN else ' of'} "
        f"{_number(row.baseline)}" + (f" ({abs(row.averted) / row.baseline:.1%})" if row.baseline else "")
        for row in table.itertuples()
    ]


def _alternative(result: Result) -> list[str]:
    """The best plan by bed days (or by admissions) beside the plan's own."""
    other = result.appraisal.alternative
    if other is None:
        return []
    row, what = result.objectives.iloc[1], other.outcome.replace("_", " ")
    near = f"(within {max(other.gap, 1e-6):.2%} of the most there can be)"
    return [
        f"The plan that averts most {what} under the same lines averts {_number(row['admissions_averted'])} admissions "
        f"and {_number(row['bed_days_averted'])} bed days for £{row['spend']:,.0f} {near}."
    ]


def _partners(result: Result) -> list[str]:
    sums = result.partners.groupby("partner")[
        ["contribution", "paid", "bed_days_averted", "value_at_reference_cost", "cashable"]
    ].sum(min_count=1)
    lines = []
    for partner, row in sums.iterrows():
        pays = f"puts in £{row['contribution']:,.0f}" if row["contribution"] else "puts in nothing"
        if row["contribution"] and row["paid"] == row["paid"]:
            pays += f" and pays £{row['paid']:,.0f}"
        lines.append(
            f"{partner}: {pays}; gains {_number(row['bed_days_averted'])} bed days, "
            f"£{row['value_at_reference_cost']:,.0f} at reference cost, of which £{row['cashable']:,.0f} is cash"
        )
    return lines


def _adding_up(result: Result) -> list[str]:
    rows = result.interventions.set_index("intervention")["admissions_averted_alone"]
    overlap = float(rows["overlap"])
    bought = float(rows["total"]) - float(rows.get("stopped", 0.0))
    return [
        f"Each service counted alone, added up: {_number(bought - overlap)} admissions. "
        f"What they avert together: {_number(bought)}. Overlap takes back {_number(abs(overlap))}."
    ]


def _examples(result: Result) -> list[str]:
    """Sections of the plan that nobody has decided on."""
    sections = [one.replace("_", " ") for one in result.appraisal.county.plan.record.illustrative]
    return (
        [f"Examples, and no decision of any partner: {', '.join(sections)} (the plan lists them)."] if sections else []
    )


def _horizon(result: Result) -> list[str]:
    """Benefits after the years optimised count only if the plan says so."""
    if result.appraisal.county.plan.record.years_counted_beyond:
        return []
    years = result.manifest["years"]
    return [
        f"Only what happens up to the end of {years[-1]} is counted: services that start slowly or last longer "
        "look worse than they are."
        + (" Try --years with more of the plan's years." if len(years) < len(result.manifest["years_of_plan"]) else "")
    ]


def _certainty(result: Result) -> list[str]:
    if not len(rests_on(result.interventions)):
        return []
    return [_with_other_effects(result), "`avert validate PLAN --assumptions --all` lists every assumption."]


def _with_other_effects(result: Result) -> str:
    """What the same allocation would avert by published effects where the plan shrinks them, or by shrunk ones."""
    again = with_other_effects(result.appraisal)
    total = sum(float(again.ledger.change[event].sum()) for event in again.county.pathway.admissions)
    other = again.county.plan.record.evidence
    return (
        f"Effects are {result.manifest['evidence']}; with {other} effects the same plan would claim {_number(total)} "
        "admissions. The best of many noisy numbers promise more than services deliver."
    )


def _beside_experts(result: Result) -> list[str]:
    """Where the plan averts more of a cause than experts believe can be avoided at all."""
    view = result.appraisal.county.plan.library.plausibility
    sums = result.outcomes.groupby("event")[["baseline", "averted"]].sum()
    lines = []
    for event, name in sorted(view.events.items()):
        if event not in sums.index or not sums.loc[event, "baseline"]:
            continue
        share, expert = float(sums.loc[event, "averted"] / sums.loc[event, "baseline"]), view.classes[name]
        label = result.appraisal.county.pathway.node(event).label
        if share > expert.p90:
            lines.append(
                f"WARNING {label}: {share:.1%} averted, above the experts' 90th percentile of {expert.p90:.1%}."
            )
        elif share > expert.mean:
            lines.append(f"{label}: {share:.1%} averted, less sober than the experts, whose mean is {expert.mean:.1%}.")
        else:
            lines.append(f"{label}: {share:.1%} averted; experts think {expert.mean:.1%} avoidable over many years.")
    return lines


def _ties(result: Result) -> list[str]:
    optimum = result.appraisal.optimum
    if optimum is None or not len(optimum.ties):
        return []
    family = result.appraisal.county.family
    label = {one.id: one.label for one in family.interventions}
    tied = set(offers_of(optimum.sets.menu, optimum.ties).package.tolist())
    names = sorted({label[name] for package in tied for name in family.named(package)})
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    offers = "offer" if len(optimum.ties) == 1 else "offers"
    return [
        f"Ties: {len(optimum.ties):,} other {offers} to a group in a year would have done just as well ({shown}); "
        "the cheapest, then the first by name, were taken, which says nothing against the others."
    ]


def _handfuls(result: Result) -> list[str]:
    """One line that names the services hardly anybody takes up in some year; the allocation says which year."""
    yearly = result.allocation.groupby(["year", "intervention"])["participants"].sum()
    few = yearly[(yearly > 0) & (yearly < HANDFUL)].index.get_level_values("intervention")
    label = {one.id: one.label for one in result.appraisal.county.family.interventions}
    names = "; ".join(sorted({label[str(name)] for name in few}))
    return [f"A handful: in some year fewer than {HANDFUL} people take part in {names}."] if names else []


def _idle_lines(result: Result) -> list[str]:
    """Lines of the plan that can't do anything under it, or not what they seem to."""
    county = result.appraisal.county
    plan, lines = county.plan, [str(line) for line in idle_lines(county.plan)]
    if result.appraisal.optimum is not None:
        for number, wanted in enumerate(plan.record.fairness.minimum):
            if not places_of(wanted, county):
                where = plan.line("fairness", "minimum", number)
                lines.append(f"{where}: no place of the area has a deprivation decile, so this does nothing")
    return lines


def _proposal(result: Result) -> list[str]:
    """That what the plan proposes can't be carried out, although the answer does not rest on it."""
    plan = result.appraisal.county.plan
    if can_be_carried_out(plan, len(result.manifest["years"])):
        return []
    return [f"{plan.line('proposed')}: the plan's proposal can't be carried out; 'avert evaluate' says why."]
