"""The worked example and what an analyst needs to run it again."""

from __future__ import annotations

from html import escape

from avert.book.book import Book
from avert.book.downloads import zipped
from avert.book.notebook import files_of, packed_name
from avert.book.page import Page, Piece

NOTEBOOK = "worked-example.ipynb"


def worked_example(book: Book) -> Page | None:
    """The notebook of the first county that has one; none if no run does."""
    county = next((one for one in book.counties if (one.folder / NOTEBOOK).is_file()), None)
    if county is None:
        return None
    notebook = (county.folder / NOTEBOOK).read_bytes()
    packed = packed_name(county.plan.path)
    links = (
        f'<ul><li><a href="data/{NOTEBOOK}" download>The notebook, with what it printed</a></li>'
        f'<li><a href="data/{escape(packed)}" download>The plan’s files (zip)</a></li></ul>'
    )
    return Page(
        "worked-example",
        "Worked example",
        "",
        [],
        [Piece("worked-example-files", links)],
        nav="Worked example",
        group="About",
        keywords="notebook python analyst jupyter",
        files={f"data/{NOTEBOOK}": notebook, f"data/{packed}": zipped(files_of(county.plan))},
        notebook=notebook.decode(),
    )
