"""Who is on which subnet, and whose an address is: sought in one VRF, and on a subnet that both devices are on."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from nautobot_topology_cache.topology.evidence import Address, Observations
from nautobot_topology_cache.topology.resolve import Directory

POINT_TO_POINT = frozenset({30, 31, 126, 127})


def subnet_of(one: Address) -> str:
    """The subnet of an address, `""` for one without a length, a host route or a link-local one."""
    if one.prefix_length is None or one.role == "link_local" or one.prefix_length in (32, 128):
        return ""
    return str(ipaddress.ip_network(f"{one.address}/{one.prefix_length}", strict=False))


def is_for_two(subnet: str) -> bool:
    """Whether no more than two devices can have addresses in a subnet."""
    return int(subnet.rpartition("/")[2]) in POINT_TO_POINT


class Whose(NamedTuple):
    """The device that an address belongs to, and the interfaces of both in the subnet they share.

    `device` is `""` if it is nobody's in this VRF and on a shared subnet; `there` is `""` if it may not be shown.
    """

    device: str = ""
    here: str = ""
    there: str = ""
    subnet: str = ""
    ambiguous: bool = False
    """Two devices that the user may view have this address in the VRF, so that nobody knows which is meant."""


class _Spot(NamedTuple):
    """Where an address is: an interface, its subnet, and whether the user may view the row that says so."""

    interface: str
    subnet: str
    shown: bool


NOBODY = Whose()


class Subnets:
    """The addresses of all devices, by VRF and subnet. Devices are masters of their virtual chassis."""

    def __init__(self, seen: Observations, directory: Directory) -> None:
        self.members: defaultdict[tuple[str, str], defaultdict[str, list[Address]]] = defaultdict(
            lambda: defaultdict(list)
        )
        """(VRF, subnet) -> device -> its addresses in it, of those that the user may view."""
        self._on: defaultdict[tuple[str, str], defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._at: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        self._owners: defaultdict[tuple[str, str], defaultdict[str, set[_Spot]]] = defaultdict(lambda: defaultdict(set))
        self._known: dict[tuple[str, str, str, str], Whose] = {}
        shown = set(seen.addresses)
        for one in sorted(shown, key=_order):
            self._add(one, directory.whole(one.device))
        for one in sorted({*seen.addresses, *seen.owners}, key=_order):
            spot = _Spot(one.interface, subnet_of(one), one in shown)
            self._owners[one.vrf, one.address][directory.whole(one.device)].add(spot)

    def _add(self, one: Address, device: str) -> None:
        subnet = subnet_of(one)
        if subnet and one.role in ("primary", "secondary"):
            self.members[one.vrf, subnet][device].append(one)
            self._on[device, one.vrf][subnet].add(one.interface)
            self._at[device, one.vrf, one.interface].add(subnet)

    def whose(self, device: str, vrf: str, address: str, interface: str) -> Whose:
        """Whose an address is that `device` points at in a VRF, by way of its `interface` (`""` if it names none)."""
        asked = (device, vrf, address, interface)
        found = self._known.get(asked)
        if found is None:
            found = self._known[asked] = self._whose(*asked)
        return found

    def _whose(self, device: str, vrf: str, address: str, interface: str) -> Whose:
        owners: Mapping[str, set[_Spot]] = self._owners.get((vrf, address), {})
        if ipaddress.ip_address(address).is_link_local and ":" in address:
            return self._on_link(owners, device, vrf, interface)
        if len(owners) > 1:
            return Whose(ambiguous=sum(any(one.shown for one in spots) for spots in owners.values()) > 1)
        for far, spots in owners.items():
            for spot in sorted(spots, key=lambda one: (not one.shown, one)):
                subnet = spot.subnet or self._around(device, vrf, address)
                mine = self._on[device, vrf].get(subnet, set())
                if mine and far != device:
                    here = interface if interface in mine else min(mine)
                    return Whose(far, here, spot.interface if spot.shown else "", subnet)
        return NOBODY

    def _around(self, device: str, vrf: str, address: str) -> str:
        """The device's subnet that an address is in whose own length nobody prints."""
        wanted = ipaddress.ip_address(address)
        around = (one for one in self._on[device, vrf] if wanted in ipaddress.ip_network(one))
        return min(around, key=lambda one: (-int(one.rpartition("/")[2]), one), default="")

    def _on_link(self, owners: Mapping[str, set[_Spot]], device: str, vrf: str, interface: str) -> Whose:
        """A link-local address is anybody's; it means who has it on an interface that shares a subnet with ours."""
        mine = self._at.get((device, vrf, interface), set())
        found = list(self._neighbors(owners, device, vrf, mine))
        if len({device for device, _, _ in found}) > 1:
            return Whose(ambiguous=len({device for device, there, _ in found if there}) > 1)
        if not found:
            return NOBODY
        far, there, subnet = min(found)
        return Whose(far, interface, there, subnet)

    def _neighbors(
        self, owners: Mapping[str, set[_Spot]], device: str, vrf: str, mine: set[str]
    ) -> Iterator[tuple[str, str, str]]:
        for far, spots in owners.items():
            for spot in spots:
                shared = mine & self._at.get((far, vrf, spot.interface), set())
                if shared and far != device:
                    yield far, spot.interface if spot.shown else "", min(shared)


def _order(one: Address) -> tuple[str, ...]:
    return (one.device, one.vrf, one.interface, one.address, str(one.prefix_length), one.role, one.slice)
