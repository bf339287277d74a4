"""What is near, and what nothing may happen to."""

from itertools import pairwise

from nautobot_topology_cache.topology.graph import statistics, within
from tests.unit.topology.scene import hears, picture


def chain(*names, more=()):
    heard = [hears(f"{a} Gi{n}", b, f"Gi{n}") for n, (a, b) in enumerate(pairwise(names))]
    return picture((*names, "alone"), *heard, *more)


def test_depth_counts_links():
    drawn = chain("a", "b", "c", "d")
    assert within(drawn.links, ["a"], 0) == {"a"}
    assert within(drawn.links, ["a"], 2) == {"a", "b", "c"}
    assert within(drawn.links, ["b"], 1) == {"a", "b", "c"}


def test_what_is_on_a_segment_is_one_link_away():
    names = ("a", "b", "c")
    drawn = picture(names, *(hears(f"{x} Gi1", y, "Gi1") for x in names for y in names if x != y))
    (segment,) = (node.id for node in drawn.nodes.values() if node.node_type == "segment")
    assert within(drawn.links, ["a"], 1, frozenset([segment])) == {"a", "b", "c", segment}


def test_single_points_of_failure():
    figures = statistics(chain("a", "b", "c"))
    assert [one["device_name"] for one in figures["articulation_points"]] == ["b"]
    assert [(one["source_device_name"], one["target_device_name"]) for one in figures["bridges"]] == [
        ("a", "b"),
        ("b", "c"),
    ]
    assert [one["device_name"] for one in figures["isolated_devices"]] == ["alone"]


def test_a_second_cable_is_no_single_point_of_failure():
    figures = statistics(chain("a", "b", more=[hears("a Gi9", "b", "Gi9")]))
    assert figures["bridges"] == []
    assert figures["total_links"] == 2


def test_nothing_has_figures_too():
    figures = statistics(picture(()))
    assert (figures["total_devices"], figures["average_connections_per_device"]) == (0, 0.0)
