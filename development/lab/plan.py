"""The drawing board of the generator: one site's addresses, MACs, devices and cables."""

from __future__ import annotations

import random

import attrs

from development.lab.model import LAG, LOOPBACK, Address, Device, Interface, Link, Network, Station

MODELS = {
    ("cisco_xe", "border"): ("C8500-12X4QC", "17.09.04a"),
    ("cisco_xe", "core"): ("C9500-24Y4C", "17.09.04a"),
    ("cisco_xe", "distribution"): ("C9500-40X", "17.06.05"),
    ("cisco_ios", "access"): ("WS-C2960X-24PS-L", "15.2(7)E8"),
    ("cisco_ios", "management"): ("WS-C2960X-48TS-L", "15.2(7)E8"),
    ("cisco_nxos", "leaf"): ("N9K-C93180YC-FX", "9.3(12)"),
    ("cisco_nxos", "edge"): ("N9K-C9364C", "10.2(5)"),
    ("arista_eos", "spine"): ("DCS-7050SX3-48YC8", "4.29.3M"),
    ("arista_eos", "leaf"): ("DCS-7280SR3-48YC8", "4.29.3M"),
}
"""(platform, role) -> (model, software version)"""

ODD_DESCRIPTIONS = (
    'to "rack 7" <U32>, spare & labelled',
    "Vlan9 is up, line protocol is up",
    "*** do not touch *** 50% | ticket #4711; ask J. O'Hara",
    "Küche/Büro — 2. Stock",
    "--More-- to come?",
    "Name: x, Address 10.0.0.1",
)


@attrs.define
class Site:
    """One site while it is drawn. `number` is the second octet of its addresses."""

    network: Network
    code: str
    number: int
    random: random.Random
    devices: list[Device] = attrs.field(factory=list)
    _transfer: int = 0
    _macs: int = 0

    @property
    def domain(self) -> str:
        """The DNS domain of the site's devices."""
        return f"{self.code}.example.net"

    def device(self, role: str, ordinal: int, platform: str, **more: object) -> Device:
        """A device with its loopback, named after its site and role."""
        short = {"distribution": "dist", "access": "acc", "management": "oob"}.get(role, role)
        index = len(self.devices) + 1
        model, version = MODELS[platform, role]
        device = Device(
            name=f"{self.code}-{short}-{ordinal:02}",
            platform=platform,
            site=self.code,
            role=role,
            model=model,
            version=version,
            serial="".join(self.random.choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=11)),
            mac=f"02:{self.number:02X}:{index:02X}:00:00:01",
            index=index,
            **more,
        )
        self.devices.append(device)
        self.network.devices[device.name] = device
        return device

    def loopback(self, device: Device, area: str) -> None:
        """Loopback0, which is also the router id."""
        device.router_id = f"10.{self.number}.255.{device.index}"
        name = "loopback0" if device.platform == "cisco_nxos" else "Loopback0"
        mtu = {"arista_eos": 65535, "cisco_nxos": 1500}.get(device.platform, 1514)
        device.add(
            Interface(
                name=name,
                kind=LOOPBACK,
                mtu=mtu,
                speed=8_000_000,
                duplex="",
                addresses=(Address(f"{device.router_id}/32"),),
                ospf_area=area,
                ospf_passive=True,
                ospf_cost=1,
            )
        )

    def port_mac(self, device: Device, ordinal: int) -> str:
        """The burned-in address of the device's nth port."""
        return f"02:{self.number:02X}:{device.index:02X}:00:{ordinal // 256:02X}:{ordinal % 256 + 2:02X}"

    def station_mac(self) -> str:
        """A fresh address for a host."""
        self._macs += 1
        return (
            f"06:{self.number:02X}:5E:{self.random.randrange(256):02X}:{self._macs // 256:02X}:{self._macs % 256:02X}"
        )

    def port(self, device: Device, name: str, **more: object) -> Interface:
        """A physical port."""
        more.setdefault("speed", port_speed(name, device.platform))
        return device.add(Interface(name=name, mac=self.port_mac(device, len(device.interfaces)), **more))

    def cable(self, a: tuple[Device, str], b: tuple[Device, str], **more: object) -> Link:
        """A cable between two ports, which are made if they are not there yet."""
        for device, name in (a, b):
            if name not in device.interfaces:
                self.port(device, name)
            device.change(name, **more)
        link = Link(a=(a[0].name, a[1]), b=(b[0].name, b[1]))
        self.network.links.append(link)
        for (device, name), far in ((a, b), (b, a)):
            if not device.interfaces[name].description:
                device.change(name, description=f"{far[0].name} {far[1]}")
        return link

    def transfer(self) -> tuple[str, str, str]:
        """The next /31 of the site, and the number that makes its IPv6 prefix."""
        low = self._transfer
        self._transfer += 2
        base = f"10.{self.number}.{252 + low // 256}"
        return f"{base}.{low % 256}/31", f"{base}.{low % 256 + 1}/31", f"2001:db8:{self.number:x}:{low + 0x1000:x}"

    def routed(
        self,
        a: tuple[Device, str],
        b: tuple[Device, str],
        *,
        area: str | None,
        cost: int = 10,
        ipv6: bool = False,
        **more: object,
    ) -> tuple[str, str]:
        """A routed point-to-point link over ports or LAGs that may exist already; answers both IPv4 addresses."""
        first, second, six = self.transfer()
        if LAG not in (kind_of(a), kind_of(b)):
            self.cable(a, b, **more)
        for (device, name), text, host in ((a, first, 1), (b, second, 2)):
            addresses = [Address(text)]
            if ipv6:
                addresses += [Address(f"{six}::{host:x}/64"), Address(f"{link_local(device, name)}/64", "link_local")]
            device.change(name, addresses=tuple(addresses), mode="", ospf_area=area, ospf_cost=cost)
        return first.split("/")[0], second.split("/")[0]

    def bundle(self, a: tuple[Device, str, list[str]], b: tuple[Device, str, list[str]], **more: object) -> None:
        """A LAG of parallel cables between two devices."""
        for device, lag, ports in (a, b):
            self.lag(device, lag, ports, **more)
        for left, right in zip(a[2], b[2], strict=True):
            self.cable((a[0], left), (b[0], right))

    def lag(self, device: Device, lag: str, ports: list[str], **more: object) -> None:
        """One side of a LAG: its members carry the same VLANs."""
        for name in ports:
            if name not in device.interfaces:
                self.port(device, name)
            device.change(name, lag=lag, mtu=more.get("mtu", 1500))
        speed = sum(device.interfaces[name].speed for name in ports)
        mac = device.interfaces[ports[0]].mac
        device.add(Interface(name=lag, kind=LAG, mac=mac, speed=speed, **more))

    def station(self, **values: object) -> Station:
        """A station, known to the network but not to Nautobot."""
        station = Station(**values)
        self.network.stations.append(station)
        return station


def kind_of(end: tuple[Device, str]) -> str:
    """The kind of an interface that may not exist yet."""
    found = end[0].interfaces.get(end[1])
    return found.kind if found else ""


def port_speed(name: str, platform: str) -> int:
    """What a port of that name runs at, kbit/s."""
    for beginning, speed in (("Gi", 1), ("Te", 10), ("Twe", 25), ("mgmt", 1), ("Management", 1)):
        if name.startswith(beginning):
            return speed * 1_000_000
    uplink = name.rpartition("/")[0] != "" if platform == "arista_eos" else int(name.rpartition("/")[2]) >= 49
    return 100_000_000 if uplink else 25_000_000


def link_local(device: Device, name: str) -> str:
    """The link-local address an interface derives from its MAC."""
    octets = [int(part, 16) for part in (device.interfaces[name].mac or device.mac).split(":")]
    octets[0] ^= 2
    words = [octets[0] << 8 | octets[1], octets[2] << 8 | 0xFF, 0xFE00 | octets[3], octets[4] << 8 | octets[5]]
    return "fe80::" + ":".join(f"{word:x}" for word in words)
