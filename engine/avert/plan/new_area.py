"""A new area put together from a table of people or from English districts: its places, counts and sources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from avert.errors import AvertError, FaultCollector, PlanError, nearest
from avert.library import District, Library
from avert.library.records import AGE_BANDS
from avert.library.records.figures import identifier
from avert.plan.area_file import Place
from avert.plan.counts import later_than, people_of, totals_among
from avert.reading import Row, Table, is_file
from avert.units import financial_year

COLUMNS = ("place", "age_band", "people", "year", "source")
DECILE = "imd_average_decile"
HEADING = ",".join(COLUMNS)
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")
_LONGEST_KEY = 40


@dataclass(frozen=True)
class Counted:
    """People of one age band in one place."""

    place: str
    age: str
    people: float
    year: str
    source: str


@dataclass(frozen=True)
class NewArea:
    """What the files of a new area are written from."""

    places: tuple[Place, ...]
    people: tuple[Counted, ...]
    sources: dict[str, str]
    """Sources that stand in no bibliography: key → words."""
    notes: tuple[str, ...]
    """Sentences for the area file."""
    told: tuple[str, ...]
    """What was made of the author's words, to be said to the author."""


def identifier_from(words: str) -> str:
    """'North Vale' → 'north_vale'.  Raises ValueError where no id can be made of the words."""
    try:
        return identifier(re.sub(r"[^a-z0-9]+", "_", words.casefold().replace("'", "")).strip("_"))
    except ValueError:
        raise ValueError(f"no id can be made of '{words}'; let it begin with a letter, as in 'North Vale'") from None


def area_of_districts(districts: Iterable[District], in_part: Iterable[str] = ()) -> NewArea:
    """Districts as places; `in_part` holds the codes of those of which only a part is counted."""
    parts, whole = set(in_part), tuple(districts)
    places, people = [], []
    for one in whole:
        partly = one.code in parts
        place = Place(
            id=identifier_from(one.name),
            label=f"{one.name} (part)" if partly else one.name,
            imd_average_decile=one.imd_average_decile,
            note=f"Only its neighbourhoods in {one.board}." if partly else None,
        )
        places.append(place)
        people += [Counted(place.id, age, one.people[age], one.year, one.source) for age in AGE_BANDS]
    year = ", ".join(sorted({one.year for one in whole}))
    origin = ", ".join(sorted({one.deprivation_source for one in whole}))
    notes = (
        f"People are counted at mid-{year}; the older population has grown since, so counts here run low for today.",
        "Deprivation is the mean decile of the neighbourhoods of a place, each counted once; 1 is most deprived "
        f"({origin} in the bibliography).",
        "Places are the districts of that year; some have merged since.",
    )
    return NewArea(tuple(places), tuple(people), {}, notes, ())


def area_of_table(path: Path, library: Library, area: str, first_year: int) -> NewArea:
    """Places and people of a CSV file with the columns of `HEADING`, and a decile of deprivation if there is one.

    Names of places become ids and stay as labels; numbers may have thousands separators; a source may be a
    key of the bibliography or be told in words.  `area` is the id of the whole, which no place is to be called, and
    `first_year` the one the plan begins with.  Raises PlanError with every fault, each with its line.
    """
    if not is_file(path):
        raise AvertError(f"there is no file '{path}' of people")
    faults = FaultCollector(PlanError)
    table = Table(path, COLUMNS, faults, shown_as=str(path), taken_as=_column)
    _check_heading(table, faults)
    return _Rows(table, library, area, first_year).area()


def _column(written: str) -> str:
    """'Age band', 'AGE-BAND' → 'age_band'; a heading that can't mean a column of ours is left as it is."""
    plain = re.sub(r"[\s_-]+", "_", written.casefold())
    return plain if plain in (*COLUMNS, DECILE) else written


def _check_heading(table: Table, faults: FaultCollector) -> None:
    """Raises PlanError with what is wrong with the columns, and how the heading should be."""
    header, known = getattr(table, "header", ()), {*COLUMNS, DECILE}
    if set(header) & set(AGE_BANDS):
        faults.faults.clear()  # nothing else can be said of columns of another kind
        faults.add(table.file, 1, "ages have columns of their own here; give each place and age band a row instead.")
    elif not faults.faults:
        for column in header:
            if column not in known:
                words = f"unknown column '{column}'.{nearest(column, known)}" if column else "a column has no heading."
                faults.add(table.file, 1, words)
    if header and faults.faults:
        faults.add(table.file, 1, f"the heading should be: {HEADING}")
    faults.raise_if_any()


class _Rows:
    """Rows of the table one by one: ids for places, keys for sources, and what was made of them."""

    def __init__(self, table: Table, library: Library, area: str, first_year: int) -> None:
        self.table, self.library, self.area_id, self.first_year = table, library, area, first_year
        self.names: dict[str, str] = {}
        """Id of a place → how its author writes it."""
        self.deciles: dict[str, str] = {}
        self.people: dict[tuple[str, str], Counted] = {}
        self.sources: dict[str, str] = {}
        self.separated = False
        self.no_band: set[str] = set()
        """Places with an age band that could not be read."""

    def area(self) -> NewArea:
        for row in self.table.rows:
            if not any(row.cells.values()):
                self._fault(row, "this row is empty; take it away.")
            else:
                self._take(row)
        for place, name in self.names.items():
            missing = [age for age in AGE_BANDS if (place, age) not in self.people]
            if missing and place not in self.no_band:
                self.table.faults.add(self.table.file, 1, f"there are no people for {name} at {', '.join(missing)}.")
        self._no_totals()
        self.table.faults.raise_if_any()
        years = ", ".join(sorted({one.year for one in self.people.values()}))
        return NewArea(
            tuple(self._place(place) for place in self.names),
            tuple(self.people[place, age] for place in self.names for age in AGE_BANDS),
            self.sources,
            (f"People are those of {years}.",),
            tuple(self._told()),
        )

    def _take(self, row: Row) -> None:
        place = self._place_of(row)
        age = self._age(row, place)
        written = row.cells["people"]
        if _THOUSANDS.fullmatch(written):
            self.separated = True
            row = replace(row, cells={**row.cells, "people": written.replace(",", "")})
        count = people_of(self.table, row)
        year = row.cells["year"]
        if not re.fullmatch(r"(19|20)\d\d(/\d\d)?", year):
            self._fault(row, f"'year' is '{year}'; write the year of the count, as in 2026 or 2025/26.")
        elif later_than(self.first_year, year):
            first = financial_year(self.first_year)
            self._fault(row, f"'year' is '{year}', after the plan's first year, {first}; write the year of the count.")
        if (place, age) in self.people:
            self._fault(row, f"{row.cells['place']} at {age} stands here a second time.")
        self._decile(row, place)
        self.people[place, age] = Counted(place, age, count, year, self._source(row))

    def _no_totals(self) -> None:
        """Rows that are totals would count everybody twice."""
        totals = totals_among({key: one.people for key, one in self.people.items()}, {self.area_id})
        told: set[str] = set()
        for row in self.table.rows:
            name = row.cells["place"]
            place = next((one for one, said in self.names.items() if said == name), "")
            if place in totals and place not in told:
                told.add(place)
                rows = "take its rows away, or give it another name if it is a place"
                self._fault(row, f"'{name}' {totals[place]}, so everybody would be counted twice: {rows}.")

    def _place_of(self, row: Row) -> str:
        name = row.cells["place"]
        try:
            place = identifier_from(name)
        except ValueError as error:
            self._fault(row, f"{error}.")
            return name
        before = self.names.setdefault(place, name)
        if before != name:
            self._fault(row, f"'{name}' and '{before}' can't be told apart; write a place the same way in every row.")
        return place

    def _age(self, row: Row, place: str) -> str:
        """The band that is meant: '65–74', '65 to 74' and '85 and over' can mean one only."""
        written = row.cells["age_band"]
        plain = re.sub(r"(?<=\d)\s*(-|–|—|to)\s*(?=\d)", "-", written.casefold())
        plain = re.sub(r"(?<=\d)\s*(\+|plus|(and|or) (over|older|above))$", "+", plain)
        if plain in AGE_BANDS:
            return plain
        self.no_band.add(place)
        same = [age for age in AGE_BANDS if re.findall(r"\d+", age) == re.findall(r"\d+", written)]
        finer = f"People are counted at {', '.join(AGE_BANDS)}; add finer bands up."
        advice = f"Did you mean '{same[0]}'?" if same else finer
        self._fault(row, f"there is no age band '{written}'. {advice}")
        return written

    def _decile(self, row: Row, place: str) -> None:
        written = row.cells.get(DECILE, "")
        if written:
            self.table.number(row, DECILE, lambda n: 1 <= n <= 10, "a mean decile of deprivation, from 1 to 10")
        if self.deciles.setdefault(place, written) != written:
            self._fault(row, f"'{DECILE}' is '{written}' here and '{self.deciles[place]}' above, for one place.")

    def _source(self, row: Row) -> str:
        """The key of a source: one of the bibliography, or one made of the author's words."""
        words = row.cells["source"]
        if words in self.library.sources:
            return words
        if not words:
            self._fault(row, "'source' is empty; say where the count is from, as in 'GP registers, March 2026'.")
        elif re.fullmatch(r"\S*_\S*", words):
            advice = nearest(words, self.library.sources)
            self._fault(row, f"the source '{words}' is not in the bibliography.{advice} Or tell it in words.")
        else:
            return self._key(words)
        return words

    def _key(self, words: str) -> str:
        for key, said in self.sources.items():
            if said == words:
                return key
        stem = "_".join(re.findall(r"[a-z0-9]+", words.casefold()))[:_LONGEST_KEY].strip("_")
        stem = stem if stem[:1].isalpha() else f"source_{stem}".strip("_")
        taken, key, number = {*self.library.sources, *self.sources}, stem, 2
        while key in taken:
            key, number = f"{stem}_{number}", number + 1
        self.sources[key] = words
        return key

    def _place(self, place: str) -> Place:
        name = self.names[place]
        label = name if name != place else place.replace("_", " ").title()
        decile = self.deciles[place]
        return Place(id=place, label=label, imd_average_decile=float(decile) if decile else None)

    def _told(self) -> Iterable[str]:
        renamed = [f"{name} is {place}" for place, name in self.names.items() if name != place]
        if renamed:
            yield f"places have ids, by which plans and tables call them: {', '.join(renamed)}"
        if self.separated:
            yield "numbers are written without thousands separators"
        for key, words in self.sources.items():
            yield f"the source '{words}' is called {key}"

    def _fault(self, row: Row, message: str) -> None:
        self.table.faults.add(self.table.file, row.line, message)
