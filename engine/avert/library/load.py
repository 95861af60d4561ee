"""Read `evidence/` from disk: any file in its folder is found, none has to be registered."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from avert.errors import EvidenceError, FaultCollector
from avert.library.check import check_references
from avert.library.districts import FILE as DISTRICTS
from avert.library.districts import District, read_districts
from avert.library.library import Library
from avert.library.records import (
    Intervention,
    Joint,
    PathwayFile,
    Plausibility,
    PopulationDefaults,
    PriceIndex,
    RiskFactorFile,
    UnitCosts,
)
from avert.library.services import FILE, NEEDED, services_in
from avert.library.sources import Source, read_sources
from avert.reading import Document, Record, Table, read_file, read_yaml, record_from

R = TypeVar("R", bound=Record)


def evidence_folder() -> Path:
    """The library that comes with avert: inside the installed package, or beside `engine/` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "evidence"
    return installed if installed.is_dir() else package.parents[1] / "evidence"


def load_library(folder: Path | str | None = None) -> Library:
    """The evidence library in `folder`, cross-checked record against record.

    Raises EvidenceError with every fault found, each with file and line.
    """
    reader = _Reader(Path(folder) if folder else evidence_folder())
    sources = reader.sources()
    pathways = reader.many("pathways", PathwayFile)
    interventions = reader.interventions(pathways)
    costs = reader.one("costs/unit_costs.yaml", UnitCosts)
    index = reader.one("costs/price_index.yaml", PriceIndex)
    joint = reader.one("joint.yaml", Joint)
    plausibility = reader.one("plausibility.yaml", Plausibility)
    risk_factors = reader.many("risk_factors", RiskFactorFile, needed=False)
    population = reader.one("population.yaml", PopulationDefaults, needed=False)
    districts = reader.districts(sources)
    reader.faults.raise_if_any()
    assert costs  # these are there: otherwise a fault was raised
    assert index
    assert joint
    assert plausibility
    library = Library(
        folder=reader.folder,
        sources=dict(sorted(sources.items())),
        pathways=pathways,
        interventions=interventions,
        unit_costs=dict(sorted((cost.id, cost) for cost in costs.costs)),
        price_index=index,
        joint=joint,
        plausibility=plausibility,
        risk_factors=risk_factors,
        population=population,
        districts=districts,
        documents=reader.documents,
        hashes=dict(sorted(reader.hashes.items())),
        written_in=reader.written_in,
    )
    check_references(library)
    return library


def _first(document: Document) -> tuple[str, int]:
    return document.file, document.line(())


class _Reader:
    """Reads files below one folder and keeps their lines, hashes and faults."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults = FaultCollector(EvidenceError)
        self.documents: dict[str, Document] = {}
        self.hashes: dict[str, str] = {}
        self.written_in: dict[str, str] = {}
        if not folder.is_dir():
            self.faults.add(folder, 0, "there is no such folder of evidence.")
            self.faults.raise_if_any()

    def interventions(self, pathways: dict[str, PathwayFile]) -> dict[str, Intervention]:
        """Services with a file each, and those that are rows of a table."""
        path = self.folder / FILE
        found = self.many("interventions", Intervention, needed=not path.exists())
        if not path.exists() or not pathways:  # without pathways there is something to be put right first
            return found
        shown = self._shown(path)
        table = Table(path, NEEDED, self.faults)
        self.hashes[shown] = table.sha256
        for name, (record, document) in services_in(table, shown, pathways, self.faults).items():
            if name in self.written_in:
                self.faults.add(*_first(document), f"the id '{name}' is already used in {self.written_in[name]}.")
            self.written_in[name] = f"{shown}#{name}"
            self.documents[self.written_in[name]] = document
            found[name] = record
        return dict(sorted(found.items()))

    def one(self, name: str, kind: type[R], *, needed: bool = True) -> R | None:
        path = self.folder / name
        if not path.exists():
            if needed:
                self.faults.add(self._shown(path), 0, "this file is missing from the library.")
            return None
        return self._record(path, kind)

    def many(self, subfolder: str, kind: type[R], *, needed: bool = True) -> dict[str, R]:
        found: dict[str, R] = {}
        for path in sorted((self.folder / subfolder).glob("*.y*ml")):
            if path.suffix != ".yaml":
                self.faults.add(self._shown(path), 0, f"evidence files end in .yaml; rename it to {path.stem}.yaml.")
                continue
            record = self._record(path, kind)
            if record is None:
                continue
            name: str = record.id  # type: ignore[attr-defined]
            shown = self._shown(path)
            if name in self.written_in:
                self.faults.add(shown, 1, f"the id '{name}' is already used in {self.written_in[name]}.")
            found[name] = record
            self.written_in[name] = shown
        if needed and not found and not self.faults.faults:
            self.faults.add(self._shown(self.folder / subfolder), 0, "there is no evidence file in this folder.")
        return dict(sorted(found.items()))

    def sources(self) -> dict[str, Source]:
        entries: dict[str, Source] = {}
        for path in sorted(self.folder.rglob("*.bib")):
            shown = self._shown(path)
            file = read_file(path, self.faults, shown)
            if file is None:
                continue
            self.hashes[shown] = file.sha256
            for key, source in read_sources(file.text, self.faults, shown).items():
                if key in entries:
                    self.faults.add(shown, 1, f"the source '{key}' is already defined in another file.")
                entries[key] = source
        return entries

    def districts(self, sources: dict[str, Source]) -> tuple[District, ...]:
        path = self.folder / DISTRICTS
        if not path.exists():
            return ()
        found, self.hashes[self._shown(path)] = read_districts(path, sources, self.faults, self._shown(path))
        return found

    def _record(self, path: Path, kind: type[R]) -> R | None:
        if not path.is_file():
            self.faults.add(self._shown(path), 0, "this should be a file, and is none.")
            return None
        shown = self._shown(path)
        document = read_yaml(path, self.faults, shown_as=shown)
        if document is None:
            return None
        self.hashes[shown] = document.sha256
        self.documents[shown] = document
        return record_from(kind, document, self.faults)

    def _shown(self, path: Path) -> str:
        return f"evidence/{path.relative_to(self.folder).as_posix()}"
