"""The pathway graph as a picture: columns from cause to event, lines by strength of proof, and all of it in words."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap
from types import MappingProxyType

from avert.library.records import Edge
from avert.pathway.effects import OwnEffect
from avert.pathway.graph import Pathway
from avert.pathway.layout import Item, laid_out

KINDS = {
    "intervention": ("Interventions", "#e6f4ea", "#1e6b34"),
    "risk_factor": ("Risk factors", "#fff4d6", "#7a5600"),
    "condition": ("Conditions", "#e3eefb", "#1c4f91"),
    "event": ("Events counted", "#fbe4e4", "#9b1c1c"),
}
GRADES = {
    "trial": ("randomised trial", "#1c4f91", "none"),
    "mendelian": ("genetic study (Mendelian randomisation)", "#1e6b34", "16 6"),
    "cohort": ("cohort, or other study without random allocation", "#8a4b00", "7 4"),
    "judgement": ("judgement or model", "#555555", "2 4"),
}
GRADE_OF_DESIGN = {
    "randomised": "trial",
    "controlled": "cohort",
    "uncontrolled": "cohort",
    "modelled": "judgement",
}
SHORT = {"rate_ratio": "RR", "risk_ratio": "RR", "hazard_ratio": "HR", "odds_ratio": "OR", "share": "share"}
NOTES = (
    "RR rate or risk ratio, HR hazard ratio, OR odds ratio: above 1 means more events, below 1 fewer.",
    "share: part of the events that arises through the condition. A range (1.2–2.1) runs over the age bands.",
)
NO_LABELS: Mapping[str, str] = MappingProxyType({})
BOX, MARGIN, TOP = 178.0, 24.0, 104.0


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

    `interventions` adds a column of what acts on the nodes; `labels` gives ids other names than their records
    do, and interventions theirs.
    """
    effects = sorted(
        (e for e in interventions if e.node in pathway.graph), key=lambda e: (e.intervention, e.node)
    )
    names = {effect.intervention: effect.intervention.replace("_", " ").capitalize() for effect in effects}
    kinds = dict.fromkeys(names, "intervention")
    names |= {name: pathway.node(name).label for name in pathway.order}
    kinds |= {name: pathway.node(name).kind for name in pathway.order}
    names |= {name: label for name, label in labels.items() if name in names}
    lines = [_acts(pathway, effect, names) for effect in effects]
    lines += [_leads(edge, names) for name in pathway.order for edge in pathway.into(name)]
    boxes = {name: Item(BOX, 18.0 * len(_wrapped(names[name])) + 22, box=True) for name in kinds}
    tags = [Item(7.0 * max(map(len, line.label)), 15.0 * len(line.label) + 3) for line in lines]
    ends = [(line.source, line.target, tag) for line, tag in zip(lines, tags, strict=True)]
    routes, wide, high = laid_out(boxes, _columns(kinds, lines), ends, TOP, MARGIN)
    wide = max(wide, 900.0)

    root = ET.Element(
        "svg", xmlns="http://www.w3.org/2000/svg", role="img", viewBox=f"0 0 {wide:.0f} {high + 150:.0f}"
    )
    root.attrib |= {
        "width": f"{wide:.0f}",
        "height": f"{high + 150:.0f}",
        "font-family": "Helvetica, Arial, sans-serif",
    }
    ET.SubElement(root, "title").text = title
    ET.SubElement(root, "desc").text = " ".join([f"{title}.", *(line.words for line in lines)])
    ET.SubElement(root, "rect", width="100%", height="100%", fill="#ffffff")
    _text(root, [title], MARGIN, 34, size="20", weight="bold", anchor="start")
    _draw_bands(root, kinds, boxes, high)
    for line, route in zip(lines, routes, strict=True):
        _draw_line(root, line, route)
    for name, box in boxes.items():
        _draw_box(root, name, kinds[name], names[name], box)
    _draw_legend(root, high + 50)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _wrapped(label: str) -> list[str]:
    return wrap(label, 22)


def _number(value: float) -> str:
    """Two decimals, or more where two would say 0 or 1 or be far off."""
    fits = (
        d
        for d in (2, 3, 4)
        if round(value, d) not in (0, 1) and abs(round(value, d) - value) <= 0.06 * abs(value)
    )
    text = f"{value:.{next(fits, 2)}f}"
    return text.rstrip("0").rstrip(".").replace("-", "−")


def _leads(edge: Edge, names: Mapping[str, str]) -> _Line:
    values = sorted(figure.value for figure in edge.estimate.values())
    ends = list(dict.fromkeys(_number(value) for value in (values[0], values[-1])))
    per = (f"per {_number(edge.per.value)} {edge.per.unit}",) if edge.per else ()
    size = " ".join((edge.measure.replace("_", " "), " to ".join(ends), *per))
    words = f"{names[edge.from_]} leads to {names[edge.to]}: {size} {_standing(edge.causal, edge.certainty)}."
    return _Line(edge.from_, edge.to, edge.causal, (f"{SHORT[edge.measure]} {'–'.join(ends)}", *per), words)


def _acts(pathway: Pathway, effect: OwnEffect, names: Mapping[str, str]) -> _Line:
    unit, grade = pathway.node(effect.node).unit, GRADE_OF_DESIGN[effect.record.design]
    plus = "+" if unit and effect.value > 0 else ""
    size = f"{plus}{_number(effect.value)} {unit}" if unit else f"RR {_number(effect.value)}"
    said = f"{size.replace('RR', 'rate ratio')} {_standing(grade, effect.record.certainty)}"
    return _Line(
        effect.intervention,
        effect.node,
        grade,
        (size,),
        f"{names[effect.intervention]} acts on {names[effect.node]}: {said}.",
    )


def _standing(grade: str, certainty: str) -> str:
    return f"({GRADES[grade][0]}; {certainty.replace('_', ' ')} certainty)"


def _columns(kinds: Mapping[str, str], lines: Sequence[_Line]) -> dict[str, int]:
    """Kinds from left to right, and within a kind causes before effects."""
    column: dict[str, int] = {}
    for kind in KINDS:
        start = max(column.values(), default=-1) + 1
        for name in (
            name for name in kinds if kinds[name] == kind
        ):  # in the pathway's order, so causes come first
            before = [column[e.source] + 1 for e in lines if e.target == name and kinds[e.source] == kind]
            column[name] = max([start, *before])
    return column


def _text(
    parent: ET.Element,
    lines: Sequence[str],
    x: float,
    y: float,
    *,
    size: str = "14",
    weight: str = "normal",
    anchor: str = "middle",
) -> ET.Element:
    style = {"font-size": size, "font-weight": weight, "text-anchor": anchor, "fill": "#1a1a1a"}
    text = ET.SubElement(parent, "text", style)
    for number, line in enumerate(lines):
        at = y + (number - (len(lines) - 1) / 2) * (float(size) + 3) + float(size) * 0.35
        ET.SubElement(text, "tspan", x=f"{x:.1f}", y=f"{at:.1f}").text = line
    return text


def _draw_bands(root: ET.Element, kinds: Mapping[str, str], boxes: Mapping[str, Item], high: float) -> None:
    """A heading over each kind, on a band as wide as its columns."""
    for kind, (heading, fill, _) in KINDS.items():
        places = [boxes[name].x for name in kinds if kinds[name] == kind]
        if places:
            left, right = min(places) - BOX / 2 - 10, max(places) + BOX / 2 + 10
            band = {
                "x": f"{left:.1f}",
                "y": "56",
                "width": f"{right - left:.1f}",
                "height": f"{high - 40:.1f}",
                "rx": "10",
            }
            ET.SubElement(root, "rect", band | {"fill": fill, "opacity": "0.45"})
            _text(root, [heading], (left + right) / 2, 76, size="15", weight="bold")


def _draw_line(root: ET.Element, line: _Line, route: Sequence[Item]) -> None:
    _, colour, dashes = GRADES[line.grade]
    group = ET.SubElement(root, "g", {"class": "edge", "data-from": line.source, "data-to": line.target})
    ET.SubElement(group, "title").text = line.words
    path = ""
    for one, other in pairwise(route):
        x, y, to_x, to_y = one.x + one.width / 2, one.port(other), other.x - other.width / 2, other.port(one)
        to_x -= 8 * other.box
        bend = (to_x - x) / 2
        path += f"{' L' if path else 'M'}{x:.1f},{y:.1f} C{x + bend:.1f},{y:.1f} {to_x - bend:.1f},{to_y:.1f} {to_x:.1f},{to_y:.1f}"
    cap = "round" if line.grade == "judgement" else "butt"
    stroke = {"stroke": colour, "stroke-width": "1.8", "stroke-dasharray": dashes, "stroke-linecap": cap}
    ET.SubElement(group, "path", {"d": path, "fill": "none"} | stroke)
    ET.SubElement(group, "path", d=f"M{to_x + 8:.1f},{to_y:.1f} l-9,-4.5 v9 z", fill=colour)
    tag = _text(group, line.label, route[1].x, route[1].y, size="12")
    tag.attrib |= {
        "stroke": "#ffffff",
        "stroke-width": "4",
        "stroke-linejoin": "round",
        "paint-order": "stroke",
    }


def _draw_box(root: ET.Element, name: str, kind: str, label: str, box: Item) -> None:
    """Colour and shape by kind: interventions point, risk factors are round, conditions square, events framed twice."""
    _, fill, stroke = KINDS[kind]
    x, y, w, h = box.x - box.width / 2, box.y - box.height / 2, box.width, box.height
    group = ET.SubElement(root, "g", {"class": f"node {kind}", "data-id": name})
    frame = {"fill": fill, "stroke": stroke, "stroke-width": "1.6"}
    if kind == "intervention":
        points = ((x, y), (x + w - 10, y), (x + w, box.y), (x + w - 10, y + h), (x, y + h))
        ET.SubElement(group, "polygon", frame | {"points": " ".join(f"{a:.1f},{b:.1f}" for a, b in points)})
    for inset in (0.0, 4.0) if kind == "event" else (0.0,) if kind != "intervention" else ():
        size = {"x": x + inset, "y": y + inset, "width": w - 2 * inset, "height": h - 2 * inset}
        corner = {"rx": "16"} if kind == "risk_factor" else {}
        ET.SubElement(group, "rect", frame | corner | {key: f"{value:.1f}" for key, value in size.items()})
    _text(group, _wrapped(label), box.x - 3 * (kind == "intervention"), box.y)


def _draw_legend(root: ET.Element, y: float) -> None:
    x = MARGIN
    for words, colour, dashes in GRADES.values():
        stroke = {"stroke": colour, "stroke-width": "2.2", "stroke-dasharray": dashes}
        ET.SubElement(root, "path", {"d": f"M{x:.1f},{y:.1f} h40"} | stroke)
        _text(root, [words], x + 48, y, size="13", anchor="start")
        x += 72 + 6.6 * len(words)
    for number, note in enumerate(NOTES):
        _text(root, [note], MARGIN, y + 30 + 22 * number, size="13", anchor="start")
