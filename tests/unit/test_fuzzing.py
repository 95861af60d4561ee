"""Whatever is written in a file, the readers load it or refuse it in words: thousands of files damaged at random."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from test_bad_input import assert_refused, good_world

from avert.errors import AvertError, EvidenceError, FaultCollector
from avert.library import Library, load_library
from avert.library.records import (
    EVIDENCE_FILES,
    Intervention,
    Joint,
    PathwayFile,
    Plausibility,
    PopulationDefaults,
    PriceIndex,
    RiskFactorFile,
    UnitCosts,
)
from avert.packages import county_of
from avert.pathway import pathway_graph
from avert.plan import AreaFile, Plan, load_plan
from avert.reading import Record, read_yaml, record_from
from damage import ODD_CHARACTERS, ODD_SCALARS, ODD_VALUES, damaged_data, damaged_lines, refused_in_words, written

ROOT = Path(__file__).parents[2]
TRIES = {
    "texts": 1200,
    "structures": 1000,
    "records": 2200,
    "nested": 150,
    "libraries": 160,
    "plans": 700,
    "counties": 40,
}
"""How often each test tries: more than 5,000 in all, the same each time."""
SOME_SERVICES = ("strength-and-balance", "tai-chi", "pharmacist-bp-optimisation", "rsv-vaccination-outreach",
                 "cranberry-care-homes", "stop-smoking-service")  # fmt: skip
KINDS: dict[str, type[Record]] = {
    "interventions": Intervention, "pathways": PathwayFile, "risk_factors": RiskFactorFile,
    "unit_costs.yaml": UnitCosts, "price_index.yaml": PriceIndex, "joint.yaml": Joint,
    "plausibility.yaml": Plausibility, "population.yaml": PopulationDefaults,
    "plan.yaml": Plan, "somerset-area.yaml": AreaFile,
}  # fmt: skip
PLAN = """\
label: A plan
area: somerset
years: 2026/27 to 2027/28
money: {icb: £1.2m a year, public_health: {2026/27: £600k, 2027/28: 1000}}
pathways: [falls, stroke]
may_pay: {icb: all, public_health: [strength_and_balance, tai_chi]}
split: {tai_chi: {icb: 40%, public_health: 60%}}
today: {strength_and_balance: 1,900 people a year}
limits: {strength_and_balance: 4,000 places a year, tai_chi: 300}
fairness:
  each_place_at_least: 60% of its head share
  minimum: [{most_deprived: 2, spend: £10k}]
ramp_up: {tai_chi: {first_year: 100, growth: 50%}}
lumpy: {tai_chi: {start_up: £3k, smallest: 10, all_or_nothing: true}}
carry_over: icb
largest_package: 2
illustrative: [money]
"""
TRIED: Counter[str] = Counter()


def tries(what: str) -> settings:
    """Settings of one test: so many tries, the same each time, and no clock."""
    return settings(
        max_examples=TRIES[what], deadline=None, derandomize=True, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


@dataclass(frozen=True)
class Files:
    """Real files on disk, their texts, and what they hold."""

    folder: Path
    texts: dict[Path, str]
    data: dict[Path, Any]

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence"

    @property
    def plan(self) -> Path:
        return self.folder / "plans" / "plan.yaml"


def files_in(folder: Path) -> Files:
    """All YAML, BibTeX and CSV files below a folder."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".bib", ".csv"))
    data = {}
    for path in paths:
        document = read_yaml(path, FaultCollector(EvidenceError)) if path.suffix == ".yaml" else None
        data[path] = document.data if document else None
    return Files(folder, {path: path.read_text(encoding="utf-8") for path in paths}, data)


def copy_of_somerset(folder: Path) -> None:
    """The example plan with its area and tables, in a folder of their own."""
    folder.mkdir()
    for name in ("somerset.yaml", "somerset-area.yaml", "somerset-population.csv", "somerset-rates.csv"):
        shutil.copy(ROOT / "plans" / name, folder)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A copy of the whole library and of Somerset's plan."""
    folder = tmp_path_factory.mktemp("real")
    shutil.copytree(ROOT / "evidence", folder / "evidence")
    copy_of_somerset(folder / "plans")
    (folder / "plans/somerset.yaml").rename(folder / "plans/plan.yaml")
    return files_in(folder)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A folder of real evidence small enough to be read some hundreds of times, with a plan that says a lot."""
    folder = tmp_path_factory.mktemp("small")
    copy_of_somerset(folder / "plans")
    (folder / "plans/somerset.yaml").unlink()
    (folder / "plans/plan.yaml").write_text(PLAN, encoding="utf-8")
    evidence = folder / "evidence"
    for name in ("pathways", "costs"):
        shutil.copytree(ROOT / "evidence" / name, evidence / name)
    for name in ("joint.yaml", "plausibility.yaml", "population.yaml"):
        shutil.copy(ROOT / "evidence" / name, evidence / name)
    (evidence / "interventions").mkdir()
    for name in SOME_SERVICES:
        shutil.copy(ROOT / "evidence/interventions" / f"{name}.yaml", evidence / "interventions")
    said = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.*"))
    entries = [
        entry
        for path in sorted((ROOT / "evidence").glob("*.bib"))
        for entry in re.split(r"(?m)^(?=@)", path.read_text(encoding="utf-8"))
        if (key := re.match(r"@\w+\{([^,]+),", entry)) and re.search(rf"\b{re.escape(key[1])}\b", said)
    ]
    (evidence / "sources.bib").write_text("".join(entries), encoding="utf-8")
    return files_in(folder)


@pytest.fixture(scope="module")
def library(small: Files) -> Library:
    return load_library(small.evidence)


def kind_of(path: Path) -> type[Record]:
    """What a file should hold."""
    return KINDS.get(path.name) or KINDS[path.parent.name]


def judged(what: str, error: AvertError) -> None:
    """An error is allowed if it reads as words."""
    TRIED[f"{what}: refused"] += 1
    wrong = refused_in_words(error)
    assert not wrong, wrong


def read_as(kind: type[Record], path: Path, what: str) -> None:
    """Read one file as a record of a kind: it is one, or every fault is said in words."""
    TRIED[what] += 1
    faults = FaultCollector(EvidenceError)
    document = read_yaml(path, faults, shown_as=f"evidence/{path.name}")
    record = record_from(kind, document, faults) if document else None
    assert (record is None) == bool(faults.faults)
    try:
        faults.raise_if_any()
    except AvertError as error:
        judged(what, error)


@cache
def words_of_the_trade() -> st.SearchStrategy[str]:
    """Keys that mean something somewhere, and a few that mean nothing."""
    known = {field.alias or key for kind in KINDS.values() for key, field in kind.model_fields.items()}
    return st.sampled_from(sorted(known | {"value", "interval", "verification", "source", "65-74", "x", "two words"}))


def structures() -> st.SearchStrategy[Any]:
    """Mappings of known keys onto anything."""
    leaves = st.sampled_from(ODD_VALUES) | st.integers() | st.floats() | st.text(max_size=8) | words_of_the_trade()
    below = st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words_of_the_trade(), inner, max_size=4),
        max_leaves=8,
    )
    return st.dictionaries(words_of_the_trade(), below, min_size=1, max_size=6)


TEXTS = st.text(max_size=60) | st.lists(
    st.sampled_from([*ODD_SCALARS, *ODD_CHARACTERS, *"[]{}:,-?|>&*!#'\"", "\n", "\n  ", "id: ", "nodes:\n- "]),
    max_size=14,
).map("".join)  # fmt: skip


@tries("texts")
@given(text=TEXTS, kind=st.sampled_from(list(KINDS.values())))
def test_any_text_is_read_or_refused_in_words(text: str, kind: type[Record], tmp_path_factory: Any) -> None:
    path = scratch(tmp_path_factory)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    read_as(kind, path, "texts")


@tries("structures")
@given(data=structures(), kind=st.sampled_from(list(KINDS.values())))
def test_any_structure_is_read_or_refused_in_words(data: Any, kind: type[Record], tmp_path_factory: Any) -> None:
    path = scratch(tmp_path_factory)
    path.write_text(written(data), encoding="utf-8")
    read_as(kind, path, "structures")


def scratch(factory: pytest.TempPathFactory) -> Path:
    """One file to write to, again and again."""
    return factory.getbasetemp() / "scratch.yaml"


def damaged(files: Files, path: Path, seed: int, *, deep: bool = False) -> str:
    """A file's text with something wrong with it."""
    draw = random.Random(seed)
    if files.data[path] is not None and not deep and draw.random() < 0.5:
        return damaged_data(files.data[path], draw)
    return damaged_lines(files.texts[path], draw, deep=deep)


def one_of(paths: list[Path], seed: int) -> Path:
    return paths[seed % len(paths)]


SEEDS = st.integers(0, 2**40)


@tries("records")
@given(seed=SEEDS)
def test_a_damaged_record_is_read_or_refused_in_words(real: Files, seed: int, tmp_path_factory: Any) -> None:
    paths = [path for path in real.texts if path.suffix == ".yaml" and path.parent.name != "risk_factors"]
    few = [path for path in paths if path.parent.name != "interventions"]
    large = [path for path in real.texts if path.parent.name == "risk_factors"]
    path = one_of(large if seed % 40 == 0 else few if seed % 4 == 0 else paths, seed // 40)
    text = damaged(real, path, seed)
    note(f"{path.name}:\n{text}")
    copy = scratch(tmp_path_factory)
    copy.write_bytes(text.encode("utf-8", "surrogatepass"))
    read_as(kind_of(path), copy, "records")


@tries("nested")
@given(seed=SEEDS)
def test_nesting_without_end_is_refused_in_words(real: Files, seed: int, tmp_path_factory: Any) -> None:
    path = one_of([path for path in real.texts if path.parent.name == "interventions"], seed)
    copy = scratch(tmp_path_factory)
    copy.write_text(damaged(real, path, seed, deep=True), encoding="utf-8")
    read_as(Intervention, copy, "nested")


def damaged_on_disk(files: Files, path: Path, seed: int) -> Iterator[None]:
    """A file damaged in its folder while the test looks at it."""
    text = damaged(files, path, seed)
    note(f"{path.name}:\n{text}")
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        yield
    finally:
        path.write_text(files.texts[path], encoding="utf-8")


@tries("libraries")
@given(seed=SEEDS)
def test_a_library_with_a_damaged_file_is_loaded_or_refused_in_words(small: Files, seed: int) -> None:
    TRIED["libraries"] += 1
    path = one_of([path for path in small.texts if path.is_relative_to(small.evidence)], seed)
    for _ in damaged_on_disk(small, path, seed):
        try:
            pathway_graph(load_library(small.evidence))
        except EvidenceError as error:
            judged("libraries", error)


@tries("plans")
@given(seed=SEEDS)
def test_a_damaged_plan_or_area_is_loaded_or_refused_in_words(small: Files, library: Library, seed: int) -> None:
    TRIED["plans"] += 1
    path = one_of([path for path in small.texts if path.parent == small.plan.parent], seed)
    for _ in damaged_on_disk(small, path, seed):
        try:
            load_plan(small.plan, library)
        except AvertError as error:
            judged("plans", error)


@tries("counties")
@given(seed=SEEDS)
def test_what_is_loaded_makes_a_county_or_is_refused_in_words(small: Files, seed: int) -> None:
    """Whichever file is damaged: what was not found out before is found out when people and rates meet."""
    TRIED["counties"] += 1
    path = one_of(list(small.texts), seed)
    for _ in damaged_on_disk(small, path, seed):
        try:
            opened = load_library(small.evidence)
            pathway_graph(opened)
            county_of(load_plan(small.plan, opened))
        except AvertError as error:
            judged("counties", error)


FOUND: dict[str, tuple[str, str, str, str]] = {
    "brackets over many lines": ("evidence/joint.yaml", "odds_ratios: []", "x:\n" + "  [\n" * 200_000, "nested"),
    "dashes on one line": ("evidence/joint.yaml", "odds_ratios: []", "x:\n  " + "- " * 300_000, "nested"),
    "stairs": ("evidence/joint.yaml", "id: joint", "\n".join(" " * n + "x:" for n in range(400)), "nested"),
    "a name without end": ("plan.yaml", "area: area", f"area: {'x' * 300}", "no file"),
    "money without end": ("plan.yaml", "council: £120k a year", f"council: £{'9' * 400}", "larger"),
    "a cell without end": ("population.csv", "north,65-74", f"{'x' * 200_000},65-74", "CSV"),
    "a cell over several lines": ("population.csv", "north,65-74", '"north\n",65-74', "several lines"),
    "a control character": ("plan.yaml", "label: A plan", "label: A \x07 plan", "control character"),
    "a control character written out": ("plan.yaml", "label: A plan", 'label: "A \\e plan"', "control character"),
    "a key on two lines": ("plan.yaml", "label: A plan", '"a\\nb": 1', "one line"),
    "a number next to nothing": ("plan.yaml", "label: A plan", "realism: 1e-320", "closer to 0"),
}


@pytest.mark.parametrize(("file", "old", "new", "says"), FOUND.values(), ids=FOUND)
def test_what_earlier_tries_found_is_refused_in_words(tmp_path: Path, file: str, old: str, new: str, says: str) -> None:
    """Each of these once ended in a traceback, an endless number, words on two lines, or the end of the process."""
    world = good_world(tmp_path)
    world.change(file, old, new)
    done = world.run()
    assert_refused(world, done)
    assert says in done.said
    assert all(re.match(r".*\w: ", line) for line in done.said.splitlines())


@pytest.mark.parametrize("band", ["65-74", "75-84", "85+"])
def test_every_age_needs_its_figure(tmp_path: Path, band: str) -> None:
    world = good_world(tmp_path)
    path = tmp_path / "evidence/pathways/main.yaml"
    data = read_yaml(path, FaultCollector(EvidenceError))
    assert data
    del data.data["nodes"][0]["england_rate"][band]
    path.write_text(written(data.data), encoding="utf-8")
    done = world.run()
    assert_refused(world, done)
    assert f"there is no figure for {band}" in done.said


def test_the_undamaged_files_are_in_order(small: Files, real: Files) -> None:
    """Otherwise every refusal above would be for another reason."""
    for files in (small, real):
        load_plan(files.plan, load_library(files.evidence))


def test_the_tries_were_enough_and_of_both_kinds() -> None:
    """More than 5,000 when the whole module runs; damaged real files are neither all refused nor all let pass."""
    assert sum(TRIES.values()) >= 5000
    for what in TRIES:
        if TRIED[what] and what in ("records", "libraries", "plans", "counties"):
            assert 0 < TRIED[f"{what}: refused"] < TRIED[what], (what, TRIED)


def test_every_kind_of_evidence_file_is_tried() -> None:
    assert set(EVIDENCE_FILES.values()) <= set(KINDS.values())
