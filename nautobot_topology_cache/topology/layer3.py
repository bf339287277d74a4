"""Layer 3: which devices share a subnet, and which of them point their routes at each other, by VRF and protocol."""

from __future__ import annotations

import heapq
import socket
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

import attrs

from nautobot_topology_cache.topology import score
from nautobot_topology_cache.topology.evidence import Address, Observations
from nautobot_topology_cache.topology.hearing import digest
from nautobot_topology_cache.topology.picture import Evidence, LeftOut, Link, Node, Picture, Port, Routing
from nautobot_topology_cache.topology.pointing import Pointing, Pointings
from nautobot_topology_cache.topology.ports import is_down
from nautobot_topology_cache.topology.subnets import Subnets, is_for_two

CONNECTED = "connected"
SAMPLES = 5


def with_layer3(picture: Picture, seen: Observations, subnets: Subnets, pointed: Pointings) -> Picture:
    """The picture, and behind its links one for each pair of devices, VRF and protocol.

    Two devices that are alone in a subnet are a pair, with `connected` as protocol; three and more are linked with the
    subnet, which is a segment, and not with each other.
    """
    drawing = _Layer3(picture, seen, subnets)
    links = [*drawing.pairs(), *drawing.shared(), *drawing.routed(pointed.found)]
    return attrs.evolve(
        picture,
        nodes=picture.nodes | drawing.segments,
        links=(*picture.links, *sorted(links, key=drawing.order)),
        left_out=(*picture.left_out, *pointed.left_out, *drawing.reused),
    )


class _Layer3:
    """The links of layer 3, and the nodes that they need besides devices."""

    def __init__(self, picture: Picture, seen: Observations, subnets: Subnets) -> None:
        self.seen = seen
        self.segments: dict[str, Node] = {}
        self.reused: list[LeftOut] = []
        self._nodes = picture.nodes
        self._are_down = {(one.device, one.name) for one in seen.interfaces if is_down(one)}
        self._members = {
            about: {device: found for device, found in sorted(on.items()) if device in picture.nodes}
            for about, on in sorted(subnets.members.items())
        }

    def order(self, link: Link) -> tuple[str, ...]:
        """By the names of both ends, then by VRF and protocol."""
        nodes = self._nodes | self.segments
        about = (link.routing.vrf, link.routing.protocol) if link.routing else ()
        return (*_by_name(nodes[link.source[0]]), *_by_name(nodes[link.target[0]]), *about, link.id)

    def pairs(self) -> Iterator[Link]:
        """Devices that are alone in subnets: one link for all subnets of two devices in a VRF."""
        pairs: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        for (vrf, subnet), on in self._members.items():
            if len(on) == 2 and _differ(on):
                source, target = self._oriented(*on)
                pairs[source, target, vrf].append(subnet)
        for (source, target, vrf), found in pairs.items():
            ends = (source, target)
            held = {end: [one for subnet in found for one in self._members[vrf, subnet][end]] for end in ends}
            ports = {end: {one.interface for one in held[end]} for end in ends}
            yield self._link(
                (source, _only(ports[source])),
                (target, _only(ports[target])),
                _routing(CONNECTED, vrf, "both", found),
                "subnet",
                [*(self._has(_kind(found), end, held[end]) for end in ends), *self._down(ports)],
                stale=any(self._all_stale(held[end]) for end in ends),
            )

    def shared(self) -> Iterator[Link]:
        """Subnets of three devices and more. One for two that so many have is used at several places."""
        for (vrf, subnet), on in self._members.items():
            if len(on) < 3:
                continue
            if is_for_two(subnet):
                self.reused += [LeftOut("reused", device, vrf, subnet) for device in on]
                continue
            node = Node(id=f"segment:{digest('subnet', vrf, subnet)}", node_type="segment", name=subnet)
            self.segments[node.id] = node
            for device, held in on.items():
                yield self._link(
                    (device, _only({one.interface for one in held})),
                    (node.id, ""),
                    _routing(CONNECTED, vrf, "source", {subnet}),
                    "subnet",
                    [self._has("in_subnet", device, held)],
                    stale=self._all_stale(held),
                )

    def routed(self, pointed: Iterable[Pointing]) -> Iterator[Link]:
        """What routing protocols and routes say, one link for each pair, VRF and protocol."""
        found: defaultdict[tuple[str, str, str, str], list[Pointing]] = defaultdict(list)
        for one in pointed:
            if {one.device, one.whose.device} <= self._nodes.keys():
                found[(*self._oriented(one.device, one.whose.device), one.vrf, one.protocol)].append(one)
        for (source, target, vrf, protocol), said in found.items():
            prefixes = {prefix for one in said for prefix in one.prefixes}
            pointing = {one.device for one in said}
            direction = "both" if len(pointing) == 2 else "source" if source in pointing else "target"
            subnets = sorted({one.whose.subnet for one in said})
            evidence = [one.evidence(self.seen) for one in said]
            evidence += [Evidence(_kind([one]), None, "", None, True, f"both are in {one}") for one in subnets]
            yield self._link(
                (source, _only(_ports(source, said))),
                (target, _only(_ports(target, said))),
                _routing(protocol, vrf, direction, prefixes),
                f"{protocol}_route",
                evidence,
                stale=all(self._why_stale(one.slice, one.missing) for one in said),
            )

    def _link(
        self, source: Port, target: Port, routing: Routing, kind: str, evidence: list[Evidence], *, stale: bool
    ) -> Link:
        if stale:
            evidence = [*evidence, Evidence("stale", None, "", None, False, score.RULES["stale"].meaning)]
        confidence = score.confidence(evidence)
        return Link(
            source=source,
            target=target,
            layer="l3",
            link_type=kind,
            confidence=confidence,
            label=score.label(confidence, [one.kind for one in evidence]),
            stale=stale,
            evidence=tuple(evidence),
            routing=routing,
        )

    def _has(self, kind: str, device: str, held: list[Address]) -> Evidence:
        origin = self.seen.slice(held[0].slice)
        told = ", ".join(f"{one.address}/{one.prefix_length} on {one.interface}" for one in held[:SAMPLES])
        return Evidence(kind, device, origin.source, origin.collected_at, True, told)

    def _down(self, ports: dict[str, set[str]]) -> Iterator[Evidence]:
        """Against a pair of which an end has nothing but ports that are down."""
        for device, names in sorted(ports.items()):
            if all((device, name) in self._are_down for name in names):
                yield Evidence("port_down", device, "", None, False, f"{', '.join(sorted(names))} is down")

    def _all_stale(self, held: list[Address]) -> bool:
        return all(self._why_stale(one.slice, one.missing) for one in held)

    def _why_stale(self, key: str, missing: bool) -> bool:
        return missing or bool(self.seen.slice(key).stale_reason)

    def _oriented(self, one: str, other: str) -> tuple[str, str]:
        first, second = sorted((one, other), key=lambda device: _by_name(self._nodes[device]))
        return first, second


def _by_name(node: Node) -> tuple[str, str]:
    return node.name.casefold(), node.id


def _differ(on: dict[str, list[Address]]) -> bool:
    """Whether the devices have different addresses: with one and the same they cannot talk to each other."""
    return len({one.address for held in on.values() for one in held}) > 1


def _kind(subnets: list[str]) -> str:
    return "subnet" if any(map(is_for_two, subnets)) else "shared_subnet"


def _ports(device: str, said: list[Pointing]) -> set[str]:
    return {one.whose.here if one.device == device else one.whose.there for one in said}


def _only(names: set[str]) -> str:
    """The one interface that a relation goes by; `""` if it goes by several."""
    return next(iter(names)) if len(names) == 1 else ""


def _routing(protocol: str, vrf: str, direction: str, prefixes: Collection[str]) -> Routing:
    """The samples are the first in the order of numbers, IPv4 before IPv6; a default route is the first of all."""
    return Routing(
        protocol=protocol,
        vrf=vrf,
        direction=direction,
        prefix_count=len(prefixes),
        prefixes=tuple(heapq.nsmallest(SAMPLES, prefixes, key=_number)),
    )


@lru_cache(maxsize=65536)
def _number(prefix: str) -> tuple[int, bytes, int]:
    address, _, length = prefix.partition("/")
    packed = socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)
    return len(packed), packed, int(length or 0)
