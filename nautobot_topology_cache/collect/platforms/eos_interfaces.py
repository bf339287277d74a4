"""EOS: its VRFs, its interfaces and their addresses."""

from __future__ import annotations

import re
from typing import Any

from nautobot_topology_cache.collect.commands import (
    Command,
    Feed,
    Made,
    Parser,
    Port,
    VrfOf,
    Word,
)
from nautobot_topology_cache.collect.interface_names import parent, spelling
from nautobot_topology_cache.collect.normalize import kbits
from nautobot_topology_cache.collect.parse.native import unclosed
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import eos_json

OWN = "nautobot_topology_cache.collect.parse"

spell = spelling({"port-channel": "Port-Channel", "management": "Management", "vxlan": "Vxlan", "tunnel": "Tunnel"})

HARDWARE = {
    "ethernet": "Ethernet",
    "portchannel": "Port-Channel",
    "vlan": "Vlan",
    "vxlan": "Vxlan",
    "loopback": "Loopback",
}

DOWN = ("disabled", "admindown", "administratively")


def kbit(speed: Any, bandwidth: Any) -> int | None:
    """The negotiated speed or the bandwidth; EOS prints 0 for what has none of its own."""
    return kbits(speed) or (int(bandwidth) or None if bandwidth else None)


def length_of(address: Any) -> int:
    """The length behind an address."""
    return int(str(address).partition("/")[2])


def role_of(printed: str) -> str:
    """The role of an address, by the word of the JSON or the words before it in the text form."""
    words = printed.lower()
    return next((role for role in ("virtual", "secondary") if role in words), "primary")


def switchport_mode(switchport: str, mode: str) -> str:
    """The operational mode; a port that does not switch routes."""
    if not switchport:
        raise ValueError("whether it switches is missing: the answer may end inside this row")
    return mode.rsplit(maxsplit=1)[-1] if switchport == "Enabled" else "routed"


VRFS = Command("show vrf | json", eos_json.vrfs, lists_vrfs=lambda row: (row["vrf"], row["interfaces"]))

VRFS_TEXT = Command(
    "show vrf",
    Template("arista_eos_show_vrf", OWN),
    lists_vrfs=lambda row: (row["vrf"], re.findall(r"[^,\s]+", " ".join(row["interfaces"]))),
)


def interfaces(command: str, parser: Parser) -> Command:
    """Interfaces and their IPv4 addresses; both forms have the same columns."""
    table = Feed(
        "interfaces",
        {
            "name": Port("name"),
            "printed_name": "name",
            "parent": Made(parent, ("name",)),
            "enabled": Made(lambda link: str(link).lower() not in DOWN, ("link",)),
            "oper_status": Word("line_protocol", {"up": "up"}, otherwise="down"),
            "description": "description",
            "mac_address": "mac",
            "mtu": "mtu",
            "speed": Made(kbit, ("speed", "bandwidth")),
            "duplex": Word("duplex", {"full": "full", "half": "half", "auto": "auto"}, otherwise=""),
            "vrf": VrfOf("name"),
            "lag": Port("lag"),
            "type": Word("hardware", HARDWARE),
        },
    )
    addresses = Feed(
        "ip_addresses",
        {
            "interface": Port("name"),
            "address": "address",
            "prefix_length": Made(length_of, ("address",)),
            "vrf": VrfOf("name"),
            "role": Made(role_of, ("role",)),
        },
        each=("address", "role"),
    )
    return Command(command, parser, feeds=(table, addresses), truncation=unclosed)


SWITCHPORTS = Command(
    "show interfaces switchport | json",
    eos_json.switchports,
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("name"),
                "mode": "mode",
                "access_vlan": "access_vlan",
                "native_vlan": "native_vlan",
            },
            fills=True,
        ),
    ),
    truncation=unclosed,
)

IPV6_ADDRESSES = Command(
    "show ipv6 interface | json",
    eos_json.ipv6_addresses,
    feeds=(
        Feed(
            "ip_addresses",
            {
                "interface": Port("name"),
                "address": "address",
                "prefix_length": Made(length_of, ("address",)),
                "vrf": "vrf",
                "role": "role",
            },
        ),
    ),
    truncation=unclosed,
)

SWITCHPORTS_TEXT = Command(
    "show interfaces switchport",
    Template("arista_eos_show_interfaces_switchport", OWN),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("name"),
                "mode": Made(switchport_mode, ("switchport", "mode")),
                "access_vlan": "access_vlan",
                "native_vlan": "native_vlan",
            },
            fills=True,
        ),
    ),
    blank_is_empty=True,
)

IPV6_ADDRESSES_TEXT = Command(
    "show ipv6 interface",
    Template("arista_eos_show_ipv6_interface", OWN),
    feeds=(
        Feed(
            "ip_addresses",
            {
                "interface": Port("name"),
                "address": "address",
                "prefix_length": "prefix_length",
                "vrf": VrfOf("name"),
                "role": Word("role", {"link-local": "link_local", "virtual": "virtual"}, otherwise="primary"),
            },
        ),
    ),
    blank_is_empty=True,
)
