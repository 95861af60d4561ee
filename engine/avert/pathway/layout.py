"""A layered layout for drawings of graphs: boxes in columns, lines between them and never behind them.

After Sugiyama, Tagawa and Toda (1981): every line is a chain of items, one per layer, so that its label and
the places where it passes a column are kept free like boxes.  Layers with an even number hold boxes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean

BEND = 48.0  # room on either side of the labels in which lines change height
LABEL_GAP, BOX_GAP = 6.0, 18.0
FIRM = 1e4  # weight of what should stay where it is
PORT = 14.0  # height of a box that each line to it takes up


@dataclass(eq=False)
class Item:
    """A box, the label of a line, or a place where a long line passes a column."""

    width: float
    height: float
    box: bool = False
    left: list[Item] = field(default_factory=list)
    right: list[Item] = field(default_factory=list)
    x: float = 0.0
    """Centre.  While the order is sought: the place within the layer, from 0 to 1."""
    y: float = 0.0
    room: float = 0.0
    """Width of the layer, across which lines run straight, so that they pass beside labels and boxes."""

    @property
    def passes(self) -> bool:
        """True where a line only passes a column."""
        return not self.width

    def port(self, other: Item) -> float:
        """Height at which the line to a neighbour meets this item's side: each has a place of its own."""
        side = sorted(self.left if other in self.left else self.right, key=lambda item: item.y)
        return self.y + (self.height - PORT) * ((side.index(other) + 0.5) / len(side) - 0.5)


Layers = list[list[Item]]


def columns(kinds: Mapping[str, str], ranks: Iterable[str], links: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The column of each name: kinds in order of rank, within a kind causes (named first) before effects."""
    column: dict[str, int] = {}
    for kind in ranks:
        start = max(column.values(), default=-1) + 1
        for name in (name for name in kinds if kinds[name] == kind):
            before = [column[cause] + 1 for cause, effect in links if effect == name and kinds[cause] == kind]
            column[name] = max([start, *before])
    return column


def laid_out(
    boxes: Mapping[str, Item], column: Mapping[str, int], lines: Sequence[tuple[str, str, Item]]
) -> tuple[list[list[Item]], float, float]:
    """Give every item its place from (0, 0); returns each line's items, source to target, and the size used.

    `lines` holds source, target and label; `column` counts from 0, and every line runs to a higher one.
    """
    layers: Layers = [[] for _ in range(2 * max(column.values(), default=0) + 1)]
    for name, box in boxes.items():
        layers[2 * column[name]].append(box)
    routes = []
    for source, target, label in lines:
        first, last = 2 * column[source], 2 * column[target]
        between = [label, *(Item(0, 6) for _ in range(first + 2, last))]
        routes.append([boxes[source], *between, boxes[target]])
        for number, item in enumerate(between, first + 1):
            layers[number].append(item)
        for one, other in pairwise(routes[-1]):
            one.right.append(other)
            other.left.append(one)
    for box in boxes.values():
        box.height = max(box.height, PORT * max(len(box.left), len(box.right)))
    _put_in_order(layers)
    return routes, _put_side_by_side(layers), _put_at_heights(layers)


def curve(route: Sequence[Item], head: float) -> str:
    """SVG path data of a line, open at its label, that stops short of its target by the arrow's `head`."""
    label, path = route[1], ""
    for one, other in pairwise(route):
        x, y, at = one.x + one.room / 2, one.port(other), other.port(one)
        end = other.x - other.room / 2 - head * (other is route[-1])
        starts = f"M{label.x + label.width / 2:.1f} {y:.1f}H{x:.1f}" if one is label else f"H{x:.1f}"
        path += starts if path else f"M{x:.1f} {y:.1f}"
        path += f"C{(x + end) / 2:.1f} {y:.1f} {(x + end) / 2:.1f} {at:.1f} {end:.1f} {at:.1f}"
        path += f"H{label.x - label.width / 2:.1f}" if other is label else ""
    return path


def _put_in_order(layers: Layers) -> None:
    """Sort each layer by the mean place of its neighbours, to and fro; keep what crosses least."""
    for layer in layers:
        _number(layer)
    best, fewest = [list(layer) for layer in layers], _crossings(layers)
    for sweep in range(40):
        rightwards = sweep % 2 == 1
        for layer in layers if rightwards else reversed(layers):
            for item in layer:
                item.y = fmean([n.x for n in (item.left if rightwards else item.right)] or [item.x])
            layer.sort(key=lambda item: item.y)
            _number(layer)
        if (count := _crossings(layers)) < fewest:
            best, fewest = [list(layer) for layer in layers], count
    layers[:] = best


def _number(layer: list[Item]) -> None:
    for place, item in enumerate(layer):
        item.x = (place + 0.5) / len(layer)


def _crossings(layers: Layers) -> int:
    total = 0
    for layer in layers:
        ends = [(one.x, other.x) for one in layer for other in one.right]
        total += sum((a - c) * (b - d) < 0 for n, (a, b) in enumerate(ends) for c, d in ends[:n])
    return total


def _put_side_by_side(layers: Layers) -> float:
    x = 0.0
    for number, layer in enumerate(layers):
        wide, bend = max((item.width for item in layer), default=0), BEND * (number % 2)
        for item in layer:
            item.x, item.room = x + wide / 2 + bend, wide
        x += wide + 2 * bend
    return x


def _put_at_heights(layers: Layers) -> float:
    """Heights without overlap: neighbours near one another, then long lines level up to their last bend."""
    for layer in layers:
        _keep_apart(layer, [0.0] * len(layer), [1.0] * len(layer))
    for sweep in range(200):
        for layer in layers if sweep % 2 else reversed(layers):
            pulls = [sum(_pull(item, other) for other in item.left + item.right) or 1.0 for item in layer]
            _keep_apart(layer, [_pulled_to(item) for item in layer], pulls)
    for layer in layers:
        level = [item.left[0].port(item) if item.passes else item.y for item in layer]
        _keep_apart(layer, level, [1.0 if item.passes else FIRM for item in layer])
    items = [item for layer in layers for item in layer]
    top = min((item.y - item.height / 2 for item in items), default=0)
    for item in items:
        item.y -= top
    return max((item.y + item.height / 2 for item in items), default=0)


def _pull(one: Item, other: Item) -> float:
    return (8.0, 2.0, 1.0)[one.box + other.box]


def _pulled_to(item: Item) -> float:
    beside = item.left + item.right
    pulls = [_pull(item, other) for other in beside]
    return fmean([item.y - item.port(other) + other.port(item) for other in beside], pulls) if beside else item.y


def _keep_apart(layer: Sequence[Item], wanted: Sequence[float], weights: Sequence[float]) -> None:
    """The heights nearest to those wanted, in weighted least squares, at which neighbours do not touch.

    With the least distances taken off, heights need only not fall: pool adjacent violators.
    """
    offsets, blocks = [0.0], list[tuple[float, float, int]]()
    for above, below in pairwise(layer):
        gap = BOX_GAP if above.box and below.box else LABEL_GAP
        offsets.append(offsets[-1] + (above.height + below.height) / 2 + gap)
    for want, offset, weight in zip(wanted, offsets, weights, strict=False):
        total, count = (want - offset) * weight, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / weight:
            before = blocks.pop()
            total, weight, count = total + before[0], weight + before[1], count + before[2]
        blocks.append((total, weight, count))
    heights = [total / weight for total, weight, count in blocks for _ in range(count)]
    for item, height, offset in zip(layer, heights, offsets, strict=False):
        item.y = height + offset
