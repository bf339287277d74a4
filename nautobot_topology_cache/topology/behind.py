"""Which known devices are behind a port, as MAC tables and resolved addresses say, and which of them are next to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from nautobot_topology_cache.topology.evidence import ARPEntry, MACEntry, Observations
from nautobot_topology_cache.topology.picture import Evidence, Port
from nautobot_topology_cache.topology.ports import Ports
from nautobot_topology_cache.topology.resolve import Directory, is_shared_mac


class Sighting(NamedTuple):
    """A MAC address of `owner`, seen on a port: learned there (`mac_table`) or resolved from an address (`arp`)."""

    kind: str
    owner: str
    mac: str
    vlan: int | None
    detail: str
    slice: str
    missing: bool

    def evidence(self, kind: str, device: str, seen: Observations) -> Evidence:
        origin = seen.slice(self.slice)
        return Evidence(kind, device, origin.source, origin.collected_at, True, self.detail)

    def is_stale(self, seen: Observations) -> bool:
        return self.missing or bool(seen.slice(self.slice).stale_reason)


class Behind:
    """What is seen on each port; a port is a bundle where the device's tables name one."""

    def __init__(self, seen: Observations, ports: Ports, directory: Directory) -> None:
        self.on: defaultdict[Port, dict[str, list[Sighting]]] = defaultdict(dict)
        """Port -> device behind it -> its sightings, in one order."""
        self.towards: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        """(device, other device) -> the ports of the one behind which the other is."""
        self._ports = ports
        self._owned: defaultdict[str, set[Port]] = defaultdict(set)
        for one in seen.interfaces:
            if one.mac_address and not is_shared_mac(one.mac_address):
                self._owned[one.mac_address].add((directory.whole(one.device), ports.fold(one.device, one.name)))
        for device, interface, found in sorted(self._sightings(seen), key=lambda one: (*one[:2], _order(one[2]))):
            self._see((directory.whole(device), ports.fold(device, interface)), found)

    def _sightings(self, seen: Observations) -> Iterator[tuple[str, str, Sighting]]:
        rows: tuple[MACEntry | ARPEntry, ...] = (*seen.mac_entries, *seen.arp_entries)
        for row in rows:
            owner = self._owner(row.mac_address)
            if owner and row.device in seen.devices and self._ports.is_port(row.device, row.interface):
                yield row.device, row.interface, _sighting(row, owner)

    def _owner(self, mac: str) -> str:
        """The one device that has a MAC address on its interfaces; `""` for nobody's and for one that two have."""
        devices = {device for device, _ in self._owned.get(mac, ())}
        return next(iter(devices)) if len(devices) == 1 else ""

    def _see(self, port: Port, found: Sighting) -> None:
        if found.owner != port[0]:
            self.on[port].setdefault(found.owner, []).append(found)
            self.towards[port[0], found.owner].add(port[1])

    def next_to(self, port: Port) -> set[str]:
        """Those behind a port between whom and it no other of them stands.

        Who sees this device on one of its ports and others behind another port stands between.
        """
        near = set(self.on.get(port, ()))
        for between in list(near):
            back = self.towards.get((between, port[0]), set())
            if len(back) == 1:
                near -= {other for other in near if self.towards.get((between, other), back) - back}
        return near

    def port_of(self, device: str, sightings: list[Sighting]) -> str:
        """The port that a device's sighted MAC addresses belong to, if they are one port's and of no VLAN interface."""
        names = {name for one in sightings for owner, name in self._owned[one.mac] if owner == device}
        (name, *more) = sorted(names)
        return name if not more and self._ports.is_port(device, name) else ""

    def elsewhere(self, port: Port, sightings: list[Sighting]) -> str:
        """Another port of the device on which one of these was learned in the same VLAN, or `""`."""
        for other in sorted(self.towards[port[0], sightings[0].owner] - {port[1]}):
            there = {(one.mac, one.vlan) for one in self.on[port[0], other][sightings[0].owner] if _is_learned(one)}
            if any((one.mac, one.vlan) in there for one in sightings if _is_learned(one)):
                return other
        return ""


def _is_learned(one: Sighting) -> bool:
    return one.kind == "mac_table"


def _order(one: Sighting) -> tuple[str, ...]:
    return (one.kind, one.mac, str(one.vlan or 0).zfill(4), one.detail, one.slice, str(one.missing))


def _sighting(row: MACEntry | ARPEntry, owner: str) -> Sighting:
    if isinstance(row, MACEntry):
        where = f" in VLAN {row.vlan}" if row.vlan is not None else ""
        detail = f"learned {row.mac_address}{where} on {row.interface}"
        return Sighting("mac_table", owner, row.mac_address, row.vlan, detail, row.slice, row.missing)
    detail = f"resolved {row.ip_address} to {row.mac_address} on {row.interface}"
    return Sighting("arp", owner, row.mac_address, None, detail, row.slice, row.missing)
