"""IOS and IOS-XE: routing protocols' neighbors, routing tables and BGP tables."""

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
from nautobot_topology_cache.collect.parse.bgp_table import BGPTable
from nautobot_topology_cache.collect.parse.endings import counted
from nautobot_topology_cache.collect.parse.routing_table import RoutingTable, missing_subnets
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms.ios_interfaces import OWN


def ospf(command: str) -> Command:
    """Only the detailed form names the area. A process without neighbors prints nothing."""
    return Command(
        command,
        Template("cisco_ios_show_ip_ospf_neighbor_detail", OWN),
        feeds=(
            Feed(
                "routing_neighbors",
                {
                    "protocol": Const("ospf"),
                    "vrf": VrfOf("interface"),
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
    )


def bgp_neighbors(command: str) -> Command:
    """Peers of all address families and VRFs. A summary lists the peers of VRFs too, but not in which VRF they are."""
    return Command(
        f"{command} | include BGP neighbor is|BGP state|^%",
        Template("cisco_ios_show_bgp_neighbors", OWN),
        feeds=(
            Feed(
                "routing_neighbors",
                {
                    "protocol": Const("bgp"),
                    "vrf": "vrf",
                    "address": "address",
                    "interface": Port("interface"),
                    "state": "state",
                    "remote_as": "remote_as",
                },
                whole=("state",),
            ),
        ),
        blank_is_empty=True,
    )


EIGRP_FEED = Feed(
    "routing_neighbors",
    {
        "protocol": Const("eigrp"),
        "vrf": Context(),
        "address": "address",
        "interface": Port("interface"),
        "state": Const("up"),
    },
    whole=("address",),
)


def eigrp(command: str) -> Command:
    """EIGRP's neighbors in one VRF; only those that are up are listed."""
    return Command(
        command,
        Template("cisco_ios_show_eigrp_neighbors", OWN),
        feeds=(EIGRP_FEED,),
        blank_is_empty=True,
        verdicts=(headed(r"^(IP-|IPv6-)?EIGRP.*neighbors for"),),
    )


ISIS = Command(
    "show isis neighbors",
    Template("cisco_ios_show_isis_neighbors", OWN),
    feeds=(
        Feed(
            "routing_neighbors",
            {
                "protocol": Const("isis"),
                "vrf": VrfOf("interface"),
                "neighbor_id": "system_id",
                "address": "address",
                "interface": Port("interface"),
                "state": "state",
                "area": "type",
            },
        ),
    ),
    blank_is_empty=True,
    verdicts=(headed(r"^System Id\s+Type"), headed(r"^(Tag|Area) \S+:?\s*$")),
)


_IPV6_ROUTES = counted(r"^IPv6 Routing Table -(?: \S+ -)? (\d+) entries", r"^[A-Z]\S*\s+\S+/\d+ \[")


def promised_routes(answer: str) -> str | None:
    """The IPv6 heading counts the routes below it; what is missing when the answer is shorter."""
    return _IPV6_ROUTES(answer) if "IPv6 Routing Table" in answer else None


def routes(command: str, blank_is_empty: bool = False) -> Command:
    """The routes of one VRF. A switch that does not route shows its default gateway instead."""
    return Command(
        command,
        RoutingTable(),
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
                    "route_type": "route_type",
                    "distance": "distance",
                    "metric": "metric",
                    "tag": "tag",
                },
            ),
        ),
        blank_is_empty=blank_is_empty,
        verdicts=(nothing(r"^Default gateway is |^Host +Gateway +Last Use|^IPv6 Routing Table -( \S+ -)? 0 entries"),),
        truncation=promised_routes,
        unfinished=missing_subnets,
    )


def bgp_paths(command: str) -> Command:
    """The paths of one VRF and address family; nothing is printed where there are none."""
    return Command(
        command,
        BGPTable(),
        feeds=(
            Feed(
                "bgp_routes",
                {
                    "vrf": Context(),
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
