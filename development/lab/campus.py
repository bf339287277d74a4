"""A campus: border router, core pair, distribution pair and access switches. IOS-XE above, IOS below."""

from __future__ import annotations

from development.lab.model import MGMT, SVI, Address, Device, Interface, Peer, Static
from development.lab.plan import ODD_DESCRIPTIONS, Site

USERS, VOICE, MANAGEMENT, GUESTS, GUEST_TRANSIT = 10, 20, 99, 120, 121
VLANS = {1: "default", USERS: "USERS", VOICE: "VOICE", MANAGEMENT: "MGMT", GUESTS: "GUEST", GUEST_TRANSIT: "GUEST-FW"}
TRUNK = {"mode": "trunk", "native_vlan": MANAGEMENT, "allowed": (USERS, VOICE, MANAGEMENT, GUESTS, GUEST_TRANSIT)}
FIREWALL_AS = 64700


def build(site: Site, access: int, *, broken: bool) -> None:
    """Draw the campus with `access` switches; `broken` adds one that rejects the login."""
    border = site.device("border", 1, "cisco_xe", domain=site.domain)
    cores = [site.device("core", n, "cisco_xe", domain=site.domain) for n in (1, 2)]
    dists = [site.device("distribution", n, "cisco_xe", domain=site.domain) for n in (1, 2)]
    for device in (border, *cores, *dists):
        device.asn = 64600 + site.number
        site.loopback(device, "1" if device.role == "distribution" else "0")
        _out_of_band(site, device)
    _backbone(site, border, cores, dists)
    for dist in dists:
        _gateways(site, dist)
    site.bundle(
        (dists[0], "Port-channel2", ["TenGigabitEthernet1/0/5", "TenGigabitEthernet1/0/6"]),
        (dists[1], "Port-channel2", ["TenGigabitEthernet1/0/5", "TenGigabitEthernet1/0/6"]),
        description="between the distribution pair",
        **TRUNK,
    )
    for ordinal in range(1, access + 1):
        _access(site, dists, ordinal)
    if broken:
        _access(site, dists, access + 1).answers = "auth"
    _internal_bgp(border, *cores)
    _firewall(site, dists[0])
    _spares(site, [border, *cores, *dists])


def _out_of_band(site: Site, device: Device) -> None:
    device.vrfs["Mgmt-vrf"] = ""
    site.port(
        device,
        "GigabitEthernet0/0",
        kind=MGMT,
        vrf="Mgmt-vrf",
        addresses=(Address(f"192.168.{site.number}.{device.index}/24"),),
        description="out of band",
        cdp=False,
        lldp=False,
    )
    device.statics.append(Static(prefix="0.0.0.0/0", next_hop=f"192.168.{site.number}.254", vrf="Mgmt-vrf"))


def _backbone(site: Site, border: Device, cores: list[Device], dists: list[Device]) -> None:
    for n, core in enumerate(cores):
        site.routed((border, f"TenGigabitEthernet0/0/{n}"), (core, "TenGigabitEthernet1/0/24"), area="0", ipv6=True)
    site.bundle(
        (cores[0], "Port-channel1", ["TenGigabitEthernet1/0/1", "TenGigabitEthernet1/0/2"]),
        (cores[1], "Port-channel1", ["TenGigabitEthernet1/0/1", "TenGigabitEthernet1/0/2"]),
        description="core pair",
    )
    site.routed((cores[0], "Port-channel1"), (cores[1], "Port-channel1"), area="0", cost=5, ipv6=True)
    for c, core in enumerate(cores):
        for d, dist in enumerate(dists):
            ends = (core, f"TenGigabitEthernet1/0/{10 + d}"), (dist, f"TenGigabitEthernet1/0/{1 + c}")
            site.routed(*ends, area="1", ipv6=c == d)
    # Two cables without a bundle: equal-cost routes over parallel links.
    site.routed((cores[0], "TenGigabitEthernet1/0/12"), (dists[0], "TenGigabitEthernet1/0/3"), area="1")


def _gateways(site: Site, dist: Device) -> None:
    host = 1 if dist.name.endswith("01") else 2
    dist.vlans = dict(VLANS)
    dist.vrfs["GUEST"] = f"{64600 + site.number}:{GUESTS}"
    net = f"10.{site.number}"
    plan = {
        USERS: ("", [f"{net}.10.{host}/24"]),
        VOICE: ("", [f"{net}.20.{host}/24"]),
        MANAGEMENT: ("", [f"{net}.99.{host}/24"]),
        GUESTS: ("GUEST", [f"{net}.20.{host}/24"]),
        GUEST_TRANSIT: ("GUEST", [f"172.16.{site.number}.{host}/29"]),
    }
    for vlan, (vrf, texts) in plan.items():
        addresses = [Address(text) for text in texts]
        if vlan == USERS:
            addresses += [
                Address(f"{net}.11.{host}/24", "secondary"),
                Address(f"2001:db8:{site.number:x}:10::{host:x}/64"),
                Address(f"fe80::{host:x}/64", "link_local"),
            ]
        dist.add(
            Interface(
                name=f"Vlan{vlan}",
                kind=SVI,
                mac=dist.mac,
                duplex="",
                vrf=vrf,
                addresses=tuple(addresses),
                description=VLANS[vlan].lower(),
                ospf_area=None if vrf else "1",
                ospf_passive=True,
            )
        )
    dist.statics += [
        Static(prefix="0.0.0.0/0", next_hop=f"172.16.{site.number}.6", vrf="GUEST"),
        Static(prefix=f"10.{site.number}.64.0/18", interface="Null0", distance=254),
        Static(prefix="10.250.0.0/16", next_hop=f"{net}.99.7", tag=77),
    ]


def _access(site: Site, dists: list[Device], ordinal: int) -> Device:
    device = site.device("access", ordinal, "cisco_ios", domain=site.domain if ordinal % 2 else "", lldp=ordinal != 2)
    device.vlans = dict(VLANS)
    device.user_mode = ordinal == 1
    device.routing = ordinal != 2
    dist = dists[(ordinal + 1) % 2]
    group = 10 + ordinal
    if ordinal == 1:
        down = ["TenGigabitEthernet1/0/11", "TenGigabitEthernet1/0/12"]
        up = ["TenGigabitEthernet1/1/1", "TenGigabitEthernet1/1/2"]
        site.bundle((dist, f"Port-channel{group}", down), (device, "Port-channel1", up), **TRUNK)
    else:
        site.cable((dist, f"TenGigabitEthernet1/0/{group}"), (device, "TenGigabitEthernet1/1/1"), **TRUNK)
    address = Address(f"10.{site.number}.{MANAGEMENT}.{9 + ordinal}/24")
    device.add(Interface(name="Vlan99", kind=SVI, mac=device.mac, duplex="", addresses=(address,), description="mgmt"))
    device.add(Interface(name="Vlan1", kind=SVI, mac=device.mac, duplex="", enabled=False, up=False))
    if device.routing:
        device.statics.append(Static(prefix="0.0.0.0/0", next_hop=f"10.{site.number}.99.1"))
    for number in range(1, 13):
        _edge_port(site, device, ordinal, number)
    return device


def _edge_port(site: Site, device: Device, ordinal: int, number: int) -> None:
    """Ports 1-6 have somebody behind them, the others nobody."""
    name = f"GigabitEthernet1/0/{number}"
    vlan = GUESTS if number in (5, 6) else USERS
    used = number <= 6
    odd = ODD_DESCRIPTIONS[(ordinal + number) % len(ODD_DESCRIPTIONS)] if number in (2, 9) else ""
    site.port(
        device,
        name,
        mode="access",
        access_vlan=vlan,
        up=used,
        enabled=number != 12,
        duplex="full" if used else "auto",
        description=odd,
    )
    if used:
        _occupant(site, device, ordinal, number, vlan)


def _occupant(site: Site, device: Device, ordinal: int, number: int, vlan: int) -> None:
    port = (device.name, f"GigabitEthernet1/0/{number}")
    mac = site.station_mac()
    host = 20 + (ordinal * 6 + number) % 200
    common = {"mac": mac, "vlan": vlan, "ports": (port,), "vrf": "GUEST" if vlan == GUESTS else ""}
    third = 20 if vlan == GUESTS else 10
    addresses = [f"10.{site.number}.{third}.{host}"]
    if number == 1:
        phone = "SEP" + mac.replace(":", "")
        common |= {"announces": ("cdp", "lldp"), "platform": "Cisco IP Phone 8845", "capabilities": "Host Phone"}
        common |= {"vlan": VOICE, "port_id": "Port 1", "interface": None}
        site.station(name=phone, kind="phone", addresses=(f"10.{site.number}.20.{host}",), **common)
    elif number == 3:
        common |= {"announces": ("cdp", "lldp"), "platform": "cisco C9120AXI-E", "capabilities": "Trans-Bridge"}
        common |= {"port_id": "GigabitEthernet0", "interface": "GigabitEthernet0"}
        site.station(name=f"{site.code}-ap-{ordinal:02}", kind="access point", addresses=tuple(addresses), **common)
    else:
        if number == 2:
            addresses += [f"2001:db8:{site.number:x}:10::{host:x}", f"fe80::{host:x}:1"]
        common["incomplete"] = number == 4
        site.station(name=f"{site.code}-pc-{ordinal:02}{number}", kind="host", addresses=tuple(addresses), **common)


def _internal_bgp(*speakers: Device) -> None:
    for device in speakers:
        for other in speakers:
            if other is not device:
                peer = Peer(address=other.router_id, asn=other.asn, device=other.name, next_hop=device.router_id)
                device.peers.append(peer)


def _firewall(site: Site, dist: Device) -> None:
    """The guests' firewall: a BGP peer inside the VRF, plugged into the first distribution switch."""
    address = f"172.16.{site.number}.6"
    site.port(dist, "TenGigabitEthernet1/0/40", mode="access", access_vlan=GUEST_TRANSIT, description="guest firewall")
    port = (dist.name, "TenGigabitEthernet1/0/40")
    site.station(
        name=f"{site.code}-fw-01",
        kind="firewall",
        mac=site.station_mac(),
        vlan=GUEST_TRANSIT,
        ports=(port,),
        addresses=(address,),
        vrf="GUEST",
    )
    dist.peers.append(Peer(address=address, asn=FIREWALL_AS, vrf="GUEST", next_hop=f"172.16.{site.number}.1"))


def _spares(site: Site, devices: list[Device]) -> None:
    for n, device in enumerate(devices):
        stem = "TenGigabitEthernet0/0/" if device.role == "border" else "TenGigabitEthernet1/0/"
        odd = ODD_DESCRIPTIONS[n % len(ODD_DESCRIPTIONS)]
        site.port(device, f"{stem}30", up=False, duplex="auto", description=odd)
        site.port(device, f"{stem}31", up=False, enabled=False, duplex="auto")
