"""Who has learned which MAC where, and who has resolved which address: MAC tables, ARP and IPv6 neighbors."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address

from development.lab.model import LAG, MGMT, PHYSICAL, SVI, Device, Interface, Network, Station
from development.lab.rows import Forwarding, Resolution

CONTROL_MACS = ("01:00:0C:CC:CC:CC", "01:00:0C:CC:CC:CD", "01:80:C2:00:00:00", "FF:FF:FF:FF:FF:FF")
PEER_LINK_WORD = "vPC Peer-Link"
SUPERVISOR = "sup-eth1(R)"


class Bridging:
    """The bridged segments of one site."""

    def __init__(self, network: Network, site: str) -> None:
        self.network = network
        self.devices = network.sites[site]
        self.stations = network.site_stations[site]
        self.trees: dict[int, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
        for device in self.devices:
            for interface in device.interfaces.values():
                far = network.far_logical(device, interface) if interface.mode and not interface.lag else None
                if far:
                    for vlan in interface.allowed:
                        self.trees[vlan][device.name].append((interface.name, far[0].name))
        self._ways: dict[tuple[str, int], dict[str, str]] = {}

    def ways(self, device: str, vlan: int) -> dict[str, str]:
        """Other device -> the port towards it within a VLAN."""
        key = (device, vlan)
        if key not in self._ways:
            found: dict[str, str] = {}
            queue = deque((far, port) for port, far in self.trees[vlan][device])
            while queue:
                here, port = queue.popleft()
                if here != device and here not in found:
                    found[here] = port
                    queue.extend((far, port) for _port, far in self.trees[vlan][here])
            self._ways[key] = found
        return self._ways[key]

    def port_of(self, device: Device, station: Station) -> str:
        """Where a device has learned a station: its own port, the way to it, the tunnel, or nowhere ("")."""
        own = [port for name, port in station.ports if name == device.name]
        if own:
            return own[0]
        ways = self.ways(device.name, station.vlan)
        near = [ways[name] for name, _port in station.ports if name in ways]
        if near:
            return near[0]
        leaf = self.network.devices[station.ports[0][0]]
        if device.vtep and leaf.vtep and leaf.vtep != device.vtep and station.vlan in device.vnis:
            return "Vxlan1" if device.platform == "arista_eos" else f"nve1({leaf.vtep})"
        return ""

    def macs(self, device: Device) -> list[Forwarding]:
        """The MAC address table, in the device's order."""
        found = list(self._own(device))
        for station in self.stations:
            port = self.port_of(device, station) if not station.incomplete and station.vlan in device.vlans else ""
            if port:
                over_peer = device.platform == "cisco_nxos" and port == device.peer_link
                found.append(
                    Forwarding(
                        vlan=station.vlan,
                        mac=station.mac,
                        interface=PEER_LINK_WORD if over_peer else port,
                        sign="+" if over_peer else "C" if port.startswith("nve1") else "*",
                    )
                )
        found += self._gateways(device)
        return sorted(set(found), key=lambda entry: (entry.vlan or 0, entry.mac, entry.interface))

    def _own(self, device: Device) -> Iterator[Forwarding]:
        if device.platform in ("cisco_ios", "cisco_xe"):
            for mac in CONTROL_MACS:
                yield Forwarding(vlan=None, mac=mac, interface="CPU", kind="static")
        if device.platform == "cisco_nxos":
            yield Forwarding(vlan=None, mac=device.mac, interface=SUPERVISOR, kind="static", sign="G")

    def _gateways(self, device: Device) -> Iterator[Forwarding]:
        """The MACs of routed VLAN interfaces, its own and those of other devices."""
        for other in self.devices:
            for interface in other.interfaces.values():
                if interface.kind == SVI and interface.up and interface.mac and interface.vlan_id in device.vlans:
                    yield from self._gateway(device, other, interface)

    def _gateway(self, device: Device, other: Device, interface: Interface) -> Iterator[Forwarding]:
        vlan, mac = interface.vlan_id, interface.mac or ""
        if other is device:
            if device.platform == "cisco_xe":
                yield Forwarding(vlan=vlan, mac=mac, interface=interface.name, kind="static")
            elif device.platform == "cisco_nxos":
                yield Forwarding(vlan=vlan, mac=mac, interface=SUPERVISOR, kind="static", sign="G")
            return
        port = self.ways(device.name, vlan).get(other.name)
        if other.name == device.multilayer_peer:
            word = f"{PEER_LINK_WORD}(R)" if device.platform == "cisco_nxos" else device.peer_link
            peer_mac = other.mac if device.platform == "arista_eos" else mac
            yield Forwarding(vlan=vlan, mac=peer_mac, interface=word, kind="static", sign="C")
        elif port and not device.vtep:
            yield Forwarding(vlan=vlan, mac=mac, interface=port)

    def resolutions(self, device: Device) -> list[Resolution]:
        """ARP and IPv6 neighbor entries, by interface."""
        found: list[Resolution] = []
        for interface in device.interfaces.values():
            if interface.up and interface.addresses:
                found += self._resolved(device, interface)
        return found + list(self._static(device))

    def _resolved(self, device: Device, interface: Interface) -> Iterator[Resolution]:
        common = {"vrf": interface.vrf, "interface": interface.name}
        if device.platform in ("cisco_ios", "cisco_xe") and interface.mac:
            for address in interface.addresses:
                if address.version == 4:
                    yield Resolution(address=address.ip, mac=interface.mac, kind="own", **common)
        if interface.kind == SVI:
            yield from self._segment(device, interface, common)
        elif interface.kind == MGMT:
            gateway = interface.v4().ip.rpartition(".")[0] + ".254"
            yield Resolution(address=gateway, mac=f"0A:00:5E:00:{int(gateway.split('.')[2]):02X}:FE", **common)
        elif interface.kind in (PHYSICAL, LAG):
            yield from self._across(device, interface, common)

    def _across(self, device: Device, interface: Interface, common: dict[str, str]) -> Iterator[Resolution]:
        """The far end of a routed link; outside peers have an address and no device."""
        far = self.network.far_logical(device, interface)
        if far:
            for address in far[1].addresses:
                yield Resolution(address=address.ip, mac=far[1].mac, **common)
        for peer in device.peers:
            own = next((a for a in interface.addresses if a.ip == peer.next_hop), None)
            if own and not peer.device and not device.static_arp_for(peer.address):
                yield Resolution(address=peer.address, mac=f"0A:00:5E:00:{peer.asn % 256:02X}:01", **common)

    def _static(self, device: Device) -> Iterator[Resolution]:
        for address, mac in device.static_arp:
            yield Resolution(vrf="", address=address, mac=mac, interface="", kind="static")

    def _segment(self, device: Device, interface: Interface, common: dict[str, str]) -> Iterator[Resolution]:
        networks = [a.interface.network for a in interface.addresses]
        for station in self.stations:
            port = self.port_of(device, station) if station.vlan == interface.vlan_id else ""
            if not port:
                continue
            for address in station.addresses:
                silent = station.incomplete and device.platform != "arista_eos"
                if any(inside(address, network) for network in networks):
                    learned = "not learned" if station.incomplete and not silent else port
                    yield Resolution(address=address, mac=None if silent else station.mac, port=learned, **common)
        for other in self.devices:
            twin = other.interfaces.get(interface.name)
            if other is not device and twin and twin.up and self._heard(device, other, interface.vlan_id):
                for address in twin.addresses:
                    if any(inside(address.ip, network) for network in networks) and not self._own_address(
                        interface, address.ip
                    ):
                        yield Resolution(
                            address=address.ip,
                            mac=twin.mac,
                            port=self.ways(device.name, interface.vlan_id)[other.name],
                            **common,
                        )

    def _heard(self, device: Device, other: Device, vlan: int) -> bool:
        return other.name in self.ways(device.name, vlan)

    @staticmethod
    def _own_address(interface: Interface, ip: str) -> bool:
        return any(address.ip == ip for address in interface.addresses)


def inside(address: str, network: IPv4Network | IPv6Network) -> bool:
    """Whether an address is in a network of its own version."""
    parsed = ip_address(address)
    return parsed.version == network.version and parsed in network
