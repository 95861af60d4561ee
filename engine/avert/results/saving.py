"""Write a run folder in one step: it is there whole, or the former one is still there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet

from avert.appraisal import combined
from avert.errors import AvertError
from avert.results.columns import COLUMNS
from avert.results.result import Result
from avert.results.workbook import write_workbook

MARK = "manifest.json"


def check_out(out: Path) -> None:
    """Raises AvertError, before any work is done, if `out` can't become a run folder."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise AvertError(f"{out} already exists and is not a run of avert; choose another folder with --out")
    parent = next(folder for folder in (out.parent, *out.parent.parents) if folder.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK):
        raise AvertError(f"nothing can be written in {parent}; choose another folder with --out")


def save(
    result: Result,
    out: Path,
    timings: dict[str, float] | None = None,
    pictures: Mapping[str, str] | None = None,
    answer: Sequence[tuple[str, list[str]]] = (),
    more: Mapping[str, pd.DataFrame] | None = None,
) -> Path:
    """Write the run into `out`, replacing a former run there only once the new one is complete.

    Tables as Parquet and CSV, `workbook.xlsx`, pictures by file name, `manifest.json`, and `timings.json`
    apart because it differs each time.  `more` are declared tables beside those of the result, such as
    `frontier` and `spread`; the manifest names them under "also".  Raises AvertError if `out` is something
    else than a run, or can't be written.
    """
    check_out(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise AvertError(f"{out} can't be written: {error.strerror}; choose another folder with --out") from error
    try:
        _write(result, fresh, timings or {}, answer, more or {})
        for name, svg in (pictures or {}).items():
            (fresh / name).write_text(svg, encoding="utf-8")
        fresh.chmod(0o755)
        with _unbroken():
            _swap(fresh, out)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else error  # libraries put more words around it
        raise AvertError(f"{out} can't be written: {why}; the former run is as it was") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return out


def _swap(fresh: Path, out: Path) -> None:
    """Put the new run in place of the former one; whatever breaks in, one whole run stands at `out`."""
    former = fresh.with_name(fresh.name + "-former")
    try:
        if out.exists():
            out.rename(former)
        fresh.rename(out)
    finally:
        if former.exists() and not out.exists():
            former.rename(out)
        shutil.rmtree(former, ignore_errors=True)


@contextmanager
def _unbroken() -> Iterator[None]:
    """Hold back Ctrl-C for the moment in which runs change places."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


def _write(
    result: Result,
    folder: Path,
    timings: dict[str, float],
    answer: Sequence[tuple[str, list[str]]],
    more: Mapping[str, pd.DataFrame],
) -> None:
    for name, table in {**result.tables, **more}.items():
        arrow = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
        fields = [field.with_metadata({"description": COLUMNS[name][field.name]}) for field in arrow.schema]
        parquet.write_table(arrow.cast(pa.schema(fields)), folder / f"{name}.parquet")
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    write_workbook(result, folder / "workbook.xlsx", answer)
    also = {name: _facts(name, table, result) for name, table in more.items()}
    _json(folder / MARK, result.manifest | ({"also": also} if also else {}))
    _json(folder / "timings.json", {stage: round(seconds, 4) for stage, seconds in timings.items()})


def _facts(name: str, table: pd.DataFrame, result: Result) -> dict[str, Any]:
    """What a reader of the manifest needs to know of a further table."""
    facts: dict[str, Any] = {"rows": len(table)}
    if name == "moves" and len(table):
        facts |= {"gain": float(table["gain"].sum())}
    if name == "frontier":
        budgets = table["budget"]
        facts |= {"points": len(table), "steps": bool(table["steps"].any()), "largest_gap": float(table["gap"].max())}
        facts |= {"from": float(budgets.min()), "to": float(budgets.max())}
    if name == "spread":
        facts["admissions_averted"] = round(result.admissions_averted, 6)
        facts["low"], facts["high"] = (round(one, 6) for one in combined(table, result.admissions_averted))
    return facts


def _json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
