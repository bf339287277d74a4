"""What is parsed: twenty typical answers of six platforms, and tables of any size as Cisco IOS prints them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote

import attrs

from development import ROOT

SAMPLES = ROOT / "tests" / "samples"
TYPICAL = (
    ("arista_eos", "show ip arp vrf all", "behind_vlans"),
    ("arista_eos", "show ip bgp summary vrf all", "states"),
    ("arista_eos", "show ip route", "one_vrf"),
    ("cisco_ios", "show cdp neighbors detail", "mixed"),
    ("cisco_ios", "show interfaces switchport", "modes"),
    ("cisco_ios", "show ip arp", "own_and_incomplete"),
    ("cisco_ios", "show ip bgp", "old_layout"),
    ("cisco_ios", "show ipv6 route", "everything"),
    ("cisco_ios", "show lldp neighbors detail", "mixed"),
    ("cisco_nxos", "show cdp neighbors detail", "two"),
    ("cisco_nxos", "show interface", "kinds"),
    ("cisco_nxos", "show interface switchport", "modes"),
    ("cisco_nxos", "show ip route vrf all", "sources"),
    ("cisco_nxos", "show lldp neighbors detail", "two"),
    ("cisco_nxos", "show mac address-table", "kinds"),
    ("cisco_xe", "show interfaces", "switch"),
    ("cisco_xr", "show interfaces", "kinds"),
    ("cisco_xr", "show route ipv4", "every_kind"),
    ("juniper_junos", "show arp no-resolve", "three"),
    ("juniper_junos", "show lldp neighbors", "three"),
)
"""Driver, command and sample: answers in which both sides find the same number of rows."""


@attrs.frozen
class Answer:
    """What one device of this driver printed when it was asked this."""

    driver: str
    command: str
    text: str = attrs.field(repr=False)


def typical() -> list[Answer]:
    """The twenty."""
    return [
        Answer(driver, command, (SAMPLES / driver / quote(command, safe=" {}") / f"{name}.txt").read_text("utf-8"))
        for driver, command, name in TYPICAL
    ]


@attrs.frozen
class Churn:
    """Which objects are told differently than before: every `step`-th; 0 is none."""

    step: int = 0

    def __call__(self, number: int) -> bool:
        return bool(self.step) and number % self.step == 0


SAME = Churn()


def _address(number: int) -> str:
    return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))


def routes(count: int, churn: Churn = SAME) -> Answer:
    """OSPF routes to as many /30 of 10.0.0.0/8; the metric churns."""
    lines = [
        f"O        {_address((10 << 24) + 4 * n)}/30 [110/{20 + n % 7 + 100 * churn(n)}] "
        f"via 192.0.2.{1 + n % 4}, 3w2d, TenGigabitEthernet1/1/{1 + n % 4}"
        for n in range(count)
    ]
    head = (
        "Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP",
        "       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area",
        "",
        "Gateway of last resort is not set",
        "",
        f"      10.0.0.0/8 is variably subnetted, {count} subnets, 1 masks",
    )
    return Answer("cisco_ios", "show ip route", _text(head, lines))


def _mac(number: int) -> str:
    digits = f"{0x0C11_0000_0000 + number:012x}"
    return ".".join(digits[start : start + 4] for start in (0, 4, 8))


def macs(count: int, churn: Churn = SAME) -> Answer:
    """MAC addresses in 40 VLANs; the type churns."""
    lines = [
        f"{10 + n % 40:>4}    {_mac(n)}    {'STATIC ' if churn(n) else 'DYNAMIC'}     Gi1/0/{1 + n % 48}"
        for n in range(count)
    ]
    head = (
        "          Mac Address Table",
        "-------------------------------------------",
        "",
        "Vlan    Mac Address       Type        Ports",
        "----    -----------       --------    -----",
    )
    footer = (f"Total Mac Addresses for this criterion: {count}",)
    return Answer("cisco_ios", "show mac address-table", _text(head, lines, footer))


def arp(count: int, churn: Churn = SAME) -> Answer:
    """ARP entries on 40 VLAN interfaces; the MAC address churns."""
    lines = [
        f"Internet  {_address((10 << 24) + n):<15} {n % 240:>8}   {_mac(n + 0x100000 * churn(n))}  "
        f"ARPA   Vlan{10 + n % 40}"
        for n in range(count)
    ]
    head = ("Protocol  Address          Age (min)  Hardware Addr   Type   Interface",)
    return Answer("cisco_ios", "show ip arp", _text(head, lines))


def bgp_paths(count: int, churn: Churn = SAME) -> Answer:
    """BGP paths, three to a network; the first is the best one. The origin churns."""
    head = (
        "BGP table version is 12, local router ID is 10.20.255.1",
        "Status codes: s suppressed, d damped, h history, * valid, > best, i - internal,",
        "              r RIB-failure, S Stale",
        "Origin codes: i - IGP, e - EGP, ? - incomplete",
        "",
        "   Network          Next Hop            Metric LocPrf Weight Path",
    )
    return Answer("cisco_ios", "show ip bgp", _text(head, _paths(count, churn)))


def _paths(count: int, churn: Churn) -> Iterator[str]:
    for n in range(count):
        network, path = divmod(n, 3)
        shown = f"{_address((20 << 24) + 256 * network)}/24" if not path else ""
        origin = "?" if churn(n) else "i"
        yield (
            f"*{' ' if path else '>'} {shown:<17}192.0.2.{1 + path:<8}{0:>10}       "
            f"{0:>7} 650{path}1 {64512 + network % 900} {64000 + network % 97} {origin}"
        )


def _text(*parts: Iterable[str]) -> str:
    return "\n".join([line for part in parts for line in part]) + "\n"


@attrs.frozen
class Kind:
    """A table that is measured at any size; `full` is the number of rows of `--full`."""

    name: str
    answer: Callable[..., Answer]
    full: int


ROUTES = Kind("routes", routes, 100_000)
MACS = Kind("MACs", macs, 50_000)
ARP = Kind("ARP", arp, 10_000)
BGP = Kind("BGP paths", bgp_paths, 900_000)
KINDS = (ROUTES, MACS, ARP, BGP)
