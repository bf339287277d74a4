"""Where nodes stand: in the box, at the same place every time."""

import math
from itertools import pairwise

import attrs
import pytest

from nautobot_topology_cache.topology import layout
from nautobot_topology_cache.topology.picture import Link, Node


def joined(a, b):
    return Link(
        source=(str(a), "1"),
        target=(str(b), "2"),
        layer="physical",
        link_type="cdp_neighbor",
        confidence=1.0,
        label="high",
        stale=False,
        evidence=(),
    )


def tree(size, branch=20):
    """Nodes of which each hangs on an earlier one, with a second uplink for every tenth; ten of them alone."""
    nodes = [Node(id=str(n), node_type="device", name=f"sw{n}") for n in range(size)]
    pairs = [(n // branch, n) for n in range(1, size - 10)] + [
        ((n // branch) // 2, n) for n in range(40, size - 10, 10)
    ]
    links = [joined(a, b) for a, b in pairs]
    return nodes, links


@pytest.mark.parametrize("name", layout.LAYOUTS)
def test_finite_in_the_box_and_the_same_every_time(name):
    nodes, links = tree(200)
    points = layout.positions(name, nodes, links)
    assert set(points) == {node.id for node in nodes}
    for x, y in points.values():
        assert math.isfinite(x)
        assert math.isfinite(y)
        assert 0 <= x <= layout.WIDTH
        assert 0 <= y <= layout.HEIGHT
    assert points == layout.positions(name, nodes, links)


@pytest.mark.parametrize("name", [name for name in layout.LAYOUTS if name != "none"])
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_no_two_nodes_at_one_place(name, size):
    nodes, links = tree(size + 10)
    points = layout.positions(name, nodes[:size], links)
    assert len(set(points.values())) == size
    assert nearest(points) >= layout.least_distance(size)


def nearest(points):
    """The distance of the two that are nearest to each other."""
    by_x = sorted(points.values())
    found = math.inf
    for number, (x, y) in enumerate(by_x):
        for other in by_x[number + 1 :]:
            if other[0] - x >= found:
                break
            found = min(found, math.dist((x, y), other))
    return found


@pytest.mark.parametrize("name", [name for name in layout.LAYOUTS if name != "none"])
@pytest.mark.parametrize("pairs", [[], list(pairwise(range(3000))), [(0, n) for n in range(1, 3000)]])
def test_chains_stars_and_strangers_keep_apart_too(name, pairs):
    nodes = [Node(id=str(n), node_type="device") for n in range(3000)]
    points = layout.positions(name, nodes, [joined(a, b) for a, b in pairs])
    assert nearest(points) >= layout.least_distance(3000)
    assert all(0 <= x <= layout.WIDTH and 0 <= y <= layout.HEIGHT for x, y in points.values())


@pytest.mark.parametrize("name", layout.LAYOUTS)
def test_nothing_and_nodes_without_links(name):
    assert layout.positions(name, [], []) == {}
    alone = [Node(id=str(n), node_type="device") for n in range(5)]
    assert len(layout.positions(name, alone, [])) == 5


def test_neighbors_stand_nearer_than_strangers():
    nodes, links = tree(300)
    points = layout.positions("force_directed", nodes, links)

    def apart(a, b):
        return math.dist(points[a], points[b])

    linked = [apart(link.source[0], link.target[0]) for link in links]
    strangers = [apart(nodes[n].id, nodes[(n * 7 + 131) % 300].id) for n in range(300)]
    assert sum(linked) / len(linked) < 0.5 * sum(strangers) / len(strangers)


def test_a_hierarchy_has_linked_nodes_in_one_row_or_in_rows_next_to_each_other():
    nodes, links = tree(30, branch=4)
    points = layout.positions("hierarchical", nodes, links)
    rows = sorted({y for _, y in points.values()})
    assert len(rows) > 2
    assert all(abs(rows.index(points[a][1]) - rows.index(points[b][1])) <= 1 for a, b in map(end_nodes, links))


def row_of(points):
    rows = sorted({y for _, y in points.values()})
    return {one: rows.index(y) for one, (_, y) in points.items()}


def test_two_cores_stand_side_by_side_though_one_is_nearer_to_the_middle():
    roles = {"core": ("c1", "c2"), "dist": ("d1", "d2"), "wan": ("w", "x"), "access": ("a1", "a2", "a3")}
    nodes = [Node(id=name, node_type="device", name=name, role=role) for role, names in roles.items() for name in names]
    ends = ["c1 c2", "c1 d1", "c1 d2", "c2 d1", "c2 d2", "c2 w", "w x", "d1 a1", "d1 a2", "d2 a3"]
    row = row_of(layout.positions("hierarchical", nodes, [joined(*pair.split()) for pair in ends]))
    assert row["c1"] == row["c2"]
    assert row["c2"] < row["d1"] == row["d2"] < row["a1"] == row["a3"]


def test_the_focus_stands_at_the_top():
    nodes, links = tree(30, branch=4)
    row = row_of(layout.positions("hierarchical", nodes[:20], links, ["17", "not drawn"]))
    assert [one for one, number in row.items() if number == 0] == ["17"]


def test_switches_of_one_role_stand_below_the_one_they_hang_on():
    nodes, links = tree(30, branch=4)
    alike = [attrs.evolve(node, role="switch") for node in nodes]
    assert layout.positions("hierarchical", alike, links) == layout.positions("hierarchical", nodes, links)


def end_nodes(link):
    return link.source[0], link.target[0]


@pytest.mark.parametrize("name", layout.LAYOUTS)
def test_ten_thousand_nodes(name):
    nodes, links = tree(10_000)
    points = layout.positions(name, nodes, links)
    assert len(points) == len(nodes)
    assert nearest(points) >= layout.least_distance(10_000) or name == "none"
    assert all(0 <= x <= layout.WIDTH and 0 <= y <= layout.HEIGHT for x, y in points.values())
