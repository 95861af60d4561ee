"""Closed, frozen records, and pydantic's complaints about them in an author's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from avert.errors import FaultCollector, nearest
from avert.reading.described import descriptions
from avert.reading.text import Document
from avert.units import financial_year

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class Record(BaseModel):
    """A record read from YAML: closed (no unknown keys), frozen, explained field by field."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    also_called: ClassVar[Mapping[str, str]] = {}
    """Other words that authors use for a key → the key."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The schema, with what each key means."""
        found = handler(core)
        words = descriptions(cls)
        below: dict[str, JsonSchemaValue] = handler.resolve_ref_schema(found).get("properties", {})
        for name, field in cls.model_fields.items():
            if words.get(name):
                below[field.alias or name]["description"] = words[name]
        return found


def _share(value: float) -> float:
    if 0 <= value <= 1:
        return value
    hint = f" Did you mean {value / 100:g}?" if 1 < value <= 100 else ""
    raise ValueError(f"{value:g} is not a share between 0 and 1.{hint}")


def _number(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, str) and value.strip()):
        advice = f" Did you mean {_plain_number(value)}?" if isinstance(value, str) and _plain_number(value) else ""
        raise ValueError(f"'{value}' is not a plain number. Write it as 1250 or 0.45, without commas or signs.{advice}")
    return value


def _plain_number(text: str) -> str:
    """'1,250' → '1250', '120%' → '1.2'; '' where it can't be told what is meant."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text.strip()):
        return text.strip().replace(",", "")
    part = re.fullmatch(r"(\d+(?:\.\d+)?) ?%", text.strip())
    return f"{float(part[1]) / 100:.10g}" if part else ""


def _line(value: str) -> str:
    if "\n" in value:
        raise ValueError("this belongs on one line.")
    return value


def shown(given: Any) -> str:
    """A value as its author knows it, whatever it became here: for messages."""
    if isinstance(given, str):
        return f"'{given}'" if len(given) <= LONGEST_SHOWN else f"'{given[:LONGEST_SHOWN]}…'"
    if isinstance(given, dict):
        return "a list of `key: value` lines"
    if isinstance(given, list | tuple):
        return "a list"
    return "nothing" if given is None else str(given).casefold() if isinstance(given, bool) else str(given)


Number = Annotated[float, BeforeValidator(_number)]
Share = Annotated[Number, AfterValidator(_share)]
Positive = Annotated[Number, Field(gt=0)]
NonNegative = Annotated[Number, Field(ge=0)]
Words = Annotated[str, Field(min_length=1)]
Line = Annotated[Words, AfterValidator(_line)]
R = TypeVar("R", bound=Record)
KEY = "[key]"
"""How pydantic marks that a problem is about a key."""
LONGEST_SHOWN, SHORT = 80, 40


def record_from(
    kind: type[R], document: Document, faults: FaultCollector, labels: Mapping[str, str] | None = None
) -> R | None:
    """`document` as a record of `kind`, or None with every fault collected at its line.

    `labels` (label → id) lets a fault name the id of something that was called by its label.
    """
    try:
        return kind.model_validate(document.data, context={"labels": labels or {}})
    except ValidationError as error:
        collect(kind, document, faults, error.errors(include_url=False))
        return None


def collect(kind: type[Record], document: Document, faults: FaultCollector, problems: Sequence[Any]) -> None:
    """Collect pydantic's problems with a record as faults at their lines."""
    for problem in _told_once(problems, document):
        path = tuple(problem["loc"])
        said = getattr(problem.get("ctx", {}).get("error"), "path", ())
        words = _plain_words(kind, path, document, problem)
        faults.add(document.file, document.line((*path, *said)), " ".join(words.split()))


def _told_once(problems: Sequence[Any], document: Document) -> Iterator[dict[str, Any]]:
    """The problems of a record, without those that only follow from others.

    A list is called too short where its members could not be read, and a value that may be of several kinds
    has a problem with each of them: these become one, with all the words that could stand there.
    """
    paths = [tuple(problem["loc"]) for problem in problems]
    own = [
        problem
        for problem, path in zip(problems, paths, strict=True)
        if not problem["type"].endswith("too_short")
        or not any(len(other) > len(path) and other[: len(path)] == path for other in paths)
    ]
    choices: dict[object, list[str]] = {}
    others: set[object] = set()
    for problem in own:
        if problem["type"] == "literal_error":
            choices.setdefault(_place(problem, document), []).append(problem["ctx"]["expected"])
        else:
            others.add(_place(problem, document))
    told: set[object] = set()
    for problem in own:
        place = _place(problem, document)
        words = ", ".join(choices.get(place, []))
        if problem["type"] != "literal_error":
            yield {**problem, "or": words}
        elif place not in others | told:
            told.add(place)
            yield {**problem, "ctx": {"expected": words}}


def _place(problem: Any, document: Document) -> object:
    """Where a problem stands in the file, and whether it is about a key or about what follows the key."""
    path = tuple(problem["loc"])
    return document.written(path), KEY in path, str(problem.get("input"))


class Misplaced(ValueError):
    """A fault found in a whole record that belongs to one value in it, at `path` below."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


def _plain_words(kind: type[Record], path: tuple[str | int, ...], document: Document, problem: dict[str, Any]) -> str:
    what, given = problem["type"], problem.get("input")
    in_key = KEY in path
    below = getattr(problem.get("ctx", {}).get("error"), "path", ())
    written = document.written((*(path[: path.index(KEY) - 1] if in_key else path), *below))
    name = next((part for part in reversed(written) if isinstance(part, str)), "the file")
    context = problem.get("ctx", {})
    if what == "extra_forbidden":
        models = list(_models_at(kind, path[:-1]))
        known = {field.alias or key for model in models for key, field in model.model_fields.items()}
        meant = {word: key for model in models for word, key in getattr(model, "also_called", {}).items()}
        key = str(path[-1])
        advice = f" Did you mean '{meant[key.casefold()]}'?" if key.casefold() in meant else nearest(key, known)
        return f"unknown key '{key}'.{advice or ' Choose from: ' + ', '.join(sorted(known)) + '.'}"
    if what == "missing":
        return (
            f"'{name}' needs two numbers." if isinstance(path[-1], int) else f"'{path[-1]}' is missing{_inside(path)}."
        )
    if what == "literal_error":
        choices = [word.strip(" '") for word in context["expected"].replace(" or ", ", ").split(",")]
        advice = nearest(str(given), choices) or f" Choose from: {', '.join(choices)}."
        if in_key:
            return f"'{given}' can't stand under '{name}'.{advice}"
        return f"'{name}' can't be {shown(given)}.{advice}"
    if what == "value_error":
        return f"{name}: {context['error']}"
    if what in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        said = problem["msg"].removeprefix("Input should be ")
        for formal, plain in (("greater than or equal to", "at least"), ("less than or equal to", "at most")):
            said = said.replace(formal, plain)
        return f"'{name}' is {given}; it should be {said.replace('greater than', 'above')}."
    keys = [key for model in _models_at(kind, path) for key in model.model_fields] if what == "model_type" else []
    context = {**context, "or": problem.get("or", ""), "keys": ", ".join(keys)}
    return _wrong_kind(what, name, given, context) or f"'{name}': {problem['msg'].removeprefix('Input ')}."


def _wrong_kind(what: str, name: str, given: Any, context: Mapping[str, Any]) -> str:
    """Plain words for a value of the wrong kind; empty if it is something else."""
    if what.startswith("int_"):
        return f"'{name}' should be a whole number, not {shown(given)}."
    if what.startswith("float_"):
        return f"'{name}' should be a number, not {shown(given)}."
    if what.startswith("bool_"):
        return f"'{name}' should be true or false, not {shown(given)}."
    if what.startswith("dict_") or what.startswith("model_"):
        advice = _of_keys(given, context)
        return f"'{name}' should be a list of `key: value` lines, not {shown(given)}.{advice}"
    if what.startswith("tuple_") or what.startswith("list_"):
        example = f"[{given}]" if isinstance(given, str) and len(given) <= SHORT and "," not in given else "[a, b]"
        other = f", or {context['or'].replace(' or ', ', ')}" if context.get("or") else ""
        advice = " Put '- ' before the first line of each member." if isinstance(given, dict) else ""
        advice = " Leave the line out if there is nothing to say." if given is None else advice
        return f"'{name}' should be a list, as in {example}{other}, not {shown(given)}.{advice}"
    if what.endswith("too_short") or what.endswith("too_long"):
        needed = context.get("min_length", context.get("max_length"))
        return f"'{name}' is empty." if not given else f"'{name}' has {len(given)} entries and needs {needed}."
    if what == "string_type" and isinstance(given, dict):
        return f"'{name}' should be words, not {shown(given)}. Put quotes round words that hold a colon."
    if what == "string_type" and isinstance(given, int) and 2000 <= given < 2100:
        return f"'{name}' should be words, not {given}. Did you mean '{financial_year(given)}'?"
    if what == "string_type" and isinstance(given, list):
        return f"'{name}' should be one, not a list."
    if what == "string_type":
        return f"'{name}' should be words, not {shown(given)}. Put quotes round it if it is meant as words."
    return ""


def _of_keys(given: Any, context: Mapping[str, Any]) -> str:
    """How to write what should be `key: value` lines and is something else."""
    if _of_single_keys(given):
        return " Leave out the '-' before each line."
    if given is None:
        return " Leave the line out if there is nothing to say."
    if context.get("keys"):
        return f" Its keys are {context['keys']}."
    short = isinstance(given, str | int | float) and len(str(given)) <= SHORT
    return f" Say of what, as in {{name: {given}}}." if short else ""


def _of_single_keys(given: Any) -> bool:
    """Whether a list was written where its members, a key each, should stand without it."""
    return isinstance(given, list) and bool(given) and all(isinstance(one, dict) and len(one) == 1 for one in given)


def _inside(path: tuple[str | int, ...]) -> str:
    above = [str(part) for part in path[:-1] if isinstance(part, str)]
    return f" in '{above[-1]}'" if above else ""


def _models_at(kind: Any, path: tuple[str | int, ...]) -> Iterator[type[BaseModel]]:
    """Record classes that may stand at `path` below `kind`, through lists, mappings and unions."""
    here = [kind]
    for part in path:
        below: list[Any] = []
        for one in _unwrapped(here):
            if isinstance(one, type) and issubclass(one, BaseModel):
                field = one.model_fields.get(str(part))
                below.append(field.annotation if field else one)
        here = below or here
    for one in _unwrapped(here):
        if isinstance(one, type) and issubclass(one, BaseModel):
            yield one


def _unwrapped(kinds: list[Any]) -> Iterator[Any]:
    for one in kinds:
        if isinstance(one, type) and issubclass(one, BaseModel):
            yield one
        else:
            yield from _unwrapped(list(get_args(one)))
