"""Where nodes stand: deterministic, finite, inside the box from (0, 0) to (WIDTH, HEIGHT), in seconds for 10,000 nodes.

networkx's spring layout moves every node against every other one: 10,000 nodes are a hundred million pairs a step, and
it needs numpy. Forces here are computed between neighbors, and against the middle of each cell of a grid.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable

from nautobot_topology_cache.topology.graph import adjacency
from nautobot_topology_cache.topology.picture import Link, Node

WIDTH, HEIGHT = 1600.0, 1000.0
MARGIN = 40.0
GOLDEN = math.pi * (3 - math.sqrt(5))

Points = dict[str, tuple[float, float]]


def none(nodes: list[Node], near: dict[str, set[str]]) -> Points:
    """All at the origin: whoever draws places them."""
    return dict.fromkeys((node.id for node in nodes), (0.0, 0.0))


def circular(nodes: list[Node], near: dict[str, set[str]]) -> Points:
    """On an ellipse, in the order in which a walk along the links meets them."""
    order = _walked(nodes, near)
    step = 2 * math.pi / max(len(order), 1)
    return {one: (math.cos(step * number), math.sin(step * number)) for number, one in enumerate(order)}


def hierarchical(nodes: list[Node], near: dict[str, set[str]]) -> Points:
    """In rows by distance from the best connected node of each part, each node below those that it hangs on."""
    points: Points = {}
    left = 0.0
    for part in _parts(nodes, near):
        rows = _rows(part, near)
        width = max(len(row) for row in rows)
        for depth, row in enumerate(rows):
            for number, one in enumerate(_below(row, near, points) if depth else row):
                points[one] = (left + (number + 0.5) * width / len(row), float(depth))
        left += width + 1
    return points


def force_directed(nodes: list[Node], near: dict[str, set[str]]) -> Points:
    """Neighbors attract, everything else keeps its distance; fewer steps for more nodes."""
    order = _walked(nodes, near)
    if len(order) < 2:
        return dict.fromkeys(order, (0.0, 0.0))
    index = {one: number for number, one in enumerate(order)}
    edges = sorted({tuple(sorted((index[a], index[b]))) for a in order for b in near.get(a, ()) if b in index})
    # A sunflower's spiral in the order of the walk: neighbors begin near each other, and no two at one place.
    xs = [math.sqrt(number + 0.5) * math.cos(number * GOLDEN) for number in range(len(order))]
    ys = [math.sqrt(number + 0.5) * math.sin(number * GOLDEN) for number in range(len(order))]
    steps = max(20, min(300, 200_000 // (len(order) + len(edges))))
    reach = math.sqrt(len(order))
    for step in range(steps):
        _move(xs, ys, edges, max(0.02 * reach, 0.25 * reach * (1 - step / steps)))
    return {one: (xs[number], ys[number]) for one, number in index.items()}


LAYOUTS: dict[str, Callable[[list[Node], dict[str, set[str]]], Points]] = {
    "force_directed": force_directed,
    "hierarchical": hierarchical,
    "circular": circular,
    "none": none,
}


def positions(layout: str, nodes: Iterable[Node], links: Iterable[Link]) -> Points:
    """Node id -> (x, y), rounded to a tenth."""
    listed = list(nodes)
    known = {node.id for node in listed}
    near = {one: others & known for one, others in adjacency(links).items() if one in known}
    points = LAYOUTS[layout](listed, near)
    return points if layout == "none" else _fitted(points)


def _fitted(points: Points) -> Points:
    """Stretched over the box, its margin left free."""
    if not points:
        return {}
    xs, ys = [x for x, _ in points.values()], [y for _, y in points.values()]
    fit_x, fit_y = _scale(min(xs), max(xs), WIDTH), _scale(min(ys), max(ys), HEIGHT)
    return {one: (fit_x(x), fit_y(y)) for one, (x, y) in points.items()}


def _scale(low: float, high: float, size: float) -> Callable[[float], float]:
    if high - low < 1e-9:
        return lambda _: size / 2
    return lambda value: round(MARGIN + (value - low) / (high - low) * (size - 2 * MARGIN), 1)


def _walked(nodes: list[Node], near: dict[str, set[str]]) -> list[str]:
    return [one for part in _parts(nodes, near) for row in _rows(part, near) for one in row]


def _parts(nodes: list[Node], near: dict[str, set[str]]) -> list[list[str]]:
    """Connected parts, the largest first; in each the nodes in the order in which they are given."""
    number = {node.id: place for place, node in enumerate(nodes)}
    left, parts = dict(number), []
    for start in number:
        if start not in left:
            continue
        part, waiting = [], [start]
        del left[start]
        while waiting:
            one = waiting.pop()
            part.append(one)
            for other in near.get(one, ()):
                if other in left:
                    del left[other]
                    waiting.append(other)
        parts.append(sorted(part, key=number.__getitem__))
    return sorted(parts, key=lambda part: (-len(part), number[part[0]]))


def _rows(part: list[str], near: dict[str, set[str]]) -> list[list[str]]:
    """The nodes by their distance from the one with the most neighbors."""
    number = {one: place for place, one in enumerate(part)}
    root = max(part, key=lambda one: (len(near.get(one, ())), -number[one]))
    rows, seen = [[root]], {root}
    while True:
        below = {other for one in rows[-1] for other in near.get(one, ()) if other not in seen}
        if not below:
            return rows
        seen |= below
        rows.append(sorted(below, key=number.__getitem__))


def _below(row: list[str], near: dict[str, set[str]], points: Points) -> list[str]:
    """In the order of the middle of what they hang on, which keeps most lines from crossing."""

    def middle(one: str) -> float:
        above = [points[other][0] for other in sorted(near.get(one, ())) if other in points]
        return sum(above) / len(above) if above else 0.0

    return sorted(row, key=middle)


def _move(xs: list[float], ys: list[float], edges: list[tuple[int, ...]], limit: float) -> None:
    """One step: pull along edges, push away from the grid's cells near by, each by `limit` at most."""
    dxs, dys = [0.0] * len(xs), [0.0] * len(ys)
    for a, b in edges:
        dx, dy = xs[b] - xs[a], ys[b] - ys[a]
        pull = 0.15 * math.sqrt(dx * dx + dy * dy)
        dxs[a] += dx * pull
        dys[a] += dy * pull
        dxs[b] -= dx * pull
        dys[b] -= dy * pull
    _push(xs, ys, dxs, dys)
    for number, (dx, dy) in enumerate(zip(dxs, dys, strict=True)):
        length = math.sqrt(dx * dx + dy * dy)
        if length > 1e-12:
            share = min(length, limit) / length
            xs[number] += dx * share
            ys[number] += dy * share


def _push(xs: list[float], ys: list[float], dxs: list[float], dys: list[float]) -> None:
    """Every node away from the middles of the nine cells around it, its own among them, as heavy as they are full."""
    size = max(1.0, (max(xs) - min(xs)) / max(2.0, math.sqrt(len(xs)) / 1.5))
    cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for number, (x, y) in enumerate(zip(xs, ys, strict=True)):
        cells[math.floor(x / size), math.floor(y / size)].append(number)
    middles = {
        cell: (sum(xs[n] for n in found) / len(found), sum(ys[n] for n in found) / len(found), len(found))
        for cell, found in cells.items()
    }
    around = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    for (column, row), found in cells.items():
        heavy = [middles[column + i, row + j] for i, j in around if (column + i, row + j) in middles]
        for number in found:
            x, y = xs[number], ys[number]
            for mx, my, weight in heavy:
                dx, dy = x - mx, y - my
                push = weight / (dx * dx + dy * dy + 0.1)
                dxs[number] += dx * push
                dys[number] += dy * push
