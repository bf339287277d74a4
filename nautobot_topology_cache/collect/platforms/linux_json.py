"""What iproute2 and lldpd print as JSON, flattened; one function per command, seen on iproute2 6.1 and lldpd 1.0."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nautobot_topology_cache.collect.parse.native import flattened
from nautobot_topology_cache.collect.results import Row

Object = Mapping[str, Any]
NO_MAC = "00:00:00:00:00:00"


def _present(document: Iterable[Object]) -> Iterator[Object]:
    """iproute2 prints `{}` in the place of an object that a filter left out."""
    return (entry for entry in document if entry)


@flattened("name", "interfaces")
def vrfs(document: Iterable[Object]) -> Iterable[Row]:
    """`ip -j -d link show`: a VRF is an interface of that kind, its members name it as their master."""
    links = list(_present(document))
    for link in links:
        if _kind(link) == "vrf":
            name = link["ifname"]
            yield {"name": name, "interfaces": [one["ifname"] for one in links if one.get("master") == name]}


@flattened(
    "name", "parent", "up", "oper_status", "description", "mac", "mtu", "lag", "type", "address", "length", "role"
)
def addresses(document: Iterable[Object]) -> Iterable[Row]:
    """`ip -j -d address show`; the addresses of an interface are parallel lists."""
    for link in _present(document):
        listed = [entry for entry in link.get("addr_info", ()) if entry and entry["family"] in ("inet", "inet6")]
        yield {
            "name": link["ifname"],
            "parent": link.get("link") if _kind(link) in ("vlan", "macvlan") else "",
            "up": "UP" in link["flags"],
            "oper_status": _oper_status(link),
            "description": link.get("ifalias"),
            "mac": _mac(link),
            "mtu": link["mtu"],
            "lag": link.get("master") if _slave_kind(link) in ("bond", "team") else "",
            "type": _kind(link) or link["link_type"],
            "address": [entry["local"] for entry in listed],
            "length": [entry["prefixlen"] for entry in listed],
            "role": [_role(entry) for entry in listed],
        }


def _kind(link: Object) -> str:
    return str((link.get("linkinfo") or {}).get("info_kind") or "")


def _slave_kind(link: Object) -> str:
    return str((link.get("linkinfo") or {}).get("info_slave_kind") or "")


def _oper_status(link: Object) -> str:
    """Loopbacks and tunnels report no state of their own: what carries is up."""
    state = str(link["operstate"]).lower()
    return "up" if state == "up" or (state == "unknown" and "LOWER_UP" in link["flags"]) else "down"


def _mac(link: Object) -> str | None:
    """Tunnels have an IP address in this place."""
    address = link.get("address")
    return address if link["link_type"] == "ether" and address != NO_MAC else None


def _role(entry: Object) -> str:
    if entry["family"] == "inet6" and entry["scope"] == "link":
        return "link_local"
    return "secondary" if entry.get("secondary") else "primary"


@flattened("address", "interface", "mac", "state")
def neighbors(document: Iterable[Object]) -> Iterable[Row]:
    """`ip -j neigh show`: IPv4 and IPv6 alike; what does not answer has no `lladdr`."""
    for entry in _present(document):
        yield {
            "address": entry["dst"],
            "interface": entry["dev"],
            "mac": entry.get("lladdr"),
            "state": (entry.get("state") or [""])[0],
        }


@flattened("mac", "interface", "vlan", "bridge", "state")
def forwarding(document: Iterable[Object]) -> Iterable[Row]:
    """`bridge -j fdb show`: without a master it is what a port's own filter lets in, no entry of a bridge."""
    for entry in _present(document):
        yield {
            "mac": entry["mac"],
            "interface": entry["ifname"],
            "vlan": entry.get("vlan"),
            "bridge": entry.get("master"),
            "state": entry.get("state"),
        }


@flattened("prefix", "type", "protocol", "metric", "next_hop", "interface", "dead")
def routes(document: Iterable[Object]) -> Iterable[Row]:
    """`ip -j route show`, one row per next hop."""
    for route in _present(document):
        for way in route.get("nexthops") or [route]:
            yield {
                "prefix": route["dst"],
                "type": route.get("type", "unicast"),
                "protocol": route.get("protocol"),
                "metric": route.get("metric"),
                # An IPv4 route by an IPv6 next hop names it in `via`.
                "next_hop": way.get("gateway") or (way.get("via") or {}).get("host"),
                "interface": way.get("dev"),
                "dead": bool({"dead", "linkdown"} & {*way.get("flags", ()), *route.get("flags", ())}),
            }


@flattened(
    "protocol",
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
    """`lldpcli -f json0 show neighbors details`, in which everything is a list; CDP comes in LLDP's words."""
    for part in document["lldp"]:
        for port in part.get("interface", ()):
            chassis, far = (port.get("chassis") or [{}])[0], (port.get("port") or [{}])[0]
            enabled = [entry["type"] for entry in chassis.get("capability", ()) if entry.get("enabled")]
            yield {
                "protocol": "cdp"
                if port["via"].startswith("CDP")
                else "lldp"
                if port["via"] == "LLDP"
                else port["via"],
                "local_interface": port["name"],
                "name": _first(chassis, "name"),
                "chassis_id": _first(chassis, "id"),
                "port_id": _first(far, "id"),
                "port_description": _first(far, "descr"),
                "address": [entry["value"] for entry in chassis.get("mgmt-ip", ())],
                "capabilities": ", ".join(enabled),
                "description": _first(chassis, "descr"),
                "vlan": next((entry["vlan-id"] for entry in port.get("vlan", ()) if entry.get("pvid")), None),
            }


def _first(holder: Object, name: str) -> str:
    values = holder.get(name) or [{}]
    return str(values[0].get("value") or "")
