"""What Junos prints with `| display json`, flattened; one function per command, seen on 19.4.

Junos wraps every value: `{"name": [{"data": "ge-0/0/0"}]}`, and a flag is a key whose value says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nautobot_topology_cache.collect.parse.native import flattened
from nautobot_topology_cache.collect.results import Row

Object = Mapping[str, Any]


def items(parent: Object, *path: str) -> Iterator[Object]:
    """The objects at the end of a path of keys, each of which may be missing or hold several."""
    if not path:
        yield parent
        return
    found = parent.get(path[0], ())
    for child in found if isinstance(found, list) else (found,):
        if isinstance(child, Mapping):
            yield from items(child, *path[1:])


def said(parent: Object, *path: str) -> str:
    """The first value at the end of a path, as text; nothing when it is missing."""
    found = (child["data"] for child in items(parent, *path) if isinstance(child.get("data"), (str, int)))
    return str(next(found, "")).strip()


def must(parent: Object, key: str) -> str:
    """A value without which the object says nothing."""
    return said({key: parent[key]}, key)


def table(document: Object, *roots: str) -> Iterator[Object]:
    """The content of the document; a chassis of several members wraps it once more, one document each."""
    documents = document.get("multi-routing-engine-results")
    members = items({"all": documents}, "all", "multi-routing-engine-item") if documents else (document,)
    for member in members:
        root = next((name for name in roots if name in member), None)
        if root is None:
            raise KeyError(roots[0])
        yield from items(member, root)


def flags(parent: Object, *path: str) -> set[str]:
    """The names of the flags in an object, without what they have in common: `iff-up` is `up`."""
    return {name.partition("-")[2] for found in items(parent, *path) for name in found}


@flattened("vrf", "kind", "interfaces")
def instances(document: Object) -> Iterable[Row]:
    """`show route instance detail`."""
    for instance in (
        core for found in table(document, "instance-information") for core in items(found, "instance-core")
    ):
        yield {
            "vrf": must(instance, "instance-name"),
            "kind": said(instance, "instance-type"),
            "interfaces": [said(port, "interface-name") for port in items(instance, "instance-interface")],
        }


@flattened("vrf", "kind", "interfaces")
def configured_instances(document: Object) -> Iterable[Row]:
    """`show configuration routing-instances`: here alone values are plain."""
    for instance in items(document["configuration"], "routing-instances", "instance"):
        yield {
            "vrf": instance["name"],
            "kind": instance.get("instance-type", ""),
            "interfaces": [port["name"] for port in instance.get("interface", ())],
        }


INTERFACE_COLUMNS = (
    "name",
    "admin",
    "link",
    "description",
    "type",
    "mac",
    "mtu",
    "speed",
    "duplex",
    "mode",
    "bundle",
    "snmp_index",
    "address",
    "prefix_length",
    "role",
)


@flattened(*INTERFACE_COLUMNS)
def interfaces(document: Object) -> Iterable[Row]:
    """`show interfaces`: a row for each port and each unit; addresses, lengths and roles are parallel lists."""
    for found in table(document, "interface-information"):
        for port in items(found, "physical-interface"):
            units = list(items(port, "logical-interface"))
            yield _port(port, units)
            yield from map(_unit, units)
        yield from map(_unit, items(found, "logical-interface"))


def _port(port: Object, units: list[Object]) -> Row:
    bundles = (said(unit, "address-family", "ae-bundle-name") for unit in units)
    return {
        "name": must(port, "name"),
        "admin": said(port, "admin-status"),
        "link": said(port, "oper-status"),
        "description": said(port, "description"),
        "type": said(port, "if-type") or said(port, "link-level-type"),
        "mac": said(port, "current-physical-address"),
        "mtu": said(port, "mtu"),
        "speed": said(port, "speed"),
        "duplex": said(port, "duplex") or said(port, "link-mode") or said(port, "link-type"),
        "mode": "",
        "bundle": next((bundle for bundle in bundles if bundle), ""),
        "snmp_index": said(port, "snmp-index"),
        "address": [],
        "prefix_length": [],
        "role": [],
    }


def _unit(unit: Object) -> Row:
    found = flags(unit, "if-config-flags")
    families = list(items(unit, "address-family"))
    marks = {name for family in families for name in flags(family, "address-family-flags")}
    addresses = [entry for family in families for entry in _addresses(family)]
    return {
        "name": must(unit, "name"),
        "admin": "down" if found & {"down", "admin-down"} else "up",
        "link": unit_link(found),
        "description": said(unit, "description"),
        "type": said(unit, "encapsulation"),
        "mac": said(unit, "logical-interface-mac"),
        "mtu": next((said(family, "mtu") for family in families if said(family, "mtu")), ""),
        "speed": "",
        "duplex": "",
        "mode": "trunk" if "port-mode-trunk" in marks else "access" if "port-mode-access" in marks else "",
        "bundle": "",
        "snmp_index": said(unit, "snmp-index"),
        "address": [address for address, _, _ in addresses],
        "prefix_length": [length for _, length, _ in addresses],
        "role": [role for _, _, role in addresses],
    }


def unit_link(words: set[str]) -> str:
    """A unit is up unless a flag says that it, or something below it, is down; of a loopback no flag says `Up`."""
    return "down" if any(word.endswith("down") for word in words) else "up"


def _addresses(family: Object) -> Iterator[tuple[str, str, str]]:
    """Address, length and role; without a destination it is a host address."""
    entries = [entry for entry in items(family, "interface-address") if said(entry, "ifa-local")]
    marked = [bool(flags(entry, "ifa-flags") & {"primary", "current-primary"}) for entry in entries]
    for entry, primary in zip(entries, marked, strict=True):
        address = said(entry, "ifa-local").partition("/")[0]
        yield address, length(address, said(entry, "ifa-destination")), role(address, primary or not any(marked))


def length(address: str, destination: str) -> str:
    """The length of the network that the address is in; a point-to-point address prints none."""
    return destination.partition("/")[2] or ("128" if ":" in address else "32")


def role(address: str, primary: bool) -> str:
    """Every IPv6 address is as good as another; of the IPv4 ones Junos marks one as primary."""
    if address.lower().startswith("fe80:"):
        return "link_local"
    return "primary" if primary or ":" in address else "secondary"


@flattened("mac", "address", "interface", "flags")
def arp(document: Object) -> Iterable[Row]:
    """`show arp`; behind an irb the port is printed too: `irb.10 [ae0.0]`."""
    for found in table(document, "arp-table-information"):
        for entry in items(found, "arp-table-entry"):
            yield {
                "mac": must(entry, "mac-address"),
                "address": must(entry, "ip-address"),
                "interface": must(entry, "interface-name"),
                "flags": " ".join(name for group in items(entry, "arp-table-entry-flags") for name in group),
            }


@flattened("mac", "address", "interface", "flags")
def ipv6_neighbors(document: Object) -> Iterable[Row]:
    """`show ipv6 neighbors`."""
    for found in table(document, "ipv6-nd-information"):
        for entry in items(found, "ipv6-nd-entry"):
            yield {
                "mac": said(entry, "ipv6-nd-neighbor-l2-address"),
                "address": must(entry, "ipv6-nd-neighbor-address"),
                "interface": must(entry, "ipv6-nd-interface-name"),
                "flags": said(entry, "ipv6-nd-state"),
            }


@flattened("vlan", "vlan_name", "mac", "flags", "interface")
def mac_table(document: Object) -> Iterable[Row]:
    """`show ethernet-switching table detail`, or without detail, which prints no VLAN numbers."""
    for found in table(document, "l2ng-l2ald-rtb-macdb"):
        for group in items(found, "l2ng-l2ald-mac-entry-vlan"):
            for entry in (group, *items(group, "l2ng-mac-entry")):
                if "l2ng-l2-mac-address" in entry:
                    yield {
                        "vlan": said(entry, "l2ng-l2-vlan-id"),
                        "vlan_name": said(entry, "l2ng-l2-mac-vlan-name"),
                        "mac": must(entry, "l2ng-l2-mac-address"),
                        "flags": said(entry, "l2ng-l2-mac-flags") or said(entry, "l2ng-l2-mac-entry-flags"),
                        "interface": said(entry, "l2ng-l2-mac-logical-interface"),
                    }


@flattened(
    "local_interface", "name", "chassis_id", "port_id", "port_description", "address", "capabilities", "description"
)
def lldp(document: Object) -> Iterable[Row]:
    """`show lldp neighbors`, with or without detail; a port that was named is not a number in `port-id`."""
    for found in table(document, "lldp-neighbors-information"):
        for neighbor in items(found, "lldp-neighbor-information"):
            yield {
                "local_interface": (said(neighbor, "lldp-local-interface") or must(neighbor, "lldp-local-port-id")),
                "name": said(neighbor, "lldp-remote-system-name"),
                "chassis_id": said(neighbor, "lldp-remote-chassis-id"),
                "port_id": said(neighbor, "lldp-remote-port-id"),
                "port_description": said(neighbor, "lldp-remote-port-description"),
                "address": [
                    said({"at": [address]}, "at") for address in items(neighbor, *MANAGEMENT) if address.get("data")
                ],
                "capabilities": said(neighbor, "lldp-remote-system-capabilities-enabled"),
                "description": said(neighbor, "lldp-system-description", "lldp-remote-system-description"),
            }


MANAGEMENT = ("lldp-remote-management-address",)


@flattened("vrf", "neighbor_id", "address", "interface", "state", "area")
def ospf(document: Object) -> Iterable[Row]:
    """`show ospf neighbor instance all detail`, and the same of ospf3."""
    for found in table(document, "ospf-neighbor-information-all", "ospf3-neighbor-information-all"):
        for prefix in ("ospf", "ospf3"):
            for instance in items(found, f"{prefix}-instance-neighbor"):
                for neighbor in items(instance, f"{prefix}-neighbor"):
                    yield {
                        "vrf": said(instance, f"{prefix}-instance-name"),
                        "neighbor_id": must(neighbor, "neighbor-id"),
                        "address": must(neighbor, "neighbor-address"),
                        "interface": must(neighbor, "interface-name"),
                        "state": must(neighbor, f"{prefix}-neighbor-state"),
                        "area": said(neighbor, f"{prefix}-area"),
                    }


@flattened("vrf", "peer", "asn", "state", "interface")
def bgp(document: Object) -> Iterable[Row]:
    """`show bgp neighbor`: a peer is printed with its port, `192.0.2.1+179`."""
    for found in table(document, "bgp-information"):
        for peer in items(found, "bgp-peer"):
            yield {
                "vrf": said(peer, "peer-cfg-rti"),
                "peer": must(peer, "peer-address").partition("+")[0],
                "asn": said(peer, "peer-as"),
                "state": must(peer, "peer-state"),
                "interface": said(peer, "local-interface-name"),
            }


@flattened("interface", "system_id", "level", "state", "address")
def isis(document: Object) -> Iterable[Row]:
    """`show isis adjacency detail`."""
    for found in table(document, "isis-adjacency-information"):
        for adjacency in items(found, "isis-adjacency"):
            yield {
                "interface": must(adjacency, "interface-name"),
                "system_id": must(adjacency, "system-name"),
                "level": said(adjacency, "level"),
                "state": must(adjacency, "adjacency-state"),
                "address": said(adjacency, "ip-address"),
            }


ROUTE_COLUMNS = (
    "table",
    "prefix",
    "protocol",
    "active",
    "preference",
    "metric",
    "tag",
    "med",
    "local_pref",
    "as_path",
    "kind",
    "next_hop",
    "interface",
    "next_hop_vrf",
    "label",
)


@flattened(*ROUTE_COLUMNS)
def routes(document: Object) -> Iterable[Row]:
    """`show route`: a row for each path, the next hops of a path in parallel lists."""
    for found in table(document, "route-information"):
        for rib in items(found, "route-table"):
            name = must(rib, "table-name")
            for route in items(rib, "rt"):
                destination = must(route, "rt-destination")
                for path in items(route, "rt-entry"):
                    yield {"table": name, "prefix": destination, **_path(path)}


def _path(path: Object) -> Row:
    hops = list(items(path, "nh")) or [{}]
    return {
        "protocol": must(path, "protocol-name"),
        "active": "current-active" in path,
        "preference": said(path, "preference"),
        "metric": said(path, "metric"),
        "tag": said(path, "rt-tag"),
        "med": said(path, "med"),
        "local_pref": said(path, "local-preference"),
        "as_path": said(path, "as-path"),
        "kind": said(path, "nh-type"),
        "next_hop": [said(hop, "to") for hop in hops],
        "interface": [(said(hop, "via") or said(hop, "nh-local-interface")).partition(" ")[0] for hop in hops],
        "next_hop_vrf": [leads_to(said(hop, "via"), said(hop, "nh-table")) for hop in hops],
        "label": [said(hop, "mpls-label") for hop in hops],
    }


def leads_to(via: str, rib: str) -> str:
    """The VRF behind a next hop: `to table RED.inet.0`, or the label-switched `lsi.0 (RED)`."""
    behind = re.search(r"\((\S+)\)$", via)
    return behind[1] if behind else vrf_of(rib)


def vrf_of(rib: str) -> str:
    """The VRF that a routing table belongs to: `RED.inet6.0` is RED's, `inet6.0` is the default one's."""
    return re.sub(r"\.?inet6?\.\d+$", "", rib)
