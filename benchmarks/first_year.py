"""The whole of `avert run` for Somerset's first year, as a ratio to bare imports of the same libraries.

    python benchmarks/first_year.py [pairs]

Each pair runs both commands one after the other, so that a slow moment of the machine slows both; the
median ratio is what to quote.  Stages are those of `timings.json` of the last run.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

IMPORTS = "import pandas, pulp, networkx, highspy, pydantic, pyarrow"
PLAN = Path(__file__).parents[1] / "plans" / "somerset.yaml"


def seconds(command: list[str]) -> float:
    """Wall time of a command that must succeed."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def main(pairs: int) -> None:
    """Print the median, least and greatest ratio over so many pairs, after one pair that is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        run = [sys.executable, "-m", "avert", "run", str(PLAN), "--out", str(out)]
        bare = [sys.executable, "-c", IMPORTS]
        measured = [(seconds(run), seconds(bare)) for _ in range(pairs + 1)][1:]
        stages = json.loads((out / "timings.json").read_text(encoding="utf-8"))
    ratios = [whole / imports for whole, imports in measured]
    wholes, bares = zip(*measured, strict=True)
    middle, least, most = statistics.median(ratios), min(ratios), max(ratios)
    print(f"run / imports: median {middle:.2f}, {least:.2f} to {most:.2f} ({pairs} pairs)")
    print(f"run {statistics.median(wholes):.2f} s, imports {statistics.median(bares):.2f} s")
    print("stages [s]: " + ", ".join(f"{name} {value:.2f}" for name, value in stages.items()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
