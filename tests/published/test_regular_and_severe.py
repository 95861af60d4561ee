"""A published problem of setting priorities, stated by YAML and CSV alone and solved by the command line."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from avert.cli import main

FOLDER = Path(__file__).parent / "regular_and_severe"
PLAN = FOLDER / "plan.yaml"
LIMITS = np.array([[0.25, 0.25], [25.0, 50.0], [-1.0, 0.0], [0.0, -1.0]]), np.array([1.0, 150.0, 0.0, 0.0])
"""Hours, dollars and no patients below nought: A x ≤ b for (regular, severe) patients."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("outright") / "run"
    with redirect_stdout(StringIO()), pytest.raises(SystemExit) as end:
        main(["run", str(PLAN), "--evidence", str(FOLDER / "evidence"), "--out", str(out), "--check", "cbc"])
    assert not end.value.code
    return out


def test_two_regular_and_two_severe_patients(run: Path) -> None:
    """Crown 2017: 10 units of health.  The published optimum is recalled, its inputs were seen; see the folder."""
    seen = pd.read_csv(run / "allocation.csv").set_index("intervention")["participants"].to_dict()
    assert seen == approx({"see_regular": 2, "see_severe": 2})
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    assert manifest["objective"] == approx(10)
    assert manifest["upper_bound"] == approx(10)
    assert manifest["totals"]["admissions_averted"] == 0


def test_no_corner_is_worth_more(run: Path) -> None:
    """Every corner of the two limits, worked out without a solver of programmes."""
    amounts, limits = LIMITS
    corners = [np.linalg.solve(amounts[[i, j]], limits[[i, j]]) for i, j in combinations(range(4), 2)]
    kept = [one for one in corners if (amounts @ one <= limits + 1e-9).all()]
    best = max(kept, key=lambda one: float(one @ [2, 3]))
    assert best == approx([2, 2])
    averted = pd.read_csv(run / "outcomes.csv").set_index("event")["averted"]
    assert averted["health_unit"] == approx(float(best @ [2, 3]))


def test_what_the_limits_are_worth(run: Path) -> None:
    """A dollar more sees 1/25 of a patient as severe who was regular: 0.04 units more.

    A quarter of an hour more takes two regular patients in and a severe one out: 1 unit, so 4 an hour.
    """
    values = pd.read_csv(run / "marginal_values.csv").set_index("line")["value"]
    assert values["within_contribution__centre__0"] == approx(0.04 * 1000)
    assert values["within_workforce__clinician__0"] == approx(4 * (2 * 2 - 3))
