"""Writing evidence: starters that load, schemas that fit every real file, figures that keep their papers."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import yaml
from test_bad_input import AVERT, Ended, ended
from test_command_line import said

from avert.errors import FaultCollector, PlanError
from avert.library.records import Intervention, PathwayFile
from avert.library.records.pathways import Edge, Node
from avert.reading import Record, read_yaml
from worlds import edge, effect, event, intervention, state, write_world

ROOT = Path(__file__).parents[2]
REAL = {
    **{path: path.parent.name for folder in ("interventions", "pathways", "risk_factors")
       for path in sorted((ROOT / "evidence" / folder).glob("*.yaml"))},
    **{path: "area" if path.stem.endswith("-area") else "plan" for path in sorted((ROOT / "plans").glob("*.yaml"))},
}  # fmt: skip
OF = {"interventions": "intervention", "pathways": "pathway"}


def check(folder: Path) -> Ended:
    """What `avert evidence check` says of a library."""
    return ended([*AVERT, "evidence", "check", "--evidence", str(folder)])


@pytest.fixture(scope="module")
def real_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the library, to be added to."""
    folder = tmp_path_factory.mktemp("real") / "evidence"
    shutil.copytree(ROOT / "evidence", folder)
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A small library of one service on one factor."""
    write_world(
        tmp_path,
        nodes=[state("frailty"), event("fall_admission")],
        edges=[edge("frailty", "fall_admission", 2.0)],
        interventions=[
            intervention("classes", effect("frailty", 0.8), staff_hours={"instructor": 3}, already_reached=0.1)
        ],
    )
    return tmp_path / "evidence"


# Starters


@pytest.mark.parametrize(("kind", "record"), [("intervention", Intervention), ("pathway", PathwayFile)])
def test_a_starter_is_in_order_as_it_stands(real_library: Path, kind: str, record: type[Record]) -> None:
    name = f"something_new_{kind}"
    assert "evidence check" in said("evidence", "new", kind, name, "--evidence", str(real_library))
    path = real_library / f"{kind}s" / f"something-new-{kind}.yaml"
    text = path.read_text(encoding="utf-8")
    for key, field in record.model_fields.items():
        assert re.search(rf"^(# )?{field.alias or key}:", text, re.MULTILINE), key
    for below in (Node, Edge) if kind == "pathway" else ():
        for key, field in below.model_fields.items():
            assert re.search(rf"^#   {field.alias or key}:", text, re.MULTILINE), key
    done = check(real_library)
    assert done.code == 0, done.said
    assert name.replace("_", " ").capitalize() in said("evidence", "show", name, "--evidence", str(real_library))


def test_a_starter_can_be_started_where_the_library_is_small(library: Path) -> None:
    said("evidence", "new", "pathway", "all_causes", "--evidence", str(library))
    said("evidence", "new", "intervention", "walking", "--evidence", str(library))
    done = check(library)
    assert done.code == 0, done.said


@pytest.mark.parametrize("name", ["Tai Chi", "tai-chi", "2nd", "", "x__y", "../x", "tai_chi.yaml", "été", "a\nb"])
def test_a_name_that_cant_be_an_id_is_refused(library: Path, name: str) -> None:
    before = sorted(library.rglob("*"))
    done = ended([*AVERT, "evidence", "new", "intervention", name, "--evidence", str(library)])
    assert done.code == 1
    assert "can't be an id" in done.said
    assert "small letters" in done.said
    assert sorted(library.rglob("*")) == before


def test_what_is_already_there_is_left_alone(library: Path) -> None:
    command = [*AVERT, "evidence", "new", "intervention", "walking", "--evidence", str(library)]
    assert ended(command).code == 0
    path = library / "interventions" / "walking.yaml"
    path.write_text("mine", encoding="utf-8")
    done = ended(command)
    assert done.code == 1
    assert "already there" in done.said
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    done = ended([*AVERT, "evidence", "new", "pathway", "heart", "--evidence", str(tmp_path / "nowhere")])
    assert done.code == 1
    assert "there is no folder" in done.said
    assert "--evidence" in done.said
    assert not list(tmp_path.iterdir())


def test_a_kind_that_is_none_is_named(library: Path) -> None:
    done = ended([*AVERT, "evidence", "new", "interventions", "walking", "--evidence", str(library)])
    assert done.code == 1
    assert "Did you mean 'intervention'?" in done.said


# Schemas


@pytest.fixture(scope="module")
def schemas() -> dict[str, dict[str, Any]]:
    """Every schema the command line prints."""
    kinds = ("intervention", "pathway", "risk_factors", "plan", "area")
    return {kind: json.loads(said("schema", "--of", kind)) for kind in kinds}


def misfits(value: Any, schema: dict[str, Any], whole: dict[str, Any], where: str = "") -> Iterator[str]:
    """Where a value does not fit a JSON Schema, of which the part is checked that the printed schemas use."""
    if "$ref" in schema:
        yield from misfits(value, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole, where)
        return
    for choices in (schema.get("anyOf"), schema.get("oneOf")):
        found = [list(misfits(value, one, whole, where)) for one in choices or ()]
        if found and all(found):
            yield from min(found, key=len)
    if not fits_type(value, schema.get("type")):
        yield f"{where}: {value!r} is no {schema['type']}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is none of {schema['enum']}"
    elif "const" in schema and value != schema["const"]:
        yield f"{where}: {value!r} is not {schema['const']}"
    elif isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{where}: {value!r} is not written like {schema['pattern']}"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        within = (
            schema.get("minimum", value) <= value <= schema.get("maximum", value)
            and schema.get("exclusiveMinimum", value - 1) < value < schema.get("exclusiveMaximum", value + 1)
        )  # fmt: skip
        if not within:
            yield f"{where}: {value} is out of bounds"
    elif isinstance(value, dict):
        yield from misfits_of_mapping(value, schema, whole, where)
    elif isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            yield f"{where}: {len(value)} items"
        first = schema.get("prefixItems", [])
        for number, one in enumerate(value):
            yield from misfits(one, first[number] if number < len(first) else schema.get("items", {}), whole, where)


def misfits_of_mapping(
    value: dict[str, Any], schema: dict[str, Any], whole: dict[str, Any], where: str
) -> Iterator[str]:
    """The same for a mapping: keys that are missing, unknown or of the wrong name, and what stands under each."""
    known, other = schema.get("properties", {}), schema.get("additionalProperties", True)
    yield from (f"{where}: '{key}' is missing" for key in schema.get("required", ()) if key not in value)
    for key, one in value.items():
        if "propertyNames" in schema:
            yield from misfits(key, schema["propertyNames"], whole, f"{where}/{key}")
        if key not in known and other is False:
            yield f"{where}: unknown key '{key}'"
        else:
            below = known.get(key, other if isinstance(other, dict) else {})
            yield from misfits(one, below, whole, f"{where}/{key}")


def fits_type(value: Any, kind: str | None) -> bool:
    """Whether a value is of a type of JSON."""
    if isinstance(value, bool) or kind is None:
        return kind in ("boolean", None)
    python = {"string": str, "number": (int, float), "integer": int, "array": list, "object": dict, "null": type(None)}
    return isinstance(value, python.get(kind, ()))


def plain(path: Path) -> Any:
    """What a YAML file holds, read as the engine reads it."""
    faults = FaultCollector(PlanError)
    document = read_yaml(path, faults)
    assert document, faults.faults
    return document.data


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_every_real_file_fits_its_schema(path: Path, schemas: dict[str, dict[str, Any]]) -> None:
    schema = schemas[OF.get(REAL[path], REAL[path])]
    data = plain(path)
    assert not list(misfits(data, schema, schema))
    for holder, name in [(data, "zzz"), *((one, "zzz") for one in records_within(data, schema, schema))]:
        holder[name] = 1
        assert any("unknown key 'zzz'" in one for one in misfits(data, schema, schema))
        del holder[name]


def records_within(value: Any, schema: dict[str, Any], whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every mapping below a value that its schema describes key by key, whatever the choices on the way."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    fitting = [one for one in schema.get("anyOf", ()) if not list(misfits(value, one, whole))]
    if fitting:
        yield from records_within(value, fitting[0], whole)
    elif isinstance(value, dict):
        if schema.get("additionalProperties") is False:
            yield value
        for key, one in value.items():
            below = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
            yield from records_within(one, below if isinstance(below, dict) else {}, whole)
    elif isinstance(value, list):
        for one in value:
            yield from records_within(one, schema.get("items", {}), whole)


def test_every_record_of_every_schema_refuses_unknown_keys(schemas: dict[str, dict[str, Any]]) -> None:
    for kind, schema in schemas.items():
        for name, record in {kind: schema, **schema["$defs"]}.items():
            if "properties" in record:
                assert record["additionalProperties"] is False, (kind, name)


def test_every_key_of_every_schema_says_what_it_means(schemas: dict[str, dict[str, Any]]) -> None:
    """An editor shows these words when the mouse rests on a key."""
    silent = [
        (kind, name, key)
        for kind, schema in schemas.items()
        for name, record in {kind: schema, **schema["$defs"]}.items()
        for key, about in record.get("properties", {}).items()
        if not about.get("description")
    ]
    assert not silent


def test_a_library_lends_its_names_to_the_schema_of_a_plan(library: Path) -> None:
    schema = json.loads(said("schema", "--evidence", str(library)))
    keys = schema["properties"]
    assert keys["limits"]["properties"]["classes"]["description"] == "classes"
    assert list(keys["staff"]["properties"]) == ["instructor"]
    for wanted in ({"limits": {"classes": 4}}, {"limits": {"unheard_of": 4}}, {"interventions": ["classes"]},
                   {"interventions": "all"}, {"may_pay": {"icb": "all", "council": ["classes"]}}):  # fmt: skip
        whole = {"area": "x", "years": "2026/27", "money": {"icb": "1k"}, "pathways": ["main"]} | wanted
        assert not list(misfits(whole, schema, schema))
    assert list(misfits({"realism": 45}, schema, schema))
    done = ended([*AVERT, "schema", "--of", "area", "--evidence", str(library)])
    assert (done.code, "leave --evidence out" in done.said) == (1, True)


def test_a_schema_of_nothing_known_is_refused() -> None:
    done = ended([*AVERT, "schema", "--of", "interventon"])
    assert done.code == 1
    assert "Did you mean 'intervention'?" in done.said


# Figures


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The figures of the library in every format, twice."""
    out = tmp_path_factory.mktemp("figures")
    written = {}
    for name in ("one.csv", "one.parquet", "one.xlsx", "two.csv", "two.parquet", "two.xlsx"):
        written[name] = out / name
        assert "figures" in said("evidence", "export", "--out", str(written[name]))
    return written


@pytest.fixture(scope="module")
def table(exported: dict[str, Path]) -> pd.DataFrame:
    return pd.read_parquet(exported["one.parquet"])


def test_the_three_formats_hold_the_same_figures(exported: dict[str, Path], table: pd.DataFrame) -> None:
    as_csv = pd.read_csv(exported["one.csv"], keep_default_na=False)
    rows = list(openpyxl.load_workbook(exported["one.xlsx"], read_only=True)["figures"].iter_rows(values_only=True))
    assert list(as_csv.columns) == list(table.columns)
    assert [str(head).split("\n")[0].replace(" ", "_") for head in rows[0]] == list(table.columns)
    assert len(rows) - 1 == len(as_csv) == len(table) > 0
    for number, name in enumerate(table.columns):
        wanted = ["" if one is None or one != one else one for one in table[name].tolist()]
        in_csv = [float(one) if isinstance(was, float) else str(one) if isinstance(was, str) else one
                  for one, was in zip(as_csv[name].tolist(), wanted, strict=True)]  # fmt: skip
        in_book = ["" if row[number] is None else row[number] for row in rows[1:]]
        assert in_csv == wanted, name
        assert in_book == wanted, name


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_the_same_library_gives_the_same_bytes(exported: dict[str, Path], ending: str) -> None:
    assert exported[f"one.{ending}"].read_bytes() == exported[f"two.{ending}"].read_bytes()


def test_every_figure_has_its_papers(table: pd.DataFrame) -> None:
    """Unit, mark, interval or the reason for none, and a source or an assumption: for all of them."""
    without = {
        "unit": table.unit == "",
        "mark": ~table["mark"].isin(["seen", "derived", "recalled"]),
        "interval or no_interval": (table.low.isna() | table.high.isna()) == (table.no_interval == ""),
        "source or assumption": (table.source == "") == (table.assumption == ""),
        "reference": (table.source != "") & (table.reference == ""),
        "seen_in and seen_as": (table["mark"] == "seen") & ((table.seen_in == "") | (table.seen_as == "")),
        "sum": (table["mark"] == "derived") & (table.note == ""),
        "place in its interval": (table.value < table.low) | (table.value > table.high),
    }
    for what, rows in without.items():
        assert not rows.any(), f"no {what}:\n{table.loc[rows, ['file', 'line', 'where']]}"


def test_every_figure_stands_where_it_says(table: pd.DataFrame) -> None:
    for file, rows in table.groupby("file"):
        lines = (ROOT / str(file)).read_text(encoding="utf-8").splitlines()
        assert rows.line.between(1, len(lines)).all()


def test_an_export_elsewhere_or_otherwise_is_refused_in_words(tmp_path: Path) -> None:
    for name, words in (("figures.json", ".csv, .parquet, .xlsx"), ("nowhere/figures.csv", "can't be written")):
        done = ended([*AVERT, "evidence", "export", "--out", str(tmp_path / name)])
        assert done.code == 1
        assert words in done.said


# Papers taken away


def every_figure(data: Any) -> Iterator[dict[str, Any]]:
    """Every figure below plain data."""
    if isinstance(data, dict):
        if "verification" in data and "value" in data:
            yield data
        for one in data.values():
            yield from every_figure(one)
    elif isinstance(data, list):
        for one in data:
            yield from every_figure(one)


def without(*keys: str) -> Callable[[dict[str, Any]], None]:
    """Takes keys away."""
    return lambda figure: [figure.pop(key, None) for key in keys] and None


MUTATIONS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "no seen_in": (without("seen_in"), "'seen_in'"),
    "no seen_as": (without("seen_as"), "'seen_as'"),
    "no interval": (without("interval"), "interval"),
    "no source": (without("source"), "'source'"),
    "no mark": (without("verification"), "'verification'"),
    "no value": (without("value"), "'value'"),
    "an unknown mark": (lambda figure: figure.update(verification="read"), "'verification'"),
    "an unknown source": (lambda figure: figure.update(source="nobody_2026"), "bibliography"),
    "derived without a sum": (lambda figure: figure.update(verification="derived"), "'note'"),
    "assumption beside a source": (lambda figure: figure.update(assumption="so it is"), "'assumption'"),
    "both interval and no_interval": (lambda figure: figure.update(no_interval="none"), "'no_interval'"),
    "a value outside its interval": (lambda figure: figure.update(interval=[8e5, 9e5]), "interval"),
    "a value that is words": (lambda figure: figure.update(value="some"), "plain number"),
}


@pytest.mark.parametrize(("mutate", "words"), MUTATIONS.values(), ids=MUTATIONS)
def test_no_figure_goes_without_its_papers(library: Path, mutate: Callable[[dict[str, Any]], None], words: str) -> None:
    """Whichever figure of a service, an edge or an event loses them, the check says so."""
    for path in (library / "interventions/classes.yaml", library / "pathways/main.yaml"):
        text = path.read_text(encoding="utf-8")
        for number, _ in enumerate(every_figure(yaml.safe_load(text))):
            data = yaml.safe_load(text)
            mutate(list(every_figure(data))[number])
            path.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
            done = check(library)
            assert done.code == 1, f"figure {number} of {path.name}"
            assert words in done.said, done.said
            assert f"{path.name}:" in done.said
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(("path", "key", "words"), [
    (("effects", 0), "measure", "'measure' is missing"),
    (("cost",), "unit", "'unit' is missing"),
    (("cost",), "price_year", "'price_year' is missing"),
])  # fmt: skip
def test_what_gives_a_figure_its_unit_is_needed(
    library: Path, path: tuple[str | int, ...], key: str, words: str
) -> None:
    file = library / "interventions/classes.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    holder = data
    for part in path:
        holder = holder[part]
    del holder[key]
    file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    done = check(library)
    assert done.code == 1
    assert words in done.said
