"""Strict YAML to plain data, with the line of every value kept.

PyYAML parses; this module only decides what is allowed: no duplicate keys, no aliases (so no
bombs), no `yes`/`no`/`on`/`off`/`y`/`n` taken for true and false, no tabs, no huge or deep files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from avert.errors import FaultCollector

LARGEST_FILE = 2_000_000  # bytes: forty times the largest evidence file
MOST_BRACKETS = 50
DEEPEST = 50
"""Levels within levels: several times what any file here has."""
DEEPEST_PARSED = 1_000
"""Brackets that may be open at once when PyYAML begins: many more would end the whole process."""
LONGEST_NUMBER = 40
LARGEST_NUMBER, SMALLEST_NUMBER = 1e15, 1e-12
_NUMBER = re.compile(r"[-+]?(0|[1-9]\d*|(?=\.\d))(\.\d*)?([eE][-+]?\d+)?")
_DOTTED = re.compile(r"[1-9]\d{0,2}\.\d\d0")
_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_LOOKS_BOOLEAN = {"y", "n", "yes", "no", "on", "off"}
_CONTROL = "the line holds a control character, which can't be seen. Write the line out again."
_TOO_DEEP = f"this YAML is nested more than {DEEPEST} levels deep; it can't be meant."
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path_ = tuple[str | int, ...]


@dataclass
class Document:
    """Plain data read from one file, and the line (from 1) on which each value stands."""

    file: str
    data: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    dotted: dict[Path_, str] = field(default_factory=dict)
    """Numbers that end in a nought three digits behind a dot, as in 4.000: the dot may be for thousands."""

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


def read_yaml(path: Path, faults: FaultCollector, *, shown_as: str | None = None) -> Document | None:
    """The document in `path`, or None with the faults collected.  The top level must be a mapping."""
    name = shown_as or str(path)
    text = read_text(path, faults, name)
    if text is None:
        return None
    for line, message in _not_to_be_parsed(text):
        faults.add(name, line, message)
        return None
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        faults.add(name, *_unreadable(error, text))
        return None
    if root is None:
        faults.add(name, 1, "the file is empty.")
        return None
    document = Document(name)
    before = len(faults.faults)
    document.data = _Plain(document, faults).convert(root, ())
    if not isinstance(document.data, dict):
        faults.add(name, 1, "the file should be a list of `key: value` lines, and is not.")
    return document if len(faults.faults) == before else None


def _not_to_be_parsed(text: str) -> Iterator[tuple[int, str]]:
    """Line and plain words for what must not reach the YAML parser: nests without end, and tabs."""
    depth = 0
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        opened = line.count("[") + line.count("{")
        if opened > MOST_BRACKETS:
            yield number, f"more than {MOST_BRACKETS} brackets open on one line of YAML; it can't be meant."
        depth = max(0, depth + opened - line.count("]") - line.count("}"))
        long = len(line) > MOST_BRACKETS  # a short line can't hold so many
        if depth > DEEPEST_PARSED or (long and len(re.findall(r"[-?:]\s", line)) > MOST_BRACKETS):
            yield number, _TOO_DEEP
    for number, line in enumerate(lines if "\t" in text else (), 1):
        if re.match(r" *\t", line):
            yield number, "the line is indented with a tab. YAML only takes spaces: use two for each level."


def _unreadable(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """Line and plain words for what the YAML parser could not read."""
    problem = str(getattr(error, "problem", None) or error)
    mark, start = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    for near in (line, line - 1):
        if 0 < near <= len(lines) and re.match(r"\s*(- )?[A-Za-z_]\w*:[^\s/]", lines[near - 1]):
            return near, "this is not readable as YAML: put a space after the colon."
    if "end of stream" in problem and start:
        return start.line + 1, "this is not readable as YAML: a quote opened on this line is never closed."
    if ("',' or" in problem or "flow" in str(getattr(error, "context", ""))) and start:
        return start.line + 1, "this is not readable as YAML: a bracket opened on this line is never closed."
    if "mapping values" in problem:
        return line, (
            "this is not readable as YAML: indent the line like its neighbours (two spaces a level), "
            "and put quotes round words that hold a colon."
        )
    if "expected ':'" in problem or "block end" in problem or "block mapping" in problem:
        return line, "this is not readable as YAML: a colon is missing, or the line is indented unlike its neighbours."
    return line, f"this is not readable as YAML: {problem}."


def is_file(path: Path) -> bool:
    """Whether there is such a file; no where the system can't even look for it, as with endless names."""
    try:
        return path.is_file()
    except OSError:
        return False


def read_text(path: Path, faults: FaultCollector, name: str) -> str | None:
    """The text of a file of sensible size in UTF-8, or None with the fault collected."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            faults.add(name, 0, f"the file is larger than {LARGEST_FILE // 1_000_000} MB; it can't be meant.")
            return None
        text = path.read_text(encoding="utf-8-sig")
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
            return text
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
            self._fault(line, _TOO_DEEP)
            return None
        if id(node) in self.seen:
            self._fault(line, "anchors and aliases (& and *) are not used here. Write the lines out.")
            return None
        self.seen[id(node)] = node  # kept, so that no other node gets its number
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
            key = key_node.value
            if "\n" in key or _UNSEEN.search(key):
                self._fault(line, "a key must be on one line, in letters that can be seen.")
                continue
            if key in first_line:
                self._fault(line, f"the key '{key}' stands here a second time; first on line {first_line[key]}.")
                continue
            first_line[key] = line
            result[key] = self.convert(value_node, (*path, key))
            self.document.lines[(*path, key)] = line
        return result

    def _scalar(self, node: yaml.Node, path: Path_, line: int) -> Any:
        text: str = node.value
        if _UNSEEN.search(text):
            self._fault(line, _CONTROL)
            return None
        if getattr(node, "style", None) in ("'", '"', "|", ">"):
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
            return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)
        return text

    def _fault(self, line: int, message: str) -> None:
        self.faults.add(self.document.file, line, message)


def _thousands_joined(pairs: list[tuple[yaml.Node, yaml.Node]]) -> list[tuple[yaml.Node, yaml.Node]]:
    """Pairs of a mapping in which `{places: 4,000 a year}` is one number, as its author means it.

    Between braces YAML ends a value at the comma and takes '000 a year' for a key without a value.
    The two are joined only where that can be the sole reading: no space at the comma, one to three
    digits before it and three after.
    """
    joined: list[tuple[yaml.Node, yaml.Node]] = []
    for key, value in pairs:
        last = joined[-1][1] if joined else None
        touching = isinstance(last, yaml.ScalarNode) and key.start_mark.index == last.end_mark.index + 1
        if touching and value.value == "" and re.match(r"\d{3}(?!\d)", str(key.value)):
            assert last is not None
            if re.fullmatch(r"£?\d{1,3}(,\d{3})*", str(last.value)):
                whole = yaml.ScalarNode(
                    "tag:yaml.org,2002:str", f"{last.value},{key.value}", last.start_mark, key.end_mark
                )
                joined[-1] = (joined[-1][0], whole)
                continue
        joined.append((key, value))
    return joined
