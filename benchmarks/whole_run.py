"""The whole of `avert run` for Somerset, as a ratio to bare imports of the same libraries.

    python benchmarks/whole_run.py [years] [pairs]

For the plan's first year and for all five unless `years` says how many.  Each pair runs both commands one
after the other, so that a slow moment of the machine slows both; the median ratio is what to quote.  Stages are
those of `timings.json`, median of the runs.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

IMPORTS = "import pandas, pulp, networkx, highspy, pydantic, pyarrow"
PLAN = Path(__file__).parents[1] / "plans" / "somerset.yaml"
AS_USERS_HAVE_IT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
Stages = dict[str, float]


def seconds(command: list[str]) -> float:
    """Wall time of a command that must succeed."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=AS_USERS_HAVE_IT)
    return time.perf_counter() - started


def pair(years: int, out: Path) -> tuple[float, float, Stages]:
    """Seconds of a whole run and of the imports alone, and the run's stages."""
    run = [sys.executable, "-m", "avert", "run", str(PLAN), "--years", str(years), "--out", str(out)]
    whole, bare = seconds(run), seconds([sys.executable, "-c", IMPORTS])
    return whole, bare, json.loads((out / "timings.json").read_text(encoding="utf-8"))


def measure(years: int, pairs: int) -> None:
    """Print the median, least and greatest ratio over so many pairs, after one pair that is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        measured = [pair(years, Path(folder) / "run") for _ in range(pairs + 1)][1:]
    wholes, bares, stages = zip(*measured, strict=True)
    ratios = [whole / bare for whole, bare in zip(wholes, bares, strict=True)]
    middle, least, most = statistics.median(ratios), min(ratios), max(ratios)
    each = {stage: statistics.median(one[stage] for one in stages) for stage in stages[0]}
    print(f"{years} year(s): run / imports: median {middle:.2f}, {least:.2f} to {most:.2f} ({pairs} pairs)")
    print(f"  run {statistics.median(wholes):.2f} s, imports {statistics.median(bares):.2f} s")
    print("  stages [s]: " + ", ".join(f"{stage} {value:.2f}" for stage, value in each.items()), flush=True)


def main(years: list[int], pairs: int) -> None:
    """Measure each of these numbers of years."""
    for one in years:
        measure(one, pairs)


if __name__ == "__main__":
    said = [int(one) for one in sys.argv[1:]]
    main(said[:1] or [1, 5], said[1] if len(said) > 1 else 7)
