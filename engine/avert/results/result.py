"""The result of an appraisal: tables, certificate, and the facts an answer is written from."""

from __future__ import annotations

import hashlib
import platform
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from avert.appraisal import Appraisal
from avert.plan import PlanInFull
from avert.results.tables import tables_of

SEED = 0
"""Nothing here is drawn at random; the solver is given this seed all the same."""
_LIBRARIES = ("highspy", "networkx", "numpy", "pandas", "pulp", "pyarrow", "pydantic")


@dataclass(frozen=True)
class Result:
    """Everything a run knows.  Tables are pandas frames with the columns `avert.results.COLUMNS` declares."""

    appraisal: Appraisal = field(repr=False)
    tables: dict[str, pd.DataFrame] = field(repr=False)

    def __getattr__(self, name: str) -> pd.DataFrame:
        """A table by name, as in `result.allocation`."""
        try:
            return self.__dict__["tables"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def admissions_averted(self) -> float:
        """Emergency admissions averted over the years optimised, against today."""
        return self._averted("emergency_admission")

    @property
    def long_term_care_entries_averted(self) -> float:
        return self._averted("long_term_care_entry")

    @property
    def bed_days_averted(self) -> float:
        pathway = self.appraisal.county.pathway
        stays = {event: pathway.node(event).length_of_stay for event in pathway.events}
        each = {event: stay.value if stay else 0.0 for event, stay in stays.items()}
        return float((self.outcomes["averted"] * self.outcomes["event"].map(each)).sum())

    @property
    def spend(self) -> float:
        """Pounds spent over the years optimised."""
        return float(self.allocation["spend"].sum())

    def _averted(self, kind: str) -> float:
        pathway = self.appraisal.county.pathway
        chosen = self.outcomes["event"].map({e: pathway.node(e).counts_as == kind for e in pathway.events})
        return float(self.outcomes.loc[chosen.astype(bool), "averted"].sum())

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What was run, on what, with what certificate: the content of `manifest.json`."""
        county, optimum = self.appraisal.county, self.appraisal.optimum
        plan = county.plan
        found: dict[str, Any] = {
            "plan": plan.path.name,
            "label": plan.record.label,
            "years": list(county.years),
            "years_of_plan": list(plan.years),
            "prices": plan.record.prices,
            "evidence": plan.record.evidence,
            "evidence_rule": plan.record.evidence_rule,
            "money_is": plan.record.money_is,
            "status": "optimal" if optimum else "evaluated",
        }
        if optimum is not None:
            found |= {
                "objective": optimum.objective,
                "objective_in": plan.record.weights,
                "upper_bound": optimum.upper_bound,
                "gap": optimum.gap,
                "max_violation": optimum.max_violation,
                "solver": optimum.solver,
                "rounds": optimum.rounds,
                "offers_possible": len(optimum.sets.menu),
                "ties": len(optimum.ties),
            }
        totals = ("spend", "admissions_averted", "bed_days_averted", "long_term_care_entries_averted")
        return found | {
            "totals": {name: round(getattr(self, name), 6) for name in totals},
            "strata": int((county.strata.people > 0).sum()),
            "packages": len(county.family) - 1,
            "interventions": list(county.family.ids),
            "seed": SEED,
            "inputs": inputs_of(plan),
            "versions": versions_now(),
        }


def inputs_of(plan: PlanInFull) -> dict[str, str]:
    """File → SHA-256 of its content, for every file an answer depends on."""
    return dict(sorted({**plan.library.hashes, **{f"plans/{k}": v for k, v in plan.hashes.items()}}.items()))


@cache
def code_hash() -> str:
    """The first digits of the SHA-256 of avert's own code, of all that has a part in the tables of a run."""
    top, found = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted(top.rglob("*.py")):
        name = path.relative_to(top).as_posix()
        if not name.startswith(("book/", "cli/")):
            found.update(name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def versions_now() -> dict[str, str]:
    """What an answer is worked out with."""
    return {
        "avert": version("avert"),
        "avert_code": code_hash(),
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


def result_of(appraisal: Appraisal) -> Result:
    """Tables and manifest of an appraisal."""
    return Result(appraisal, tables_of(appraisal))
