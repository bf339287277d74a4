"""The network as it is: devices, interfaces, cables, hosts. What is printed and what is true are computed from this."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from functools import cached_property

import attrs

PHYSICAL, LAG, SVI, LOOPBACK, MGMT, VXLAN = "physical", "lag", "svi", "loopback", "mgmt", "vxlan"

Port = tuple[str, str]
"""(device name, interface name)"""


@attrs.frozen
class Address:
    """An address on an interface; `role` as in the product's contract: primary, secondary, virtual or link_local."""

    text: str
    role: str = "primary"

    @property
    def interface(self) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface:
        """The address with its length."""
        return ipaddress.ip_interface(self.text)

    @property
    def ip(self) -> str:
        """The bare address."""
        return self.text.split("/")[0]

    @property
    def version(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.text else 4

    @property
    def length(self) -> int:
        """The prefix length."""
        return int(self.text.split("/")[1])

    @property
    def prefix(self) -> str:
        """The subnet with host bits zero."""
        return str(self.interface.network)


@attrs.frozen(kw_only=True)
class Interface:
    """One interface. Speed is in kbit/s, `allowed` the trunk's VLANs; without an OSPF area it does not run OSPF."""

    name: str
    kind: str = PHYSICAL
    mac: str | None = None
    mtu: int = 1500
    speed: int = 1_000_000
    duplex: str = "full"
    enabled: bool = True
    up: bool = True
    description: str = ""
    vrf: str = ""
    addresses: tuple[Address, ...] = ()
    mode: str = ""
    access_vlan: int = 1
    native_vlan: int = 1
    allowed: tuple[int, ...] = ()
    lag: str = ""
    ospf_area: str | None = None
    ospf_passive: bool = False
    ospf_cost: int = 10
    cdp: bool = True
    lldp: bool = True

    def carries(self, vlan: int) -> bool:
        """Whether frames of `vlan` pass this switchport."""
        return self.access_vlan == vlan if self.mode == "access" else vlan in self.allowed

    @property
    def vlan_id(self) -> int:
        """The VLAN of a VLAN interface."""
        return int(self.name.removeprefix("Vlan"))

    def v4(self) -> Address | None:
        """The primary IPv4 address, or the virtual one where there is no other."""
        found = [a for a in self.addresses if a.version == 4 and a.role in ("primary", "virtual")]
        return found[0] if found else None

    def v6(self, role: str = "primary") -> Address | None:
        """The IPv6 address of that role."""
        return next((a for a in self.addresses if a.version == 6 and a.role == role), None)


@attrs.frozen(kw_only=True)
class Static:
    """A static route: a next hop, an interface, or both."""

    prefix: str
    next_hop: str | None = None
    interface: str = ""
    vrf: str = ""
    distance: int = 1
    tag: int | None = None


@attrs.frozen(kw_only=True)
class Peer:
    """A BGP session as configured on one side; `device` is "" for a peer outside this network."""

    address: str
    asn: int
    device: str = ""
    vrf: str = ""
    up: bool = True
    next_hop: str = ""
    """The address this side announces itself with to that peer."""


@attrs.frozen
class Offer:
    """A path that a peer outside this network announces."""

    prefix: str
    as_path: tuple[int, ...]
    med: int | None = None
    origin: str = "i"


@attrs.frozen(kw_only=True)
class Station:
    """What Nautobot does not know: a host, phone, access point, server or firewall behind a switchport."""

    name: str
    kind: str
    mac: str
    vlan: int
    ports: tuple[Port, ...]
    addresses: tuple[str, ...] = ()
    vrf: str = ""
    announces: tuple[str, ...] = ()
    platform: str = ""
    capabilities: str = ""
    port_id: str = ""
    interface: str | None = ""
    """The interface the announced port names, None where that is open to argument."""
    incomplete: bool = False
    """The device asks for it in ARP and never hears an answer."""


@attrs.frozen(kw_only=True)
class Link:
    """A cable between two ports of known devices, with the protocols in which at least one end hears the other."""

    a: Port
    b: Port

    def other(self, port: Port) -> Port:
        """The far end."""
        return self.b if port == self.a else self.a


@attrs.define(kw_only=True)
class Device:
    """One device with its configuration. `answers` is "" or how it fails: `auth`, `silent`."""

    name: str
    platform: str
    site: str
    role: str
    model: str
    serial: str
    version: str
    mac: str
    index: int
    domain: str = ""
    router_id: str = ""
    asn: int = 0
    cdp: bool = True
    lldp: bool = True
    routing: bool = True
    """False for a switch that has a default gateway instead of a routing table."""
    user_mode: bool = False
    answers: str = ""
    interfaces: dict[str, Interface] = attrs.field(factory=dict)
    vrfs: dict[str, str] = attrs.field(factory=dict)
    """VRF name -> route distinguisher; the default VRF is not listed."""
    vlans: dict[int, str] = attrs.field(factory=dict)
    statics: list[Static] = attrs.field(factory=list)
    peers: list[Peer] = attrs.field(factory=list)
    originates: list[str] = attrs.field(factory=list)
    offers: dict[str, list[Offer]] = attrs.field(factory=dict)
    """Peer address -> what that outside peer announces."""
    redistributes: list[tuple[str, int]] = attrs.field(factory=list)
    """(prefix, metric) given to OSPF as external type 2."""
    static_arp: list[tuple[str, str]] = attrs.field(factory=list)
    multilayer_peer: str = ""
    """The other member of the MLAG or vPC pair."""
    vtep: str = ""
    vnis: dict[int, int] = attrs.field(factory=dict)
    """VLAN -> VNI."""
    l3_vni: dict[str, int] = attrs.field(factory=dict)
    """VRF -> VNI of the routed tunnel."""

    def add(self, interface: Interface) -> Interface:
        """Add or replace an interface."""
        self.interfaces[interface.name] = interface
        return interface

    def change(self, name: str, **values: object) -> Interface:
        """Replace some attributes of an interface."""
        return self.add(attrs.evolve(self.interfaces[name], **values))

    def members(self, lag: str) -> list[Interface]:
        """The ports of a LAG, in the device's order."""
        return [i for i in self.interfaces.values() if i.lag == lag]

    def static_arp_for(self, address: str) -> bool:
        """Whether the address has a configured ARP entry."""
        return any(known == address for known, _mac in self.static_arp)

    @property
    def hostname_announced(self) -> str:
        """The name with its domain, as LLDP and IOS's CDP send it."""
        return f"{self.name}.{self.domain}" if self.domain else self.name

    @property
    def peer_link(self) -> str:
        """The LAG between the members of an MLAG or vPC pair."""
        return (
            {"arista_eos": "Port-Channel1000", "cisco_nxos": "port-channel100"}[self.platform]
            if self.multilayer_peer
            else ""
        )


@attrs.define(kw_only=True, slots=False)
class Network:
    """All of it. Read-only once generated; derived answers are cached on it."""

    seed: int
    devices: dict[str, Device] = attrs.field(factory=dict)
    links: list[Link] = attrs.field(factory=list)
    stations: list[Station] = attrs.field(factory=list)

    @cached_property
    def ends(self) -> dict[Port, Link]:
        """Port -> its cable."""
        return {end: link for link in self.links for end in (link.a, link.b)}

    @cached_property
    def by_port(self) -> dict[Port, list[Station]]:
        """Port -> the stations plugged in there."""
        found: dict[Port, list[Station]] = defaultdict(list)
        for station in self.stations:
            for port in station.ports:
                found[port].append(station)
        return found

    @cached_property
    def sites(self) -> dict[str, list[Device]]:
        """Site -> its devices."""
        found: dict[str, list[Device]] = defaultdict(list)
        for device in self.devices.values():
            found[device.site].append(device)
        return found

    @cached_property
    def site_stations(self) -> dict[str, list[Station]]:
        """Site -> the stations at its devices."""
        found: dict[str, list[Station]] = defaultdict(list)
        for station in self.stations:
            found[self.devices[station.ports[0][0]].site].append(station)
        return found

    def far(self, device: str, interface: str) -> tuple[Device, Interface] | None:
        """The device and port at the other end of a port's cable."""
        link = self.ends.get((device, interface))
        if not link:
            return None
        name, port = link.other((device, interface))
        return self.devices[name], self.devices[name].interfaces[port]

    def far_logical(self, device: Device, interface: Interface) -> tuple[Device, Interface] | None:
        """As `far`, a LAG standing for its members on both sides."""
        port = (
            device.members(interface.name)[0] if interface.kind == LAG and device.members(interface.name) else interface
        )
        found = self.far(device.name, port.name)
        if found and found[1].lag:
            return found[0], found[0].interfaces[found[1].lag]
        return found
