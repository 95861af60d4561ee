"""The board paper: one PDF of at most ten pages, made of the book's own pages and printed by a browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path

from avert.book.county import County
from avert.errors import AvertError

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
BRIEF = (
    "Evidence says how much each service lowers the risk of falls, strokes, dementia or urinary infection, or "
    "of what leads "
    "to them. Every figure has a source, a range and a mark that says whether it was seen there.",
    "Older people are divided into groups by place, age and risk. Each group may be offered no service, one, "
    "or several "
    "together; services for the same people never count the same admission twice.",
    "A linear programme then finds who should be offered what, so that most is averted within the plan’s "
    "money, staff, places "
    "and rules of fairness. It proves that no other plan can do better with these figures.",
    "The range comes from moving every figure to both ends of its own range. It leaves out what no study measured.",
)
MOST = 10
"""Pages of a board paper."""
SIZES = (1, 0.85, 0.72)
LEFT_OUT = (
    "Who should be offered each service",
    "Year by year",
    "Money in the wrong pocket",
    "Beside what experts believe",
    "What the range leaves out",
    "Where the baselines come from",
)
"""Sections that are for the book alone."""
LAYOUT = """
h1 { break-before: page; font-size: 17pt; } h1:first-of-type { break-before: auto; }
h2 { font-size: 12.5pt; margin: 1.1rem 0 .3rem; } figure { margin: .8rem 0; } body { font-size: 9.5pt; }
p, ul { max-width: none; margin: .4rem 0; } .figures { margin: .6rem 0; grid-template-columns: repeat(4, 1fr); }
svg.wide { max-height: 105mm; width: auto; max-width: 100%; } .narrow { display: none !important; }
table { font-size: 8pt; }
.scrolls { margin: .5rem 0; } figcaption { font-size: 8.5pt; } .title { font-size: 22pt; font-weight: 700; margin: 0; }
"""


def board_paper(book: Path, county: County, out: Path) -> Path:
    """Print key messages, allocation, money, certainty, outcomes and the method in brief of one county to `out`.

    `book` is a built book that holds the county.  What takes more than `MOST` pages is printed smaller.
    Raises AvertError if there is no browser to print with, or if it takes more pages all the same.
    """
    browser = find_browser()
    names = [county.home, *(county.page(name) for name in ("who-gets-what", "partners", "how-sure", "outcomes"))]
    parts = "".join(_part(book / f"{name}.html") for name in names)
    brief = "<h2>Method in brief</h2>" + "".join(f"<p>{escape(words, quote=False)}</p>" for words in BRIEF)
    style = (book / "book.css").read_text("utf-8") + LAYOUT
    for size in SIZES:
        printed = _printed(
            browser,
            f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{escape(county.label)}: board paper'
            f"</title><style>{style}body {{ zoom: {size} }}</style></head><body><main>"
            f'<p class="title">{escape(county.label, quote=False)}</p>{parts}{brief}</main></body></html>',
        )
        if len(re.findall(rb"/Type\s*/Page\b", printed)) <= MOST:
            break
    else:
        raise AvertError(f"the board paper of {county.plan.path} takes more than {MOST} pages")
    try:
        out.write_bytes(printed)
    except OSError as error:
        raise AvertError(f"{out} can't be written: {error.strerror}") from error
    return out


def _part(page: Path) -> str:
    """A page's text without what is no use on paper, what the paper leaves out, and links that lead nowhere there."""
    text = page.read_text("utf-8")
    body = text[text.index('<main id="main"') : text.index("</main>")].partition(">")[2]
    for gone in (r"<details.*?</details>", r'<p class="download">.*?</p>', r"<script.*?</script>"):
        body = re.sub(gone, "", body, flags=re.DOTALL)
    body = re.sub(r'<a [^>]*?href="(?!https?:)[^"]*"[^>]*>(.*?)</a>', r"\1", body, flags=re.DOTALL)
    sections = re.split(r"(?=<h2)", body)
    return "".join(one for one in sections if not any(f">{title}</h2>" in one for title in LEFT_OUT))


def find_browser() -> str:
    """The command of a browser that can print.  Raises AvertError if there is none."""
    asked = os.environ.get("AVERT_BROWSER")
    found = asked or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise AvertError(
            "a board paper is printed by Chromium, Chrome or Edge, and none was found; set AVERT_BROWSER to one"
        )
    return found


def _printed(browser: str, html: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="avert-paper-") as folder:
        page, made = Path(folder) / "paper.html", Path(folder) / "paper.pdf"
        page.write_text(html, "utf-8")
        command = [
            browser,
            *("--headless", "--disable-gpu", "--no-sandbox", "--disable-background-networking", "--no-first-run"),
            *(f"--user-data-dir={folder}/profile", "--no-pdf-header-footer", f"--print-to-pdf={made}", page.as_uri()),
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=120, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AvertError(f"{browser} could not print the board paper: {error}") from error
        if not made.is_file():
            raise AvertError(f"{browser} did not print the board paper")
        return made.read_bytes()
