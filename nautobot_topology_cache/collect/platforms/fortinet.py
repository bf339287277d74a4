"""Fortinet FortiOS: firewalls, without virtual domains or inside the one that the user is in."""

from __future__ import annotations

from ipaddress import IPv4Network

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Platform,
    Skip,
    Word,
    denied,
    entry,
    nothing,
    unsupported,
)
from nautobot_topology_cache.collect.parse.fortinet_routes import FortinetRoutes
from nautobot_topology_cache.collect.parse.template import Template

OWN = "nautobot_topology_cache.collect.parse"
NO_ADDRESS = ("", "0.0.0.0")  # noqa: S104 - what is printed for none


def spell(printed: str) -> str:
    """As printed; OSPF and others add an index: `port1(0)`."""
    return printed.strip().partition("(")[0]


def length(mask: str) -> int:
    """The length of a mask in dots."""
    return IPv4Network(f"0.0.0.0/{mask}").prefixlen


def established(state: str) -> str:
    """A count of prefixes stands for Established."""
    return "established" if state.isdigit() else state.lower()


INTERFACES = Command(
    "get system interface",
    Template("fortinet_get_system_interface", OWN),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": "name",
                "printed_name": "name",
                # How it is configured; whether the link is up, the next command says of physical ports.
                "enabled": "status",
                "type": "type",
            },
        ),
        Feed(
            "ip_addresses",
            {
                "interface": "name",
                "address": "ip_address",
                "prefix_length": Made(length, ("netmask",)),
                "ip_version": Const(4),
            },
            skip=(Skip("no address", lambda row: row["ip_address"] in NO_ADDRESS),),
        ),
    ),
)

LINKS = Command(
    "get system interface physical",
    Template("fortinet_get_system_interface_physical"),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": "name",
                "oper_status": "status",
                "speed": Made(lambda printed: int(printed) * 1000 if printed.isdigit() else None, ("speed",)),
                "duplex": Word("duplex", {"full": "full", "half": "half"}, otherwise=""),
            },
            fills=True,
        ),
    ),
)

ARP = Command(
    "get system arp",
    Template("fortinet_get_system_arp"),
    feeds=(
        Feed(
            "arp_entries",
            {"interface": "interface", "ip_address": "ip_address", "mac_address": "mac_address"},
            skip=(Skip("incomplete", lambda row: not row["mac_address"].strip("0:")),),
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^Address\s+Age"),),
)

OSPF = Command(
    "get router info ospf neighbor",
    Template("fortinet_get_router_info_ospf_neighbor", OWN),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("ospf"),
                "neighbor_id": "router_id",
                "address": "address",
                "interface": Made(spell, ("interface",)),
                "state": Word("state", {"2-way": "2way"}),
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^\s*(OSPF process|Neighbor ID)"),),
)

BGP = Command(
    "get router info bgp summary",
    Template("fortinet_get_router_info_bgp_summary"),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("bgp"),
                "address": "bgp_neigh",
                "state": Made(established, ("state_pfxrcd",)),
                "remote_as": "neigh_as",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^BGP router identifier"),),
)

ROUTES = Command(
    "get router info routing-table all",
    FortinetRoutes(),
    feeds=(
        Feed(
            "routes",
            {
                "vrf": "vrf",
                "prefix": "prefix",
                "protocol": "protocol",
                "next_hop": "next_hop",
                "interface": "interface",
                "route_type": "route_type",
                "distance": "distance",
                "metric": "metric",
                "tag": "tag",
            },
        ),
    ),
    blank_is_empty=True,
)

PLATFORM = Platform(
    driver="fortinet",
    netmiko="fortinet",
    entries=(entry(INTERFACES), entry(LINKS), entry(ARP), entry(OSPF), entry(BGP), entry(ROUTES)),
    spell=spell,
    verdicts=(
        denied(r"^.*(Permission denied|not authorized|no permission)"),
        unsupported(r"^\s*(command parse error|Unknown action|Command fail|incomplete command|value parse error)"),
    ),
    setup=("get system status",),
)
"""netmiko would change how the console pages, which is configuration; pages are answered as they come instead. The
set-up command only keeps netmiko's own away."""
