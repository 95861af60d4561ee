"""The page on plans names every key a plan may have, and its examples are read as they stand."""

from __future__ import annotations

import re
from pathlib import Path

from avert.errors import FaultCollector, PlanError
from avert.plan import Plan
from avert.reading import read_yaml, record_from

PAGE = Path(__file__).parents[2] / "docs" / "plan.md"
NEEDED = "area: x\nyears: 2026/27 to 2027/28\nmoney: {icb: 1k, council: 1k}\npathways: [falls]\n"


def test_every_key_of_a_plan_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    missing = [name for name in Plan.model_fields if f"| `{name}` |" not in text]
    assert not missing


def test_every_example_on_the_page_is_read(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    examples = [
        one for row in re.findall(r"^\| `\w+` \|.*\|$", text, re.M) for one in re.findall(r"`(\w+: [^`]+)`", row)
    ]
    examples += re.findall(r"```yaml\n(.*?)```", text, re.S)
    assert len(examples) > 25
    for example in examples:
        faults = FaultCollector(PlanError)
        key = example.split(":")[0]
        kept = "".join(f"{line}\n" for line in NEEDED.splitlines() if not line.startswith(f"{key}:"))
        extra = "money_is: everything\n" if key == "keep_services" else ""
        path = tmp_path / "plan.yaml"
        path.write_text(kept + extra + example + "\n", encoding="utf-8")
        document = read_yaml(path, faults)
        plan = record_from(Plan, document, faults) if document else None
        assert plan is not None, (example, faults.faults)
