"""The drawn pathway: the same every time, whole in picture and in words, and nothing in its own way."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from avert.library import Library, load_library
from avert.pathway import OwnEffect, Pathway, own_effects, pathway_graph, restricted
from avert.pathway.drawing import GRADES, svg
from worlds import (
    continuous,
    edge,
    effect,
    event,
    intervention,
    leads_to,
    onset,
    open_world,
    state,
    write_world,
)

SVG = "{http://www.w3.org/2000/svg}"
WHOLE = "the whole library"
SUBJECTS = [
    (name, acting) for name in ("falls", "stroke", "dementia", "urinary_infection", WHOLE) for acting in (False, True)
]
each_drawing = pytest.mark.parametrize(("name", "acting"), SUBJECTS)

Box = tuple[float, float, float, float]


@cache
def library() -> Library:
    return load_library()


@cache
def subject(name: str, acting: bool) -> tuple[Pathway, tuple[OwnEffect, ...]]:
    whole = pathway_graph(library())
    pathway = whole if name == WHOLE else restricted(whole, {name}, library())
    services = [one for one in library().interventions.values() if name in (WHOLE, one.pathway)]
    return pathway, own_effects(library(), pathway, services)[0] if acting else ()


@cache
def drawing(name: str, acting: bool) -> str:
    pathway, effects = subject(name, acting)
    return svg(pathway, title=name, interventions=effects)


def boxes(text: str) -> dict[str, Box]:
    """Left, top, right and bottom of each box."""
    found: dict[str, Box] = {}
    for group in ET.fromstring(text).iter(f"{SVG}g"):
        name, rect, path = group.get("data-id"), group.find(f"{SVG}rect"), group.find(f"{SVG}path")
        if name and rect is not None:
            x, y, wide, high = (float(rect.attrib[key]) for key in ("x", "y", "width", "height"))
            found[name] = (x, y, x + wide, y + high)
        elif name and path is not None:  # an intervention's: M x y, along the top, to the point and back
            x, y, top, point, half, *_ = (float(n) for n in re.findall(r"-?[\d.]+", path.attrib["d"]))
            found[name] = (x, y, x + top + point, y + 2 * half)
    return found


def lines(text: str) -> list[ET.Element]:
    return [group for group in ET.fromstring(text).iter(f"{SVG}g") if group.get("class") == "edge"]


def points(data: str) -> list[tuple[float, float]]:
    """Points along path data made of M, H and C."""
    found: list[tuple[float, float]] = []
    x = y = 0.0
    for command, rest in re.findall(r"([MHC])([^MHC]*)", data):
        numbers = [float(n) for n in rest.split()]
        if command == "M":
            x, y = numbers
        elif command == "H":
            found += [(x + (numbers[0] - x) * k / 20, y) for k in range(21)]
            x = numbers[0]
        else:
            x1, y1, x2, y2, x3, y3 = numbers
            for t in (k / 20 for k in range(21)):
                a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
                found.append((a * x + b * x1 + c * x2 + d * x3, a * y + b * y1 + c * y2 + d * y3))
            x, y = x3, y3
    return found


@each_drawing
def test_it_is_an_accessible_picture_of_a_stated_size(name: str, acting: bool) -> None:
    root = ET.fromstring(drawing(name, acting))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.findtext(f"{SVG}title") == name
    assert min(float(text.attrib["font-size"]) for text in root.iter(f"{SVG}text")) >= 12


@each_drawing
def test_every_node_and_line_is_drawn_once(name: str, acting: bool) -> None:
    pathway, effects = subject(name, acting)
    text = drawing(name, acting)
    drawn = [(line.get("data-from"), line.get("data-to")) for line in lines(text)]
    expected = [*pathway.graph.edges, *((effect.intervention, effect.node) for effect in effects)]
    assert len(expected) >= 25
    assert sorted(drawn) == sorted(expected)
    assert set(boxes(text)) == {*pathway.order, *(effect.intervention for effect in effects)}


@each_drawing
def test_every_line_is_told_in_words(name: str, acting: bool) -> None:
    root = ET.fromstring(drawing(name, acting))
    told = root.findtext(f"{SVG}desc") or ""
    words = [line.findtext(f"{SVG}title") or "" for line in lines(drawing(name, acting))]
    assert all(one and one in told for one in words)
    assert len(told) == len(f"{name}.") + sum(len(one) + 1 for one in words)


@each_drawing
def test_boxes_do_not_overlap_and_lie_within_the_picture(name: str, acting: bool) -> None:
    root = ET.fromstring(drawing(name, acting))
    found = boxes(drawing(name, acting))
    for (one, a), (other, b) in combinations(found.items(), 2):
        assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1], f"{one} lies on {other}"
    for left, top, right, bottom in found.values():
        assert 0 <= left < right <= float(root.attrib["width"])
        assert 0 <= top < bottom <= float(root.attrib["height"])


@each_drawing
def test_no_line_runs_behind_a_box(name: str, acting: bool) -> None:
    found = boxes(drawing(name, acting))
    for line in lines(drawing(name, acting)):
        path = line.find(f"{SVG}path")
        assert path is not None
        for x, y in points(path.attrib["d"]):
            under = [box for box, (left, top, right, bottom) in found.items() if left < x < right and top < y < bottom]
            assert not under, f"{line.get('data-from')} → {line.get('data-to')} runs behind {under}"


@each_drawing
def test_lines_run_from_left_to_right(name: str, acting: bool) -> None:
    found = boxes(drawing(name, acting))
    assert all(
        found[line.attrib["data-from"]][2] < found[line.attrib["data-to"]][0] for line in lines(drawing(name, acting))
    )


def test_the_same_graph_gives_the_same_bytes_whatever_order_sets_and_hashes_have() -> None:
    program = (
        "from avert.library import load_library\nfrom avert.pathway import own_effects, pathway_graph\n"
        "from avert.pathway.drawing import svg\nlibrary = load_library()\ngraph = pathway_graph(library)\n"
        "effects = own_effects(library, graph, library.interventions.values())[0][::-1]\n"
        f"import sys; sys.stdout.buffer.write(svg(graph, title={WHOLE!r}, interventions=effects).encode())"
    )
    for seed in ("1", "2"):
        result = subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert result.stdout.decode() == drawing(WHOLE, True)


def small_world(folder: Path) -> tuple[Pathway, tuple[OwnEffect, ...]]:
    plan = open_world(
        write_world(
            folder,
            nodes=[
                state("damp"),
                continuous("pressure"),
                onset("break"),
                event("stay"),
            ],
            edges=[
                edge("damp", "break", {"65-74": 2.06, "75-84": 1.34, "85+": 1.21}, causal="cohort"),
                edge(
                    "pressure",
                    "break",
                    0.73,
                    measure="hazard_ratio",
                    per={"value": -10, "unit": "mmHg"},
                    causal="mendelian",
                ),
                leads_to("break", "stay", 0.257) | {"causal": "judgement", "certainty": "very_low"},
            ],
            interventions=[
                intervention("tablets", effect("pressure", -4.7, "mean_difference")),
                intervention("visits", effect("stay", 0.996, spread=0.001)),
            ],
        )
    )
    graph = pathway_graph(plan.library)
    return graph, own_effects(plan.library, graph, plan.library.interventions.values())[0]


def test_labels_styles_and_words_of_a_small_world(tmp_path: Path) -> None:
    graph, effects = small_world(tmp_path)
    text = svg(graph, title="A & B", interventions=effects, labels={"visits": "Visits <at home>", "unknown": "no"})
    by_ends = {(line.get("data-from"), line.get("data-to")): line for line in lines(text)}
    labels = {ends: [span.text for span in line.iter(f"{SVG}tspan")] for ends, line in by_ends.items()}
    assert labels == {
        ("damp", "break"): ["RR 1.21–2.06"],
        ("pressure", "break"): ["HR 0.73", "per −10 mmHg"],
        ("break", "stay"): ["share 0.26"],
        ("tablets", "pressure"): ["−4.7 mmHg"],
        ("visits", "stay"): ["RR 0.996"],
    }
    dashes = {ends: next(line.iter(f"{SVG}path")).get("stroke-dasharray") for ends, line in by_ends.items()}
    assert dashes == {
        ("damp", "break"): GRADES["cohort"][2],
        ("pressure", "break"): GRADES["mendelian"][2],
        ("break", "stay"): GRADES["judgement"][2],
        ("tablets", "pressure"): GRADES["trial"][2],
        ("visits", "stay"): GRADES["trial"][2],
    }
    assert len({style for _, _, style in GRADES.values()}) == len(GRADES)
    told = ET.fromstring(text).findtext(f"{SVG}desc") or ""
    assert "damp leads to break: rate ratio 1.21 to 2.06 (cohort, or other study" in told
    assert "break leads to stay: share 0.26 (judgement or model; very low certainty)." in told
    assert "Visits <at home> acts on stay: rate ratio 0.996 (randomised trial; high certainty)." in told


def test_effects_on_nodes_outside_the_graph_are_left_out(tmp_path: Path) -> None:
    _, effects = small_world(tmp_path)
    pathway, _ = subject("falls", False)
    assert svg(pathway, title="falls", interventions=effects) == drawing("falls", False)
