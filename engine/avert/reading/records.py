"""Closed, frozen records, and pydantic's complaints about them in an author's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from avert.errors import FaultCollector, nearest
from avert.reading.text import Document


class Record(BaseModel):
    """A record read from YAML: closed (no unknown keys), frozen, explained field by field."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _share(value: float) -> float:
    if 0 <= value <= 1:
        return value
    hint = f" Did you mean {value / 100:g}?" if 1 < value <= 100 else ""
    raise ValueError(f"{value:g} is not a share between 0 and 1.{hint}")


def _number(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, str) and value.strip()):
        raise ValueError(f"'{value}' is not a plain number. Write it as 1250 or 0.45, without commas or signs.")
    return value


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
LONGEST_SHOWN = 80


def record_from(kind: type[R], document: Document, faults: FaultCollector) -> R | None:
    """`document` as a record of `kind`, or None with every fault collected at its line."""
    try:
        return kind.model_validate(document.data)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            path = tuple(problem["loc"])
            said = getattr(problem.get("ctx", {}).get("error"), "path", ())
            words = _plain_words(kind, path, document, dict(problem))
            faults.add(document.file, document.line((*path, *said)), " ".join(words.split()))
        return None


class Misplaced(ValueError):
    """A fault found in a whole record that belongs to one value in it, at `path` below."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


def _plain_words(kind: type[Record], path: tuple[str | int, ...], document: Document, problem: dict[str, Any]) -> str:
    what, given = problem["type"], problem.get("input")
    in_key = path[-1:] == ("[key]",)
    below = getattr(problem.get("ctx", {}).get("error"), "path", ())
    written = document.written((*(path[:-2] if in_key else path), *below))
    name = next((part for part in reversed(written) if isinstance(part, str)), "the file")
    context = problem.get("ctx", {})
    if what == "extra_forbidden":
        known = {
            field.alias or key for model in _models_at(kind, path[:-1]) for key, field in model.model_fields.items()
        }
        return f"unknown key '{path[-1]}'.{nearest(str(path[-1]), known)}"
    if what == "missing":
        return (
            f"'{name}' needs two numbers." if isinstance(path[-1], int) else f"'{path[-1]}' is missing{_inside(path)}."
        )
    if what == "literal_error":
        choices = [word.strip(" '") for word in context["expected"].replace(" or ", ", ").split(",")]
        advice = nearest(str(given), choices) or f" Choose from: {', '.join(choices)}."
        return f"'{name}' can't be {shown(given)}.{advice}"
    if what == "value_error":
        return f"{name}: {context['error']}"
    if what in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return f"'{name}' is {given}; it {problem['msg'].removeprefix('Input ')}."
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
        return f"'{name}' should be a list of `key: value` lines, not {shown(given)}."
    if what.startswith("tuple_") or what.startswith("list_"):
        return f"'{name}' should be a list, as in [a, b], not {shown(given)}."
    if what.endswith("too_short") or what.endswith("too_long"):
        needed = context.get("min_length", context.get("max_length"))
        return f"'{name}' is empty." if not given else f"'{name}' has {len(given)} entries and needs {needed}."
    if what == "string_type":
        return f"'{name}' should be words, not {shown(given)}. Put quotes round it if it is meant as words."
    return ""


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
