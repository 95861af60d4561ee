"""The pathway graph as a picture: causes left, events right, lines by strength of proof, all in words too."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from types import MappingProxyType

from avert.library.records import Edge
from avert.pathway.effects import OwnEffect
from avert.pathway.graph import Pathway
from avert.pathway.layout import Item, columns, curve, laid_out

KINDS = {  # heading, fill, frame
    "intervention": ("Interventions", "#e6f4ea", "#1e6b34"),
    "risk_factor": ("Risk factors", "#fff4d6", "#7a5600"),
    "condition": ("Conditions", "#e3eefb", "#1c4f91"),
    "event": ("Events counted", "#fbe4e4", "#9b1c1c"),
}
GRADES = {  # words, colour, dashes
    "trial": ("randomised trial", "#1c4f91", "none"),
    "mendelian": ("genetic study (Mendelian randomisation)", "#1e6b34", "16 6"),
    "cohort": ("cohort, or other study without random allocation", "#8a4b00", "7 4"),
    "judgement": ("judgement or model", "#555555", "2 4"),
}
DESIGNS = {"randomised": "trial", "controlled": "cohort", "uncontrolled": "cohort", "modelled": "judgement"}
SHORT = {"rate_ratio": "RR", "risk_ratio": "RR", "hazard_ratio": "HR", "odds_ratio": "OR", "share": "share"}
NOTES = (
    "RR rate or risk ratio, HR hazard ratio, OR odds ratio: above 1 means more events, below 1 fewer.",
    "share: part of the events that arises through the condition. A range (1.2–2.1) runs over the age bands.",
)
NO_LABELS: Mapping[str, str] = MappingProxyType({})
BOX, HEAD, MARGIN, TOP, BELOW = 178.0, 9.0, 28.0, 104.0, 140.0


@dataclass(frozen=True)
class _Line:
    source: str
    target: str
    grade: str
    label: tuple[str, ...]
    words: str


def svg(
    pathway: Pathway,
    *,
    title: str,
    interventions: tuple[OwnEffect, ...] = (),
    labels: Mapping[str, str] = NO_LABELS,
) -> str:
    """The graph as SVG text, the same for the same graph.

    `interventions` adds a column of what acts on the nodes.  `labels` gives names to ids, which otherwise go
    by their records or, for interventions, by the id itself.
    """
    effects = [effect for effect in interventions if effect.node in pathway.graph]
    effects.sort(key=lambda effect: (effect.intervention, effect.node))
    names = {e.intervention: e.intervention.replace("_", " ").capitalize() for e in effects}
    kinds: dict[str, str] = dict.fromkeys(names, "intervention")
    drawn = [name for name in pathway.order if pathway.node(name).kind != "group"]  # a group leads to nothing
    names |= {name: pathway.node(name).label for name in drawn}
    kinds |= {name: pathway.node(name).kind for name in drawn}
    names |= {name: label for name, label in labels.items() if name in names}
    lines = [_acts(pathway, effect, names) for effect in effects]
    lines += [_leads(edge, names) for name in pathway.order for edge in pathway.into(name)]

    boxes = {name: Item(BOX, 18.0 * len(_wrapped(names[name])) + 22, box=True) for name in kinds}
    tags = [Item(7.0 * max(map(len, line.label)) + 8, 15.0 * len(line.label) + 3) for line in lines]
    column = columns(kinds, KINDS, [(line.source, line.target) for line in lines])
    ends = [(line.source, line.target, tag) for line, tag in zip(lines, tags, strict=True)]
    routes, wide, high = laid_out(boxes, column, ends)
    wide, high = max(wide + 2 * MARGIN, 900.0), high + TOP + BELOW

    root = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", role="img")
    root.attrib |= {"width": f"{wide:.0f}", "height": f"{high:.0f}", "viewBox": f"0 0 {wide:.0f} {high:.0f}"}
    _add(root, "title").text = title
    _add(root, "desc").text = " ".join([f"{title}.", *(line.words for line in lines)])
    root.set("font-family", "Helvetica, Arial, sans-serif")
    _add(root, "rect", width="100%", height="100%", fill="#ffffff")
    _text(root, [title], MARGIN, 34, 20, font_weight="bold", text_anchor="start")
    graph = _add(root, "g", transform=f"translate({MARGIN:.0f} {TOP:.0f})")
    _draw_bands(graph, kinds, boxes, high - TOP - BELOW)
    for line, route in zip(lines, routes, strict=True):
        _draw_line(graph, line, route)
    for name, box in boxes.items():
        _draw_box(graph, name, kinds[name], names[name], box)
    _draw_legend(root, {line.grade for line in lines}, high - BELOW + 50)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _wrapped(label: str) -> list[str]:
    return wrap(label, 22)


def _number(value: float) -> str:
    """Two decimals, or more where two would say 0 or 1 or be far off."""
    kept = ((d, round(value, d)) for d in (2, 3, 4))
    fits = (d for d, short in kept if short not in (0, 1) and abs(short - value) < 0.06 * abs(value))
    return f"{value:.{next(fits, 2)}f}".rstrip("0").rstrip(".").replace("-", "−")


def _leads(edge: Edge, names: Mapping[str, str]) -> _Line:
    values = sorted(figure.value for figure in edge.estimate.values())
    sizes = list(dict.fromkeys(_number(value) for value in (values[0], values[-1])))
    per = (f"per {_number(edge.per.value)} {edge.per.unit}",) if edge.per else ()
    said = " ".join((edge.measure.replace("_", " "), " to ".join(sizes), *per))
    words = f"{names[edge.from_]} leads to {names[edge.to]}: {said} {_standing(edge.causal, edge.certainty)}."
    return _Line(edge.from_, edge.to, edge.causal, (f"{SHORT[edge.measure]} {'–'.join(sizes)}", *per), words)


def _acts(pathway: Pathway, effect: OwnEffect, names: Mapping[str, str]) -> _Line:
    unit, grade = pathway.node(effect.node).unit, DESIGNS[effect.record.design]
    plus, size = "+" if effect.value > 0 else "", _number(effect.value)
    size = f"{plus}{size} {unit}" if unit else f"RR {size}"
    said = f"{size.replace('RR', 'rate ratio')} {_standing(grade, effect.record.certainty)}"
    words = f"{names[effect.intervention]} acts on {names[effect.node]}: {said}."
    return _Line(effect.intervention, effect.node, grade, (size,), words)


def _standing(grade: str, certainty: str) -> str:
    return f"({GRADES[grade][0]}; {certainty.replace('_', ' ')} certainty)"


def _add(parent: ET.Element, tag: str, **attributes: str | float) -> ET.Element:
    said = {k.replace("_", "-"): v if isinstance(v, str) else f"{v:.1f}" for k, v in attributes.items()}
    return ET.SubElement(parent, tag, said)


def _text(parent: ET.Element, lines: Sequence[str], x: float, y: float, size: int = 14, **style: str) -> None:
    """Lines of words whose middle is at (x, y)."""
    usual = {"text_anchor": "middle", "fill": "#1a1a1a", "font_size": str(size)}
    text = _add(parent, "text", **(usual | style))
    for number, line in enumerate(lines):
        at = y + (number - (len(lines) - 1) / 2) * (size + 3) + size * 0.35
        _add(text, "tspan", x=x, y=at).text = line


def _draw_bands(graph: ET.Element, kinds: Mapping[str, str], boxes: Mapping[str, Item], high: float) -> None:
    """A heading over each kind, on a band as wide as its columns."""
    for kind, (heading, fill, _) in KINDS.items():
        middles = [boxes[name].x for name in kinds if kinds[name] == kind]
        if middles:
            left, right = min(middles) - BOX / 2 - 10, max(middles) + BOX / 2 + 10
            place = {"x": left, "y": -46.0, "width": right - left, "height": high + 60, "rx": 10.0}
            _add(graph, "rect", **place, fill=fill, opacity="0.45")
            _text(graph, [heading], (left + right) / 2, -26, 15, font_weight="bold")


def _draw_line(graph: ET.Element, line: _Line, route: Sequence[Item]) -> None:
    """A curve broken by its label, with an arrow head; hovering over it shows it in words."""
    _, colour, dashes = GRADES[line.grade]
    group = ET.SubElement(graph, "g", {"class": "edge", "data-from": line.source, "data-to": line.target})
    _add(group, "title").text = line.words
    data, end = curve(route, HEAD), route[-1]
    _add(group, "path", d=data, fill="none", stroke=colour, stroke_width=1.8, stroke_dasharray=dashes)
    tip = f"M{end.x - end.width / 2:.1f} {end.port(route[-2]):.1f}"
    _add(group, "path", d=f"{tip}l{-HEAD:.1f} -4.5v9z", fill=colour)
    _text(group, line.label, route[1].x, route[1].y, 12)


def _draw_box(graph: ET.Element, name: str, kind: str, label: str, box: Item) -> None:
    """Interventions point, risk factors are round, conditions square, events framed twice."""
    style = {"fill": KINDS[kind][1], "stroke": KINDS[kind][2], "stroke_width": "1.6"}
    x, y, w, h = box.x - box.width / 2, box.y - box.height / 2, box.width, box.height
    group = ET.SubElement(graph, "g", {"class": f"node {kind}", "data-id": name, "data-label": label})
    if kind == "intervention":
        _add(group, "path", d=f"M{x:.1f} {y:.1f}h{w - 10:.1f}l10 {h / 2:.1f}l-10 {h / 2:.1f}H{x:.1f}z", **style)
    for gap in {"event": (0, 4), "intervention": ()}.get(kind, (0,)):
        place = {"x": x + gap, "y": y + gap, "width": w - 2 * gap, "height": h - 2 * gap}
        _add(group, "rect", **place, rx=16.0 * (kind == "risk_factor"), **style)
    _text(group, _wrapped(label), box.x - 3 * (kind == "intervention"), box.y)


def _draw_legend(root: ET.Element, used: set[str], y: float) -> None:
    """What each line means, of those that are drawn."""
    x = MARGIN
    for words, colour, dashes in (GRADES[grade] for grade in GRADES if grade in used):
        _add(root, "path", d=f"M{x:.1f} {y:.1f}h40", stroke=colour, stroke_width=2.2, stroke_dasharray=dashes)
        _text(root, [words], x + 48, y, 13, text_anchor="start")
        x += 72 + 6.6 * len(words)
    for number, note in enumerate(NOTES):
        _text(root, [note], MARGIN, y + 30 + 22 * number, 13, text_anchor="start")
