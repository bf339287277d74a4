"""NX-OS with `| json`: OSPF, BGP and routing tables."""

from __future__ import annotations

from development.lab.model import Device
from development.lab.render.nxos_json import Json, document, table
from development.lab.render.nxos_routing import FAMILIES, peers
from development.lab.render.nxos_words import (
    PROCESS,
    chosen,
    client,
    short,
    vrf_name,
)
from development.lab.render.text import steady
from development.lab.rib import by_prefix
from development.lab.rows import Path, Route
from development.lab.state import State


def ospf(state: State) -> str:
    """`show ip ospf neighbors detail vrf all`."""
    rows = [
        {"rid": a.router_id, "addr": a.address, "area": f"0.0.0.{a.area}", "intf": a.interface, "state": "FULL"}
        for a in state.adjacencies
        if a.protocol == "ospf"
    ]
    return document(table("ctx", [{"ptag": PROCESS, "cname": "default", **table("nbr", rows)}]))


def bgp_summary(state: State) -> str:
    """`show bgp all summary vrf all`."""
    return document(table("vrf", (_summary(state, vrf) for vrf in chosen(state.device, "all"))))


def _summary(state: State, vrf: str) -> Json:
    head = {"vrf-name-out": vrf, "vrf-router-id": state.device.router_id, "vrf-local-as": str(state.device.asn)}
    families = []
    for version, name in FAMILIES.items():
        rows = [
            {
                "neighborid": p.address,
                "neighborversion": 4,
                "msgrecvd": steady(p.address, 90000),
                "neighboras": str(p.remote_as),
                "time": "P2DT16H8M53S",
                "state": p.state.capitalize(),
                "prefixreceived": p.prefixes,
            }
            for p in peers(state, vrf, version)
        ]
        subfamily = {"safi": 1, "af-name": name, "tableversion": 14, **table("neighbor", rows)}
        families.append({"af-id": 1 if version == 4 else 2, **table("saf", [subfamily])})
    return {**head, **table("af", families)}


def ip_route(state: State) -> str:
    """`show ip route vrf all`."""
    return _routes(state, 4)


def ipv6_route(state: State) -> str:
    """`show ipv6 route vrf all`."""
    return _routes(state, 6)


def _routes(state: State, version: int) -> str:
    found = []
    for name in chosen(state.device, "all"):
        routes = [r for r in state.routes if vrf_name(r.vrf) == name and r.version == version]
        prefixes = [_prefix(state.device, prefix, paths) for prefix, paths in by_prefix(routes).items()]
        family = {"addrf": f"ipv{version}", **table("prefix", prefixes)}
        found.append({"vrf-name-out": name, **table("addrf", [family])})
    return document(table("vrf", found))


def _prefix(device: Device, prefix: str, routes: list[Route]) -> Json:
    attached = routes[0].protocol in ("connected", "local", "hmm")
    head = {"ipprefix": prefix, "ucast-nhops": str(len(routes)), "mcast-nhops": "0", "attached": str(attached).lower()}
    return {**head, **table("path", (_hop(device, route) for route in routes))}


def _hop(device: Device, route: Route) -> Json:
    row: Json = {"ipnexthop": route.next_hop} if route.next_hop else {}
    if route.interface:
        row["ifname"] = short(route.interface)
    if route.next_hop_vrf:
        row["nexthop-vrf-name"] = route.next_hop_vrf
    row |= {"uptime": "P2DT16H12M45S", "pref": str(route.distance), "metric": str(route.metric)}
    row["clientname"] = client(device, route.protocol)
    if route.route_type:
        row["type"] = route.route_type
    if route.tag is not None:
        row["tag"] = str(route.tag)
    return row | {"ubest": "true"}


def bgp(state: State) -> str:
    """`show bgp ipv4 unicast vrf all`."""
    return _bgp(state, 4)


def bgp6(state: State) -> str:
    """`show bgp ipv6 unicast vrf all`."""
    return _bgp(state, 6)


def _bgp(state: State, version: int) -> str:
    found = []
    for name in chosen(state.device, "all"):
        paths = [p for p in state.paths if vrf_name(p.vrf) == name and p.version == version]
        if paths:
            prefixes: dict[str, list[Json]] = {}
            for path in paths:
                known = prefixes.setdefault(path.prefix, [])
                known.append(_path(path, len(known) + 1))
            rows = [{"ipprefix": prefix, **table("path", ways)} for prefix, ways in prefixes.items()]
            safi = {"safi": 1, "af-name": FAMILIES[version], "table-version": "14", "router-id": state.device.router_id}
            safi |= table("rd", [table("prefix", rows)])
            found.append(
                {"vrf-name-out": name, **table("afi", [{"afi": 1 if version == 4 else 2, **table("safi", [safi])}])}
            )
    return document(table("vrf", found))


def _path(path: Path, number: int) -> Json:
    return {
        "pathnr": str(number),
        "policyincomplete": "false",
        "ipnexthop": path.next_hop,
        "weight": str(path.weight),
        "metric": "" if path.metric is None else str(path.metric),
        "localpref": "" if path.local_pref is None else str(path.local_pref),
        "aspath": " ".join(str(asn) for asn in path.as_path),
        "origin": {"i": "igp", "e": "egp", "?": "incomplete"}[path.origin],
        "status": "*valid",
        "best": "bestpath" if path.best else "none",
        "type": path.source,
        "statuscode": "*",
        "bestcode": ">" if path.best else " ",
        "typecode": path.source[0],
    }
