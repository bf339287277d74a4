"""Which port does a name mean? Physical ports only: units, subinterfaces and bundles stand for the ports below them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from nautobot_topology_cache.topology.evidence import Interface, Neighbor
from nautobot_topology_cache.topology.resolve import mac_in

_UNIT = re.compile(r"(.*[A-Za-z].*\d)\.\d+")
_NAME = re.compile(r"([a-z]{2})[a-z_ -]*(\d[\d/.:]*)")
_DIGITS = re.compile(r"(\d+)")
_BUNDLE = re.compile(r"(?:port-?channel|po|bundle-ether|be|ae|bond|lag|team|trk)\d+(?:\.\d+)?", re.IGNORECASE)
_VIRTUAL = re.compile(r"(?:vlan|vl|lo|loopback|irb|bdi|bvi|tunnel|tu|nve|vxlan|vme)\d", re.IGNORECASE)


DOWN = ("down", "notconnect", "lowerlayerdown", "disabled", "err-disabled", "errdisabled", "administratively down")


class Ports:
    """The interfaces of all devices, by device, and the names they are called by."""

    def __init__(self, interfaces: Iterable[Interface]) -> None:
        self._of: defaultdict[str, dict[str, Interface]] = defaultdict(dict)
        self._members: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._called: dict[str, dict[tuple[str, str], set[str]]] = {}
        self._folded: dict[tuple[str, str], str] = {}
        for interface in interfaces:
            self._of[interface.device][interface.name] = interface
            if interface.lag:
                self._members[interface.device, interface.lag.casefold()].append(interface.name)

    def get(self, device: str, name: str) -> Interface | None:
        """The interface of exactly this name."""
        return self._of[device].get(name) if device in self._of else None

    def known(self, device: str) -> bool:
        """Whether the device's interfaces are known at all."""
        return device in self._of

    def fold(self, device: str, name: str) -> str:
        """The port of a unit or subinterface (`xe-0/0/0.0`, `Gi0/1.100`); any other name as it is."""
        key = (device, name)
        folded = self._folded.get(key)
        if folded is None:
            folded = self._folded[key] = self._fold(device, name)
        return folded

    def _fold(self, device: str, name: str) -> str:
        known = self.get(device, name)
        if known is not None and known.parent:
            return known.parent
        unit = _UNIT.fullmatch(name)
        # A port that a device itself lists under such a name, without listing the name before the dot, is a port.
        if unit is None or (known is not None and self.get(device, unit[1]) is None):
            return name
        return unit[1]

    def members(self, device: str, name: str) -> list[str]:
        """The ports of a bundle, sorted; none for a port."""
        return sorted(self._members.get((device, name.casefold()), ()))

    def is_bundle(self, device: str, name: str) -> bool:
        return bool(_BUNDLE.fullmatch(name)) or bool(self.members(device, name))

    def is_port(self, device: str, name: str) -> bool:
        """Whether frames come in there: a port or a bundle, and no VLAN, loopback, tunnel, nor `CPU`."""
        if _VIRTUAL.match(name):
            return False
        return self.get(device, name) is not None or (not self.known(device) and name[-1:].isdigit())

    def bundle(self, device: str, name: str) -> str:
        """The bundle that a port is a member of, as the device spells it, or `""`."""
        port = self.get(device, name)
        return port.lag if port is not None else ""

    def announced(self, device: str, neighbor: Neighbor) -> tuple[str, str]:
        """(port, how it was found) that a neighbor means, of a known Device; `""` if none is certain.

        What names the port first, as it is and in the device's spelling; then a MAC address, its ifIndex, and its
        description, each only if it is one port's alone. A name counts unverified for a device whose interfaces are not
        known.
        """
        if not self.known(device):
            named = neighbor.neighbor_interface
            return (self.fold(device, named), "unverified") if named else ("", "")
        if found := self._named(device, neighbor.neighbor_interface) or self._named(device, neighbor.port_id):
            return found, "name"
        if owned := self._one(device, "mac", mac_in(neighbor.port_id)):
            return owned, "mac_address"
        if indexed := self._one(device, "index", neighbor.port_id):
            return indexed, "index"
        if found := self._named(device, neighbor.port_description):
            return found, "name"
        if described := self._one(device, "description", neighbor.port_description):
            return described, "description"
        named = neighbor.neighbor_interface
        # The far device lists no such interface: it may have been replugged or renamed since it was asked.
        return (self.fold(device, named), "unverified") if named else ("", "")

    def named(self, device: str, name: str) -> str:
        """The port that somebody calls so, in the device's spelling; the name as it is if there is none."""
        return self._named(device, name) or name

    def _named(self, device: str, name: str) -> str:
        found = (self._one(device, how, name) for how in ("name", "casefold", "short"))
        return next(filter(None, found), "")

    def _one(self, device: str, how: str, word: str) -> str:
        """The one port that is called so, or `""`."""
        if not word:
            return ""
        if device not in self._called:
            self._called[device] = self._names_of(device)
        key = word if how in ("name", "mac", "index") else short(word) if how == "short" else word.casefold()
        found = self._called[device].get((how, key), set()) if key else set()
        return next(iter(found)) if len(found) == 1 else ""

    def _names_of(self, device: str) -> dict[tuple[str, str], set[str]]:
        called: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for name, interface in self._of[device].items():
            port = self.fold(device, name)
            called["name", name].add(port)
            called["casefold", name.casefold()].add(port)
            called["short", short(name)].add(port)
            if interface.snmp_index is not None:
                called["index", str(interface.snmp_index)].add(port)
            if interface.description:
                called["description", interface.description.casefold()].add(port)
            if interface.mac_address and not _VIRTUAL.match(name) and not self.is_bundle(device, port):
                called["mac", interface.mac_address].add(port)
        return called


def is_down(port: Interface) -> bool:
    """Whether a port is down, or has been switched off."""
    return port.oper_status in DOWN or port.enabled is False


def by_number(name: str) -> tuple[tuple[str, int], ...]:
    """To sort ports by: `Gi1/0/2` before `Gi1/0/10`."""
    return tuple(("", int(part)) if part.isdecimal() else (part, 0) for part in _DIGITS.split(name))


def short(name: str) -> str:
    """The first two letters and the numbers: `TenGigE0/0/0/1`, `TenGigabitEthernet0/0/0/1` and `Te0/0/0/1` alike."""
    parts = _NAME.fullmatch(name.casefold())
    return f"{parts[1]}{parts[2]}" if parts else ""
