"""`avert book`: runs what is stale, writes the pages, builds the book and checks it."""

from __future__ import annotations

import filecmp
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from avert.book.book import Book
from avert.book.building import MARK, build
from avert.book.checking import check_built
from avert.book.county import County
from avert.book.page import Page
from avert.book.pages.adding_up import adding_up
from avert.book.pages.assumptions import assumptions
from avert.book.pages.budget import budget
from avert.book.pages.burden import burden
from avert.book.pages.changes import changes
from avert.book.pages.data import data
from avert.book.pages.evidence import evidence_list
from avert.book.pages.example import worked_example
from avert.book.pages.fairness import fairness
from avert.book.pages.glossary import glossary
from avert.book.pages.how_sure import how_sure
from avert.book.pages.intervention import intervention_pages
from avert.book.pages.key_messages import key_messages
from avert.book.pages.landing import landing
from avert.book.pages.limits import limits
from avert.book.pages.method import method
from avert.book.pages.my_place import my_place
from avert.book.pages.outcomes import outcomes
from avert.book.pages.partners import partners
from avert.book.pages.pathways import pathway_pages
from avert.book.pages.proposal import proposal
from avert.book.pages.reference import accessibility, cite
from avert.book.pages.who_gets_what import who_gets_what
from avert.book.runs import fresh_run, why_stale
from avert.book.writing import foot_of, write_source
from avert.errors import AvertError
from avert.library import Library
from avert.plan import PlanInFull

Progress = Callable[[str], None]


def read_book(plans: Sequence[PlanInFull], runs: Path, library: Library) -> Book:
    """The saved runs of the plans, and the library as it is before any of them chooses among its readings.

    Raises AvertError naming every run that is stale.
    """
    faults = [f"{plan.path}: {why}" for plan in plans if (why := why_stale(plan, run_folder(plan, runs)))]
    if faults:
        raise AvertError("\n".join([*faults, "'avert book' without --check runs what is stale"]))
    alone = len(plans) == 1
    counties = [County.read(plan, run_folder(plan, runs), alone) for plan in plans]
    return Book(counties, library)


def run_folder(plan: PlanInFull, runs: Path) -> Path:
    return runs / plan.path.stem


def run_what_is_stale(plans: Sequence[PlanInFull], runs: Path, progress: Progress) -> None:
    """A fresh run for each plan whose saved one is not of it as it stands."""
    for plan in plans:
        folder = run_folder(plan, runs)
        why = why_stale(plan, folder)
        if why:
            progress(f"{plan.path}: {why}, so it is run")
            fresh_run(plan, folder, progress)


def pages_of(book: Book) -> list[Page]:
    """Every page in the order of the menu; pages that would be empty are left out."""
    made: list[Page | None] = [] if book.alone else [landing(book)]
    for county in book.counties:
        made += [key_messages(county), proposal(county), budget(county), who_gets_what(county)]
        made += [*my_place(county), how_sure(county), partners(county), burden(county), fairness(county)]
        made += [outcomes(county), adding_up(county), assumptions(county)]
    made += [*pathway_pages(book), evidence_list(book), *intervention_pages(book)]
    made += [method(book), worked_example(book), data(book), glossary(book), limits(book)]
    made += [changes(book), cite(book), accessibility(book)]
    return [page for page in made if page is not None]


def make_book(book: Book, out: Path, *, by_hand: bool = False) -> int:
    """Write, build and check the book, and put it at `out`, whole or not at all; the number of its pages."""
    check_place(out)
    with _built(book, by_hand) as (built, pages):
        _put(built, out)
    return pages


def check_book(book: Book, out: Path, *, by_hand: bool = False) -> int:
    """Build and check the book without writing it; the number of its pages.

    Raises AvertError for what is wrong with it, and for a book at `out` that is not there or not the same.
    """
    if not out.is_dir() or not any(out.iterdir()):
        raise AvertError(f"there is no book in {out} to check; make it first, without --check")
    with _built(book, by_hand) as (built, pages):
        other = sorted(_differing(built, out))
        if other:
            more = f" and {len(other) - 3} more" if len(other) > 3 else ""
            raise AvertError(
                f"the book in {out} is not of these runs: {', '.join(other[:3])}{more} differ; make it again"
            )
    return pages


def _differing(built: Path, out: Path) -> set[str]:
    """Files that one of two books has and the other has not, or has otherwise; board papers are left aside."""
    names = {p.relative_to(top).as_posix() for top in (built, out) for p in top.rglob("*") if p.is_file()}
    papers = {name for name in names if name.endswith("-board-paper.pdf")}
    return {
        name
        for name in names - papers
        if not (
            (built / name).is_file() and (out / name).is_file() and filecmp.cmp(built / name, out / name, shallow=False)
        )
    }


@contextmanager
def _built(book: Book, by_hand: bool) -> Iterator[tuple[Path, int]]:
    """The finished pages in a folder of their own, and how many there are.  Raises AvertError for any fault."""
    pages = pages_of(book)
    foot = foot_of(_foot(book), "Accessibility", "accessibility")
    with tempfile.TemporaryDirectory(prefix="avert-book-") as folder:
        source = Path(folder) / "source"
        source.mkdir()
        write_source(book.title, pages, foot, source)
        built = build(source, by_hand=by_hand)
        faults = list(check_built(built))
        if faults:
            raise AvertError("the book is not in order:\n" + "\n".join(f"  {fault}" for fault in faults))
        yield built, len(pages)


def check_place(out: Path) -> None:
    """Raises AvertError if `out` is something else than a book made before."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise AvertError(f"{out} already exists and is not a book of avert; choose another folder with --out")


def _put(built: Path, out: Path) -> None:
    """A finished book in place of a former one."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        shutil.copytree(built, fresh, dirs_exist_ok=True)
        fresh.chmod(0o755)
        former = fresh.with_name(f"{fresh.name}-former")
        if out.exists():
            out.rename(former)
        fresh.rename(out)
        shutil.rmtree(former, ignore_errors=True)
    except OSError as error:
        raise AvertError(f"{out} can't be written: {error.strerror}; choose another folder with --out") from error


def _foot(book: Book) -> str:
    versions = book.counties[0].manifest["versions"]
    example = any(county.plan.record.illustrative for county in book.counties)
    return f"Made with avert {versions['avert']}. " + ("Planning figures, not promises." if example else "")
