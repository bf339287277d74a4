"""IOS: routing tables, OSPF neighbors, BGP."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from development.lab.render.text import classful, lines, mask, steady, upper, uptime
from development.lab.rib import by_prefix
from development.lab.rows import Adjacency, Route
from development.lab.state import State

WIDTH = 76
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
