"""One small book of two counties, run and built once, and a real browser to read it with."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, sync_playwright

from avert.book.paper import BROWSERS
from avert.cli import main

PLANS = Path(__file__).parents[2] / "plans"
NASTY = '<script>alert(1)</script> <b>Hills</b> & "Dales" $x^2$ {eval}`1+1` **bold** [a](http://b.example) | ::: ```'
"""A name that must show as it stands, wherever it stands."""
HILLS = {
    "label": f"=1+1 {NASTY}",
    "area": "hills",
    "years": "2026/27",
    "money": {"icb": "£600k a year", "public_health": "£250k a year"},
    "pathways": ["falls", "stroke", "urinary_infection"],
    "interventions": ["strength_and_balance", "tai_chi", "home_hazard_assessment", "bone_drugs", "falls_podiatry"],
    "may_pay": {"public_health": ["strength_and_balance", "tai_chi"]},
    "limits": {"home_hazard_assessment": "900 places a year"},
    "fairness": {"each_place_at_least": "50% of its head share"},
    "proposed": {
        "strength_and_balance": "900 people a year",
        "home_hazard_assessment": "£250k a year",
        "tai_chi": {"people": "200 people a year", "places": ["mendip", "sedgemoor"], "ages": ["75-84", "85+"]},
    },
    "illustrative": ["money", "limits", "proposed"],
    "actions": [
        {"what": "Agree the contract", "who": f"Public health {NASTY}", "by": "2026-09-30"},
        {"what": "Find rooms", "who": "Districts", "by": "2026-06-01", "done": True},
    ],
    "notes": [f"Note: {NASTY}"],
}
COAST = {
    "label": "Coast prevention plan",
    "area": "coast",
    "years": "2026/27",
    "money": {"icb": "£300k a year"},
    "pathways": ["falls"],
    "interventions": ["tai_chi", "strength_and_balance"],
    "lumpy": {"tai_chi": {"start_up": "£20k", "smallest": "200 people a year"}},
}


def call(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    out, faults = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(faults), pytest.raises(SystemExit) as end:
        main(list(arguments))
    return int(end.value.code or 0), out.getvalue(), faults.getvalue()


@dataclass(frozen=True)
class Made:
    """A finished book, the plans it is of and their runs."""

    book: Path
    plans: tuple[str, str]
    runs: Path

    def pages(self) -> list[Path]:
        return sorted(self.book.glob("*.html"))

    def text(self, name: str) -> str:
        return (self.book / f"{name}.html").read_text("utf-8")


def write_plans(folder: Path) -> tuple[str, str]:
    """Two counties on Somerset's and Wiltshire's people; names in the first are as bad as names can be."""
    for name, of in (("hills", "somerset"), ("coast", "wiltshire")):
        area = yaml.safe_load((PLANS / f"{of}-area.yaml").read_text("utf-8"))
        area["id"] = name
        for kind in ("population", "rates"):
            shutil.copy(PLANS / f"{of}-{kind}.csv", folder / f"{name}-{kind}.csv")
            area[kind] = f"{name}-{kind}.csv"
        if name == "hills":
            area["label"] = NASTY
            area["places"][0]["label"] = f"Mendip {NASTY}"
            area["places"][1]["label"] = '=HYPERLINK("http://b.example")'
        (folder / f"{name}-area.yaml").write_text(yaml.safe_dump(area, allow_unicode=True), "utf-8")
        plan = {"hills": HILLS, "coast": COAST}[name]
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(plan, allow_unicode=True, sort_keys=False), "utf-8")
    return str(folder / "hills.yaml"), str(folder / "coast.yaml")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("counties")
    plans = write_plans(folder)
    out, runs = folder / "book", folder / "runs"
    code, said, faults = call("book", *plans, "--out", str(out), "--runs", str(runs))
    assert code == 0, faults
    assert f"The book: {out / 'index.html'}" in said
    return Made(out, plans, runs)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    command = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if command is None:
        pytest.skip("NO BROWSER: install Chromium to test the book as readers see it")
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=command, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page at a desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
