"""What every port hears: each neighbor row with the node it means, a Device or an outsider, and why if no Device."""

from __future__ import annotations

from collections import defaultdict
from hashlib import blake2b

import attrs

from nautobot_topology_cache.topology import outsiders
from nautobot_topology_cache.topology.evidence import Neighbor, Observations
from nautobot_topology_cache.topology.picture import Port
from nautobot_topology_cache.topology.ports import Ports
from nautobot_topology_cache.topology.resolve import UNKNOWN, Announced, Directory, Match, is_shared_mac, mac_in

NO_PORT = "unplaced: the answer does not name the local port"
BUNDLE = "unplaced: heard on a bundle of several ports"
ITSELF = "self: the device hears itself"


@attrs.define
class Heard:
    """One neighbor row. `far` is a Device's id or an outsider's node id; `far_port` is `""` while unknown."""

    row: Neighbor
    port: Port
    match: Match
    far: str = ""
    far_port: str = ""
    how: str = ""
    """How the far port was found, see `Ports.announced`; `other_end` and `elimination` were concluded from others."""
    fresh: bool = True

    @property
    def is_device(self) -> bool:
        return self.match.device is not None

    @property
    def far_end(self) -> Port:
        return self.far, self.far_port


@attrs.frozen
class Hearing:
    """All rows: those that make links, and those that have a reason why they make none."""

    heard: list[Heard]
    unplaced: list[tuple[Heard, str]]


def hear(seen: Observations, directory: Directory, ports: Ports) -> Hearing:
    """Resolve every neighbor row, in the order of device and port."""
    rows = sorted(seen.neighbors, key=Neighbor.order)
    every = [_heard(row, directory, ports) for row in rows if row.device in seen.devices]
    for one in every:
        one.fresh = not one.row.missing and not seen.slice(one.row.slice).stale_reason
    _learn(every, directory)
    _trust_other_ends(every, directory, ports)
    for one in every:
        one.match = directory.told(one.match)
    _agree_on_a_port(every)
    _name_outsiders(every)
    hearing = Hearing([], [])
    for one in every:
        reason = _unplaced(one, ports)
        if reason:
            hidden = one.is_device and not directory.devices[one.far].visible
            hearing.unplaced.append((one, UNKNOWN if hidden else reason))
            continue
        if one.is_device:
            one.far_port, one.how = _far_port(one, ports)
        else:
            one.far_port = one.row.neighbor_interface or one.row.port_id
        hearing.heard.append(one)
    return hearing


def _heard(row: Neighbor, directory: Directory, ports: Ports) -> Heard:
    device = directory.whole(row.device)
    folded = ports.fold(row.device, row.local_interface)
    if ports.is_bundle(row.device, folded):
        members = ports.members(row.device, folded)
        folded = members[0] if len(members) == 1 else folded
    port = ports.get(row.device, row.local_interface)
    macs = (mac_in(row.chassis_id), mac_in(row.port_id), mac_in(row.neighbor_name))
    own = tuple(dict.fromkeys(mac for mac in macs if mac and not is_shared_mac(mac)))
    said = Announced(row.neighbor_name, row.neighbor_ip, own, port.vrf if port else "")
    return Heard(row, (device, folded), directory.resolve(said))


def _learn(every: list[Heard], directory: Directory) -> None:
    """A chassis id that comes with a name here names the device there, where NX-OS prints no name beside it."""
    for one in every:
        mac = mac_in(one.row.chassis_id)
        if one.match.device and mac and not is_shared_mac(mac):
            directory.learn(mac, one.match.device)
    for one in every:
        if one.match.device or one.row.neighbor_name or one.match.candidates:
            continue
        one.match = directory.resolve_learned(mac_in(one.row.chassis_id)) or one.match


def _trust_other_ends(every: list[Heard], directory: Directory, ports: Ports) -> None:
    """Of several candidates the one that itself hears this very port is meant."""
    callers: defaultdict[Port, set[str]] = defaultdict(set)
    for one in every:
        if one.match.device:
            callers[one.match.device, ports.announced(one.match.device, one.row)[0]].add(one.port[0])
    for one in every:
        callers_here = callers.get(one.port, set()) & set(one.match.candidates)
        if len(callers_here) == 1:
            one.match = attrs.evolve(one.match, device=next(iter(callers_here)), matched_by="other_end")


def _agree_on_a_port(every: list[Heard]) -> None:
    """What one protocol cannot resolve is the Device that the other one resolves, if both can be of one neighbor."""
    by_port: defaultdict[Port, list[Heard]] = defaultdict(list)
    for one in every:
        by_port[one.port].append(one)
    for heard in by_port.values():
        known = [one for one in heard if one.is_device]
        unknown = [one for one in heard if not one.is_device]
        if len(unknown) != 1 or len({one.match.device for one in known}) != 1:
            continue
        (lost,) = unknown
        if all(one.row.protocol != lost.row.protocol and outsiders.same(one.row, lost.row) for one in known):
            lost.match = Match(known[0].match.device, "same_port")


def _name_outsiders(every: list[Heard]) -> None:
    unknown = [one for one in every if not one.is_device]
    first = outsiders.grouped([one.row for one in unknown], [one.port for one in unknown])
    for one, number in zip(unknown, first, strict=True):
        leader = unknown[number]
        one.far = f"external:{digest(*leader.port, leader.row.neighbor_name, leader.row.chassis_id)}"
    for one in every:
        one.far = one.match.device or one.far


def _unplaced(one: Heard, ports: Ports) -> str:
    if one.far == one.port[0]:
        return ITSELF
    if not one.port[1]:
        return NO_PORT
    return BUNDLE if ports.is_bundle(*one.port) else ""


def _far_port(one: Heard, ports: Ports) -> tuple[str, str]:
    name, how = ports.announced(one.far, one.row)
    if name and ports.is_bundle(one.far, name):
        members = ports.members(one.far, name)
        return (members[0], how) if len(members) == 1 else ("", "")
    return name, how


def digest(*words: str) -> str:
    """A short name for what has none of its own, the same every time."""
    return blake2b("\x00".join(words).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
