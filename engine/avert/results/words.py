"""Groups, ages and years in words."""

from __future__ import annotations

from collections.abc import Iterable

from avert.pathway import Groups


def age_in_words(age: str) -> str:
    """'75-84' → '75–84', '85+' → '85 and over'."""
    return f"{age[:-1]} and over" if age.endswith("+") else age.replace("-", "–")


def settings(groups: Groups) -> tuple[str, ...]:
    """Factors that say where people live: those some event is not for."""
    pathway = groups.pathway
    barred = {factor for event in pathway.events for factor in pathway.node(event).not_for}
    return tuple(factor for factor in groups.factors if factor in barred)


def group_in_words(groups: Groups, group: int) -> str:
    """A group in words: '75–84, fallen in the last year, living at home'."""
    return groups_in_words(groups, [group])[group]


def groups_in_words(groups: Groups, wanted: Iterable[int]) -> dict[int, str]:
    """Group → the group in words."""
    says_where, said = settings(groups), {factor: groups.pathway.node(factor).words for factor in groups.factors}
    found = {}
    for group in wanted:
        age, profile = divmod(group, len(groups.flags))
        words, where = [], []
        for factor, has in zip(groups.factors, groups.flags[profile].tolist(), strict=True):
            means = said[factor]
            assert means is not None  # every factor that tells groups apart states its words
            if factor in says_where:
                where.append(means.has if has else means.has_not)
            elif has:
                words.append(means.has)
        found[group] = ", ".join([age_in_words(groups.ages[age]), *(words or ["no known risk factor"]), *where])
    return found
