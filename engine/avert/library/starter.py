"""Starter files for new evidence: in order as they stand, commented, and without one made-up figure."""

from __future__ import annotations

from pathlib import Path

from avert.errors import AvertError, nearest
from avert.library.records import NEEDED, Intervention, Node, PathwayFile
from avert.library.records.figures import identifier
from avert.library.records.pathways import Edge
from avert.reading import Record, descriptions

FOLDERS = {"intervention": "interventions", "pathway": "pathways"}
TO_DO = "Not looked for yet."
FIGURE = """\
# A figure looks like this; leave out what does not apply.
#   value: 0.76                      on the scale of its place; shares run from 0 to 1
#   interval: [0.70, 0.81]           or no_interval, with the reason why there is none
#   interval_basis: published        or assumed
#   source: key_in_sources_bib       or assumption, with the reason and a wide interval
#   verification: seen               seen, derived (with the sum in note) or recalled
#   seen_in: abstract                where it was read
#   seen_as: abstract                abstract, table, paper, official_page or secondary
# Money also has a unit, such as GBP/participant, and a price_year, such as 2024/25.
"""
GIVEN = {
    "pathway": "all_causes",
    "summary": "What is done, in plain words.",
    "population": "For whom it was studied.",
    "setting": "[home]",
    "delivered_by": "Which professions and organisations give it.",
    "status": "uncertain",
    "funding": "do_not_fund",
    "reason": "Nobody has looked at the evidence yet.",
    "partners": "{pays: [icb], gains: [icb]}",
    "not_found": "\n" + "\n".join(f"  {name}: {TO_DO}" for name in NEEDED),
    "prior": (
        "\n  ratio: 1\n  log_standard_deviation: 0.1\n"
        "  reason: No benefit is expected of anything until somebody looks at the evidence."
    ),
    "nodes": "[]",
}
"""What a starter says in the fields it can't do without."""


def starter(kind: str, name: str) -> str:
    """The text of a starter file for an intervention or a pathway called `name`.

    It loads as it is: whatever a service needs to be bought stands under `not_found`, so nothing can be.
    Every other key of the record follows as a comment with its description.
    Raises AvertError for an unknown kind.
    """
    if kind not in FOLDERS:
        raise AvertError(f"'{kind}' can't be started here.{nearest(kind, FOLDERS)}")
    record: type[Record] = Intervention if kind == "intervention" else PathwayFile
    label = name.replace("_", " ").capitalize()
    given = {"id": name, "label": label, **GIVEN}
    lines = [f"# {label}: a new {kind}. Lines that begin with # are comments: fill in, and take the # away.", "#"]
    lines += [*FIGURE.rstrip().splitlines(), ""]
    for key, described in _keys(record):
        lines += [f"# {text}" for text in described]
        value = given.get(key)
        lines.append(f"# {key}:" if value is None else f"{key}:{value}" if value[0] == "\n" else f"{key}: {value}")
    if kind == "pathway":
        lines += ["", *_items("node", Node), "", *_items("edge", Edge)]
    return "\n".join(lines) + "\n"


def _items(what: str, record: type[Record]) -> list[str]:
    lines = [f"# Each {what} is an item of the list `{what}s` with these keys:"]
    for key, described in _keys(record):
        lines.append(f"#   {key}: {' '.join(described)}".rstrip())
    return lines


def _keys(record: type[Record]) -> list[tuple[str, list[str]]]:
    """Every key of a record as it is written in a file, with the lines of its description."""
    words = descriptions(record)
    return [(field.alias or name, words.get(name, "").splitlines()) for name, field in record.model_fields.items()]


def write_starter(kind: str, name: str, folder: Path) -> Path:
    """Write a starter into a library's folder, and say where.

    Raises AvertError where the name can't be an id, or a file of that name is already there.
    """
    try:
        text = starter(kind, identifier(name))
    except ValueError as error:
        raise AvertError(str(error)) from None
    path = folder / FOLDERS[kind] / f"{name.replace('_', '-')}.yaml"
    if not path.parent.is_dir():
        raise AvertError(f"there is no folder {path.parent}; name the library's folder with --evidence DIR")
    if path.exists():
        raise AvertError(f"{path} is already there, and was left as it is")
    path.write_text(text, encoding="utf-8")
    return path
