"""Loading and checking the whole evidence library, beside importing pandas in a process of the same kind.

    python benchmarks/loading.py [pairs]

Each pair starts two fresh processes, one after the other: one imports pandas, the other imports `avert.library` and
loads the library, and counts the loading alone.  Printed: the median ratio, and what loading takes most time with.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

PANDAS = "from time import perf_counter as t; a = t(); import pandas; print(t() - a)"
LIBRARY = """
from time import perf_counter as t
from avert.library import load_library
a = t(); load_library(); print(t() - a)
"""


def seconds(code: str) -> float:
    """What a fresh process says it took."""
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Run the pairs."""
    pairs = [(seconds(PANDAS), seconds(LIBRARY)) for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5)]
    ratios = [loading / pandas for pandas, loading in pairs]
    pandas, loading = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"loading / importing pandas: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")
    print(f"  loading {loading:.3f} s, pandas {pandas:.3f} s ({len(pairs)} pairs)")


if __name__ == "__main__":
    main()
