"""A made-up linked data set with known answers: 4,000 people whose groups, admissions and costs are set by rule.

Nothing is drawn.  Each age has so many people with neither condition, frailty alone, loneliness alone and both.
Of every ten of a group the same number were admitted, at the same cost for each admission.
"""

from __future__ import annotations

from pathlib import Path

GROUPS = {
    # age band: (neither, frail alone, lonely alone, both)
    "65-74": (1200, 200, 400, 200),
    "75-84": (600, 200, 200, 200),
    "85+": (300, 200, 100, 200),
}
ADMITTED_OF_TEN = (1, 3, 2, 5)
"""Of ten people of a group, those with one admission in the year."""
COST_OF_CARE = (100, 400, 200, 1000)
"""Pounds a year for everyone of a group."""
COST_OF_ADMISSION = 3000
DAYS = 6
HEADING = "person,age_band,frail,alone,admissions,bed_days,cost"


def records() -> list[tuple[str, str, int, int, int, int, int]]:
    """A row a person: number, age band, frail, alone, admissions, bed days, cost."""
    made = []
    for band, sizes in GROUPS.items():
        for group, size in enumerate(sizes):
            frail, alone = int(group in (1, 3)), int(group in (2, 3))
            for n in range(size):
                admitted = int(n % 10 < ADMITTED_OF_TEN[group])
                cost = COST_OF_CARE[group] + COST_OF_ADMISSION * admitted
                made.append((f"{band}/{group}/{n}", band, frail, alone, admitted, DAYS * admitted, cost))
    return made


def write_records(path: Path) -> Path:
    lines = [HEADING, *(",".join(map(str, row)) for row in records())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
