"""Imports of the engine run downwards only, modules stay short, and solvers stay where they belong."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

ENGINE = Path(__file__).parents[2] / "engine"
FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors", "units"),
    ("reading",),
    ("library", "plan", "attributable"),
    ("pathway", "population"),
    ("packages",),
    ("programme",),
    ("appraisal",),
    ("results",),
    ("report",),
    ("book",),
    ("cli", "__init__", "__main__"),
)
FLOOR = {part: number for number, floor in enumerate(FLOORS) for part in floor}
BESIDE = {("plan", "library"), ("population", "pathway"), ("__main__", "cli"), ("cli", "__init__")}
SOLVERS = {"pulp", "highspy"}
FOR_TESTS = {
    "pytest",
    "hypothesis",
    "openpyxl",
    "playwright",
    "pypdf",
    "axe_playwright_python",
    "unittest",
    "worlds",
    "tests",
}
LONGEST = 300


def modules() -> dict[str, Path]:
    """Every module of the engine by its dotted name; a package goes by `name.__init__`."""
    return {
        ".".join(path.relative_to(ENGINE).with_suffix("").parts): path
        for path in sorted((ENGINE / "avert").rglob("*.py"))
    }


def part_of(module: str) -> str:
    """`avert.plan.load` → `plan`, `avert.units` → `units`, `avert` → `__init__`."""
    return (*module.split("."), "__init__")[1]


def imports(module: str, source: str) -> list[tuple[int, str]]:
    """Line and dotted name of everything imported, also within functions and for type checkers only."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            # `from avert import units` means the module; any other name comes from the package itself
            found += [
                (node.lineno, f"avert.{name.name}" if base == "avert" and name.name in FLOOR else base)
                for name in node.names
            ]
    return found


def faults(module: str, source: str) -> list[str]:
    """What the imports of one module break."""
    here, broken = part_of(module), []
    if here not in FLOOR:
        return [f"{module} stands on no floor; give '{here}' one in this test"]
    for line, target in imports(module, source):
        top = target.split(".")[0]
        if top in SOLVERS and here != "programme":
            broken.append(f"{module}:{line} imports {top}; only programme speaks to solvers")
        if top in FOR_TESTS:
            broken.append(f"{module}:{line} imports {top}, which only tests may")
        if top == "avert":
            there = part_of(target)
            if FLOOR[here] <= FLOOR.get(there, len(FLOORS)) and there != here and (here, there) not in BESIDE:
                broken.append(f"{module}:{line} imports {target}, which does not lie below it")
    return broken


def test_every_module_is_read() -> None:
    names = modules()
    on_disk = [f for _, _, files in os.walk(ENGINE / "avert") for f in files if f.endswith(".py")]
    assert len(names) == len(on_disk) >= 60
    assert {part_of(name) for name in names} == set(FLOOR)
    own = [
        target
        for name, path in names.items()
        for _, target in imports(name, path.read_text(encoding="utf-8"))
        if target.startswith("avert.")
    ]
    assert len(own) >= 200


def test_imports_run_downwards_only() -> None:
    broken = [fault for name, path in modules().items() for fault in faults(name, path.read_text(encoding="utf-8"))]
    assert not broken, "\n".join(broken)


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()}
    long = [f"{name} has {count} lines, over {LONGEST}" for name, count in lengths.items() if count > LONGEST]
    assert not long, "\n".join(long)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("avert.units", "from avert.plan import Plan"),
        ("avert.units", "import avert.errors"),
        ("avert.library.load", "from avert.plan.records import Plan"),
        ("avert.pathway.graph", "from avert.population import Strata"),
        ("avert.pathway.graph", "def f():\n    from avert.packages import County"),
        ("avert.results.tables", "if TYPE_CHECKING:\n    from avert.report import answer"),
        ("avert.packages.county", "from ..programme import optimum_of"),
        ("avert.plan.load", "from avert import optimise"),
        ("avert.plan.load", "from avert.attic import Trunk"),
        ("avert.attic.trunk", ""),
        ("avert.appraisal.optimise", "import pulp"),
        ("avert.results.result", "from highspy import Highs"),
        ("avert.programme.solve", "from hypothesis import given"),
    ],
)
def test_a_made_up_fault_is_caught(module: str, source: str) -> None:
    assert len(faults(module, source)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("avert.plan.load", "from avert.library import Library"),
        ("avert.population.strata", "from avert.pathway import Groups"),
        ("avert.programme.solve", "import highspy\nfrom pulp import LpProblem"),
        ("avert.packages.county", "from .family import Family\nfrom ..units import uprate"),
        ("avert.packages.county", "from avert import errors, units"),
        ("avert.__main__", "from avert.cli import main"),
        ("avert.__init__", "from avert.plan import PlanInFull"),
    ],
)
def test_what_is_allowed_is_let_through(module: str, source: str) -> None:
    assert faults(module, source) == []
