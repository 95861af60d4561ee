"""Words that the book uses in a sense of its own, each explained once."""

from __future__ import annotations

from collections.abc import Mapping

from avert.book import markdown as md
from avert.book.book import Book
from avert.book.county import slug
from avert.book.page import Page

TERMS: Mapping[str, str] = {
    "Admission": "A stay in hospital. An emergency admission is one that nobody planned.",
    "Admissions averted": "Emergency admissions that would have happened without the plan, and do not happen with it. "
    "It is an average: nobody can name the people.",
    "Age band": "A range of ages that is counted together: 65–74, 75–84, or 85 and over.",
    "Assumption": "A figure that nobody has read in a source. It may be judgement, or remembered and not yet checked. "
    "Each one carries a mark and a wide range.",
    "Bed day": "One person in a hospital bed for one day.",
    "Cashable": "The part of a saving that ends as money in the bank. A freed bed is soon used by somebody else, so "
    "most savings are not cashable.",
    "Certainty": "How sure we are of an effect: high, moderate, low or very low. High means that more studies would "
    "hardly change it. Very low means that the truth may be quite different.",
    "Deprivation": "How poor an area is, by the national index. Decile 1 is the poorest tenth of areas in England.",
    "Effect": "What a service changes among those who take part, compared with those who do not.",
    "Eligible": "Meant to be offered a service, by age and by what people have.",
    "Financial year": "April to March. 2026/27 runs from April 2026 to March 2027.",
    "Funding": "Whether a plan may buy a service. It may be open to buy; lack a figure it needs; be not for funding; "
    "or be paid nationally already.",
    "Gap": "How far a plan could still be from the best there is, at most. A gap of 0 means that none is better.",
    "Group": "People of one age band who share the same risk factors, such as a fall in the last year.",
    "High-risk people": "The 2% of older residents whose age and conditions bring most emergency admissions.",
    "Interval": "The range in which the true figure likely lies. Most intervals here are 95% intervals: if a study "
    "were done over and over, 95 of 100 such ranges would hold the truth. Where a range is assumed, the page says so.",
    "Marginal value": "What one more pound, place or hour of staff would add.",
    "Node": "A box of a pathway: a risk factor, a condition or an event.",
    "Optimal": "The best there is, under the rules of the plan and with the figures it is given.",
    "Overlap": "What two services would both have averted. It is counted once.",
    "Package": "Services that are offered to the same person at the same time.",
    "Participant": "Somebody who is offered a service and takes part.",
    "Pathway": "The chain from a cause to an illness to a stay in hospital, drawn as boxes and arrows.",
    "Place": "A part of the county, mostly a district.",
    "Randomised trial": "A study in which chance decides who gets a service. It is the surest way to see what a "
    "service does.",
    "Rate ratio": "Events among those with a service, over events among those without. 0.8 means 20% fewer; 1 means no "
    "change; 1.1 means 10% more. A risk ratio, a hazard ratio and an odds ratio are its cousins.",
    "Risk factor": "Something that makes an illness more likely, such as smoking.",
    "Shrunk estimate": "An effect moved a little towards what such services usually do. The less sure a study is, the "
    "more its result is moved, since surprising results of small studies seldom last.",
    "Source": "The paper or page in which a figure was read.",
    "Status": "Our judgement of a service: recommended; promising; uncertain; no benefit shown; or does harm. Services "
    "of the last two kinds are never bought unless a plan asks for it in so many words.",
    "Take-up": "The share of people who take part when they are offered a service.",
}
"""Term → meaning, in plain words."""


def glossary(book: Book) -> Page:
    """Every term as a heading with a name to link to."""
    parts = []
    for term, meaning in sorted(TERMS.items(), key=lambda item: item[0].casefold()):
        parts += [md.heading(term, name=f"term-{slug(term)}"), md.text(meaning)]
    lead = "These words have a meaning of their own in this book."
    words = "glossary terms words meaning definition"
    return Page("glossary", "Glossary", lead, parts, nav="Glossary", group="About", keywords=words)
