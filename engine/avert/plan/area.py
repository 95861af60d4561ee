"""An area read whole: places, population, local rates, profiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from avert.errors import FaultCollector, nearest
from avert.library import Library
from avert.library.check import written_under
from avert.library.records import AGE_BANDS
from avert.library.sources import Source
from avert.plan.area_file import AreaFile, Place
from avert.plan.counts import people_of, totals_among
from avert.plan.observed import COLUMNS as OBSERVED_COLUMNS
from avert.plan.observed import Observed, read_observed
from avert.plan.outright import NEEDED as STRATA_COLUMNS
from avert.plan.outright import GivenStratum, ages_of, people_in, read_strata, unlike
from avert.reading import Document, Row, Table, is_file


@dataclass(frozen=True)
class LocalRate:
    """A directly standardised local rate beside England's, both per 100,000."""

    local: float
    england: float
    year: str
    source: str

    @property
    def ratio(self) -> float:
        return self.local / self.england


@dataclass(frozen=True)
class Area:
    """Everything known about the area a plan is for."""

    record: AreaFile
    document: Document = field(repr=False)
    people: dict[tuple[str, str], float]
    """(place, age band) → residents."""
    population_year: str
    rates: dict[tuple[str, str], LocalRate]
    """(place, event) → local rate."""
    profiles: dict[str, dict[frozenset[str], float]]
    """Age band → profile → share, where the area has a joint table."""
    strata: tuple[GivenStratum, ...]
    hashes: dict[str, str] = field(repr=False)
    cited: tuple[str, ...] = ()
    """Keys of the sources its tables and figures name, in order of key."""
    observed: Observed = field(default_factory=Observed)
    """What happened to linked people, where the area has their records summed."""

    @property
    def places(self) -> tuple[Place, ...]:
        return self.record.places

    @property
    def sources(self) -> dict[str, Source]:
        """Sources of the area's own, as entries of a bibliography."""
        return {key: Source(key, "", "", words, "", "") for key, words in self.record.sources.items()}

    @property
    def ages(self) -> tuple[str, ...]:
        """Age bands of its people: those that occur where groups are given outright."""
        return ages_of(self.strata)


def read_area(record: AreaFile, document: Document, folder: Path, library: Library, faults: FaultCollector) -> Area:
    """The area with its CSV files; faults are collected, and what they leave behind is not to be used."""
    hashes: dict[str, str] = {}
    _names_are_known(record, document, library, faults)
    places = [place.id for place in record.places]
    sources = {*library.sources, *record.sources}
    stratifying = sorted(n for n, node in library.nodes.items() if node.stratifies and node.kind != "group")
    for section, name in (
        ("population", record.population),
        ("rates", record.rates),
        ("profiles", record.profiles),
        ("strata", record.strata),
        ("observed", record.observed),
    ):
        if name and not is_file(folder / name):
            faults.add(document.file, document.line((section,)), f"there is no file '{name}' beside this one.")
            return Area(record, document, {}, "", {}, {}, (), hashes)
    people: dict[tuple[str, str], float] = {}
    year = ""
    cited = {key for _, key in written_under(document, "source")}
    if record.population:
        table = Table(folder / record.population, ("place", "age_band", "people", "year", "source"), faults)
        people, year = _population(table, places, hashes, sources, record.id)
        cited |= _cited(table)
    rates = {}
    if record.rates:
        columns = ("place", "event", "local_standardised_rate", "england_standardised_rate", "year", "source")
        table = Table(folder / record.rates, columns, faults)
        rates = _rates(table, places, library, hashes, sources)
        cited |= _cited(table)
    profiles = {}
    if record.profiles:
        profiles = _profiles(
            Table(folder / record.profiles, ("age_band", *stratifying, "share"), faults), stratifying, hashes
        )
    strata: tuple[GivenStratum, ...] = ()
    if record.strata:
        table = Table(folder / record.strata, STRATA_COLUMNS, faults)
        hashes[table.file] = table.sha256
        strata, of_strata = read_strata(table, places, library, sources)
        _no_totals(table, people_in(strata), record.id)
        cited |= _cited(table)
        if record.population and not faults.faults and unlike(people, strata):
            faults.add(document.file, document.line(("population",)), unlike(people, strata))
        people, year = (people, year) if record.population else (people_in(strata), of_strata)
    observed = Observed()
    if record.observed:
        happened = Table(folder / record.observed, tuple(OBSERVED_COLUMNS)[:3], faults)
        hashes[happened.file], observed = happened.sha256, read_observed(happened)
    return Area(record, document, people, year, rates, profiles, strata, hashes, tuple(sorted(cited)), observed)


def _cited(table: Table) -> set[str]:
    return {row.cells["source"] for row in table.rows if row.cells.get("source")}


def _names_are_known(record: AreaFile, document: Document, library: Library, faults: FaultCollector) -> None:
    stratifying = {name for name, node in library.nodes.items() if node.stratifies}
    states = {name for name, node in library.nodes.items() if node.prevalence}
    for section, names, known in (
        (("deaths", "groups"), record.deaths.groups if record.deaths else {}, stratifying),
        (("prevalence",), record.prevalence, states),
    ):
        for name in names:
            if name not in known:
                faults.add(
                    document.file,
                    document.line((*section, name)),
                    f"there is no factor '{name}'.{nearest(name, known)}",
                )
    seen: set[str] = set()
    for number, place in enumerate(record.places):
        if place.id in seen:
            faults.add(document.file, document.line(("places", number)), f"the place '{place.id}' stands here twice.")
        seen.add(place.id)
    labels = [place.label.casefold() for place in record.places]
    for number, label in enumerate(labels):
        if label in labels[:number]:
            message = f"two places are called '{record.places[number].label}'; no reader could tell them apart."
            faults.add(document.file, document.line(("places", number, "label")), message)
    _figures_are_there(record, document, library, faults)
    known_sources = {*library.sources, *record.sources}
    for path, key in written_under(document, "source"):
        if key not in known_sources:
            faults.add(document.file, document.line(path), _unknown_source(key, known_sources))
    for key in record.sources:
        if key in library.sources:
            message = f"'{key}' is already the name of a source in the bibliography; give this one another."
            faults.add(document.file, document.line(("sources", key)), message)


def _figures_are_there(record: AreaFile, document: Document, library: Library, faults: FaultCollector) -> None:
    """What an area file leaves out the library must hold."""
    if library.population is None:
        for name in ("deaths", "population_growth"):
            if getattr(record, name) is None:
                message = f"'{name}' is missing, and the evidence library has no population.yaml to take it from."
                faults.add(document.file, 1, message)


def _unknown_source(key: str, known: Iterable[str]) -> str:
    advice = nearest(key, known) or " Declare a source of your own under 'sources' in the area file."
    return f"the source '{key}' is not in the bibliography.{advice}"


def _source_is_known(table: Table, row: Row, sources: Iterable[str]) -> None:
    known = set(sources)
    if row.cells["source"] not in known:
        table.faults.add(table.file, row.line, _unknown_source(row.cells["source"], known))


def _population(
    table: Table, places: list[str], hashes: dict[str, str], sources: Iterable[str], area: str
) -> tuple[dict[tuple[str, str], float], str]:
    hashes[table.file] = table.sha256
    people: dict[tuple[str, str], float] = {}
    years = set()
    for row in table.rows:
        place, age = table.one_of(row, "place", places), table.one_of(row, "age_band", AGE_BANDS)
        if (place, age) in people:
            table.faults.add(table.file, row.line, f"{place} at {age} stands here a second time.")
        people[place, age] = people_of(table, row)
        _source_is_known(table, row, sources)
        years.add(row.cells["year"])
    for place in places:
        missing = [age for age in AGE_BANDS if (place, age) not in people]
        if missing and table.rows:
            table.faults.add(table.file, 1, f"there is no population for {place} at {', '.join(missing)}.")
    _no_totals(table, people, area)
    return people, ", ".join(sorted(years))


def _no_totals(table: Table, people: Mapping[tuple[str, str], float], area: str) -> None:
    """Rows that are totals would count everybody twice."""
    for place, why in totals_among(people, {area}).items():
        line = next(row.line for row in table.rows if row.cells["place"] == place)
        message = f"'{place}' {why}, so everybody would be counted twice: take its rows away, and the place."
        table.faults.add(table.file, line, message)


def _rates(
    table: Table, places: list[str], library: Library, hashes: dict[str, str], sources: Iterable[str]
) -> dict[tuple[str, str], LocalRate]:
    hashes[table.file] = table.sha256
    events = [name for name, node in library.nodes.items() if node.kind == "event"]
    found = {}
    for row in table.rows:
        key = table.one_of(row, "place", places), table.one_of(row, "event", events)
        if key in found:
            table.faults.add(table.file, row.line, f"the rate of {key[1]} in {key[0]} stands here a second time.")
        local = table.number(row, "local_standardised_rate", lambda n: n > 0, "a rate per 100,000 above 0")
        england = table.number(row, "england_standardised_rate", lambda n: n > 0, "a rate per 100,000 above 0")
        _source_is_known(table, row, sources)
        found[key] = LocalRate(local, england, row.cells["year"], row.cells["source"])
    return found


def _profiles(table: Table, factors: list[str], hashes: dict[str, str]) -> dict[str, dict[frozenset[str], float]]:
    hashes[table.file] = table.sha256
    known = {"age_band", *factors, "share"}
    for column in getattr(table, "header", ()):
        if column not in known:
            table.faults.add(table.file, 1, f"unknown column '{column}'.{nearest(column, known)}")
    found: dict[str, dict[frozenset[str], float]] = {}
    first: dict[tuple[str, frozenset[str]], int] = {}
    for row in table.rows:
        age = table.one_of(row, "age_band", AGE_BANDS)
        profile = frozenset(f for f in factors if table.one_of(row, f, ("0", "1")) == "1")
        stands = first.setdefault((age, profile), row.line)
        if stands != row.line:
            said = " + ".join(sorted(profile)) or "none of the factors"
            table.faults.add(table.file, row.line, f"{age} with {said} stands here again; first on line {stands}.")
        found.setdefault(age, {})[profile] = table.number(row, "share", lambda n: 0 <= n <= 1, "a share from 0 to 1")
    for age, shares in found.items():
        if abs(sum(shares.values()) - 1) > 1e-6:
            table.faults.add(table.file, 1, f"the shares at {age} add up to {sum(shares.values()):g}, not 1.")
    missing = [age for age in AGE_BANDS if age not in found]
    if missing and table.rows:
        table.faults.add(table.file, 1, f"there are no profiles for {', '.join(missing)}.")
    return found
