"""Which ports are on one wire: pairs of ports, and segments on which a port hears several neighbors."""

from __future__ import annotations

from collections import defaultdict

import attrs

from nautobot_topology_cache.topology.hearing import Heard, digest
from nautobot_topology_cache.topology.outsiders import Groups
from nautobot_topology_cache.topology.picture import Port

CERTAINTY = {
    "name": 3,
    "other_end": 3,
    "description": 2,
    "mac_address": 2,
    "index": 2,
    "elimination": 1,
    "unverified": 1,
    "": 0,
}
"""How a far port was found -> how much that counts where announcements differ."""

CONCLUDED = ("", "other_end", "elimination")
"""Ways to a far port of which the neighbor itself said nothing."""


@attrs.define
class Wire:
    """Two ends and the rows that say so. An end's port is `""` if nobody names it; an end may be a segment."""

    ends: tuple[Port, Port]
    heard: list[Heard] = attrs.Factory(list)
    segment: str = ""
    """Node id of the segment, phone or hub that is the second end."""
    confirmed: bool = False
    """Whether both ends hear each other."""
    differing: bool = False
    """Whether one end names different ports of the other."""


@attrs.frozen
class Wires:
    """All wires, and per port the far nodes that it hears."""

    wires: list[Wire]
    heard_by: dict[Port, set[str]]
    superseded: dict[Port, list[Heard]]
    """Per port the rows that are not fresh, and that fresh ones contradict: a wire that was there before."""


def wires(heard: list[Heard], phones: set[str]) -> Wires:
    """`phones` are nodes that pass on what is plugged into them."""
    _learn_far_ports(heard)
    heard, superseded = _current(heard)
    _eliminate(heard)
    by_port: defaultdict[Port, list[Heard]] = defaultdict(list)
    for one in heard:
        by_port[one.port].append(one)
    back = {(one.port, one.far_end) for one in heard}
    named = {(one.port, one.far_end) for one in heard if one.how not in CONCLUDED}
    differing, several = set(), set()
    for port, rows in by_port.items():
        if len({one.far for one in rows}) > 1 or _hears_two_ports(rows, back):
            several.add(port)
        elif len({one.far_port for one in rows}) > 1 and _agree(rows, back):
            differing.add(port)
    shared = _segments(heard, several)
    found = [*_pairs([one for one in heard if one.port not in shared], named, differing)]
    found += _on_segments(heard, shared, phones)
    return Wires(found, {port: {one.far for one in rows} for port, rows in by_port.items()}, superseded)


def _current(heard: list[Heard]) -> tuple[list[Heard], dict[Port, list[Heard]]]:
    """(rows, superseded ones by port): a port was moved if anything fresh, at either end, says where it is now.

    Of several neighbors on a port none contradicts another: who fell silent on a segment is still on it.
    """
    hears: defaultdict[Port, set[str]] = defaultdict(set)
    claimed: defaultdict[Port, set[Port]] = defaultdict(set)
    for one in heard:
        if one.fresh:
            hears[one.port].add(one.far)
            if one.is_device and one.far_port:
                claimed[one.far_end].add(one.port)

    def is_former(one: Heard) -> bool:
        if one.fresh:
            return False
        elsewhere = len(hears.get(one.port, ())) == 1 and one.far not in hears[one.port]
        leads = len(hears.get(one.far_end, ())) == 1 and one.port[0] not in hears[one.far_end]
        taken = one.far_port != "" and len(claimed.get(one.port, ())) == 1 and one.far_end not in claimed[one.port]
        return elsewhere or leads or taken

    current: list[Heard] = []
    former: defaultdict[Port, list[Heard]] = defaultdict(list)
    for one in heard:
        (former[one.port] if is_former(one) else current).append(one)
    return current, former


def _learn_far_ports(heard: list[Heard]) -> None:
    """Where the far port is not certain, the port on which the far device hears this one."""
    back: defaultdict[tuple[str, Port], set[str]] = defaultdict(set)
    for one in heard:
        if one.match.device and CERTAINTY[one.how]:
            back[one.port[0], one.far_end].add(one.port[1])
    for one in heard:
        if one.match.device and CERTAINTY[one.how] < CERTAINTY["name"]:
            found = back.get((one.far, one.port), set())
            if found == {one.far_port}:
                one.how = "name"  # that of an interface which the far device does not list, or is not asked for
            elif len(found) == 1:
                one.far_port, one.how = next(iter(found)), "other_end"


def _eliminate(heard: list[Heard]) -> None:
    """Two devices that each have one port left whose far end is unknown: they are the ends of one wire."""
    unknown: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in heard:
        if one.match.device and not one.far_port:
            unknown[one.port[0], one.far].add(one.port[1])
    for one in heard:
        if one.match.device and not one.far_port:
            here, there = unknown[one.port[0], one.far], unknown.get((one.far, one.port[0]), set())
            if len(here) == len(there) == 1:
                one.far_port, one.how = next(iter(there)), "elimination"


def _hears_two_ports(rows: list[Heard], back: set[tuple[Port, Port]]) -> bool:
    """Whether two ports of one device are on this wire, both of which hear this one: a hub."""
    return len({one.far_port for one in rows if (one.far_end, one.port) in back}) > 1


def _agree(rows: list[Heard], back: set[tuple[Port, Port]]) -> bool:
    """Settle on one far port where a neighbor announces several; True if it was named differently twice."""

    def trust(one: Heard) -> tuple[bool, bool, int, str]:
        return one.fresh, (one.far_end, one.port) in back, CERTAINTY[one.how], one.far_port

    best = max(rows, key=trust)
    # An outsider's port has two names where CDP says `eth0` and LLDP says its MAC address; only Devices contradict.
    sure = [one for one in rows if one.is_device and CERTAINTY[one.how] >= CERTAINTY["name"]]
    named = {one.far_port for one in sure if one.fresh == best.fresh}
    for one in rows:
        one.far_port, one.how = best.far_port, best.how
    return len(named) > 1


def _segments(heard: list[Heard], several: set[Port]) -> dict[Port, Port]:
    """Port -> the first port of its segment, of all ports on wires where a port hears several neighbors."""
    groups = Groups()
    for one in heard:
        if one.is_device and one.far_port:
            groups.join(one.port, one.far_end)
    shared = {groups.top(port) for port in several}
    every = {one.port for one in heard} | {one.far_end for one in heard if one.is_device and one.far_port}
    first: dict[object, Port] = {}
    for port in sorted(every):
        if groups.top(port) in shared:
            first.setdefault(groups.top(port), port)
    return {port: first[groups.top(port)] for port in every if groups.top(port) in first}


def _pairs(heard: list[Heard], named: set[tuple[Port, Port]], differing: set[Port]) -> list[Wire]:
    """One wire for each unordered pair of ports; a port nobody names is told apart by the port that hears it.

    `named` are the pairs of which the first itself announced the second.
    """
    found: dict[tuple[Port, ...], Wire] = {}
    for one in heard:
        known = one.is_device and one.far_port
        key = tuple(sorted((one.port, one.far_end))) if known else (one.port, (one.far, ""))
        wire = found.setdefault(key, Wire((one.port, one.far_end)))
        wire.heard.append(one)
        wire.confirmed = wire.confirmed or {(one.port, one.far_end), (one.far_end, one.port)} <= named
        wire.differing = wire.differing or one.port in differing
    return list(found.values())


def _on_segments(heard: list[Heard], shared: dict[Port, Port], phones: set[str]) -> list[Wire]:
    """One wire for each port of a segment, to the segment's node; a single phone is that node itself."""
    rows: defaultdict[Port, list[Heard]] = defaultdict(list)
    for one in heard:
        if one.port in shared:
            rows[shared[one.port]].append(one)
    found: list[Wire] = []
    for first, heard_here in rows.items():
        between = {one.far for one in heard_here} & phones
        node = next(iter(between)) if len(between) == 1 else f"segment:{digest(*first)}"
        ends: dict[Port, Wire] = {}
        for one in heard_here:
            for end in _ends(one, shared):
                if end[0] != node:
                    wire = ends.setdefault(end, Wire((end, (node, "")), segment=node))
                    wire.heard.append(one)
        found += ends.values()
    return found


def _ends(one: Heard, shared: dict[Port, Port]) -> tuple[Port, Port]:
    """Both ends of what was heard on a segment; an outsider is on it once, whatever it calls its port."""
    if not one.is_device:
        return one.port, (one.far, "")
    if one.far_port:
        return one.port, one.far_end
    known = [port for port, first in shared.items() if port[0] == one.far and first == shared[one.port]]
    return one.port, known[0] if len(known) == 1 else one.far_end
