"""Ways through the network of the real routers: OSPF's shortest paths, and how BGP hands paths on."""

from __future__ import annotations

import heapq
from collections import deque

import attrs

from development.lab.real.configuration import LOOPBACK_COST
from development.lab.real.model import End, Network, Session, prefix, version

Hops = frozenset[tuple[End, End]]
"""The first cables of all cheapest ways: (near end, far end)."""


def distances(name: str, network: Network) -> dict[str, tuple[int, Hops]]:
    """Router -> cost and first hops, by Dijkstra with equal costs kept."""
    best: dict[str, tuple[int, Hops]] = {name: (0, frozenset())}
    queue = [(0, name)]
    while queue:
        cost, here = heapq.heappop(queue)
        for near, far, link in network.ports(here):
            if link.cost is None:
                continue
            hops = frozenset({(near, far)}) if here == name else best[here][1]
            known = best.get(far.router)
            if known is None or cost + link.cost < known[0]:
                best[far.router] = (cost + link.cost, hops)
                heapq.heappush(queue, (cost + link.cost, far.router))
            elif cost + link.cost == known[0]:
                best[far.router] = (known[0], known[1] | hops)
    return best


def ospf_routes(name: str, network: Network, number: int) -> dict[str, tuple[int, Hops | str]]:
    """Prefix -> cost and first hops, or the interface where it is the router's own."""
    found: dict[str, tuple[int, Hops | str]] = {}
    if not any(link.cost is not None for _near, _far, link in network.ports(name)):
        return found
    for router, (cost, hops) in sorted(distances(name, network).items(), key=lambda entry: entry[1][0]):
        stubs = [("lo", network.router(router).loopbacks, LOOPBACK_COST[number])]
        stubs += [
            (near.interface, near.addresses, link.cost)
            for near, _far, link in network.ports(router)
            if link.cost is not None
        ]
        for interface, addresses, more in stubs:
            for to in (prefix(address) for address in addresses if version(address) == number):
                known = found.get(to)
                if router == name:
                    found[to] = (more, interface)
                elif known is None or cost + more < known[0]:
                    found[to] = (cost + more, hops)
                elif cost + more == known[0] and isinstance(known[1], frozenset):
                    found[to] = (known[0], known[1] | hops)
    return found


@attrs.frozen
class Path:
    """A BGP path as a router has it; without a next hop it is its own."""

    next_hop: str | None
    as_path: tuple[int, ...] = ()
    metric: int | None = 0
    internal: bool = False


def bgp_paths(network: Network) -> dict[str, dict[str, Path]]:
    """Router -> prefix -> its one path: no two ways lead to a prefix in a network without a loop of sessions."""
    tables: dict[str, dict[str, Path]] = {router.name: {} for router in network.routers}
    queue: deque[tuple[str, str, Path]] = deque()
    for router in network.routers:
        queue += [(router.name, announced, Path(None)) for announced in router.announces]
    while queue:
        name, to, path = queue.popleft()
        if to in tables[name]:
            continue
        tables[name][to] = path
        for session in network.sessions(name):
            if version(session.address) == version(to) and not (session.internal and path.internal):
                queue.append((session.peer, to, _told(path, session, network)))
    return tables


def _told(path: Path, session: Session, network: Network) -> Path:
    """A path as the peer gets it: the metric of another AS is not handed on, and the next hop is the one who tells."""
    if session.internal:
        return attrs.evolve(path, next_hop=session.address, internal=True)
    as_path = (network.router(session.router).asn or 0, *path.as_path)
    return Path(session.address, as_path, path.metric if path.next_hop is None else None)
