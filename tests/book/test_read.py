"""The book as readers meet it, in a real browser: desk and phone, keyboard, screen reader, with and without script."""

from __future__ import annotations

import functools
import http.server
import json
import random
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Made, call
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

import avert
from avert.book.county import evidence_page

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
KINDS = (
    "index", "hills", "hills-budget", "hills-who-gets-what", "hills-places", "hills-mendip", "hills-how-sure",
    "hills-partners", "hills-burden", "hills-fairness", "hills-outcomes", "hills-adding-up", "hills-assumptions",
    "pathway-falls",
    "evidence", "evidence-strength-and-balance", "method", "worked-example", "data", "glossary", "search",
)  # fmt: skip
"""One page of every kind."""


FOCUSED = "(document.activeElement.id || document.activeElement.textContent).trim().slice(0, 30)"
"""What has the focus: its id, or the beginning of its words."""


def address(made: Made, name: str) -> str:
    return (made.book / f"{name}.html").as_uri()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"][:2]]


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_reads_without_fault(made: Made, browser: Browser, viewport: dict[str, int]) -> None:
    """No word on the console, nothing asked of the network, no page wider than the screen, one heading at the top."""
    context = browser.new_context(viewport=viewport)  # type: ignore[arg-type]
    page, faults, asked = context.new_page(), [], []
    page.on("console", lambda said: faults.append(f"{page.url}: {said.text}"))
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("request", lambda request: asked.append(request.url))
    for path in made.pages():
        page.goto(path.as_uri())
        wide, titles = page.evaluate(
            "[document.documentElement.scrollWidth - document.documentElement.clientWidth, "
            "document.querySelectorAll('h1').length]"
        )
        if wide > 0 or titles != 1:
            faults.append(f"{path.name}: {wide} points too wide, {titles} titles")
    context.close()
    assert faults == []
    assert [one for one in asked if not one.startswith(made.book.as_uri())] == []


def test_axe_finds_nothing_on_any_page(made: Made, page: Page) -> None:
    faults = []
    for path in made.pages():
        page.goto(path.as_uri())
        faults += [f"{path.name}: {fault}" for fault in violations(page)]
    assert faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone_in_light_and_dark(made: Made, browser: Browser, scheme: str) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme=scheme)  # type: ignore[arg-type]
    page, faults = context.new_page(), []
    for name in KINDS:
        page.goto(address(made, name))
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        faults += [f"{name}: {fault}" for fault in violations(page)]
    context.close()
    assert faults == []


def test_colours_forced_by_the_reader_leave_everything_to_be_seen(made: Made, browser: Browser) -> None:
    context = browser.new_context(viewport=DESK, forced_colors="active")
    page = context.new_page()
    for name in ("hills", "hills-budget", "hills-how-sure"):
        page.goto(address(made, name))
        same = page.evaluate("""() => {
            const paper = getComputedStyle(document.body).backgroundColor;
            const seen = (one, what) => getComputedStyle(one)[what];
            return [...document.querySelectorAll("svg.wide text, svg.wide .bar, svg.wide .mark, svg.wide .line")]
              .filter((one) => seen(one, "fill") === paper && [paper, "none"].includes(seen(one, "stroke"))).length;
        }""")
        assert same == 0
    context.close()


def test_search_finds_every_service(made: Made, page: Page) -> None:
    page.goto(address(made, "search"))
    box = page.get_by_label("Words to look for")
    for one in avert.load_library().interventions.values():
        box.fill(one.label)
        first = page.locator("#results a").first
        expect(first).to_have_text(one.label)
        expect(first).to_have_attribute("href", f"{evidence_page(one.id)}.html")
    box.fill("zzzz")
    expect(page.get_by_role("status")).to_have_text("Nothing found. Try fewer or shorter words.")
    page.goto(address(made, "search") + "?q=double+counting")
    expect(page.locator("#results a").first).to_contain_text("adding up")


def fresh_optimum(made: Made, budget: float, whole: float) -> float:
    """The worth of the best plan for another sum of money, found afresh."""
    plan = avert.load_plan(made.plans[0])
    money = {
        who: {when: pounds * budget / whole for when, pounds in by_year.items()}
        for who, by_year in plan.record.money.items()
    }
    return float(
        avert.optimise(replace(plan, record=plan.record.model_copy(update={"money": money}))).manifest["objective"]
    )


def test_the_slider_shows_what_a_fresh_optimum_is_worth(made: Made, page: Page) -> None:
    """At 25 budgets drawn at random: by the number box, by arrow keys and by the mouse."""
    page.goto(address(made, "hills-budget"))
    part, slider, box = page.locator(".frontier"), page.get_by_role("slider"), page.get_by_role("spinbutton")
    data = json.loads(
        part.locator("script").inner_text() or part.locator("script").evaluate("(one) => one.textContent")
    )
    ends, draw = (data["budget"][0], data["budget"][-1]), random.Random(20261122)
    whole = data["budget"][-1] / 2
    for number in range(25):
        budget = draw.uniform(*ends)
        if number % 3 == 0:
            slider.focus()
            page.keyboard.press(draw.choice(["ArrowRight", "ArrowLeft", "PageUp", "PageDown", "ArrowUp"]))
        elif number % 3 == 1:
            box.fill(f"{budget:.0f}")
        else:
            place = slider.bounding_box()
            assert place
            page.mouse.click(place["x"] + place["width"] * draw.uniform(0.05, 0.95), place["y"] + place["height"] / 2)
        shown = {name: float(part.get_attribute(f"data-{name}") or "nan") for name in ("budget", "low", "high")}
        best = fresh_optimum(made, shown["budget"], whole)
        assert shown["low"] - 1e-6 <= best <= shown["high"] + 1e-6
        assert shown["high"] - shown["low"] <= 0.02 * max(data["worth"])
    box.fill("99999999999")
    expect(page.get_by_role("status")).to_contain_text("Please choose between £0 and")
    expect(box).to_have_attribute("aria-invalid", "true")


def test_where_services_come_in_lumps_the_slider_goes_in_steps(made: Made, page: Page) -> None:
    page.goto(address(made, "coast-budget"))
    part, box = page.locator(".frontier"), page.get_by_role("spinbutton")
    table = avert_frontier(made, "coast")
    for budget, (low, high) in table.items():
        box.fill(f"{budget:.0f}")
        assert float(part.get_attribute("data-low") or "nan") == pytest.approx(low, abs=1e-5)
        assert float(part.get_attribute("data-high") or "nan") == pytest.approx(high, abs=1e-5)


def avert_frontier(made: Made, county: str) -> dict[float, tuple[float, float]]:
    """Brackets as the engine gives them, at budgets between its points."""
    import pandas as pd

    table = pd.read_parquet(made.runs / county / "frontier.parquet")
    ends = table["budget"].to_numpy()
    between = [round(float(a + 0.37 * (b - a))) for a, b in pairwise(ends)][::4]
    return {budget: avert.bracket(table, budget) for budget in between}


def test_a_screen_reader_is_told_what_the_slider_does(made: Made, page: Page) -> None:
    page.goto(address(made, "hills-budget"))
    slider = page.get_by_role("slider", name="Budget over all years")
    expect(page.get_by_role("spinbutton", name="Or type an amount in pounds")).to_be_visible()
    slider.focus()
    before = page.get_by_role("status").inner_text()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("status")).not_to_have_text(before)
    said = page.get_by_role("status").inner_text()
    assert re.match(r"£[\d,.]+( million)?: [\d,.]+ admissions averted", said)
    assert re.match(r"£[\d,.]+( million)?: [\d,.]+ admissions averted", slider.get_attribute("aria-valuetext") or "")
    tree = page.locator("main").aria_snapshot()
    assert 'slider "Budget over all years"' in tree
    assert 'heading "What each budget buys" [level=1]' in tree
    assert '- img "A curve that rises' in tree
    assert "- status:" in tree


def test_the_order_of_tabs_follows_the_page(made: Made, page: Page) -> None:
    page.goto(address(made, "hills-budget"))
    order = []
    for _ in range(60):
        page.keyboard.press("Tab")
        order.append(page.evaluate(FOCUSED))
    names = [str(words) for words in order]
    assert names[0] == "Skip to the text"
    assert names[2] == "Search"
    slider, box = names.index("hills-budget-slider"), names.index("hills-budget-box")
    assert slider < box < names.index("Show the numbers")
    page.goto(address(made, "hills-budget"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_the_menu_of_a_phone_folds_and_says_so(made: Made, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address(made, "hills"))
    button = page.get_by_role("button", name="All pages")
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("link", name="What each budget buys")).to_be_hidden()
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("link", name="What each budget buys").first).to_be_visible()
    context.close()


def test_a_pathway_is_read_by_keyboard(made: Made, page: Page) -> None:
    page.goto(address(made, "pathway-falls"))
    said, box = page.get_by_role("status"), page.locator(".node[data-id='fall']")
    expect(said).to_have_text("Choose a box to see what leads to it and what follows.")
    box.focus()
    page.keyboard.press("Enter")
    expect(said).to_contain_text("Leads to it:")
    expect(said).to_contain_text("Follows from it:")
    expect(box).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-pressed", "false")


def test_services_are_filtered_by_word_and_by_choice(made: Made, page: Page) -> None:
    page.goto(address(made, "evidence"))
    rows, said = page.locator("tbody tr"), page.get_by_role("status")
    whole = rows.count()
    expect(said).to_have_text(f"{whole} of {whole} shown")
    page.get_by_label(re.compile("words", re.IGNORECASE)).fill("tai chi")
    expect(page.locator("tbody tr:visible").first).to_contain_text("Tai Chi")
    few = page.locator("tbody tr:visible").count()
    assert 0 < few < whole
    expect(said).to_have_text(f"{few} of {whole} shown")


def test_without_script_words_tables_and_pictures_stay(made: Made, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address(made, "hills-budget"))
    expect(page.locator("svg.narrow").first).to_be_visible()
    expect(page.locator("table.moving")).to_be_visible()
    expect(page.locator(".slider")).to_be_hidden()
    expect(page.get_by_role("link", name="Key messages").first).to_be_visible()
    page.get_by_text("Show the numbers").first.click()
    expect(page.locator("details.behind table").first).to_be_visible()
    page.goto(address(made, "evidence"))
    expect(page.locator("form.filters")).to_be_hidden()
    assert page.locator("tbody tr:visible").count() == len(avert.load_library().interventions)
    page.goto(address(made, "search"))
    expect(page.get_by_text("Searching needs JavaScript")).to_be_visible()
    context.close()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_book_works_below_any_address(made: Made, page: Page) -> None:
    with served(made.book.parent) as at:
        failed: list[str] = []
        page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
        page.goto(f"{at}/{made.book.name}/hills.html")
        page.get_by_role("link", name="Search").click()
        page.get_by_label("Words to look for").fill("tai chi")
        page.locator("#results a").first.click()
        expect(page.locator("h1")).to_contain_text("Tai Chi")
        page.get_by_role("link", name=re.compile("^Prevention plans")).click()
        expect(page.locator("h1")).to_have_text("Prevention plans for older people")
        assert failed == []


def test_a_page_prints_with_its_numbers_open(made: Made, page: Page, tmp_path: Path) -> None:
    page.goto(address(made, "hills-outcomes"))
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    printed = PdfReader(tmp_path / "page.pdf")
    text = "".join(sheet.extract_text() for sheet in printed.pages)
    assert "Actions and outcomes" in text
    assert "Remaining" in text  # a column of the numbers behind the chart
    assert "All pages" not in text
    width, height = (float(side) for side in printed.pages[0].mediabox[2:])
    assert (width, height) == pytest.approx((595, 842), abs=2)


def test_the_board_paper_has_ten_pages_at_most(made: Made, browser: Browser, tmp_path: Path) -> None:
    code, said, faults = call("book", *made.plans, "--runs", str(made.runs), "--out", str(tmp_path / "b"), "--pdf")
    assert code == 0, faults
    for county in ("hills", "coast"):
        assert f"{county}-board-paper.pdf" in said
        paper = PdfReader(tmp_path / "b" / f"{county}-board-paper.pdf")
        text = " ".join("".join(sheet.extract_text() for sheet in paper.pages).split())
        assert 2 <= len(paper.pages) <= 10
        for words in ("How sure are we?", "Who pays, who gains", "Who gets what", "utcomes", "Method in brief"):
            assert words in text
