"""Linux: what the kernel and lldpd are asked, by hosts and by routing suites on them alike."""

from __future__ import annotations

from typing import Any

from nautobot_topology_cache.collect.commands import (
    Command,
    Context,
    Feed,
    Made,
    Port,
    Skip,
    Verdict,
    VrfOf,
    Word,
    denied,
    not_enabled,
    unsupported,
)
from nautobot_topology_cache.collect.parse.native import unclosed
from nautobot_topology_cache.collect.platforms import linux_json
from nautobot_topology_cache.collect.platforms.announced import first_address, interface_of
from nautobot_topology_cache.collect.results import Row

VERDICTS: tuple[Verdict, ...] = (
    denied(r"^[\w./-]*sh: .*: Permission denied|^\S+: Permission denied|^Cannot .*: Operation not permitted"),
    denied(r"^.*unable to connect to socket .*: Permission denied"),
    not_enabled(r"^.*unable to connect to socket .*: (No such file or directory|Connection refused)"),
    unsupported(r"^[\w./-]*sh: .*(command not found|: not found|: No such file or directory)"),
    unsupported(
        r'^(Object|Option|Command) "[^"]*" is unknown|^\S+: (invalid|unrecognized) option|^BusyBox v|^Usage: ip\b'
    ),
)
"""The shell's words, iproute2's, BusyBox's and lldpcli's."""


def spell(printed: str) -> str:
    """The kernel's name; `eth0@if7` and `vlan10@eth0` name the interface below, too."""
    return printed.strip().partition("@")[0]


def oper_status(state: Any, flags: Any) -> str:
    """The text form of the state; loopbacks and tunnels report none of their own."""
    word = str(state or "").lower()
    return "up" if word == "up" or (word == "unknown" and "LOWER_UP" in str(flags)) else "down"


def protocol(said: Any, kind: Any, next_hop: Any) -> str:
    """The kernel adds a route for every address; `boot` is what `ip route add` leaves behind, often not printed."""
    if kind == "local":
        return "local"
    word = str(said or "boot").lower()
    if word == "kernel" and not next_hop:
        return "connected"
    return "static" if word == "boot" else word


def prefix(printed: Any, version: int) -> str:
    """`default` is the default route of the IP version that was asked about."""
    return ("::/0" if version == 6 else "0.0.0.0/0") if printed == "default" else str(printed)


def mac_type(state: Any) -> str:
    """What is permanent is a port's own address."""
    return {"static": "static", "permanent": "other"}.get(str(state or "").lower(), "dynamic")


def announced(row: Row) -> list[Row]:
    """CDP knows no chassis and no description of ports: lldpd repeats name and port there."""
    if row["protocol"] != "cdp":
        return [{**row, "platform": ""}]
    platform, _, version = row["description"].partition(" running on\n")
    return [{**row, "platform": platform, "description": version, "chassis_id": "", "port_description": ""}]


VRFS = Command(
    "ip -j -d link show",
    linux_json.vrfs,
    lists_vrfs=lambda row: (row["name"], row["interfaces"]),
    truncation=unclosed,
)

ADDRESSES = Command(
    "ip -j -d address show",
    linux_json.addresses,
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("name"),
                "printed_name": "name",
                "parent": "parent",
                "enabled": "up",
                "oper_status": "oper_status",
                "description": "description",
                "mac_address": "mac",
                "mtu": "mtu",
                "vrf": VrfOf("name"),
                "lag": "lag",
                "type": "type",
            },
        ),
        Feed(
            "ip_addresses",
            {
                "interface": Port("name"),
                "address": "address",
                "prefix_length": "length",
                "vrf": VrfOf("name"),
                "role": "role",
            },
            each=("address", "length", "role"),
            skip=(Skip("no address", lambda row: not row["address"]),),
        ),
    ),
    truncation=unclosed,
)

NEIGHBORS = Command(
    "ip -j neigh show",
    linux_json.neighbors,
    feeds=(
        Feed(
            "arp_entries",
            {
                "interface": Port("interface"),
                "ip_address": "address",
                "mac_address": "mac",
                "vrf": VrfOf("interface"),
                "entry_type": Word("state", {"permanent": "static"}, otherwise="dynamic"),
            },
            # The neighbors of a tunnel are IP addresses.
            skip=(Skip("incomplete", lambda row: str(row["mac"] or "").count(":") != 5),),
        ),
    ),
    blank_is_empty=True,
    truncation=unclosed,
)


def forwarding(program: str) -> Command:
    """The tables of all bridges."""
    return Command(
        f"{program} -j fdb show",
        linux_json.forwarding,
        feeds=(
            Feed(
                "mac_addresses",
                {
                    "vlan": "vlan",
                    "vlan_name": "bridge",
                    "mac_address": "mac",
                    "interface": Port("interface"),
                    "entry_type": Made(mac_type, ("state",)),
                },
                skip=(Skip("no entry of a bridge", lambda row: not row["bridge"]),),
            ),
        ),
        blank_is_empty=True,
        truncation=unclosed,
    )


def lldp(program: str) -> Command:
    """CDP and LLDP; of two protocols heard from one neighbor lldpd hides the weaker one, unless asked for it."""
    return Command(
        f"{program} -f json0 show neighbors details hidden",
        linux_json.lldp,
        feeds=(
            Feed(
                "neighbors",
                {
                    "protocol": "protocol",
                    "local_interface": Port("local_interface"),
                    "neighbor_name": "name",
                    "neighbor_interface": Made(interface_of, ("port_id", "port_description")),
                    "chassis_id": "chassis_id",
                    "port_id": "port_id",
                    "port_description": "port_description",
                    "neighbor_ip": Made(first_address, ("address",)),
                    "platform": "platform",
                    "capabilities": "capabilities",
                    "description": "description",
                    "native_vlan": "vlan",
                },
                skip=(Skip("EDP, FDP or SONMP", lambda row: row["protocol"] not in ("cdp", "lldp")),),
                reshape=announced,
                makes=("platform",),
            ),
        ),
        truncation=unclosed,
    )


FORWARDING = (forwarding("bridge"), forwarding("/sbin/bridge"))
LLDP = (lldp("lldpcli"), lldp("/usr/sbin/lldpcli"))
"""Debian's users do not find either program in their path."""


def routes(command: str, version: int) -> Command:
    """The routes of one IP version in one VRF."""
    return Command(
        command,
        linux_json.routes,
        feeds=(
            Feed(
                "routes",
                {
                    "vrf": Context(),
                    "prefix": Made(lambda printed: prefix(printed, version), ("prefix",)),
                    "protocol": Made(protocol, ("protocol", "type", "next_hop")),
                    "next_hop": "next_hop",
                    "interface": Made(lambda name: spell(name or ""), ("interface",)),
                    "active": Made(lambda dead: not dead, ("dead",)),
                    "route_type": Made(lambda kind: "" if kind in ("unicast", "local") else kind, ("type",)),
                    "metric": "metric",
                },
                skip=(
                    Skip("broadcast or multicast", lambda row: row["type"] in ("broadcast", "multicast", "anycast")),
                ),
            ),
        ),
        blank_is_empty=True,
        truncation=unclosed,
    )
