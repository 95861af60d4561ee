"""Building the book of all three counties, beside starting Jupyter Book to say its version, in turns.

    python benchmarks/book.py [pairs] [RUNS]

The counties are run once before (in RUNS, `runs` by default), and only what is stale; that is not counted.  Each pair
then makes the whole book, from reading the plans to the last check, and runs `jupyter-book --version`, both in fresh
processes.  Printed: the median ratio, and the weight of the book.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parents[1]
PLANS = [str(ROOT / "plans" / f"{county}.yaml") for county in ("somerset", "worcestershire", "wiltshire")]


def seconds(*command: str) -> float:
    """How long a command took from start to end."""
    started = perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return perf_counter() - started


def main() -> None:
    """Run the pairs."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    runs = sys.argv[2] if len(sys.argv) > 2 else "runs"
    beside = Path(sys.executable).parent
    jupyter = shutil.which("jupyter-book", path=str(beside)) or "jupyter-book"
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "book"
        book = (sys.executable, "-m", "avert", "book", *PLANS, "--out", str(out), "--runs", runs)
        first = seconds(*book)
        taken = [(seconds(*book), seconds(jupyter, "--version")) for _ in range(pairs)]
        ratios = [one / version for one, version in taken]
        files = [path for path in out.rglob("*") if path.is_file()]
        weight, pages = sum(path.stat().st_size for path in files), len(list(out.glob("*.html")))
    made, version = (statistics.median(column) for column in zip(*taken, strict=True))
    print(
        f"book / jupyter-book --version: median {statistics.median(ratios):.1f}, {min(ratios):.1f} to {max(ratios):.1f}"
    )
    print(f"  book {made:.2f} s, --version {version:.2f} s ({pairs} pairs); {pages} pages, {weight / 1e6:.2f} MB")
    print(f"  the first time, with what was stale: {first:.0f} s")


if __name__ == "__main__":
    main()
