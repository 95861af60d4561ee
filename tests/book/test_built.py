"""The book as files: the same twice, whole, light, without a word that a plan could slip in; and what it refuses."""

from __future__ import annotations

import csv
import filecmp
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import yaml
from conftest import NASTY, Made, call, write_plans
from hypothesis import given, settings
from hypothesis import strategies as st

from avert.book import check_built
from avert.book import markdown as md
from avert.book.building import build
from avert.book.county import County, evidence_page
from avert.book.page import Page
from avert.book.pages.budget import budget
from avert.book.writing import write_source
from avert.errors import AvertError
from avert.library import load_library
from avert.plan import load_plan
from avert.results import ALSO

FIRST_VISIT, WHOLE = 100_000, 8_000_000


def differing(one: Path, other: Path) -> set[str]:
    names = {path.relative_to(top).as_posix() for top in (one, other) for path in top.rglob("*") if path.is_file()}
    return {
        name
        for name in names
        if not ((one / name).is_file() and (other / name).is_file() and filecmp.cmp(one / name, other / name, False))
    }


def test_both_ways_of_building_give_the_same_bytes(made: Made, tmp_path: Path) -> None:
    for way in ([], ["--site"]):
        code, _, faults = call("book", *made.plans, "--out", str(tmp_path / "b"), "--runs", str(made.runs), *way)
        assert code == 0, faults
        assert differing(made.book, tmp_path / "b") == set()


def test_the_book_is_built_where_there_is_no_network_at_all(made: Made, tmp_path: Path) -> None:
    alone = ["unshare", "--map-root-user", "--net"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("NO NAMESPACES: this system can't take the network away from a process")
    command = [*alone, sys.executable, "-m", "avert", "book", *made.plans, "--out", str(tmp_path / "b")]
    ran = subprocess.run([*command, "--runs", str(made.runs)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert differing(made.book, tmp_path / "b") == set()


def test_every_link_leads_somewhere_and_nothing_is_fetched(made: Made) -> None:
    assert list(check_built(made.book)) == []


@pytest.mark.parametrize(
    ("slipped_in", "said"),
    [
        ('<a href="nowhere.html">x</a>', "there is no nowhere.html to link to"),
        ('<a href="method.html#nothing">x</a>', "there is no part 'nothing' on method.html"),
        ('<a href="/data.html">x</a>', "works only at the top of a site"),
        ('<a href="javascript:alert(1)">x</a>', "a link of a kind that has no place here"),
        ('<img src="https://example.org/x.png" alt="">', "asks the network for https://example.org/x.png"),
        ('<script src="//example.org/x.js"></script>', "asks the network for //example.org/x.js"),
        ('<i id="main"></i>', "the id 'main' is there twice"),
        ('<b onclick="x()">x</b>', "holds a script where none belongs"),
    ],
)
def test_a_book_that_is_not_whole_is_refused(made: Made, tmp_path: Path, slipped_in: str, said: str) -> None:
    book = shutil.copytree(made.book, tmp_path / "b")
    page = book / "glossary.html"
    page.write_text(page.read_text("utf-8").replace("</main>", f"{slipped_in}</main>"), "utf-8")
    assert any(said in fault for fault in check_built(book))


def test_check_is_content_with_the_book_it_made_and_with_no_other(made: Made, tmp_path: Path) -> None:
    arguments = ("book", *made.plans, "--runs", str(made.runs), "--check", "--out")
    code, said, faults = call(*arguments, str(made.book))
    assert (code, faults) == (0, "")
    assert "in order" in said
    book = shutil.copytree(made.book, tmp_path / "b")
    (book / "glossary.html").write_text("another", "utf-8")
    code, _, faults = call(*arguments, str(book))
    assert code == 1
    assert "is not of these runs: glossary.html differ" in faults
    assert (book / "glossary.html").read_text("utf-8") == "another"


def built_of(folder: Path, *parts: str, by_hand: bool = False) -> str:
    """The HTML of a book of one page."""
    folder.mkdir()
    write_source("A book", [Page("index", "A page", "A lead.", parts)], "", folder)
    out = build(folder, by_hand=by_hand)
    if faults := list(check_built(out)):
        raise AvertError("; ".join(faults))
    return (out / "index.html").read_text("utf-8")


@pytest.mark.parametrize("by_hand", [False, True])
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("[words](nowhere.md)", "nowhere.md"),
        ("[](#nothing-like-this)", "nothing-like-this"),
        ("[@nobody2020]", "nobody2020"),
        ("```{mermaid}\nflowchart LR\n```", "no way to show a 'mermaid'"),
        ("```{nonsense}\n```", "nonsense"),
        (":::{chart} _charts/not-there\n:::", "not-there"),
    ],
)
def test_what_jupyter_book_or_the_theme_cannot_show_stops_the_build(
    tmp_path: Path, broken: str, said: str, by_hand: bool
) -> None:
    with pytest.raises(AvertError, match=re.escape(said)):
        built_of(tmp_path / "source", broken, by_hand=by_hand)


def test_two_pages_of_one_name_are_refused(tmp_path: Path) -> None:
    page = Page("index", "A page", "A lead.", [])
    with pytest.raises(AvertError, match="two parts of the book are called 'index'"):
        write_source("A book", [page, page], "", tmp_path)
    with pytest.raises(AvertError, match="can't be the name of a page"):
        write_source("A book", [Page("Index_1", "A page", "A lead.", [])], "", tmp_path)


def test_stale_runs_are_refused_each_with_its_reason(made: Made, tmp_path: Path) -> None:
    top = Path(shutil.copytree(made.runs.parent, tmp_path / "counties", ignore=shutil.ignore_patterns("book")))
    hills, coast, runs = top / "hills.yaml", top / "coast.yaml", top / "runs"
    arguments = ("book", str(hills), str(coast), "--out", str(tmp_path / "b"), "--runs", str(runs), "--check")
    assert call(*arguments)[0::2] == (
        1,
        f"there is no book in {tmp_path / 'b'} to check; make it first, without --check\n",
    )
    hills.write_text(hills.read_text("utf-8").replace("900 places", "800 places"), "utf-8")
    (runs / "coast" / "frontier.parquet").unlink()
    code, _, faults = call(*arguments)
    assert code == 1
    assert "is older than plans/hills.yaml" in faults
    assert "has no frontier table: it was made by 'avert run' alone" in faults
    shutil.rmtree(runs / "coast")
    assert f"there is no run in {runs / 'coast'}" in call(*arguments)[2]
    assert not (tmp_path / "b").exists()


def test_a_run_of_other_code_is_stale(made: Made, tmp_path: Path) -> None:
    runs = shutil.copytree(made.runs, tmp_path / "runs")
    manifest = runs / "hills" / "manifest.json"
    manifest.write_text(re.sub(r'("avert_code": )"\w+"', r'\1"0000"', manifest.read_text("utf-8")), "utf-8")
    code, _, faults = call("book", *made.plans, "--runs", str(runs), "--out", str(tmp_path / "b"), "--check")
    assert code == 1
    assert "was made with another version of avert_code" in faults


def test_only_a_book_is_replaced(made: Made, tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine", "utf-8")
    code, _, faults = call("book", *made.plans, "--runs", str(made.runs), "--out", str(tmp_path))
    assert code == 1
    assert "is not a book of avert" in faults
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_two_plans_of_one_name_are_refused(made: Made, tmp_path: Path) -> None:
    code, _, faults = call("book", made.plans[0], made.plans[0], "--out", str(tmp_path / "b"))
    assert code == 1
    assert "two plans are called 'hills'" in faults


def test_a_first_visit_to_any_page_is_light(made: Made) -> None:
    size = {path.name: path.stat().st_size for path in made.book.iterdir() if path.is_file()}
    common = size["book.css"] + size["book.js"] + size["icon.svg"]
    heavy = {path.name: size[path.name] + common for path in made.pages() if size[path.name] + common > FIRST_VISIT}
    assert heavy == {}
    assert size["search.html"] + common + size["search.js"] + size["search-index.js"] <= FIRST_VISIT
    assert sum(path.stat().st_size for path in made.book.rglob("*") if path.is_file()) <= WHOLE


class Seen(HTMLParser):
    """What a reader sees of a page, its elements, and the text of each paragraph."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words, self.tags, self.paragraphs, self._in = "", [], [], ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag if tag in ("script", "style", "p") else self._in
        if tag == "p":
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = "" if tag == self._in else self._in

    def handle_data(self, data: str) -> None:
        if self._in not in ("script", "style"):
            self.words += data
        if self._in == "p":
            self.paragraphs[-1] += data


def test_names_from_a_plan_show_as_they_stand_and_do_nothing(made: Made) -> None:
    for path in made.pages():
        seen = Seen(path.read_text("utf-8"))
        scripts = [attrs for tag, attrs in seen.tags if tag == "script"]
        assert all(one.get("src") in {"book.js", "search.js", "search-index.js"} or len(one) <= 1 for one in scripts)
        assert "alert(1)" not in "".join(
            re.findall(r"<script(?! type).*?</script>", path.read_text("utf-8"), re.DOTALL)
        )
        assert not any(attrs.get("href") == "http://b.example" for _, attrs in seen.tags)
    assert md.plain(NASTY) in Seen(made.text("hills")).words
    assert md.plain(f"Mendip {NASTY}") in Seen(made.text("hills-mendip")).words
    assert md.plain(f"Note: {NASTY}") in Seen(made.text("hills-assumptions")).words


def test_a_name_that_looks_like_a_formula_is_no_formula(made: Made) -> None:
    workbook = openpyxl.load_workbook(made.book / "data" / "hills" / "workbook.xlsx")
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=1+1") for cell in cells)
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    for path in (made.book / "data").glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))]


ODD = st.text(
    st.one_of(st.sampled_from(list("\\`*_{}[]()<>#+-.!|~^$%&@:;=\"'/?,\n\t 01ab")), st.characters(codec="utf-8")),
    max_size=40,
)


@settings(max_examples=3, deadline=None)
@given(st.lists(st.one_of(ODD, st.text(max_size=60)), min_size=80, max_size=120))
def test_any_text_at_all_shows_as_it_stands(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    """Paragraphs of any letters come out of Jupyter Book and the theme as they went in."""
    said = [f"begin {one} end" for one in words]
    html = built_of(tmp_path_factory.mktemp("odd") / "source", *(md.text(one) for one in said))
    seen = Seen(html)
    shown = [re.sub(r"\s+", " ", one).strip() for one in seen.paragraphs if one.startswith("begin")]
    assert shown == [re.sub(r"\s+", " ", md.plain(one)).strip() for one in said]
    assert {tag for tag, _ in seen.tags} <= {
        *("html", "head", "meta", "title", "link", "script", "body", "a", "header", "div", "nav", "button", "main"),
        *("h1", "p", "footer", "ul", "li"),
    }


def test_every_service_has_its_page_and_every_table_its_file(made: Made) -> None:
    for name in load_library().interventions:
        assert (made.book / f"{evidence_page(name)}.html").is_file()
    with zipfile.ZipFile(made.book / "data" / "hills" / "all-tables.zip") as packed:
        assert {f"{name}.csv" for name in (*ALSO, "allocation", "offers")} <= set(packed.namelist())
    low = pd.read_csv(made.book / "data" / "hills" / "services-low-high.csv")
    assert (low["admissions_averted_low"] <= low["admissions_averted"] + 1e-9).all()
    assert (low["admissions_averted"] <= low["admissions_averted_high"] + 1e-9).all()


def test_actions_stand_in_order_of_their_day(made: Made) -> None:
    words = Seen(made.text("hills-outcomes")).words
    assert "<h1>Actions and outcomes</h1>" in made.text("hills-outcomes")
    assert words.index("1 June 2026") < words.index("30 September 2026")
    assert "<h1>Outcomes against today's baseline</h1>" in made.text("coast-outcomes")


def test_a_county_of_one_place_has_no_pages_that_compare_places(made: Made) -> None:
    names = {path.stem for path in made.pages()}
    assert {"hills-fairness", "hills-places", "hills-mendip"} <= names
    assert not {"coast-fairness", "coast-places"} & names


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end left out: near enough for a mean."""
    found = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, found - (word.lower().endswith("e") and not word.lower().endswith("le") and found > 1))


@pytest.mark.parametrize("county", ["hills", "coast"])
def test_key_messages_can_be_read_at_twelve(made: Made, county: str) -> None:
    """Flesch and Kincaid's grade: 0.39 words a sentence + 11.8 syllables a word − 15.59; 7 is an age of 12."""
    html = re.sub(r"<(figure|script|details|ul class).*?</\1>", " ", made.text(county), flags=re.DOTALL)
    seen = Seen(html.replace(md.plain(NASTY), "Hills"))
    text = " ".join(p for p in seen.paragraphs if len(p.split()) > 5).replace(md.plain(NASTY), "Hills")
    sentences = [s for s in re.split(r"[.!?:;]\s+", text) if s.strip()]
    words = re.findall(r"[A-Za-z’']+", text)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    assert len(words) > 100
    assert grade <= 7.5


NOTHING, LEAST = {"objective": "net_cost"}, {"objective": "least_cost", "target": {"admissions": 4}}


@pytest.mark.parametrize("other", [NOTHING, LEAST], ids=["nothing", "least"])
def test_plans_that_buy_nothing_or_the_least_have_a_book_too(tmp_path: Path, other: dict[str, Any]) -> None:
    """Without the page on budgets: more money is no gain to them."""
    path = Path(write_plans(tmp_path)[0])
    plan = yaml.safe_load(path.read_text("utf-8")) | other
    path.write_text(yaml.safe_dump(plan, allow_unicode=True, sort_keys=False), "utf-8")
    code, _, faults = call("book", str(path), "--out", str(tmp_path / "b"), "--runs", str(tmp_path / "runs"))
    assert code == 0, faults
    assert not (tmp_path / "b" / "hills-budget.html").exists()
    assert ("The plan buys nothing" in (tmp_path / "b" / "hills-who-gets-what.html").read_text("utf-8")) == (
        other is NOTHING
    )
    left = "The plan leaves £850,000 of the money unspent." in (tmp_path / "b" / "index.html").read_text("utf-8")
    assert left == (other is NOTHING)
    assert "Money the plan does not spend" in (tmp_path / "b" / "hills-partners.html").read_text("utf-8")


def test_nothing_is_said_of_a_budget_that_was_not_solved(made: Made) -> None:
    """Where a plan's minimums can't be met for little money, no other budget stands in for half of it."""
    library = load_library()
    county = County.read(load_plan(made.plans[0], library), made.runs / "hills", False)
    table = county.table("frontier")
    whole, cut = (
        budget(replace(county, tables={**county.tables, "frontier": one}))
        for one in (table, table[table["share_of_budget"] > 0.55].reset_index(drop=True))
    )
    assert whole is not None
    assert cut is not None
    assert "Half of this budget" in whole.lead
    assert "Half" not in cut.lead
    assert "It begins at" not in "".join(whole.parts)
    assert "It begins at £496,000: smaller budgets that were tried can't meet" in "".join(cut.parts)
    assert cut.parts[-1].count("\n| £") == 2  # at the plan's budget, and at half as much again


def test_no_table_behind_a_chart_speaks_in_powers_of_ten(made: Made) -> None:
    for path in made.pages():
        for table in re.findall(r'<details class="behind">.*?</details>', path.read_text("utf-8"), re.DOTALL):
            assert not re.findall(r">[−-]?[\d.]+e[+-]\d+<", table), path.name
