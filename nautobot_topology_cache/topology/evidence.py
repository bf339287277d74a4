"""What the picture is made of: rows of the tables as plain tuples, each with the id of its Device and of its slice.

Tuples and not attrs classes, since a large network has some hundred thousand of them; columns are those of the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import attrs


class Device(NamedTuple):
    """A Device of Nautobot. `visible` is False for one that the user may not view: it is resolved to, never shown."""

    id: str
    name: str
    serial: str = ""
    platform: str = ""
    role: str = ""
    location: str = ""
    primary_ips: tuple[str, ...] = ()
    chassis: str = ""
    """Name of its virtual chassis."""
    master: str = ""
    """Id of that chassis' master, the one member that is logged in to."""
    visible: bool = True


class Slice(NamedTuple):
    """What one command last said: its words, when (ISO 8601), and why that may not hold any more."""

    source: str
    collected_at: str | None
    stale_reason: str = ""


class Neighbor(NamedTuple):
    """A CDP or LLDP neighbor as one port heard it."""

    device: str
    slice: str
    missing: bool
    protocol: str
    local_interface: str
    neighbor_name: str
    neighbor_hostname: str
    neighbor_interface: str
    chassis_id: str
    port_id: str
    port_description: str
    neighbor_ip: str | None
    capabilities: str
    platform: str

    def order(self) -> tuple[str, ...]:
        """By device and port, then by what makes two rows of a port differ."""
        about = (self.protocol, self.neighbor_name, self.chassis_id, self.port_id, self.neighbor_interface)
        return (self.device, self.local_interface, *about, self.neighbor_ip or "", self.slice)


class Interface(NamedTuple):
    """An interface as the device lists it."""

    device: str
    name: str
    parent: str = ""
    enabled: bool | None = None
    oper_status: str = ""
    description: str = ""
    mac_address: str | None = None
    speed: int | None = None
    duplex: str = ""
    access_vlan: int | None = None
    native_vlan: int | None = None
    vrf: str = ""
    lag: str = ""
    type: str = ""
    snmp_index: int | None = None


class Address(NamedTuple):
    """An address on an interface; `role` as in the records."""

    device: str
    interface: str
    address: str
    prefix_length: int | None
    vrf: str = ""
    role: str = "primary"
    slice: str = ""
    missing: bool = False


class MACEntry(NamedTuple):
    """An entry of the MAC address table."""

    device: str
    slice: str
    missing: bool
    vlan: int | None
    mac_address: str
    interface: str


class ARPEntry(NamedTuple):
    """A resolved address."""

    device: str
    slice: str
    missing: bool
    interface: str
    ip_address: str
    mac_address: str
    vrf: str
    entry_type: str


class RoutingNeighbor(NamedTuple):
    """A neighbor of a routing protocol."""

    device: str
    slice: str
    missing: bool
    protocol: str
    vrf: str
    neighbor_id: str
    address: str | None
    interface: str
    state: str


class Route(NamedTuple):
    """One next hop of an active route."""

    device: str
    slice: str
    missing: bool
    vrf: str
    prefix: str
    protocol: str
    next_hop: str
    interface: str
    next_hop_vrf: str


class Cable(NamedTuple):
    """A cable documented in Nautobot: both ends as (device, interface)."""

    label: str
    a_device: str
    a_interface: str
    b_device: str
    b_interface: str


@attrs.frozen(kw_only=True)
class Observations:
    """All that one picture is made of. A table that is not asked for is empty."""

    devices: Mapping[str, Device] = attrs.Factory(dict)
    slices: Mapping[str, Slice] = attrs.Factory(dict)
    neighbors: Sequence[Neighbor] = ()
    interfaces: Sequence[Interface] = ()
    addresses: Sequence[Address] = ()
    owners: Sequence[Address] = ()
    """Who has the addresses that rows point at, whether the user may view it or not: to resolve by, never to show."""
    mac_entries: Sequence[MACEntry] = ()
    in_vlan: Sequence[MACEntry] = ()
    """Entries of the VLAN that is asked for, whoever owns the addresses: where it is, and no evidence of a link."""
    arp_entries: Sequence[ARPEntry] = ()
    routing_neighbors: Sequence[RoutingNeighbor] = ()
    routes: Sequence[Route] = ()
    cables: Sequence[Cable] = ()

    @property
    def size(self) -> int:
        """How many rows there are."""
        tables = (self.neighbors, self.interfaces, self.addresses, self.mac_entries, self.arp_entries, self.routes)
        return sum(map(len, tables))

    def slice(self, key: str) -> Slice:
        """The slice of a row; rows that a test makes need none."""
        return self.slices.get(key, NO_SLICE)


NO_SLICE = Slice("", None)
