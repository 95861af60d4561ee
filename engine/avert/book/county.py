"""What a county's pages are written from: its saved run, its plan and the library, and nothing that is solved."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from avert.library import Library
from avert.plan import PlanInFull
from avert.results import COLUMNS, NOT_SERVICES, Unspent, rests_on, unspent

PARTNERS = {
    "icb": "NHS (integrated care board)",
    "public_health": "Public health (council)",
    "adult_care": "Adult social care (council)",
    "housing": "Housing (council)",
    "nhs_trusts": "NHS trusts",
}
"""Names of partners that plans often have; others are shown by their id."""


@dataclass(frozen=True)
class Sureness:
    """How sure an answer is."""

    low: float
    high: float
    unsure: float
    """Share of the admissions averted that rests on effects of low or very low certainty."""
    unseen: float
    """Share that rests on effects nobody saw in a source."""


@dataclass(frozen=True)
class County:
    """One plan with its run."""

    plan: PlanInFull
    folder: Path
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    alone: bool = True
    """Whether the book has no other county."""

    @classmethod
    def read(cls, plan: PlanInFull, folder: Path, alone: bool) -> County:
        """The run in `folder`, which is one of this plan."""
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        found = {name: folder / f"{name}.parquet" for name in COLUMNS}
        tables = {name: pd.read_parquet(path) for name, path in found.items() if path.is_file()}
        return cls(plan, folder, manifest, tables, alone)

    @property
    def library(self) -> Library:
        return self.plan.library

    @property
    def stem(self) -> str:
        """The beginning of the names of its pages."""
        return slug(self.plan.path.stem)

    @property
    def name(self) -> str:
        return self.plan.area.record.label

    @property
    def label(self) -> str:
        return self.plan.record.label or f"{self.name} prevention plan"

    @property
    def home(self) -> str:
        """The page of its key messages."""
        return "index" if self.alone else self.stem

    def page(self, name: str) -> str:
        return f"{self.stem}-{slug(name)}"[:50]

    def table(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    @property
    def years(self) -> Sequence[str]:
        return tuple(self.manifest["years"])

    @property
    def places(self) -> Mapping[str, str]:
        """Id → label."""
        return {place.id: place.label for place in self.plan.area.places}

    def partner(self, name: str) -> str:
        return PARTNERS.get(name, name.replace("_", " ").capitalize())

    def total(self, name: str) -> float:
        """Of the whole plan: spend, admissions_averted, bed_days_averted, long_term_care_entries_averted."""
        return float(self.manifest["totals"][name])

    @cached_property
    def services(self) -> pd.DataFrame:
        """What the plan buys, most admissions averted first."""
        table = self.table("interventions")
        bought = table[~table["intervention"].isin(NOT_SERVICES)]
        return bought.sort_values(
            ["admissions_averted_in_plan", "intervention"], ascending=[False, True], kind="stable"
        )

    @cached_property
    def people(self) -> pd.DataFrame:
        """Residents aged 65 and over: place, age_band, people, year."""
        rows = [(place, age, people) for (place, age), people in self.plan.area.people.items()]
        return pd.DataFrame(rows, columns=["place", "age_band", "people"])

    @cached_property
    def sure(self) -> Sureness:
        said = self.manifest["also"]["spread"]
        shares = rests_on(self.table("interventions"))["share_of_admissions"].tolist() or [0.0, 0.0]
        return Sureness(float(said["low"]), float(said["high"]), *shares)

    @property
    def unspent(self) -> list[Unspent]:
        """Partners of whose money more than change is left."""
        return list(unspent(self.table("partners"), self.plan.record.carry_over))

    def by_place(self) -> pd.DataFrame:
        """place, label, people, spend, averted admissions, decile of deprivation (may be missing)."""
        admissions = self._admissions()
        averted = self.table("outcomes")
        averted = averted[averted["event"].isin(admissions)].groupby("place")["averted"].sum()
        spend = self.table("allocation").groupby("place")["spend"].sum()
        people = self.people.groupby("place")["people"].sum()
        return pd.DataFrame(
            {
                "place": list(self.places),
                "label": list(self.places.values()),
                "people": [float(people.get(place, 0.0)) for place in self.places],
                "spend": [float(spend.get(place, 0.0)) for place in self.places],
                "averted": [float(averted.get(place, 0.0)) for place in self.places],
                "decile": [place.imd_average_decile for place in self.plan.area.places],
            }
        )

    def _admissions(self) -> list[str]:
        return [node.id for node in self.library.nodes.values() if node.counts_as == "emergency_admission"]

    def events(self, kind: str) -> list[str]:
        """Ids of events that count as `kind`, of those the run counts."""
        counted = set(self.table("outcomes")["event"])
        return [n.id for n in self.library.nodes.values() if n.counts_as == kind and n.id in counted]


def slug(name: str) -> str:
    """A name as the file of a page: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def evidence_page(intervention: str) -> str:
    return f"evidence-{slug(intervention)}"[:50].rstrip("-")
