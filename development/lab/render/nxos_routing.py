"""NX-OS text: routing tables, OSPF neighbors, BGP."""

from __future__ import annotations

from collections.abc import Iterator

from development.lab.model import Device
from development.lab.render.nxos_words import PROCESS, chosen, client, short, vrf_name
from development.lab.render.text import lines, steady, uptime
from development.lab.rib import by_prefix
from development.lab.rows import Adjacency, Path, Route
from development.lab.state import State

ORIGIN_CODES = (
    "Status: s-suppressed, x-deleted, S-stale, d-dampened, h-history, *-valid, >-best",
    "Path type: i-internal, e-external, c-confed, l-local, a-aggregate, r-redist, I-injected",
    "Origin codes: i - IGP, e - EGP, ? - incomplete, | - multipath, & - backup, 2 - best2",
    "",
    "   Network            Next Hop            Metric     LocPrf     Weight Path",
)
FAMILIES = {4: "IPv4 Unicast", 6: "IPv6 Unicast"}


def ip_route(state: State, vrf: str | None) -> str:
    """IPv4 routes, VRF by VRF."""
    return _tables(state, vrf, 4, "IP Route Table")


def ipv6_route(state: State, vrf: str | None) -> str:
    """IPv6 routes, VRF by VRF."""
    return _tables(state, vrf, 6, "IPv6 Routing Table")


def _tables(state: State, vrf: str | None, version: int, title: str) -> str:
    return lines(*(_table(state, name, version, title) for name in chosen(state.device, vrf)))


def _table(state: State, vrf: str, version: int, title: str) -> Iterator[str]:
    yield f'{title} for VRF "{vrf}"'
    yield "'*' denotes best ucast next-hop"
    yield "'**' denotes best mcast next-hop"
    yield "'[x/y]' denotes [preference/metric]"
    yield "'%<string>' in via output denotes VRF <string>"
    yield ""
    routes = [r for r in state.routes if vrf_name(r.vrf) == vrf and r.version == version]
    for prefix, found in by_prefix(routes).items():
        attached = ", attached" if found[0].protocol in ("connected", "local", "hmm") else ""
        yield f"{prefix}, ubest/mbest: {len(found)}/0{attached}"
        for route in sorted(found, key=lambda r: r.protocol != "local"):
            yield f"    *via {_way(state.device, route)}"
    yield ""


def _way(device: Device, route: Route) -> str:
    hop = route.next_hop + (f"%{route.next_hop_vrf}" if route.next_hop_vrf else "") if route.next_hop else ""
    parts = [hop, short(route.interface), f"[{route.distance}/{route.metric}]", uptime(route.prefix)]
    parts += [client(device, route.protocol), route.route_type, f"tag {route.tag}" if route.tag else ""]
    text = ", ".join(part for part in parts if part)
    if route.vni:
        text += f", segid: {route.vni} tunnelid: 0xa02fa01 encap: VXLAN"
    return text


def ospf_neighbors(state: State) -> str:
    """Adjacencies, with short interface names."""
    found = [a for a in state.adjacencies if a.protocol == "ospf"]
    rows = [
        f" {a.router_id:<17}1 FULL/ -          {uptime(a.address):<8} {a.address:<15} {short(a.interface)} "
        for a in found
    ]
    return lines(
        f" OSPF Process ID {PROCESS} VRF default",
        f" Total number of neighbors: {len(found)}",
        " Neighbor ID     Pri State            Up Time  Address         Interface",
        rows,
    )


def ospf_detail(state: State) -> str:
    """Adjacencies with their areas, and with long interface names."""
    return lines(*(_ospf_block(a) for a in state.adjacencies if a.protocol == "ospf"))


def _ospf_block(neighbor: Adjacency) -> Iterator[str]:
    yield f" Neighbor {neighbor.router_id}, interface address {neighbor.address}"
    yield f"    Process ID {PROCESS} VRF default, in area 0.0.0.{neighbor.area} via interface {neighbor.interface} "
    yield f"    State is FULL, 4 state changes, last change {uptime(neighbor.address)}"
    yield "    Neighbor priority is 1"
    yield "    No designated router on this network"
    yield "    Hello options 0x2, dbd options 0x42"
    yield f"    Dead timer due in 00:00:{30 + steady(neighbor.address, 10)}"


def peers(state: State, vrf: str, version: int) -> list[Adjacency]:
    """The peers of one VRF and address family."""
    found = [a for a in state.adjacencies if a.protocol == "bgp" and vrf_name(a.vrf) == vrf]
    return [a for a in found if a.version == version]


def bgp_summary(state: State) -> str:
    """IPv4 peers of all VRFs."""
    return lines(*(_summary(state, vrf, 4) for vrf in chosen(state.device, "all")))


def bgp_all_summary(state: State) -> str:
    """Peers of all VRFs and address families."""
    return lines(*(_summary(state, vrf, v) for vrf in chosen(state.device, "all") for v in (4, 6)))


def _summary(state: State, vrf: str, version: int) -> Iterator[str]:
    yield f"BGP summary information for VRF {vrf}, address family {FAMILIES[version]}"
    found = peers(state, vrf, version)
    if not found:
        yield ""
        return
    yield f"BGP router identifier {state.device.router_id}, local AS number {state.device.asn}"
    yield f"BGP table version is 14, {FAMILIES[version]} config peers {len(found)}, capable peers {len(found)}"
    yield "14 network entries and 21 paths using 4040 bytes of memory"
    yield "BGP attribute entries [9/1548], BGP AS path entries [6/60]"
    yield "BGP community entries [0/0], BGP clusterlist entries [0/0]"
    yield ""
    yield "Neighbor        V    AS    MsgRcvd    MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd"
    for peer in found:
        head = f"{peer.address:<15}"
        if len(peer.address) > 15:
            yield peer.address
            head = " " * 15
        seen = steady(peer.address, 90000) + 1000
        last = str(peer.prefixes) if peer.state == "established" else "Idle"
        counts = f"{seen:>10} {seen:>10}       14    0    0"
        yield f"{head} 4 {peer.remote_as:>5} {counts} {uptime(peer.address):>8} {last:<9}"
    yield ""


def bgp(state: State) -> str:
    """IPv4 paths of all VRFs that have any."""
    return _bgp_tables(state, 4)


def bgp6(state: State) -> str:
    """IPv6 paths of all VRFs that have any."""
    return _bgp_tables(state, 6)


def _bgp_tables(state: State, version: int) -> str:
    found: list[str] = []
    for vrf in chosen(state.device, "all"):
        paths = [p for p in state.paths if vrf_name(p.vrf) == vrf and p.version == version]
        if paths:
            found.append(f"BGP routing table information for VRF {vrf}, address family {FAMILIES[version]}")
            found.append(f"BGP table version is 14, Local Router ID is {state.device.router_id}")
            found += [*ORIGIN_CODES, *_paths(paths), ""]
    return lines(found)


def _paths(paths: list[Path]) -> Iterator[str]:
    shown = ""
    for path in paths:
        sign = f"*{'>' if path.best else ' '}{path.source[0]}"
        prefix = "" if path.prefix == shown else path.prefix
        shown = path.prefix
        head = f"{sign}{prefix:<19}"
        if len(prefix) > 18:
            yield f"{sign}{prefix}"
            head = " " * 22
        hop = path.next_hop
        if len(hop) > 19:
            yield f"{head}{hop}"
            head, hop = " " * 22, ""
        metric = "" if path.metric is None else str(path.metric)
        local = "" if path.local_pref is None else str(path.local_pref)
        as_path = "".join(f"{asn} " for asn in path.as_path)
        yield f"{head}{hop:<15}{metric:>11}{local:>11}{path.weight:>11} {as_path}{path.origin}"
