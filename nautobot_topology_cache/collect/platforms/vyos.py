"""VyOS: FRR and iproute2 below, asked directly where the user may; the operational commands for what is left."""

from __future__ import annotations

import re

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Platform,
    Port,
    Skip,
    entry,
    unsupported,
)
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import frr_routing as routing
from nautobot_topology_cache.collect.platforms import linux_tables as linux
from nautobot_topology_cache.collect.platforms.frr import PLATFORM as FRR
from nautobot_topology_cache.collect.results import Row


def addresses(row: Row) -> list[Row]:
    """One row per address; a point-to-point one has no length."""
    return [
        {**row, "address": address, "length": address.partition("/")[2]}
        for address in row["ip_address"]
        if re.match(r"[\da-fA-F]*[.:]", address)
    ]


INTERFACES = Command(
    "show interfaces",
    Template("vyatta_vyos_show_interfaces"),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("interface"),
                "printed_name": "interface",
                # State and link: `u/u`, `u/D`, `A/D`.
                "enabled": Made(lambda status: not status.startswith("A"), ("status",)),
                "oper_status": Made(lambda status: "up" if status.endswith("u") else "down", ("status",)),
                "description": "description",
            },
        ),
        Feed(
            "ip_addresses",
            {
                "interface": Port("interface"),
                "address": "address",
                "prefix_length": "length",
                "role": Made(
                    lambda address: "link_local" if address.lower().startswith("fe80:") else "primary", ("address",)
                ),
            },
            reshape=addresses,
            makes=("address", "length"),
        ),
    ),
)

ARP = Command(
    "show arp",
    Template("vyatta_vyos_show_arp"),
    feeds=(
        Feed(
            "arp_entries",
            {"interface": Port("interface"), "ip_address": "ip_address", "mac_address": "mac_address"},
            skip=(Skip("incomplete", lambda row: "incomplete" in row["mac_address"]),),
        ),
    ),
    blank_is_empty=True,
)

BGP = Command(
    "show ip bgp summary",
    Template("vyatta_vyos_show_ip_bgp_summary"),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("bgp"),
                "address": "bgp_neigh",
                "state": Made(lambda state: "established" if state.isdigit() else state.lower(), ("state_pfxrcd",)),
                "remote_as": "neigh_as",
            },
        ),
    ),
    blank_is_empty=True,
)

PLATFORM = Platform(
    driver="vyos",
    netmiko="vyos",
    entries=(
        entry(linux.VRFS),
        entry(linux.ADDRESSES, INTERFACES),
        entry(routing.INTERFACES),
        entry(linux.NEIGHBORS, ARP),
        entry(*linux.FORWARDING),
        entry(*linux.LLDP),
        entry(routing.OSPF),
        entry(routing.OSPF6, routing.OSPF6_DEFAULT),
        entry(routing.ISIS),
        entry(routing.BGP, BGP),
        entry(routing.IPV4_ROUTES),
        entry(routing.IPV6_ROUTES),
        entry(routing.IPV4_PATHS),
        entry(routing.IPV6_PATHS),
    ),
    spell=linux.spell,
    verdicts=(unsupported(r"^\s*(Invalid command|Incomplete command|Ambiguous command)"), *FRR.verdicts),
)
