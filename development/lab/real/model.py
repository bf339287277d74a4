"""The network of the real routers: the one description from which configuration and truth are made."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

import attrs

LOCAL_AS = 64496
FOREIGN_AS = 64497


@attrs.frozen
class Router:
    """A router; `number` makes its addresses. `announces` are its BGP networks, each a static route to nowhere."""

    name: str
    number: int
    site: str
    asn: int | None = None
    announces: tuple[str, ...] = ()
    silent_hosts: tuple[str, ...] = ()
    """MAC addresses that are configured behind a port of its bridge."""

    @property
    def router_id(self) -> str:
        return f"198.51.100.{200 + self.number}"

    @property
    def management(self) -> str:
        """The address by which the host reaches it, of the range for benchmarks (RFC 2544), which nobody routes."""
        return f"198.18.{self.number}.2/24"

    @property
    def management_mac(self) -> str:
        return f"02:00:00:00:fe:{self.number:02x}"

    @property
    def host(self) -> str:
        """The host's address on the cable for management."""
        return f"198.18.{self.number}.1"

    @property
    def host_mac(self) -> str:
        return f"02:00:00:00:ff:{self.number:02x}"

    @property
    def loopbacks(self) -> tuple[str, str]:
        return f"{self.router_id}/32", f"2001:db8:ff::{self.number}/128"


@attrs.frozen
class End:
    """One end of a link."""

    router: str
    interface: str
    mac: str
    ipv4: str
    ipv6: str

    @property
    def addresses(self) -> tuple[str, str]:
        return self.ipv4, self.ipv6

    @property
    def link_local(self) -> str:
        """What Linux makes of the MAC address (RFC 4291, appendix A)."""
        return link_local(self.mac)


@attrs.frozen
class Link:
    """A cable between two ports. With an OSPF cost, OSPFv2 and OSPFv3 run over it in area 0."""

    number: int
    a: tuple[str, str]
    b: tuple[str, str]
    cost: int | None = None

    @property
    def ends(self) -> tuple[End, End]:
        return self._end(self.a, 1), self._end(self.b, 2)

    def _end(self, port: tuple[str, str], side: int) -> End:
        return End(
            *port,
            mac=f"02:00:00:00:{self.number:02x}:{side:02x}",
            ipv4=f"198.51.100.{4 * self.number + side}/30",
            ipv6=f"2001:db8:0:{self.number:x}::{side}/64",
        )


@attrs.frozen
class Session:
    """A BGP session between two addresses; internal ones run between loopbacks."""

    router: str
    address: str
    peer: str
    peer_address: str
    peer_as: int
    internal: bool


@attrs.frozen
class Network:
    """All routers and cables."""

    routers: tuple[Router, ...]
    links: tuple[Link, ...]

    def router(self, name: str) -> Router:
        return next(router for router in self.routers if router.name == name)

    def ports(self, name: str) -> Iterator[tuple[End, End, Link]]:
        """(near end, far end, link) of every cable of a router."""
        for link in self.links:
            for near, far in (link.ends, link.ends[::-1]):
                if near.router == name:
                    yield near, far, link

    def sessions(self, name: str) -> Iterator[Session]:
        """A router's BGP sessions: full mesh inside its AS, every cable to another AS; one for each IP version."""
        here = self.router(name)
        if here.asn is None:
            return
        for peer in self.routers:
            if peer is not here and peer.asn == here.asn:
                for own, other in zip(here.loopbacks, peer.loopbacks, strict=True):
                    yield Session(name, bare(own), peer.name, bare(other), here.asn, internal=True)
        for near, far, _link in self.ports(name):
            peer = self.router(far.router)
            if peer.asn is not None and peer.asn != here.asn:
                for own, other in zip(near.addresses, far.addresses, strict=True):
                    yield Session(name, bare(own), peer.name, bare(other), peer.asn, internal=False)


def bare(address: str) -> str:
    """An address without its length."""
    return address.partition("/")[0]


def prefix(address: str) -> str:
    """The network of an address with its length."""
    return str(ipaddress.ip_interface(address).network)


def version(address: str) -> int:
    """4 or 6."""
    return 6 if ":" in address else 4


def link_local(mac: str) -> str:
    """The link-local address that Linux makes of a MAC address."""
    first, *others = (int(part, 16) for part in mac.split(":"))
    digits = [first ^ 2, *others[:2], 0xFF, 0xFE, *others[2:]]
    pairs = zip(digits[::2], digits[1::2], strict=True)
    return str(ipaddress.IPv6Address("fe80::" + ":".join(f"{high:02x}{low:02x}" for high, low in pairs)))


NETWORK = Network(
    routers=(
        Router("alder", 1, "grove", asn=LOCAL_AS, announces=("203.0.113.0/26", "2001:db8:a::/48")),
        Router("birch", 2, "grove", asn=LOCAL_AS),
        Router("cedar", 3, "grove", silent_hosts=("02:00:00:00:cc:01", "02:00:00:00:cc:02")),
        Router("dogwood", 4, "hedge", asn=FOREIGN_AS, announces=("203.0.113.128/26", "2001:db8:d::/48")),
    ),
    links=(
        Link(1, ("alder", "eth1"), ("birch", "eth1"), cost=10),
        Link(2, ("birch", "eth2"), ("cedar", "eth1"), cost=10),
        Link(3, ("alder", "eth2"), ("cedar", "eth2"), cost=10),
        Link(4, ("birch", "eth3"), ("dogwood", "eth1")),
    ),
)
"""A triangle with equal costs (so that cedar's neighbors are reached in two ways) and a neighbor of another AS."""
