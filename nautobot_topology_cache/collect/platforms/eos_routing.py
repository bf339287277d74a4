"""EOS: the neighbors of its routing protocols, its routing tables and BGP tables."""

from __future__ import annotations

import re
from typing import Any

import attrs

from nautobot_topology_cache.collect.commands import (
    Command,
    Const,
    Feed,
    Made,
    Parser,
    Port,
    Source,
    VrfOf,
    Word,
    headed,
    nothing,
)
from nautobot_topology_cache.collect.parse.native import unclosed
from nautobot_topology_cache.collect.parse.template import Template
from nautobot_topology_cache.collect.platforms import eos_json
from nautobot_topology_cache.collect.platforms.eos_interfaces import OWN, spell

ROUTES = {
    "c": ("connected", ""),
    "s": ("static", ""),
    "k": ("kernel", ""),
    "o": ("ospf", ""),
    "o ia": ("ospf", "IA"),
    "o e1": ("ospf", "E1"),
    "o e2": ("ospf", "E2"),
    "o n1": ("ospf", "N1"),
    "o n2": ("ospf", "N2"),
    "o3": ("ospf", ""),
    "o3 ia": ("ospf", "IA"),
    "o3 e1": ("ospf", "E1"),
    "o3 e2": ("ospf", "E2"),
    "o3 n1": ("ospf", "N1"),
    "o3 n2": ("ospf", "N2"),
    "b": ("bgp", ""),
    "b i": ("bgp", "internal"),
    "b e": ("bgp", "external"),
    "a b": ("bgp", "aggregate"),
    "a o": ("ospf", "aggregate"),
    "r": ("rip", ""),
    "i": ("isis", ""),
    "i l1": ("isis", "L1"),
    "i l2": ("isis", "L2"),
    "ospfinterarea": ("ospf", "IA"),
    "ospfexternaltype1": ("ospf", "E1"),
    "ospfexternaltype2": ("ospf", "E2"),
    "ospfnssaexternaltype1": ("ospf", "N1"),
    "ospfnssaexternaltype2": ("ospf", "N2"),
    "ospf3": ("ospf", ""),
    "ospfv3": ("ospf", ""),
    "ospf3interarea": ("ospf", "IA"),
    "ospf3externaltype1": ("ospf", "E1"),
    "ospf3externaltype2": ("ospf", "E2"),
    "ospfaggregate": ("ospf", "aggregate"),
    "ibgp": ("bgp", "internal"),
    "ebgp": ("bgp", "external"),
    "bgpaggregate": ("bgp", "aggregate"),
    "isislevel1": ("isis", "L1"),
    "isislevel2": ("isis", "L2"),
}
"""Protocol and sub-type by the letters of the text form and the words of the JSON."""

_VIA = re.compile(
    r"via VTEP (?P<vtep>\S+)"
    r"|via (?P<address>[\da-fA-F]*[.:][\da-fA-F.:]*)(/\d+)?(, (?P<out>[A-Za-z][\w./-]*\d))?"
    r"|(is )?directly connected( \(source VRF \S+\))?, (?P<direct>[A-Za-z][\w./-]*\d)"
    r"|via (?P<port>[A-Za-z][\w./-]*\d)"
)

_ATTRIBUTES = re.compile(r"\s*\(?\b(?:Or-ID|C-LST|LL Nexthop): .*$")
"""What EOS prints behind the AS path of a reflected route."""

_EGRESS = re.compile(r"\(egress VRF (\S+?)\)")


@attrs.frozen
class Via:
    """One next hop of a route in the text form."""

    address: str | None
    interface: str
    vtep: bool
    vrf: str


def via(printed: str) -> Via:
    """`via 192.0.2.1, Ethernet1`, `via VTEP ...`, `is directly connected, Null0`; anything else rejects the row."""
    found = _VIA.match(printed)
    if found is None:
        raise ValueError(f"no next hop is known in {printed!r}")
    egress = _EGRESS.search(printed)
    interface = found["out"] or found["direct"] or found["port"] or ""
    return Via(found["vtep"] or found["address"], spell(interface), bool(found["vtep"]), egress[1] if egress else "")


def protocol(printed: str) -> str:
    """The protocol of a route; words that are in no legend stay as they are."""
    return ROUTES.get(_unleaked(printed), (printed.lower(), ""))[0]


def route_type(printed: str) -> str:
    """The sub-type of a route."""
    return ROUTES.get(_unleaked(printed), ("", ""))[1]


def _unleaked(printed: str) -> str:
    """The code without the letter of a route that comes from another VRF: `C L`."""
    return printed.lower().removesuffix(" l")


def next_hop(address: Any, vtep: Any) -> str | None:
    """The VTEP, or the next hop as printed; a connected route in a VRF may print 0.0.0.0."""
    return vtep or address or None


def out_interface(action: Any, interface: Any) -> str:
    """Null0 where the route drops, as the text form has it."""
    return interface or ("Null0" if action == "drop" else "")


def origin(path: Any, word: Any) -> str:
    """The origin code: the last letter of the path, or the first of Igp, Egp, Incomplete."""
    letters = {"igp": "i", "egp": "e", "incomplete": "?"}
    last = _ATTRIBUTES.sub("", str(path or "")).split()[-1:]
    return last[0] if last and last[0] in letters.values() else letters.get(str(word or "").lower(), "")


def without_origin(path: Any) -> str:
    """The path without the origin code at its end, and what is behind that."""
    parts = _ATTRIBUTES.sub("", str(path or "")).split()
    return " ".join(parts[:-1] if parts[-1:] in (["i"], ["e"], ["?"]) else parts)


def unzoned(peer: Any) -> str:
    """The address of a peer; `fe80::1%Et5` names its interface too."""
    return str(peer).partition("%")[0]


def zone(peer: Any) -> str:
    """The interface of a link-local peer, without which its address says nothing."""
    interface = str(peer).partition("%")[2]
    return spell(interface) if interface else ""


def peer_state(state: Any, received: Any = "") -> str:
    """A count of prefixes stands for Established; `Idle(Admin)` is written with a blank."""
    word = re.sub(r"\s*\(", " (", str(state or "").lower())
    return "established" if word.startswith("estab") or (not word and str(received).isdigit()) else word


def adjacency(state: Any) -> str:
    """The state of an OSPF neighbor without its role, in the letters of the RFC: EOS has `2 Ways` and `exchStart`."""
    word = str(state).partition("/")[0].lower().replace(" ", "")
    return {"2ways": "2way", "exchstart": "exstart"}.get(word, word)


def routing_neighbors(
    command: str, parser: Parser, protocol_name: str, whole: tuple[str, ...] = (), **sources: str | Source
) -> Command:
    """The neighbors of one routing protocol; `whole` stands in a line of its own, before which an answer may end."""
    common: dict[str, str | Source] = {"protocol": Const(protocol_name), "vrf": "vrf"}
    return Command(
        command,
        parser,
        feeds=(Feed("routing_neighbors", {**common, **sources}, whole=whole),),
        blank_is_empty=not command.endswith("| json"),
        verdicts=(headed(r"^BGP summary information|^\s*(Neighbor ID|Instance|Routing Process)\s"),),
        truncation=unclosed,
    )


OSPF = routing_neighbors(
    "show ip ospf neighbor detail vrf all | json",
    eos_json.ospf,
    "ospf",
    neighbor_id="router_id",
    address="address",
    interface=Port("interface"),
    state=Made(adjacency, ("state",)),
    area="area",
)

OSPF_TEXT = routing_neighbors(
    "show ip ospf neighbor",
    Template("arista_eos_show_ip_ospf_neighbor", OWN),
    "ospf",
    neighbor_id="neighbor_id",
    address="ip_address",
    interface=Port("interface"),
    state=Made(adjacency, ("state",)),
)

OSPFV3 = routing_neighbors(
    "show ospfv3 neighbor",
    Template("arista_eos_show_ospfv3_neighbor", OWN),
    "ospf",
    whole=("interface", "state"),
    vrf=VrfOf("interface"),
    neighbor_id="neighbor_id",
    interface=Port("interface"),
    state=Made(adjacency, ("state",)),
    area="area",
)


def bgp_peers(command: str) -> Command:
    """The peers of one address family."""
    return routing_neighbors(
        command,
        eos_json.bgp_summary,
        "bgp",
        address=Made(unzoned, ("peer",)),
        interface=Made(zone, ("peer",)),
        state=Made(peer_state, ("state",)),
        remote_as="asn",
    )


def bgp_peers_text(command: str, template: str) -> Command:
    """The peers of one address family in the text form."""
    return routing_neighbors(
        command,
        Template(template),
        "bgp",
        address=Made(unzoned, ("bgp_neigh",)),
        interface=Made(zone, ("bgp_neigh",)),
        state=Made(peer_state, ("state", "state_pfxrcd")),
        remote_as="neigh_as",
    )


ISIS = routing_neighbors(
    "show isis neighbors detail vrf all | json",
    eos_json.isis,
    "isis",
    neighbor_id="system_id",
    address="address",
    interface=Port("interface"),
    state="state",
    area=Word("level", {"level-1": "L1", "level-2": "L2", "level-1-2": "L1L2"}),
)

ISIS_TEXT = routing_neighbors(
    "show isis neighbors",
    Template("arista_eos_show_isis_neighbors", OWN),
    "isis",
    neighbor_id="system_id",
    interface=Port("interface"),
    state="state",
    area="type",
)

ROUTE: dict[str, str | Source] = {
    "vrf": "vrf",
    "prefix": "prefix",
    "protocol": Made(protocol, ("type",)),
    "route_type": Made(route_type, ("type",)),
    "distance": "preference",
    "metric": "metric",
}


def rib(command: str) -> Command:
    """The routes of one IP version in all VRFs."""
    feed = Feed(
        "routes",
        {
            **ROUTE,
            "next_hop": Made(next_hop, ("next_hop", "vtep")),
            "interface": Made(out_interface, ("action", "interface")),
            "next_hop_vrf": "next_hop_vrf",
            "encapsulation": Made(lambda vtep: "vxlan" if vtep else "", ("vtep",)),
            "tag": "tag",
        },
    )
    return Command(command, eos_json.routes, feeds=(feed,), truncation=unclosed)


def rib_text(command: str) -> Command:
    """The routes of one IP version in all VRFs in the text form."""
    feed = Feed(
        "routes",
        {
            **ROUTE,
            "next_hop": Made(lambda text: via(text).address, ("via",)),
            "interface": Made(lambda text: via(text).interface, ("via",)),
            "next_hop_vrf": Made(lambda text: via(text).vrf, ("via",)),
            "encapsulation": Made(lambda text: "vxlan" if via(text).vtep else "", ("via",)),
        },
        each=("via",),
    )
    return Command(
        command,
        Template("arista_eos_show_route", OWN),
        feeds=(feed,),
        verdicts=(
            headed(r"^\s*Gateway of last resort is not set"),
            nothing(r"^\s*Displaying 0 of"),
        ),
    )


def bgp_table(command: str) -> Command:
    """The BGP paths of one IP version in all VRFs."""
    feed = Feed(
        "bgp_routes",
        {
            "vrf": "vrf",
            "prefix": "prefix",
            "next_hop": "next_hop",
            "metric": "metric",
            "local_pref": "local_pref",
            "weight": "weight",
            "as_path": Made(without_origin, ("path",)),
            "origin": Made(origin, ("path", "origin")),
            "valid": "valid",
            "best": "active",
        },
    )
    return Command(command, eos_json.bgp_paths, feeds=(feed,), truncation=unclosed)


def bgp_table_text(command: str) -> Command:
    """The BGP paths of one IP version in all VRFs in the text form; a dash stands for nothing."""
    feed = Feed(
        "bgp_routes",
        {
            "vrf": "vrf",
            "prefix": "prefix",
            "next_hop": "next_hop",
            "metric": "metric",
            "local_pref": "local_pref",
            "weight": "weight",
            "as_path": Made(without_origin, ("path",)),
            "origin": Made(lambda path: origin(path, ""), ("path",)),
            "valid": Made(lambda status: "*" in status, ("status",)),
            "best": Made(lambda status: ">" in status, ("status",)),
        },
    )
    return Command(
        command,
        Template("arista_eos_show_bgp", OWN),
        feeds=(feed,),
        verdicts=(headed(r"^BGP routing table information"),),
    )
