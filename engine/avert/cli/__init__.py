"""The command line."""

from __future__ import annotations

import gc
import sys

from avert.errors import AvertError


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; faults go to standard error in the author's words, with exit code 1."""
    gc.disable()  # what is imported stays to the end
    from avert.cli.commands import app

    gc.freeze()
    gc.set_threshold(100_000, 20, 20)  # a run makes millions of objects, and most of them stay too
    gc.enable()
    try:
        app(args=arguments)
    except AvertError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
