"""Cables that are documented and that nothing in the network shows: links of their own, for comparing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import attrs

from nautobot_topology_cache.topology import score
from nautobot_topology_cache.topology.evidence import Observations
from nautobot_topology_cache.topology.picture import Evidence, Link, Picture, Port
from nautobot_topology_cache.topology.ports import Ports
from nautobot_topology_cache.topology.resolve import Directory


def with_cables(picture: Picture, seen: Observations) -> Picture:
    """The picture, and behind its links one for each cable between two ports that no physical link joins."""
    joined = set(_joined(picture))
    unseen = {
        frozenset((a, b)): _link(a, b, label)
        for a, b, label in _cables(seen)
        if a[0] != b[0] and {a[0], b[0]} <= picture.nodes.keys() and not _ways(a, b) & joined
    }
    return attrs.evolve(picture, links=(*picture.links, *sorted(unseen.values(), key=lambda link: link.id)))


def _joined(picture: Picture) -> Iterator[frozenset[Port]]:
    """The ends of each physical link, and any two ports on one segment."""
    on_segment: defaultdict[str, list[Port]] = defaultdict(list)
    for link in picture.links:
        if link.layer == "physical":
            yield frozenset((link.source, link.target))
            on_segment[link.target[0]].append(link.source)
    for node, ports in on_segment.items():
        if picture.nodes[node].node_type == "segment":
            yield from map(frozenset, combinations(ports, 2))


def _ways(a: Port, b: Port) -> set[frozenset[Port]]:
    """How a cable's link may be drawn: with both ports, or with one where nobody names the other."""
    return {frozenset((a, b)), frozenset((a, (b[0], ""))), frozenset(((a[0], ""), b))}


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
