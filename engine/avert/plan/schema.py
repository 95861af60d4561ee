"""The JSON Schema of a plan, with the names of one library's services for an editor to offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from avert.library import Library
from avert.plan.records import ALL, Plan

BY_SERVICE = ("buy_anyway", "split", "today", "limits", "keep_services", "ramp_up", "lumpy", "proposed", "at_most_per")
"""Keys of a plan under which a service is the key."""


def plan_schema(library: Library | None = None) -> dict[str, Any]:
    """JSON Schema of a plan; with a library, its services, pathways and roles are offered for completion.

    They are offered and not asked for: whether a name is known is for `avert validate` to say.
    """
    schema = Plan.model_json_schema(mode="validation")
    if library is None:
        return schema
    keys: dict[str, Any] = schema["properties"]
    services = {name: one.label for name, one in library.interventions.items()}
    roles = {role: "" for one in library.interventions.values() for role in one.staff_hours}
    for name in BY_SERVICE:
        _offer_keys(keys[name], services)
    _offer_keys(keys["staff"], dict(sorted(roles.items())))
    keys["pathways"]["items"] = _one_of(library.pathways)
    for name in ("interventions", "leave_out"):
        keys[name] = {key: value for key, value in keys[name].items() if key != "anyOf"} | _names(services)
    keys["may_pay"]["additionalProperties"] = _names({ALL: "", **services})
    return schema


def _offer_keys(schema: dict[str, Any], names: Mapping[str, str]) -> None:
    """Names as keys of a mapping, each with its label, and what stands under each as before."""
    below = schema["additionalProperties"]
    schema["properties"] = {name: below | ({"description": label} if label else {}) for name, label in names.items()}


def _one_of(names: Mapping[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"enum": list(names)}, {"type": "string"}]}


def _names(names: Mapping[str, str]) -> dict[str, Any]:
    """One name, or a list of them."""
    return {"anyOf": [*_one_of(names)["anyOf"], {"type": "array", "items": _one_of(names)}]}
