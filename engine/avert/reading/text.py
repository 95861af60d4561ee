"""Strict YAML to plain data, with the line of every value kept.

PyYAML parses; this module only decides what is allowed: no duplicate keys, no aliases (so no
bombs), no `yes`/`no`/`on`/`off`/`y`/`n` taken for true and false, no tabs, no huge or deep files.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from avert.errors import FaultCollector
from avert.reading.unreadable import DEEPEST, TOO_DEEP, not_to_be_parsed, unreadable

LARGEST_FILE = 2_000_000  # bytes: forty times the largest evidence file
LONGEST_NUMBER = 40
LARGEST_NUMBER, SMALLEST_NUMBER = 1e15, 1e-12
_NUMBER = re.compile(r"[-+]?(0|[1-9]\d*|(?=\.\d))(\.\d*)?([eE][-+]?\d+)?")
_WHOLE = re.compile(r"[-+]?\d+")
_DOTTED = re.compile(r"[1-9]\d{0,2}\.\d\d0")
_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\u2060\ufeff\ufffe\uffff]")
_NO_SPACE = re.compile(r"\w+:\S")
_LOOKS_BOOLEAN = {"y", "n", "yes", "no", "on", "off"}
_CONTROL = "the line holds a control character, or another that can't be seen. Write the line out again."
_UNMARKED = "tag:yaml.org,2002:str"
_PLAIN = {
    f"tag:yaml.org,2002:{one}"
    for one in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq", "value", "merge")
}
"""Marks that say no more than what a value may be without any."""
Path_ = tuple[str | int, ...]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Parses, and does not guess what a value is meant to be: that is decided below."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: tuple[bool, bool]) -> str:
        return _UNMARKED


@dataclass
class Document:
    """Plain data read from one file, and the line (from 1) on which each value stands."""

    file: str
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    dotted: dict[Path_, str] = field(default_factory=dict)
    """Numbers that end in a nought three digits behind a dot, as in 4.000: the dot may be for thousands."""
    sha256: str = ""
    """Of the file's bytes."""

    def line(self, path: Sequence[str | int]) -> int:
        """Line of the value at `path`, or of the nearest value above it that stands in the file."""
        return self.lines.get(self.written(path), 1)

    def written(self, path: Sequence[str | int]) -> Path_:
        """The parts of `path` that stand in the file; those a reader put in between are passed over."""
        found: Path_ = ()
        for part in path:
            if (*found, part) in self.lines:
                found = (*found, part)
        return found


def read_yaml(
    path: Path, faults: FaultCollector, *, shown_as: str | None = None, despite_faults: bool = False
) -> Document | None:
    """The document in `path`, or None with the faults collected.  The top level must be a mapping.

    `despite_faults` gives what could be read beside single lines that could not, to look for further faults in.
    """
    name = shown_as or str(path)
    file = read_file(path, faults, name)
    if file is None:
        return None
    text = file.text
    found = dict(reversed([(message, line) for line, message in not_to_be_parsed(text)]))
    for message, line in found.items():
        faults.add(name, line, message)
    if found:
        return None
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        faults.add(name, *unreadable(error, text))
        return None
    if root is None:
        faults.add(name, 1, "the file is empty.")
        return None
    document = Document(name, sha256=file.sha256)
    before = len(faults.faults)
    document.data = _Plain(document, faults).convert(root, ())
    if not isinstance(document.data, dict):
        faults.add(name, 1, "the file should be a list of `key: value` lines, and is not.")
        return None
    return document if despite_faults or len(faults.faults) == before else None


def is_file(path: Path) -> bool:
    """Whether there is such a file; no where the system can't even look for it, as with endless names."""
    try:
        return path.is_file()
    except OSError:
        return False


@dataclass(frozen=True)
class TextFile:
    """A file's text, its lines ended alike, and the hash of its bytes."""

    text: str
    sha256: str


def read_file(path: Path, faults: FaultCollector, name: str) -> TextFile | None:
    """A file of sensible size in UTF-8, or None with the fault collected."""
    try:
        with path.open("rb", buffering=0) as file:
            written = file.readall() if os.fstat(file.fileno()).st_size <= LARGEST_FILE else None
        if written is None:
            faults.add(name, 0, f"the file is larger than {LARGEST_FILE // 1_000_000} MB; it can't be meant.")
            return None
        text = written.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        faults.add(name, 0, f"the file can't be read: {error.strerror}.")
    except UnicodeDecodeError:
        faults.add(
            name,
            0,
            "the file is not in UTF-8. Save it again with that encoding; for a table, Excel calls it 'CSV UTF-8'.",
        )
    else:
        unseen = _UNSEEN.search(text)
        if unseen is None:
            return TextFile(text, hashlib.sha256(written).hexdigest())
        faults.add(name, text.count("\n", 0, unseen.start()) + 1, _CONTROL)
    return None


class _Plain:
    """Turns PyYAML nodes into dicts, lists, strings, numbers, booleans and None."""

    def __init__(self, document: Document, faults: FaultCollector) -> None:
        self.document, self.faults = document, faults
        self.seen: dict[int, yaml.Node] = {}

    def convert(self, node: yaml.Node, path: Path_) -> Any:
        line = node.start_mark.line + 1
        self.document.lines[path] = line
        if len(path) > DEEPEST:
            self._fault(line, TOO_DEEP)
            return None
        if id(node) in self.seen:
            self._fault(line, "anchors and aliases (& and *) are not used here. Write the lines out.")
            return None
        self.seen[id(node)] = node  # kept, so that no other node gets its number
        if node.tag not in _PLAIN:
            self._fault(line, "tags (words that begin with '!') are not used here. Put quotes round the words.")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.convert(child, (*path, n)) for n, child in enumerate(node.value)]
        return self._scalar(node, path, line)

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        first_line: dict[str, int] = {}
        for key_node, value_node in _thousands_joined(node.value):
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault(line, "a key must be one word.")
                continue
            key, below = key_node.value, (*path, key_node.value)
            wrong = "" if key.isidentifier() else _not_a_key(key, value_node)
            if key in first_line:
                wrong = wrong or f"the key '{key}' stands here a second time; first on line {first_line[key]}."
            if wrong:
                self._fault(line, wrong)
                continue
            first_line[key] = line
            result[key] = self.convert(value_node, below)
            self.document.lines[below] = line
        return result

    def _scalar(self, node: yaml.Node, path: Path_, line: int) -> Any:
        text: str = node.value
        style = getattr(node, "style", None)
        if style == '"' and _UNSEEN.search(text):  # as an escape: written out it would not have come so far
            self._fault(line, _CONTROL)
            return None
        if style in ("'", '"', "|", ">"):
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if text.casefold() in _LOOKS_BOOLEAN or text in ("True", "False", "TRUE", "FALSE"):
            self._fault(line, f"'{text}' could mean several things. Write true or false, or put quotes round it.")
            return None
        if _NUMBER.fullmatch(text):
            if len(text) > LONGEST_NUMBER or abs(float(text)) > LARGEST_NUMBER:
                self._fault(line, f"'{text[:20]}…' is a number larger or longer than anything here can be.")
                return None
            if 0 < abs(float(text)) < SMALLEST_NUMBER:
                self._fault(line, f"'{text}' is a number closer to 0 than anything here can be.")
                return None
            if _DOTTED.fullmatch(text):
                self.document.dotted[path] = text
            return int(text) if _WHOLE.fullmatch(text) else float(text)
        return text

    def _fault(self, line: int, message: str) -> None:
        self.faults.add(self.document.file, line, message)


def _not_a_key(key: str, value: yaml.Node) -> str:
    """What is wrong with a key; empty where it can stand."""
    if "\n" in key or _UNSEEN.search(key):
        return "a key must be on one line, in letters that can be seen."
    if _NO_SPACE.match(key) and value.value == "":
        return f"put a space after the colon in '{key}'."
    return ""


def _thousands_joined(pairs: list[tuple[yaml.Node, yaml.Node]]) -> list[tuple[yaml.Node, yaml.Node]]:
    """Pairs of a mapping in which `{places: 4,000 a year}` is one number, as its author means it.

    Between braces YAML ends a value at the comma and takes '000 a year' for a key without a value.
    The two are joined where that can be the sole reading, no space at the comma, one to three digits before
    it and three after; and where it is a slip, as in £500,00, so that the amount is refused as it is written.
    """
    if all(value.value != "" for _, value in pairs):
        return pairs
    joined: list[tuple[yaml.Node, yaml.Node]] = []
    for key, value in pairs:
        last = joined[-1][1] if joined else None
        touching = isinstance(last, yaml.ScalarNode) and key.start_mark.index == last.end_mark.index + 1
        if touching and value.value == "" and re.match(r"\d{1,3}(?!\d)", str(key.value)):
            assert last is not None
            if re.fullmatch(r"£?\d{1,3}(,\d{3})*", str(last.value)):
                whole = yaml.ScalarNode(
                    "tag:yaml.org,2002:str", f"{last.value},{key.value}", last.start_mark, key.end_mark
                )
                joined[-1] = (joined[-1][0], whole)
                continue
        joined.append((key, value))
    return joined
