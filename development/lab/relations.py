"""Layer 3 as it is: which devices share a subnet, and which point their routes and sessions at each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import attrs

from development.lab.model import LOOPBACK, Address, Device, Interface
from development.lab.state import World

UP = ("full", "established")
CONNECTED = "connected"


@attrs.define
class Relation:
    """What two devices, or a device and a subnet of three and more, have to do with each other."""

    pointing: set[str] = attrs.Factory(set)
    """The devices that say so."""
    prefixes: set[str] = attrs.Factory(set)
    """What is reached that way; for `connected`, the subnets they share."""


About = tuple[str, str, str, str]
"""(the ends in alphabetical order, VRF, protocol)"""


def relations(world: World) -> dict[About, Relation]:
    """Every relation of layer 3 between devices that answer."""
    found: defaultdict[About, Relation] = defaultdict(Relation)
    _share(world, found)
    for device in _answering(world):
        for vrf, protocol, address, interface, prefix in _pointings(world, device):
            other = _owner(world, device, vrf, address, interface)
            if other:
                near, far = sorted((device.name, other.name))
                relation = found[near, far, vrf, protocol]
                relation.pointing.add(device.name)
                relation.prefixes |= {prefix} - {""}
    return dict(found)


def _answering(world: World) -> list[Device]:
    return [device for device in world.network.devices.values() if not device.answers]


def _share(world: World, found: dict[About, Relation]) -> None:
    """A subnet of two joins them, if they have not one address between them; one of more joins each with itself."""
    members: defaultdict[tuple[str, str], defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for device in _answering(world):
        for interface in device.interfaces.values():
            for one in _own(interface):
                members[interface.vrf, one.prefix][device.name].add(one.ip)
    for (vrf, prefix), held in members.items():
        ends = sorted(held)
        pairs = [(end, prefix) for end in ends if len(ends) > 2]
        if len(ends) == 2 and len(set().union(*held.values())) > 1:
            pairs = [(ends[0], ends[1])]
        for near, far in pairs:
            relation = found[near, far, vrf, CONNECTED]
            relation.pointing |= {near, far} & held.keys()
            relation.prefixes.add(prefix)


def _own(interface: Interface) -> list[Address]:
    """The addresses that make a subnet: a link-local one and a virtual one alone make none."""
    if interface.kind == LOOPBACK:
        return []
    return [one for one in interface.addresses if one.role in ("primary", "secondary")]


def _pointings(world: World, device: Device) -> Iterator[tuple[str, str, str, str, str]]:
    """(VRF, protocol, address, interface, prefix) of every next hop, and of every session that is up."""
    state = world.state(device.name)
    for route in state.routes:
        if route.next_hop and not route.vni:
            yield route.vrf, route.protocol, route.next_hop, route.interface, route.prefix
    for one in state.adjacencies:
        if one.state in UP:
            yield one.vrf, one.protocol, one.address, one.interface, ""


def _owner(world: World, device: Device, vrf: str, address: str, interface: str) -> Device | None:
    """The other device that has the address, in this VRF and on a subnet of ours.

    A link-local address means the far end of the interface, whoever else has it.
    """
    if ip_address(address).is_link_local:
        far = world.network.far_logical(device, device.interfaces[interface])
        return far[0] if far and not far[0].answers else None
    subnets = {a.prefix for one in device.interfaces.values() if one.vrf == vrf for a in _own(one)}
    if not any(ip_address(address) in ip_network(subnet) for subnet in subnets):
        return None
    owners = [
        other
        for other in _answering(world)
        if any(one.vrf == vrf and address in {a.ip for a in one.addresses} for one in other.interfaces.values())
    ]
    return owners[0] if len(owners) == 1 and owners[0] is not device else None
