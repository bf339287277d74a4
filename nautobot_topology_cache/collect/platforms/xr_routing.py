"""IOS-XR: routing protocols' neighbors, routing tables and BGP tables."""

from __future__ import annotations

from nautobot_topology_cache.collect.commands import (
    Column,
    Command,
    Const,
    Context,
    Either,
    Feed,
    Made,
    Port,
    VrfOf,
    headed,
    nothing,
)
from nautobot_topology_cache.collect.parse.endings import counted
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.ios_interfaces import OWN
from nautobot_topology_cache.collect.platforms.ios_routing import EIGRP_FEED
from nautobot_topology_cache.collect.platforms.xr_tables import Paths, Routes, uncounted


def ospf(command: str) -> Command:
    """Only the detailed form names the area."""
    return Command(
        command,
        Template("cisco_xr_show_ospf_neighbor_detail", OWN),
        feeds=(
            Feed(
                "routing_neighbors",
                {
                    "protocol": Const("ospf"),
                    "vrf": "vrf",
                    "neighbor_id": "neighbor_id",
                    "address": "address",
                    "interface": Port("interface"),
                    "state": Made(lambda state: state.partition("/")[0].strip(), ("state",)),
                    "area": "area",
                },
                whole=("address", "interface", "state"),
            ),
        ),
        blank_is_empty=True,
        verdicts=(headed(r"\A(?![\s\S]*\bNeighbor\s+\d)[\s\S]*^\s*Neighbors for OSPF"),),
        truncation=counted(r"^Total neighbor count:\s*(\d+)", r"^\s*Neighbor \d+\.\d+\.\d+\.\d+"),
    )


def bgp_state(state: str, shut: str | None) -> str:
    """A peer that is shut down is idle for that reason."""
    return f"{state} (admin)" if state and shut else state


def bgp_neighbors(command: str) -> Command:
    """The peers of all address families; those of a VRF name it."""
    return Command(
        command,
        Template("cisco_xr_show_bgp_neighbors", OWN),
        feeds=(
            Feed(
                "routing_neighbors",
                {
                    "protocol": Const("bgp"),
                    "vrf": "vrf",
                    "address": "address",
                    "interface": Port("interface"),
                    "state": Made(bgp_state, ("state", "shut")),
                    "remote_as": "remote_as",
                },
                whole=("state",),
            ),
        ),
        blank_is_empty=True,
    )


def eigrp(command: str) -> Command:
    """EIGRP's neighbors in one VRF; only those that are up are listed."""
    return Command(
        command,
        Template("cisco_xr_show_eigrp_neighbors", OWN),
        feeds=(EIGRP_FEED,),
        blank_is_empty=True,
        verdicts=(headed(r"^IPv[46]-EIGRP.*neighbors for"),),
    )


ISIS = Command(
    "show isis neighbors",
    Template("cisco_xr_show_isis_neighbors", OWN),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("isis"),
                "vrf": VrfOf("interface"),
                "neighbor_id": "system_id",
                "interface": Port("interface"),
                "state": "state",
                "area": "type",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(headed(r"^IS-IS \S+ neighbors:"), nothing(r"^Total neighbor count: 0\b")),
    truncation=counted(r"^Total neighbor count:\s*(\d+)", r"^\s*\S+\s+\S+\s+\S+\s+[A-Z][a-z]+\s+\d+\s+L[12]"),
)


def routes(command: str) -> Command:
    """The routes of the default VRF, or of all others with their names above them."""
    return Command(
        command,
        Routes(),
        feeds=(
            Feed(
                "routes",
                {
                    "vrf": Either(Column("vrf"), Context()),
                    "prefix": "prefix",
                    "protocol": "protocol",
                    "next_hop": "next_hop",
                    "interface": Port("interface"),
                    "next_hop_vrf": "next_hop_vrf",
                    "active": "active",
                    "route_type": "route_type",
                    "distance": "distance",
                    "metric": "metric",
                },
            ),
        ),
        blank_is_empty=True,
        verdicts=(nothing(r"^% ?No matching (routes?|vrf)"),),
    )


def bgp_paths(command: str) -> Command:
    """The paths of one address family."""
    return Command(
        command,
        Paths(),
        feeds=(
            Feed(
                "bgp_routes",
                {
                    "vrf": "vrf",
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
        verdicts=(nothing(r"^Processed 0 prefixes\b"),),
        truncation=uncounted,
    )
