"""Column generation beside the same programme written out in full and given to HiGHS with its default options.

    python benchmarks/written_out.py [case …] [--memory] [--stop SECONDS]

Ours is the whole of `optimum_of(county)`: menu, rounds, certificate and the plan restated in PuLP; the median of five
calls after one that is not counted. Theirs is HiGHS's `run()` alone, once, on a matrix built from arrays
(`whole_programme.py`). Both run in this process, one after the other, and must find the same optimum. A run of HiGHS
that takes longer than `--stop` seconds (600 by default) is stopped, and the factor is printed as 'more than'.

HiGHS is then run again without its presolve, which on large programmes takes longer than what it saves: the
defaults are what anybody gets, but part of the factor is theirs and not ours.

`--memory` prints the most memory either side holds instead, each run once in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from made_up import made_up
from somerset import somerset
from whole_programme import Solved, solved_whole

from avert.library import load_library
from avert.packages import County, county_of
from avert.plan import PlanInFull
from avert.programme import Optimum, Sets, menu_of, optimum_of
from avert.programme.prices import prices_of
from avert.programme.pricing import best_answer, gains

SAME = 1e-6
"""Relative difference up to which two optima are equal."""
CALLS = 5


@dataclass(frozen=True)
class Case:
    """A plan over so many years, as a function that writes it to a folder and opens it."""

    says: str
    years: int
    plan: Callable[[Path], PlanInFull]

    def opened(self) -> County:
        """The plan made ready for the programme."""
        with tempfile.TemporaryDirectory() as folder:
            return county_of(self.plan(Path(folder)), self.years)


MONEY = {
    "icb": {"2026/27": "£1.2m", "2027/28": "£1.0m", "2028/29": "£1.4m", "2029/30": "£1.1m", "2030/31": "£1.3m"},
    "public_health": "£600k a year",
    "adult_care": "£400k a year",
}
ONE_PURSE = {"money": {"icb": "£2.2m a year"}, "money_is": "everything"}
"""All money from one partner and for everything, so that no line of reach stands in the plan."""


def _somerset_purse(parts: int = 1, places: int | None = None) -> Callable[[Path], PlanInFull]:
    """One purse and Somerset's four capacities, packages up to four; no fences, reach, staff or floors."""
    none = dict.fromkeys(("may_pay", "today", "staff", "fairness", "illustrative"))
    changes = ONE_PURSE | none | {"largest_package": 4}
    return lambda folder: somerset(folder, load_library(), changes, parts=parts, places=places)


def _somerset_every_line() -> Callable[[Path], PlanInFull]:
    """Beside Somerset's fences, reach, capacities, staff: carry-over, a split, ramp-up, floors, a minimum."""
    changes = {
        "money": MONEY,
        "carry_over": ["icb", "adult_care"],
        "split": {"home_hazard_assessment": {"icb": "40%", "adult_care": "60%"}},
        "ramp_up": {
            "strength_and_balance": {"first_year": 1500, "growth": "40%"},
            "otago_home_exercise": {"first_year": 800, "growth": "50%"},
        },
        "fairness": {
            "each_place_at_least": "60% of its head share",
            "minimum": [{"most_deprived": 1, "spend": "£150k a year"}],
        },
    }
    return lambda folder: somerset(folder, load_library(), changes)


def _made_up_purse(services: int) -> Callable[[Path], PlanInFull]:
    """One purse, and a capacity for every third service."""
    plan = ONE_PURSE | {"limits": _capacities(services)}
    return lambda folder: made_up(folder, services, 5, plan)


def _made_up_every_line(services: int) -> Callable[[Path], PlanInFull]:
    """The same lines as for Somerset, for the made-up county."""
    names = [f"service_{n:02}" for n in range(services)]
    plan = {
        "years": "2026/27 to 2030/31",
        "money": MONEY,
        "carry_over": ["icb", "adult_care"],
        "may_pay": {"icb": "all", "public_health": names[::2], "adult_care": names[1::3]},
        "split": {names[3]: {"icb": "40%", "adult_care": "60%"}},
        "today": {names[0]: 1900, names[2]: 1500, names[4]: 2500},
        "limits": _capacities(services),
        "staff": {"nurse": 20_000, "therapist": 15_000},
        "ramp_up": {
            names[1]: {"first_year": 1500, "growth": "40%"},
            names[5]: {"first_year": 800, "growth": "50%"},
        },
        "fairness": {
            "each_place_at_least": "60% of its head share",
            "minimum": [{"places": ["place_0"], "spend": "£150k a year"}],
        },
    }
    return lambda folder: made_up(folder, services, 5, plan)


def _capacities(services: int) -> dict[str, str]:
    return {f"service_{n:02}": "3,000 places a year" for n in range(0, services, 3)}


CASES = {
    **{
        f"purse_{places}_places": Case(f"Somerset, one purse and capacities, 1 year, {places} place(s)", 1, plan)
        for places, plan in {
            1: _somerset_purse(places=1),
            2: _somerset_purse(places=2),
            5: _somerset_purse(),
            10: _somerset_purse(parts=2),
            20: _somerset_purse(parts=4),
        }.items()
    },
    **{
        f"purse_{n}_services": Case(
            f"made-up county, one purse and capacities, 1 year, {n} services", 1, _made_up_purse(n)
        )
        for n in (8, 13, 16, 20)
    },
    **{
        f"every_line_{n}_years": Case(f"Somerset, every line, {n} year(s)", n, _somerset_every_line())
        for n in (1, 2, 3, 5)
    },
    "every_line_made_up": Case("made-up county of 8 services, every line, 3 years", 3, _made_up_every_line(8)),
}


@dataclass(frozen=True)
class Took:
    """Median seconds of several calls: by the clock, and of processor time, which a busy machine does not stretch."""

    seconds: float
    processor: float


def timed(work: Callable[[], Any]) -> Took:
    """What a piece of work takes."""
    taken = []
    for _ in range(CALLS):
        started, worked = perf_counter(), process_time()
        work()
        taken.append((perf_counter() - started, process_time() - worked))
    seconds, processor = zip(*taken, strict=True)
    return Took(statistics.median(seconds), statistics.median(processor))


def one_pricing_pass(optimum: Optimum) -> Took:
    """Asking every block for its best answer at the final prices."""
    menu = optimum.sets.menu
    prices = prices_of(menu, optimum.price)
    return timed(lambda: best_answer(menu, gains(menu, prices)))


def compare(name: str, stop: float) -> None:
    """Solve a case both ways, hold the optima against each other and print what it took."""
    county = CASES[name].opened()
    optimum = optimum_of(county)
    ours, menu = timed(lambda: optimum_of(county)), timed(lambda: menu_of(county))
    whole = solved_whole(optimum.sets, stop)
    print(f"\n{name}: {CASES[name].says}")
    print(f"  {len(optimum.sets.menu):,} offers, {whole.lines:,} lines, {whole.entries:,} entries")
    print(
        f"  ours {ours.seconds:.3f} s, {optimum.rounds} rounds, gap {optimum.gap:.0e} "
        f"(menu {menu.seconds:.3f} s, one pricing pass {one_pricing_pass(optimum).seconds:.3f} s)"
    )
    print(f"  HiGHS {_beside(ours, optimum, whole)}", flush=True)
    tuned = solved_whole(optimum.sets, stop, presolve=False)
    print(f"  HiGHS without its presolve {_beside(ours, optimum, tuned)}", flush=True)


def _beside(ours: Took, optimum: Optimum, whole: Solved) -> str:
    """HiGHS's time and the factor; an error if the optima differ."""
    factors = (
        f"{whole.seconds / ours.seconds:,.1f} times as long "
        f"({whole.processor / ours.processor:,.1f} times by processor time)"
    )
    if whole.value is None:
        return f"stopped after {whole.seconds:.0f} s: more than {factors}"
    apart = abs(whole.value - optimum.objective) / max(abs(whole.value), SAME)
    assert apart <= SAME, f"the optima differ: {optimum.objective} by rounds, {whole.value} written out"
    return f"{whole.seconds:.2f} s: {factors}; equal optimum {whole.value:.6f} ({apart:.0e})"


SIDES: dict[str, Callable[[County, float], Any]] = {
    "ours": lambda county, _: optimum_of(county),
    "written out": lambda county, stop: solved_whole(Sets(menu_of(county)), stop),
}


def memory(name: str, stop: float) -> None:
    """Print the most memory each side of a case holds.

    A process counts what its parent held when it began as its own, so this one opens no plan.
    """
    print(f"{name}: " + "; ".join(_memory(side, name, stop) for side in SIDES), flush=True)


def _memory(side: str, name: str, stop: float) -> str:
    command = [sys.executable, __file__, name, "--side", side, "--stop", str(stop)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    before, peak = json.loads(said)
    return f"{side}: {peak:,.0f} MB at most ({before:,.0f} MB before it began)"


def alone(side: str, name: str, stop: float) -> None:
    """Run one side once and print megabytes held before, and at most."""
    county = CASES[name].opened()
    before = _most_held()
    SIDES[side](county, stop)
    print(json.dumps([before, _most_held()]))


def _most_held() -> float:
    """Megabytes; Linux counts in kilobytes, macOS in bytes."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="case", help=f"any of {', '.join(CASES)}; all by default")
    parser.add_argument("--memory", action="store_true", help="memory instead of time, each side in its own process")
    parser.add_argument("--stop", type=float, default=600.0, metavar="SECONDS", help="stop HiGHS then")
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    said = parser.parse_args()
    for name in said.cases or CASES:
        if said.side:
            alone(said.side, name, said.stop)
        else:
            (memory if said.memory else compare)(name, said.stop)


if __name__ == "__main__":
    main()
