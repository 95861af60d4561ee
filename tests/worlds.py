"""Small made-up worlds for tests: an evidence folder, an area and a plan, written to disk as files.

Plain numbers become figures with papers, so a test states only what it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from avert.library import load_library
from avert.plan import PlanInFull, load_plan

AGES = ("65-74", "75-84", "85+")
SEEN = {"verification": "seen", "seen_in": "table 1", "seen_as": "table"}


def figure(value: Any, spread: float = 0.5, **more: Any) -> Any:
    """A number as a seen figure with a wide interval; mappings by age likewise; anything else as it is."""
    if isinstance(value, dict):
        return {key: figure(one, spread, **more) if key in AGES else one for key, one in value.items()} | (
            {} if any(key in AGES for key in value) else more
        )
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    low, high = sorted((value * (1 - spread), value * (1 + spread)))
    return {"value": value, "interval": [low, high], "source": "made_up", **SEEN, **more}


def share(value: Any) -> Any:
    """A share with an interval that stays within 0 and 1."""
    if isinstance(value, dict):
        return {key: share(one) for key, one in value.items()}
    return figure(value) | {"interval": [0, 1]}


def event(name: str, rate: Any = 1000, **more: Any) -> dict[str, Any]:
    """An emergency admission with a rate per 100,000 a year (one number, or by age)."""
    node = {
        "id": name, "kind": "event", "label": name.replace("_", " "), "definition": "made up",
        "counts_as": "emergency_admission", "england_rate": figure(rate), "rate_year": "2023/24",
        "length_of_stay": figure(5), "unit_cost": "admission",
    }  # fmt: skip
    if more.get("counts_as") in ("long_term_care_entry", "other"):
        del node["length_of_stay"], node["unit_cost"]
    return node | more


def state(name: str, prevalence: Any = 0.2, *, stratifies: bool = False, **more: Any) -> dict[str, Any]:
    """A risk factor with a prevalence."""
    words = {"words": {"has": f"with {name}", "has_not": f"without {name}"}} if stratifies else {}
    if "persistence" in more:
        more["persistence"] = share(more["persistence"])
    return {
        "id": name, "kind": "risk_factor", "form": "state", "label": name, "definition": "made up",
        "stratifies": stratifies, "prevalence": share(prevalence), **words, **more,
    }  # fmt: skip


def onset(
    name: str, prevalence: Any = None, years_lived: float | None = None, *, stratifies: bool = False
) -> dict[str, Any]:
    """A condition that begins."""
    node: dict[str, Any] = {
        "id": name,
        "kind": "condition",
        "form": "onset",
        "label": name,
        "definition": "made up",
    }
    if prevalence is not None:
        node["prevalence"] = share(prevalence)
    if years_lived is not None:
        node["years_lived"] = figure(years_lived)
    if stratifies:
        node |= {"stratifies": True, "words": {"has": f"with {name}", "has_not": f"without {name}"}}
    return node


def continuous(name: str, unit: str = "mmHg", prior_standard_deviation: float = 5) -> dict[str, Any]:
    """A continuous factor."""
    return {
        "id": name, "kind": "risk_factor", "form": "continuous", "label": name, "definition": "made up",
        "unit": unit, "prior_standard_deviation": prior_standard_deviation,
    }  # fmt: skip


def edge(source: str, target: str, ratio: Any, *, reversible: float = 1, lag: float = 0, **more: Any) -> dict[str, Any]:
    """A ratio from one node to the next."""
    result = {
        "from": source, "to": target, "measure": "rate_ratio", "estimate": figure(ratio),
        "reversible": {"value": reversible, "reason": "made up"}, "lag_years": {"value": lag, "reason": "made up"},
        "causal": "trial", "certainty": "high", **more,
    }  # fmt: skip
    if result["measure"] == "share":
        del result["reversible"]
        result["estimate"] = share(ratio)
    return result


def leads_to(source: str, target: str, part: Any = 1, pass_through: float = 1, lag: float = 0) -> dict[str, Any]:
    """A share from a condition to what comes of it."""
    power = {"value": pass_through, "reason": "made up"}
    return edge(source, target, part, lag=lag, measure="share", pass_through=power)


def effect(node: str, value: float, measure: str = "rate_ratio", **more: Any) -> dict[str, Any]:
    """What an intervention does to a node, by a good trial."""
    for key in ("baseline_risk", "baseline_rate"):
        if key in more:
            more[key] = share(more[key]) if key == "baseline_risk" else figure(more[key])
    spread = more.pop("spread", 0.1)
    return {
        "acts_on": node,
        "measure": measure,
        "estimate": figure(value, spread),
        "design": "randomised",
        "certainty": "high",
        **more,
    }


def intervention(name: str, *effects: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A service: everyone takes it up, at full strength, for a year, at £100 a head, unless said otherwise."""
    figures = {"uptake": 1, "delivery": 1, "onset_months": 0, "duration_years": 1, "decay_per_year": 0}
    record: dict[str, Any] = {
        "id": name, "label": name.replace("_", " "), "pathway": "main", "summary": "made up", "population": "everyone",
        "setting": ["home"], "delivered_by": "made up", "effects": list(effects), "status": "recommended",
        "funding": "candidate", "reason": "made up",
        "partners": {"pays": ["council"]},
    }  # fmt: skip
    for key, default in figures.items():
        value = more.pop(key, default)
        record[key] = share(value) if key in ("uptake", "delivery", "decay_per_year") else figure(value)
    money = {"price_year": more.pop("price_year", "2024/25")}
    record["cost"] = figure(more.pop("cost", 100), unit="GBP/participant", **money)
    if "follow_on_cost" in more:
        record["follow_on_cost"] = figure(more.pop("follow_on_cost"), unit="GBP/participant/year", **money)
    if "already_reached" in more:
        record["already_reached"] = share(more.pop("already_reached"))
    if "staff_hours" in more:
        record["staff_hours"] = {role: figure(hours) for role, hours in more.pop("staff_hours").items()}
    return record | more


def write_world(
    folder: Path,
    *,
    nodes: list[dict[str, Any]],
    edges: list[dict[str, Any]] = (),  # type: ignore[assignment]
    interventions: list[dict[str, Any]] = (),  # type: ignore[assignment]
    plan: dict[str, Any] | None = None,
    people: dict[str, dict[str, float]] | None = None,
    deaths: Any = 0.0,
    deaths_of: dict[str, float] | None = None,
    growth: float = 0.0,
    odds_ratios: list[tuple[str, str, float]] = (),  # type: ignore[assignment]
    local_rates: list[tuple[str, str, float, float]] = (),  # type: ignore[assignment]
    prior: tuple[float, float] = (1.0, 0.2),
    price_index: dict[str, float] | None = None,
    cashable: float = 0.0,
) -> Path:
    """Write a whole world below `folder` and return the path of its plan.

    `people` maps place → age band → residents (default: 1,000 in each band of one place, 'here').
    `local_rates` holds (place, event, local rate, England rate).  `plan` overrides the default plan:
    £1m a year from 'council', one year, published evidence.
    """
    pathway = {
        "id": "main", "label": "Main", "summary": "made up",
        "prior": {"ratio": prior[0], "log_standard_deviation": prior[1], "reason": "made up"},
        "nodes": list(nodes), "edges": list(edges),
    }  # fmt: skip
    files: dict[str, Any] = {
        "pathways/main.yaml": pathway,
        **_shared_files(odds_ratios, price_index or {"2023/24": 1.0, "2024/25": 1.0}, cashable),
        **{f"interventions/{one['id']}.yaml": one for one in interventions},
    }
    for name, data in files.items():
        _dump(folder / "evidence" / name, data)
    (folder / "evidence/sources.bib").write_text(
        "@misc{made_up,\n  author = {Nobody},\n  title = {Made up},\n  year = {2026}\n}\n", encoding="utf-8"
    )
    more = {
        "population_growth": figure(growth) | {"interval": [-1, 1]},
        "deaths": _deaths(deaths, deaths_of or {}),
    }
    _write_area(folder, people or {"here": dict.fromkeys(AGES, 1000)}, local_rates, more)
    money = {"council": 1_000_000}
    default = {"area": "area", "years": "2026/27", "money": money, "pathways": ["main"], "evidence": "published"}
    _dump(folder / "plan.yaml", default | (plan or {}))
    return folder / "plan.yaml"


def _shared_files(
    odds_ratios: Sequence[tuple[str, str, float]], price_index: dict[str, float], cashable: float
) -> dict[str, Any]:
    """The files of an evidence folder that are about no one pathway or service."""
    admission = {
        "id": "admission", "label": "An admission", "cost": figure(3000, unit="GBP/admission", price_year="2024/25"),
        "cashable_share": {"value": cashable, "reason": "made up"},
    }  # fmt: skip
    pairs = [{"factors": [one, other], "odds_ratio": figure(ratio)} for one, other, ratio in odds_ratios]
    return {
        "costs/unit_costs.yaml": {"id": "unit_costs", "costs": [admission]},
        "costs/price_index.yaml": {
            "id": "price_index", "label": "Prices", "basis": "made up", "source": "made_up", "verification": "seen",
            "index": price_index,
        },
        "joint.yaml": {"id": "joint", "odds_ratios": pairs},
        "plausibility.yaml": {
            "id": "plausibility", "source": "made_up", "verification": "seen",
            "classes": {"falls": {"mean": 0.1, "p10": 0.05, "p90": 0.2}},
        },
    }  # fmt: skip


def _deaths(by_age: Any, ratios: dict[str, float]) -> dict[str, Any]:
    """Chances of dying in a year, and how many times as likely each factor makes it."""
    groups = {factor: {"rate_ratio": figure(ratio)} for factor, ratio in ratios.items()}
    return {"by_age": share(by_age), "groups": groups}


def _write_area(
    folder: Path,
    people: dict[str, dict[str, float]],
    local_rates: Sequence[tuple[str, str, float, float]],
    more: dict[str, Any],
) -> None:
    """The area's own file, its population, and its rates if it has any."""
    area: dict[str, Any] = {
        "id": "area",
        "label": "An area",
        "places": [{"id": place, "label": place, "imd_average_decile": 5} for place in people],
        "population": "population.csv",
        **more,
    }
    counts = [(place, age, count, 2020) for place, bands in people.items() for age, count in bands.items()]
    _write_csv(folder / "population.csv", "place,age_band,people,year", counts)
    if local_rates:
        area["rates"] = "rates.csv"
        heading = "place,event,local_standardised_rate,england_standardised_rate,year"
        _write_csv(folder / "rates.csv", heading, [(*row, 2018) for row in local_rates])
    _dump(folder / "area-area.yaml", area)


def _write_csv(path: Path, heading: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """A table with made-up sources."""
    lines = [f"{heading},source", *(",".join(map(str, (*row, "made_up"))) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def open_world(plan: Path) -> PlanInFull:
    """The plan written by `write_world`, with its library."""
    return load_plan(plan, load_library(plan.parent / "evidence"))


def _dump(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
