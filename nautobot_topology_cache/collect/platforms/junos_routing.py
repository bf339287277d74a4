"""Junos: the neighbors of its routing protocols, its routing tables and the BGP paths in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
    VrfOf,
    headed,
    nothing,
)
from nautobot_topology_cache.collect.parse.native import unclosed
from nautobot_topology_cache.collect.platforms.junos_json import vrf_of
from nautobot_topology_cache.collect.results import Row

PROTOCOLS = {"direct": "connected", "is-is": "isis"}
OTHER_TABLE = Skip("no unicast table", lambda row: not re.fullmatch(r"([^:].*\.)?inet6?\.0", row["table"] or "inet.0"))


def protocol(printed: Any) -> str:
    """The protocol; those that are not in the common vocabulary stay as they are, as `access-internal`."""
    word = str(printed).lower()
    return PROTOCOLS.get(word, word)


def neighbors(command: str, parser: Parser, protocol_name: str, **sources: str | Source) -> Command:
    """The neighbors of one routing protocol."""
    feed = Feed("routing_neighbors", {"protocol": Const(protocol_name), **sources})
    return Command(
        command,
        parser,
        feeds=(feed,),
        blank_is_empty=True,
        verdicts=(
            nothing(r"^\s*Groups: \d+ Peers: 0"),
            headed(r"^\s*(Address\s+Interface|ID\s+Interface|Interface\s+System|Peer\s+AS\s)"),
        ),
        truncation=unclosed,
    )


def ospf(command: str, parser: Parser) -> Command:
    """OSPF neighbors; the text names neither instance nor, without detail, area."""
    json = command.endswith("json")
    told: dict[str, str | Source] = {"vrf": "vrf", "area": "area"} if json else {"vrf": VrfOf("interface")}
    return neighbors(
        command,
        parser,
        "ospf",
        neighbor_id="neighbor_id",
        address="address",
        interface=Port("interface"),
        state="state",
        **told,
    )


def link_interface(peer: Any, interface: Any = "") -> str:
    """The interface of a link-local peer, without which its address says nothing."""
    return str(interface or "") if str(peer).lower().startswith("fe80:") else ""


def bgp(command: str, parser: Parser) -> Command:
    """BGP peers."""
    return neighbors(
        command,
        parser,
        "bgp",
        vrf="vrf",
        address="peer",
        interface=Made(link_interface, ("peer", "interface")[: 1 + ("interface" in parser.columns)]),
        state="state",
        remote_as="asn",
    )


def isis(command: str, parser: Parser) -> Command:
    """IS-IS adjacencies."""
    address: dict[str, str | Source] = {"address": "address"} if "address" in parser.columns else {}
    return neighbors(
        command,
        parser,
        "isis",
        vrf=VrfOf("interface"),
        neighbor_id="system_id",
        interface=Port("interface"),
        state="state",
        area=Made(lambda level: {"1": "L1", "2": "L2", "3": "L1L2"}.get(str(level), str(level)), ("level",)),
        **address,
    )


def bgp_only(row: Row) -> Iterable[Row]:
    """The paths that BGP brought, with one next hop: the selected one is printed first or alone."""
    if str(row["protocol"]).lower() == "bgp":
        yield {**row, "next_hop": next((hop for hop in row["next_hop"] if hop), "")}


def path_of(printed: Any) -> str:
    """The AS path without the origin code."""
    return re.sub(r"(^|\s+)[IE?](\s.*)?$", "", str(printed or "").strip())


def origin_of(printed: Any) -> str:
    """The origin code behind the AS path."""
    found = re.search(r"(?:^|\s)([IE?])(?:\s.*)?$", str(printed or "").strip())
    return found[1].lower() if found else ""


ROUTES = Feed(
    "routes",
    {
        "vrf": Made(vrf_of, ("table",)),
        "prefix": "prefix",
        "protocol": Made(protocol, ("protocol",)),
        "next_hop": "next_hop",
        "interface": Port("interface"),
        "next_hop_vrf": "next_hop_vrf",
        "encapsulation": "label",
        "active": "active",
        "distance": "preference",
        "metric": "metric",
        "tag": "tag",
    },
    each=("next_hop", "interface", "next_hop_vrf", "label"),
    skip=(OTHER_TABLE,),
)

PATHS = Feed(
    "bgp_routes",
    {
        "vrf": Made(vrf_of, ("table",)),
        "prefix": "prefix",
        "next_hop": "next_hop",
        "metric": "med",
        "local_pref": "local_pref",
        "as_path": Made(path_of, ("as_path",)),
        "origin": Made(origin_of, ("as_path",)),
        "best": "active",
    },
    reshape=bgp_only,
    skip=(OTHER_TABLE,),
)


def rib(command: str, parser: Parser) -> Command:
    """All routing tables, and the BGP paths that are in them; Junos keeps no BGP table of its own."""
    return Command(command, parser, feeds=(ROUTES, PATHS), blank_is_empty=True, truncation=unclosed)
