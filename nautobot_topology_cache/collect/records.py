"""One frozen record per table, normalised by its converters. Clients depend on names and forms.

A converter that cannot make its value fit raises ValueError: the row is then `rejected`, never stored half-empty.
Interface names arrive already in the platform's own spelling (see `platforms`), for only the platform knows it.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

import attrs

from nautobot_topology_cache.collect import normalize as to

RecordT = TypeVar("RecordT", bound="Record")


@attrs.frozen(kw_only=True)
class Record:
    """What all records share: the columns that tell two current rows of one device apart."""

    KEY: ClassVar[tuple[str, ...]] = ()

    def key(self) -> tuple[Any, ...]:
        """The key columns' values, in the order of `KEY`."""
        return tuple(getattr(self, name) for name in self.KEY)


def text() -> Any:
    """A text column; nothing is `""`."""
    return attrs.field(default="", converter=to.text)


def lower() -> Any:
    """A word of a closed vocabulary, in lower case."""
    return attrs.field(default="", converter=to.word)


def name() -> Any:
    """A text column that may not be empty."""
    return attrs.field(converter=to.required_text)


def number() -> Any:
    """A whole number or None."""
    return attrs.field(default=None, converter=to.number)


def flag() -> Any:
    """True, False, or None when the device does not say."""
    return attrs.field(default=None, converter=to.flag)


def mac() -> Any:
    """A MAC address in Nautobot's printed form, or None."""
    return attrs.field(default=None, converter=to.mac)


@attrs.frozen(kw_only=True)
class Interface(Record):
    """An interface of the device's interface table; Junos units too, `parent` naming their port."""

    KEY = ("name",)

    name: str = name()
    printed_name: str = text()
    parent: str = text()
    enabled: bool | None = flag()
    oper_status: str = lower()
    description: str = text()
    mac_address: str | None = mac()
    mtu: int | None = number()
    speed: int | None = number()
    """kbit/s."""
    duplex: str = lower()
    mode: str = lower()
    access_vlan: int | None = number()
    native_vlan: int | None = number()
    vrf: str = attrs.field(default="", converter=to.vrf)
    lag: str = text()
    type: str = text()
    snmp_index: int | None = number()
    """ifIndex (RFC 2863), by which some neighbors name a port in LLDP."""


@attrs.frozen(kw_only=True)
class IPAddress(Record):
    """An address on an interface of the device."""

    KEY = ("vrf", "address", "interface")

    interface: str = name()
    address: str = attrs.field(converter=to.address)
    prefix_length: int | None = number()
    ip_version: int = attrs.field(default=attrs.Factory(lambda self: to.version(self.address), takes_self=True))
    vrf: str = attrs.field(default="", converter=to.vrf)
    role: str = attrs.field(
        default="primary", validator=attrs.validators.in_(("primary", "secondary", "virtual", "link_local"))
    )


@attrs.frozen(kw_only=True)
class ARPEntry(Record):
    """An entry of the ARP or IPv6 neighbor table."""

    KEY = ("vrf", "ip_address", "interface")

    interface: str = text()
    ip_address: str = attrs.field(converter=to.address)
    mac_address: str = attrs.field(converter=to.required_mac)
    ip_version: int = attrs.field(default=attrs.Factory(lambda self: to.version(self.ip_address), takes_self=True))
    vrf: str = attrs.field(default="", converter=to.vrf)
    entry_type: str = attrs.field(default="dynamic", validator=attrs.validators.in_(("dynamic", "static", "own")))


@attrs.frozen(kw_only=True)
class MACAddress(Record):
    """An entry of the MAC address table."""

    KEY = ("vlan", "vlan_name", "mac_address", "interface")

    vlan: int | None = number()
    vlan_name: str = text()
    mac_address: str = attrs.field(converter=to.required_mac)
    interface: str = text()
    entry_type: str = attrs.field(default="dynamic", validator=attrs.validators.in_(("dynamic", "static", "other")))


@attrs.frozen(kw_only=True)
class Neighbor(Record):
    """A CDP or LLDP neighbor as one port heard it."""

    KEY = ("protocol", "local_interface", "chassis_id", "neighbor_name", "port_id")

    protocol: str = attrs.field(validator=attrs.validators.in_(("cdp", "lldp")))
    local_interface: str = text()
    """Empty on releases whose detailed answer does not name it."""
    neighbor_name: str = text()
    neighbor_hostname: str = attrs.field(
        default=attrs.Factory(lambda self: to.hostname(self.neighbor_name), takes_self=True)
    )
    neighbor_interface: str = text()
    chassis_id: str = text()
    port_id: str = text()
    port_description: str = text()
    neighbor_ip: str | None = attrs.field(default=None, converter=to.optional_address)
    platform: str = text()
    capabilities: str = text()
    description: str = text()
    native_vlan: int | None = number()


@attrs.frozen(kw_only=True)
class RoutingNeighbor(Record):
    """A neighbor of a routing protocol."""

    KEY = ("protocol", "vrf", "neighbor_id", "address", "interface")

    protocol: str = attrs.field(validator=attrs.validators.in_(("ospf", "bgp", "isis", "eigrp")))
    vrf: str = attrs.field(default="", converter=to.vrf)
    neighbor_id: str = text()
    address: str | None = attrs.field(default=None, converter=to.optional_address)
    interface: str = text()
    state: str = lower()
    area: str = text()
    remote_as: int | None = attrs.field(default=None, converter=to.as_number)


@attrs.frozen(kw_only=True)
class Route(Record):
    """One next hop of one unicast route in the RIB."""

    KEY = ("vrf", "prefix", "protocol", "next_hop", "interface", "next_hop_vrf", "encapsulation")

    vrf: str = attrs.field(default="", converter=to.vrf)
    prefix: str = attrs.field(converter=to.prefix)
    protocol: str = attrs.field(converter=to.required_word)
    next_hop: str | None = attrs.field(default=None, converter=to.optional_address)
    interface: str = text()
    next_hop_vrf: str = attrs.field(default="", converter=to.vrf)
    encapsulation: str = text()
    active: bool = attrs.field(default=True)
    route_type: str = text()
    area: str = text()
    distance: int | None = number()
    metric: int | None = number()
    tag: int | None = number()


@attrs.frozen(kw_only=True)
class BGPRoute(Record):
    """One path of the BGP table."""

    KEY = ("vrf", "prefix", "next_hop", "metric", "local_pref", "weight", "as_path", "origin")

    vrf: str = attrs.field(default="", converter=to.vrf)
    prefix: str = attrs.field(converter=to.prefix)
    next_hop: str | None = attrs.field(default=None, converter=to.optional_address)
    metric: int | None = number()
    local_pref: int | None = number()
    weight: int | None = number()
    as_path: str = attrs.field(default="", converter=to.as_path)
    origin: str = lower()
    valid: bool = attrs.field(default=True)
    best: bool = attrs.field(default=False)


RECORDS: dict[str, type[Record]] = {
    "interfaces": Interface,
    "ip_addresses": IPAddress,
    "arp_entries": ARPEntry,
    "mac_addresses": MACAddress,
    "neighbors": Neighbor,
    "routing_neighbors": RoutingNeighbor,
    "routes": Route,
    "bgp_routes": BGPRoute,
}
"""The tables by their catalog name, in the order in which they are shown."""


def columns(table: str) -> tuple[str, ...]:
    """The record columns of a table, in the order in which REST shows them."""
    return tuple(field.name for field in attrs.fields(RECORDS[table]))
