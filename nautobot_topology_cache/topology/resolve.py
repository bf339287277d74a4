"""Which Device does a neighbor mean? Ordered, exact rules; two candidates are no answer.

1. its full name; 2. its name without `(SERIAL)` and domain; 3. a MAC address that it announces, owned by one Device's
interface; 4. its management address, owned by one Device; 5. its serial number. A member of a virtual chassis, and
the chassis' own name, mean the chassis' master. A later rule may settle which of two namesakes is meant.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

import attrs
from netutils.mac import is_valid_mac

from nautobot_topology_cache.collect.normalize import required_mac
from nautobot_topology_cache.topology.evidence import Address, Device, Interface

_ADDRESS = re.compile(r"\d+(?:\.\d+){3}")
_SERIAL = re.compile(r"\(([^()]+)\)\s*$")
_SHARED_MAC = re.compile(
    r"00:00:0C:(?:07:AC|9F:F)|00:05:73:A0|00:00:5E:00:0[12]|00:07:B4|00:1C:73:00:00:99|FF:FF:FF|00:00:00:00:00:00"
)
"""HSRP (1, 2, IPv6), VRRP, GLBP, EOS's usual virtual MAC, broadcast, nothing: owned by nobody in particular."""

UNKNOWN = "unknown: no device has this name, MAC address, address or serial number"

CONFIDENCE = {
    "name": 1.0,
    "hostname": 0.95,
    "mac_address": 0.9,
    "chassis_id": 0.9,
    "management_address": 0.85,
    "serial": 0.95,
    "virtual_chassis": 0.95,
    "other_end": 0.9,
}
"""How a Device was found -> how sure that is."""


@attrs.frozen
class Match:
    """The Device that is meant, or why none is. `reason` begins with unknown, ambiguous or conflict."""

    device: str | None
    matched_by: str = ""
    reason: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def confidence(self) -> float:
        return CONFIDENCE.get(self.matched_by, 0.0)


@attrs.frozen
class Announced:
    """What a neighbor says of itself."""

    name: str = ""
    address: str | None = None
    macs: tuple[str, ...] = ()
    vrf: str = ""
    """The VRF of the port that heard it."""


def is_shared_mac(mac: str) -> bool:
    """Whether a MAC address (in Nautobot's form) is multicast or virtual, so that it names no single device."""
    return bool(int(mac[:2], 16) & 1) or bool(_SHARED_MAC.match(mac))


@lru_cache(maxsize=65536)
def mac_in(text: str) -> str:
    """The MAC address that a text is, in Nautobot's form, or `""`."""
    printed = text.strip()
    return required_mac(printed) if 12 <= len(printed) <= 17 and is_valid_mac(printed) else ""


class Directory:
    """Devices by all that they can be known by."""

    def __init__(
        self, devices: Mapping[str, Device], interfaces: Iterable[Interface] = (), addresses: Iterable[Address] = ()
    ) -> None:
        self.devices = devices
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self._hosts: defaultdict[str, set[str]] = defaultdict(set)
        self._chassis: defaultdict[str, set[str]] = defaultdict(set)
        self._serials: defaultdict[str, set[str]] = defaultdict(set)
        self._primary: defaultdict[str, set[str]] = defaultdict(set)
        self._macs: defaultdict[str, set[str]] = defaultdict(set)
        self._addresses: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        self._learned: defaultdict[str, set[str]] = defaultdict(set)
        self._known: dict[Announced, Match] = {}
        for device in devices.values():
            self._add(device)
        for interface in interfaces:
            if interface.mac_address and not is_shared_mac(interface.mac_address):
                self._macs[interface.mac_address].add(self.whole(interface.device))
        for one in addresses:
            if one.role in ("primary", "secondary"):
                self._addresses[one.address].add((self.whole(one.device), one.vrf))

    def _add(self, device: Device) -> None:
        name, whole = device.name.casefold().strip(), self.whole(device.id)
        if name:
            self._names[name].add(device.id)
            self._hosts[name.partition(".")[0]].add(device.id)
        if device.chassis:
            self._chassis[device.chassis.casefold()].add(whole)
        if device.serial:
            self._serials[device.serial.casefold()].add(device.id)
        for address in device.primary_ips:
            self._primary[address].add(whole)

    def whole(self, device_id: str) -> str:
        """The master of the virtual chassis of which a Device is a member; the Device itself otherwise."""
        device = self.devices.get(device_id)
        return device.master if device and device.master in self.devices else device_id

    def learn(self, chassis_id: str, device_id: str) -> None:
        """Remember a chassis id that was announced together with a name which means this Device."""
        self._learned[chassis_id].add(device_id)

    def resolve(self, announced: Announced) -> Match:
        """The Device that a neighbor means; what was asked before is answered alike."""
        found = self._known.get(announced)
        if found is None:
            found = self._known[announced] = self._resolve(announced)
        return found

    def told(self, match: Match) -> Match:
        """What may be told of a match without a Device: nothing, if one of the candidates may not be viewed.

        The mere word ambiguous would say that there is a Device with this name or address.
        """
        hidden = any(not self.devices[one].visible for one in match.candidates)
        return Match(None, "", UNKNOWN) if hidden and match.device is None else match

    def resolve_learned(self, chassis_id: str) -> Match | None:
        """The one Device that announced this chassis id with its name, to whichever port."""
        found = self._learned.get(chassis_id, set())
        return Match(next(iter(found)), "chassis_id") if len(found) == 1 else None

    def _resolve(self, announced: Announced) -> Match:
        rule, named = self._by_name(announced.name)
        addressed = self._by_address(announced.address, announced.vrf)
        owners = {self.whole(one) for mac in announced.macs for one in self._macs.get(mac, ())}
        if len(named) == 1:
            (device,) = named
            # An address that several own says nothing; a MAC of the named device outweighs it.
            if len(addressed) == 1 and not addressed & named and device not in owners:
                return self._conflict(device, *addressed)
            return Match(device, rule)
        others = (("mac_address", owners), ("management_address", addressed), ("serial", self._by_serial(announced)))
        for rule, found in others:
            narrowed = found & named if named else found
            if len(narrowed) == 1:
                return Match(next(iter(narrowed)), rule)
        for what, found in (("name", named), *others):
            if len(found) > 1:
                reason = f"ambiguous: {len(found)} devices have this {what.replace('_', ' ')}"
                return Match(None, "", reason, self._sorted(found))
        return Match(None, "", UNKNOWN)

    def _by_name(self, announced: str) -> tuple[str, set[str]]:
        """(rule, Devices) of the first rule that finds any."""
        whole = announced.casefold().strip()
        if not whole:
            return "name", set()
        bare = _SERIAL.sub("", whole).strip()
        for text in dict.fromkeys((whole, bare)):
            exact = self._names.get(text)
            if exact:
                return self._masters("name", exact)
        host, _, domain = bare.partition(".")
        if mac_in(bare) or not host or _ADDRESS.fullmatch(bare):
            return "name", set()
        # `sw1.a.example` is not the `sw1.b.example` of Nautobot; only one side may lack a domain.
        alike = {one for one in self._hosts.get(host, ()) if not domain or not self.devices[one].name.partition(".")[2]}
        if alike:
            return self._masters("hostname", alike)
        return "virtual_chassis", self._chassis.get(host, set()) | self._chassis.get(bare, set())

    def _masters(self, rule: str, found: set[str]) -> tuple[str, set[str]]:
        masters = {self.whole(one) for one in found}
        return (rule if masters == found else "virtual_chassis"), masters

    def _by_address(self, address: str | None, vrf: str) -> set[str]:
        """Owners: the Devices whose primary address it is, else those that have it, those in the port's VRF first."""
        if not address:
            return set()
        primary = self._primary.get(address)
        if primary:
            return primary
        owners = self._addresses.get(address, set())
        found = {device for device, _ in owners}
        near = {device for device, where in owners if where == vrf}
        return near if len(found) > 1 and len(near) == 1 else found

    def _by_serial(self, announced: Announced) -> set[str]:
        """Devices whose serial number stands behind the name in brackets, or is the name."""
        said = _SERIAL.search(announced.name.strip())
        texts = {announced.name.strip().casefold(), said[1].strip().casefold() if said else ""} - {""}
        return {self.whole(one) for text in texts for one in self._serials.get(text, ())}

    def _conflict(self, named: str, addressed: str) -> Match:
        reason = "conflict: the name belongs to one device and the address to another"
        return Match(None, "", reason, (named, addressed))

    def _sorted(self, found: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(found, key=lambda one: (self.devices[one].name.casefold(), one)))
