"""The routing table: candidates of all protocols, the lowest distance wins, each platform's own fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from development.lab.bgp import sort_key
from development.lab.model import LOOPBACK, Address, Device, Interface
from development.lab.rows import Path, Resolution, Route
from development.lab.spf import Best, Hop, Ospf

CONNECTED, STATIC, OSPF = 0, 1, 110
EXTERNAL = {"arista_eos": 200}
INTERNAL = 200
SIMPLE = ("cisco_ios", "cisco_xe")
OSPF_WORDS = {
    "arista_eos": {"": "", "IA": "IA", "E2": "E2"},
    "cisco_nxos": {"": "intra", "IA": "inter", "E2": "type-2"},
}
"""How a platform writes the type of an OSPF route."""


def build(
    device: Device,
    links: dict[int, Ospf],
    paths: Iterable[Path],
    hosts: Iterable[Resolution],
) -> list[Route]:
    """The RIB of all VRFs, in the order of VRF and prefix."""
    best: dict[tuple[str, str], tuple[int, list[Route]]] = {}
    for distance, routes in candidates(device, links, list(paths), hosts):
        for route in routes:
            key = (route.vrf, route.prefix)
            known = best.get(key)
            if known is None or distance < known[0]:
                best[key] = (distance, [route])
            elif distance == known[0] and route not in known[1]:
                known[1].append(route)
    found = [route for _distance, routes in best.values() for route in routes]
    return sorted(found, key=lambda route: (route.vrf, route.version, sort_key(route.prefix)))


def candidates(
    device: Device,
    links: dict[int, Ospf],
    paths: list[Path],
    hosts: Iterable[Resolution],
) -> Iterator[tuple[int, list[Route]]]:
    """(distance, routes) of every source of routes."""
    yield CONNECTED, list(connected(device))
    for static in device.statics:
        yield (
            static.distance,
            [static_route(device, static.prefix, static.vrf, static.next_hop, static.interface, static.distance)],
        )
    inner: dict[str, Best] = {}
    for version, database in links.items():
        found = database.routes(device.name) if device.name in database.devices else {}
        inner |= found
        yield OSPF, [r for prefix, way in found.items() for r in ospf_routes(device, database, prefix, way, version)]
    for path in paths:
        if path.best and path.source != "local":
            yield bgp_distance(device, path), list(bgp_routes(device, path, inner, links))
    if device.platform == "cisco_nxos":
        yield CONNECTED, [host_route(entry) for entry in hosts if is_local_host(entry)]


def connected(device: Device) -> Iterator[Route]:
    """Connected and, where the platform has them, local routes."""
    for interface in device.interfaces.values():
        if interface.up:
            for address in interface.addresses:
                if address.role != "link_local":
                    yield from _connected(device.platform, interface, address)
    if device.platform in SIMPLE and any(i.v6() for i in device.interfaces.values()):
        yield Route(vrf="", prefix="ff00::/8", protocol="local", interface="Null0", distance=0, metric=0)


def _connected(platform: str, interface: Interface, address: Address) -> Iterator[Route]:
    full = 32 if address.version == 4 else 128
    common = {"vrf": interface.vrf, "interface": interface.name}
    if platform == "cisco_nxos" or (platform in SIMPLE and address.version == 6):
        common |= {"distance": 0, "metric": 0}
    if platform == "arista_eos" and address.version == 6:
        common |= {"distance": 0, "metric": 1}
    if platform == "cisco_nxos":
        common["next_hop"] = address.ip
        yield Route(prefix=f"{address.ip}/{full}", protocol="local", **common)
    yield Route(prefix=address.prefix, protocol="connected", **common)
    if platform in SIMPLE and not (address.length == full and interface.kind == LOOPBACK):
        yield Route(prefix=f"{address.ip}/{full}", protocol="local", **common)


def static_route(device: Device, prefix: str, vrf: str, next_hop: str | None, interface: str, distance: int) -> Route:
    """A static route as printed: EOS adds the interface, IOS leaves out the distance of one without a next hop."""
    shown = interface
    if device.platform == "arista_eos" and next_hop:
        shown = next(
            (
                i.name
                for i in device.interfaces.values()
                if i.vrf == vrf and i.v4() and ip_address(next_hop) in i.v4().interface.network
            ),
            "",
        )
    bare = device.platform in SIMPLE and not next_hop and ":" not in prefix
    return Route(
        vrf=vrf,
        prefix=prefix,
        protocol="static",
        next_hop=next_hop,
        interface=shown,
        distance=None if bare else distance,
        metric=None if bare else 0,
    )


def ospf_routes(device: Device, database: Ospf, prefix: str, way: Best, version: int) -> Iterator[Route]:
    """One row for each equal-cost next hop."""
    kind = OSPF_WORDS.get(device.platform, {}).get(way.kind, way.kind)
    for hop in sorted(way.hops):
        yield Route(
            vrf="",
            prefix=prefix,
            protocol="ospf",
            next_hop=far_address(database, hop, version),
            interface=hop.interface,
            route_type=kind,
            distance=OSPF,
            metric=way.cost,
        )


def far_address(database: Ospf, hop: Hop, version: int) -> str:
    """The next hop's address: of the link in IPv4, link-local in IPv6."""
    far = database.devices[hop.device].interfaces[hop.far_interface]
    found = far.v4() if version == 4 else far.v6("link_local")
    return found.ip if found else ""


def bgp_distance(device: Device, path: Path) -> int:
    """The administrative distance of a path."""
    return EXTERNAL.get(device.platform, 20) if path.source == "external" else INTERNAL


def bgp_routes(device: Device, path: Path, inner: dict[str, Best], links: dict[int, Ospf]) -> Iterator[Route]:
    """A BGP route as the platform prints it."""
    common = {"vrf": path.vrf, "prefix": path.prefix, "protocol": "bgp", "metric": path.metric or 0}
    common["distance"] = bgp_distance(device, path)
    internal = path.source == "internal"
    if device.platform == "cisco_nxos":
        common |= {"route_type": "internal" if internal else "external", "tag": (path.as_path or (device.asn,))[0]}
    elif device.platform == "arista_eos":
        common["route_type"] = "I" if internal else "E"
    if path.vni:
        overlay = (
            {"next_hop_vrf": "default"}
            if device.platform == "cisco_nxos"
            else {"router_mac": f"02:1C:73:{octets(path.next_hop)}"}
        )
        yield Route(next_hop=path.next_hop, vni=path.vni, **overlay, **common)
    elif device.platform == "arista_eos" and internal and f"{path.next_hop}/32" in inner:
        for hop in sorted(inner[f"{path.next_hop}/32"].hops):
            yield Route(next_hop=far_address(links[4], hop, 4), interface=hop.interface, **common)
    else:
        yield Route(next_hop=path.next_hop, **common)


def octets(address: str) -> str:
    """The last three octets of an IPv4 address in hexadecimal."""
    return ":".join(f"{int(part):02X}" for part in address.split(".")[1:])


def is_local_host(entry: Resolution) -> bool:
    """Whether NX-OS makes a route of it: a station behind a port of its own or of its pair, in a fabric's VLAN."""
    return bool(entry.mac and entry.port and not entry.port.startswith("nve") and entry.version == 4)


def host_route(entry: Resolution) -> Route:
    """NX-OS's route to a local host of a fabric: source hmm."""
    return Route(
        vrf=entry.vrf,
        prefix=f"{entry.address}/32",
        protocol="hmm",
        next_hop=entry.address,
        interface=entry.interface,
        distance=190,
        metric=0,
    )


def by_prefix(routes: Iterable[Route]) -> dict[str, list[Route]]:
    """The routes of one VRF by prefix, in their order."""
    found: dict[str, list[Route]] = defaultdict(list)
    for route in routes:
        found[route.prefix].append(route)
    return found
