"""The physical layer: one link where there is one cable, with everything that speaks for it and against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from nautobot_topology_cache.topology import score
from nautobot_topology_cache.topology.evidence import Device, Observations
from nautobot_topology_cache.topology.hearing import Heard, Hearing, hear
from nautobot_topology_cache.topology.picture import Evidence, Link, Node, Picture, Port, Unresolved
from nautobot_topology_cache.topology.pointing import NOTHING, Pointings
from nautobot_topology_cache.topology.ports import Ports, is_down
from nautobot_topology_cache.topology.resolve import Directory
from nautobot_topology_cache.topology.support import Support
from nautobot_topology_cache.topology.wires import Wire, Wires, wires


def build(seen: Observations, pointed: Pointings = NOTHING) -> Picture:
    """Every Device and the physical links between them, to outsiders and to segments; `pointed` speaks for links."""
    ports = Ports(seen.interfaces)
    directory = Directory(seen.devices, seen.interfaces, [*seen.addresses, *seen.owners])
    hearing = hear(seen, directory, ports)
    outside = [one for one in hearing.heard if not one.is_device]
    found = wires(hearing.heard, {one.far for one in outside if _is_phone(one)})
    nodes = device_nodes(directory)
    nodes |= _outsiders(outside)
    nodes |= {w.segment: _segment(w.segment) for w in found.wires if w.segment and w.segment not in nodes}
    links = _Links(seen, found, nodes, Support(seen, ports, directory, pointed), ports).made()
    hubs = frozenset(w.segment for w in found.wires if w.segment)
    return Picture(nodes=nodes, links=links, unresolved=tuple(_unresolved(hearing, found)), hubs=hubs)


def device_nodes(directory: Directory) -> dict[str, Node]:
    """A node for each Device, and one for all members of a virtual chassis."""
    whole = [one for one in directory.devices.values() if directory.whole(one.id) == one.id]
    return {one.id: device_node(one) for one in sorted(whole, key=lambda one: (one.name.casefold(), one.id))}


def device_node(device: Device) -> Node:
    return Node(
        id=device.id,
        node_type="device" if device.visible else "hidden",
        device_id=device.id,
        name=device.name,
        primary_ip=next(iter(device.primary_ips), None),
        platform=device.platform,
        role=device.role,
        location=device.location,
    )


def _outsiders(outside: Iterable[Heard]) -> dict[str, Node]:
    """A node for each outsider, with the best that its announcements say."""
    announced: defaultdict[str, list[Heard]] = defaultdict(list)
    for one in outside:
        announced[one.far].append(one)
    return {far: _outsider(far, announced[far]) for far in sorted(announced)}


def _outsider(far: str, heard: list[Heard]) -> Node:
    rows = [one.row for one in heard]
    names = [row.neighbor_hostname or row.neighbor_name for row in rows]
    return Node(
        id=far,
        node_type="external",
        name=_first(names) or _first(row.chassis_id for row in rows) or _first(row.neighbor_ip for row in rows),
        primary_ip=_first(row.neighbor_ip for row in rows) or None,
        platform=_first(row.platform for row in rows),
    )


def _first(texts: Iterable[str | None]) -> str:
    return next((text for text in texts if text), "")


def _segment(node_id: str) -> Node:
    return Node(id=node_id, node_type="segment")


def _is_phone(one: Heard) -> bool:
    """CDP says `Host Phone`, where `T` is a transparent bridge; LLDP says `T` or `Telephone`."""
    words = one.row.capabilities.casefold().replace(",", " ").split()
    said = ("phone", "telephone", "t") if one.row.protocol == "lldp" else ("phone",)
    return any(word in said for word in words)


def _unresolved(hearing: Hearing, found: Wires) -> Iterable[Unresolved]:
    """Rows that mean no Device, and rows that are placed on no port; not what the other end shows all the same."""
    calls = {(node, far) for (node, _), nodes in found.heard_by.items() for far in nodes}
    lost = [(one, one.match.reason) for one in hearing.heard if not one.is_device]
    lost += [
        (one, one.match.reason or reason)
        for one, reason in hearing.unplaced
        if (one.far, one.port[0]) not in calls or not one.is_device
    ]
    for one, reason in sorted(lost, key=lambda pair: pair[0].row.order()):
        yield Unresolved(
            device_id=one.port[0],
            local_interface=one.row.local_interface,
            protocol=one.row.protocol,
            neighbor_name=one.row.neighbor_name,
            neighbor_interface=one.row.neighbor_interface,
            reason=reason,
            candidates=one.match.candidates,
        )


class _Links:
    """Wires to links, each with its evidence and score."""

    def __init__(
        self, seen: Observations, found: Wires, nodes: dict[str, Node], support: Support, ports: Ports
    ) -> None:
        self.seen = seen
        self.ports = ports
        self.found = found
        self.nodes = nodes
        self.support = support
        self.confirmed = {end for wire in found.wires if wire.confirmed for end in wire.ends}

    def made(self) -> tuple[Link, ...]:
        links = [self._link(wire) for wire in self.found.wires]
        return tuple(sorted(links, key=lambda link: self._order(link.source) + self._order(link.target)))

    def _order(self, end: Port) -> tuple[str, str, str]:
        return (self.nodes[end[0]].name.casefold(), *end)

    def _link(self, wire: Wire) -> Link:
        source, target = self._oriented(wire)
        evidence = [*self._witnesses(wire), *self.support.of(source, target), *self._doubts(wire, source, target)]
        stale = not any(one.fresh for one in wire.heard)
        if stale:
            evidence.append(Evidence("stale", None, "", None, False, self._why_stale(wire)))
        kinds = [one.kind for one in evidence]
        confidence = score.confidence(evidence)
        return Link(
            source=source,
            target=target,
            layer="physical",
            link_type=score.link_type(kinds),
            confidence=confidence,
            label=score.label(confidence, kinds),
            stale=stale,
            evidence=tuple(evidence),
            lag=self._lag(source, target),
        )

    def _oriented(self, wire: Wire) -> tuple[Port, Port]:
        """The device before what is none, else in the order of names."""
        first, second = wire.ends
        if wire.segment:
            return first, second

        def order(end: Port) -> tuple[bool, str, str, str]:
            return (self.nodes[end[0]].node_type == "external", *self._order(end))

        return (first, second) if order(first) <= order(second) else (second, first)

    def _witnesses(self, wire: Wire) -> Iterable[Evidence]:
        """What each end announced, the first protocol of each end in full; then that they agree."""
        said: set[tuple[Port, str]] = set()
        ends: set[Port] = set()
        for one in sorted(wire.heard, key=lambda one: one.row.order()):
            if (one.port, one.row.protocol) not in said:
                said.add((one.port, one.row.protocol))
                yield self._heard("second_protocol" if one.port in ends else one.row.protocol, one)
            ends.add(one.port)
        if wire.confirmed and not wire.segment:
            yield Evidence("both_ends", None, "", None, True, "each end names the other's port")

    def _heard(self, kind: str, one: Heard) -> Evidence:
        source = self.seen.slice(one.row.slice)
        detail = f"{one.row.protocol.upper()} on {one.row.local_interface} {self._said(one)}"
        return Evidence(kind, one.port[0], source.source, source.collected_at, True, detail)

    def _said(self, one: Heard) -> str:
        """Whom a row names, with the port as it was announced."""
        node, row = self.nodes[one.far], one.row
        if node.node_type == "hidden":
            return "hears a neighbor"
        return " ".join(filter(None, ("hears", row.neighbor_name or node.name, row.neighbor_interface or row.port_id)))

    def _doubts(self, wire: Wire, source: Port, target: Port) -> Iterable[Evidence]:
        if wire.segment:
            behind = self.nodes[wire.segment].node_type == "external" and self._is_far(wire, source)
            kind, detail = (
                ("behind", "heard through a phone") if behind else ("several_neighbors", self._company(source))
            )
            if behind or len(self.found.heard_by.get(source, ())) > 1:
                yield _against(kind, source, detail)
            return
        if not target[1] or not source[1]:
            yield _against("port_unknown", source, "the port of the other end is not known")
        if any(one.how == "elimination" for one in wire.heard):
            yield _against("elimination", source, "no other port of the two devices is left")
        for end in wire.ends:
            for former in self.found.superseded.get(end, ()):
                yield _against("superseded", end, f"{end[1]} {self._said(former)}, in an older answer")
        if wire.differing:
            yield _against("ports_differ", source, "the neighbor is announced with different ports")
        yield from self._contradicted(wire)
        if conflict := next((one.match.reason for one in wire.heard if one.match.reason.startswith("conflict")), ""):
            yield _against("address_differs", source, conflict)
        yield from self._mismatched(source, target)

    def _is_far(self, wire: Wire, source: Port) -> bool:
        return all(one.port != source for one in wire.heard) and self.nodes[source[0]].node_type == "external"

    def _company(self, port: Port) -> str:
        return f"{port[1]} hears {len(self.found.heard_by.get(port, ()))} neighbors"

    def _contradicted(self, wire: Wire) -> Iterable[Evidence]:
        """The end that does not hear the other hears somebody else, or is an end of a confirmed link."""
        if wire.confirmed:
            return
        hearing = {one.port for one in wire.heard}
        for end, other in (wire.ends, wire.ends[::-1]):
            heard = self.found.heard_by.get(end, set())
            if end[1] and end not in hearing and (end in self.confirmed or (heard and other[0] not in heard)):
                yield _against("other_end_differs", end, f"{end[1]} hears another neighbor")

    def _mismatched(self, source: Port, target: Port) -> Iterable[Evidence]:
        here, there = self.ports.get(*source), self.ports.get(*target)
        for port in (here, there):
            if port is not None and is_down(port):
                yield _against("port_down", (port.device, port.name), f"{port.name} is down")
        if here is None or there is None:
            return
        if here.speed and there.speed and here.speed != there.speed:
            yield _against("speed_differs", source, f"{here.speed} and {there.speed} kbit/s")
        if {here.duplex, there.duplex} == {"full", "half"}:
            yield _against("duplex_differs", source, f"{here.duplex} and {there.duplex}")

    def _lag(self, source: Port, target: Port) -> tuple[str, str] | None:
        bundles = self.ports.bundle(*source), self.ports.bundle(*target)
        return bundles if any(bundles) else None

    def _why_stale(self, wire: Wire) -> str:
        first = wire.heard[0].row
        return self.seen.slice(first.slice).stale_reason or "missing from the last answer"


def _against(kind: str, port: Port, detail: str) -> Evidence:
    return Evidence(kind, port[0], "", None, False, detail)
