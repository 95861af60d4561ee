"""What two plans differ in, by meaning: a default written out, or a list in another order, is no difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from avert.library import choices_in
from avert.plan.difference_words import IS_NOW, IS_THERE, changed_by, in_words, kind_of, record_in_words
from avert.plan.fairness import Minimum
from avert.plan.in_full import PlanInFull
from avert.plan.records import ALL, Plan
from avert.reading import Record

Path_ = tuple[str | int, ...]
WORDS_ONLY = ("label", "actions", "illustrative", "notes")
"""Sections of a plan that change nothing in its answer."""
NOTHING_SAID = {"today": 0.0, "keep_services": 0.0, "equity_weights": 1.0, "each_place_at_least": 0.0}
"""Section → the value that means the same as leaving the line out."""


@dataclass(frozen=True)
class Difference:
    """One thing that plan B says and plan A does not, or the other way round."""

    path: Path_
    """Where it stands: ('limits', 'tai_chi'), or ('area', …) and ('evidence', …) for what plans draw on."""
    in_words: str
    in_a: str
    in_b: str
    where_a: str
    """'file:line', or the file alone where nothing is written."""
    where_b: str
    change: Path_
    """What to take over from B so that this difference, and any other with the same change, goes."""
    answers: bool = True
    """Whether the answer could depend on it."""


@dataclass(frozen=True)
class Entry:
    """One thing a plan says, by meaning."""

    value: Any
    kind: str
    stands: Path_
    """Its place in the plan's file."""
    change: Path_


def plan_differences(a: PlanInFull, b: PlanInFull) -> Iterator[Difference]:
    """Every difference between what two plans say, section by section in the order of the record."""
    ours, theirs = dict(_entries(a)), dict(_entries(b))
    order = list(Plan.model_fields)
    for path in sorted(ours.keys() | theirs.keys(), key=lambda path: (order.index(str(path[0])), str(path))):
        was, now = ours.get(path), theirs.get(path)
        if was and now and was.value == now.value:
            continue
        if path[0] == "evidence_choices" and _readings(a, str(path[1])) == _readings(b, str(path[1])):
            continue  # one plan writes out what the other has by default
        yield _difference(a, b, path, was, now)


def services_to_choose(a: PlanInFull, b: PlanInFull) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Services that may be bought only in A, and only in B."""
    ours, theirs = ({one.id for one in plan.candidates} for plan in (a, b))
    return tuple(sorted(ours - theirs)), tuple(sorted(theirs - ours))


def _entries(plan: PlanInFull) -> Iterator[tuple[Path_, Entry]]:
    for name, field in Plan.model_fields.items():
        value, kind = getattr(plan.record, name), kind_of(field)
        if name == "money":
            for partner in value:
                yield _plainly((name, partner), _yearly_money(plan, partner), "money")
        elif name == "evidence_choices":
            for of in value:
                yield _plainly((name, of), _readings(plan, of), "")
        elif name == "may_pay":
            for partner, allowed in value.items():
                if ALL not in allowed:
                    yield _plainly((name, partner), tuple(sorted(set(allowed))), "")
        elif name == "interventions":
            yield _plainly((name,), ALL if value == ALL else tuple(sorted(set(value))), "")
        elif name == "years":
            yield _plainly((name,), plan.years, "")
        elif name == "lumpy":
            yield from (
                _plainly((name, service), lump, "")
                for service, lump in value.items()
                if lump.start_up or lump.smallest or lump.all_or_nothing
            )
        elif name == "actions":
            yield from _numbered((name,), [(one.what, one) for one in value])
        elif name == "notes":
            yield from _numbered((name,), [(one, True) for one in value])
        else:
            yield from _within(plan, (name,), value, kind)


def _within(plan: PlanInFull, path: Path_, value: Any, kind: str) -> Iterator[tuple[Path_, Entry]]:
    """Entries of a section that needs no rule of its own: mappings by key, names by name, records by field."""
    if isinstance(value, dict):
        for key, one in value.items():
            if one != NOTHING_SAID.get(str(path[-1])):
                yield _plainly((*path, key), one, kind)
    elif isinstance(value, Record):
        for name, field in type(value).model_fields.items():
            yield from _within(plan, (*path, name), getattr(value, name), kind_of(field))
    elif path[-1] in IS_THERE and isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        for name in sorted(set(value)):
            yield (*path, name), Entry(True, kind, _listed(plan, path, name), (*path, name))
    elif isinstance(value, tuple) and value and all(isinstance(one, Record) for one in value):
        yield from _minima(path, value)
    elif value not in (None, (), NOTHING_SAID.get(str(path[-1]))):
        yield _plainly(path, value, kind)


def _plainly(path: Path_, value: Any, kind: str) -> tuple[Path_, Entry]:
    return path, Entry(value, kind, path, path)


def _numbered(path: Path_, named: list[tuple[str, Any]], *, whole: bool = True) -> Iterator[tuple[Path_, Entry]]:
    """Members of a list whose order says nothing, each by its name; a name that comes again counts again."""
    met: dict[str, int] = {}
    for number, (name, value) in enumerate(named):
        met[name] = met.get(name, 0) + 1
        again = f" ({met[name]})" if met[name] > 1 else ""
        yield (*path, name + again), Entry(value, "", (*path, number), path)


def _minima(path: Path_, minima: tuple[Minimum, ...]) -> Iterator[tuple[Path_, Entry]]:
    """Minima by whom they are for and what they count, so that one of another amount is the same one changed."""
    named = []
    for one in minima:
        counts = "spend" if one.spend is not None else "admissions_averted"
        named.append((f"{record_in_words(one, but=(counts,))}, {_plain(counts)}", one))
    for place, entry in _numbered(path, named):
        money = entry.value.spend is not None
        amount = entry.value.spend if money else entry.value.admissions_averted
        yield place, replace(entry, value=amount, kind="money" if money else "a year")


def _listed(plan: PlanInFull, path: Path_, name: str) -> Path_:
    """Where a name of a list stands in the file."""
    written = plan.document.data
    for part in path:
        written = written.get(part, {}) if isinstance(written, dict) else {}
    return (*path, written.index(name)) if isinstance(written, list) and name in written else path


def _yearly_money(plan: PlanInFull, partner: str) -> float | dict[str, float]:
    """What a partner puts in: one amount where it is the same in every year, else year by year."""
    by_year = {year: plan.contribution(partner, year) for year in plan.years}
    return by_year[plan.years[0]] if len(set(by_year.values())) == 1 else by_year


def _readings(plan: PlanInFull, of: str) -> tuple[str, ...]:
    return tuple(choice.central for choice in choices_in(plan.library) if choice.of == of)


def where(plan: PlanInFull, path: Path_) -> str:
    """'file:line' of what stands at `path` or of what it belongs to; the file alone where nothing is written."""
    document = plan.document
    return f"{document.file}:{document.line(path)}" if document.written(path) else document.file


def _difference(a: PlanInFull, b: PlanInFull, path: Path_, was: Entry | None, now: Entry | None) -> Difference:
    one = was or now
    assert one
    section = next((str(part) for part in path if part in IS_NOW or part in IS_THERE), str(path[0]))
    said_a, said_b = _said(a, path, section, was, one), _said(b, path, section, now, one)
    if section == "minimum" and was and now:
        words = f"{IS_THERE[section].format(path[-1])} {_instead(said_a, said_b, was, now)}"
    elif section in IS_THERE:
        name = path[-1] if section != "minimum" else f"{path[-1]} {in_words(one.value, one.kind)}"
        words = f"only in {'A' if was else 'B'}: {IS_THERE[section].format(name)}"
        words += _and_so(a, b, section, str(path[-1]))
    elif section in ("may_pay", "interventions") and was and now and ALL not in (was.value, now.value):
        begins = f"{path[-1]} may pay" if section == "may_pay" else "the money is"
        words = f"{begins} {_moved(set(was.value), set(now.value))}"
    else:
        begins = IS_NOW.get(section, (": ".join(map(_plain, path)) + ":", ""))[0]
        words = f"{begins.format(path[-1])} {_instead(said_a, said_b, was, now)}"
        alone = [mark for mark, plan in zip("AB", (a, b), strict=True) if path[-1] in plan.record.money]
        if section == "may_pay" and len(alone) == 1:
            words += f" (it puts in money only in {alone[0]})"
    change = one.change
    if section in ("may_pay", "carry_over") and (path[-1] in a.record.money) != (path[-1] in b.record.money):
        change = ("money", path[-1])  # a partner comes and goes with all that is said of it
    if isinstance(getattr(a.record, str(path[0])), dict) and any(_short(plan, path[0]) for plan in (a, b)):
        change = path[:1]  # one amount for every year stands for all of them
    in_a, in_b = (where(plan, entry.stands if entry else one.change) for plan, entry in ((a, was), (b, now)))
    return Difference(path, words, said_a, said_b, in_a, in_b, change, section not in WORDS_ONLY)


def _short(plan: PlanInFull, section: str | int) -> bool:
    """Whether a section of `key: value` lines is written as one value."""
    return not isinstance(plan.document.data.get(section, {}), dict)


def _said(plan: PlanInFull, path: Path_, section: str, entry: Entry | None, other: Entry) -> str:
    """What a plan says there, in words."""
    if section == "minimum":
        return in_words(entry.value, entry.kind, "a year") if entry else "no"
    if section in IS_THERE:
        return "yes" if entry else "no"
    _, unit, absent = IS_NOW.get(section, ("", "", "nothing said"))
    if section == "evidence_choices":  # a plan that chooses nothing has a reading in force all the same
        return ", ".join(_readings(plan, str(path[-1])))
    if section == "years":
        return plan.years[0] if len(plan.years) == 1 else f"{plan.years[0]} to {plan.years[-1]}"
    if entry is None:
        return absent
    if section == "money" and isinstance(entry.value, dict):
        return " and ".join(f"{in_words(amount, 'money')} in {year}" for year, amount in entry.value.items())
    if section == "actions":
        return f"{'done' if entry.value.done else 'by ' + entry.value.by}, {entry.value.who}"
    if section == "split":
        return " and ".join(f"{in_words(part, 'share')} by {who}" for who, part in sorted(entry.value.items()))
    if section == "objective":
        return ", then ".join(_weighted(one) for one in entry.value)
    return in_words(entry.value, entry.kind, unit)


def _instead(said_a: str, said_b: str, was: Entry | None, now: Entry | None) -> str:
    """'£1.2m a year instead of £1m (+£200k)': the unit is said once."""
    by = changed_by(was.value, now.value, now.kind) if was and now else ""
    if by and was:
        return f"{said_b} instead of {in_words(was.value, was.kind)}{by}"
    return f"{said_b} instead of {said_a}"


def _weighted(weights: dict[str, float]) -> str:
    if set(weights.values()) == {1.0}:
        return " and ".join(map(_plain, weights))
    return " and ".join(f"{_plain(outcome)} (weight {weight:g})" for outcome, weight in weights.items())


def _moved(was: set[str], now: set[str]) -> str:
    """What a list of services gains and loses."""
    more, less = sorted(now - was), sorted(was - now)
    said = [f"for {', '.join(more)} too"] if more else []
    said += [f"no longer for {', '.join(less)}"] if less else []
    return ", and ".join(said)


def _and_so(a: PlanInFull, b: PlanInFull, section: str, name: str) -> str:
    """What it means for the services to choose from that a name is listed in one plan only."""
    if section == "pathways":
        own, other = (a, b) if name in a.record.pathways else (b, a)
        more = len({i.id for i in own.candidates if i.pathway == name} - {i.id for i in other.candidates})
        return f" ({more} services more to choose from)" if more != 1 else " (1 service more to choose from)"
    if section != "leave_out":
        return ""
    may = [any(one.id == name for one in plan.candidates) for plan in (a, b)]
    if may[0] == may[1]:
        return f", which changes nothing: it may be bought in {'both' if may[0] else 'neither'}"
    return f", so it may be bought only in {'A' if may[0] else 'B'}"


def _plain(name: object) -> str:
    return str(name).replace("_", " ")
