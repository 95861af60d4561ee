"""A layered layout for drawings of graphs: boxes in columns, lines that pass between boxes and never behind them.

After Sugiyama, Tagawa and Toda (1981): every line is a chain of items, one per layer, so that its label and
the places where it passes a column are kept free like boxes.  Layers with an even number hold boxes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean

BEND = 40.0  # room on either side of the labels in which lines change height
LABEL_GAP, BOX_GAP = 6.0, 18.0


@dataclass(eq=False)
class Item:
    """A box, the label of a line, or (with no size to speak of) a place where a long line passes."""

    width: float
    height: float
    box: bool = False
    left: list[Item] = field(default_factory=list)
    right: list[Item] = field(default_factory=list)
    x: float = 0.0
    """Centre.  While the order is sought: the place within the layer, from 0 to 1."""
    y: float = 0.0

    def port(self, other: Item) -> float:
        """Height at which the line to a neighbour meets this item's side: a place of its own, in order."""
        side = sorted(self.left if other in self.left else self.right, key=lambda item: item.y)
        return (
            self.y + (self.height - 14) * ((side.index(other) + 0.5) / len(side) - 0.5)
            if self.box
            else self.y
        )


Layers = list[list[Item]]


def laid_out(
    boxes: Mapping[str, Item],
    column: Mapping[str, int],
    lines: Sequence[tuple[str, str, Item]],
    top: float,
    margin: float,
) -> tuple[list[list[Item]], float, float]:
    """Give every item its place; returns each line's items from source to target, and the width and height used.

    `lines` holds source, target and label; `column` counts from 0 and every line runs to a higher one.
    """
    layers: Layers = [[] for _ in range(2 * max(column.values(), default=0) + 1)]
    for name, box in boxes.items():
        layers[2 * column[name]].append(box)
    routes = []
    for source, target, label in lines:
        first, last = 2 * column[source], 2 * column[target]
        between = [label, *(Item(0, 8) for _ in range(first + 2, last))]
        routes.append([boxes[source], *between, boxes[target]])
        for layer, item in enumerate(between, first + 1):
            layers[layer].append(item)
        for one, other in pairwise(routes[-1]):
            one.right.append(other)
            other.left.append(one)
    for box in boxes.values():
        box.height = max(box.height, 14.0 * max(len(box.left), len(box.right)))
    _put_in_order(layers)
    width = _put_side_by_side(layers, margin)
    return routes, width, _put_at_heights(layers, top)


def _put_in_order(layers: Layers) -> None:
    """Sort each layer by the mean place of its neighbours, to and fro; keep the order with the fewest crossings."""
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


def _put_side_by_side(layers: Layers, margin: float) -> float:
    x = margin
    for number, layer in enumerate(layers):
        wide = max((item.width for item in layer), default=0) + 2 * BEND * (number % 2)
        for item in layer:
            item.x = x + wide / 2
        x += wide
    return x + margin


def _put_at_heights(layers: Layers, top: float) -> float:
    """Heights without overlap, lines as straight as that allows."""
    for layer in layers:
        _keep_apart(layer, [0.0] * len(layer))
    for sweep in range(80):
        for layer in layers if sweep % 2 else reversed(layers):
            _keep_apart(layer, [fmean([n.y for n in item.left + item.right] or [item.y]) for item in layer])
    items = [item for layer in layers for item in layer]
    shift = top - min((item.y - item.height / 2 for item in items), default=top)
    for item in items:
        item.y += shift
    return max((item.y + item.height / 2 for item in items), default=top)


def _keep_apart(layer: Sequence[Item], wanted: Sequence[float]) -> None:
    """The heights nearest to those wanted, in least squares, at which neighbours do not touch.

    With the least distances taken off, heights need only not fall: pool adjacent violators.
    """
    offsets, blocks = [0.0], list[tuple[float, int]]()
    for above, below in pairwise(layer):
        gap = BOX_GAP if above.box and below.box else LABEL_GAP
        offsets.append(offsets[-1] + (above.height + below.height) / 2 + gap)
    for want, offset in zip(wanted, offsets, strict=False):
        total, count = want - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before = blocks.pop()
            total, count = total + before[0], count + before[1]
        blocks.append((total, count))
    heights = [total / count for total, count in blocks for _ in range(count)]
    for item, height, offset in zip(layer, heights, offsets, strict=False):
        item.y = height + offset
