"""What must not reach the YAML parser, and what the parser could not read, in an author's words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

MOST_BRACKETS = 50
DEEPEST = 50
"""Levels within levels: several times what any file here has."""
DEEPEST_PARSED = 1_000
"""Brackets that may be open at once when PyYAML begins: many more would end the whole process."""
LONGEST_KEY = 1_000
TOO_DEEP = f"this YAML is nested more than {DEEPEST} levels deep; it can't be meant."
NOT_YAML = "this is not readable as YAML: "
INDENTED = "this line, or the one before it, is indented unlike its neighbours: use two spaces for each level."
_KEPT_SIGNS = {
    "%": "a percent sign", "@": "'@'", "`": "a backtick", "*": "'*'", "&": "'&'", "!": "'!'", "?": "'?'",
    "|": "'|'", ">": "'>'", "]": "']'", "}": "'}'", ",": "a comma",
}  # fmt: skip
"""Signs that YAML keeps for itself at the beginning of a value."""
_VALUE = re.compile(r"\s*(?:- +)*(?:[^\s:#'\"{\[][^:#]*:\s+)?(?P<sign>\S)(?P<rest>.*)")
_SUSPECT = ("\t", "<<<<<<<", "=======", ">>>>>>>", "\u00a0", "\u2007", "\u202f")
"""What stands in a file with a tab, a merge left half done, or an odd space."""
_SPACES = {"\u00a0": "a non-breaking space", "\u2007": "a figure space", "\u202f": "a narrow non-breaking space"}


def not_to_be_parsed(text: str) -> Iterator[tuple[int, str]]:
    """Line and plain words for what must not be parsed: nests without end, tabs, odd spaces, a merge left half done."""
    lines = text.split("\n")
    nested = text.count("[") + text.count("{") > DEEPEST_PARSED
    depth = 0
    for number, line in enumerate(lines, 1):
        if len(line) <= MOST_BRACKETS and not nested:
            continue  # most lines: a short one can't hold so many
        opened = line.count("[") + line.count("{")
        if opened > MOST_BRACKETS:
            yield number, f"more than {MOST_BRACKETS} brackets open on one line of YAML; it can't be meant."
        depth = max(0, depth + opened - line.count("]") - line.count("}"))
        if (nested and depth > DEEPEST_PARSED) or len(re.findall(r"[-?:]\s", line)) > MOST_BRACKETS:
            yield number, TOO_DEEP
    if not any(mark in text for mark in _SUSPECT) and max(map(len, lines)) < LONGEST_KEY:
        return  # most files, and there are many
    for number, line in enumerate(lines, 1):
        if re.match(r" *\t", line):
            yield number, "the line is indented with a tab. YAML only takes spaces: use two for each level."
        if re.match(r"(<{7}|={7}|>{7})( |$)", line.rstrip("\r")):
            yield number, "two versions of this file were put together and not tidied up: keep one, delete this mark."
        yield from ((number, words) for words in _odd_space(line))
        if re.match(rf"\s*[^\s:#]{{{LONGEST_KEY},}}:", line):
            yield number, f"the name before the colon has more than {LONGEST_KEY:,} letters; it can't be meant."


def _odd_space(line: str) -> Iterator[str]:
    """Spaces that look like spaces and are none, where they change what a line says: before it, or about its key."""
    odd = "".join(_SPACES)
    part = re.match(rf"[ {odd}]*(- )?([\w {odd}]+:[ {odd}]?)?", line)
    found = next((name for sign, name in _SPACES.items() if part and sign in part[0]), "")
    if found:
        yield f"{found} stands here where a plain one belongs, as copied from a web page or Word. Type it again."


def unreadable(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """Line and plain words for what the YAML parser could not read."""
    problem = str(getattr(error, "problem", None) or error)
    mark, start = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    if "expected ':'" in problem and start:
        line = start.line + 1  # the parser notices one line late
    lines = text.splitlines()
    within = str(getattr(error, "context", ""))
    for near in (line, line - 1):
        if 0 < near <= len(lines) and re.match(r"\s*(- )?[A-Za-z_]\w*:[^\s/]", lines[near - 1]):
            return near, f"{NOT_YAML}put a space after the colon."
    here = lines[line - 1] if line <= len(lines) else ""
    said = _by_the_look(here, problem)
    if said:
        return line, NOT_YAML + said
    if "end of stream" in problem and start:
        return start.line + 1, f"{NOT_YAML}a quote opened on this line is never closed."
    if ("',' or" in problem or "flow" in within) and start:
        return start.line + 1, f"{NOT_YAML}a bracket opened on this line is never closed."
    if "mapping values" in problem:
        return line, (
            f"{NOT_YAML}indent the line like its neighbours (two spaces a level), "
            "and put quotes round words that hold a colon."
        )
    if "expected ':'" in problem or "block end" in problem or "block mapping" in problem:
        return line, f"{NOT_YAML}a colon is missing, or the line is indented unlike its neighbours."
    if "document start" in problem or "single document" in within + problem:
        return line, f"{NOT_YAML}the file ends before this line ('---' or '...'), and more follows: make it one."
    return line, NOT_YAML + (INDENTED if "expected" in problem else f"{problem}.")


def _by_the_look(line: str, problem: str) -> str:
    """What is wrong with a line by its own look; empty where that can't be told."""
    found = _VALUE.match(line)
    sign, rest = (found["sign"], found["rest"]) if found else ("", "")
    if "cannot start" in problem or "alias" in problem or "anchor" in problem or "mapping keys" in problem:
        if sign in _KEPT_SIGNS:
            return f"the value begins with {_KEPT_SIGNS[sign]}, which YAML keeps for itself: put quotes round it."
        kept = next((one for one in "%@`" if one in line), "")
        return f"put quotes round the words with {_KEPT_SIGNS[kept]}." if kept else ""
    if "expected key" in problem or "block end" in problem or "end of stream" in problem:
        if sign in ("'", '"') and rest.count(sign) > 1:
            other = '"' if sign == "'" else "'"
            return f"the words hold a quote like those round them: put {other} round the whole instead."
        if line.count("}") > line.count("{") or line.count("]") > line.count("["):
            return "a bracket is closed here that was never opened."
    return ""
