"""Cables that are documented and that nothing in the network shows: links of their own, for comparing."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from nautobot_topology_cache.topology import score
from nautobot_topology_cache.topology.evidence import Observations
from nautobot_topology_cache.topology.picture import Evidence, Link, Picture, Port
from nautobot_topology_cache.topology.ports import Ports
from nautobot_topology_cache.topology.resolve import Directory


def with_cables(picture: Picture, seen: Observations) -> Picture:
    """The picture, and behind its links one for each cable between two ports that no physical link joins."""
    joined = {frozenset((link.source, link.target)) for link in picture.links if link.layer == "physical"}
    unseen = {
        frozenset((a, b)): _link(a, b, label)
        for a, b, label in _cables(seen)
        if a[0] != b[0] and frozenset((a, b)) not in joined and {a[0], b[0]} <= picture.nodes.keys()
    }
    return attrs.evolve(picture, links=(*picture.links, *sorted(unseen.values(), key=lambda link: link.id)))


def _cables(seen: Observations) -> Iterable[tuple[Port, Port, str]]:
    """Both ends of each cable as the picture names them, in one order, and the cable's label."""
    ports, directory = Ports(seen.interfaces), Directory(seen.devices)
    for cable in seen.cables:
        a = directory.whole(cable.a_device), ports.named(cable.a_device, cable.a_interface)
        b = directory.whole(cable.b_device), ports.named(cable.b_device, cable.b_interface)
        yield min(a, b), max(a, b), cable.label


def _link(source: Port, target: Port, label: str) -> Link:
    evidence = (Evidence("cable", None, "Nautobot", None, True, f"cable {label}".rstrip()),)
    confidence = score.confidence(evidence)
    return Link(
        source=source,
        target=target,
        layer="physical",
        link_type=score.link_type(["cable"]),
        confidence=confidence,
        label=score.label(confidence, ["cable"]),
        stale=False,
        evidence=evidence,
    )
