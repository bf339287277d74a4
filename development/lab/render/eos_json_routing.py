"""EOS with `| json`: OSPF, BGP and routing tables."""

from __future__ import annotations

from development.lab.render.eos_json import Json, document
from development.lab.render.eos_routing import peers
from development.lab.render.eos_words import BGP_INACTIVE, chosen, vrf_name
from development.lab.render.text import steady
from development.lab.rib import by_prefix
from development.lab.rows import Path, Route
from development.lab.state import State

ROUTE_TYPES = {
    ("ospf", ""): "OSPF",
    ("ospf", "IA"): "ospfInterArea",
    ("ospf", "E2"): "ospfExternalType2",
    ("bgp", "I"): "iBGP",
    ("bgp", "E"): "eBGP",
}
ORIGINS = {"i": "Igp", "e": "Egp", "?": "Incomplete"}


def ospf(state: State) -> str:
    """`show ip ospf neighbor detail vrf all`."""
    rows = [
        {
            "routerId": a.router_id,
            "priority": 0,
            "drState": None,
            "interfaceName": a.interface,
            "interfaceAddress": a.address,
            "adjacencyState": "full",
            "inactivity": 1741083481.2,
            "details": {"areaId": f"0.0.0.{a.area}", "numberOfStateChanges": 7, "stateTime": 1738000000.5},
        }
        for a in state.adjacencies
        if a.protocol == "ospf"
    ]
    return document({"vrfs": {"default": {"instList": {"1": {"ospfNeighborEntries": rows}}}}})


def bgp_summary(state: State) -> str:
    """`show ip bgp summary vrf all`."""
    return _summary(state, 4)


def bgp6_summary(state: State) -> str:
    """`show ipv6 bgp summary vrf all`."""
    return _summary(state, 6)


def _summary(state: State, family: int) -> str:
    device = state.device
    if not device.peers:
        return BGP_INACTIVE
    found = {}
    for name in chosen(device, "all"):
        rows = {
            p.address: {
                "version": 4,
                "asn": str(p.remote_as),
                "peerState": "Established" if p.state == "established" else "Idle",
                "prefixReceived": p.prefixes,
                "prefixAccepted": p.prefixes,
                "msgReceived": steady(p.address, 90000),
                "upDownTime": 1738000000.5,
            }
            for p in peers(state, name, family)
        }
        found[name] = {"vrf": name, "routerId": device.router_id, "asn": str(device.asn), "peers": rows}
    return document({"vrfs": found})


def ip_route(state: State) -> str:
    """`show ip route vrf all`."""
    return _routes(state, 4)


def ipv6_route(state: State) -> str:
    """`show ipv6 route vrf all`."""
    return _routes(state, 6)


def _routes(state: State, family: int) -> str:
    found = {}
    for name in chosen(state.device, "all"):
        prefixes = by_prefix(r for r in state.routes if vrf_name(r.vrf) == name and r.version == family)
        routes = {prefix: _route(routes) for prefix, routes in prefixes.items()}
        default = "reachable" if "0.0.0.0/0" in routes else "notSet"
        found[name] = {"routingDisabled": False, "defaultRouteState": default, "routes": routes}
    return document({"vrfs": found})


def _route(routes: list[Route]) -> Json:
    first = routes[0]
    row: Json = {"kernelProgrammed": True, "hardwareProgrammed": True, "routeLeaked": False, "routeAction": "forward"}
    row["routeType"] = ROUTE_TYPES.get((first.protocol, first.route_type), first.protocol)
    row["directlyConnected"] = first.next_hop is None
    if first.distance is not None:
        row |= {"preference": first.distance, "metric": first.metric}
    return row | {"vias": [_via(route) for route in routes]}


def _via(route: Route) -> Json:
    if route.vni:
        return {"vtepAddr": route.next_hop, "vni": route.vni, "routerMac": route.router_mac.lower()}
    hop = {"nexthopAddr": route.next_hop} if route.next_hop else {}
    return hop | ({"interface": route.interface} if route.interface else {})


def bgp(state: State) -> str:
    """`show ip bgp vrf all`."""
    return _bgp(state, 4)


def bgp6(state: State) -> str:
    """`show ipv6 bgp vrf all`."""
    return _bgp(state, 6)


def _bgp(state: State, family: int) -> str:
    device = state.device
    if not device.peers:
        return BGP_INACTIVE
    found = {}
    for name in chosen(device, "all"):
        routes: dict[str, Json] = {}
        for path in state.paths:
            if vrf_name(path.vrf) == name and path.version == family:
                entry = routes.setdefault(path.prefix, {"address": path.prefix.split("/")[0], "bgpRoutePaths": []})
                entry["bgpRoutePaths"].append(_path(path))
        found[name] = {"vrf": name, "routerId": device.router_id, "asn": str(device.asn), "bgpRouteEntries": routes}
    return document({"vrfs": found})


def _path(path: Path) -> Json:
    local = path.source == "local"
    as_path = " ".join([*(str(asn) for asn in path.as_path), path.origin])
    kind = {"valid": True, "active": path.best, "ecmp": False, "origin": ORIGINS[path.origin]}
    return {
        "nextHop": "" if local else path.next_hop,
        "med": path.metric or 0,
        "localPreference": 0 if local else 100 if path.local_pref is None else path.local_pref,
        "weight": 0,
        "asPathEntry": {"asPathType": "Local" if local else path.source.capitalize(), "asPath": as_path},
        "routeType": kind,
    }
