"""Which ports carry a VLAN or are in a VRF, as far as the tables say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from nautobot_topology_cache.topology.evidence import Interface, Observations
from nautobot_topology_cache.topology.picture import Link, Port
from nautobot_topology_cache.topology.ports import Ports


def on_vlan(seen: Observations, vlan: int) -> set[Port]:
    """Ports whose access or native VLAN it is, and those on which a MAC address was learned in it."""
    ports = Ports(seen.interfaces)
    named = [(one.device, one.name) for one in seen.interfaces if vlan in (one.access_vlan, one.native_vlan)]
    named += [(one.device, one.interface) for one in seen.in_vlan if one.vlan == vlan]
    return set(_whole(named, ports))


def in_vrf(seen: Observations, vrf: str) -> set[Port]:
    """Ports that are in the VRF, or that have a unit or subinterface in it."""

    def belongs(one: Interface) -> bool:
        return one.vrf == vrf and one.enabled is not None

    return set(_whole(((one.device, one.name) for one in seen.interfaces if belongs(one)), Ports(seen.interfaces)))


def touching(ports: set[Port]) -> Callable[[Link], bool]:
    """Whether an end of a link is one of these ports."""
    return lambda link: link.source in ports or link.target in ports


def _whole(named: Iterable[Port], ports: Ports) -> Iterator[Port]:
    """The ports below units, subinterfaces and bundles."""
    for device, name in named:
        folded = ports.fold(device, name)
        yield device, folded
        yield from ((device, member) for member in ports.members(device, folded))
