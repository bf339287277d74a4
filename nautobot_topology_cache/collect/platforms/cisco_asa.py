"""Cisco ASA. ARP, routes and neighbors name an interface by its `nameif`; `show interface` prints both names."""

from __future__ import annotations

import re
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
    headed,
    not_enabled,
    unsupported,
)
from nautobot_topology_cache.collect.interface_names import parent
from nautobot_topology_cache.collect.normalize import kbits
from nautobot_topology_cache.collect.parse.asa_routes import AsaRoutes
from nautobot_topology_cache.collect.parse.bgp_table import BGPTable
from nautobot_topology_cache.collect.parse.template import Template

OWN = "nautobot_topology_cache.collect.parse"


def spell(printed: str) -> str:
    """As printed: the long name, or the name that the administrator gave."""
    return printed.strip()


def length(mask: str) -> int:
    """The length of a mask in dots."""
    return IPv4Network(f"0.0.0.0/{mask}").prefixlen


def speed(printed: str, bandwidth: str) -> int | None:
    """The negotiated speed, else the bandwidth: `1000 Mbps`, `100000 Kbit`."""
    return kbits(printed) or kbits(re.sub(r"bits?\b", "bps", bandwidth))


def duplex(printed: str) -> str:
    """What was negotiated, or `auto` where nothing was."""
    return printed.lower() if printed.lower() in ("full", "half", "auto") else ""


def established(state: str) -> str:
    """A count of prefixes stands for Established."""
    return "established" if state.isdigit() else state.lower()


INTERFACES = Command(
    "show interface",
    Template("cisco_asa_show_interface", OWN),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": "interface",
                "printed_name": "interface",
                "parent": Made(parent, ("interface",)),
                "enabled": Made(lambda status: "administratively" not in status, ("link_status",)),
                "oper_status": Made(
                    lambda protocol: "up" if protocol.startswith("up") else "down", ("protocol_status",)
                ),
                # What is not described has its `nameif` here: the only place where both names stand together.
                "description": Made(lambda said, nameif: said or nameif, ("description", "nameif")),
                "mac_address": "mac_address",
                "mtu": "mtu",
                "speed": Made(speed, ("speed", "bandwidth")),
                "duplex": Made(duplex, ("duplex",)),
                "access_vlan": "vlan",
                "lag": "bundle",
                "type": "hardware",
            },
        ),
        Feed(
            "ip_addresses",
            {
                "interface": "interface",
                "address": "ip_address",
                "prefix_length": Made(length, ("netmask",)),
                "ip_version": Const(4),
            },
            skip=(Skip("no address", lambda row: not row["ip_address"]),),
        ),
    ),
)

ARP = Command(
    "show arp",
    Template("cisco_asa_show_arp", OWN),
    feeds=(
        Feed(
            "arp_entries",
            {
                "interface": "interface",
                "ip_address": "ip_address",
                "mac_address": "mac_address",
                # A dash is an entry that somebody configured, `alias` one that the device answers for others.
                "entry_type": Word("age", {"-": "static", "alias": "static"}, otherwise="dynamic"),
            },
        ),
    ),
    blank_is_empty=True,
)

ROUTES = Command(
    "show route",
    AsaRoutes(),
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
)

OSPF = Command(
    "show ospf neighbor",
    Template("cisco_asa_show_ospf_neighbor"),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("ospf"),
                "neighbor_id": "neighbor_id",
                "address": "ip_address",
                "interface": "interface",
                "state": Made(lambda state: state.partition("/")[0], ("state",)),
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(headed(r"^Neighbor ID\s+Pri"),),
)

BGP = Command(
    "show bgp summary",
    Template("cisco_asa_show_bgp_summary"),
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
    verdicts=(headed(r"^BGP router identifier"),),
)

BGP_PATHS = Command(
    "show bgp",
    BGPTable(),
    feeds=(
        Feed(
            "bgp_routes",
            {
                "prefix": "prefix",
                "next_hop": "next_hop",
                "metric": "metric",
                "local_pref": "local_pref",
                "weight": "weight",
                "as_path": "as_path",
                "origin": "origin",
                "valid": Made(lambda status: "*" in status, ("status",)),
                "best": Made(lambda status: ">" in status, ("status",)),
            },
        ),
    ),
    blank_is_empty=True,
)

PLATFORM = Platform(
    driver="cisco_asa",
    netmiko="cisco_asa",
    entries=(entry(INTERFACES), entry(ARP), entry(OSPF), entry(BGP), entry(ROUTES), entry(BGP_PATHS)),
    spell=spell,
    verdicts=(
        denied(r"^(ERROR: )?% ?(Command )?authorization (denied|failed)|^Command authorization failed"),
        unsupported(r"^ERROR: % ?(Invalid input|Incomplete command|Ambiguous command)"),
        unsupported(r"^ERROR: .*not (supported|available|allowed) (in|on) (this|multiple|transparent|single|system)"),
        not_enabled(r"^(ERROR: )?% ?(BGP|OSPF)\b.* not (active|enabled|running|configured)"),
    ),
    enable=True,
    setup=("terminal pager 0",),
)
"""The width of lines is configuration on this system, so it is left as it is."""
