"""What is true of the real routers: the model to the rows of each table, in the forms of the product's contract.

A column that a row does not name is not claimed: what lldpd says of itself, speeds, and which of the link-local
networks zebra selects.
"""

from __future__ import annotations

from collections.abc import Iterator

from development.lab.real import paths
from development.lab.real.configuration import BRIDGE, BRIDGE_MAC, BRIDGED, DESCRIPTION, MANAGEMENT, TAP_MACS
from development.lab.real.model import NETWORK, Network, Router, bare, link_local, prefix, version

Row = dict[str, object]
HOST = {4: "127.0.0.1/8", 6: "::1/128"}
NOWHERE = {4: "0.0.0.0", 6: "::"}  # noqa: S104 - a next hop, nothing is bound to it
LINK_LOCAL_NETWORK = "fe80::/64"


def tables(router: Router, network: Network = NETWORK) -> dict[str, list[Row]]:
    """Table -> its rows, of one router."""
    return {
        "interfaces": list(_interfaces(router, network)),
        "ip_addresses": list(_addresses(router, network)),
        "arp_entries": list(_arp(router, network)),
        "mac_addresses": list(_macs(router)),
        "neighbors": list(_heard(router, network)),
        "routing_neighbors": [*_ospf_neighbors(router, network), *_bgp_neighbors(router, network)],
        "routes": [row for number in (4, 6) for row in _routes(router, network, number)],
        "bgp_routes": list(_bgp_paths(router, network)),
    }


def _interfaces(router: Router, network: Network) -> Iterator[Row]:
    yield {"name": "lo", "enabled": True, "oper_status": "up", "mac_address": None, "mtu": 65536, "description": ""}
    common: Row = {"enabled": True, "oper_status": "up", "mtu": 1500, "vrf": "", "lag": ""}
    for near, far, _link in network.ports(router.name):
        description = DESCRIPTION.format(router=far.router, interface=far.interface)
        yield {"name": near.interface, "mac_address": near.mac, "description": description, **common}
    yield {"name": MANAGEMENT, "mac_address": router.management_mac, "description": "", **common}
    if router.silent_hosts:
        closed = common | {"enabled": False, "oper_status": "down"}
        for name, mac in zip((BRIDGE, *BRIDGED), (BRIDGE_MAC, *TAP_MACS), strict=True):
            yield {"name": name, "mac_address": mac, **closed}


def _addresses(router: Router, network: Network) -> Iterator[Row]:
    listed = [("lo", address, "primary") for address in (*HOST.values(), *router.loopbacks)]
    listed.append((MANAGEMENT, router.management, "primary"))
    listed.append((MANAGEMENT, f"{link_local(router.management_mac)}/64", "link_local"))
    for near, _far, _link in network.ports(router.name):
        listed += [(near.interface, address, "primary") for address in near.addresses]
        listed.append((near.interface, f"{near.link_local}/64", "link_local"))
    for interface, address, role in listed:
        length = int(address.partition("/")[2])
        yield {"interface": interface, "address": bare(address), "prefix_length": length, "vrf": "", "role": role}


def _arp(router: Router, network: Network) -> Iterator[Row]:
    """IPv4 only: which IPv6 neighbors were asked for is the daemons' business."""
    common: Row = {"ip_version": 4, "vrf": "", "entry_type": "dynamic"}
    for near, far, _link in network.ports(router.name):
        yield {"interface": near.interface, "ip_address": bare(far.ipv4), "mac_address": far.mac, **common}
    yield {"interface": MANAGEMENT, "ip_address": router.host, "mac_address": router.host_mac, **common}


def _macs(router: Router) -> Iterator[Row]:
    if router.silent_hosts:
        listed = [(BRIDGE, BRIDGE_MAC, "other"), (BRIDGED[0], TAP_MACS[0], "other")]
        listed += [(BRIDGED[0], mac, "static") for mac in router.silent_hosts]
        for interface, mac, kind in listed:
            yield {"vlan": None, "vlan_name": BRIDGE, "mac_address": mac, "interface": interface, "entry_type": kind}


def _heard(router: Router, network: Network) -> Iterator[Row]:
    """Every cable, by both protocols; lldpd names itself by the address of its first port."""
    for near, far, _link in network.ports(router.name):
        first = next(network.ports(far.router))[0]
        common: Row = {
            "local_interface": near.interface,
            "neighbor_name": far.router,
            "neighbor_hostname": far.router,
            "neighbor_interface": far.interface,
            "port_id": far.interface,
            "neighbor_ip": network.router(far.router).router_id,
        }
        yield {"protocol": "lldp", "chassis_id": first.mac, **common}
        yield {"protocol": "cdp", "chassis_id": "", "platform": "Linux", **common}


def _ospf_neighbors(router: Router, network: Network) -> Iterator[Row]:
    for near, far, link in network.ports(router.name):
        for address in (bare(far.ipv4), far.link_local) if link.cost is not None else ():
            yield {
                "protocol": "ospf",
                "vrf": "",
                "neighbor_id": network.router(far.router).router_id,
                "address": address,
                "interface": near.interface,
                "state": "full",
                "area": "0.0.0.0",  # noqa: S104 - the backbone
            }


def _bgp_neighbors(router: Router, network: Network) -> Iterator[Row]:
    for session in network.sessions(router.name):
        yield {
            "protocol": "bgp",
            "vrf": "",
            "neighbor_id": network.router(session.peer).router_id,
            "address": session.peer_address,
            "state": "established",
            "remote_as": session.peer_as,
        }


def _routes(router: Router, network: Network, number: int) -> Iterator[Row]:
    for row in (*_connected(router, network, number), *_ospf_routes(router, network, number)):
        yield {"vrf": "", "next_hop_vrf": "", "encapsulation": "", "route_type": "", **row}
    for announced in router.announces:
        if version(announced) == number:
            way: Row = {"next_hop": None, "interface": "", "route_type": "blackhole"}
            yield {"vrf": "", "prefix": announced, "protocol": "static", "active": True, "distance": 1, **way}
    yield from _bgp_routes(router, network, number)


def _connected(router: Router, network: Network, number: int) -> Iterator[Row]:
    common: Row = {"protocol": "connected", "next_hop": None, "distance": 0, "metric": 0}
    listed = {near.interface: near.addresses for near, _far, _link in network.ports(router.name)}
    for interface, addresses in {"lo": router.loopbacks, MANAGEMENT: (router.management,), **listed}.items():
        for address in addresses:
            if version(address) == number:
                yield {"prefix": prefix(address), "interface": interface, "active": True, **common}
        if number == 6 and interface != "lo":
            yield {"prefix": LINK_LOCAL_NETWORK, "interface": interface, **common}


def _ospf_routes(router: Router, network: Network, number: int) -> Iterator[Row]:
    """OSPF tells zebra of its own networks, too, which loses to the connected route."""
    common: Row = {"protocol": "ospf", "distance": 110}
    for to, (cost, interfaces) in paths.ospf_routes(router.name, network, number).items():
        if isinstance(interfaces, str):
            yield {"prefix": to, "interface": interfaces, "next_hop": None, "active": False, "metric": cost, **common}
            continue
        for near, far in interfaces:
            hop = bare(far.ipv4) if number == 4 else far.link_local
            yield {"prefix": to, "interface": near.interface, "next_hop": hop, "active": True, "metric": cost, **common}


def _bgp_routes(router: Router, network: Network, number: int) -> Iterator[Row]:
    """FRR takes the link-local next hop of an external IPv6 path, and prints an internal one before it is resolved."""
    ports = {
        address: (near, far) for near, far, _ in network.ports(router.name) for address in map(bare, far.addresses)
    }
    for to, path in paths.bgp_paths(network)[router.name].items():
        if version(to) == number and path.next_hop is not None:
            near, far = ports.get(path.next_hop, (None, None))
            hop = far.link_local if far is not None and number == 6 else path.next_hop
            way: Row = {"next_hop": hop, "interface": near.interface if near else "", "route_type": ""}
            distance = 200 if path.internal else 20
            yield {"vrf": "", "prefix": to, "protocol": "bgp", "active": True, "distance": distance, "metric": 0, **way}


def _bgp_paths(router: Router, network: Network) -> Iterator[Row]:
    for to, path in paths.bgp_paths(network)[router.name].items():
        yield {
            "vrf": "",
            "prefix": to,
            "next_hop": path.next_hop or NOWHERE[version(to)],
            "metric": path.metric,
            "local_pref": 100 if path.internal else None,
            "weight": 0 if path.next_hop else 32768,
            "as_path": " ".join(map(str, path.as_path)),
            "origin": "i",
            "valid": True,
            "best": True,
        }


def links(network: Network = NETWORK) -> list[Row]:
    """The cables."""
    return [{"a": [*link.a], "b": [*link.b], "protocols": ["cdp", "lldp"]} for link in network.links]
