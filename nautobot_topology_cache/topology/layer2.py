"""Layer 2: which ports are bridged with each other, as the MAC tables and resolved addresses of both ends say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import attrs

from nautobot_topology_cache.topology import score
from nautobot_topology_cache.topology.behind import Behind, Sighting
from nautobot_topology_cache.topology.evidence import Observations
from nautobot_topology_cache.topology.hearing import digest
from nautobot_topology_cache.topology.outsiders import Groups
from nautobot_topology_cache.topology.picture import Evidence, Link, Node, Picture, Port
from nautobot_topology_cache.topology.ports import Ports


def with_layer2(picture: Picture, seen: Observations, behind: Behind) -> Picture:
    """The picture, and behind its links one for each two ports on one bridged wire.

    Where a physical link says what is at a port's other end, the MAC addresses seen there came through it. Elsewhere
    whatever is next to the port is linked with it; three and more on one wire are linked with a segment.
    """
    drawing = _Layer2(picture, seen, behind)
    links = [*drawing.wired(), *drawing.inferred()]
    every = picture.nodes | drawing.segments

    def order(link: Link) -> tuple[str, ...]:
        return tuple(word for end in (link.source, link.target) for word in (every[end[0]].name.casefold(), *end))

    return attrs.evolve(picture, nodes=every, links=(*picture.links, *sorted(links, key=order)))


Side = tuple[Port, set[str]]
"""A port, and the devices that it should see."""


def logical(ports: Ports, port: Port) -> Port:
    """The bundle that a port is a member of, else the port: what MAC tables name."""
    return port[0], ports.bundle(*port) or port[1]


class _Layer2:
    """The links of layer 2, and the segments that they need besides devices."""

    def __init__(self, picture: Picture, seen: Observations, behind: Behind) -> None:
        self.seen = seen
        self.behind = behind
        self.segments: dict[str, Node] = {}
        self._nodes = picture.nodes
        ports = Ports(seen.interfaces)
        self._joined: defaultdict[Port, set[Port]] = defaultdict(set)
        self._on_segment: dict[Port, str] = {}
        for link in picture.links:
            source, target = logical(ports, link.source), logical(ports, link.target)
            if picture.nodes[link.target[0]].node_type == "segment":
                self._on_segment[source] = link.target[0]
            elif {picture.nodes[one].device_id for one, _ in (source, target)}.isdisjoint({None}):
                self._joined[source].add(target)
                self._joined[target].add(source)

    def wired(self) -> Iterator[Link]:
        """Physical links on which one end sees a known device."""
        pairs = {(*sorted((here, there)),) for here, far in self._joined.items() for there in far}
        for one, other in sorted(pairs):
            if self.behind.on.get(one) or self.behind.on.get(other):
                source, target = sorted((one, other), key=self._by_name)
                wire = Evidence("wire", None, "", None, True, "CDP or LLDP joins these ports")
                yield self._between(source, target, [wire])

    def inferred(self) -> Iterator[Link]:
        """Ports of which no device is known to be the other end, with what is next to them."""
        near = {port: self.behind.next_to(port) for port in sorted(self.behind.on) if port not in self._joined}
        far_ends = {port: {self._far_end(port, one, near) for one in devices} for port, devices in near.items()}
        groups = Groups()
        for port, ends in far_ends.items():
            for end in ends:
                # A device of which no port is known may be on many wires.
                if end[1]:
                    groups.join(port, end)
        wires: defaultdict[object, set[Port]] = defaultdict(set)
        for port, ends in far_ends.items():
            wires[groups.top(port)] |= {port, *ends}
        for ends in wires.values():
            named = {device for device, name in ends if name}
            yield from self._on_one_wire(
                sorted((one for one in ends if one[1] or one[0] not in named), key=self._by_name)
            )

    def _far_end(self, port: Port, device: str, near: dict[Port, set[str]]) -> Port:
        """The port at which the device sees this one, else the one whose MAC address is seen; `""` for neither."""
        back = [one for one in self.behind.towards.get((device, port[0]), ()) if port[0] in near.get((device, one), ())]
        return device, back[0] if len(back) == 1 else self.behind.port_of(device, self.behind.on[port][device])

    def _on_one_wire(self, ends: list[Port]) -> Iterator[Link]:
        if len(ends) == 2:
            yield self._between(ends[0], ends[1], [])
        elif len(ends) > 2:
            node_id = next((self._on_segment[one] for one in sorted(ends) if one in self._on_segment), "")
            node_id = node_id or f"segment:{digest('l2', *min(ends))}"
            if node_id not in self._nodes:
                self.segments[node_id] = Node(id=node_id, node_type="segment")
            for end in ends:
                yield self._link(end, (node_id, ""), [], self._witnesses(end, ends))

    def _witnesses(self, end: Port, ends: list[Port]) -> list[Side]:
        """The end that sees others; of one that sees nobody, a router behind a switch, the first that sees it."""
        others = {device for device, _ in ends} - {end[0]}
        if self.behind.on.get(end):
            return [(end, others)]
        return [(one, {end[0]}) for one in ends if end[0] in self.behind.on.get(one, {})][:1]

    def _between(self, source: Port, target: Port, evidence: list[Evidence]) -> Link:
        return self._link(source, target, evidence, [(source, {target[0]}), (target, {source[0]})])

    def _link(self, source: Port, target: Port, evidence: list[Evidence], sides: list[Side]) -> Link:
        said = [one for here, there in sides for one in self._seen_at(here, there)]
        evidence = [*evidence, *(one for one, _ in said), *(one for side in sides for one in self._doubts(*side))]
        stale = all(old for _, old in said)
        if stale:
            evidence.append(Evidence("stale", None, "", None, False, score.RULES["stale"].meaning))
        kinds, confidence = [one.kind for one in evidence], score.confidence(evidence)
        return Link(
            source=source,
            target=target,
            layer="l2",
            link_type=score.link_type(kinds),
            confidence=confidence,
            label=score.label(confidence, kinds),
            stale=stale,
            evidence=tuple(evidence),
        )

    def _seen_at(self, here: Port, there: set[str]) -> Iterator[tuple[Evidence, bool]]:
        """What a port sees of the devices at the other end, the first of each kind, or else of what is beyond them."""
        on = self.behind.on.get(here, {})
        own = [one for device in sorted(there & on.keys()) for one in on[device]]
        for kind in ("mac_table", "arp"):
            first = next((one for one in own if one.kind == kind), None)
            if first is not None:
                yield first.evidence(kind, here[0], self.seen), first.is_stale(self.seen)
        if not own and on:
            beyond: Sighting = on[min(on)][0]
            yield beyond.evidence("mac_beyond", here[0], self.seen), beyond.is_stale(self.seen)

    def _doubts(self, here: Port, there: set[str]) -> Iterator[Evidence]:
        on = self.behind.on.get(here, {})
        for device in sorted(there & on.keys()):
            other = self.behind.elsewhere(here, on[device])
            if other:
                detail = f"learned on {other} as well"
                yield Evidence("mac_elsewhere", here[0], "", None, False, detail)
                return

    def _by_name(self, end: Port) -> tuple[str, str, str]:
        return (self._nodes[end[0]].name.casefold(), *end)
