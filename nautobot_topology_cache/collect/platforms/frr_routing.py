"""FRR: what its own daemons know - descriptions, routing neighbors, routes and BGP paths."""

from __future__ import annotations

from typing import Any

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Parser,
    Port,
    Skip,
    Source,
    Verdict,
    VrfOf,
    Word,
)
from nautobot_topology_cache.collect.platforms import frr_json
from nautobot_topology_cache.collect.platforms.frr_json import WARNING, cut

PROTOCOLS = {"ospf6": "ospf", "ripng": "rip"}
"""The daemons for IPv6 have names of their own."""
ORIGINS = {"igp": "i", "egp": "e", "incomplete": "?"}

SILENT = Verdict(rf"\A\s*{WARNING}+\s*\Z", "empty")
"""Some commands print nothing where nothing is configured; the warnings are not part of the answer."""


def first_address(printed: Any) -> str | None:
    """IS-IS prints an object with one address, or with a list of them."""
    found = next(iter(printed.values()), None) if printed else None
    return found[0] if isinstance(found, list) else found


def vtysh(show: str, parser: Parser, *feeds: Feed) -> Command:
    """A show command of vtysh."""
    return Command(
        f'vtysh -c "{show} json"', parser, feeds=feeds, blank_is_empty=True, verdicts=(SILENT,), truncation=cut
    )


def neighbors(show: str, parser: Parser, protocol: str, **sources: str | Source) -> Command:
    """The neighbors of one routing protocol."""
    common: dict[str, str | Source] = {
        "protocol": Const(protocol),
        "interface": Port("interface"),
        "address": "address",
        "state": Word("state", {"2-way": "2way"}),
    }
    return vtysh(show, parser, Feed("routing_neighbors", {**common, **sources}))


INTERFACES = vtysh(
    "show interface vrf all",
    frr_json.interfaces,
    Feed(
        "interfaces",
        {"name": Port("name"), "description": "description", "speed": "speed"},
        skip=(Skip("no interface of the kernel", lambda row: row["pseudo"]),),
        fills=True,
    ),
)

OSPF = neighbors(
    "show ip ospf vrf all neighbor detail", frr_json.ospf, "ospf", vrf="vrf", neighbor_id="router_id", area="area"
)
OSPF6 = neighbors(
    "show ipv6 ospf6 vrf all neighbor detail",
    frr_json.ospf6,
    "ospf",
    vrf=VrfOf("interface"),
    neighbor_id="router_id",
    area="area",
)
OSPF6_DEFAULT = neighbors(
    "show ipv6 ospf6 neighbor detail",
    frr_json.ospf6,
    "ospf",
    vrf=VrfOf("interface"),
    neighbor_id="router_id",
    area="area",
)
ISIS = neighbors(
    "show isis vrf all neighbor detail",
    frr_json.isis,
    "isis",
    vrf=VrfOf("interface"),
    address=Made(first_address, ("address",)),
    neighbor_id="system_id",
    area="level",
)
BGP = neighbors(
    "show bgp vrf all neighbors", frr_json.bgp_neighbors, "bgp", vrf="vrf", neighbor_id="router_id", remote_as="asn"
)


def routes(show: str) -> Command:
    """The routes of one IP version in all VRFs."""
    return vtysh(
        show,
        frr_json.routes,
        Feed(
            "routes",
            {
                "vrf": "vrf",
                "prefix": "prefix",
                "protocol": Word("protocol", PROTOCOLS),
                "next_hop": "next_hop",
                "interface": Port("interface"),
                "next_hop_vrf": "next_hop_vrf",
                "encapsulation": Made(lambda labels: "mpls" if labels else "", ("labels",)),
                "active": "selected",
                "route_type": "kind",
                "distance": "distance",
                "metric": "metric",
                "tag": "tag",
            },
        ),
    )


def bgp_paths(show: str) -> Command:
    """The BGP paths of one IP version in all VRFs."""
    return vtysh(
        show,
        frr_json.bgp_paths,
        Feed(
            "bgp_routes",
            {
                "vrf": "vrf",
                "prefix": "prefix",
                "next_hop": "next_hop",
                "metric": "metric",
                "local_pref": "local_pref",
                "weight": "weight",
                "as_path": "path",
                "origin": Word("origin", ORIGINS),
                "valid": "valid",
                "best": "best",
            },
        ),
    )


IPV4_ROUTES = routes("show ip route vrf all")
IPV6_ROUTES = routes("show ipv6 route vrf all")
IPV4_PATHS = bgp_paths("show bgp vrf all ipv4 unicast")
IPV6_PATHS = bgp_paths("show bgp vrf all ipv6 unicast")
