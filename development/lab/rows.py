"""What a device knows, as values: the lines of its tables before anybody formats them."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Route:
    """One next hop of one route, with the fields that the platform prints for it."""

    vrf: str
    prefix: str
    protocol: str
    next_hop: str | None = None
    interface: str = ""
    next_hop_vrf: str = ""
    route_type: str = ""
    distance: int | None = None
    metric: int | None = None
    tag: int | None = None
    vni: int | None = None
    router_mac: str = ""

    @property
    def version(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.prefix else 4


@attrs.frozen(kw_only=True)
class Path:
    """One path of the BGP table. `source` is external, internal or local; `peer` is who announced it."""

    vrf: str
    prefix: str
    next_hop: str
    metric: int | None = None
    local_pref: int | None = None
    weight: int = 0
    as_path: tuple[int, ...] = ()
    origin: str = "i"
    source: str = "external"
    peer: str = ""
    best: bool = False
    vni: int | None = None

    @property
    def version(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.prefix else 4


@attrs.frozen(kw_only=True)
class Resolution:
    """An ARP or IPv6 neighbor entry; no MAC when nobody answered. `port` is where the MAC was learned."""

    vrf: str
    address: str
    mac: str | None
    interface: str
    kind: str = "dynamic"
    port: str = ""

    @property
    def version(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.address else 4


@attrs.frozen(kw_only=True)
class Forwarding:
    """A MAC table entry; VLAN None for entries that hold in all. `sign` is NX-OS's first column."""

    vlan: int | None
    mac: str
    interface: str
    kind: str = "dynamic"
    sign: str = "*"


@attrs.frozen(kw_only=True)
class Heard:
    """What one port heard in CDP or LLDP. `interface` is the far port's own name, None where that is debatable."""

    protocol: str
    local_interface: str
    name: str
    chassis_id: str = ""
    port_id: str = ""
    port_description: str = ""
    address: str | None = None
    platform: str = ""
    capabilities: str = ""
    description: str = ""
    native_vlan: int | None = None
    interface: str | None = ""
    hostname: str = ""


@attrs.frozen(kw_only=True)
class Adjacency:
    """A routing protocol's neighbor. `prefixes` counts what a BGP peer announced."""

    protocol: str
    address: str
    vrf: str = ""
    router_id: str = ""
    interface: str = ""
    state: str = "full"
    area: str = ""
    remote_as: int | None = None
    prefixes: int = 0

    @property
    def version(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.address else 4
