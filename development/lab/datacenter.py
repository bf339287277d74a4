"""A data centre: two EOS spines, leaf pairs (EOS with MLAG, NX-OS with vPC, in turn), an NX-OS edge; VXLAN on top."""

from __future__ import annotations

from development.lab.model import LOOPBACK, MGMT, SVI, VXLAN, Address, Device, Interface, Peer, Static
from development.lab.plan import ODD_DESCRIPTIONS, Site

STRETCHED, PEERING = 110, 4094
TENANT, TENANT_VNI = "TENANT-B", 50001


def build(site: Site, pairs: int, *, broken: bool) -> None:
    """Draw the data centre; `broken` adds a management switch that does not answer."""
    spines = [site.device("spine", n, "arista_eos", domain=site.domain) for n in (1, 2)]
    leaves = [
        [
            site.device("leaf", 2 * p + n, platform, domain=site.domain if platform == "arista_eos" else "")
            for n in (1, 2)
        ]
        for p, platform in ((p, ("arista_eos", "cisco_nxos")[p % 2]) for p in range(pairs))
    ]
    edge = site.device("edge", 1, "cisco_nxos")
    flat = [device for pair in leaves for device in pair]
    for device in (*spines, *flat, edge):
        device.asn = 64600 + site.number
        site.loopback(device, "0")
    for ordinal, device in enumerate([*flat, edge], 1):
        _uplinks(site, spines, device, ordinal)
    for ordinal, pair in enumerate(leaves, 1):
        _pair(site, pair, ordinal)
    _mesh([*flat, edge])
    oob = site.device("management", 1, "cisco_ios", answers="silent") if broken else None
    for ordinal, device in enumerate([*spines, *flat, edge], 1):
        _management(site, device, oob, ordinal)
    for n, device in enumerate([*spines, *flat, edge]):
        _spares(site, device, ODD_DESCRIPTIONS[n % len(ODD_DESCRIPTIONS)])


def _uplinks(site: Site, spines: list[Device], device: Device, ordinal: int) -> None:
    for n, spine in enumerate(spines):
        if device.role == "edge":
            port = f"Ethernet1/{49 + n}"
        else:
            port = f"Ethernet{49 + n}/1" if device.platform == "arista_eos" else f"Ethernet1/{49 + n}"
        site.routed((spine, f"Ethernet{ordinal}/1"), (device, port), area="0", ipv6=ordinal <= 2, mtu=9214)


def _pair(site: Site, pair: list[Device], ordinal: int) -> None:
    eos = pair[0].platform == "arista_eos"
    own = 200 + ordinal
    vlans = {1: "default", STRETCHED: "WEB", own: f"DB-{ordinal}"}
    if eos:
        vlans[PEERING] = "MLAG"
    trunk = {"mode": "trunk", "allowed": tuple(v for v in vlans if v != 1), "mtu": 9214}
    lag, ports = (
        ("Port-Channel1000", ["Ethernet47", "Ethernet48"])
        if eos
        else ("port-channel100", ["Ethernet1/47", "Ethernet1/48"])
    )
    site.bundle((pair[0], lag, ports), (pair[1], lag, ports), description="peer link", **trunk)
    for n, leaf in enumerate(pair):
        leaf.multilayer_peer = pair[1 - n].name
        leaf.vlans = dict(vlans)
        leaf.vrfs[TENANT] = f"{leaf.router_id}:1"
        leaf.vnis = {STRETCHED: 10000 + STRETCHED, own: 10000 + own}
        leaf.l3_vni = {TENANT: TENANT_VNI}
        leaf.vtep = f"10.{site.number}.250.{ordinal}"
        _tunnel(site, leaf, n)
        for vlan in (STRETCHED, own):
            _gateway(site, leaf, vlan)
        if eos:
            address = Address(f"10.{site.number}.251.{2 * ordinal + n}/31")
            leaf.add(Interface(name=f"Vlan{PEERING}", kind=SVI, mac=leaf.mac, duplex="", addresses=(address,)))
    _servers(site, pair, ordinal, own)


def _tunnel(site: Site, leaf: Device, n: int) -> None:
    shared = Address(f"{leaf.vtep}/32")
    name, mtu = ("Loopback1", 65535) if leaf.platform == "arista_eos" else ("loopback1", 1500)
    addresses = (shared,)
    if leaf.platform == "cisco_nxos":
        addresses = (Address(f"10.{site.number}.249.{leaf.index}/32"), Address(shared.text, "secondary"))
    common = {
        "kind": LOOPBACK,
        "duplex": "",
        "speed": 8_000_000,
        "ospf_area": "0",
        "ospf_passive": True,
        "ospf_cost": 1,
    }
    leaf.add(Interface(name=name, mtu=mtu, addresses=addresses, description="VTEP", **common))
    if leaf.platform == "arista_eos":
        leaf.add(Interface(name="Vxlan1", kind=VXLAN, mtu=0, speed=0, duplex=""))
    else:
        leaf.add(Interface(name="nve1", kind=VXLAN, mtu=9216, duplex="full"))


def _gateway(site: Site, leaf: Device, vlan: int) -> None:
    """The anycast gateway: a virtual address on EOS, the same plain address everywhere on NX-OS."""
    eos = leaf.platform == "arista_eos"
    address = Address(f"10.{site.number}.{vlan}.1/24", "virtual" if eos else "primary")
    leaf.add(
        Interface(
            name=f"Vlan{vlan}",
            kind=SVI,
            mac="00:1C:73:00:00:99" if eos else leaf.mac,
            duplex="",
            mtu=9164 if eos else 9216,
            vrf=TENANT,
            addresses=(address,),
            description=leaf.vlans[vlan],
        )
    )


def _servers(site: Site, pair: list[Device], ordinal: int, own: int) -> None:
    """Server 1 is dual-homed and speaks LLDP, 2 and 3 hang on one leaf each, 4 never answers ARP."""
    eos = pair[0].platform == "arista_eos"
    stem = "Ethernet" if eos else "Ethernet1/"
    bundle = "Port-Channel10" if eos else "port-channel10"
    for leaf in pair:
        site.port(leaf, f"{stem}1", description=f"{site.code}-srv-{ordinal}1")
        more = {"mode": "trunk", "allowed": (STRETCHED, own), "description": f"{site.code}-srv-{ordinal}1", "mtu": 9214}
        site.lag(leaf, bundle, [f"{stem}1"], **more)
    homes = [
        (1, tuple((leaf.name, bundle) for leaf in pair), STRETCHED),
        (2, ((pair[0].name, f"{stem}2"),), own),
        (3, ((pair[1].name, f"{stem}3"),), STRETCHED),
        (4, ((pair[0].name, f"{stem}4"),), STRETCHED),
    ]
    for number, ports, vlan in homes:
        if number > 1:
            leaf = site.network.devices[ports[0][0]]
            site.port(
                leaf, ports[0][1], mode="access", access_vlan=vlan, description=f"srv {ordinal}{number}", mtu=9214
            )
        mac = site.station_mac()
        site.station(
            name=f"{site.code}-srv-{ordinal}{number}",
            kind="server",
            mac=mac,
            vlan=vlan,
            ports=ports,
            addresses=(f"10.{site.number}.{vlan}.{10 * ordinal + number}",),
            vrf=TENANT,
            announces=("lldp",) if number in (1, 2) else (),
            port_id=mac if number == 1 else "ens3f0",
            interface=None,
            incomplete=number == 4,
        )


def _mesh(speakers: list[Device]) -> None:
    for device in speakers:
        for other in speakers:
            if other is not device:
                peer = Peer(address=other.router_id, asn=other.asn, device=other.name, next_hop=device.router_id)
                device.peers.append(peer)


def _management(site: Site, device: Device, oob: Device | None, ordinal: int) -> None:
    eos = device.platform == "arista_eos"
    vrf, name = ("MGMT", "Management1") if eos else ("management", "mgmt0")
    device.vrfs[vrf] = ""
    site.port(
        device,
        name,
        kind=MGMT,
        vrf=vrf,
        addresses=(Address(f"192.168.{site.number}.{device.index}/24"),),
        description="oob",
    )
    device.statics.append(Static(prefix="0.0.0.0/0", next_hop=f"192.168.{site.number}.254", vrf=vrf))
    if oob:
        site.cable((oob, f"GigabitEthernet1/0/{ordinal}"), (device, name))


def _spares(site: Site, device: Device, odd: str) -> None:
    eos = device.platform == "arista_eos"
    stem = "Ethernet" if eos else "Ethernet1/"
    mode = "" if device.role in ("spine", "edge") else "access"
    for number, more in ((40, {"description": odd}), (41, {"enabled": False})):
        name = f"{stem}{number}/1" if eos and device.role == "spine" else f"{stem}{number}"
        site.port(device, name, up=False, mode=mode, duplex="full" if eos else "auto", **more)
