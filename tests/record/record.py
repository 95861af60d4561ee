"""Write the golden records of the Somerset run: `python tests/record/record.py`, when a change is meant.

A change that moves them says so in the changelog, with before and after.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import avert

HERE = Path(__file__).parent
PLAN = HERE.parents[1] / "plans" / "somerset.yaml"
TABLES = ("interventions", "outcomes", "partners")


def current() -> dict[str, Any]:
    """What the Somerset plan's first year gives now: totals of the manifest and the small tables."""
    result = avert.optimise(avert.load_plan(PLAN), years=1)
    kept = {name: result.manifest[name] for name in ("status", "strata", "packages", "totals")}
    kept["objective"] = round(result.manifest["objective"], 6)
    for name in TABLES:
        kept[name] = json.loads(result.tables[name].to_json(orient="records", double_precision=6))
    return kept


if __name__ == "__main__":
    text = json.dumps(current(), indent=1, ensure_ascii=False)
    (HERE / "somerset.json").write_text(text + "\n", encoding="utf-8")
