"""One device's tables, each computed from the network when it is first asked for."""

from __future__ import annotations

from functools import cached_property, lru_cache

import attrs

from development.lab import hearing, rib
from development.lab.bgp import Bgp
from development.lab.bridging import Bridging
from development.lab.model import Device, Network
from development.lab.rows import Adjacency, Forwarding, Heard, Path, Resolution, Route
from development.lab.spf import Ospf

REMEMBERED = 128
"""How many devices' tables are kept in memory."""


class World:
    """The network with what its protocols have worked out; shared by all devices."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._ospf: dict[tuple[str, int], Ospf] = {}
        self._bridging: dict[str, Bridging] = {}
        self.state = lru_cache(maxsize=REMEMBERED)(self._state)

    @cached_property
    def bgp(self) -> Bgp:
        """The BGP tables of all speakers."""
        return Bgp(self.network)

    def ospf(self, site: str) -> dict[int, Ospf]:
        """IP version -> the site's OSPF database."""
        for version in (4, 6):
            if (site, version) not in self._ospf:
                self._ospf[site, version] = Ospf(self.network, site, version)
        return {version: self._ospf[site, version] for version in (4, 6)}

    def bridging(self, site: str) -> Bridging:
        """The site's bridged segments."""
        if site not in self._bridging:
            self._bridging[site] = Bridging(self.network, site)
        return self._bridging[site]

    def _state(self, name: str) -> State:
        """The tables of a device; `state` is this, remembered for the devices asked last."""
        return State(self, self.network.devices[name])


@attrs.frozen(slots=False)
class State:
    """What a device knows."""

    world: World
    device: Device

    @cached_property
    def neighbors(self) -> list[Heard]:
        """CDP and LLDP."""
        return hearing.neighbors(self.world.network, self.device)

    @cached_property
    def resolutions(self) -> list[Resolution]:
        """ARP and IPv6 neighbors."""
        return self.world.bridging(self.device.site).resolutions(self.device)

    @cached_property
    def macs(self) -> list[Forwarding]:
        """The MAC address table."""
        return self.world.bridging(self.device.site).macs(self.device)

    @cached_property
    def paths(self) -> list[Path]:
        """The BGP table."""
        return self.world.bgp.paths(self.device)

    @cached_property
    def routes(self) -> list[Route]:
        """The routing table of all VRFs."""
        if not self.device.routing:
            return []
        return rib.build(self.device, self.world.ospf(self.device.site), self.paths, self.resolutions)

    @cached_property
    def adjacencies(self) -> list[Adjacency]:
        """OSPF neighbors by interface, BGP peers by address."""
        found = [
            Adjacency(
                protocol="ospf",
                router_id=database.devices[hop.device].router_id,
                address=rib.far_address(database, hop, version),
                interface=hop.interface,
                area=area,
            )
            for version, database in self.world.ospf(self.device.site).items()
            for area, hop in database.neighbors(self.device.name)
        ]
        for peer in self.device.peers:
            count = sum(path.peer == peer.address and path.vrf == peer.vrf for path in self.paths if not path.vni)
            found.append(
                Adjacency(
                    protocol="bgp",
                    vrf=peer.vrf,
                    address=peer.address,
                    state="established" if peer.up else "idle",
                    remote_as=peer.asn,
                    prefixes=count,
                )
            )
        return found

    def vrfs(self) -> list[str]:
        """The default VRF first, then the named ones."""
        return ["", *self.device.vrfs]
