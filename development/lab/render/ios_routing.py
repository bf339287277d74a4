"""IOS: routing tables, OSPF neighbors, BGP."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from development.lab.model import Device
from development.lab.render.text import classful, lines, mask, steady, upper, uptime
from development.lab.rib import by_prefix
from development.lab.rows import Adjacency, Path, Route
from development.lab.state import State

WIDTH = 76
NOT_ACTIVE = "% BGP not active"
CODES = (
    "Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP",
    "       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area ",
    "       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2",
    "       E1 - OSPF external type 1, E2 - OSPF external type 2, m - OMP",
    "       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2",
    "       ia - IS-IS inter area, * - candidate default, U - per-user static route",
    "       H - NHRP, o - ODR, P - periodic downloaded static route, l - LISP",
    "       + - replicated route, % - next hop override, p - overrides from PfR",
    "",
)
CODES6 = (
    "Codes: C - Connected, L - Local, S - Static, U - Per-user Static route",
    "       B - BGP, R - RIP, H - NHRP, I1 - ISIS L1",
    "       I2 - ISIS L2, IA - ISIS interarea, IS - ISIS summary, D - EIGRP",
    "       EX - EIGRP external, ND - ND Default, NDp - ND Prefix, DCE - Destination",
    "       NDr - Redirect, O - OSPF Intra, OI - OSPF Inter, OE1 - OSPF ext 1",
    "       OE2 - OSPF ext 2, ON1 - OSPF NSSA ext 1, ON2 - OSPF NSSA ext 2",
)
LETTERS = {"connected": "C", "local": "L", "static": "S", "ospf": "O", "bgp": "B"}


def ip_route(state: State, vrf: str | None) -> str:
    """The IPv4 routing table; a switch that does not route shows its default gateway instead."""
    device = state.device
    if vrf and vrf not in device.vrfs:
        return f"% IP routing table vrf {vrf} does not exist"
    if not device.routing:
        gateway = ".".join([*device.interfaces["Vlan99"].v4().ip.split(".")[:3], "2"])
        head = "Host               Gateway           Last Use    Total Uses  Interface"
        return lines(f"Default gateway is {gateway}", "", head, "ICMP redirect cache is empty")
    routes = [r for r in state.routes if r.vrf == (vrf or "") and r.version == 4]
    default = next((r for r in routes if r.prefix == "0.0.0.0/0"), None)
    gateway = f"is {default.next_hop} to network 0.0.0.0" if default else "is not set"
    head = ["", f"Routing Table: {vrf}"] if vrf else []
    return lines(head, CODES, f"Gateway of last resort {gateway}", "", table(routes))


def table(routes: list[Route]) -> Iterator[str]:
    """The routes below the headings of their classful networks."""
    groups: dict[str, dict[str, list[Route]]] = defaultdict(dict)
    for prefix, found in by_prefix(routes).items():
        groups[classful(prefix)][prefix] = found
    for major, members in groups.items():
        if list(members) == [major]:
            yield from entry(f"{code(members[major][0]):<5} {major}", members[major])
            continue
        lengths = {mask(prefix) for prefix in members}
        same = len(lengths) == 1
        if same:
            yield f"      {major.split('/')[0]}/{lengths.pop()} is subnetted, {len(members)} subnets"
        else:
            yield f"      {major} is variably subnetted, {len(members)} subnets, {len(lengths)} masks"
        for prefix, found in members.items():
            shown = prefix.split("/")[0] if same else prefix
            yield from entry(f"{code(found[0]):<8} {shown}", found)


def code(route: Route) -> str:
    """The first column."""
    letter = LETTERS[route.protocol]
    star = "*" if route.prefix == "0.0.0.0/0" else " "
    return f"{letter}{star}{route.route_type}".rstrip() if route.protocol == "ospf" else f"{letter}{star}".rstrip()


def entry(head: str, routes: list[Route]) -> Iterator[str]:
    """A route: on one line, wrapped after the prefix, or with further next hops below the first."""
    ways = [way(route) for route in routes]
    if len(head) + 1 + len(ways[0]) > WIDTH:
        yield f"{head} "
        for text in ways:
            yield f"           {text}"
        return
    yield f"{head} {ways[0]}"
    for text in ways[1:]:
        yield f"{'':{len(head)}} {text}"


def way(route: Route) -> str:
    """What stands behind the prefix."""
    if route.next_hop is None:
        return f"is directly connected, {route.interface}"
    text = f"[{route.distance}/{route.metric}] via {route.next_hop}"
    if route.protocol != "static":
        text += f", {uptime(route.prefix + route.vrf)}"
    return f"{text}, {route.interface}" if route.interface else text


def ipv6_route(state: State, vrf: str | None) -> str:
    """The IPv6 routing table: next hops on lines of their own, always."""
    if vrf and vrf not in state.device.vrfs:
        return f"% IPv6 routing table {vrf} does not exist"
    grouped = by_prefix(r for r in state.routes if r.vrf == (vrf or "") and r.version == 6)
    if not grouped:
        return ""
    found = [f"IPv6 Routing Table - {vrf or 'default'} - {len(grouped)} entries", *CODES6]
    for prefix, routes in grouped.items():
        first = routes[0]
        letter = LETTERS[first.protocol] + {"": "", "IA": "I", "E2": "E2"}[first.route_type]
        found.append(f"{letter:<3} {upper(prefix)} [{first.distance}/{first.metric}]")
        found += [f"     via {_via6(route)}" for route in routes]
    return lines(found)


def _via6(route: Route) -> str:
    if route.next_hop:
        return f"{upper(route.next_hop)}, {route.interface}" if route.interface else upper(route.next_hop)
    return f"{route.interface}, {'receive' if route.protocol == 'local' else 'directly connected'}"


def ospf_neighbor(state: State) -> str:
    """OSPF adjacencies; nothing at all where OSPF does not run."""
    found = _ospf(state, 4)
    if not found:
        return ""
    rows = ["", "Neighbor ID     Pri   State           Dead Time   Address         Interface"]
    for neighbor in found:
        dead = f"00:00:{30 + steady(neighbor.address, 10)}"
        row = (
            f"{neighbor.router_id:<15}{0:>4}   {'FULL/  -':<15} {dead:<11} {neighbor.address:<15} {neighbor.interface}"
        )
        rows.append(row)
    return lines(rows)


def _ospf(state: State, version: int) -> list[Adjacency]:
    return [a for a in state.adjacencies if a.protocol == "ospf" and a.version == version]


def ospf_detail(state: State) -> str:
    """OSPF adjacencies with their areas."""
    return lines(*(_ospf_block(neighbor) for neighbor in _ospf(state, 4)))


def ospf6_detail(state: State) -> str:
    """OSPFv3 adjacencies; the address stands below the heading."""
    found = _ospf(state, 6)
    head = ["", f"          OSPFv3 Router with ID ({state.device.router_id}) (Process ID 1)", ""] if found else []
    return lines(head, *(_ospf_block(neighbor) for neighbor in found))


def _ospf_block(neighbor: Adjacency) -> Iterator[str]:
    four = neighbor.version == 4
    yield f" Neighbor {neighbor.router_id}" + (f", interface address {neighbor.address}" if four else "")
    yield f"    In the area {neighbor.area} via interface {neighbor.interface} "
    if not four:
        yield f"    Neighbor: interface-id 9, link-local address {upper(neighbor.address)}"
    yield "    Neighbor priority is 0, State is FULL, 6 state changes"
    if four:
        yield "    DR is 0.0.0.0 BDR is 0.0.0.0"
    yield "    Options is 0x12 in Hello (E-bit, L-bit)"
    yield "    Options is 0x52 in DBD (E-bit, L-bit, O-bit)"
    yield f"    Dead timer due in 00:00:{30 + steady(neighbor.address, 10)}"
    yield f"    Neighbor is up for {uptime(neighbor.address)}"
    yield "    Index 1/1/1, retransmission queue length 0, number of retransmission 0"
    yield "    Last retransmission scan time is 0 msec, maximum is 0 msec"


def _summary(state: State, peers: list[Adjacency], networks: int) -> Iterator[str]:
    device = state.device
    yield f"BGP router identifier {device.router_id}, local AS number {device.asn}"
    yield f"BGP table version is {networks + 3}, main routing table version {networks + 3}"
    yield f"{networks} network entries using {networks * 248} bytes of memory"
    yield f"BGP using {networks * 700} total bytes of memory"
    yield f"BGP activity {networks}/0 prefixes, {networks * 2}/0 paths, scan interval 60 secs"
    yield ""
    yield "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd"
    for peer in peers:
        up = peer.state == "established"
        messages = steady(peer.address, 90000) + 1000 if up else 0
        last = str(peer.prefixes) if up else "Idle"
        address = upper(peer.address)
        if len(address) > 15:
            yield address
            address = ""
        age = uptime(peer.address) if up else "never"
        yield (
            f"{address:<15} 4 {peer.remote_as:>12} {messages:>7} {messages:>7} {networks + 3 if up else 1:>8}"
            f"    0    0 {age:<8} {last:>8}"
        )


def _peers(state: State, version: int, vrf: str | None = "") -> list[Adjacency]:
    found = [a for a in state.adjacencies if a.protocol == "bgp" and a.version == version]
    return [a for a in found if (a.vrf if vrf is None else a.vrf == vrf)]


def _networks(state: State, version: int, vrf: str = "") -> int:
    return len({p.prefix for p in state.paths if p.version == version and p.vrf == vrf})


def _speaks(device: Device) -> bool:
    return bool(device.peers)


def bgp_summary(state: State) -> str:
    """IPv4 peers of the default VRF."""
    if not _speaks(state.device):
        return NOT_ACTIVE
    peers = _peers(state, 4)
    return lines(_summary(state, peers, _networks(state, 4))) if peers else ""


def bgp6_summary(state: State) -> str:
    """IPv6 peers of the default VRF."""
    if not _speaks(state.device):
        return NOT_ACTIVE
    peers = _peers(state, 6)
    return lines(_summary(state, peers, _networks(state, 6))) if peers else ""


def bgp_vpn_summary(state: State) -> str:
    """Peers inside named VRFs."""
    if not _speaks(state.device):
        return NOT_ACTIVE
    peers = _peers(state, 4, None)
    count = len({(p.vrf, p.prefix) for p in state.paths if p.vrf and p.version == 4})
    return lines(_summary(state, peers, count)) if peers else ""


def bgp_vrf_summary(state: State, vrf: str) -> str:
    """Peers of one VRF."""
    if vrf not in state.device.vrfs:
        return f"% VRF {vrf} does not exist"
    if not _speaks(state.device):
        return NOT_ACTIVE
    peers = _peers(state, 4, vrf)
    return lines(_summary(state, peers, _networks(state, 4, vrf))) if peers else ""


def bgp_all_summary(state: State) -> str:
    """All address families that have peers."""
    if not _speaks(state.device):
        return NOT_ACTIVE
    families = (("IPv4 Unicast", bgp_summary), ("IPv6 Unicast", bgp6_summary), ("VPNv4 Unicast", bgp_vpn_summary))
    answers = [(name, render(state)) for name, render in families]
    return lines(*(f"For address family: {name}\n{text}\n" for name, text in answers if text))


def bgp_neighbors(state: State) -> str:
    """Every peer of every address family, the VRF in its heading."""
    if not _speaks(state.device):
        return NOT_ACTIVE
    return lines(*(_bgp_block(state, a) for a in state.adjacencies if a.protocol == "bgp"))


def _bgp_block(state: State, peer: Adjacency) -> Iterator[str]:
    own = peer.remote_as == state.device.asn
    where = f"  vrf {peer.vrf}, " if peer.vrf else "  "
    yield f"BGP neighbor is {upper(peer.address)},{where}remote AS {peer.remote_as}, {'in' if own else 'ex'}ternal link"
    if peer.state == "established":
        yield "  BGP version 4, remote router ID 10.255.0.1"
        yield f"  BGP state = Established, up for {uptime(peer.address)}"
        yield "  Last read 00:00:21, last write 00:00:11, hold time is 180, keepalive interval is 60 seconds"
    else:
        yield "  BGP version 4, remote router ID 0.0.0.0"
        yield "  BGP state = Idle, down for never"
    yield "  Neighbor capabilities:"
    yield "    Route refresh: advertised and received(new)"
    yield f" For address family: {'VPNv4' if peer.vrf else f'IPv{peer.version}'} Unicast"
    yield f"  Prefixes Current:               0          {peer.prefixes}"
    yield ""


def _bgp_head(device: Device, version: int) -> tuple[str, ...]:
    return (
        f"BGP table version is {version}, local router ID is {device.router_id}",
        "Status codes: s suppressed, d damped, h history, * valid, > best, i - internal, ",
        "              r RIB-failure, S Stale, m multipath, b backup-path, f RT-Filter, ",
        "              x best-external, a additional-path, c RIB-compressed, ",
        "              t secondary path, L long-lived-stale,",
        "Origin codes: i - IGP, e - EGP, ? - incomplete",
        "RPKI validation codes: V valid, I invalid, N Not found",
        "",
        "     Network          Next Hop            Metric LocPrf Weight Path",
    )


def bgp(state: State) -> str:
    """IPv4 paths of the default VRF."""
    return _bgp_table(state, 4)


def bgp6(state: State) -> str:
    """IPv6 paths of the default VRF."""
    return _bgp_table(state, 6)


def _bgp_table(state: State, version: int) -> str:
    if not _speaks(state.device):
        return NOT_ACTIVE
    paths = [p for p in state.paths if p.version == version and not p.vrf]
    return lines(_bgp_head(state.device, len(paths) + 3), path_lines(paths)) if paths else ""


def bgp_vrf(state: State, vrf: str) -> str:
    """IPv4 paths of one VRF."""
    if vrf not in state.device.vrfs:
        return f"% VRF {vrf} does not exist"
    return _vpn_table(state, [vrf])


def bgp_vrf6(state: State, vrf: str) -> str:
    """IPv6 paths of one VRF, of which there are none."""
    if vrf not in state.device.vrfs:
        return f"% VRF {vrf} does not exist"
    return "" if _speaks(state.device) else NOT_ACTIVE


def bgp_vpn(state: State) -> str:
    """IPv4 paths of all named VRFs."""
    return _vpn_table(state, list(state.device.vrfs))


def _vpn_table(state: State, vrfs: list[str]) -> str:
    if not _speaks(state.device):
        return NOT_ACTIVE
    found: list[str] = []
    for vrf in vrfs:
        paths = [p for p in state.paths if p.vrf == vrf and p.version == 4]
        if paths:
            found.append(f"Route Distinguisher: {state.device.vrfs[vrf]} (default for vrf {vrf})")
            found += path_lines(paths)
    return lines(_bgp_head(state.device, len(found) + 3), found) if found else ""


def path_lines(paths: list[Path]) -> Iterator[str]:
    """Paths in columns: the prefix once, long prefixes and next hops on lines of their own."""
    shown = ""
    for path in paths:
        status = f" *{'>' if path.best else ' '}{'i' if path.source == 'internal' else ' '}  "
        prefix = "" if path.prefix == shown else upper(path.prefix)
        shown = path.prefix
        head = f"{status}{prefix:<16}"
        if len(prefix) > 16:
            yield f"{status}{prefix}"
            head = f"{'':22}"
        hop = upper(path.next_hop)
        if len(hop) > 15:
            yield f"{head} {hop}"
            head, hop = f"{'':22}", ""
        metric = "" if path.metric is None else str(path.metric)
        local = "" if path.local_pref is None else str(path.local_pref)
        as_path = "".join(f"{asn} " for asn in path.as_path)
        yield f"{head} {hop:<15}{metric:>11}{local:>7}{path.weight:>7} {as_path}{path.origin}"
