"""Questions to the picture as a graph: what is near, what is alone, and what nothing may happen to."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from typing import Any

import networkx

from nautobot_topology_cache.topology.picture import Link, Picture

COUNTED = ("device", "boundary")


def adjacency(links: Iterable[Link]) -> dict[str, set[str]]:
    """Node -> its neighbors."""
    near: defaultdict[str, set[str]] = defaultdict(set)
    for link in links:
        near[link.source[0]].add(link.target[0])
        near[link.target[0]].add(link.source[0])
    return near


def within(links: Iterable[Link], starts: Iterable[str], depth: int, passes: frozenset[str] = frozenset()) -> set[str]:
    """Nodes at most `depth` links away. The nodes of `passes`, segments, cost nothing: what is on them is one away."""
    near = adjacency(links)
    distance = dict.fromkeys(starts, 0)
    waiting = deque(distance)
    while waiting:
        node = waiting.popleft()
        if distance[node] >= depth and node not in passes:
            continue
        for other in sorted(near.get(node, ())):
            far = distance[node] + (node not in passes)
            if far < distance.get(other, depth + 1):
                distance[other] = far
                (waiting.appendleft if node in passes else waiting.append)(other)
    return set(distance)


def statistics(picture: Picture, network: Picture | None = None) -> dict[str, Any]:
    """Figures over the devices of a picture, which is a part of the network or, without one, all of it.

    A bridge is one cable whose loss splits the network: no parallel one. Layer 3 is no way around a cable.
    """
    network = network or picture
    devices = [node for node in picture.nodes.values() if node.node_type in COUNTED]
    near = adjacency(picture.links)
    graph = networkx.Graph()
    graph.add_nodes_from(sorted(network.nodes))
    pairs = Counter(_pair(link.source[0], link.target[0]) for link in network.links if link.layer == "physical")
    graph.add_edges_from(sorted(pairs))
    bridges = {pair for one in networkx.bridges(graph) if pairs[pair := _pair(*one)] == 1}
    cables = [link for link in picture.links if link.layer == "physical"]
    single = [link for link in cables if _pair(link.source[0], link.target[0]) in bridges]
    cut = [picture.nodes[one] for one in networkx.articulation_points(graph) if one in picture.nodes]
    ends = sum((link.source[0] in near) + (link.target[0] in near) for link in picture.links)
    return {
        "total_devices": len(devices),
        "total_links": len(picture.links),
        "link_types_breakdown": dict(sorted(Counter(link.link_type for link in picture.links).items())),
        "devices_by_platform": dict(sorted(Counter(node.platform for node in devices).items())),
        "isolated_devices": [_named(node) for node in devices if node.id not in near],
        "average_connections_per_device": round(_ends_at(picture, devices) / len(devices), 2) if ends else 0.0,
        "unresolved_neighbors": len(picture.unresolved),
        "articulation_points": [_named(node) for node in _in_order(cut) if node.node_type in COUNTED],
        "bridges": [_bridge(picture, link) for link in sorted(single, key=lambda link: link.id)],
    }


def _pair(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)


def _ends_at(picture: Picture, devices: list[Any]) -> int:
    known = {node.id for node in devices}
    return sum((link.source[0] in known) + (link.target[0] in known) for link in picture.links)


def _in_order(nodes: Iterable[Any]) -> list[Any]:
    return sorted(nodes, key=lambda node: (node.name.casefold(), node.id))


def _named(node: Any) -> dict[str, str | None]:
    return {"device_id": node.device_id, "device_name": node.name}


def _bridge(picture: Picture, link: Link) -> dict[str, str | None]:
    source, target = picture.nodes[link.source[0]], picture.nodes[link.target[0]]
    return {
        "link": link.id,
        "source_device_id": source.device_id,
        "source_device_name": source.name,
        "target_device_id": target.device_id,
        "target_device_name": target.name,
    }
