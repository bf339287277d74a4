"""Whom a device's routes and routing neighbors point at, as far as that is certain."""

from __future__ import annotations

import re
from collections import defaultdict

import attrs

from nautobot_topology_cache.topology.evidence import Observations, RoutingNeighbor
from nautobot_topology_cache.topology.picture import Evidence, LeftOut
from nautobot_topology_cache.topology.resolve import Directory
from nautobot_topology_cache.topology.subnets import Subnets, Whose

NOT_UP = frozenset({"down", "attempt", "init", "idle", "active", "connect", "opensent", "openconfirm"})
"""First words of states in which two routers exchange nothing yet (RFC 2328, 4271, ISO 10589)."""
_WORD = re.compile(r"[a-z]+")


@attrs.frozen(kw_only=True)
class Pointing:
    """One next hop or one routing neighbor of a device, and whose it is."""

    device: str
    vrf: str
    protocol: str
    kind: str
    """routing_neighbor or next_hop: the rule that says what it weighs."""
    address: str
    state: str = ""
    slice: str
    missing: bool
    whose: Whose
    prefixes: tuple[str, ...] = ()
    """What is reached by way of it, each once, in no order."""

    def evidence(self, seen: Observations) -> Evidence:
        """What it says, for the two ports and for the two devices."""
        if self.kind == "next_hop":
            count = len(self.prefixes)
            told = f"{count} {self.protocol} {'prefix' if count == 1 else 'prefixes'} by way of {self.address}"
        else:
            told = f"{self.protocol} neighbor {self.address} {self.state}".rstrip()
        origin = seen.slice(self.slice)
        detail = f"{told} on {self.whose.here}"
        return Evidence(self.kind, self.device, origin.source, origin.collected_at, True, detail)


@attrs.frozen(kw_only=True)
class Pointings:
    """All that is certain, in one order, and the addresses that are not."""

    found: tuple[Pointing, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


NOTHING = Pointings()


def pointings(seen: Observations, directory: Directory, subnets: Subnets) -> Pointings:
    """Resolve every next hop and every routing neighbor that is up."""
    every = [*_of_neighbors(seen, directory, subnets), *_of_routes(seen, directory, subnets)]
    left_out = {
        LeftOut("ambiguous" if one.whose.ambiguous else "unknown", one.device, one.vrf, one.address)
        for one in every
        if not one.whose.device
    }
    certain = sorted((one for one in every if one.whose.device), key=_order)
    return Pointings(found=tuple(certain), left_out=tuple(sorted(left_out)))


def _order(one: Pointing) -> tuple[str, ...]:
    about = (one.device, one.vrf, one.protocol, one.kind, one.address, one.slice)
    return (*about, one.whose.here, one.state, str(one.missing))


def _of_neighbors(seen: Observations, directory: Directory, subnets: Subnets) -> list[Pointing]:
    rows = [row for row in seen.routing_neighbors if row.address and row.device in seen.devices and _is_up(row)]
    return [
        Pointing(
            device=directory.whole(row.device),
            vrf=row.vrf,
            protocol=row.protocol,
            kind="routing_neighbor",
            address=row.address or "",
            state=row.state,
            slice=row.slice,
            missing=row.missing,
            whose=subnets.whose(directory.whole(row.device), row.vrf, row.address or "", row.interface),
        )
        for row in rows
    ]


def _is_up(row: RoutingNeighbor) -> bool:
    word = _WORD.match(row.state.casefold())
    return word is None or word[0] not in NOT_UP


def _of_routes(seen: Observations, directory: Directory, subnets: Subnets) -> list[Pointing]:
    """One for each next hop, not for each route: a table has thousands of routes and a few next hops."""
    prefixes: defaultdict[tuple[str, str, str, str, str, str, str, bool], set[str]] = defaultdict(set)
    for device, origin, missing, vrf, prefix, protocol, address, interface, other_vrf in seen.routes:
        prefixes[device, vrf, protocol, address, interface, other_vrf or vrf, origin, missing].add(prefix)
    return [
        Pointing(
            device=directory.whole(device),
            vrf=vrf,
            protocol=protocol,
            kind="next_hop",
            address=address,
            slice=origin,
            missing=missing,
            whose=subnets.whose(directory.whole(device), where, address, interface),
            prefixes=tuple(reached),
        )
        for (device, vrf, protocol, address, interface, where, origin, missing), reached in prefixes.items()
        if device in seen.devices
    ]
