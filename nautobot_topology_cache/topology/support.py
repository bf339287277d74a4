"""What other tables say of two ports that CDP or LLDP has joined: subnets, MAC and ARP entries, cables."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Iterator

from nautobot_topology_cache.topology.evidence import Address, Observations
from nautobot_topology_cache.topology.picture import Evidence, Port
from nautobot_topology_cache.topology.ports import Ports
from nautobot_topology_cache.topology.resolve import Directory, is_shared_mac

POINT_TO_POINT = frozenset({30, 31, 126, 127})


def subnet_of(one: Address) -> str:
    """The subnet of an address, `""` for one without a length, a host route or a link-local one."""
    if one.prefix_length is None or one.role == "link_local" or one.prefix_length in (32, 128):
        return ""
    return str(ipaddress.ip_network(f"{one.address}/{one.prefix_length}", strict=False))


class Support:
    """Evidence besides CDP and LLDP, by port. What concerns a bundle concerns each of its members."""

    def __init__(self, seen: Observations, ports: Ports, directory: Directory) -> None:
        self.seen = seen
        self.ports = ports
        self._subnets: defaultdict[Port, set[str]] = defaultdict(set)
        self._macs: defaultdict[str, set[str]] = defaultdict(set)
        self._learned: defaultdict[Port, list[int]] = defaultdict(list)
        self._addresses: defaultdict[str, set[str]] = defaultdict(set)
        self._resolved: defaultdict[Port, list[int]] = defaultdict(list)
        self._cables: dict[Port, tuple[Port, str]] = {}
        for one in seen.addresses:
            device = directory.whole(one.device)
            self._addresses[device].add(one.address)
            if one.prefix_length in POINT_TO_POINT and (subnet := subnet_of(one)):
                self._subnets[device, ports.fold(one.device, one.interface)].add(subnet)
        if seen.mac_entries or seen.arp_entries:
            self._read_entries(directory)
        for cable in seen.cables:
            a = directory.whole(cable.a_device), ports.named(cable.a_device, cable.a_interface)
            b = directory.whole(cable.b_device), ports.named(cable.b_device, cable.b_interface)
            self._cables[a], self._cables[b] = (b, cable.label), (a, cable.label)

    def _read_entries(self, directory: Directory) -> None:
        for one in self.seen.interfaces:
            if one.mac_address and not is_shared_mac(one.mac_address):
                self._macs[directory.whole(one.device)].add(one.mac_address)
        for number, entry in enumerate(self.seen.mac_entries):
            self._learned[directory.whole(entry.device), self.ports.fold(entry.device, entry.interface)].append(number)
        for number, arp in enumerate(self.seen.arp_entries):
            if arp.entry_type != "own":
                self._resolved[directory.whole(arp.device), self.ports.fold(arp.device, arp.interface)].append(number)

    def of(self, source: Port, target: Port) -> Iterator[Evidence]:
        """Everything that these tables say of a link between two ports."""
        yield from self._shared_subnet(source, target)
        for here, there in ((source, target), (target, source)):
            yield from self._learned_here(here, there)
            yield from self._resolved_here(here, there)
        yield from self._documented(source, target)

    def _names(self, port: Port) -> list[Port]:
        bundle = self.ports.bundle(*port)
        return [port, (port[0], bundle)] if bundle else [port]

    def _shared_subnet(self, source: Port, target: Port) -> Iterable[Evidence]:
        here = {subnet for name in self._names(source) for subnet in self._subnets.get(name, ())}
        if here:
            there = {subnet for name in self._names(target) for subnet in self._subnets.get(name, ())}
            for subnet in sorted(here & there):
                yield Evidence("subnet", None, "", None, True, f"both ends are in {subnet}")

    def _learned_here(self, here: Port, there: Port) -> Iterable[Evidence]:
        owned = self._macs.get(there[0], set())
        for number in (n for name in self._names(here) for n in self._learned.get(name, ())):
            entry = self.seen.mac_entries[number]
            if entry.mac_address in owned:
                where = self.seen.slice(entry.slice)
                detail = f"learned {entry.mac_address} on {entry.interface}"
                yield Evidence("mac_table", here[0], where.source, where.collected_at, True, detail)
                return

    def _resolved_here(self, here: Port, there: Port) -> Iterable[Evidence]:
        addresses, macs = self._addresses.get(there[0], set()), self._macs.get(there[0], set())
        for number in (n for name in self._names(here) for n in self._resolved.get(name, ())):
            entry = self.seen.arp_entries[number]
            if entry.ip_address in addresses and (not macs or entry.mac_address in macs):
                where = self.seen.slice(entry.slice)
                detail = f"resolved {entry.ip_address} to {entry.mac_address} on {entry.interface}"
                yield Evidence("arp", here[0], where.source, where.collected_at, True, detail)
                return

    def _documented(self, source: Port, target: Port) -> Iterable[Evidence]:
        for here, there in ((source, target), (target, source)):
            documented = self._cables.get(here)
            if documented is None:
                continue
            end, label = documented
            if end == there:
                yield Evidence("cable", None, "Nautobot", None, True, f"cable {label}".rstrip())
                return
            if there[1]:
                yield Evidence("other_cable", here[0], "Nautobot", None, False, "the documented cable leads elsewhere")
