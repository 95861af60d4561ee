"""Starter files for a new plan and its area: in order as they stand, commented, and without a decision made up."""

from __future__ import annotations

import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping

from avert.library import Library, choices_in
from avert.library.records import NEVER_BOUGHT, Intervention
from avert.plan.area_file import AreaFile
from avert.plan.new_area import NewArea
from avert.plan.records import Plan
from avert.reading import Record, descriptions

ANSWERS = (
    "label", "years", "prices", "money", "money_is", "pathways",
    "may_pay", "today", "limits", "staff", "fairness", "illustrative",
)  # fmt: skip
"""Keys of a plan whose values its author is asked for: the rest can wait, as comments."""
YEARS = "2026/27 to 2030/31"
PLACEHOLDER = "£1m a year"
"""Not a decision of anybody: what stands under `money` is listed under `illustrative` until it is answered."""
STANDING = ("recommended", "promising", "uncertain", *NEVER_BOUGHT)
BEYOND_PATHWAYS = "all_causes"
WIDTH = 116


def plan_starter(area: str, label: str, library: Library) -> str:
    """The text of a starter plan for an area: it loads as it stands and asks for `ANSWERS`.

    Every other key of a plan follows as a comment with its description and an example in the words of the library.
    """
    given, examples = _given(area, label, library), examples_of_keys(library)
    lines = [
        "# yaml-language-server: $schema=./plan.schema.json",
        f"# {label}: a plan to be filled in, in order as it stands. {len(ANSWERS)} lines ask for an answer, marked",
        f"# from 'answer 1' to 'answer {len(ANSWERS)}'; {{}} stands for none. Lines that begin with # are comments.",
        "# Services, and the names by which a plan calls them: avert evidence list",
    ]
    for key in ("area", *ANSWERS, "notes"):
        number = ANSWERS.index(key) + 1 if key in ANSWERS else 0
        lines += ["", *_comment(Plan, key, f"answer {number}: " if number else "")]
        if number and key in examples and examples[key] != given[key]:
            lines += _wrapped(f"As in: {examples[key]}")
        lines.append(f"{key}: {given[key]}")
    lines += ["", "# What else a plan may say: take the # away before a key and change what follows it."]
    for key in Plan.model_fields:
        if key not in given:
            lines += ["#", *_comment(Plan, key), f"# {key}: {examples.get(key, _default(Plan, key))}"]
    return "\n".join(lines) + "\n"


def _given(area: str, label: str, library: Library) -> dict[str, str]:
    """What stands behind the keys that are there."""
    prices = Plan.model_fields["prices"].default
    index = library.price_index.index
    pathways = [name for name in library.pathways if name != BEYOND_PATHWAYS] or list(library.pathways)
    return {
        "area": area,
        "label": quoted(f"{label} prevention plan"),
        "years": YEARS,
        "prices": prices if prices in index else max(index),
        "money": "{" + ", ".join(f"{partner}: {PLACEHOLDER}" for partner in _partners(library)) + "}",
        "money_is": "additional",
        "pathways": f"[{', '.join(pathways)}]",
        "may_pay": "{}",
        "today": "{}",
        "limits": "{}",
        "staff": "{}",
        "fairness": "{}",
        "illustrative": "[money]",
        "notes": "[What is listed under 'illustrative' is an example that no partner has decided on.]",
    }


def _partners(library: Library) -> tuple[str, ...]:
    """Two partners who usually pay, the most frequent first; council where the library names fewer."""
    paying = Counter(name for one in _candidates(library) for name in one.partners.pays)
    usual = sorted(paying, key=lambda name: (-paying[name], name))[:2]
    return tuple(dict.fromkeys([*usual, "icb", "council"]))[:2]


def _candidates(library: Library) -> list[Intervention]:
    """Services a plan may buy, the well-proven ones of a pathway first, for examples."""
    found = [one for one in library.interventions.values() if one.funding == "candidate"]
    return sorted(found, key=lambda one: (one.pathway == BEYOND_PATHWAYS, STANDING.index(one.status), one.id))


def examples_of_keys(library: Library) -> dict[str, str]:
    """Key → what could stand behind it in a plan on this library; each holds in a starter plan as it is."""
    one, other = _partners(library)
    found = {
        "label": "Prevention plan for older people",
        "years": YEARS,
        "money": f"{{{one}: £1.2m a year, {other}: 850k}}",
        "money_is": "everything",
        "carry_over": f"[{one}]",
        "objective": "{admissions: 1, long_term_care_entries: 3}",
        "target": "{admissions: 1}",
        "evidence": "published",
        "evidence_rule": "chain",
        "take_up": "same_people",
        "realism": "80%",
        "largest_package": "2",
        "years_counted_beyond": "3",
        "fairness": "{each_place_at_least: 60% of its head share}",
        "illustrative": "[money, limits]",
        "actions": f"[{{what: Agree the contract, who: {other}, by: 2026-09-30}}]",
    }
    candidates = _candidates(library)
    if candidates:
        found |= _examples_of_services(candidates, one, other)
    for choice in choices_in(library):
        found.setdefault("evidence_choices", f"{{{choice.of}: {choice.others[0]}}}")
    refused = [name for name, i in library.interventions.items() if i.status in NEVER_BOUGHT and not i.not_found]
    if refused:
        found["buy_anyway"] = f"{{{refused[0]}: a trial of our own}}"
    return found


def _examples_of_services(candidates: list[Intervention], one: str, other: str) -> dict[str, str]:
    """Examples that name a service."""
    service, last = candidates[0].id, candidates[min(1, len(candidates) - 1)].id
    roles = [role for each in candidates for role in each.staff_hours]
    staff = {"staff": f"{{{roles[0]}: 3,000 hours a year}}"} if roles else {}
    return staff | {
        "interventions": f"[{service}]" if service == last else f"[{service}, {last}]",
        "leave_out": f"[{last}]",
        "may_pay": f"{{{one}: all, {other}: [{service}]}}",
        "split": f"{{{service}: {{{one}: 40%, {other}: 60%}}}}",
        "today": f"{{{service}: 40 people a year}}",
        "limits": f"{{{service}: 4,000 places a year}}",
        "keep_services": f"{{{service}: 80%}}",
        "ramp_up": f"{{{service}: {{first_year: 200 people a year, growth: 50%}}}}",
        "lumpy": f"{{{service}: {{start_up: £20k, smallest: 100 people a year}}}}",
    }


def area_starter(area: str, label: str, new: NewArea, population: str, library: Library) -> str:
    """The text of an area file: places, the table of people beside it, and every other key as a comment."""
    given: dict[str, list[str]] = {
        "id": [f"id: {area}"],
        "label": [f"label: {quoted(label)}"],
        "places": ["places:", *(line for place in new.places for line in _place(place))],
        "population": [f"population: {population}"],
    }
    if new.sources:
        given["sources"] = ["sources:", *(f"  {key}: {quoted(words)}" for key, words in new.sources.items())]
    notes = [*new.notes, *(library.population.notes_for_areas if library.population else ())]
    given["notes"] = ["notes:", *(line for note in notes for line in _note(note))]
    lines = [f"# {label}: who lives here. Lines that begin with # are comments: take the # away where you know more."]
    for key in AreaFile.model_fields:
        lines += ["", *_comment(AreaFile, key), *given.get(key, [f"# {key}:"])]
    return "\n".join(lines) + "\n"


def _note(words: str) -> list[str]:
    """A note as an item of a list, folded where it is long."""
    if len(words) < WIDTH - 10:
        return [f"  - {quoted(words)}"]
    return [
        "  - >-",
        *textwrap.wrap(words, WIDTH, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False),
    ]


def _place(place: Record) -> Iterator[str]:
    mark = "  - "
    for key, value in place:
        if value is not None:
            yield f"{mark}{key}: {quoted(value) if isinstance(value, str) else f'{value:g}'}"
            mark = "    "


def population_csv(new: NewArea) -> str:
    """The table of people, one row for each place and age band."""
    rows = [f"{one.place},{one.age},{one.people:.15g},{one.year},{one.source}" for one in new.people]
    return "\n".join(["place,age_band,people,year,source", *rows]) + "\n"


def quoted(words: str) -> str:
    """Words as YAML takes them: as they are where they can be nothing else, otherwise between quotes."""
    plain = re.fullmatch(r"[^\W\d][\w .()/&'-]*", words) and not words.endswith(" ")
    return words if plain and words.casefold() not in _NOT_WORDS else json.dumps(words, ensure_ascii=False)


_NOT_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}


def _comment(record: type[Record], key: str, before: str = "") -> list[str]:
    """The record's own description of a key, as comment lines."""
    return _wrapped(before + " ".join(descriptions(record)[key].split()))


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(
        words, WIDTH, initial_indent="# ", subsequent_indent="#   ", break_long_words=False, break_on_hyphens=False
    )


def _default(record: type[Record], key: str) -> str:
    """What holds if a key is left out, as YAML; empty where nothing does."""
    default = record.model_fields[key].get_default(call_default_factory=True)
    if isinstance(default, Mapping):
        return "{}"
    if isinstance(default, tuple):
        return "[]"
    return "" if default is None or isinstance(default, Record) else json.dumps(default).strip('"')
