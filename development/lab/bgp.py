"""BGP over the whole network: paths travel from speaker to speaker until nothing changes any more."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from functools import lru_cache

import attrs

from development.lab.datacenter import TENANT
from development.lab.model import Device, Network, Peer
from development.lab.rows import Path

DEFAULT_ROUTES = ("0.0.0.0/0", "::/0")
UNSPECIFIED = ("0.0.0.0", "::")  # noqa: S104  a next hop, nothing is bound to it
"""How a router prints itself as next hop, in IPv4 and IPv6."""
Table = dict[str, dict[str, Path]]
"""prefix -> peer address ("" for its own) -> path"""


class Bgp:
    """Every speaker's table. The default route is never told to internal peers: OSPF carries it inside a site."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.tables: dict[str, Table] = {name: self._own(d) for name, d in network.devices.items() if d.peers}
        self._converge()

    def _own(self, device: Device) -> Table:
        table: Table = defaultdict(dict)
        for prefix in device.originates:
            own = Path(
                vrf="", prefix=prefix, next_hop=UNSPECIFIED[":" in prefix], metric=0, weight=32768, source="local"
            )
            table[prefix][""] = own
        for peer in device.peers:
            for offer in device.offers.get(peer.address, ()):
                path = Path(
                    vrf=peer.vrf,
                    prefix=offer.prefix,
                    next_hop=peer.address,
                    metric=offer.med,
                    as_path=offer.as_path,
                    origin=offer.origin,
                    peer=peer.address,
                )
                table[f"{peer.vrf}|{offer.prefix}" if peer.vrf else offer.prefix][peer.address] = path
        return table

    def _converge(self) -> None:
        sessions = [
            (device, peer)
            for device in self.network.devices.values()
            for peer in device.peers
            if peer.device and peer.up and not peer.vrf
        ]
        while True:
            told = {
                name: {p: choose(list(found.values())) for p, found in t.items()} for name, t in self.tables.items()
            }
            changed = [self._hear(device, peer, told[peer.device]) for device, peer in sessions]
            if not any(changed):
                return

    def _hear(self, device: Device, peer: Peer, told: dict[str, Path]) -> bool:
        """Take what a peer tells now; True when it is not what it told before."""
        table = self.tables[device.name]
        heard = {}
        for key, path in told.items():
            taken = None if "|" in key else receive(device, peer, path)
            if taken:
                heard[key] = taken
        before = {key: found[peer.address] for key, found in table.items() if peer.address in found}
        if heard == before:
            return False
        for key in before:
            del table[key][peer.address]
            if not table[key]:
                del table[key]
        for key, path in heard.items():
            table[key][peer.address] = path
        return True

    def paths(self, device: Device) -> list[Path]:
        """The device's BGP table, best path of each prefix marked, in the order of prefixes."""
        found: list[Path] = []
        for known in self.tables.get(device.name, {}).values():
            best = choose(list(known.values()))
            found += [attrs.evolve(path, best=path is best) for path in known.values()]
        return sorted(found + overlay(self.network, device), key=path_order)


def path_order(path: Path) -> tuple[str, int, str, bool, str]:
    """By VRF, then prefix, the best path last among equals of a prefix, as routers that learned it first print it."""
    return (path.vrf, path.version, sort_key(path.prefix), path.best, path.peer)


@lru_cache(maxsize=100_000)
def sort_key(prefix: str) -> str:
    """Text that sorts prefixes by number."""
    network = ipaddress.ip_network(prefix)
    return f"{int(network.network_address):040}/{network.prefixlen:03}"


def receive(device: Device, peer: Peer, path: Path) -> Path | None:
    """What becomes of a path that `peer` holds best when it arrives at `device`."""
    if (path.version == 6) != (":" in peer.address):
        return None
    if peer.asn == device.asn:
        if path.source == "internal" or path.prefix in DEFAULT_ROUTES:
            return None
        more = {"local_pref": 100, "source": "internal", "metric": path.metric or 0}
    else:
        if device.asn in path.as_path:
            return None
        metric = 0 if path.source == "local" else None
        more = {"as_path": (peer.asn, *path.as_path), "local_pref": None, "source": "external", "metric": metric}
    return attrs.evolve(path, next_hop=peer.address, weight=0, peer=peer.address, **more)


def choose(paths: list[Path]) -> Path:
    """The best of the paths to one prefix."""
    return min(
        paths,
        key=lambda path: (
            -path.weight,
            -(100 if path.local_pref is None else path.local_pref),
            len(path.as_path),
            "ie?".index(path.origin),
            path.metric or 0,
            path.source != "external",
            path.peer,
        ),
    )


def overlay(network: Network, device: Device) -> list[Path]:
    """The tenant's routes that a leaf originates itself or imports from the other pairs' EVPN routes."""
    if not device.vtep:
        return []
    own = {f"10.{third(device)}.{vlan}.0/24" for vlan in device.vnis}
    found = [
        Path(vrf=TENANT, prefix=p, next_hop=UNSPECIFIED[0], weight=32768, source="local", local_pref=100, best=True)
        for p in own
    ]
    remote: dict[str, Device] = {}
    for other in network.sites[device.site]:
        if other.vtep and other.vtep != device.vtep and (other.vtep not in remote):
            remote[other.vtep] = other
    for other in remote.values():
        prefixes = {f"10.{third(other)}.{vlan}.0/24" for vlan in other.vnis} - own
        prefixes |= {f"{address}/32" for address in host_addresses(network, other)}
        common = {
            "vrf": TENANT,
            "next_hop": other.vtep,
            "peer": other.router_id,
            "vni": device.l3_vni[TENANT],
            "best": True,
        }
        found += [Path(prefix=p, metric=0, local_pref=100, source="internal", **common) for p in prefixes]
    return found


def third(device: Device) -> str:
    """The site's octet, which every address in it begins with."""
    return device.router_id.split(".")[1]


def host_addresses(network: Network, leaf: Device) -> list[str]:
    """The tenant's hosts that a leaf or its pair member has learned locally."""
    pair = {leaf.name, leaf.multilayer_peer}
    return [
        address
        for station in network.site_stations[leaf.site]
        if not station.incomplete and any(port[0] in pair for port in station.ports)
        for address in station.addresses
        if ":" not in address
    ]
