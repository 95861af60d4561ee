"""Attributable fractions in words."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from avert.report.answer import Section


def fractions_in_words(table: pd.DataFrame, factors: pd.DataFrame) -> Iterator[Section]:
    """Sections of (heading, lines) about what `attributable_fractions` gives."""
    wide = max(map(len, [*table["factor"], "Factor"])) + 2
    heads = ("by itself", "weighted", "share")
    lines = [f"{'Factor':{wide}}" + "".join(f"{head:>24}" for head in heads)]
    for row in table.iloc[:-1].to_dict("records"):
        cells = (_percent(row, name) for name in ("fraction", "weighted_fraction", "share"))
        lines.append(f"{row['factor']:{wide}}" + "".join(f"{cell:>24}" for cell in cells))
    yield "Attributable fractions", lines
    last = table.to_dict("records")[-1]
    yield (
        "All factors together",
        [
            f"1 − Π(1 − f), as if they were unrelated: {_percent(last, 'fraction')}",
            f"1 − Π(1 − w·f), weighted by what is not shared: {_percent(last, 'weighted_fraction')}",
        ],
    )
    missing = factors.loc[factors["communality"].isna(), "factor"]
    lines = []
    if len(missing):
        lines.append(f"No communality, so counted in full (w = 1): {', '.join(missing)}.")
    negative = factors.loc[factors["relative_risk"] < 1, "factor"]
    if len(negative):
        lines.append(
            f"Relative risk below 1, so the fraction is below 0 (cases it prevents today): {', '.join(negative)}."
        )
    if "fraction_low" in table:
        lines.append("In brackets: the middle 95 % of 20,000 independent draws (ln RR and logit prevalence normal).")
    yield "Notes", lines


def _percent(row: dict[str, float], name: str) -> str:
    span = f" ({row[f'{name}_low']:.1%} to {row[f'{name}_high']:.1%})" if f"{name}_low" in row else ""
    return f"{row[name]:.1%}{span}".replace("-", "−")
