"""Junos: its routing instances, its interfaces with their units, and their addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from nautobot_topology_cache.collect.commands import Command, Feed, Made, Parser, Port, Skip, VrfOf, Word
from nautobot_topology_cache.collect.interface_names import parent
from nautobot_topology_cache.collect.normalize import kbits
from nautobot_topology_cache.collect.parse.native import unclosed
from nautobot_topology_cache.collect.results import Row

ROUTING = ("vrf", "virtual-router", "forwarding", "non-forwarding", "no-forwarding", "")
"""Instances that have routing tables of their own; the others are switches and tunnels."""
DUPLEX = {
    "full-duplex": "full",
    "half-duplex": "half",
    "full": "full",
    "half": "half",
    "auto": "auto",
    "automatic": "auto",
}


def spell(printed: str) -> str:
    """Junos prints one spelling everywhere."""
    return printed.strip()


def members(row: Row) -> tuple[str, Sequence[str]]:
    """A routing instance and its interfaces; an instance that only switches puts none of them into a VRF."""
    return (row["vrf"], row["interfaces"]) if row["kind"].lower() in ROUTING else ("", ())


def instances(command: str, parser: Parser) -> Command:
    """The list of routing instances."""
    return Command(command, parser, lists_vrfs=members, blank_is_empty="configuration" in command, truncation=unclosed)


def kbit(speed: Any) -> int | None:
    """The speed; `Unlimited` and `Auto` are none."""
    return kbits(re.sub(r"[kmg]bps", lambda unit: unit[0].capitalize(), str(speed or "").lower()))


def octets(mtu: Any) -> str | None:
    """The MTU; `Unlimited` is none."""
    return str(mtu) if str(mtu or "").isdigit() else None


def bundle_of(unit: Any) -> str:
    """The bundle that a port is a member of; Junos names its unit."""
    return str(unit or "").partition(".")[0]


BETWEEN_BOARDS = Skip("inside the chassis", lambda row: re.match(r"(bme|jsrv)\d*\.", row["name"]) is not None)
"""The same few addresses in every switch: its boards talk by them, and nobody else can."""

PORTS = Feed(
    "interfaces",
    {
        "name": Port("name"),
        "printed_name": "name",
        "parent": Made(parent, ("name",)),
        "enabled": Word("admin", {"up": True, "enabled": True, "": None}, otherwise=False),
        "oper_status": Word("link", {"up": "up", "": ""}, otherwise="down"),
        "description": "description",
        "mac_address": "mac",
        "mtu": Made(octets, ("mtu",)),
        "speed": Made(kbit, ("speed",)),
        "duplex": Word("duplex", DUPLEX, otherwise=""),
        "mode": "mode",
        "vrf": VrfOf("name"),
        "lag": Made(bundle_of, ("bundle",)),
        "type": "type",
        "snmp_index": "snmp_index",
    },
)

ADDRESSES = Feed(
    "ip_addresses",
    {
        "interface": Port("name"),
        "address": "address",
        "prefix_length": "prefix_length",
        "vrf": VrfOf("name"),
        "role": "role",
    },
    each=("address", "prefix_length", "role"),
    skip=(BETWEEN_BOARDS,),
)


def interfaces(command: str, parser: Parser) -> Command:
    """Ports, units and their addresses; all forms have the same columns."""
    return Command(command, parser, feeds=(PORTS, ADDRESSES), truncation=unclosed)
