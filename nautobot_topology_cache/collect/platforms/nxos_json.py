"""What NX-OS prints with `| json`, flattened; one function per command, seen on 7.0(3)I to 10.3.

A table is `TABLE_x: {ROW_x: ...}`: one row is an object, several are a list, none is a missing TABLE_x, and now and
then a list of tables stands in for one. Numbers come as texts or as numbers, and a key may be printed several times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nautobot_topology_cache.collect.parse.native import flattened
from nautobot_topology_cache.collect.results import Row

Object = Mapping[str, Any]
NO_ADDRESS = ("0.0.0.0", "::", "0::0")  # noqa: S104 - what NX-OS prints for none


def _top(document: Object, *names: str) -> Iterator[Object]:
    """The rows of a document; one with other tables, or an error, is no answer to our question and never empty."""
    if not any(f"TABLE_{name}" in document for name in names):
        others = [key for key, value in document.items() if key.startswith("TABLE_") or key in ("error", "output")]
        if others:
            raise ValueError(f"{others[0]} in place of TABLE_{names[0]}")
    for name in names:
        yield from _rows(document, name)


def _rows(parent: Object, name: str) -> Iterator[Object]:
    """The rows of TABLE_<name> in an object."""
    for table in _list(parent.get(f"TABLE_{name}")):
        yield from _list(table.get(f"ROW_{name}"))


def _list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def _first(row: Object, *names: str) -> Any:
    """The first of these keys that says something."""
    return next((row[name] for name in names if row.get(name) not in (None, "")), None)


@flattened("vrf", "interface")
def vrf_interfaces(document: Object) -> Iterable[Row]:
    """`show vrf interface`."""
    for row in _top(document, "if"):
        yield {"vrf": row["vrf_name"], "interface": row["if_name"]}


@flattened(
    "name",
    "state",
    "reason",
    "admin",
    "description",
    "mac",
    "mtu",
    "bandwidth",
    "speed",
    "duplex",
    "mode",
    "bundle",
    "hardware",
    repeats=True,
)
def interfaces(document: Object) -> Iterable[Row]:
    """`show interface`; SVIs have keys of their own, the management port some of them."""
    for row in _top(document, "interface"):
        yield {
            "name": row["interface"],
            "state": _first(row, "svi_line_proto", "state"),
            "reason": _first(row, "state_rsn_desc", "svi_rsn_desc", "state_rsn"),
            "admin": _first(row, "svi_admin_state", "admin_state"),
            "description": _first(row, "desc", "svi_desc"),
            "mac": _first(row, "eth_hw_addr", "svi_mac", "hw_addr"),
            "mtu": _first(row, "eth_mtu", "svi_mtu", "mtu"),
            "bandwidth": _last(_first(row, "eth_bw", "svi_bw")),
            "speed": row.get("eth_speed"),
            "duplex": row.get("eth_duplex"),
            "mode": row.get("eth_mode"),
            "bundle": row.get("eth_bundle"),
            "hardware": _first(row, "eth_hw_desc", "hw_desc"),
        }


def _last(value: Any) -> Any:
    """Of a value printed more than once the last one, which holds for the interface as it is."""
    return value[-1] if isinstance(value, list) else value


@flattened("interface", "switchport", "mode", "access_vlan", "native_vlan")
def switchports(document: Object) -> Iterable[Row]:
    """`show interface switchport`."""
    for row in _top(document, "interface"):
        yield {
            "interface": row["interface"],
            "switchport": row["switchport"],
            "mode": row.get("oper_mode"),
            "access_vlan": row.get("access_vlan"),
            "native_vlan": row.get("native_vlan"),
        }


@flattened("vrf", "interface", "address", "prefix_length", "role", repeats=True)
def ip_addresses(document: Object) -> Iterable[Row]:
    """`show ip interface vrf all`; an unnumbered interface has no prefix of its own."""
    for row in _top(document, "intf"):
        place = {"vrf": row["vrf-name-out"], "interface": row["intf-name"]}
        if row.get("prefix"):
            yield {**place, "address": row["prefix"], "prefix_length": row["masklen"], "role": ""}
        for extra in _rows(row, "secondary_address"):
            yield {**place, "address": extra["prefix1"], "prefix_length": extra["masklen1"], "role": "secondary"}


@flattened("vrf", "interface", "address", "role", repeats=True)
def ipv6_addresses(document: Object) -> Iterable[Row]:
    """`show ipv6 interface vrf all`; the addresses carry their length, the link-local one has none."""
    for row in _top(document, "intf"):
        place = {"vrf": row["vrf-name-out"], "interface": row["intf-name"]}
        listed = [entry["addr"] for entry in _rows(row, "addr")] or _list(row.get("prefix"))
        for address in [*listed, *_list(row.get("linklocal-addr"))]:
            yield {**place, "address": address, "role": ""}


@flattened("vrf", "address", "mac", "interface", "age")
def arp(document: Object) -> Iterable[Row]:
    """`show ip arp detail vrf all`: the table of all VRFs does not say which entry is in which."""
    for table in _top(document, "vrf"):
        vrf = table.get("vrf-name-out")
        for row in _rows(table, "adj"):
            yield {
                "vrf": "" if vrf == "all" else vrf,
                "address": row["ip-addr-out"],
                "mac": row.get("mac"),
                "interface": row["intf-out"],
                "age": row.get("time-stamp"),
            }


@flattened("vrf", "address", "mac", "interface", "age")
def ipv6_neighbors(document: Object) -> Iterable[Row]:
    """`show ipv6 neighbor vrf all`."""
    for table in _top(document, "vrf"):
        for family in _rows(table, "afi"):
            for row in _rows(family, "adj"):
                yield {
                    "vrf": table.get("vrf-name-out"),
                    "address": _first(row, "ipv6-addr", "ipv6-addr-out", "ip-addr-out"),
                    "mac": _first(row, "mac", "mac-out"),
                    "interface": _first(row, "intf-out", "interface"),
                    "age": row.get("time-stamp"),
                }


@flattened("vlan", "mac", "type", "port")
def mac_table(document: Object) -> Iterable[Row]:
    """`show mac address-table`."""
    for row in _top(document, "mac_address"):
        yield {
            "vlan": row.get("disp_vlan"),
            "mac": row["disp_mac_addr"],
            "type": row.get("disp_type"),
            "port": row.get("disp_port"),
        }


@flattened(
    "local_interface",
    "device_id",
    "port_id",
    "platform",
    "address",
    "capabilities",
    "version",
    "native_vlan",
    repeats=True,
)
def cdp(document: Object) -> Iterable[Row]:
    """`show cdp neighbors detail`."""
    for row in _top(document, "cdp_neighbor_detail_info"):
        printed = [row.get(key) for key in ("v4addr", "v4mgmtaddr", "v6addr", "v6mgmtaddr")]
        yield {
            "local_interface": row["intf_id"],
            "device_id": row["device_id"],
            "port_id": row.get("port_id"),
            "platform": row.get("platform_id"),
            "address": [entry for value in printed for entry in _list(value) if entry not in NO_ADDRESS],
            "capabilities": " ".join(_list(row.get("capability"))),
            "version": row.get("version"),
            "native_vlan": row.get("nativevlan"),
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
    repeats=True,
)
def lldp(document: Object) -> Iterable[Row]:
    """`show lldp neighbors detail`: a MAC address may be announced as a management address, or `not advertised`."""
    for row in _top(document, "nbor_detail"):
        yield {
            "local_interface": row["l_port_id"],
            "name": row.get("sys_name"),
            "chassis_id": row.get("chassis_id"),
            "port_id": row["port_id"],
            "port_description": row.get("port_desc"),
            "address": [text for key in ("mgmt_addr", "mgmt_addr_ipv6") if (text := row.get(key))],
            "capabilities": _first(row, "enabled_capability", "system_capability"),
            "description": row.get("sys_desc"),
            "vlan": row.get("vlan_id"),
        }


@flattened("vrf", "router_id", "address", "interface", "state", "area")
def ospf(document: Object) -> Iterable[Row]:
    """`show ip ospf neighbors [detail] vrf all`."""
    for instance in _top(document, "ctx"):
        for row in _rows(instance, "nbr"):
            yield {
                "vrf": instance["cname"],
                "router_id": row["rid"],
                "address": row["addr"],
                "interface": row["intf"],
                "state": row["state"],
                "area": row.get("area"),
            }


@flattened("vrf", "peer", "asn", "state")
def bgp_summary(document: Object) -> Iterable[Row]:
    """`show bgp all summary vrf all`: a peer is printed once per address family that it is active in."""
    for vrf in _top(document, "vrf"):
        for family in _rows(vrf, "af"):
            for subfamily in _rows(family, "saf"):
                for row in _rows(subfamily, "neighbor"):
                    yield {
                        "vrf": vrf["vrf-name-out"],
                        "peer": row["neighborid"],
                        "asn": row.get("neighboras"),
                        "state": row["state"],
                    }


@flattened("vrf", "system_id", "level", "interface", "state")
def isis(document: Object) -> Iterable[Row]:
    """`show isis adjacency vrf all`."""
    for process in _top(document, "process_tag"):
        for vrf in _rows(process, "vrf"):
            for row in _rows(vrf, "process_adj"):
                yield {
                    "vrf": vrf["vrf-name-out"],
                    "system_id": _first(row, "adj-sys-name-out", "adj-sys-id-out"),
                    "level": row.get("adj-usage-out"),
                    "interface": row["adj-intf-name-out"],
                    "state": row["adj-state-out"],
                }


@flattened("vrf", "address", "interface")
def eigrp(document: Object) -> Iterable[Row]:
    """`show ip eigrp neighbors vrf all`."""
    for process in _top(document, "asn"):
        for vrf in _rows(process, "vrf"):
            for row in _rows(vrf, "peer"):
                yield {
                    "vrf": vrf.get("vrf"),
                    "address": row["peer_ipaddr"],
                    "interface": row["peer_ifname"],
                }


@flattened(
    "vrf",
    "prefix",
    "client",
    "type",
    "preference",
    "metric",
    "tag",
    "next_hop",
    "interface",
    "next_hop_vrf",
    "encapsulation",
    "best",
)
def routes(document: Object) -> Iterable[Row]:
    """`show ip route vrf all`, `show ipv6 route vrf all`: one row per path that the table lists."""
    for vrf in _top(document, "vrf"):
        for family in _rows(vrf, "addrf"):
            for prefix in _rows(family, "prefix"):
                for path in _rows(prefix, "path"):
                    yield {
                        "vrf": vrf["vrf-name-out"],
                        "prefix": prefix["ipprefix"],
                        "client": path["clientname"],
                        "type": path.get("type"),
                        "preference": path.get("pref"),
                        "metric": path.get("metric"),
                        "tag": path.get("tag"),
                        "next_hop": path.get("ipnexthop"),
                        "interface": path.get("ifname"),
                        "next_hop_vrf": path.get("nexthop-vrf-name"),
                        "encapsulation": _first(path, "encap", "encap_type"),
                        "best": path.get("ubest"),
                    }


@flattened("vrf", "prefix", "next_hop", "metric", "local_pref", "weight", "as_path", "origin", "status", "best")
def bgp_paths(document: Object) -> Iterable[Row]:
    """`show bgp ipv4 unicast vrf all`, `show bgp ipv6 unicast vrf all`."""
    for vrf in _top(document, "vrf"):
        for family in _rows(vrf, "afi"):
            for subfamily in _rows(family, "safi"):
                for distinguisher in _rows(subfamily, "rd"):
                    for prefix in _rows(distinguisher, "prefix"):
                        for path in _rows(prefix, "path"):
                            yield _path(vrf["vrf-name-out"], prefix, path)


def _path(vrf: str, prefix: Object, path: Object) -> Row:
    return {
        "vrf": vrf,
        "prefix": _first(prefix, "ipprefix", "ipv6prefix"),
        "next_hop": _first(path, "ipnexthop", "ipv6nexthop"),
        "metric": path.get("metric"),
        "local_pref": path.get("localpref"),
        "weight": path.get("weight"),
        "as_path": path.get("aspath"),
        "origin": _first(path, "origin", "origincode"),
        "status": _first(path, "status", "statuscode", "pathvalid"),
        "best": _first(path, "best", "bestcode", "pathbest"),
    }
