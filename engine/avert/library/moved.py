"""A record, or a whole library, in which one figure has another value and nothing else is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import ValidationError

from avert.errors import AvertError
from avert.library.library import Library
from avert.library.records import ALL_AGES, Figure
from avert.reading import Record

R = TypeVar("R", bound=Record)
Path = tuple[str | int, ...]


def with_figure(library: Library, record_id: str, path: Path, value: float) -> Library:
    """The library with one figure at another value: of an intervention, a pathway, the joint file or population.

    `path` is that of `Placed`: keys and numbers as they stand in the record's file.  The figure keeps its
    interval and its papers.  Raises AvertError for a record or place the library does not have.
    """
    if record_id in library.interventions:
        one = moved(library.interventions[record_id], path, value)
        return replace(library, interventions={**library.interventions, record_id: one})
    if record_id in library.pathways:
        whole = moved(library.pathways[record_id], path, value)
        return replace(library, pathways={**library.pathways, record_id: whole})
    if record_id == library.joint.id:
        return replace(library, joint=moved(library.joint, path, value))
    if library.population and record_id == library.population.id:
        return replace(library, population=moved(library.population, path, value))
    raise AvertError(f"there is no record '{record_id}' in the library with a figure to move")


def moved(record: R, path: Path, value: float) -> R:
    """The record with the figure at `path` at another value.  Raises AvertError where that can't be."""
    try:
        found: R = _below(record, path, value)
    except ValidationError as error:
        raise AvertError(f"{value:g}: {error.errors()[0]['msg']}") from error
    except (KeyError, IndexError, TypeError) as error:
        raise AvertError(f"no figure stands at {' / '.join(map(str, path))}") from error
    return found


def _below(holder: Any, path: Path, value: float) -> Any:
    """A figure, or what holds one further down, changed; 'all ages' stands in no file, so in no path either."""
    if isinstance(holder, Figure):
        if path:
            raise KeyError(path[0])
        return type(holder).model_validate({**dict(holder), "value": value})
    if isinstance(holder, dict):
        key = path[0] if path and path[0] in holder else ALL_AGES
        return holder | {key: _below(holder[key], path[1:] if path and key == path[0] else path, value)}
    if isinstance(holder, Record):
        name = _field(holder, path[0])
        return holder.model_copy(update={name: _below(getattr(holder, name), path[1:], value)})
    if isinstance(holder, Sequence) and not isinstance(holder, str):
        number = int(path[0])
        return (*holder[:number], _below(holder[number], path[1:], value), *holder[number + 1 :])
    raise TypeError(f"{type(holder).__name__} holds no figures")


def _field(record: Record, key: str | int) -> str:
    """Name of the field written under `key`, which may be its alias."""
    for name, field in type(record).model_fields.items():
        if key in (name, field.alias):
            return name
    raise KeyError(key)
