"""EOS text: routing tables, OSPF neighbors, BGP."""

from __future__ import annotations

from collections.abc import Iterator

from development.lab.render.eos_words import BGP_INACTIVE, chosen, vrf_name
from development.lab.render.text import lines, steady, uptime
from development.lab.rib import by_prefix
from development.lab.rows import Adjacency, Path, Route
from development.lab.state import State

CODES = (
    "Codes: C - connected, S - static, K - kernel, ",
    "       O - OSPF, IA - OSPF inter area, E1 - OSPF external type 1,",
    "       E2 - OSPF external type 2, N1 - OSPF NSSA external type 1,",
    "       N2 - OSPF NSSA external type2, B - Other BGP Routes,",
    "       B I - iBGP, B E - eBGP, R - RIP, I L1 - IS-IS level 1,",
    "       I L2 - IS-IS level 2, O3 - OSPFv3, A B - BGP Aggregate,",
    "       A O - OSPF Summary, NG - Nexthop Group Static Route,",
    "       V - VXLAN Control Service, M - Martian,",
    "       DH - DHCP client installed default route,",
    "       DP - Dynamic Policy Route, L - VRF Leaked",
    "",
)
CODES6 = (
    "Codes: C - connected, S - static, K - kernel, O3 - OSPFv3,",
    "       B - Other BGP Routes, A B - BGP Aggregate, R - RIP,",
    "       I L1 - IS-IS level 1, I L2 - IS-IS level 2, DH - DHCP,",
    "       NG - Nexthop Group Static Route, M - Martian,",
    "       DP - Dynamic Policy Route, L - VRF Leaked,",
    "       RC - Route Cache Route",
    "",
)
LETTERS = {"connected": "C", "static": "S", "ospf": "O", "bgp": "B"}
STATUS_CODES = (
    "Route status codes: s - suppressed contributor, * - valid, > - active, E - ECMP head, e - ECMP",
    "                    S - Stale, c - Contributing to ECMP, b - backup, L - labeled-unicast",
    "                    % - Pending best path selection",
    "Origin codes: i - IGP, e - EGP, ? - incomplete",
    "RPKI Origin Validation codes: V - valid, I - invalid, U - unknown",
    "AS Path Attributes: Or-ID - Originator ID, C-LST - Cluster List, LL Nexthop - Link Local Nexthop",
    "",
    "          Network                Next Hop              Metric  AIGP       LocPref Weight  Path",
)


def ip_route(state: State, vrf: str | None) -> str:
    """IPv4 routes, VRF by VRF."""
    return lines(*(_table(state, name) for name in chosen(state.device, vrf)))


def _table(state: State, vrf: str) -> Iterator[str]:
    yield ""
    yield f"VRF: {vrf}"
    yield from CODES
    prefixes = by_prefix(r for r in state.routes if vrf_name(r.vrf) == vrf and r.version == 4)
    default = prefixes.pop("0.0.0.0/0", None)
    if default:
        yield "Gateway of last resort:"
        yield from _entry("0.0.0.0/0", default)
    else:
        yield "Gateway of last resort is not set"
    yield ""
    for prefix, routes in prefixes.items():
        yield from _entry(prefix, routes)
    yield ""


def code(route: Route) -> str:
    """C, S, O E2, B I."""
    return f"{LETTERS[route.protocol]} {route.route_type}".strip()


def _entry(prefix: str, routes: list[Route]) -> Iterator[str]:
    """A route with its next hops below each other."""
    first = routes[0]
    head = f" {code(first):<8} {prefix}"
    if first.next_hop is None:
        yield from (f"{head} is directly connected, {route.interface}" for route in routes)
        return
    head += f" [{first.distance}/{first.metric}] "
    for index, route in enumerate(routes):
        yield f"{head if not index else ' ' * len(head)}{way(route)}"


def way(route: Route) -> str:
    """The next hop as the text form writes it."""
    if route.vni:
        return f"via VTEP {route.next_hop} VNI {route.vni} router-mac {route.router_mac.lower()}"
    return f"via {route.next_hop}, {route.interface}" if route.interface else f"via {route.next_hop}"


def ipv6_route(state: State, vrf: str | None) -> str:
    """IPv6 routes, VRF by VRF; next hops on lines of their own."""
    return lines(*(_table6(state, name) for name in chosen(state.device, vrf)))


def _table6(state: State, vrf: str) -> Iterator[str]:
    yield ""
    yield f"VRF: {vrf}"
    prefixes = by_prefix(r for r in state.routes if vrf_name(r.vrf) == vrf and r.version == 6)
    yield f"Displaying {len(prefixes)} of {len(prefixes) + 4} IPv6 routing table entries"
    yield from CODES6
    for prefix, routes in prefixes.items():
        yield f" {code(routes[0]):<8} {prefix} [{routes[0].distance}/{routes[0].metric}]"
        for route in routes:
            hop = f"{route.next_hop}, {route.interface}" if route.next_hop else f"{route.interface}, directly connected"
            yield f"           via {hop}"
    yield ""


def ospf_neighbor(state: State) -> str:
    """Adjacencies."""
    found = [a for a in state.adjacencies if a.protocol == "ospf"]
    title = "Neighbor ID     Instance VRF      Pri State                  Dead Time   Address         Interface"
    rows = [
        f"{a.router_id:<15} 1        default  0   FULL                   00:00:{30 + steady(a.address, 10)}    "
        f"{a.address:<15} {a.interface}"
        for a in found
    ]
    return lines(title, rows)


def peers(state: State, vrf: str, version: int) -> list[Adjacency]:
    """The peers of one VRF and address family."""
    found = [a for a in state.adjacencies if a.protocol == "bgp" and vrf_name(a.vrf) == vrf]
    return [a for a in found if a.version == version]


def bgp_summary(state: State) -> str:
    """IPv4 peers of all VRFs."""
    return _summaries(state, 4)


def bgp6_summary(state: State) -> str:
    """IPv6 peers of all VRFs."""
    return _summaries(state, 6)


def _summaries(state: State, version: int) -> str:
    if not state.device.peers:
        return BGP_INACTIVE
    return lines(*(_summary(state, name, version) for name in chosen(state.device, "all")))


def _summary(state: State, vrf: str, version: int) -> Iterator[str]:
    yield f"BGP summary information for VRF {vrf}"
    yield f"Router identifier {state.device.router_id}, local AS number {state.device.asn}"
    yield "Neighbor Status Codes: m - Under maintenance"
    yield "  Neighbor         V  AS           MsgRcvd   MsgSent  InQ OutQ  Up/Down State   PfxRcd PfxAcc"
    for peer in peers(state, vrf, version):
        seen = steady(peer.address, 90000) + 1000
        word = "Estab  " if peer.state == "established" else "Idle   "
        counts = f"{seen:>10}{seen:>10}    0    0"
        yield (
            f"  {peer.address:<16} 4  {peer.remote_as:<12}{counts} {uptime(peer.address):>8} "
            f"{word} {peer.prefixes:<6} {peer.prefixes}"
        )


def bgp(state: State) -> str:
    """IPv4 paths of all VRFs."""
    return _bgp(state, 4)


def bgp6(state: State) -> str:
    """IPv6 paths of all VRFs."""
    return _bgp(state, 6)


def _bgp(state: State, version: int) -> str:
    if not state.device.peers:
        return BGP_INACTIVE
    found: list[str] = []
    for vrf in chosen(state.device, "all"):
        found.append(f"BGP routing table information for VRF {vrf}")
        found.append(f"Router identifier {state.device.router_id}, local AS number {state.device.asn}")
        found += STATUS_CODES
        found += [_path(p) for p in state.paths if vrf_name(p.vrf) == vrf and p.version == version]
    return lines(found)


def _path(path: Path) -> str:
    sign = " * >   " if path.best else " *     "
    as_path = "".join(f"{asn} " for asn in path.as_path)
    if path.source == "local":
        return f"{sign}   {path.prefix:<22} {'-':<21} -       -          -       0       {as_path}{path.origin}"
    local = 100 if path.local_pref is None else path.local_pref
    return (
        f"{sign}   {path.prefix:<22} {path.next_hop:<21} {path.metric or 0:<7} -          {local:<7} 0       "
        f"{as_path}{path.origin}"
    )
