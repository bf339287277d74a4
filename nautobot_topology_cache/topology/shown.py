"""The picture in the form that REST, the map and exports share. Clients depend on names and forms."""

from __future__ import annotations

from typing import Any

from nautobot_topology_cache.topology.layout import Points
from nautobot_topology_cache.topology.picture import Evidence, Link, Node, Picture, Unresolved
from nautobot_topology_cache.topology.score import RULES


def shown(picture: Picture, points: Points, metadata: dict[str, Any]) -> dict[str, Any]:
    """Nodes, links, unresolved neighbors and what was asked for, as JSON takes them."""
    nodes = picture.nodes
    return {
        "nodes": [_node(node, points.get(node.id, (0.0, 0.0))) for node in nodes.values()],
        "links": [_link(link, nodes) for link in picture.links],
        "unresolved": [_unresolved(one, nodes) for one in picture.unresolved],
        "metadata": metadata,
    }


def rules() -> dict[str, dict[str, Any]]:
    """The rule table, so that a page can say what a kind of evidence means and weighs."""
    return {
        kind: {"weight": rule.weight, "supports": rule.supports, "conflict": rule.conflict, "meaning": rule.meaning}
        for kind, rule in RULES.items()
    }


def _node(node: Node, point: tuple[float, float]) -> dict[str, Any]:
    return {
        "id": node.id,
        "node_type": node.node_type,
        "device_id": node.device_id,
        "device_name": node.name,
        "primary_ip": node.primary_ip,
        "platform": node.platform,
        "role": node.role,
        "location": node.location,
        "position_x": point[0],
        "position_y": point[1],
    }


def _link(link: Link, nodes: dict[str, Node]) -> dict[str, Any]:
    source, target = nodes[link.source[0]], nodes[link.target[0]]
    return {
        "id": link.id,
        "source": source.id,
        "target": target.id,
        "source_device_id": source.device_id,
        "target_device_id": target.device_id,
        "source_device_name": source.name,
        "target_device_name": target.name,
        "source_interface": link.source[1],
        "target_interface": link.target[1],
        "layer": link.layer,
        "link_type": link.link_type,
        "confidence": link.confidence,
        "confidence_label": link.label,
        "stale": link.stale,
        "lag": {"source": link.lag[0], "target": link.lag[1]} if link.lag else None,
        "routing": _routing(link),
        "evidence": [_evidence(one) for one in link.evidence],
    }


def _routing(link: Link) -> dict[str, Any] | None:
    if link.routing is None:
        return None
    return {
        "protocol": link.routing.protocol,
        "vrf": link.routing.vrf,
        "direction": link.routing.direction,
        "prefix_count": link.routing.prefix_count,
        "prefixes": list(link.routing.prefixes),
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "device_id": one.device_id,
        "source": one.source,
        "collected_at": one.collected_at,
        "supports": one.supports,
        "detail": one.detail,
    }


def _unresolved(one: Unresolved, nodes: dict[str, Node]) -> dict[str, Any]:
    return {
        "device_id": one.device_id,
        "device_name": nodes[one.device_id].name if one.device_id in nodes else "",
        "local_interface": one.local_interface,
        "protocol": one.protocol,
        "neighbor_name": one.neighbor_name,
        "neighbor_interface": one.neighbor_interface,
        "reason": one.reason,
        "candidates": list(one.candidates),
    }
