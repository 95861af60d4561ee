"""A plan with its area and the library it draws on, and what follows from the three together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from avert.library import Library, Placed, figures_in
from avert.library.records import NEEDED, NEVER_BOUGHT, Deaths, Figure, Intervention
from avert.plan.area import Area
from avert.plan.records import ALL, Plan
from avert.reading import Document
from avert.units import financial_year


@dataclass(frozen=True)
class PlanInFull:
    """A plan with its area and the library it draws on."""

    path: Path
    record: Plan
    document: Document = field(repr=False)
    area: Area = field(repr=False)
    library: Library = field(repr=False)
    hashes: dict[str, str] = field(repr=False)

    @property
    def years(self) -> tuple[str, ...]:
        """Financial years of the plan, '2026/27' and so on."""
        return tuple(financial_year(start) for start in self.record.years)

    @property
    def partners(self) -> tuple[str, ...]:
        return tuple(sorted(self.record.money))

    def contribution(self, partner: str, year: str) -> float:
        """Pounds a partner puts in for a year, in the plan's prices."""
        by_year = self.record.money[partner]
        return by_year.get(year, by_year.get("every year", 0.0))

    def spend_at_most(self, year: str) -> float | None:
        """Pounds that all partners together may spend in a year, where the plan says."""
        by_year = self.record.spend_at_most
        return by_year.get(year, by_year.get("every year"))

    @property
    def deaths(self) -> Deaths:
        """Yearly chances of dying: the area's own, or the library's where the area states none."""
        if self.area.record.deaths:
            return self.area.record.deaths
        assert self.library.population  # an area that states none is refused without it
        return self.library.population.deaths

    @property
    def population_growth(self) -> Figure:
        """Yearly growth of every group, as a share: the area's own, or the library's where the area states none."""
        if self.area.record.population_growth:
            return self.area.record.population_growth
        assert self.library.population  # an area that states none is refused without it
        return self.library.population.population_growth

    def taken_from_the_library(self) -> Iterator[Placed]:
        """Figures on people that the library holds for any area and this one does not state itself."""
        if self.library.population:
            for placed in figures_in(self.library.population):
                if getattr(self.area.record, placed.names[0], None) is None:
                    yield placed

    @cached_property
    def candidates(self) -> tuple[Intervention, ...]:
        """Interventions the plan may buy, in order of id."""
        return tuple(i for i in self.library.interventions.values() if not self.why_not(i))

    def why_not(self, intervention: Intervention) -> str:
        """Why an intervention cannot be bought under this plan, in words; empty if it can."""
        plan = self.record
        if intervention.id in plan.leave_out:
            return "the plan leaves it out"
        if plan.interventions != ALL and intervention.id not in plan.interventions:
            return "the plan does not list it"
        if plan.interventions == ALL and intervention.pathway not in (*plan.pathways, "all_causes"):
            return f"it belongs to the pathway '{intervention.pathway}', which the plan does not take"
        missing = [name.replace("_", " ") for name in NEEDED if name in intervention.not_found]
        if missing:
            return f"no figure was found for its {', '.join(missing)}"
        if intervention.id in plan.buy_anyway:
            return ""
        if intervention.status in NEVER_BOUGHT:
            return f"its status in the library is '{intervention.status}': {intervention.reason}"
        if intervention.funding != "candidate":
            return f"the library marks it '{intervention.funding}': {intervention.reason}"
        return ""

    def may_pay(self, partner: str, intervention: str) -> bool:
        """Whether a partner's money may be spent on a service."""
        if intervention in self.record.split:
            return self.record.split[intervention].get(partner, 0) > 0
        allowed = self.record.may_pay.get(partner, (ALL,))
        return ALL in allowed or intervention in allowed

    def line(self, *path: str | int) -> str:
        """'file:line' of a value of the plan."""
        return f"{self.document.file}:{self.document.line(path)}"
