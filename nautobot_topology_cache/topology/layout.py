"""Where nodes stand: deterministic, finite, inside the box from (0, 0) to (WIDTH, HEIGHT), in seconds for 10,000 nodes.

networkx's spring layout moves every node against every other one: 10,000 nodes are a hundred million pairs a step, and
it needs numpy. Forces here are computed between neighbors, and against the middle of each cell of a grid.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

import attrs

from nautobot_topology_cache.topology.graph import adjacency
from nautobot_topology_cache.topology.picture import Link, Node

WIDTH, HEIGHT = 1600.0, 1000.0
MARGIN = 40.0
FARTHEST = 90.0
"""How far nodes are kept apart where there is room."""
MANY, RELAXING = 1000, 50
AROUND = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
GOLDEN = math.pi * (3 - math.sqrt(5))

Points = dict[str, tuple[float, float]]


@attrs.frozen
class Net:
    """What is laid out."""

    nodes: list[Node]
    near: dict[str, set[str]]
    """Node -> its neighbors."""
    top: frozenset[str] = frozenset()
    """Where each part of it begins; otherwise in its middle."""


def none(net: Net) -> Points:
    """All at the origin: whoever draws places them."""
    return dict.fromkeys((node.id for node in net.nodes), (0.0, 0.0))


def circular(net: Net) -> Points:
    """On an ellipse, or on several inside each other, in the order in which a walk along the links meets them."""
    order = _walked(net)
    half_width, half_height = WIDTH / 2 - MARGIN, HEIGHT / 2 - MARGIN
    points: Points = {}
    for share, count in _rings(len(order), half_height):
        for number, one in enumerate(order[len(points) : len(points) + count]):
            angle = 2 * math.pi * number / count
            points[one] = (half_width * share * math.cos(angle), half_height * share * math.sin(angle))
    return points


def _rings(count: int, radius: float) -> Iterator[tuple[float, int]]:
    """(share of the radius, number of places) of the fewest rings, from outside, that hold so many nodes apart."""
    apart = FARTHEST
    while count > sum(places := _places(radius, apart)):
        apart *= 0.95
    for number, most in enumerate(places):
        if count > 0:
            yield 1 - number * apart / radius, min(count, most)
        count -= most


def _places(radius: float, apart: float) -> list[int]:
    return [int(2 * math.pi * (radius - number * apart) / apart) for number in range(int(radius / apart))]


def hierarchical(net: Net) -> Points:
    """In rows by distance from the top, each node below those that it hangs on, peers side by side.

    A row of very many is broken into several; nodes without links stand at the bottom.
    """
    peers = _peers(net)
    levels: list[list[str]] = []
    order: Points = {}
    alone = []
    for part in _parts(net):
        if len(part) == 1:
            alone += part
            continue
        for depth, row in enumerate(_rows(part, net, peers)):
            if depth == len(levels):
                levels.append([])
            levels[depth] += _below(row, net.near, order) if depth else row
            order.update({one: (number / len(levels[depth]), 0.0) for number, one in enumerate(levels[depth])})
    most = int((WIDTH - 2 * MARGIN) / least_distance(len(net.nodes)))
    rows = [row for level in [*levels, alone] for row in _broken(level, most)]
    return {
        one: ((number + 0.5) / len(row), float(depth))
        for depth, row in enumerate(rows)
        for number, one in enumerate(row)
    }


def _broken(level: list[str], most: int) -> list[list[str]]:
    """A level as rows of nearly the same length; neighbors in the level stay above each other."""
    count = math.ceil(len(level) / most)
    return [level[number::count] for number in range(count)]


def force_directed(net: Net) -> Points:
    """Neighbors attract, everything else keeps its distance; fewer steps for more nodes."""
    order = _walked(net)
    if len(order) < 2:
        return dict.fromkeys(order, (0.0, 0.0))
    index = {one: number for number, one in enumerate(order)}
    edges = sorted({tuple(sorted((index[a], index[b]))) for a in order for b in net.near.get(a, ()) if b in index})
    # A sunflower's spiral in the order of the walk: neighbors begin near each other, and no two at one place.
    xs = [math.sqrt(number + 0.5) * math.cos(number * GOLDEN) for number in range(len(order))]
    ys = [math.sqrt(number + 0.5) * math.sin(number * GOLDEN) for number in range(len(order))]
    steps = max(20, min(300, 200_000 // (len(order) + len(edges))))
    reach = math.sqrt(len(order))
    for step in range(steps):
        _move(xs, ys, edges, max(0.02 * reach, 0.25 * reach * (1 - step / steps)))
    return {one: (xs[number], ys[number]) for one, number in index.items()}


LAYOUTS: dict[str, Callable[[Net], Points]] = {
    "force_directed": force_directed,
    "hierarchical": hierarchical,
    "circular": circular,
    "none": none,
}


def positions(layout: str, nodes: Iterable[Node], links: Iterable[Link], focus: Iterable[str] = ()) -> Points:
    """Node id -> (x, y), rounded to a tenth. The nodes in `focus` come first: at the top, or in the middle."""
    listed = list(nodes)
    known = {node.id for node in listed}
    near = {one: others & known for one, others in adjacency(links).items() if one in known}
    points = LAYOUTS[layout](Net(listed, near, frozenset(focus) & known))
    return points if layout == "none" else _apart(_fitted(points))


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


def least_distance(count: int) -> float:
    """How far apart the nearest two of so many nodes stand at least."""
    return min(FARTHEST, 0.5 * math.sqrt((WIDTH - 2 * MARGIN) * (HEIGHT - 2 * MARGIN) / max(count, 1)))


def _apart(points: Points) -> Points:
    """No two nodes nearer than the least distance: who is too near to an earlier one takes the nearest free place.

    Of very many, crowded ones are evened out all at once: as many in each column, one below the other.
    """
    least = least_distance(len(points))
    if _Places(least).have_room_for(points.values()):
        return points
    if len(points) > MANY:
        return _evened(points)
    for _ in range(RELAXING):
        if not _relax(points, 1.3 * least):
            break
    placed = _Places(least)
    return {one: placed.take(*point) for one, point in points.items()}


def _evened(points: Points) -> Points:
    """The same order from left to right, and in each column from top to bottom, with the same room for everybody."""
    width, height = WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN
    in_a_column = math.ceil(math.sqrt(len(points) * height / width))
    by_x = sorted(points, key=lambda one: (*points[one], one))
    columns = [by_x[start : start + in_a_column] for start in range(0, len(by_x), in_a_column)]
    evened = {
        one: (
            round(MARGIN + (column + 0.5) * width / len(columns), 1),
            round(MARGIN + (row + 0.5) * height / in_a_column, 1),
        )
        for column, members in enumerate(columns)
        for row, one in enumerate(sorted(members, key=lambda one: (points[one][1], one)))
    }
    return {one: evened[one] for one in points}


def _relax(points: Points, wanted: float) -> bool:
    """Push apart all pairs that are too near, half of what lacks each; whether there was any."""
    cells: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for one, (x, y) in points.items():
        cells[int(x // wanted), int(y // wanted)].append(one)
    pushed = False
    for one, (x, y) in list(points.items()):
        column, row = int(x // wanted), int(y // wanted)
        for other in [found for i, j in AROUND for found in cells.get((column + i, row + j), ()) if found > one]:
            (x1, y1), (x2, y2) = points[one], points[other]
            distance = math.hypot(x2 - x1, y2 - y1)
            if distance < 0.99 * wanted:
                pushed = True
                dx, dy = ((x2 - x1) / distance, (y2 - y1) / distance) if distance else (1.0, 0.0)
                lack = (wanted - distance) / 2
                points[one] = _inside(x1 - dx * lack, y1 - dy * lack)
                points[other] = _inside(x2 + dx * lack, y2 + dy * lack)
    return pushed


def _inside(x: float, y: float) -> tuple[float, float]:
    return min(max(x, MARGIN), WIDTH - MARGIN), min(max(y, MARGIN), HEIGHT - MARGIN)


class _Places:
    """Places that are taken, none nearer to another than `least`."""

    def __init__(self, least: float) -> None:
        self.least = least
        self._taken: defaultdict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)

    def take(self, x: float, y: float) -> tuple[float, float]:
        """The nearest free place on a spiral around a point, rounded to a tenth."""
        number = 0
        while True:
            angle, radius = number * GOLDEN, 0.5 * self.least * math.sqrt(number)
            place = x + radius * math.cos(angle), y + radius * math.sin(angle)
            place = round(place[0], 1), round(place[1], 1)
            if place == _inside(*place) and self._is_free(*place):
                self._taken[self._cell(*place)].append(place)
                return place
            number += 1

    def have_room_for(self, places: Iterable[tuple[float, float]]) -> bool:
        """Whether all places are free, one after the other."""
        for place in places:
            if not self._is_free(*place):
                return False
            self._taken[self._cell(*place)].append(place)
        return True

    def _cell(self, x: float, y: float) -> tuple[int, int]:
        return int(x // self.least), int(y // self.least)

    def _is_free(self, x: float, y: float) -> bool:
        column, row = self._cell(x, y)
        near = (found for i, j in AROUND for found in self._taken.get((column + i, row + j), ()))
        return all((x - a) ** 2 + (y - b) ** 2 >= self.least**2 for a, b in near)


def _walked(net: Net) -> list[str]:
    return [one for part in _parts(net) for row in _rows(part, net, {}) for one in row]


def _parts(net: Net) -> list[list[str]]:
    """Connected parts, the largest first; in each the nodes in the order in which they are given."""
    number = {node.id: place for place, node in enumerate(net.nodes)}
    left, parts = dict(number), []
    for start in number:
        if start not in left:
            continue
        part, waiting = [], [start]
        del left[start]
        while waiting:
            one = waiting.pop()
            part.append(one)
            for other in net.near.get(one, ()):
                if other in left:
                    del left[other]
                    waiting.append(other)
        parts.append(sorted(part, key=number.__getitem__))
    return sorted(parts, key=lambda part: (-len(part), number[part[0]]))


def _peers(net: Net) -> dict[str, set[str]]:
    """Neighbors with one role that have at least half of all their other neighbors in common, as two core switches."""
    roles = {node.id: node.role for node in net.nodes if node.role}
    return {
        one: {other for other in net.near.get(one, ()) if roles.get(other) == role and _alike(one, other, net.near)}
        for one, role in roles.items()
    }


def _alike(one: str, other: str, near: dict[str, set[str]]) -> bool:
    shared = len(near[one] & near[other])
    return shared > 0 and 2 * shared >= len(near[one] | near[other]) - 2


def _rows(part: list[str], net: Net, peers: dict[str, set[str]]) -> list[list[str]]:
    """The nodes by their distance from the top, or from the middle."""
    depth = _distances([one for one in part if one in net.top] or _middle(part, net.near), net.near, peers)
    rows: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for one in part:
        rows[depth[one]].append(one)
    return rows


def _middle(part: list[str], near: dict[str, set[str]]) -> list[str]:
    """Those on the half of the longest way through the part, but for the ones with few neighbors."""
    number = {one: place for place, one in enumerate(part)}
    start = _distances([part[0]], near)
    one_end = max(part, key=lambda one: (start[one], -number[one]))
    from_one = _distances([one_end], near)
    from_other = _distances([max(part, key=lambda one: (from_one[one], -number[one]))], near)
    farthest = {one: max(from_one[one], from_other[one]) for one in part}
    least = min(farthest.values())
    central = [one for one in part if farthest[one] == least]
    most = max(len(near.get(one, ())) for one in central)
    return [one for one in central if 2 * len(near.get(one, ())) > most or len(part) == 1]


def _distances(
    starts: list[str], near: dict[str, set[str]], peers: Mapping[str, Iterable[str]] = MappingProxyType({})
) -> dict[str, int]:
    """Node -> links to the nearest of the starts; whoever is as far takes its peers along."""
    distance: dict[str, int] = {}
    far, reached = 0, set(starts)
    while reached:
        reached |= {other for one in reached for other in peers.get(one, ()) if other not in distance}
        distance.update(dict.fromkeys(reached, far))
        reached = {other for one in reached for other in near.get(one, ()) if other not in distance}
        far += 1
    return distance


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
    for (column, row), found in cells.items():
        heavy = [middles[column + i, row + j] for i, j in AROUND if (column + i, row + j) in middles]
        for number in found:
            x, y = xs[number], ys[number]
            for mx, my, weight in heavy:
                dx, dy = x - mx, y - my
                push = weight / (dx * dx + dy * dy + 0.1)
                dxs[number] += dx * push
                dys[number] += dy * push
