"""IOS and IOS-XE: interfaces and their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any

from nautobot_topology_cache.collect.commands import Command, Const, Feed, Made, Port, VrfOf, Word, headed, nothing
from nautobot_topology_cache.collect.interface_names import parent, spelling
from nautobot_topology_cache.collect.normalize import kbits
from nautobot_topology_cache.collect.parse.endings import closed
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.results import Row

OWN = "nautobot_topology_cache.collect.parse"

spell = spelling(
    {
        "as": "Async",
        "ce": "Cellular",
        "li": "LISP",
        "nv": "NVI",
        "pw": "pseudowire",
        "ser": "Serial",
        "vp": "Virtual-PPP",
        "vi": "Virtual-Access",
        "mgmt": "mgmt",
    }
)

DUPLEX = {"full": "full", "half": "half", "auto": "auto"}


def speed(interface: str, printed: str | None, bandwidth: str | None) -> Any:
    """The negotiated speed if a number is printed, else the bandwidth in kbit/s; a bundle prints its members' speed."""
    return (None if interface.startswith("Port-channel") else kbits(printed)) or bandwidth or None


def oper_status(link: str, protocol: str | None) -> str:
    """The line protocol's state; a pseudowire has only the link's."""
    return "up" if (protocol or link).startswith("up") else "down"


def mode(switchport: str | None, operational: str | None, administrative: str | None) -> str:
    """How the port works if it is up, else how it is configured."""
    if str(switchport or "").lower().startswith("disabled"):
        return "routed"
    running = re.sub(r"\s*\(.*", "", str(operational or "")).strip().lower()
    word = running if running and running != "down" else str(administrative or "").strip().lower()
    return "dynamic" if word.startswith("dynamic") else word.removeprefix("static ")


def vlan(switchport: str | None, printed: str | None) -> str | None:
    """A port's VLAN; a routed port has none, whatever is printed."""
    return None if str(switchport or "").lower().startswith("disabled") or not str(printed or "").isdigit() else printed


def addresses(row: Row) -> Iterator[Row]:
    """One row per IPv4 address; a mask may be printed as a length or in dots."""
    for kind, address, mask in zip(row["kind"], row["address"], row["mask"], strict=True):
        length = mask if mask.isdigit() else IPv4Network(f"0.0.0.0/{mask}").prefixlen
        yield {**row, "kind": kind, "address": address, "mask": length}


def ipv6_addresses(row: Row) -> Iterator[Row]:
    """One row per IPv6 address; no length is printed for link-local ones, and IOS-XR lists no virtual ones."""
    if row["link_local"]:
        yield {**row, "address": row["link_local"], "subnet": "", "kind": "link_local"}
    for address in row.get("virtual", ()):
        yield {**row, "address": address, "subnet": "", "kind": "virtual"}
    for address, subnet in zip(row["address"], row["subnet"], strict=True):
        yield {**row, "address": address, "subnet": subnet, "kind": "primary"}


def members(row: Row) -> Iterator[Row]:
    """One row per member of a bundle, which is printed with its flags: `Gi1/0/1(P)`."""
    for port in " ".join(filter(None, row["ports"])).split():
        yield {**row, "member": port.partition("(")[0]}


VRFS = Command(
    "show vrf",
    Template("cisco_ios_show_vrf", OWN),
    lists_vrfs=lambda row: (row["name"], [port for port in row["interfaces"] if port]),
    blank_is_empty=True,
    verdicts=(headed(r"^\s*Name\s+Default RD"), nothing(r"^%? ?No VRF")),
)
IP_VRFS = Command("show ip vrf", VRFS.parser, lists_vrfs=VRFS.lists_vrfs, blank_is_empty=True, verdicts=VRFS.verdicts)

INTERFACES = Command(
    "show interfaces",
    Template("cisco_ios_show_interfaces", OWN),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("interface"),
                "printed_name": "interface",
                "parent": Made(lambda name: parent(spell(name)), ("interface",)),
                "enabled": Made(lambda status: "administratively" not in status, ("link_status",)),
                "oper_status": Made(oper_status, ("link_status", "protocol_status")),
                "description": "description",
                "mac_address": "mac_address",
                "mtu": "mtu",
                "speed": Made(speed, ("interface", "speed", "bandwidth")),
                "duplex": Word("duplex", DUPLEX, otherwise=""),
                "vrf": VrfOf("interface"),
                "type": "hardware",
            },
        ),
    ),
    # Counters end a block; of a subinterface only what is above them is printed.
    unfinished=closed(r"^\S+ is .*line protocol", r"^\s+MTU ", r"\b(packets output|output errors|Last clearing of)\b"),
)

SWITCHPORTS = Command(
    "show interfaces switchport",
    Template("cisco_ios_show_interfaces_switchport"),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("interface"),
                "mode": Made(mode, ("switchport", "mode", "admin_mode")),
                "access_vlan": Made(vlan, ("switchport", "access_vlan")),
                "native_vlan": Made(vlan, ("switchport", "native_vlan")),
            },
            fills=True,
        ),
    ),
    blank_is_empty=True,
)

ETHERCHANNELS = Command(
    "show etherchannel summary",
    Template("cisco_ios_show_etherchannel_summary", OWN),
    feeds=(
        Feed(
            "interfaces",
            {"name": Port("member"), "lag": Port("bundle_name")},
            reshape=members,
            makes=("member",),
            fills=True,
        ),
    ),
    verdicts=(nothing(r"^Number of channel-groups in use:\s*0\b"), headed(r"^Group\s+Port-channel")),
)

IP_ADDRESSES = Command(
    "show ip interface",
    Template("cisco_ios_show_ip_interface", OWN),
    feeds=(
        Feed(
            "ip_addresses",
            {
                "interface": Port("interface"),
                "address": "address",
                "prefix_length": "mask",
                "ip_version": Const(4),
                "vrf": "vrf",
                "role": Word("kind", {"internet": "primary", "secondary": "secondary"}),
            },
            reshape=addresses,
        ),
    ),
    # The VRF stands some twenty lines below the address.
    truncation=closed(
        r"^\S.* is .*line protocol", r"^\s+Internet address is", r"^\s+(Policy routing|Router Discovery|BGP Policy)"
    ),
)

IPV6_FEED = Feed(
    "ip_addresses",
    {
        "interface": Port("interface"),
        "address": "address",
        "prefix_length": Made(lambda subnet: subnet.partition("/")[2], ("subnet",)),
        "ip_version": Const(6),
        "vrf": "vrf",
        "role": "kind",
    },
    reshape=ipv6_addresses,
    makes=("kind",),
)
IPV6_ADDRESSES = Command(
    "show ipv6 interface",
    Template("cisco_ios_show_ipv6_interface", OWN),
    feeds=(IPV6_FEED,),
    blank_is_empty=True,
    # The VRF stands below the link-local address.
    truncation=closed(r"^\S.* is .*line protocol", r"^\s+IPv6 is", r"^\s+MTU is"),
)
