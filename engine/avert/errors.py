"""Faults an author can put right: where, what, and the nearest right thing, all in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

SHORTEST, MOST_MEANT = 3, 4
"""Letters a shortened name has at least, and names it may be short for at most."""


class AvertError(Exception):
    """Anything avert refuses to do, said in words meant for the person who asked."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong, with the file and line (counted from 1) where the author wrote it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class FaultsFound(AvertError):
    """Every fault of a library or plan at once, in order of file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class EvidenceError(FaultsFound):
    """Faults in the evidence library."""


class PlanError(FaultsFound):
    """Faults in a plan or its area file."""


@dataclass(frozen=True)
class Repair:
    """The smallest change of one entry of a plan that is enough to keep all its lines, every other entry as it is."""

    path: tuple[str | int, ...]
    """Where the entry stands in the plan: ('limits', 'classes')."""
    where: str
    """'file:line' of the entry."""
    old: float | str | tuple[str, ...] | None
    """What the entry says, in the units of the plan's records: pounds, people or places a year, hours, shares."""
    new: float | str | tuple[str, ...] | None
    """What to write instead; None takes the entry away, or says nothing where no change is enough."""
    words: str
    enough: bool
    """Whether a change of this entry alone is enough."""
    at_least: float
    """Proved by the bound: no change of the entry's amount below this is enough; infinite where none is.
    0 for entries that have no amount."""

    def __str__(self) -> str:
        return f"{self.where}: {self.words}"


class NoFeasiblePlan(AvertError):
    """The plan's lines cannot all be kept; the message names those that clash, by how much, and what would mend it."""

    def __init__(
        self, message: str, repairs: Iterable[Repair] = (), shortfall_at_least: float = 0.0, passes: int = 0
    ) -> None:
        self.passes = passes
        """Passes over all offers until the bound proved it; the repairs took others."""
        self.repairs: tuple[Repair, ...] = tuple(repairs)
        self.shortfall_at_least = shortfall_at_least
        """Proved by the bound: what the minima lack together at the least, each in the unit of its line."""
        super().__init__(message)


class SolverStopped(AvertError):
    """The solver ended without a certified optimum, so there are no numbers to show."""


@dataclass
class FaultCollector:
    """Gathers faults so that an author sees all of them, not the first."""

    error: type[FaultsFound]
    faults: list[Fault] = field(default_factory=list)

    def add(self, file: str | Path, line: int, message: str) -> None:
        self.faults.append(Fault(str(file), line, message))

    def raise_if_any(self) -> None:
        if self.faults:
            raise self.error(self.faults)


def nearest(name: str, known: Iterable[str]) -> str:
    """Advice naming the nearest known word, or the known words themselves when there are few.

    Case and the choice between '-', '_' and ' ' don't count against a match.  Where nothing is written alike, a
    word may be the beginning of one in the name ('physio'), or the name's initials ('OT').
    """
    choices = sorted(known)
    plain = {choice.casefold().replace("-", "_").replace(" ", "_"): choice for choice in reversed(choices)}
    asked = name.casefold().replace("-", "_").replace(" ", "_")
    found = get_close_matches(asked, list(plain), n=1, cutoff=0.6) or _shortened(asked, plain)
    if found:
        return f" Did you mean {' or '.join(repr(plain[one]) for one in found)}?"
    if 0 < len(choices) <= 12:
        return f" Choose from: {', '.join(choices)}."
    return ""


def _shortened(asked: str, names: Iterable[str]) -> list[str]:
    """Names that `asked` may be short for; none where these are more than a few."""
    found = [
        name
        for name in sorted(names)
        if (len(asked) >= SHORTEST and f"_{asked}" in f"_{name}")
        or (len(asked) > 1 and asked == "".join(word[:1] for word in name.split("_")))
    ]
    return found if len(found) <= MOST_MEANT else []
