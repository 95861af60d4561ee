"""Read a plan with its area, and check both against the library."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from avert.errors import Fault, FaultCollector, PlanError, nearest
from avert.library import Library, with_choices
from avert.library.check_figures import no_trial_counts_twice
from avert.plan.area import Area, read_area
from avert.plan.area_file import AreaFile
from avert.plan.check import check_names, check_places, check_proposed, ids_by_field
from avert.plan.contradictions import check_contradictions
from avert.plan.in_full import PlanInFull
from avert.plan.records import Plan
from avert.reading import Document, is_file, read_yaml, record_from, salvaged

TABLES = ("population", "rates", "profiles", "strata", "observed")
"""Keys of an area's file that name its tables."""
MOST_LISTED = 12
OURS = ("'x'", "'2026/27'")
"""What a fault says that is about a stand-in for what could not be read."""


def load_plan(path: Path | str, library: Library) -> PlanInFull:
    """The plan in `path`, checked against itself, its area and the library.

    Raises PlanError with every fault found, each with file and line.
    """
    path = Path(path)
    faults = FaultCollector(PlanError)
    document = _document(path, faults)
    named = document.data.get("area") if document else None
    area = _area(path, document, named, library, faults) if document and isinstance(named, str) else None
    plan = _checked(document, area, library, faults) if document else None
    faults.raise_if_any()
    assert plan  # these are there: otherwise a fault was raised
    assert document
    assert area
    library = replace(library, sources=dict(sorted({**library.sources, **area.sources}.items())))
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest(), **area.hashes}
    chosen = with_choices(library, plan.evidence_choices)
    if plan.evidence_choices:  # a reading that is not the central one may be the one another service goes by
        no_trial_counts_twice(chosen, faults)
        faults.raise_if_any()
    whole = PlanInFull(path, plan, document, area, chosen, dict(sorted(hashes.items())))
    check_proposed(whole, faults)
    faults.raise_if_any()
    return whole


def faults_of_shape(path: Path) -> tuple[Fault, ...]:
    """Faults a plan shows without its library: to be told together with those of the library."""
    faults = FaultCollector(PlanError)
    document = _document(path, faults)
    if document:
        record_from(Plan, document, faults)
        of_area = path.parent / f"{document.data.get('area')}-area.yaml"
        area = read_yaml(of_area, faults) if is_file(of_area) else None
        if area:
            record_from(AreaFile, area, faults)
    return tuple(faults.faults)


def _checked(document: Document, area: Area | None, library: Library, faults: FaultCollector) -> Plan | None:
    """The plan in a document, every fault of it collected; not to be used where there are any."""
    unread = {one.line for one in faults.faults if one.file == document.file}
    shape = FaultCollector(PlanError)
    plan, mended = salvaged(Plan, document, shape, _labels(library, area), ids_by_field(library, document, area))
    faults.faults += [one for one in shape.faults if one.line not in unread]
    if plan is None:
        return None
    found = FaultCollector(PlanError)
    readable = _without_what_hangs_on(plan, mended)
    check_names(readable, document, library, found)
    check_contradictions(readable, document, found)
    if area:
        check_places(readable, document, area, found)
    told = {one.line: one.message for one in shape.faults}
    for one in found.faults:
        empty = "nothing stands after" in one.message and "nothing" in told.get(one.line, "")
        ours = empty or any(said in one.message for said in OURS)
        if one.line not in unread and not (ours and one.line in told):
            faults.faults.append(one)
    return plan


def _without_what_hangs_on(plan: Plan, mended: frozenset[tuple[str | int, ...]]) -> Plan:
    """The plan without lines that would seem wrong only because those they rest on could not be read."""
    lost = {path[0] for path in mended if path and (len(path) == 1 or path[1] not in getattr(plan, str(path[0]), ()))}
    update: dict[str, object] = {}
    if "money" in lost:
        update |= {"may_pay": {}, "carry_over": (), "split": {}}
    if "years" in lost:
        update["money"] = {partner: {"every year": 0.0} for partner in plan.money}
    if "today" in lost:
        update["keep_services"] = {}
    return plan.model_copy(update=update) if update else plan


def _document(path: Path, faults: FaultCollector) -> Document | None:
    if is_file(path):
        document = read_yaml(path, faults, despite_faults=True)
        for where, text in document.dotted.items() if document else ():
            message = f"'{text}': is the dot for thousands? Write {text.replace('.', ',')}, or {float(text):g}."
            faults.add(path, document.line(where) if document else 0, message)
        if document and _is_an_area(document):
            message = "this is an area's file, not a plan; a plan names it in its line 'area:'."
            faults.add(path, 0, f"{message}{_listed(_plans_in(path.parent))}")
            return None
        return document
    folder = path if path.is_dir() else path.parent
    what = "this is a folder, not a plan" if path.is_dir() else "there is no such file"
    faults.add(path, 0, f"{what}.{_nearest_plan(path, _plans_in(folder))}")
    return None


def _plans_in(folder: Path) -> dict[str, str]:
    """Files of a folder that may be plans: name without its ending → name."""
    found = folder.glob("*.y*ml") if folder.is_dir() else ()
    return {one.stem: one.name for one in found if not one.stem.endswith("-area")}


def _nearest_plan(path: Path, plans: Mapping[str, str]) -> str:
    """Advice naming the plan called most alike, or the plans there are.  Endings are no likeness."""
    meant = nearest(path.stem, plans)
    if meant.startswith(" Did you mean"):
        return re.sub(r"'([^']+)'", lambda found: repr(plans.get(found[1], found[1])), meant)
    return _listed(plans)


def _listed(plans: Mapping[str, str]) -> str:
    return f" The plans here: {', '.join(sorted(plans.values()))}." if 0 < len(plans) <= MOST_LISTED else ""


def _is_an_area(document: Document) -> bool:
    """Whether a file that should be a plan is an area's."""
    return "places" in document.data and not document.data.keys() & {"area", "years", "money", "pathways"}


def _labels(library: Library, area: Area | None) -> dict[str, str]:
    """What services, pathways and places are called in words → their ids."""
    named = {one.label: one.id for one in (area.places if area else ())}
    named |= {one.label: one.id for one in library.pathways.values()}
    return named | {one.label: one.id for one in library.interventions.values()}


def _area(path: Path, document: Document, named: str, library: Library, faults: FaultCollector) -> Area | None:
    area_path = path.parent / f"{named}-area.yaml"
    if not is_file(area_path):
        known = sorted(p.name.removesuffix("-area.yaml") for p in path.parent.glob("*-area.yaml"))
        advice = nearest(named.removesuffix(".yaml").removesuffix("-area"), known)
        message = f"there is no file {area_path.name} beside the plan, so '{named}' has no population.{advice}"
        faults.add(document.file, document.line(("area",)), message)
        return None
    area_document = read_yaml(area_path, faults)
    if area_document is None:
        return None
    record, mended = salvaged(AreaFile, area_document, faults)
    if record is None or {path[0] for path in mended if path} & {"id", "places", *TABLES}:
        return None
    if record.id != named:
        message = f"the file is called {area_path.name} and its id is '{record.id}'. Make the id '{named}'."
        faults.add(area_document.file, area_document.line(("id",)), message)
    area = read_area(record, area_document, area_path.parent, library, faults)
    area.hashes[area_path.name] = hashlib.sha256(area_path.read_bytes()).hexdigest()
    return area
