"""What the command line shows while it works, and how it prints sections of words."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape


def _console() -> Console:
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def print_sections(sections: Iterable[tuple[str, list[str]]]) -> None:
    """Print sections of (heading, lines), empty ones left out."""
    console = _console()
    for heading, lines in sections:
        if lines:
            console.print(f"\n[bold]{heading}[/bold]")
            for line in lines:
                console.print(f"  {line}", markup=False)


@contextmanager
def timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    """Note how many seconds a stage took."""
    started = time.perf_counter()
    yield
    timings[stage] = time.perf_counter() - started


@contextmanager
def progressing(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Says on standard error how far it has come: one line that changes on a terminal, else a line each time."""
    console = Console(stderr=True, highlight=False)
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        with console.status("") as status:
            yield lambda text: status.update(escape(text))
    else:
        yield lambda text: console.print(text, style="dim", markup=False)
