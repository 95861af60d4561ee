"""Damage done to files on purpose, and what must hold of every refusal: for tests that fuzz the readers."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any
from unicodedata import category

import yaml

from avert.errors import AvertError, FaultsFound

ODD_SCALARS = (
    *[
        "nan",
        ".nan",
        ".inf",
        "-.inf",
        "1e999",
        "1e15",
        "-1e15",
        "1e-320",
        "-1",
        "-0.0",
        "0",
        "0.5",
        "1",
        "2",
        "65",
        "1e6",
        "12:30",
        "0x1f",
        "0o17",
        "1_000",
        "+.5",
        "1.",
        "~",
    ],
    *[
        "true",
        "false",
        "yes",
        "Off",
        "True",
        "null",
        "2026-01-01",
        "2026/27",
        "2026-01-01T10:00:00Z",
        "all",
        "a.b",
        "../x",
        "/etc/hosts",
        "x__y",
        "Ünïcode",
    ],
    *("", "''", '""', "' '", "[]", "{}", "[[]]", "[{}]", "{a: 1}", "{a: {b: c}}", "[1, 2]", "[a, 1, null]"),
    *("&x 1", "*x", "!!python/object:os.system x", "!!binary x", "!odd {}", "<<", "? x", "- x", "|", ">-", "%", "@x"),
    *("`x`", "[1, 2", "{a: 1", "'open", '"open', "a: b", "#", "£1,000 a year", "100%", "4,000 places a year", "£-5"),
    *('"two\\nlines"', '"\\e[31mred"', '"nul\\0"', '"\\u2028"', "\u202ebackwards", "💥", "x" * 300, "9" * 50),
    *("£" + "9" * 400, "9" * 400 + " people a year", "9" * 400 + "%", "1" + "0" * 14, "0.99999999999999999"),
)
"""What a value may be replaced by, as it is written in a file."""
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 0.5, -0.5, 1.5, 65, 100, 1e15, -1e15, 1e-300, 1e-9, 1e6, 1e9, 10**20),
    *("", " ", "x", "falls", "fall", "all", "all causes", "two\nlines", "nul\0", "nan", "1e5", "2026/27", "x" * 300),
    *([], {}, [[]], [{}], {"value": 1}, {"a": {"b": {}}}, [0, 1], [1, 0], ["x"], ["x", "x"], [None], {"": ""}),
    *({"two\nlines": 1}, {"65-74": 1}, {"all ages": {"value": 1}}, {"source": {"value": 1}}, [[1, 2], [3]]),
)
"""What a value may be replaced by, as data."""
ODD_CHARACTERS = "\t\r\0\x07\x1b\x0b\x0c\x85\u2028\ufeff\u200b\u202e💥é:,#&*!|>'\"%@`{}[]-?"
NOT_WORDS = re.compile(
    r"Traceback|pydantic|\bNone(Type)?\b|\b(Record|Figure|Effect|Node|Edge|Words|Misplaced|Dictionary|Tuple|\w+Error)\b"
    r"|\w\[|<class|object at 0x|__|Value error|validation"
)
A_LINE = re.compile(r"(?:/?(?:[\w .-]+/)*[\w.-]+)(?::\d+)?: \S.*\S")

Draw = random.Random


def refused_in_words(error: AvertError) -> str:
    """What is wrong with how an error is said; empty if every line names a file and reads as words."""
    for line in str(error).split("\n") if isinstance(error, FaultsFound) else []:
        if not A_LINE.fullmatch(line):
            return f"not 'file:line: words': {line!r}"
    said = re.sub(r"(?<![a-z])'.*?'(?![a-z])", "''", str(error))  # what the author wrote is quoted, and may be anything
    found = NOT_WORDS.search(said)
    if found:
        return f"'{found[0]}' is no plain word: {error}"
    odd = [c for c in str(error) if category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in "\n\u202e\u200b\ufeff"]
    return f"{odd[0]!r} in {str(error)!r}" if odd else ""


def _line(lines: list[str], draw: Draw) -> int:
    return draw.randrange(len(lines))


def lines_deleted(lines: list[str], draw: Draw) -> None:
    start = _line(lines, draw)
    del lines[start : start + draw.choice((1, 1, 1, 2, 5, 40))]


def lines_doubled(lines: list[str], draw: Draw) -> None:
    start = _line(lines, draw)
    lines[start:start] = lines[start : start + draw.choice((1, 1, 3, 10, 40))]


def lines_swapped(lines: list[str], draw: Draw) -> None:
    one, other = _line(lines, draw), _line(lines, draw)
    lines[one], lines[other] = lines[other], lines[one]


def lines_indented(lines: list[str], draw: Draw) -> None:
    start, by = _line(lines, draw), draw.choice((-4, -2, -1, 1, 2, 4))
    for number in range(start, min(len(lines), start + draw.choice((1, 1, 2, 8)))):
        lines[number] = lines[number][-by:] if by < 0 else " " * by + lines[number]


def tab_put_in(lines: list[str], draw: Draw) -> None:
    number = _line(lines, draw)
    lines[number] = draw.choice(("\t" + lines[number], lines[number].replace(" ", "\t", 1), lines[number] + "\t"))


def character_changed(lines: list[str], draw: Draw) -> None:
    number = _line(lines, draw)
    line = lines[number]
    place = draw.randrange(len(line) + 1)
    lines[number] = line[:place] + draw.choice(ODD_CHARACTERS) + line[place + draw.randrange(2) :]


def cut_off(lines: list[str], draw: Draw) -> None:
    number = _line(lines, draw)
    lines[number] = lines[number][: draw.randrange(len(lines[number]) + 1)]
    del lines[number + 1 :]


def _keyed(lines: list[str], draw: Draw) -> tuple[int, re.Match[str]] | None:
    found = [(n, m) for n, line in enumerate(lines) if (m := re.match(r"(\s*(?:- )?)([\w+/-]+)(:)(.*)", line))]
    return draw.choice(found) if found else None


def value_replaced(lines: list[str], draw: Draw) -> None:
    if found := _keyed(lines, draw):
        number, part = found
        lines[number] = f"{part[1]}{part[2]}: {draw.choice(ODD_SCALARS)}"


def number_replaced(lines: list[str], draw: Draw) -> None:
    found = [(n, m) for n, line in enumerate(lines) for m in re.finditer(r"(?<![\w.])\d[\d.]*(?![\w.])", line)]
    if found:
        number, part = draw.choice(found)
        lines[number] = lines[number][: part.start()] + draw.choice(ODD_SCALARS) + lines[number][part.end() :]


def key_renamed(lines: list[str], draw: Draw) -> None:
    if found := _keyed(lines, draw):
        number, part = found
        new = draw.choice(
            (part[2] + "s", part[2][:-1], part[2].upper(), "value", "id", "<<", "? x", "'two words'", "💥", "")
        )
        lines[number] = f"{part[1]}{new}{part[3]}{part[4]}"


def key_removed(lines: list[str], draw: Draw) -> None:
    if found := _keyed(lines, draw):
        number, part = found
        depth, end = len(part[1]), number + 1
        while end < len(lines) and (not lines[end].strip() or len(lines[end]) - len(lines[end].lstrip()) > depth):
            end += 1
        lines[number:end] = [part[1].rstrip()] if part[1].strip() else []


def anchored(lines: list[str], draw: Draw) -> None:
    if found := _keyed(lines, draw):
        number, part = found
        lines[number] = f"{part[1]}{part[2]}: &here {part[4].strip()}"
        lines.append(f"{draw.choice(('again', '<<', part[2]))}: *here")


def deeply_nested(lines: list[str], draw: Draw) -> None:
    deep = draw.choice((30, 60, 300, 2000, 20_000))
    steps = min(deep, 800)  # indented stairs grow with the square
    nest = draw.choice(
        (
            ["x: " + "[" * deep],
            ["x: " + "[" * deep + "]" * deep],
            ["x:", *(["  ["] * deep), *(["  ]"] * deep)],
            ["x:", "  " + "- " * deep + "y"],
            [" " * n + "x:" for n in range(steps)],
            ["x: " + "{a: " * deep],
            ["x:", *(["  {a: "] * deep), *(["  }"] * deep)],
            ["x:", "  " + "? " * deep + "y"],
        )
    )
    place = draw.choice((0, len(lines)))
    lines[place:place] = nest


BY_LINE: tuple[Callable[[list[str], Draw], None], ...] = (
    lines_deleted, lines_doubled, lines_swapped, lines_indented, tab_put_in, character_changed, cut_off, value_replaced,
    value_replaced, number_replaced, number_replaced, key_renamed, key_removed, anchored,
)  # fmt: skip


def damaged_lines(text: str, draw: Draw, *, deep: bool = False) -> str:
    """A text with one to three things wrong with its lines; with `deep`, nested beyond all measure instead."""
    lines = text.split("\n")
    for kind in [deeply_nested] if deep else draw.choices(BY_LINE, k=draw.choice((1, 1, 1, 2, 3))):
        kind(lines, draw)
        lines = lines or [""]
    return "\n".join(lines)


def _places(data: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Every (mapping or list, key) below `data`."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        found.append((data, key))
        _places(value, found)
    return found


def damaged_data(data: Any, draw: Draw) -> str:
    """Data with one or two values replaced, swapped, doubled, renamed or taken out, written as proper YAML."""
    data = deepcopy(data)
    for _ in range(draw.choice((1, 1, 1, 2))):
        places = _places(data, [])
        if not places:
            break
        (holder, key), (other, its) = draw.choice(places), draw.choice(places)
        what = draw.randrange(8)
        if what == 0:
            del holder[key]
        elif what == 1:
            holder[key] = deepcopy(other[its])
        elif what == 2 and isinstance(holder, list):
            holder.append(deepcopy(holder[key]))
        elif what == 3 and isinstance(holder, dict):
            holder[draw.choice((its, f"{key}_", "value", "source", "two\nlines", ""))] = holder.pop(key)
        elif what == 4 and isinstance(holder[key], int | float):
            holder[key] = holder[key] * draw.choice((-1, 0, 1e-12, 100, 1e6, 1e12))
        else:
            holder[key] = deepcopy(draw.choice(ODD_VALUES))
    return written(data)


def written(data: Any) -> str:
    """Data as YAML."""
    dumped: str = yaml.dump(
        data, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), allow_unicode=True, sort_keys=False
    )
    return dumped
