"""Read a plan with its area, and check both against the library."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from avert.errors import Fault, FaultCollector, PlanError, nearest
from avert.library import Library, Placed, figures_in, with_choices
from avert.library.check_figures import no_trial_counts_twice
from avert.library.records import NEEDED, NEVER_BOUGHT, Deaths, Figure, Intervention
from avert.plan.area import Area, read_area
from avert.plan.area_file import AreaFile
from avert.plan.check import check_names, check_places, check_proposed, ids_by_field
from avert.plan.contradictions import check_contradictions
from avert.plan.records import ALL, Plan
from avert.reading import Document, is_file, read_yaml, record_from, salvaged
from avert.units import financial_year

TABLES = ("population", "rates", "profiles", "strata", "observed")
"""Keys of an area's file that name its tables."""
MOST_LISTED = 12
OURS = ("'x'", "'2026/27'")
"""What a fault says that is about a stand-in for what could not be read."""


@dataclass(frozen=True)
class PlanInFull:
    """A plan with its area and the library it draws on."""

    path: Path
    record: Plan
    document: Document = field(repr=False)
    area: Area = field(repr=False)
    library: Library = field(repr=False)
    hashes: dict[str, str] = field(repr=False)

    @property
    def years(self) -> tuple[str, ...]:
        """Financial years of the plan, '2026/27' and so on."""
        return tuple(financial_year(start) for start in self.record.years)

    @property
    def partners(self) -> tuple[str, ...]:
        return tuple(sorted(self.record.money))

    def contribution(self, partner: str, year: str) -> float:
        """Pounds a partner puts in for a year, in the plan's prices."""
        by_year = self.record.money[partner]
        return by_year.get(year, by_year.get("every year", 0.0))

    def spend_at_most(self, year: str) -> float | None:
        """Pounds that all partners together may spend in a year, where the plan says."""
        by_year = self.record.spend_at_most
        return by_year.get(year, by_year.get("every year"))

    @property
    def deaths(self) -> Deaths:
        """Yearly chances of dying: the area's own, or the library's where the area states none."""
        if self.area.record.deaths:
            return self.area.record.deaths
        assert self.library.population  # an area that states none is refused without it
        return self.library.population.deaths

    @property
    def population_growth(self) -> Figure:
        """Yearly growth of every group, as a share: the area's own, or the library's where the area states none."""
        if self.area.record.population_growth:
            return self.area.record.population_growth
        assert self.library.population  # an area that states none is refused without it
        return self.library.population.population_growth

    def taken_from_the_library(self) -> Iterator[Placed]:
        """Figures on people that the library holds for any area and this one does not state itself."""
        if self.library.population:
            for placed in figures_in(self.library.population):
                if getattr(self.area.record, placed.names[0], None) is None:
                    yield placed

    @cached_property
    def candidates(self) -> tuple[Intervention, ...]:
        """Interventions the plan may buy, in order of id."""
        return tuple(i for i in self.library.interventions.values() if not self.why_not(i))

    def why_not(self, intervention: Intervention) -> str:
        """Why an intervention cannot be bought under this plan, in words; empty if it can."""
        plan = self.record
        if intervention.id in plan.leave_out:
            return "the plan leaves it out"
        if plan.interventions != ALL and intervention.id not in plan.interventions:
            return "the plan does not list it"
        if plan.interventions == ALL and intervention.pathway not in (*plan.pathways, "all_causes"):
            return f"it belongs to the pathway '{intervention.pathway}', which the plan does not take"
        missing = [name.replace("_", " ") for name in NEEDED if name in intervention.not_found]
        if missing:
            return f"no figure was found for its {', '.join(missing)}"
        if intervention.id in plan.buy_anyway:
            return ""
        if intervention.status in NEVER_BOUGHT:
            return f"its status in the library is '{intervention.status}': {intervention.reason}"
        if intervention.funding != "candidate":
            return f"the library marks it '{intervention.funding}': {intervention.reason}"
        return ""

    def may_pay(self, partner: str, intervention: str) -> bool:
        """Whether a partner's money may be spent on a service."""
        if intervention in self.record.split:
            return self.record.split[intervention].get(partner, 0) > 0
        allowed = self.record.may_pay.get(partner, (ALL,))
        return ALL in allowed or intervention in allowed

    def line(self, *path: str | int) -> str:
        """'file:line' of a value of the plan."""
        return f"{self.document.file}:{self.document.line(path)}"


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
