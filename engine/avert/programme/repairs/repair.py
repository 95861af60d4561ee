"""The smallest change of each clashing entry of a plan that, all others as they are, lets its minima be met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

from avert.errors import Repair
from avert.packages import County
from avert.programme.menu import menu_of
from avert.programme.repairs.clashes import Entries, Release, Slide
from avert.programme.repairs.search import met_without, smallest_change
from avert.programme.repairs.shortfall import Priced, Shortfall
from avert.programme.repairs.wording import NO_CHANGE, amount_in_words
from avert.programme.sketch import opening_of
from avert.programme.variables import Sets

PART = 1e-6
"""An entry clashes if all that may be changed of it takes away at least this share of what the minima lack."""
SAME_TO = 6
"""Decimals to which what is lacking, as a share of what the plan as it stands lacks, is told apart."""

LIBRARYS = " by the library's figure (already_reached; the plan gives no number of its own under 'today')"


def repairs_of(shortfall: Shortfall, base: Priced) -> tuple[Repair, ...]:
    """Repairs of every clashing entry, in the order in which the plan states them."""
    entries = Entries(shortfall)
    search = _Search(shortfall, base)
    found = [search.of_amount(slide) for slide in entries.slides() if search.clashes(slide)]
    for singles, everything in entries.fences():
        found += search.of_fence(singles, everything)
    found += [search.of_release(one) for one in entries.splits() if search.helps(one)]
    found += _same_everywhere(shortfall.sets.county)
    found += _facts(shortfall.sets, base)
    return tuple(sorted(found, key=_line_number))


def _line_number(repair: Repair) -> tuple[str, int]:
    file, _, line = repair.where.rpartition(":")
    return file, int(line)


@dataclass(frozen=True)
class _Search:
    """Tries changes on the warm programme of phase 1 and puts its lines back after each."""

    shortfall: Shortfall
    base: Priced
    """Prices of the plan as it stands."""

    def clashes(self, slide: Slide) -> bool:
        """Whether a change of the entry could take away a part of what the minima lack."""
        least = slide.lines.lower_at(self.shortfall, self.base, slide.most)
        return slide.most > 0 and self.base.lower - least > PART * self.base.lower

    def helps(self, release: Release) -> bool:
        least = self.shortfall.lower_without(self.base, release.rows)
        return self.base.lower - least > PART * self.base.lower

    def where(self, path: tuple[str | int, ...]) -> str:
        return self.shortfall.sets.county.plan.line(*path)

    def of_amount(self, slide: Slide) -> Repair:
        """The smallest change of an entry that states an amount, in words."""
        found = smallest_change(self.shortfall, self.base, slide)
        new, at_least = found.new, found.at_least
        where = self.where(slide.path)
        if new is None:
            words = NO_CHANGE.format(subject=slide.subject)
            if at_least < inf:
                words = f"it could not be shown what change of {slide.subject} alone is enough"
            return Repair(slide.path, where, slide.old, None, words, False, at_least)
        if new == 0 and slide.path[0] == "target":
            words = f"take {slide.subject} away"
            return Repair(slide.path, where, slide.old, None, words, True, at_least)
        says = f"from {amount_in_words(slide.old, slide.unit)} to {amount_in_words(new, slide.unit, last=True)}"
        words = f"{'raise' if slide.sign > 0 else 'lower'} {slide.subject} {says}"
        return Repair(slide.path, where, slide.old, new, words, True, at_least)

    def of_fence(self, singles: list[Release], everything: Release) -> Iterator[Repair]:
        """One service that is enough to let a partner pay for, the likeliest tried first; else all of them together."""
        helpful = sorted((one for one in singles if self.helps(one)), key=self._likeliest)
        if not helpful and not self.helps(everything):
            return
        together = self.of_release(everything)
        found = (self.of_release(one) for one in helpful if together.enough)
        yield next((one for one in found if one.enough), together)

    def _likeliest(self, release: Release) -> tuple[float, float]:
        """What the minima surely lack without a fence, and minus what is now spent on the service behind it, at prices.

        The less, the likelier that nothing is lacking; rounding does not decide between fences alike by the first.
        """
        left = self.shortfall.lower_without(self.base, release.rows) / self.base.lower
        spent = float(self.base.price[release.rows] @ self.base.values[release.paid].sum(axis=1))
        return round(left, SAME_TO), spent

    def of_release(self, release: Release) -> Repair:
        """Whether it is enough to let go of some lines."""
        where = self.where(release.path)
        if met_without(self.shortfall, release.rows):
            return Repair(release.path, where, release.old, release.new, release.subject, True, 0.0)
        words = f"to {release.subject} is not enough"
        return Repair(release.path, where, release.old, None, words, False, inf)


def _same_everywhere(county: County) -> Iterator[Repair]:
    """Whether it is enough that offers may differ between places: another menu, so another programme."""
    record, path = county.plan.record, ("fairness", "offers")
    if record.fairness.offers != "same_everywhere" or len(county.strata.places) < 2:
        return
    fairness = record.fairness.model_copy(update={"offers": "best_for_each_place"})
    plan = replace(county.plan, record=record.model_copy(update={"fairness": fairness}))
    sets = Sets(menu_of(replace(county, plan=plan)))
    enough = Shortfall(sets).settle(opening_of(sets.menu).numbers) is None
    words = "let offers be best_for_each_place" if enough else "letting offers differ between places is not enough"
    new = "best_for_each_place" if enough else None
    yield Repair(path, county.plan.line(*path), record.fairness.offers, new, words, enough, 0.0 if enough else inf)


def _facts(sets: Sets, base: Priced) -> Iterator[Repair]:
    """Services with too few people left to offer them to: that is a fact of the county, so no change is proposed."""
    plan = sets.county.plan
    for service, part in zip(sets.services, base.reach.tolist(), strict=True):
        if -part <= PART * base.lower:
            continue
        here = service in plan.record.today
        path = ("today", service) if here else ("already_reached",)
        where = plan.line(*path) if here else ":".join(map(str, plan.library.line(service, *path)))
        old = plan.record.today.get(service)
        whose = f"those who have '{service}' today" + ("" if here else LIBRARYS)
        words = f"{whose} leave too few to offer it to; a fact, so no change is proposed"
        yield Repair(path, where, old, None, words, False, inf)
