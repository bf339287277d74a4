"""Linux hosts and switches: iproute2's JSON first, the text form for BusyBox and for releases before 2018."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import Command, Context, Feed, Made, Platform, Port, Skip, entry
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import linux_tables as tables
from nautobot_topology_cache.collect.results import Row


def addresses(row: Row) -> list[Row]:
    """One row per address; the text form in this template does not tell secondary ones."""
    pairs = [
        *zip(row["ip_addresses"], row["ip_masks"], strict=True),
        *zip(row["ipv6_addresses"], row["ipv6_masks"], strict=True),
    ]
    return [{**row, "address": address, "length": length} for address, length in pairs]


def way(value: str, next_hop: str, interface: str) -> str:
    """A next hop or an interface; the head of a route of several ways prints neither, and they cannot be told apart."""
    if not (next_hop or interface):
        raise ValueError("neither a next hop nor an interface is printed")
    return value


def text_routes(command: str) -> Command:
    """The IPv4 routes of one VRF in the text form."""
    return Command(
        command,
        Template("linux_ip_route_show"),
        feeds=(
            Feed(
                "routes",
                {
                    "vrf": Context(),
                    "prefix": Made(lambda printed: tables.prefix(printed, 4), ("network",)),
                    "protocol": Made(lambda said, hop: tables.protocol(said, "", hop), ("protocol", "nexthop_ip")),
                    "next_hop": Made(lambda hop, port: way(hop, hop, port), ("nexthop_ip", "nexthop_if")),
                    "interface": Port("nexthop_if"),
                    "active": Made(lambda state: state not in ("dead", "linkdown"), ("reachability",)),
                    "metric": "metric",
                },
            ),
        ),
        blank_is_empty=True,
    )


ADDRESSES_TEXT = Command(
    "ip address show",
    Template("linux_ip_address_show"),
    feeds=(
        Feed(
            "interfaces",
            {
                "name": Port("interface"),
                "printed_name": "interface",
                "enabled": Made(lambda flags: "UP" in str(flags).split(","), ("flags",)),
                "oper_status": Made(tables.oper_status, ("state", "flags")),
                "mac_address": Made(
                    lambda mac, kind: mac if kind == "ether" else None,
                    ("mac_address", "type"),
                ),
                "mtu": "mtu",
                "type": "type",
            },
        ),
        Feed(
            "ip_addresses",
            {
                "interface": Port("interface"),
                "address": "address",
                "prefix_length": "length",
                "role": Made(
                    lambda address: "link_local" if str(address).lower().startswith("fe80:") else "primary",
                    ("address",),
                ),
            },
            reshape=addresses,
            makes=("address", "length"),
        ),
    ),
)

ARP_TEXT = Command(
    "arp -a",
    Template("linux_arp_-a"),
    feeds=(
        Feed(
            "arp_entries",
            {
                "interface": Port("interface"),
                "ip_address": Made(lambda printed: printed.strip("()"), ("ip_address",)),
                "mac_address": "mac_address",
            },
            skip=(Skip("incomplete", lambda row: row["mac_address"].lower() == "incomplete"),),
        ),
    ),
    blank_is_empty=True,
)


PLATFORM = Platform(
    driver="linux",
    netmiko="linux",
    entries=(
        entry(tables.VRFS),
        entry(tables.ADDRESSES, ADDRESSES_TEXT),
        entry(tables.NEIGHBORS, ARP_TEXT),
        entry(*tables.FORWARDING),
        entry(*tables.LLDP),
        entry(tables.routes("ip -j route show", 4), text_routes("ip route show")),
        entry(tables.routes("ip -j route show vrf {vrf}", 4)),
        entry(tables.routes("ip -j -6 route show", 6)),
        entry(tables.routes("ip -j -6 route show vrf {vrf}", 6)),
    ),
    spell=tables.spell,
    verdicts=tables.VERDICTS,
)
