"""Uplink or edge: does a port lead to a device that Nautobot knows?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import attrs

from nautobot_topology_cache.topology.behind import Behind
from nautobot_topology_cache.topology.evidence import Observations
from nautobot_topology_cache.topology.layer2 import logical
from nautobot_topology_cache.topology.picture import Link, Picture, Port
from nautobot_topology_cache.topology.ports import Ports, by_number

UPLINK, EDGE = "uplink", "edge"
NOBODY = "no Device of Nautobot is heard here, and no MAC address of one is seen"
HIDDEN = "a device that you may not view"


@attrs.frozen
class Verdict:
    """What a port is, and why. `devices` are the Devices behind it that the user may view."""

    device: str
    interface: str
    verdict: str
    reason: str
    devices: tuple[str, ...] = ()


def verdicts(picture: Picture, seen: Observations, behind: Behind, of: Iterable[str]) -> list[Verdict]:
    """A verdict for each port and bundle of the devices, in the order of the devices and of the ports' numbers.

    A device neighbor makes an uplink; so does a MAC address that one known device owns, seen in the MAC table or behind
    a resolved address. Virtual MAC addresses (HSRP, VRRP, GLBP) and multicast ones are nobody's.
    """
    ports, wanted = Ports(seen.interfaces), set(of)
    heard = _heard(picture, ports)
    found = []
    for one in sorted(seen.interfaces, key=lambda one: (one.device, by_number(one.name))):
        if (
            one.device in wanted
            and ports.is_port(one.device, one.name)
            and ports.fold(one.device, one.name) == one.name
        ):
            port = one.device, one.name
            found.append(
                _verdict(port, heard.get(logical(ports, port), set()), port_sees(behind, ports, port), picture)
            )
    return found


def port_sees(behind: Behind, ports: Ports, port: Port) -> set[str]:
    """The devices behind a port or behind the bundle that it is a member of."""
    return set(behind.on.get(logical(ports, port), ()))


def _heard(picture: Picture, ports: Ports) -> dict[Port, set[str]]:
    """Port or bundle -> the devices that are linked with it, directly or on a segment."""
    on_segment: defaultdict[str, set[str]] = defaultdict(set)
    links = [link for link in picture.links if link.layer == "physical"]
    for link in links:
        on_segment[link.target[0]].add(link.source[0])
    found: defaultdict[Port, set[str]] = defaultdict(set)
    for link in links:
        for port, others in _ends(link, picture, on_segment):
            found[logical(ports, port)] |= {one for one in others if picture.nodes[one].device_id and one != port[0]}
    return found


def _ends(link: Link, picture: Picture, on_segment: dict[str, set[str]]) -> Iterator[tuple[Port, set[str]]]:
    shared = picture.nodes[link.target[0]].node_type == "segment"
    yield link.source, on_segment[link.target[0]] if shared else {link.target[0]}
    yield link.target, {link.source[0]}


def _verdict(port: Port, heard: set[str], sees: set[str], picture: Picture) -> Verdict:
    if heard:
        return Verdict(*port, UPLINK, f"neighbor: {_names(heard, picture)}", _shown(heard | sees, picture))
    if sees:
        return Verdict(*port, UPLINK, f"MAC addresses of {_names(sees, picture)}", _shown(sees, picture))
    return Verdict(*port, EDGE, NOBODY)


def _names(devices: set[str], picture: Picture) -> str:
    """The first three by name."""
    nodes = sorted((picture.nodes[one] for one in devices), key=lambda node: (node.name.casefold(), node.id))
    told = list(dict.fromkeys(HIDDEN if node.node_type == "hidden" else node.name for node in nodes))
    return ", ".join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "")


def _shown(devices: set[str], picture: Picture) -> tuple[str, ...]:
    nodes = [picture.nodes[one] for one in devices]
    shown = sorted((node.name.casefold(), node.id) for node in nodes if node.node_type == "device")
    return tuple(one for _, one in shown)
