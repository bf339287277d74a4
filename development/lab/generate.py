"""A coherent network from a seed and a size: campuses and data centres in turn, joined by a tree of WAN links."""

from __future__ import annotations

import random

from development.lab import campus, datacenter
from development.lab.model import Address, Device, Network, Offer, Peer, Static
from development.lab.plan import Site

SMALLEST = 14
DEVICES_PER_SITE = 25
CODES = ("ost", "gnt")
PROVIDERS = ((64496, "203.0.113"), (64511, "198.51.100"))
INTERNET = ("192.0.2.0/24", "198.18.0.0/15", "100.64.0.0/10", "192.88.99.0/24", "203.0.113.128/25")


def generate(seed: int = 1, size: int = SMALLEST) -> Network:
    """`size` devices that answer, plus one that rejects the login and one that stays silent."""
    if size < SMALLEST:
        raise ValueError(f"size {size} is too small: the smallest network has {SMALLEST} devices")
    network = Network(seed=seed)
    sites = [_site(network, number, share) for number, share in enumerate(_shares(size), 1)]
    for number in range(1, len(sites)):
        _wide_area(sites[(number - 1) // 2], sites[number], redundant=number == 1)
    for site in sites[::2]:
        _providers(site)
    for site in sites:
        _originate(site)
    return network


def _shares(size: int) -> list[int]:
    """How many devices each site gets; a data centre's is odd, for its leaves come in pairs."""
    count = max(2, round(size / DEVICES_PER_SITE))
    shares = []
    left = size
    for index in range(count):
        share = left // (count - index)
        if index % 2 and share % 2 == 0:
            share -= 1
        shares.append(max(share, 7))
        left -= shares[-1]
    shares[0] += left
    return shares


def _site(network: Network, number: int, share: int) -> Site:
    code = CODES[number - 1] if number <= len(CODES) else f"s{number:03}"
    site = Site(network, code, number, random.Random(f"{network.seed}/{number}"))
    if number % 2:
        campus.build(site, share - 5, broken=number == 1)
    else:
        datacenter.build(site, (share - 3) // 2, broken=number == 2)
    return site


def _gate(site: Site) -> Device:
    return next(device for device in site.devices if device.role in ("border", "edge"))


def _next_port(device: Device) -> str:
    stem, first = ("TenGigabitEthernet0/0/", 4) if device.role == "border" else ("Ethernet1/", 3)
    if device.role == "core":
        stem, first = "TenGigabitEthernet1/0/", 20
    taken = {interface for interface in device.interfaces if interface.startswith(stem)}
    return next(f"{stem}{n}" for n in range(first, 48) if f"{stem}{n}" not in taken)


def _wide_area(near: Site, far: Site, *, redundant: bool) -> None:
    """One external BGP session between the gates; the first pair of sites has a second one, heard by LLDP alone."""
    _session(near, _gate(near), far, _gate(far), cdp=True)
    if redundant:
        core = next(device for device in near.devices if device.name.endswith("core-02"))
        _session(near, core, far, _gate(far), cdp=False)


def _session(site: Site, left: Device, far: Site, right: Device, *, cdp: bool) -> None:
    ends = (left, _next_port(left)), (right, _next_port(right))
    first, second = site.routed(*ends, area=None, ipv6=cdp, cdp=cdp, description=f"WAN {site.code}-{far.code}")
    for device, port in ends:
        device.change(port, speed=10_000_000)
    left.peers.append(Peer(address=second, asn=right.asn, device=right.name, next_hop=first))
    right.peers.append(Peer(address=first, asn=left.asn, device=left.name, next_hop=second))
    if cdp:
        six = [device.interfaces[port].v6() for device, port in ends]
        left.peers.append(Peer(address=six[1].ip, asn=right.asn, device=right.name, next_hop=six[0].ip))
        right.peers.append(Peer(address=six[0].ip, asn=left.asn, device=left.name, next_hop=six[1].ip))


def _providers(site: Site) -> None:
    """Two providers, several paths to the same prefixes, one of them with the shorter path each time."""
    border = _gate(site)
    for n, (asn, net) in enumerate(PROVIDERS):
        low = 4 * (site.number % 16)
        port = f"TenGigabitEthernet0/0/{2 + n}"
        address = Address(f"{net}.{low + 2}/30")
        site.port(border, port, addresses=(address,), description=f"AS{asn} transit", cdp=False, lldp=False)
        peer = f"{net}.{low + 1}"
        border.peers.append(Peer(address=peer, asn=asn, next_hop=address.ip))
        border.offers[peer] = [Offer("0.0.0.0/0", (asn,))] + [
            Offer(prefix, (asn, 64499, *([64498] * ((n + k) % 2)), 65000 + k), med=10 * k or None, origin="i?"[k % 2])
            for k, prefix in enumerate(INTERNET)
        ]
        border.redistributes.append((address.prefix, 20))
    border.peers.append(Peer(address=f"203.0.113.{4 * (site.number % 16) + 129}", asn=64500, up=False))
    border.static_arp.append((f"203.0.113.{4 * (site.number % 16) + 1}", "0A:00:5E:00:53:01"))


def _originate(site: Site) -> None:
    gate = _gate(site)
    for prefix in (f"10.{site.number}.0.0/16", f"2001:db8:{site.number:x}::/48"):
        gate.originates.append(prefix)
        gate.statics.append(Static(prefix=prefix, interface="Null0"))
    gate.redistributes.append(("0.0.0.0/0", 1))
    for device in site.devices:
        for peer in device.peers:
            if peer.vrf == "GUEST":
                offers = [Offer("198.51.100.0/24", (peer.asn, 64499)), Offer("192.0.2.0/24", (peer.asn,), med=5)]
                device.offers[peer.address] = offers
