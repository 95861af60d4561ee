"""From source folder to finished book: Jupyter Book reads it, our theme renders it, nothing is fetched or run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from avert.book.render import from_folder, rendered
from avert.errors import AvertError

MARK = "book.css"


def build(source: Path, *, by_hand: bool = False) -> Path:
    """Build the book in `source`; the folder with its pages.

    `by_hand` takes the second way: Jupyter Book only reads (`--site`), and the theme is run afterwards.
    Raises AvertError with what Jupyter Book found wrong.
    """
    out = source / "_build" / "html"
    if by_hand:
        _jupyter_book(source, "--site")
        rendered(from_folder(source / "_build" / "site"), source, out)
    else:
        _jupyter_book(source, "--html")
    if not (out / "index.html").is_file():
        raise AvertError("Jupyter Book ended without a word and without a book")
    keep = {"book.css", "book.js", "search.js", "search-index.js", "icon.svg"}
    for path in out.iterdir():  # what Jupyter Book writes for its own themes
        if path.suffix != ".html" and path.name not in keep:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    files = source / "files"
    if files.is_dir():
        shutil.copytree(files, out, dirs_exist_ok=True)
    return out


def _jupyter_book(source: Path, how: str) -> None:
    """`jupyter-book build`, strictly.  Node and Jupyter Book come with avert, beside this Python."""
    beside = Path(sys.executable).parent
    command = shutil.which("jupyter-book", path=str(beside)) or shutil.which("jupyter-book")
    if command is None:
        raise AvertError("Jupyter Book is not installed; install avert with its book: pip install 'avert[book]'")
    around = {key: value for key, value in os.environ.items() if key not in ("BASE_URL", "CONTENT_CDN_PORT")}
    around |= {"PATH": f"{beside}{os.pathsep}{os.environ.get('PATH', '')}", "AVERT_PAGES": str(source)}
    ran = subprocess.run(
        [command, "build", how, "--strict"],
        cwd=source,
        env=around,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if ran.returncode:
        raise AvertError(f"Jupyter Book refuses the book:\n{_complaints(ran.stdout + ran.stderr)}")


def _complaints(said: str) -> str:
    """The lines in which Jupyter Book or the theme names a fault; all of them if it names none."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in said.splitlines()]
    faults = [line for line in lines if re.search(r"⛔|⚠|rror|there is no|can't be|no way to", line)]
    return "\n".join(f"  {line.strip()}" for line in faults or lines[-15:] if line.strip())
