"""The pages on evidence: one for every service, every figure on it, and whatever a record says stands there as text."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from avert.book import markdown as md
from avert.book import wording
from avert.book.book import Book
from avert.book.county import County, evidence_page
from avert.book.page import Page, Piece
from avert.book.pages.changes import changes
from avert.book.pages.evidence import evidence_list
from avert.book.pages.glossary import TERMS, glossary
from avert.book.pages.intervention import intervention_pages
from avert.book.pages.limits import LIMITS, limits
from avert.book.pages.links import CAUSAL
from avert.book.pages.method import method
from avert.book.pages.method_steps import STEPS
from avert.book.pages.pathways import pathway_pages
from avert.book.pages.reference import accessibility, cite
from avert.library import Library, figures_in, load_library
from avert.pathway import pathway_graph, restricted
from avert.plan import load_plan

ROOT = Path(__file__).parents[2]
NASTY = "<script>alert(1)</script> | **bold** [x](y) $z$ {cite}`a` \"quoted\" & 'more'"
MANIFEST = {
    "years": ["2026/27", "2027/28"], "prices": "2024/25", "evidence": "shrunk", "evidence_rule": "nearest_outcome",
    "status": "optimal", "objective": 8.5, "upper_bound": 8.5, "objective_in": {"admissions": 1.0}, "gap": 0.0,
    "max_violation": 0.0, "solver": "highs", "rounds": 3, "offers_possible": 12345, "seed": 0,
    "versions": {"avert": "0.1.0"}, "inputs": {"plans/somerset.yaml": "0123456789abcdef" * 4},
}  # fmt: skip
BOUGHT = "strength_and_balance"
RULE = "75-84, fallen in the last year"


def considered(library: Library) -> pd.DataFrame:
    """One service bought, the others not, and one whose figures are missing."""
    rows = [
        {
            "intervention": one.id, "label": one.label, "in_plan": one.id == BOUGHT, "could_be_bought": True,
            "why": "nobody in this area is eligible.", "cost_per_participant": 321.0, "eligible_people": 4567.0,
            "admissions_averted_per_1000": 2.5, "most_averted_per_1000": 7.5, "most_in_group": RULE,
            "most_in_place": "mendip",
        }
        for one in library.interventions.values()
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    numbers = table.select_dtypes("float").columns
    table.loc[table["intervention"] == "telecare", numbers] = float("nan")
    return table


@cache
def library() -> Library:
    return load_library()


def book_of(library: Library) -> Book:
    plan = load_plan(ROOT / "plans" / "somerset.yaml", load_library())
    bought = {"intervention": BOUGHT, "participants": 1234.0, "spend": 56789.0, "admissions_averted_in_plan": 43.0}
    rule = {"intervention": BOUGHT, "rank": 1, "rule": RULE, "people_offered": 99.0, "share_of_service": 0.5}
    tables = {
        "considered": considered(library),
        "interventions": pd.DataFrame([bought]),
        "rules": pd.DataFrame([rule | {"rank": n, "rule": f"{RULE} {n}"} for n in range(1, 8)]),
    }
    return Book([County(plan, ROOT, MANIFEST, tables)], library)


@cache
def book() -> Book:
    return book_of(library())


@cache
def pages() -> dict[str, Page]:
    return {page.name: page for page in intervention_pages(book())}


def words_of(page: Page) -> str:
    """All that stands on a page, Markdown and HTML, without the backslashes that keep Markdown from being read."""
    markdown = re.sub(r"\\(.)", r"\1", "\n".join([page.title, page.lead, *page.parts]))
    return markdown + html.unescape("\n".join(chart.html for chart in page.charts))


def test_every_service_has_a_page_and_a_row() -> None:
    listed = words_of(evidence_list(book()))
    assert len(pages()) == len(library().interventions)
    for one in library().interventions.values():
        assert f'href="{evidence_page(one.id)}.html">{one.label}<' in listed
        said = words_of(pages()[evidence_page(one.id)])
        for words in (one.label, one.summary, one.population, one.reason, *one.unknown, *one.conflicts):
            assert md.plain(words).rstrip(".") in said
    assert listed.count("<tr ") == len(library().interventions)


def test_every_figure_of_a_record_stands_on_its_page() -> None:
    for one in library().interventions.values():
        parts = pages()[evidence_page(one.id)].parts
        table = next((part for part in parts if part.startswith("| What | Value |")), "")
        rows = re.sub(r"\\(.)", r"\1", table).splitlines()[2:]
        figures = [placed.figure for placed in figures_in(one)]
        assert len(rows) == len(figures)
        for row, figure in zip(rows, figures, strict=True):
            assert f"| {wording.figure(figure.value)} |" in row
            assert not figure.interval or wording.span(*figure.interval, wording.figure) in row
            assert ("| assumption |" in row) == figure.is_assumption
            assert not figure.assumption or md.plain(figure.assumption) in row


def test_every_source_of_a_record_is_linked_in_full() -> None:
    for one in library().interventions.values():
        pieces = "".join(c.html for c in pages()[evidence_page(one.id)].charts if c.name.endswith("-sources"))
        for key in {key for placed in figures_in(one) for key in placed.figure.source}:
            source = library().sources[key]
            assert html.escape(source.title, quote=False) in pieces
            assert not source.link.startswith("http") or f'href="{html.escape(source.link)}"' in pieces


def test_no_link_to_a_paper_stands_in_markdown() -> None:
    """Jupyter Book would ask the network about every DOI it reads there."""
    for page in (*pages().values(), *pathway_pages(book())):
        assert "](<http" not in "".join(page.parts)


def test_an_effect_is_said_in_words_and_drawn() -> None:
    said = words_of(pages()["evidence-strength-and-balance"])
    assert "About 24% fewer among those who take part; likely between 19% and 30% fewer." in said
    assert "High [certainty](glossary.md#term-certainty), as the review's authors grade it." in said
    for one in library().interventions.values():
        charts = [chart for chart in pages()[evidence_page(one.id)].charts if not isinstance(chart, Piece)]
        assert len(charts) == len(one.effects)


def test_in_or_out_of_the_plan_and_why() -> None:
    bought = words_of(pages()["evidence-strength-and-balance"])
    assert "buys it: £56,800 for 1,234 people in 2026/27 to 2027/28. Without it, the plan would avert 43" in bought
    assert f"{RULE} 5 |" in bought
    assert f"{RULE} 6 |" not in bought
    assert "1,000 participants would avert 2.5 emergency admissions" in bought
    out = words_of(pages()["evidence-telecare"])
    assert "**Out.**" in out
    assert "Nobody in this area is eligible." in out
    assert "participants would avert" not in out


def test_what_a_record_says_shows_as_text() -> None:
    one = library().interventions[BOUGHT]
    effect = one.effects[0].model_copy(update={"note": NASTY, "why": NASTY})
    nasty = one.model_copy(
        update={"label": NASTY, "summary": NASTY, "population": NASTY, "reason": NASTY, "unknown": (NASTY,),
                "conflicts": (NASTY,), "delivered_by": NASTY, "also_known_as": (NASTY,), "effects": (effect,)}
    )  # fmt: skip
    sources = {
        key: replace(source, title=NASTY, authors=NASTY, link="javascript:alert(1)")
        for key, source in library().sources.items()
    }
    other = book_of(replace(library(), interventions={BOUGHT: nasty}, sources=sources))
    for page in (evidence_list(other), *intervention_pages(other), *pathway_pages(other)):
        assert not any(re.search(r"(?<!\\)<script", part) or NASTY in part for part in [page.lead, *page.parts])
        assert not any("<script" in chart.html or NASTY in chart.html for chart in page.charts)
        assert not any('href="javascript' in chart.html for chart in page.charts)
    assert html.escape(NASTY, quote=False) in evidence_list(other).charts[0].html


def test_a_pathway_lists_every_arrow_it_draws() -> None:
    found = {page.name: page for page in pathway_pages(book())}
    assert set(found) >= {"pathways", "pathway-falls", "pathway-stroke", "pathway-all-causes"}
    whole = pathway_graph(library())
    for name in library().pathways:
        page = found[f"pathway-{name.replace('_', '-')}"]
        graph = restricted(whole, {name}, library())
        edges = [edge for node in graph.order for edge in graph.into(node)]
        picture = page.charts[0].html
        said = words_of(page)
        for edge in edges:
            assert f'data-from="{edge.from_}" data-to="{edge.to}"' in picture
            own = edge in library().pathways[name].edges
            ends = f"{library().nodes[edge.from_].label} → {library().nodes[edge.to].label}"
            assert (f"### {ends}" if own else f"**{ends}**: ") in said
            assert not own or CAUSAL[edge.causal] in said
        for node in graph.order:
            assert f'data-id="{node}" data-label="{html.escape(library().nodes[node].label)}"' in picture
        assert len(picture) < 45_000


@pytest.mark.parametrize("make", [method, glossary, limits, changes, accessibility, cite])
def test_pages_about_the_book(make: object) -> None:
    assert callable(make)
    page = make(book())
    assert page.group == "About"
    assert page.nav
    assert page.lead


def test_every_term_and_limit_and_formula_is_there() -> None:
    terms, limited, formulas = (words_of(page) for page in (glossary(book()), limits(book()), method(book())))
    assert all(f"## {term}\n" in terms and meaning in terms for term, meaning in TERMS.items())
    assert all(why in limited for _, _, why in LIMITS)
    stated = [one for _, _, functions in STEPS for one in functions]
    assert all(one.__doc__ for one in stated)
    assert formulas.count("````\n") == 2 * len(stated)


def test_the_facts_of_a_run_are_told() -> None:
    said = words_of(changes(book()))
    assert "| plans/somerset.yaml | 0123456789ab |" in said
    assert "12,345" in said
    assert json.dumps(MANIFEST["prices"]).strip('"') in said


def test_links_to_the_glossary_lead_to_a_term() -> None:
    anchors = set(re.findall(r"\((term-[a-z0-9-]+)\)=", "\n".join(glossary(book()).parts)))
    written = [*pages().values(), *pathway_pages(book()), evidence_list(book()), changes(book())]
    linked = {found for page in written for part in page.parts for found in re.findall(r"glossary\.md#([\w-]+)", part)}
    assert linked
    assert linked <= anchors
