"""`avert book`: the book that boards and the public read."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from avert.cli.options import Evidence, opened_library, opened_plans
from avert.errors import AvertError
from avert.report.console import progressing

PORT = 8000


def book(
    plans: Annotated[
        list[Path], typer.Argument(metavar="PLAN...", help="Plans, one for each county.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the finished book.")] = Path("book"),
    runs: Annotated[Path, typer.Option("--runs", metavar="DIR", help="Folder of the saved runs.")] = Path("runs"),
    evidence: Evidence = None,
    serve: Annotated[bool, typer.Option("--serve", help="Show it at an address of this machine afterwards.")] = False,
    port: Annotated[int, typer.Option("--port", help="Port to show it at.")] = PORT,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing: refuse stale runs, dead links, and a book that is not theirs."),
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print a board paper of each plan too, beside the book.")] = False,
    by_hand: Annotated[
        bool, typer.Option("--site", help="Let Jupyter Book only read the pages, and render them afterwards.")
    ] = False,
) -> None:
    """Make the book of one or several plans: run what is stale, write the pages, build them, check every link."""
    from avert.book import check_book, check_place, make_book, read_book, run_what_is_stale
    from avert.book.paper import board_paper, find_browser

    if pdf:
        find_browser()
    check_place(out)
    library = opened_library(evidence, plans)
    opened = opened_plans(plans, library)
    twice = sorted({p.path.stem for p in opened if sum(q.path.stem == p.path.stem for q in opened) > 1})
    if twice:
        raise AvertError(f"two plans are called '{twice[0]}'; a book needs plans with names of their own")
    if check:
        pages = check_book(read_book(opened, runs, library), out, by_hand=by_hand)
        print(f"{out}: in order. {pages} pages, of runs that are up to date.")
        return
    with progressing(quiet=False) as progress:
        run_what_is_stale(opened, runs, progress)
        progress("the pages")
        made = read_book(opened, runs, library)
        pages = make_book(made, out, by_hand=by_hand)
    print(f"The book: {out / 'index.html'} ({pages} pages; open it in a browser, or send the folder as a zip)")
    if pdf:
        for county in made.counties:
            print(f"Board paper: {board_paper(out, county, out / f'{county.stem}-board-paper.pdf')}")
    if serve:
        _serve(out, port)


def _serve(folder: Path, port: int) -> None:
    """Until interrupted."""
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise AvertError(f"port {port} can't be used: {error.strerror}; choose another with --port") from error
    with server:
        print(f"Shown at http://127.0.0.1:{server.server_address[1]}/ until you press Ctrl-C")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("stopped")
