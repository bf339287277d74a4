"""Neighbors that are no Device: which announcements, in two protocols and on several ports, are of the same one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable

from nautobot_topology_cache.topology.evidence import Neighbor
from nautobot_topology_cache.topology.resolve import is_shared_mac, mac_in

_MAC_AT_END = re.compile(r"[0-9a-f]{12}$")
"""`SEP0200112233AA`, a phone's name in CDP, ends with its MAC address."""


class Groups:
    """Disjoint sets: what is joined with what."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def top(self, one: Hashable) -> Hashable:
        """The representative of the set in which something is."""
        above = self._above.setdefault(one, one)
        while above != one:
            self._above[one] = self._above.setdefault(above, above)
            one, above = above, self._above[above]
        return one

    def join(self, one: Hashable, other: Hashable) -> None:
        first, second = self.top(one), self.top(other)
        if first != second:
            self._above[second] = first


def grouped(neighbors: list[Neighbor], at: Iterable[tuple[str, str]]) -> list[int]:
    """For each neighbor the number of the first one that is the same; `at` are the ports that heard them.

    Names alone do not make two one: every second server is called `localhost`. Name and address do, name and chassis
    do, a MAC address does; on one port the two protocols do as far as they do not contradict each other.
    """
    groups, by_port = Groups(), defaultdict(list)
    for number, port in enumerate(at):
        by_port[port].append(number)
    for number, one in enumerate(neighbors):
        for mark in _marks(one):
            groups.join(mark, number)
    for numbers in by_port.values():
        _join_protocols(neighbors, numbers, groups)
    _join_lone_names(neighbors, groups)
    first: dict[Hashable, int] = {}
    return [first.setdefault(groups.top(number), number) for number in range(len(neighbors))]


def same(one: Neighbor, other: Neighbor) -> bool:
    """Whether two announcements heard on one port, in two protocols, can be of one neighbor."""
    if _marks(one) & _marks(other) or (one.neighbor_ip and one.neighbor_ip == other.neighbor_ip):
        return True
    if one.neighbor_name and other.neighbor_name:
        return one.neighbor_hostname.casefold() == other.neighbor_hostname.casefold()
    return not (one.neighbor_ip and other.neighbor_ip)


def _marks(one: Neighbor) -> set[tuple[str, ...]]:
    """What only this neighbor says of itself, as far as one can tell."""
    name = one.neighbor_hostname.casefold()
    marks: set[tuple[str, ...]] = set()
    if name and one.neighbor_ip:
        marks.add(("address", name, one.neighbor_ip))
    if name and one.chassis_id:
        marks.add(("chassis", name, one.chassis_id))
    # A phone's chassis id is an address that everybody behind a NAT may have; a MAC is its own.
    macs = {mac_in(one.chassis_id), mac_in(one.neighbor_name), _mac_at_end(name)}
    marks |= {("mac", mac) for mac in macs if mac and not is_shared_mac(mac)}
    return marks or ({("nameless", one.neighbor_ip)} if one.neighbor_ip and not name else set())


def _mac_at_end(name: str) -> str:
    digits = _MAC_AT_END.search(name)
    return mac_in(digits[0]) if digits else ""


def _join_protocols(neighbors: list[Neighbor], numbers: list[int], groups: Groups) -> None:
    """One CDP and one LLDP neighbor on a port are one, unless they differ in name or address."""
    heard: defaultdict[str, list[int]] = defaultdict(list)
    for number in numbers:
        heard[neighbors[number].protocol].append(number)
    if len(heard) == 2 and all(len(found) == 1 for found in heard.values()):
        (one,), (other,) = heard.values()
        if same(neighbors[one], neighbors[other]):
            groups.join(one, other)


def _join_lone_names(neighbors: list[Neighbor], groups: Groups) -> None:
    """What says nothing but its name joins the one neighbor of that name, if there is one only."""
    named: defaultdict[str, set[Hashable]] = defaultdict(set)
    lone: defaultdict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(neighbors):
        name = one.neighbor_hostname.casefold()
        (named[name].add(groups.top(number)) if _marks(one) else lone[name].append(number))
    for name, numbers in lone.items():
        if not name:
            continue
        tops = named[name]
        if len(tops) <= 1:
            for number in numbers:
                groups.join(next(iter(tops), numbers[0]), number)
