"""The picture itself: nodes, links with their evidence, and what could not be matched. Clients depend on the names."""

from __future__ import annotations

from typing import NamedTuple

import attrs

Port = tuple[str, str]
"""(node id, interface name); `""` for an interface that nobody named."""


class Evidence(NamedTuple):
    """One thing that speaks for a link or against it. `kind` names a rule of `score.RULES`."""

    kind: str
    device_id: str | None
    source: str
    collected_at: str | None
    supports: bool
    detail: str


@attrs.frozen(kw_only=True)
class Node:
    """A device, or what stands for one."""

    id: str
    node_type: str
    """device, external, segment, boundary or hidden."""
    device_id: str | None = None
    name: str = ""
    primary_ip: str | None = None
    platform: str = ""
    role: str = ""
    location: str = ""
    position: tuple[float, float] = (0.0, 0.0)


@attrs.frozen(kw_only=True)
class Routing:
    """What a link of layer 3 stands for. `direction`: source, target or both - whose tables point at the other."""

    protocol: str
    vrf: str
    direction: str
    prefix_count: int
    prefixes: tuple[str, ...]
    """Up to five samples."""


@attrs.frozen(kw_only=True)
class Link:
    """Two ends, each (node, interface), and all that is known of what joins them."""

    source: Port
    target: Port
    layer: str
    """physical, l2 or l3."""
    link_type: str
    confidence: float
    label: str
    stale: bool
    evidence: tuple[Evidence, ...]
    lag: tuple[str, str] | None = None
    routing: Routing | None = None

    @property
    def id(self) -> str:
        """Unique in a picture, and the same in every picture that shows the link."""
        about = (self.routing.protocol, self.routing.vrf) if self.routing else ()
        return "|".join((self.layer, *self.source, *self.target, *about))


@attrs.frozen(kw_only=True)
class Unresolved:
    """A neighbor that is no Device, or not certainly one."""

    device_id: str
    local_interface: str
    protocol: str
    neighbor_name: str
    neighbor_interface: str
    reason: str
    candidates: tuple[str, ...] = ()
    """Ids of Devices."""


class LeftOut(NamedTuple):
    """An address or subnet of layer 3 of which no link could be made, on the device that has it in its tables."""

    reason: str
    """ambiguous: two devices have the address; unknown: nobody has it on a shared subnet; reused: a subnet for two that
    more devices have."""
    device_id: str
    vrf: str
    what: str


@attrs.frozen(kw_only=True)
class Picture:
    """Nodes by id, links and unmatched neighbors in the order in which they are shown."""

    nodes: dict[str, Node]
    links: tuple[Link, ...]
    unresolved: tuple[Unresolved, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    hubs: frozenset[str] = frozenset()
    """Ids of nodes that are no segment and stand for one all the same: a phone, and what is plugged into it."""
    focus: tuple[str, ...] = ()
    """Ids of the nodes that it is about, if it is about some."""
