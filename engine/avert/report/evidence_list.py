"""The services of a library as a list under its pathways, with what the words in it mean."""

from __future__ import annotations

from collections.abc import Iterator

from avert.errors import AvertError, nearest
from avert.library import Library
from avert.report.answer import Section

CANDIDATE = "candidate"
FUNDING = {
    CANDIDATE: "a plan can buy it",
    "awaits_figures": "it could be a candidate, were its missing figures found",
    "do_not_fund": "a plan does not buy it, unless under 'buy_anyway'",
    "national": "paid nationally; a plan does not buy it, unless under 'buy_anyway'",
}
"""What the library says of buying a service, in the words a plan goes by."""


def evidence_list_in_words(library: Library, pathway: str | None, *, candidates: bool) -> Iterator[Section]:
    """Sections of (pathway, a line for each of its services: id, status, funding, label), then what the words mean.

    `pathway` names one alone; `candidates` leaves out what a plan can't buy.  Raises AvertError for an unknown one.
    """
    services = [one for one in library.interventions.values() if not candidates or one.funding == CANDIDATE]
    known = sorted({*library.pathways, *(one.pathway for one in library.interventions.values())})
    if pathway is not None and pathway not in known:
        raise AvertError(f"there is no pathway '{pathway}'.{nearest(pathway, known)}")
    shown = known if pathway is None else [pathway]
    for name in shown:
        mine = [one for one in services if one.pathway == name]
        label = f" ({library.pathways[name].label})" if name in library.pathways else ""
        yield f"{name}{label}", [f"{one.id:38} {one.status:11} {one.funding:14} {one.label}" for one in mine]
    said = {one.funding for one in services if one.pathway in shown}
    yield "What the words mean", [f"{word}: {meaning}" for word, meaning in FUNDING.items() if word in said]
