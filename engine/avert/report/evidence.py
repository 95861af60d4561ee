"""Evidence in words: one card for each intervention or pathway, and the library as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from avert.errors import AvertError, nearest
from avert.library import Library, Placed, figures_in, nearest_called, unit_of
from avert.library.records import Edge, Effect, Intervention, Money, PathwayFile, RiskFactorFile
from avert.pathway import own_effects, pathway_graph, restricted
from avert.pathway.drawing import svg
from avert.plan import PlanInFull
from avert.report.answer import Section
from avert.report.factors import factor_in_words

SEEN_AS = {
    "abstract": "the abstract",
    "table": "a table",
    "paper": "the paper",
    "official_page": "an official page",
    "secondary": "a report by others",
}


def figure_in_words(placed: Placed, library: Library) -> str:
    """'fall: 0.76 (0.7 to 0.81) rate ratio [seen in the abstract] authors (year) title': a figure with its papers."""
    figure = placed.figure
    span = ""
    if figure.interval:
        assumed = ", assumed" if figure.interval_basis == "assumed" else ""
        span = f" ({figure.interval[0]:g} to {figure.interval[1]:g}{assumed})"
    elif figure.no_interval:
        span = f" (no interval: {figure.no_interval})"
    unit = f" {unit_of(placed, library)}" + (f", {figure.price_year} prices" if isinstance(figure, Money) else "")
    mark = (
        f"seen in {SEEN_AS[figure.seen_as]}"
        if figure.verification == "seen" and figure.seen_as
        else figure.verification
    )
    names = " / ".join(
        name for name in placed.names if name not in ("effects", "nodes", "edges", "estimate", "all ages")
    )
    papers = (
        f"ASSUMPTION: {figure.assumption}"
        if figure.assumption
        else "; ".join(str(library.sources[key]) for key in figure.source)
    )
    return f"{names or 'at all ages'}: {figure.value:g}{span}{unit} [{mark}] {papers}"


def evidence_card(library: Library, name: str) -> Iterator[Section]:
    """Sections of (heading, lines) about an intervention, a pathway or a list of risk factors.

    Raises AvertError for a name the library does not have.
    """
    records: dict[str, Intervention | PathwayFile | RiskFactorFile] = {
        **library.pathways,
        **library.interventions,
        **library.risk_factors,
    }
    if name not in records:
        labels = {key: one.label for key, one in records.items()}
        raise AvertError(f"the library has nothing called '{name}'.{nearest_called(name, labels)}")
    record = records[name]
    if isinstance(record, RiskFactorFile):
        yield record.label, [record.note] if record.note else []
        for factor in record.factors:
            yield factor.label, list(factor_in_words(factor))
    elif isinstance(record, Intervention):
        yield record.label, list(_about(record))
        yield "Effects", [_effect_in_words(effect) for effect in record.effects]
        yield "Where studies disagree", [*_readings(record.effects), *record.conflicts]
        yield "What nobody knows", list(record.unknown)
    else:
        prior = record.prior
        pulled = f"Prior for shrinking: ratio {prior.ratio:g}, log sd {prior.log_standard_deviation:g}. {prior.reason}"
        yield record.label, [record.summary, pulled]
        yield "Edges", [_edge_in_words(edge) for edge in record.edges]
        yield "Where studies disagree", list(_readings(record.edges))
    yield "Every number", [figure_in_words(placed, library) for placed in figures_in(record)]


def _effect_in_words(effect: Effect) -> str:
    measure, certainty = effect.measure.replace("_", " "), effect.certainty.replace("_", " ")
    return f"{effect.acts_on}: {measure}, {effect.design}, {certainty} certainty. {effect.note or ''}"


def _edge_in_words(edge: Edge) -> str:
    measure, certainty = edge.measure.replace("_", " "), edge.certainty.replace("_", " ")
    return f"{edge.from_} → {edge.to}: {measure}, {edge.causal}, {certainty} certainty"


def _about(record: Intervention) -> Iterator[str]:
    yield record.summary
    yield f"For whom it was studied: {record.population}"
    places = ", ".join(place.replace("_", " ") for place in record.setting)
    yield f"Where: {places}. Who gives it: {record.delivered_by}"
    pays, gains = (", ".join(names).replace("_", " ") for names in (record.partners.pays, record.partners.gains))
    yield f"Who usually pays: {pays or 'nobody'}. Who gains: {gains or 'nobody'}."
    yield f"Status: {record.status.replace('_', ' ')}; funding: {record.funding.replace('_', ' ')}. {record.reason}"
    if record.guidance:
        yield f"National guidance: {record.guidance}"
    if record.paid_elsewhere:
        elsewhere = record.paid_elsewhere
        yield f"Paid by: {elsewhere.by} What a local pool can buy: {elsewhere.local_pool_can_buy}"
    for name, why in record.not_found.items():
        yield f"Not found: {name.replace('_', ' ')}. {why}"


def _readings(records: Iterable[Effect | Edge]) -> Iterator[str]:
    for one in records:
        if one.alternatives:
            what = one.acts_on if isinstance(one, Effect) else f"{one.from_} → {one.to}"
            yield f"{what}: '{one.choice}' is in force. {one.why}"
            yield from (f"   '{other.choice}': {other.why_not}" for other in one.alternatives)


def library_in_words(library: Library) -> str:
    """One paragraph: what the library holds, and how many of its figures were seen."""
    marks = Counter(
        p.figure.verification
        for r in (*library.pathways.values(), *library.interventions.values())
        for p in figures_in(r)
    )
    statuses = Counter(one.status.replace("_", " ") for one in library.interventions.values())
    judged = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    return (
        f"The library is in order: {len(library.pathways)} pathways, {len(library.nodes)} nodes, "
        f"{len(library.edges)} edges, {len(library.interventions)} interventions ({judged}), "
        f"{len(library.sources)} sources.\n"
        f"Of {sum(marks.values())} figures {marks['seen']} were seen in their source, "
        f"{marks['derived']} derived by arithmetic, {marks['recalled']} recalled or assumed."
    )


def drawn(subject: PlanInFull | str, library: Library) -> str:
    """The pathway graph of a plan, or of one pathway by id, as SVG.  Raises AvertError for an unknown pathway."""
    whole = pathway_graph(library)
    labels = {one.id: one.label for one in library.interventions.values()}
    if isinstance(subject, PlanInFull):
        chosen, title = set(subject.record.pathways), subject.record.label or subject.record.area
        services = subject.candidates
    else:
        if subject not in library.pathways:
            raise AvertError(f"there is no pathway '{subject}'.{nearest(subject, library.pathways)}")
        chosen, title = {subject}, library.pathways[subject].label
        services = tuple(one for one in library.interventions.values() if one.pathway == subject)
    part = restricted(whole, chosen, library)
    effects, _ = own_effects(library, part, services)
    return svg(part, title=title, interventions=effects, labels=labels)
