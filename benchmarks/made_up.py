"""A made-up county of the size of Somerset in which every service does something for everybody, at every price.

The evidence behind Somerset's plan rules most packages out at a glance: many services do little, or nothing for the
group.  Here none can be ruled out.  Places, factors and services are drawn with a fixed seed, so that the same
numbers come out everywhere:

    factors   6 that divide people, of prevalence 0.1 to 0.4, each raising the rate of every admission 1.1 to 2 times
    events    3 admissions, 1,000 to 6,000 per 100,000 a year
    services  cost £30 to £600, uptake 0.3 to 0.8, last 1 to 3 years, take 1 to 6 hours of one of two roles,
              and leave 0.70 to 0.97 of the rate of two of the admissions
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from avert.plan import PlanInFull
from worlds import AGES, edge, effect, event, intervention, open_world, state, write_world

FACTORS = tuple(f"factor_{n}" for n in range(6))
EVENTS = tuple(f"admission_{n}" for n in range(3))
ROLES = ("nurse", "therapist")


def made_up(folder: Path, services: int, places: int, plan: dict[str, Any]) -> PlanInFull:
    """The county with so many services and places, and these lines in its plan."""
    draw = Random(20260401)
    people = {f"place_{n}": {age: draw.randint(2000, 20000) for age in AGES} for n in range(places)}
    path = write_world(
        folder,
        nodes=[
            *(state(one, draw.uniform(0.1, 0.4), stratifies=True) for one in FACTORS),
            *(event(one, draw.uniform(1000, 6000)) for one in EVENTS),
        ],
        edges=[edge(one, other, draw.uniform(1.1, 2.0)) for one in FACTORS for other in EVENTS],
        interventions=[_service(f"service_{n:02}", draw) for n in range(services)],
        plan=plan,
        people=people,
        deaths={"65-74": 0.015, "75-84": 0.045, "85+": 0.145},
        growth=0.01,
    )
    return open_world(path)


def _service(name: str, draw: Random) -> dict[str, Any]:
    """A service by the rule above."""
    return intervention(
        name,
        *(effect(one, draw.uniform(0.70, 0.97)) for one in draw.sample(EVENTS, 2)),
        cost=draw.uniform(30, 600),
        uptake=draw.uniform(0.3, 0.8),
        duration_years=draw.randint(1, 3),
        staff_hours={draw.choice(ROLES): draw.uniform(1, 6)},
        partners={"pays": ["icb"]},
    )
