"""What is true, as rows in the columns and forms of the product's contract, computed before any text is written.

A column that a row does not name is not claimed: the platform's forms disagree about it, or the contract leaves it
open.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from development.lab.hearing import listens
from development.lab.model import LAG, LOOPBACK, MGMT, PHYSICAL, Device, Interface, Network
from development.lab.rows import Path
from development.lab.state import State, World

Row = dict[str, Any]
ROUTERS_WITHOUT_BRIDGING = ("border",)
NO_TABLE = {"filtered": 0, "outcome": "unsupported", "rows": []}


def of(world: World) -> dict[str, Any]:
    """Links, neighbors outside, and every device's tables."""
    return {**head(world.network), "devices": dict(devices(world))}


def head(network: Network) -> dict[str, Any]:
    """What is no device's own."""
    return {"links": links(network), "outside": outside(network)}


def document(top: dict[str, Any], tables: Iterable[tuple[str, Row]]) -> Iterator[str]:
    """The truth as JSON, a line for each device."""
    yield json.dumps(top)[:-1] + (", " if top else "") + '"devices": {'
    for index, (name, content) in enumerate(tables):
        yield f"{',' if index else ''}\n{json.dumps(name)}: {json.dumps(content)}"
    yield "\n}}\n"


def devices(world: World) -> Iterator[tuple[str, Row]]:
    """Each device with its tables, one after the other: of a large network nobody wants them all in memory."""
    for owner in world.network.devices.values():
        yield owner.name, device(State(world, owner))


def links(network: Network) -> list[Row]:
    """Every cable between devices, with the protocols that an answering end hears the other by."""
    found = []
    for link in network.links:
        ends = [(network.devices[name], network.devices[name].interfaces[port]) for name, port in (link.a, link.b)]
        lags = [port.lag for _device, port in ends]
        found.append(
            {
                "a": list(link.a),
                "b": list(link.b),
                "protocols": [p for p in ("cdp", "lldp") if heard(ends, p) or heard(ends[::-1], p)],
                "lag": {"a": lags[0], "b": lags[1]} if all(lags) else None,
            }
        )
    return found


def heard(ends: list[tuple[Device, Interface]], protocol: str) -> bool:
    """Whether the first end answers and hears the second."""
    (near, near_port), (far, far_port) = ends
    both = getattr(near_port, protocol) and getattr(far_port, protocol) and listens(near, protocol)
    sends = far.cdp and far.platform != "arista_eos" if protocol == "cdp" else far.lldp
    return bool(both and sends and not near.answers)


def outside(network: Network) -> list[Row]:
    """What is heard and is not in Nautobot."""
    return [
        {"device": name, "interface": member, "name": s.name, "kind": s.kind, "protocols": list(s.announces)}
        for s in network.stations
        for name, port in s.ports
        if s.announces and not network.devices[name].answers
        for member in ([i.name for i in network.devices[name].members(port)] or [port])
    ]


def device(state: State) -> Row:
    """One device: its platform, how it fails if it does, and its tables."""
    if state.device.answers:
        return {"platform": state.device.platform, "answers": state.device.answers, "tables": {}}
    return {
        "platform": state.device.platform,
        "answers": "yes",
        "tables": {name: t(state) for name, t in TABLES.items()},
    }


def counted(rows: list[Row], filtered: int = 0) -> Row:
    """A table with its outcome; equal rows are one, the rest are filtered."""
    unique = [row for index, row in enumerate(rows) if row not in rows[:index]] if len(rows) < 500 else rows
    filtered += len(rows) - len(unique)
    return {"rows": unique, "filtered": filtered, "outcome": "ok" if rows or filtered else "empty"}


def interfaces(state: State) -> Row:
    """Every interface; speed and duplex of ports that are up, VLANs where the mode makes them matter."""
    return counted([interface(state.device, i) for i in state.device.interfaces.values()])


def interface(owner: Device, port: Interface) -> Row:
    """One interface."""
    row: Row = {
        "name": port.name,
        "enabled": port.enabled,
        "oper_status": "up" if port.up and port.enabled else "down",
        "description": port.description,
        "mac_address": port.mac,
        "mtu": port.mtu,
        "vrf": port.vrf,
        "lag": port.lag,
    }
    if port.kind in (PHYSICAL, MGMT) and port.up:
        row |= {"speed": port.speed, "duplex": port.duplex}
    if port.kind not in (PHYSICAL, LAG) or (not port.lag and not port.mode):
        row["mode"] = ""
    elif port.up and not port.lag:
        row["mode"] = port.mode
        row |= {"access_vlan": port.access_vlan} if port.mode == "access" else {"native_vlan": port.native_vlan}
    if port.mtu == 0:
        del row["mtu"]
    if port.kind == LOOPBACK and owner.platform == "arista_eos":
        del row["mtu"]
    return row


def ip_addresses(state: State) -> Row:
    """Every address; a link-local one's length is printed by some platforms only."""
    rows = []
    for port in state.device.interfaces.values():
        for address in port.addresses:
            row = {"interface": port.name, "address": address.ip, "vrf": port.vrf, "ip_version": address.version}
            if address.role != "link_local":
                row["prefix_length"] = address.length
            rows.append({**row, "role": address.role})
    return counted(rows)


def arp_entries(state: State) -> Row:
    """Resolved addresses; unanswered ones are filtered."""
    rows = [
        {
            "interface": entry.interface,
            "ip_address": entry.address,
            "mac_address": entry.mac,
            "ip_version": entry.version,
            "vrf": entry.vrf,
            "entry_type": entry.kind,
        }
        for entry in state.resolutions
        if entry.mac
    ]
    return counted(rows, sum(entry.mac is None for entry in state.resolutions))


def mac_addresses(state: State) -> Row:
    """The MAC address table; a router has none."""
    if state.device.role in ROUTERS_WITHOUT_BRIDGING:
        return NO_TABLE
    rows = []
    for entry in state.macs:
        row = {"vlan": entry.vlan, "mac_address": entry.mac, "interface": entry.interface, "entry_type": entry.kind}
        rows.append({**row, "vlan_name": ""} if entry.vlan else row)
    return counted(rows)


def neighbors(state: State) -> Row:
    """CDP and LLDP. The host name is the far device's own, whatever it announces."""
    rows = []
    for heard_ in state.neighbors:
        row: Row = {
            "protocol": heard_.protocol,
            "local_interface": heard_.local_interface,
            "neighbor_name": heard_.name,
            "neighbor_hostname": heard_.hostname,
            "chassis_id": heard_.chassis_id,
            "port_id": heard_.port_id,
            "neighbor_ip": heard_.address,
        }
        if heard_.interface is not None:
            row["neighbor_interface"] = heard_.interface
        if heard_.protocol == "cdp":
            row["platform"] = heard_.platform
        else:
            row["port_description"] = heard_.port_description
        rows.append(row)
    return counted(rows)


def routing_neighbors(state: State) -> Row:
    """OSPF and BGP."""
    rows = []
    for found in state.adjacencies:
        row = {"protocol": found.protocol, "vrf": found.vrf, "address": found.address, "state": found.state}
        if found.protocol == "ospf":
            row |= {"neighbor_id": found.router_id, "interface": found.interface, "remote_as": None}
        else:
            row |= {"remote_as": found.remote_as}
        rows.append(row)
    return counted(rows)


def routes(state: State) -> Row:
    """The routing table, a row for each next hop; NX-OS's JSON form does not say that a next hop is behind a tunnel."""
    rows = []
    for route in state.routes:
        row = {
            "vrf": route.vrf,
            "prefix": route.prefix,
            "protocol": route.protocol,
            "next_hop": route.next_hop,
            "interface": route.interface,
            "next_hop_vrf": "" if route.next_hop_vrf == "default" else route.next_hop_vrf,
            "active": True,
            "route_type": route.route_type,
            "distance": route.distance,
            "metric": route.metric,
            "tag": route.tag,
        }
        if state.device.platform != "cisco_nxos" or not route.vni:
            row["encapsulation"] = "vxlan" if route.vni else ""
        rows.append(row)
    return counted(rows)


def bgp_routes(state: State) -> Row:
    """The BGP table; `not_enabled` where BGP is not configured."""
    if not state.device.peers:
        return {"filtered": 0, "outcome": "not_enabled", "rows": []}
    return counted([bgp_route(state.device.platform, path) for path in state.paths])


def bgp_route(platform: str, path: Path) -> Row:
    """One path; EOS shows defaults where others leave a column empty, and its two forms disagree on its own routes."""
    row: Row = {
        "vrf": path.vrf,
        "prefix": path.prefix,
        "next_hop": path.next_hop,
        "as_path": " ".join(str(asn) for asn in path.as_path),
        "origin": path.origin,
        "valid": True,
        "best": path.best,
    }
    if platform != "arista_eos":
        return row | {"metric": path.metric, "local_pref": path.local_pref, "weight": path.weight}
    if path.source == "local":
        return row | {"next_hop": None}
    return row | {
        "metric": path.metric or 0,
        "local_pref": 100 if path.local_pref is None else path.local_pref,
        "weight": 0,
    }


TABLES: dict[str, Callable[[State], Row]] = {
    "interfaces": interfaces,
    "ip_addresses": ip_addresses,
    "arp_entries": arp_entries,
    "mac_addresses": mac_addresses,
    "neighbors": neighbors,
    "routing_neighbors": routing_neighbors,
    "routes": routes,
    "bgp_routes": bgp_routes,
}
