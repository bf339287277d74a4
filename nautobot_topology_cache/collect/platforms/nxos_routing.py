"""NX-OS: the neighbors of its routing protocols, its routing tables and BGP tables."""

from __future__ import annotations

import re
from typing import Any

from nautobot_topology_cache.collect.commands import (
    Const,
    Feed,
    Made,
    Port,
    Source,
    Word,
    headed,
)
from nautobot_topology_cache.collect.parse.endings import counted
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import nxos_json
from nautobot_topology_cache.collect.platforms.nxos_interfaces import OWN, command

PROTOCOLS = {"direct": "connected", "attached": "connected", "ospfv3": "ospf"}

ROUTE_TYPES = {
    "intra": "",
    "inter": "IA",
    "type-1": "E1",
    "type-2": "E2",
    "nssa type-1": "N1",
    "nssa type-2": "N2",
    "l1": "L1",
    "l2": "L2",
}

ORIGINS = {"igp": "i", "egp": "e", "incomplete": "?"}

BEST = (">", "bestpath", "best", "true")


def protocol(client: str) -> str:
    """The source of a route without its instance: `ospf-UNDERLAY`, `bgp-64520`; `direct` is connected."""
    word = client.partition("-")[0].lower()
    return PROTOCOLS.get(word, word)


def route_type(client: Any, printed: Any) -> str:
    """The sub-type in the letters of the IOS legend, or as printed; EIGRP's internal routes have none."""
    word = str(printed or "").lower()
    if str(client).lower().startswith("eigrp"):
        return "EX" if word == "external" else ""
    return ROUTE_TYPES.get(word, word)


def attribute(name: str, printed: Any) -> str:
    """One of the attributes behind a route: the first is its type if it is a word of its own."""
    text = str(printed or "")
    if name == "type":
        first = text.partition(",")[0].partition("(")[0].strip()
        return "" if (" " in first and not first.startswith("nssa")) or first.startswith("segid") else first
    found = re.search(rf"\b{name}:? (\w+)", text)
    return found[1] if found else ""


def next_hop(printed: Any) -> str | None:
    """The address before `%vrf`."""
    return str(printed).partition("%")[0] if printed else None


def next_hop_vrf(printed: Any, vrf: Any = "") -> str:
    """The VRF of the next hop, on its own or behind the address, where one of another IP version names that too."""
    return str(vrf or "") or re.sub(r":IPv[46]$", "", str(printed or "").partition("%")[2])


def level_of(printed: Any) -> str:
    """An IS-IS level in the usual letters."""
    return {"1": "L1", "2": "L2", "1-2": "L1L2"}.get(str(printed or "").strip(), str(printed or ""))


def adjacency(printed: Any) -> str:
    """The state of an OSPF neighbor without its role, in the letters of the RFC: the JSON writes `TWOWAY`."""
    word = str(printed).partition("/")[0].lower()
    return {"twoway": "2way"}.get(word, word)


def peer_state(printed: Any) -> str:
    """A count of prefixes stands for Established."""
    return "established" if str(printed).isdigit() else re.sub(r"\s*\(", " (", str(printed or "").lower())


def routing_neighbors(protocol_name: str, **sources: str | Source) -> Feed:
    """The neighbors of one routing protocol."""
    common: dict[str, str | Source] = {"protocol": Const(protocol_name), "vrf": "vrf"}
    return Feed("routing_neighbors", {**common, **sources})


OSPF_FEED = routing_neighbors(
    "ospf",
    neighbor_id="router_id",
    address="address",
    interface=Port("interface"),
    state=Made(adjacency, ("state",)),
    area="area",
)

OSPF_TEXT_FEED = routing_neighbors(
    "ospf",
    neighbor_id="neighbor_id",
    address="address",
    interface=Port("interface"),
    state=Made(adjacency, ("state",)),
)

BGP_FEED = routing_neighbors("bgp", address="peer", state=Made(peer_state, ("state",)), remote_as="asn")


ISIS_FEED = routing_neighbors(
    "isis",
    neighbor_id="system_id",
    interface=Port("interface"),
    state="state",
    area=Made(level_of, ("level",)),
)

EIGRP_FEED = routing_neighbors("eigrp", address="address", interface=Port("interface"), state=Const("up"))

ROUTE_COLUMNS: dict[str, str | Source] = {
    "vrf": "vrf",
    "prefix": "prefix",
    "protocol": Made(protocol, ("client",)),
    "next_hop": Made(next_hop, ("next_hop",)),
    "interface": Port("interface"),
    "distance": "preference",
    "metric": "metric",
}

ROUTE_FEED = Feed(
    "routes",
    {
        **ROUTE_COLUMNS,
        "next_hop_vrf": Made(next_hop_vrf, ("next_hop", "next_hop_vrf")),
        "encapsulation": Made(lambda word: str(word or "").lower(), ("encapsulation",)),
        "active": Made(lambda best: str(best).lower() == "true", ("best",)),
        "route_type": Made(route_type, ("client", "type")),
        "tag": "tag",
    },
)

ROUTE_TEXT_FEED = Feed(
    "routes",
    {
        **ROUTE_COLUMNS,
        "next_hop_vrf": Made(next_hop_vrf, ("next_hop",)),
        "encapsulation": Made(lambda text: attribute("encap", text).lower(), ("attributes",)),
        "active": Made(bool, ("best",)),
        "route_type": Made(lambda client, text: route_type(client, attribute("type", text)), ("client", "attributes")),
        "tag": Made(lambda text: attribute("tag", text), ("attributes",)),
    },
)

PATH_FEED = Feed(
    "bgp_routes",
    {
        "vrf": "vrf",
        "prefix": "prefix",
        "next_hop": "next_hop",
        "metric": "metric",
        "local_pref": "local_pref",
        "weight": "weight",
        "as_path": "as_path",
        "origin": Word("origin", ORIGINS),
        "valid": Made(lambda status: str(status).lower() in ("true", "valid") or "*" in str(status), ("status",)),
        "best": Made(lambda best: str(best).lower() in BEST, ("best",)),
    },
)

PATH_TEXT_FEED = Feed(
    "bgp_routes",
    {
        "vrf": "vrf",
        "prefix": "network",
        "next_hop": "next_hop",
        "metric": "metric",
        "local_pref": "local_pref",
        "weight": "weight",
        "as_path": "as_path",
        "origin": "origin",
        "valid": Made(lambda status: status == "*", ("status",)),
        "best": Made(lambda selection: selection == ">", ("path_selection",)),
    },
)

ROUTE_TEXT = Template("cisco_nxos_show_route", OWN)

NO_ROUTES = (headed(r"^\s*IP(v[46])? Rout(e|ing) Table for VRF"),)

# Every prefix says how many best next hops follow, which are marked by a star.
FEW_NEXT_HOPS = counted(r"\bubest/mbest: (\d+)/", r"^\s*\*via\b")

BGP_TABLE_TEXT = Template("cisco_nxos_show_ip_bgp")

OSPF = (
    command("show ip ospf neighbors detail vrf all | json", nxos_json.ospf, OSPF_FEED),
    command(
        "show ip ospf neighbors vrf all",
        Template("cisco_nxos_show_ip_ospf_neighbors", OWN),
        OSPF_TEXT_FEED,
        blank_is_empty=True,
        truncation=counted(r"^\s*Total number of neighbors:\s*(\d+)", r"^\s*\d+(\.\d+){3}\s+\d+\s"),
    ),
)

# Without the address that stands below it, the last neighbor would be lost without a word.
OSPFV3 = (
    command(
        "show ospfv3 neighbors vrf all",
        Template("cisco_nxos_show_ospfv3_neighbors", OWN),
        OSPF_TEXT_FEED,
        blank_is_empty=True,
        truncation=counted(r"^\s*Total number of neighbors:\s*(\d+)", r"^\s*Neighbor address\s"),
    ),
)

BGP = (
    command("show bgp all summary vrf all | json", nxos_json.bgp_summary, BGP_FEED),
    command(
        "show bgp all summary vrf all",
        Template("cisco_nxos_show_bgp_summary", OWN),
        BGP_FEED,
        blank_is_empty=True,
        verdicts=(headed(r"^BGP summary information for VRF"),),
    ),
)

ISIS = (command("show isis adjacency vrf all | json", nxos_json.isis, ISIS_FEED),)

EIGRP = (
    command("show ip eigrp neighbors vrf all | json", nxos_json.eigrp, EIGRP_FEED),
    command(
        "show ip eigrp neighbors vrf all",
        Template("cisco_nxos_show_eigrp_neighbors", OWN),
        EIGRP_FEED,
        blank_is_empty=True,
        verdicts=(headed(r"^IP-EIGRP neighbors"),),
    ),
)

ROUTES = (
    command("show ip route vrf all | json", nxos_json.routes, ROUTE_FEED),
    command("show ip route vrf all", ROUTE_TEXT, ROUTE_TEXT_FEED, verdicts=NO_ROUTES, unfinished=FEW_NEXT_HOPS),
)

IPV6_ROUTES = (
    command("show ipv6 route vrf all | json", nxos_json.routes, ROUTE_FEED),
    command(
        "show ipv6 route vrf all",
        ROUTE_TEXT,
        ROUTE_TEXT_FEED,
        verdicts=NO_ROUTES,
        unfinished=FEW_NEXT_HOPS,
    ),
)

BGP_PATHS = (
    command("show bgp ipv4 unicast vrf all | json", nxos_json.bgp_paths, PATH_FEED),
    command("show bgp ipv4 unicast vrf all", BGP_TABLE_TEXT, PATH_TEXT_FEED, blank_is_empty=True),
)

IPV6_BGP_PATHS = (command("show bgp ipv6 unicast vrf all | json", nxos_json.bgp_paths, PATH_FEED),)
