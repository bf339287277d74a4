"""What other tables say of two ports that CDP or LLDP has joined: subnets, routes, MAC and ARP entries, cables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from nautobot_topology_cache.topology.evidence import Address, ARPEntry, MACEntry, Observations
from nautobot_topology_cache.topology.picture import Evidence, Port
from nautobot_topology_cache.topology.pointing import Pointing, Pointings
from nautobot_topology_cache.topology.ports import Ports
from nautobot_topology_cache.topology.resolve import Directory, is_shared_mac
from nautobot_topology_cache.topology.subnets import POINT_TO_POINT, subnet_of


class Support:
    """Evidence besides CDP and LLDP, by port. What concerns a bundle concerns each of its members."""

    def __init__(self, seen: Observations, ports: Ports, directory: Directory, pointed: Pointings) -> None:
        self.seen = seen
        self.ports = ports
        self._subnets: defaultdict[Port, dict[str, set[Address]]] = defaultdict(dict)
        self._users: defaultdict[tuple[str, str], set[Port]] = defaultdict(set)
        self._pointed: defaultdict[tuple[Port, Port], list[Pointing]] = defaultdict(list)
        self._macs: defaultdict[str, set[str]] = defaultdict(set)
        self._learned: defaultdict[Port, list[MACEntry]] = defaultdict(list)
        self._addresses: defaultdict[str, set[str]] = defaultdict(set)
        self._resolved: defaultdict[Port, list[ARPEntry]] = defaultdict(list)
        self._cables: dict[Port, tuple[Port, str]] = {}
        for one in [*seen.addresses, *seen.owners]:
            device = directory.whole(one.device)
            self._addresses[device].add(one.address)
            if one.prefix_length in POINT_TO_POINT and (subnet := subnet_of(one)):
                port = device, ports.fold(one.device, one.interface)
                self._subnets[port].setdefault(subnet, set()).add(one)
                self._users[one.vrf, subnet].add(port)
        for pointing in pointed.found:
            here = pointing.device, ports.fold(pointing.device, pointing.whose.here)
            there = pointing.whose.device, ports.fold(pointing.whose.device, pointing.whose.there)
            self._pointed[here, there].append(pointing)
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
        for entry in self.seen.mac_entries:
            self._learned[directory.whole(entry.device), self.ports.fold(entry.device, entry.interface)].append(entry)
        for arp in self.seen.arp_entries:
            if arp.entry_type != "own":
                self._resolved[directory.whole(arp.device), self.ports.fold(arp.device, arp.interface)].append(arp)

    def of(self, source: Port, target: Port) -> Iterator[Evidence]:
        """Everything that these tables say of a link between two ports."""
        yield from self._shared_subnet(source, target)
        for here, there in ((source, target), (target, source)):
            yield from self._learned_here(here, there)
            yield from self._resolved_here(here, there)
            yield from self._pointed_at(here, there)
        yield from self._documented(source, target)

    def _names(self, port: Port) -> list[Port]:
        bundle = self.ports.bundle(*port)
        return [port, (port[0], bundle)] if bundle else [port]

    def _shared_subnet(self, source: Port, target: Port) -> Iterable[Evidence]:
        ours, theirs = self._names(source), self._names(target)
        here, there = self._in_subnets(ours), self._in_subnets(theirs)
        for subnet in sorted(here.keys() & there.keys()):
            both = here[subnet] | there[subnet]
            if len({one.address for one in both}) < 2:
                continue
            users = {user for one in both for user in self._users[one.vrf, subnet]}
            kind = "subnet" if users <= {*ours, *theirs} else "shared_subnet"
            yield Evidence(kind, None, "", None, True, f"both ends are in {subnet}")

    def _in_subnets(self, names: list[Port]) -> dict[str, set[Address]]:
        """Subnets for two that a port or its bundle is in, with its addresses in them."""
        found: dict[str, set[Address]] = {}
        for name in names:
            for subnet, held in self._subnets.get(name, {}).items():
                found[subnet] = found.get(subnet, set()) | held
        return found

    def _learned_here(self, here: Port, there: Port) -> Iterable[Evidence]:
        owned = self._macs.get(there[0], set())
        every = (entry for name in self._names(here) for entry in self._learned.get(name, ()))
        found = [entry for entry in every if entry.mac_address in owned]
        if found:
            entry = min(found, key=lambda one: (one.mac_address, one.interface, one.vlan or 0, one.slice))
            where = self.seen.slice(entry.slice)
            detail = f"learned {entry.mac_address} on {entry.interface}"
            yield Evidence("mac_table", here[0], where.source, where.collected_at, True, detail)

    def _resolved_here(self, here: Port, there: Port) -> Iterable[Evidence]:
        addresses, macs = self._addresses.get(there[0], set()), self._macs.get(there[0], set())
        every = (entry for name in self._names(here) for entry in self._resolved.get(name, ()))
        found = [one for one in every if one.ip_address in addresses and (not macs or one.mac_address in macs)]
        if found:
            entry = min(found, key=lambda one: (one.ip_address, one.mac_address, one.interface, one.vrf, one.slice))
            where = self.seen.slice(entry.slice)
            detail = f"resolved {entry.ip_address} to {entry.mac_address} on {entry.interface}"
            yield Evidence("arp", here[0], where.source, where.collected_at, True, detail)

    def _pointed_at(self, here: Port, there: Port) -> Iterable[Evidence]:
        """The first routing neighbor and the first next hop that the other port has an address of."""
        said: set[str] = set()
        for names in ((one, other) for one in self._names(here) for other in self._names(there)):
            for one in self._pointed.get(names, ()):
                if one.kind not in said:
                    said.add(one.kind)
                    yield one.evidence(self.seen)

    def _documented(self, source: Port, target: Port) -> Iterable[Evidence]:
        for here, there in ((source, target), (target, source)):
            documented = self._cables.get(here)
            if documented is None:
                continue
            end, label = documented
            if end == there or (end[0] == there[0] and not there[1]):
                yield Evidence("cable", None, "Nautobot", None, True, f"cable {label}".rstrip())
                return
            if there[1]:
                yield Evidence("other_cable", here[0], "Nautobot", None, False, "the documented cable leads elsewhere")
