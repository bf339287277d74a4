"""What EOS prints with `| json`, flattened; one function per command, seen on 4.18 to 4.32.

EOS leaves keys out rather than printing them empty, so only keys that a row cannot do without are taken by index.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nautobot_topology_cache.collect.parse.native import flattened
from nautobot_topology_cache.collect.results import Row

Object = Mapping[str, Any]
NO_ADDRESS = "0.0.0.0"  # noqa: S104 - what EOS prints for none


def _vrfs(document: Object) -> Iterator[tuple[str, Object]]:
    """VRF name and content; before 4.20 some commands print one VRF without naming it."""
    if "vrfs" in document:
        yield from document["vrfs"].items()
    else:
        yield "", document


@flattened("vrf", "interfaces")
def vrfs(document: Object) -> Iterable[Row]:
    """`show vrf`."""
    for name, content in document["vrfs"].items():
        yield {"vrf": name, "interfaces": list(content.get("interfaces", ()))}


@flattened(
    "name",
    "description",
    "link",
    "line_protocol",
    "hardware",
    "mac",
    "mtu",
    "bandwidth",
    "speed",
    "duplex",
    "lag",
    "address",
    "role",
)
def interfaces(document: Object) -> Iterable[Row]:
    """`show interfaces`; the IPv4 addresses of an interface and their roles are parallel lists."""
    for name, port in document["interfaces"].items():
        addresses = list(_addresses(port.get("interfaceAddress") or ()))
        yield {
            "name": name,
            "description": port.get("description"),
            "link": port["interfaceStatus"],
            "line_protocol": port["lineProtocolStatus"],
            "hardware": port["hardware"],
            "mac": port.get("physicalAddress"),
            "mtu": port.get("mtu"),
            "bandwidth": int(port.get("bandwidth") or 0) // 1000,
            "speed": None,
            "duplex": str(port.get("duplex") or "").removeprefix("duplex"),
            "lag": (port.get("interfaceMembership") or "").removeprefix("Member of "),
            "address": [address for address, _ in addresses],
            "role": [role for _, role in addresses],
        }


def _addresses(printed: Iterable[Object]) -> Iterator[tuple[str, str]]:
    """Address with its length, and role."""
    for group in printed:
        found = [(group.get("primaryIp"), "primary"), (group.get("virtualIp"), "virtual")]
        found += [(entry, "secondary") for entry in group.get("secondaryIpsOrderedList", ())]
        found += [(entry, "virtual") for entry in group.get("virtualSecondaryIpsOrderedList", ())]
        for entry, role in found:
            if entry and entry["address"] != NO_ADDRESS:
                yield f"{entry['address']}/{entry['maskLen']}", role


@flattened("name", "vrf", "address", "role")
def ipv6_addresses(document: Object) -> Iterable[Row]:
    """`show ipv6 interface`."""
    for name, port in document["interfaces"].items():
        link_local = port.get("linkLocal") or {}
        listed = [(entry, "primary") for entry in port.get("addresses", ())]
        for entry, role in [*listed, *([(link_local, "link_local")] if link_local.get("address") else [])]:
            address = f"{entry['address']}/{entry['subnet'].partition('/')[2]}"
            yield {"name": name, "vrf": port.get("vrf"), "address": address, "role": role}


@flattened("name", "mode", "access_vlan", "native_vlan")
def switchports(document: Object) -> Iterable[Row]:
    """`show interfaces switchport`; a port that routes has nothing in its `switchportInfo` that holds."""
    for name, port in document["switchports"].items():
        info = port.get("switchportInfo") or {}
        routes = not port.get("enabled", True) or not info
        yield {
            "name": name,
            "mode": "routed" if routes else info["mode"],
            "access_vlan": None if routes else info.get("accessVlanId"),
            "native_vlan": None if routes else info.get("trunkingNativeVlanId"),
        }


@flattened("vrf", "address", "mac", "interface", "age")
def arp(document: Object) -> Iterable[Row]:
    """`show arp vrf all`, `show ip arp vrf all`: an entry that does not age has no `age`."""
    for vrf, content in _vrfs(document):
        for entry in content["ipV4Neighbors"]:
            yield _resolution(vrf, entry)


@flattened("vrf", "address", "mac", "interface", "age")
def ipv6_neighbors(document: Object) -> Iterable[Row]:
    """`show ipv6 neighbors vrf all`."""
    for vrf, content in _vrfs(document):
        for entry in content["ipV6Neighbors"]:
            yield _resolution(vrf, entry)


def _resolution(vrf: str, entry: Object) -> Row:
    """Behind an SVI the port is printed too: `Vlan10, Port-Channel3`."""
    return {
        "vrf": vrf,
        "address": entry["address"],
        "mac": entry.get("hwAddress"),
        "interface": entry["interface"].partition(",")[0],
        "age": entry.get("age"),
    }


@flattened("vlan", "mac", "type", "interface")
def mac_table(document: Object) -> Iterable[Row]:
    """`show mac address-table`: unicast entries have one interface, multicast ones a list."""
    for table in ("unicastTable", "multicastTable"):
        for entry in document.get(table, {}).get("tableEntries", ()):
            for interface in entry.get("interfaces") or [entry.get("interface", "")]:
                yield {
                    "vlan": entry["vlanId"],
                    "mac": entry["macAddress"],
                    "type": entry["entryType"],
                    "interface": interface,
                }


@flattened(
    "local_interface",
    "name",
    "chassis_id",
    "port_id",
    "port_description",
    "address",
    "capabilities",
    "description",
    "vlan",
)
def lldp(document: Object) -> Iterable[Row]:
    """`show lldp neighbors detail`."""
    for local_interface, heard in document["lldpNeighbors"].items():
        for neighbor in heard["lldpNeighborInfo"]:
            port = neighbor.get("neighborInterfaceInfo") or {}
            managers = [entry["address"] for entry in neighbor.get("managementAddresses", ()) if _is_ip(entry)]
            enabled = [name for name, on in (neighbor.get("systemCapabilities") or {}).items() if on]
            yield {
                "local_interface": local_interface,
                "name": neighbor.get("systemName"),
                "chassis_id": neighbor.get("chassisId"),
                "port_id": port.get("interfaceId_v2") or (port.get("interfaceId") or "").strip('"'),
                "port_description": port.get("interfaceDescription"),
                "address": managers,
                "capabilities": ", ".join(name[:1].upper() + name[1:] for name in enabled),
                "description": neighbor.get("systemDescription"),
                "vlan": port.get("portVlanId") or None,
            }


def _is_ip(management: Object) -> bool:
    return str(management.get("addressType", "")).lower() in ("ipv4", "ipv6")


@flattened("vrf", "router_id", "address", "interface", "state", "area")
def ospf(document: Object) -> Iterable[Row]:
    """`show ip ospf neighbor detail vrf all`."""
    for vrf, content in _vrfs(document):
        for instance in content["instList"].values():
            for neighbor in instance["ospfNeighborEntries"]:
                yield {
                    "vrf": vrf,
                    "router_id": neighbor["routerId"],
                    "address": neighbor["interfaceAddress"],
                    "interface": neighbor["interfaceName"],
                    "state": neighbor["adjacencyState"],
                    "area": (neighbor.get("details") or {}).get("areaId"),
                }


@flattened("vrf", "peer", "asn", "state")
def bgp_summary(document: Object) -> Iterable[Row]:
    """`show ip bgp summary vrf all`, `show ipv6 bgp summary vrf all`."""
    for vrf, content in _vrfs(document):
        for peer, entry in content["peers"].items():
            reason = entry.get("peerStateIdleReason")
            state = f"{entry['peerState']}({reason})" if reason else entry["peerState"]
            yield {"vrf": vrf, "peer": peer, "asn": entry.get("asn"), "state": state}


@flattened("vrf", "system_id", "interface", "state", "address", "level")
def isis(document: Object) -> Iterable[Row]:
    """`show isis neighbors detail vrf all`; one row per adjacency, named like the text form does."""
    for vrf, content in _vrfs(document):
        for instance in content["isisInstances"].values():
            for system_id, neighbor in instance.get("neighbors", {}).items():
                for adjacency in neighbor["adjacencies"]:
                    details = adjacency.get("details") or {}
                    yield {
                        "vrf": vrf,
                        "system_id": adjacency.get("hostname") or system_id,
                        "interface": adjacency["interfaceName"],
                        "state": adjacency["state"],
                        "address": details.get("ip4Address"),
                        "level": adjacency.get("level"),
                    }


@flattened(
    "vrf",
    "prefix",
    "type",
    "action",
    "preference",
    "metric",
    "tag",
    "next_hop",
    "interface",
    "next_hop_vrf",
    "vtep",
)
def routes(document: Object) -> Iterable[Row]:
    """`show ip route vrf all`, `show ipv6 route vrf all`; one row per next hop, one for a route that has none."""
    for vrf, content in _vrfs(document):
        for prefix, route in content["routes"].items():
            for via in route.get("vias") or [{}]:
                yield {
                    "vrf": vrf,
                    "prefix": prefix,
                    "type": route["routeType"],
                    "action": route.get("routeAction"),
                    "preference": route.get("preference"),
                    "metric": route.get("metric"),
                    "tag": route.get("tag"),
                    "next_hop": via.get("nexthopAddr"),
                    "interface": via.get("interface"),
                    "next_hop_vrf": via.get("sourceVrf") or via.get("vrfName") or route.get("sourceVrf"),
                    "vtep": via.get("vtepAddr"),
                }


@flattened("vrf", "prefix", "next_hop", "metric", "local_pref", "weight", "path", "origin", "valid", "active")
def bgp_paths(document: Object) -> Iterable[Row]:
    """`show ip bgp vrf all`, `show ipv6 bgp vrf all`; `path` ends with the origin code."""
    for vrf, content in _vrfs(document):
        for prefix, entry in content["bgpRouteEntries"].items():
            for path in entry["bgpRoutePaths"]:
                status = path["routeType"]
                yield {
                    "vrf": vrf,
                    "prefix": prefix,
                    "next_hop": path.get("nextHop"),
                    "metric": path.get("med"),
                    "local_pref": path.get("localPreference"),
                    "weight": path.get("weight"),
                    "path": path["asPathEntry"].get("asPath"),
                    "origin": status.get("origin"),
                    "valid": status["valid"],
                    "active": status["active"],
                }
