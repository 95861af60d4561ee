"""What a plan takes for granted, in lines: its choices, then its figures, record by record or one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from avert.plan.assumptions import Assumption


def assumptions_in_words(found: Sequence[Assumption], *, every_one: bool) -> Iterator[str]:
    """Choices of the plan one by one; figures nobody saw one by one too, or counted for each record with the widest."""
    choices = [one for one in found if not one.record]
    figures: dict[str, list[Assumption]] = {}
    for one in found:
        if one.record:
            figures.setdefault(one.record, []).append(one)
    number = len(found) - len(choices)
    yield f"{len(found)} assumptions: {len(choices)} choices, and {number} figures that nobody saw in their source."
    yield from (f"  {_in_full(one)}" for one in choices)
    if every_one:
        yield from (f"  {_in_full(one)}" for mine in figures.values() for one in mine)
    elif number:
        yield "Figures nobody saw, by record, each with the one whose range is widest for its size (--all lists all):"
        for record, mine in figures.items():
            widest = max(mine, key=lambda one: one.width)
            yield f"  {record}: {len(mine)}; {widest.what.removeprefix(f'{record} / ')} = {widest.value}"
        yield "'avert evidence gaps PLAN' puts those first that the answer moves with most."


def _in_full(one: Assumption) -> str:
    return f"{one.where}: {one.what} = {one.value} — {one.why}"
