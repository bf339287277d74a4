"""Huawei VRP: the neighbors of its routing protocols, and its routing tables."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Context,
    Feed,
    Made,
    Port,
    VrfOf,
    Word,
    headed,
    nothing,
)
from nautobot_topology_cache.collect.parse.endings import closed, counted
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.vrp_interfaces import OWN

PROTOCOLS = {
    "direct": "connected",
    "ebgp": "bgp",
    "ibgp": "bgp",
    "o_ase": "ospf",
    "o_ase2": "ospf",
    "o_nssa": "ospf",
    "ospfv3": "ospf",
    "ospfv3ase": "ospf",
    "isis-l1": "isis",
    "isis-l2": "isis",
    "ripng": "rip",
    "unr": "unr",
}
TYPES = {
    "ebgp": "external",
    "ibgp": "internal",
    "o_ase": "E2",
    "o_ase2": "E2",
    "o_nssa": "N2",
    "isis-l1": "L1",
    "isis-l2": "L2",
}
"""Sub-types by the words for protocols."""


def destination(printed: str, length: str) -> str:
    """IPv6 prints the length apart."""
    return f"{printed}/{length}" if length else printed


def next_hop(printed: str, protocol: str) -> str | None:
    """A directly connected network prints the device's own address as its next hop."""
    return None if protocol.lower() == "direct" or printed in ("0.0.0.0", "::") else printed  # noqa: S104 - nowhere


OSPF = Command(
    "display ospf peer",
    Template("huawei_vrp_display_ospf_peer", OWN),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("ospf"),
                "vrf": VrfOf("interface"),
                "neighbor_id": "router_id",
                "address": "address",
                "interface": Port("interface"),
                "state": Made(lambda state: state.partition("/")[0].lower().replace("2-way", "2way"), ("state",)),
                "area": "area",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(headed(r"^\s*OSPF Process \d+ with"),),
)

BGP_FEED = Feed(
    "routing_neighbors",
    {
        "protocol": Const("bgp"),
        "address": "peer",
        "state": "state",
        "remote_as": "asn",
    },
)


def vpn_bgp(command: str) -> Command:
    """The peers of all VPN instances, and those that are asked for VPN routes, which other commands may print too."""
    return Command(
        command,
        Template("huawei_vrp_display_bgp_vpn_peers", OWN),
        feeds=(
            Feed(
                "routing_neighbors",
                {
                    "protocol": Const("bgp"),
                    "vrf": "vrf",
                    "address": "peer",
                    "state": "state",
                    "remote_as": "remote_as",
                },
            ),
        ),
        blank_is_empty=True,
        verdicts=(nothing(r"^\s*Total number of peers\s*:\s*0\b"),),
    )


def bgp(command: str) -> Command:
    """The peers of one address family in the default VRF."""
    return Command(
        command,
        Template("huawei_vrp_display_bgp_peer"),
        feeds=(BGP_FEED,),
        blank_is_empty=True,
        verdicts=(nothing(r"^\s*Total number of peers\s*:\s*0\b"),),
    )


ISIS = Command(
    "display isis peer",
    Template("huawei_vrp_display_isis_peer"),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("isis"),
                "vrf": VrfOf("interface"),
                "neighbor_id": Made(lambda parts: "".join(parts).rstrip("*"), ("system_id",)),
                "interface": Port("interface"),
                "state": "state",
                "area": "type",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(nothing(r"^\s*Total Peer\S+:\s*0\b"),),
)


def routes(command: str) -> Command:
    """The routes of one IP version in one VRF."""
    return Command(
        command,
        Template("huawei_vrp_display_routing_table_verbose", OWN),
        feeds=(
            Feed(
                "routes",
                {
                    "vrf": Context(),
                    "prefix": Made(destination, ("destination", "prefix_length")),
                    "protocol": Word("protocol", PROTOCOLS),
                    "next_hop": Made(next_hop, ("next_hop", "protocol")),
                    "interface": Port("interface"),
                    "active": Made(lambda state: state.split()[:1] == ["Active"], ("state",)),
                    "route_type": Word("protocol", TYPES, otherwise=""),
                    "distance": "preference",
                    "metric": "cost",
                    "tag": "tag",
                },
            ),
        ),
        blank_is_empty=True,
        verdicts=(nothing(r"^\s*Destinations\s*:\s*0\b"),),
        truncation=closed(r"^\s*Destination\s*:", r"^\s*Destination\s*:", r"\bInterface\s*:"),
        unfinished=counted(r"^\s*Destinations\s*:\s*\d+\s+Routes\s*:\s*(\d+)", r"^\s*Destination\s*:"),
    )
